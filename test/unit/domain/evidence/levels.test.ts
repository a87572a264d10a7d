import { describe, expect, test } from 'vitest';
import { levelsOf, type MovingLevel } from '#domain/evidence/levels.ts';
import { randomOf } from '#domain/evidence/bootstrap.ts';
import { quantile } from '#domain/quantile.ts';
import { RuleWalk } from '#domain/rule.ts';
import { HOUR_MS } from '#domain/time.ts';

const DAY_MS = 24 * HOUR_MS;
const P90: MovingLevel = { percentile: 90, days: 10 };

/** Hours with holes. */
function series(hours: number): { time: Float64Array; values: Float64Array } {
  const random = randomOf(5, 0);
  const time = Float64Array.from({ length: hours }, (_, h) => h * HOUR_MS);
  return { time, values: time.map(() => (random() < 0.1 ? NaN : random() - 0.4)) };
}

describe('a level that is a percentile of the past', () => {
  test.each(['above', 'below', 'outside'] as const)('of %s is the quantile of the values of the days before, its own left out', (op) => {
    const { time, values } = series(600);
    const levels = levelsOf(P90, op, time, values);
    for (let row = 0; row < time.length; row++) {
      const past = [...values.keys()].filter((i) => i < row && time[i]! >= time[row]! - 10 * DAY_MS).map((i) => values[i]!);
      const sizes = Float64Array.from(past, (one) => (op === 'outside' ? Math.abs(one) : one));
      const expected = row < 240 ? NaN : quantile(sizes, 0.9);
      if (Number.isNaN(expected)) expect(levels[row]).toBeNaN();
      else expect(levels[row]).toBe(expected);
    }
  });
  test('what comes later changes nothing of it', () => {
    const { time, values } = series(500);
    const before = levelsOf(P90, 'outside', time, values).slice(0, 400);
    const other = values.map((one, row) => (row < 400 ? one : one * 100));
    expect(levelsOf(P90, 'outside', time, other).slice(0, 400)).toEqual(before);
  });
  test('of a series that stood still there is none, nor of too few values', () => {
    const time = Float64Array.from({ length: 500 }, (_, h) => h * HOUR_MS);
    expect(levelsOf(P90, 'above', time, new Float64Array(500).fill(0.0001)).every(Number.isNaN)).toBe(true);
    // Zero on most hours: both sides of a level of 0 would be everything.
    const seldom = time.map((_, h) => (h % 10 === 0 ? 0.001 : 0));
    const [median, p95] = [50, 95].map((percentile) => levelsOf({ percentile, days: 10 }, 'outside', time, seldom).slice(240));
    expect([median?.every(Number.isNaN), p95?.every((level) => level === 0.001)]).toEqual([true, true]);
    expect(
      levelsOf({ percentile: 50, days: 10 }, 'above', time, seldom)
        .slice(240)
        .every((level) => level === 0),
    ).toBe(true);
    const daily = Float64Array.from({ length: 40 }, (_, d) => d * DAY_MS);
    expect(levelsOf(P90, 'above', daily, daily).every(Number.isNaN)).toBe(true);
  });
});

test('a rule over levels that move enters beyond the one of the period, and lets go at a share of it', () => {
  const walk = new RuleWalk([{ op: 'outside', level: Number.MAX_VALUE, release: 0.5 }], 1, 'rows');
  const rows = [
    [1, NaN],
    [-3, 2],
    [-2, 3],
    [-1, 3],
    [2, 3],
    [9, 3],
  ] as const;
  for (const [i, [value, level]] of rows.entries()) walk.push(0, { time: i * HOUR_MS, value, periodMs: HOUR_MS, level });
  const phases: string[] = [];
  const entries = walk.close(10 * HOUR_MS, () => phases.push(walk.run.phase));
  expect(entries.map(({ at }) => at / HOUR_MS)).toEqual([1, 5]);
  // -2 is within its level of 3, and beyond half of it.
  expect(phases).toEqual(['quiet', 'active', 'fading', 'quiet', 'quiet', 'active']);
});
