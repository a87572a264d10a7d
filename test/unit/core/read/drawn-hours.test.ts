import { expect, test } from 'vitest';
import { DrawnHours } from '#core/read/drawn-hours.ts';

const HOUR = 3_600_000;
const ROWS = 6;
const end = ROWS * HOUR;
const closes = (from: number): Float64Array => Float64Array.from({ length: ROWS - from }, (_, i) => (from + i + 1) * HOUR);

/** Hours from the row on, of which every number is `value`. */
function write(drawn: DrawnHours, from: number, value: number): void {
  const time = closes(from);
  const same = new Float64Array(time.length).fill(value);
  const walked = drawn.place({ time, f: same, kind: new Uint8Array(time.length).fill(value) }, 0, time.length, end);
  for (const column of [walked.ema, walked.d, walked.neutral]) column.fill(value);
  walked.neutralAssumed.fill(value);
  const none = new Float64Array();
  drawn.lay(
    from * HOUR,
    end,
    {
      prices: { close: time, mark: same, index: same, last: new Float64Array(time.length).fill(NaN) },
      hours: { close: none, mark: none, index: none },
    },
    { key: time, rate: same, intervalH: same },
  );
}
const numbers = (drawn: DrawnHours, from: number | null = null) =>
  Object.fromEntries(Object.entries(drawn.columns(from, end)).map(([name, column]) => [name, [...column]]));

test('a chart that was given away stays as it was when its hours are walked again', () => {
  const drawn = new DrawnHours();
  write(drawn, 0, 1);
  const [given, part] = [drawn.columns(null, end), drawn.columns(2 * HOUR, end)];
  const before = numbers(drawn);
  write(drawn, 3, 2);
  expect(Object.fromEntries(Object.entries(given).map(([name, column]) => [name, [...column]]))).toEqual(before);
  expect([...part.d]).toEqual([1, 1, 1, 1]);
  for (const name of ['f', 'kind', 'ema', 'd', 'neutral', 'neutralAssumed', 'mark', 'index', 'settledRate', 'settledIntervalH'])
    expect(numbers(drawn)[name], name).toEqual([1, 1, 1, 2, 2, 2]);
});

test('prices that are read no more are drawn no more', () => {
  const drawn = new DrawnHours();
  write(drawn, 0, 1);
  const none = new Float64Array();
  const noPrices = { close: none, mark: none, index: none, last: none };
  drawn.lay(3 * HOUR, end, { prices: noPrices, hours: noPrices }, { key: none, rate: none, intervalH: none });
  expect(numbers(drawn)).toMatchObject({ mark: [1, 1, 1, NaN, NaN, NaN], settledRate: [1, 1, 1] });
});
