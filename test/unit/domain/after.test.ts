import { expect, test } from 'vitest';
import { after } from '#domain/after.ts';
import { HOUR_MS } from '#domain/time.ts';

const T = Date.UTC(2026, 5, 1, 8);
const h = (n: number): number => T + n * HOUR_MS;

/** Marks of every hour but 20 to 23: 100 at T, 1 more an hour. */
const closes = Float64Array.from([-2, -1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 24], h);
const input = {
  at: T,
  now: h(30),
  marks: { close: closes, mark: closes.map((close) => 100 + (close - T) / HOUR_MS) },
  // One at the very moment is not of what came after; one at the end of a horizon is.
  settled: { key: Float64Array.from([0, 8, 16, 24], h), rate: Float64Array.of(9, 0.0001, -0.0003, 0.0002) },
  proven: [{ from: h(-100), to: h(24) }],
};

test('the mark at the moment and at each end, and what was settled between: by hand', () => {
  const [one, eight, day] = after(input);
  expect(one).toEqual({ hours: 1, until: h(1), isOver: true, markFrom: 100, markTo: 101, funding: 0, settlements: 0, isWhole: true });
  expect(eight).toMatchObject({ hours: 8, markFrom: 100, markTo: 108, funding: 0.0001, settlements: 1 });
  expect(day).toMatchObject({ hours: 24, markTo: 124, settlements: 3, isWhole: true });
  expect(day?.funding).toBeCloseTo(0, 12);
});

test('a horizon that is not over is counted up to now and says so; no price is made of one that is too old', () => {
  const [, , , three] = after(input);
  expect(three).toMatchObject({ hours: 72, until: h(30), isOver: false, markTo: null, settlements: 3, isWhole: false });
  const [within] = after({ ...input, at: T + HOUR_MS / 2 });
  // The newest close at or before: that of T.
  expect(within).toMatchObject({ markFrom: 100, markTo: 101 });
  const [early] = after({ ...input, at: h(-50) });
  expect(early).toMatchObject({ markFrom: null, markTo: null });
});

test('a price of an hour before is none; a horizon that ends now is over', () => {
  // The close at 10:00 is not there, and that of 09:00 is an hour old then.
  const [one, eight] = after({ ...input, at: h(2), now: h(3) });
  expect([one?.isOver, eight?.isOver, one?.markTo]).toEqual([true, false, 103]);
  expect(after({ ...input, at: h(2) })[1]).toMatchObject({ until: h(10), markTo: null });
  expect(after({ ...input, at: h(2) - 1 })[1]).toMatchObject({ until: h(10) - 1, markTo: 109 });
});
