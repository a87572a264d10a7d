import { expect, test } from 'vitest';
import { listOfGroups } from '#domain/sections.ts';
import {
  dropMany,
  dropPlace,
  freeName,
  groupedLines,
  isHead,
  linesOf,
  shiftPlace,
  withHeading,
} from '#renderer/features/watchlist/lines.ts';
import type { Entry } from '#renderer/features/watchlist/order.ts';
import { rowOf } from '../row.ts';

const list = {
  items: ['a', 'b', 'c', 'd'],
  sections: [
    { name: 'X', from: 1 },
    { name: 'Y', from: 3 },
  ],
};
const entries = list.items.map((id) => ({ id, row: null }));
const lines = linesOf(list, entries, () => false);
const closed = linesOf(list, entries, (name) => name === 'X');
const words = (all: typeof lines): string => all.map((line) => (isHead(line) ? `${line.name}${line.count}` : line.id)).join(' ');

test('rows stand under their headings; a collapsed heading says how many it hides; without headings the rows are the same object', () => {
  expect([words(lines), words(closed)]).toEqual(['a X2 b c Y1 d', 'a X2 Y1 d']);
  expect(linesOf({ items: list.items }, entries, () => false)).toBe(entries);
});

test('a row comes to stand where it is let go, and one up or down over a heading keeps its place', () => {
  // Before X, right below X, behind c, below Y, and below the collapsed X.
  expect([1, 2, 4, 5].map((at) => dropPlace(list, lines, 'd', at))).toEqual([
    { to: 1, section: 0 },
    { to: 1, section: 1 },
    { to: 3, section: 1 },
    { to: 3, section: 2 },
  ]);
  expect(dropPlace(list, closed, 'a', 2)).toEqual({ to: 2, section: 1 });
  expect([
    shiftPlace(list, 'b', -1),
    shiftPlace(list, 'b', 1),
    shiftPlace(list, 'c', 1),
    shiftPlace(list, 'a', -1),
    shiftPlace(list, 'd', 1),
  ]).toEqual([{ to: 1, section: 0 }, { to: 2, section: 1 }, { to: 2, section: 2 }, null, null]);
});

test('a new heading stands above the row that it was asked for, under a name of its own', () => {
  expect(withHeading(list, 'Z', 'c')).toEqual([
    { name: 'X', from: 1 },
    { name: 'Z', from: 2 },
    { name: 'Y', from: 3 },
  ]);
  expect(freeName({ items: [], sections: [{ name: 'New section', from: 0 }] })).toBe('New section 2');
});

test('rows of one asset stand together where the first of them does, with the median and the spread of those that have a rate of now', () => {
  const entry = (id: string, asset: string, f: number | null): Entry => {
    const row = rowOf({ f });
    return { id, row: { ...row, instrument: { ...row.instrument, id, asset } } };
  };
  const rows = [
    entry('a:BTC', 'BTC', 0.0003),
    entry('a:ETH', 'ETH', 0.0001),
    entry('b:BTC', 'BTC', -0.0001),
    entry('c:BTC', 'BTC', null),
    entry('d:BTC', 'BTC', 0.0001),
    { id: 'd:NEW', row: null },
  ];
  const grouped = groupedLines(
    rows,
    ({ row }) => row?.instrument.asset ?? null,
    ({ row }) => row?.f ?? null,
    (name) => name === 'ETH',
  );
  expect(grouped.map(({ id }) => id)).toEqual(['group-BTC', 'a:BTC', 'b:BTC', 'c:BTC', 'd:BTC', 'group-ETH', 'group-\u2026', 'd:NEW']);
  const [btc, eth] = grouped.filter(isHead);
  // Of 0.0003, -0.0001 and 0.0001; the one without a rate has no say.
  expect(btc).toMatchObject({ count: 4, collapsed: false, figures: { of: 3, median: 0.0001 } });
  expect(btc?.figures?.spread).toBeCloseTo(0.0004, 12);
  expect(eth).toMatchObject({ count: 1, collapsed: true, figures: { of: 1, median: 0.0001, spread: null } });
});

test('many rows are let go together, before the row that stands there and under its heading', () => {
  const five = { items: ['A', 'B', 'C', 'D', 'E'], sections: [{ name: 'S', from: 3 }] };
  const shown = linesOf(
    five,
    five.items.map((id) => ({ id, row: null })),
    () => false,
  );
  // Lines: A B C [S] D E.
  const at = (ids: string[], dropAt: number) => listOfGroups(dropMany(five, shown, ids, dropAt));
  expect(at(['A', 'E'], 2)).toEqual({ items: ['B', 'A', 'E', 'C', 'D'], sections: [{ name: 'S', from: 4 }] });
  expect(at(['A', 'B'], 5)).toEqual({ items: ['C', 'D', 'A', 'B', 'E'], sections: [{ name: 'S', from: 1 }] });
  expect(at(['A', 'D'], 3)).toEqual({ items: ['B', 'C', 'A', 'D', 'E'], sections: [{ name: 'S', from: 4 }] });
  expect(at(['A', 'B'], 6)).toEqual({ items: ['C', 'D', 'E', 'A', 'B'], sections: [{ name: 'S', from: 1 }] });
});
