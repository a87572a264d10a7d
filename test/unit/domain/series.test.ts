import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  hourlySeries,
  KIND_GAP,
  KIND_INTERVAL_UNKNOWN,
  KIND_RUNNING,
  KIND_STEP,
  type HourlySeries,
  type ObservedHours,
} from '#domain/series.ts';
import { HOUR_MS, MINUTE_MS } from '#domain/time.ts';
import { at, isClean, knownAt, market, unobserved, observedIn, settledAt, START } from './market.ts';

const nothing = settledAt([]);
/** [gap, step, running, unknown] as letters, one per hour. */
const kinds = (series: HourlySeries): string => [...series.kind].map((kind) => '.sr?'[kind]).join('');

describe('steps', () => {
  test('a settled rate holds from its key through the close at which the next is due, and no longer', () => {
    const series = hourlySeries(settledAt([[0, 0.0008, 8]]), unobserved, null, at(12));
    expect([...series.time]).toEqual(Array.from({ length: 13 }, (_, i) => at(i)));
    expect(kinds(series)).toBe('sssssssss....');
    expect([...series.f.slice(0, 9)]).toEqual(new Array(9).fill(0.0001));
    expect([...series.observation.slice(0, 9)]).toEqual(new Array(9).fill(at(0)));
    expect([...series.intervalH.slice(0, 9)]).toEqual(new Array(9).fill(8));
  });

  test('the newest settlement at or before the close counts, never one that is still to come', () => {
    const rows = settledAt([
      [0, 0.0008, 8],
      [3, 0.0001, 1],
      [3.5, 0.0002, 1],
    ]);
    const { f, observation } = hourlySeries(rows, unobserved, null, at(4));
    expect([...f]).toEqual([0.0001, 0.0001, 0.0001, 0.0001, 0.0002]);
    expect([...observation.slice(3)]).toEqual([at(3), at(3.5)]);
  });

  test('a missing settlement is a gap', () => {
    const rows = settledAt([
      [0, 0.0008, 8],
      [16, 0.0008, 8],
    ]);
    expect(kinds(hourlySeries(rows, unobserved, null, at(16)))).toBe('sssssssss.......s');
  });

  test('the stretch before the first settlement of a longer interval is not a missing one: its interval is unknown', () => {
    const rows = settledAt([
      [0, 0.0001, 1],
      [6, 0.0008, 8],
    ]);
    expect(kinds(hourlySeries(rows, unobserved, null, at(7)))).toBe('ss????ss');
    // Before that settlement it cannot be known.
    expect(kinds(hourlySeries(rows, unobserved, null, at(5)))).toBe('ss????');
    expect(kinds(hourlySeries(settledAt([[0, 0.0001, 1]]), unobserved, null, at(5)))).toBe('ss....');
    // A longer interval does not explain a hole that is longer still.
    const hole = settledAt([
      [0, 0.0001, 1],
      [9, 0.0008, 8],
    ]);
    expect(kinds(hourlySeries(hole, unobserved, null, at(9)))).toBe('ss.......s');
    // Nor where an observation knew the interval.
    expect(kinds(hourlySeries(rows, observedIn([[2, NaN, 1]]), null, at(7)))).toBe('ss....ss');
  });

  test('a row without an interval has no rate per hour, for a day at most', () => {
    const rows = settledAt([
      [0, 0.0001, 1],
      [1, 0.0001, NaN],
    ]);
    expect(kinds(hourlySeries(rows, unobserved, null, at(27)))).toBe(`s${'?'.repeat(25)}..`);
  });
});

