import { expect, test } from 'vitest';
import { dropPlace, freeName, isHead, linesOf, shiftPlace, withHeading } from '../../../../src/renderer/features/watchlist/lines.ts';

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
