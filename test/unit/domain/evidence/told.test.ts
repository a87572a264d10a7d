import { expect, test } from 'vitest';
import type { Signal, SignalEvent } from '#domain/evidence/signal-events.ts';
import { toldNear } from '#domain/evidence/told.ts';
import { HOUR_MS } from '#domain/time.ts';

const DAY = Date.UTC(2025, 0, 1);
const h = (hours: number): number => DAY + hours * HOUR_MS;
const periods = Float64Array.from({ length: 49 }, (_, i) => h(i));

function event(at: number, endAt: number, halvesAfterH = NaN): SignalEvent {
  const values = [0.001];
  const period = Math.floor(at);
  return { period, at: h(at), crowd: 1, values, level: 0.0005, endAt: h(endAt), lasts: endAt - period, halvesAfterH };
}
const signalOf = (...events: SignalEvent[]): Signal => ({
  periods,
  values: periods.map(() => 0.001),
  events,
  judged: { n: periods.length, from: h(0), to: h(48) },
});
const settledOf = (...rows: readonly (readonly [at: number, intervalH: number])[]) => ({
  time: Float64Array.from(rows, ([at]) => h(at)),
  intervalH: Float64Array.from(rows, ([, intervalH]) => intervalH),
});
/** Every 8 h: 00:00, 08:00, 16:00, 24:00. */
const daily = settledOf([0, 8], [8, 8], [16, 8], [24, 8]);
const toldAt = (signal: Signal, settled = daily, until = 48, near = 30): number[] =>
  toldNear(signal, near, settled, h(until), 'entries').events.map(({ at }) => (at - DAY) / HOUR_MS);

test('what enters near a settlement is told then; elsewhere when the next one comes near, if it still holds', () => {
  expect(toldAt(signalOf(event(8, 12), event(8.5, 12), event(7.75, 12), event(15.5, 17)))).toEqual([8, 8.5, 7.75, 15.5]);
  expect(toldAt(signalOf(event(10, NaN), event(10, 16)))).toEqual([15.5, 15.5]);
  expect(toldAt(signalOf(event(10, 15), event(9, 10)))).toEqual([]);
  expect(toldAt(signalOf(event(10, NaN), event(11, NaN)), daily, 48, 120)).toEqual([10, 14]);
});

test('behind the last settlement that is stored the next ones are due by their interval; what is not known yet is not told', () => {
  expect(toldAt(signalOf(event(26, NaN), event(34, NaN)))).toEqual([31.5, 39.5]);
  expect(toldAt(signalOf(event(26, NaN)), daily, 31)).toEqual([]);
});

test('a settlement that is missing was due all the same, a shorter interval counts from its first settlement on, and without any nothing is near', () => {
  expect(toldAt(signalOf(event(6, NaN)), settledOf([0, 8], [16, 8]))).toEqual([7.5]);
  expect(toldAt(signalOf(event(1, NaN), event(5, NaN)), settledOf([0, 8], [4, 4], [8, 4]))).toEqual([3.5, 7.5]);
  expect(toldAt(signalOf(event(6, NaN)), settledOf())).toEqual([]);
  expect(toldAt(signalOf(event(6, NaN)), settledOf([0, NaN], [8, NaN]))).toEqual([]);
});

test('it is known from the hour on that had closed when it was told, for as much shorter', () => {
  const { events } = toldNear(signalOf(event(10, 20, 7), event(10, 20, 3)), 30, daily, h(48), 'entries');
  expect(events.map(({ period, lasts, halvesAfterH }) => ({ period, lasts, halvesAfterH }))).toEqual([
    { period: 15, lasts: 5, halvesAfterH: 1.5 },
    { period: 15, lasts: 5, halvesAfterH: 0 },
  ]);
});

test('of every period those near a settlement are left', () => {
  const every = signalOf(...[6, 7, 8, 9, 10].map((at) => event(at, 11)));
  expect(toldNear(every, 60, daily, h(48), 'every').events.map(({ at }) => (at - DAY) / HOUR_MS)).toEqual([7, 8, 9]);
});