describe('running rates', () => {
  test('an observation in the hour beats the step, whichever is newer, and says when it was made', () => {
    const series = hourlySeries(
      settledAt([
        [0, 0.0008, 8],
        [8, 0.0016, 8],
      ]),
      observedIn([
        [2, 0.0004, 8],
        [8, 0.0012, 8],
      ]),
      null,
      at(9),
    );
    expect(kinds(series)).toBe('ssrsssssrs');
    expect(series.f[2]).toBe(0.00005);
    expect(series.observation[2]).toBe(at(2) - 60_000);
    expect(series.f[8]).toBeCloseTo(0.00015, 18);
    expect(series.f[9]).toBe(0.0002);
  });

  test('without an interval of its own it takes the newest that anybody knew', () => {
    const rows = settledAt([[0, 0.0008, 8]]);
    const said = observedIn([
      [1, 0.0008, NaN],
      [2, 0.0008, 4],
      [3, 0.0008, NaN],
    ]);
    expect([...hourlySeries(rows, said, null, at(3)).intervalH]).toEqual([8, 8, 4, 4]);
    expect([...hourlySeries(rows, said, at(2), at(3)).intervalH]).toEqual([4]);
    const later = settledAt([
      [0, 0.0008, 8],
      [3, 0.0001, NaN],
    ]);
    expect(kinds(hourlySeries(later, said, null, at(3)))).toBe('srr?');
    expect(kinds(hourlySeries(nothing, observedIn([[0, 0.0008, NaN]]), null, at(1)))).toBe('?.');
  });

  test('alone they make a series with gaps between', () => {
    const hours = observedIn([
      [1, 0.0001, 1],
      [4, 0.0002, 1],
    ]);
    const series = hourlySeries(nothing, hours, null, at(5));
    expect(series.time[0]).toBe(at(1));
    expect(kinds(series)).toBe('r..r.');
  });
});

describe('range', () => {
  const rows = settledAt([[0.25, 0.0008, 8]]);

  test('(from, to], never before the first thing known, nor past the last whole hour', () => {
    expect([...hourlySeries(rows, unobserved, null, at(2) + 1).time]).toEqual([at(1), at(2)]);
    expect([...hourlySeries(rows, unobserved, 0, at(2)).time]).toEqual([at(1), at(2)]);
    expect([...hourlySeries(rows, unobserved, at(1), at(3)).time]).toEqual([at(2), at(3)]);
    expect([...hourlySeries(rows, unobserved, at(1) - 1, at(1)).time]).toEqual([at(1)]);
  });

  test('empty where nothing is known in time', () => {
    expect(hourlySeries(nothing, unobserved, null, at(3)).time.length).toBe(0);
    expect(hourlySeries(nothing, unobserved, START, at(3)).time.length).toBe(0);
    expect(hourlySeries(rows, unobserved, null, at(0)).time.length).toBe(0);
    expect(hourlySeries(rows, unobserved, at(4), at(4)).time.length).toBe(0);
  });
});

/** What the hour states, unless the last three settlements lie at one shorter distance, the newer two of them since it was stated (without a day's silence), and the next is not due. */
function inForce(keys: Float64Array, { close, observedAt, intervalH }: ObservedHours, hour: number): number {
  const stated = intervalH[hour]!;
  let since = observedAt[hour]!;
  for (let i = hour - 1; i >= 0; i--) {
    if (!(intervalH[i]! > 0)) continue;
    if (intervalH[i] !== stated || since - observedAt[i]! > 24 * HOUR_MS) break;
    since = observedAt[i]!;
  }
  const [first, second, third] = [...keys].filter((key) => key <= close[hour]!).slice(-3);
  if (first === undefined || second === undefined || third === undefined) return stated;
  const lawful = (ms: number): number | undefined => [1, 2, 4, 8, 12, 24].find((h) => Math.abs(ms - h * HOUR_MS) <= 5 * MINUTE_MS);
  const distance = lawful(third - second);
  const refutes = distance !== undefined && distance < stated && lawful(second - first) === distance && second > since;
  return refutes && close[hour]! - third < distance * HOUR_MS ? distance : stated;
}

