import { afterEach, expect, test } from 'vitest';
import type { QueryAnswer } from '#bridge/query.ts';
import { cellText, drawingOf, exactly } from '#renderer/features/query/cells.ts';
import { notationOf, takeNotationFrom } from '#renderer/format/notation.ts';

afterEach(() => takeNotationFrom({ notation: notationOf('point') }));

const answer = (columns: QueryAnswer['columns'], rows: QueryAnswer['rows']): QueryAnswer => ({ columns, rows, more: false, ms: 1 });
const T = Date.UTC(2026, 0, 1);

test('numbers are drawn over the first moment, in its order; a row without one is left out, a hole stays a hole', () => {
  const drawing = drawingOf(
    answer(
      [
        { name: 'venue', kind: 'text' },
        { name: 'rate', kind: 'number' },
        { name: 'time', kind: 'time' },
        { name: 'mark', kind: 'number' },
      ],
      [
        ['a', 2, T + 1, 20],
        ['a', 1, T, null],
        ['a', 9, null, 9],
      ],
    ),
  );
  expect(drawing).toEqual({
    over: 'time',
    xName: 'time',
    lines: [
      { name: 'rate', x: Float64Array.of(T, T + 1), y: Float64Array.of(1, 2) },
      { name: 'mark', x: Float64Array.of(T, T + 1), y: Float64Array.of(NaN, 20) },
    ],
  });
});

test('without a moment the first number is what is drawn over; one column of numbers is no drawing', () => {
  const two = [
    { name: 'hour', kind: 'number' },
    { name: 'mean', kind: 'number' },
  ] as const;
  expect(drawingOf(answer([...two], [[3, 1]]))).toMatchObject({ over: 'number', xName: 'hour', lines: [{ name: 'mean' }] });
  expect(drawingOf(answer([two[0]], [[3]]))).toBeNull();
  expect(drawingOf(answer([...two], []))).toBeNull();
});

test('cells say what is stored: ten digits, moments in UTC with their ms, a dash for nothing', () => {
  const number = { name: 'x', kind: 'number' } as const;
  const time = { name: 'time', kind: 'time' } as const;
  expect([cellText(0.1 + 0.2, number), cellText(1e-7, number), cellText(null, number)]).toEqual(['0.3', '1e-7', '\u2013']);
  expect([cellText(T, time), cellText(T + 1, time)]).toEqual(['2026-01-01 00:00:00Z', '2026-01-01 00:00:00.001Z']);
});

test('a number has the mark of the page and nothing between thousands, a text is as it is stored', () => {
  takeNotationFrom({ notation: notationOf('comma') });
  const number = { name: 'x', kind: 'number' } as const;
  expect([cellText(0.1 + 0.2, number), cellText(-1234.5, number), cellText(2026, number), cellText(1.5e-7, number)]).toEqual([
    '0,3',
    '-1234,5',
    '2026',
    '1,5e-7',
  ]);
  expect(cellText('0.3', { name: 'x', kind: 'text' })).toBe('0.3');
  expect([exactly(0.1 + 0.2), exactly('0.3'), exactly(null)]).toEqual(['0,30000000000000004', '0.3', 'no value']);
});
