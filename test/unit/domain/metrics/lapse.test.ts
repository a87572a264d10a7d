import { expect, test } from 'vitest';
import { tellsUntil } from '#domain/interval.ts';
import { explain } from '#domain/metrics/explain.ts';
import { findMetric } from '#domain/metrics/index.ts';
import { lapseOf, lapsesAt } from '#domain/metrics/lapse.ts';
import type { Metric } from '#domain/metrics/metric.ts';
import { resolveParams } from '#domain/metrics/params.ts';
import { MetricRun } from '#domain/metrics/run.ts';
import { reasonOf } from '#domain/metrics/reason.ts';
import { HOUR_MS } from '#domain/time.ts';
import { START } from '../market.ts';
import { hoursOf, settlementsOf } from './market.ts';

const metric = (name: string): Metric => findMetric(name) as Metric;
const at = (hour: number): number => START + hour * HOUR_MS;

test('a settlement tells of one interval and an hour; of two intervals the longer one; of an unknown one a day and an hour', () => {
  expect(tellsUntil(at(0), 8)).toBe(at(9));
  expect(tellsUntil(at(0), 1, 8)).toBe(at(9));
  expect(tellsUntil(at(0), 8, NaN)).toBe(at(9));
  expect(tellsUntil(at(0), NaN, NaN)).toBe(at(25));
  // At that very hour it still does.
  expect(lapsesAt(at(0), 8)).toBe(at(10));
});

test('settlements: nothing at the time asked about once the next is overdue; sums are incomplete', () => {
  const frame = settlementsOf([
    [0, 0.0001, 8],
    [8, 0.0001, 8],
  ]);
  const run = metric('same-sign-run');
  expect(lapseOf(run, frame, 1, at(17))).toBeNull();
  expect(lapseOf(run, frame, 1, at(17.1))).toEqual({ reason: 'stale', at: at(17.1), dueAt: at(16) });
  // It is known that the interval has become longer since.
  expect(lapseOf(run, frame, 1, at(17.1), 12)).toBeNull();
  const sum = metric('total-funding');
  expect(lapseOf(sum, frame, 1, at(17.1))?.reason).toBe('incomplete');
  const why = explain(sum, {}, frame, 1, lapseOf(sum, frame, 1, at(2000)));
  expect([why.value, why.reason, why.word, why.time]).toEqual([null, 'incomplete', '', at(2000)]);
  expect(why.parts['sum']).toBeCloseTo(0.0002, 12);
});

test('hours and bars: a gap where the rows do not reach', () => {
  const frame = hoursOf([1e-5, 1e-5]);
  const funding = metric('funding');
  expect(lapseOf(funding, frame, 1, at(2))).toBeNull();
  const why = explain(funding, {}, frame, 1, lapseOf(funding, frame, 1, at(3)));
  expect([why.value, why.reason, why.wants]).toEqual([null, 'gap', 'rates and prices of this time']);
});

test('the row in progress says nothing where its observation is dead or the settlement before it is overdue', () => {
  const frame = settlementsOf([
    [0, 0.0001, 8],
    [8, 0.0001, 8],
  ]);
  for (const [name, overdue] of [
    ['same-sign-run', 'stale'],
    ['total-funding', 'incomplete'],
  ] as const) {
    const run = new MetricRun(metric(name), resolveParams(metric(name).params, {}));
    for (const row of [0, 1]) run.push(frame, row);
    const said = (...lapsed: Parameters<typeof run.live> extends [unknown, unknown, ...infer L] ? L : never) => {
      run.live(frame, 1, ...lapsed);
      return [run.liveValue, reasonOf(run.liveReason)];
    };
    expect(said('dead')).toEqual([NaN, 'stale']);
    expect(said('overdue')).toEqual([NaN, overdue]);
    expect(said()).toEqual([name === 'same-sign-run' ? 2 : 0.0002, null]);
  }
});