describe('an interval that observations state and settlements refute', () => {
  const hourly = (from: number, to: number) => settledAt(Array.from({ length: to - from + 1 }, (_, i) => [from + i, 0.0008, 1] as const));
  const seen = (from: number, to: number, intervalH: number) =>
    Array.from({ length: to - from + 1 }, (_, i) => [from + i, 0.0008, intervalH] as const);
  const running = (series: HourlySeries) => [...series.intervalH].slice(-4);

  test('it does not hold from the third settlement on', () => {
    expect(running(hourlySeries(hourly(-20, 6), observedIn(seen(0, 6, 8)), null, at(6)))).toEqual([1, 1, 1, 1]);
    expect([...hourlySeries(hourly(-20, 6), observedIn(seen(0, 6, 8)), at(-1), at(3)).intervalH]).toEqual([8, 1, 1, 1]);
  });
  test('settlements of before it was stated refute nothing: 1 h to 8 h', () => {
    const hours = observedIn([...seen(0, 3, 1), ...seen(4, 7, 8)]);
    expect(running(hourlySeries(hourly(-5, 3), hours, null, at(7)))).toEqual([8, 8, 8, 8]);
  });
  test('nor does a settlement that is long due: the venue may be right by now', () => {
    expect(running(hourlySeries(hourly(-20, 3), observedIn(seen(0, 6, 8)), null, at(6)))).toEqual([1, 8, 8, 8]);
  });
});

describe('any market', () => {
  test('each point is what the definition says, looked up by itself', () => {
    fc.assert(
      fc.property(market, ({ settled, hours }) => {
        const to = Math.max(settled.key.at(-1) ?? 0, hours.close.at(-1) ?? 0) + 30 * HOUR_MS;
        const series = hourlySeries(settled, hours, null, to);
        for (let i = 0; i < series.time.length; i++) {
          const t = series.time[i]!;
          const hour = hours.close.indexOf(t);
          const row = settled.key.findLastIndex((key) => key <= t);
          if (hour >= 0 && hours.intervalH[hour]! > 0) {
            expect(series.kind[i]).toBe(KIND_RUNNING);
            expect(series.f[i]).toBe(hours.rate[hour]! / inForce(settled.key, hours, hour) + 0);
            expect(series.observation[i]).toBe(hours.observedAt[hour]);
          } else if (hour < 0 && row >= 0 && t - settled.key[row]! <= settled.intervalH[row]! * HOUR_MS) {
            expect(series.kind[i]).toBe(KIND_STEP);
            expect(series.f[i]).toBe(settled.rate[row]! / settled.intervalH[row]! + 0);
            expect(series.observation[i]).toBe(settled.key[row]);
          } else if (hour < 0) {
            expect([KIND_GAP, KIND_INTERVAL_UNKNOWN]).toContain(series.kind[i]);
            expect(series.f[i]).toBeNaN();
          }
        }
      }),
    );
  });

  test('a value and its kind stand where they stood when only the past was known', () => {
    fc.assert(
      fc.property(market, fc.nat(400), (whole, hour) => {
        const t = at(hour);
        const then = knownAt(whole, t);
        const before = hourlySeries(then.settled, then.hours, null, t);
        const after = hourlySeries(whole.settled, whole.hours, null, t);
        expect(before.f).toEqual(after.f);
        expect(before.observation).toEqual(after.observation);
        expect(before.intervalH).toEqual(after.intervalH);
        const label = (kind: number): number => (kind === KIND_INTERVAL_UNKNOWN ? KIND_GAP : kind);
        expect(before.kind.map(label)).toEqual(after.kind.map(label));
      }),
    );
  });

  test('a tail is the same part of the whole, and only clean numbers leave', () => {
    fc.assert(
      fc.property(market, fc.nat(200), ({ settled, hours }, skipped) => {
        const to = at(420);
        const whole = hourlySeries(settled, hours, null, to);
        const tail = hourlySeries(settled, hours, at(skipped), to);
        const from = whole.time.findIndex((t) => t > at(skipped));
        for (const column of ['time', 'f', 'kind', 'observation', 'intervalH'] as const)
          expect(tail[column]).toEqual(from < 0 ? whole[column].slice(0, 0) : whole[column].slice(from));
        for (const column of ['time', 'f', 'observation', 'intervalH'] as const) expect(isClean(whole[column])).toBe(true);
        expect(whole.f.every((f, i) => Number.isNaN(f) === (whole.kind[i] === KIND_GAP || whole.kind[i] === KIND_INTERVAL_UNKNOWN))).toBe(
          true,
        );
      }),
    );
  });
});
