import { describe, expect, test } from 'vitest';
import { fundingScore } from '#domain/metrics/catalog/funding-score.ts';
import { impliedDivergence } from '#domain/metrics/catalog/implied-divergence.ts';
import { score } from '#domain/metrics/catalog/score.ts';
import { simpleRatio } from '#domain/metrics/catalog/simple-ratio.ts';
import { resolveParams } from '#domain/metrics/params.ts';
import { MetricRun } from '#domain/metrics/run.ts';
import { HOUR_MS } from '#domain/time.ts';
import { lastOf, results, why } from './evaluated.ts';
import { settlementsOf } from './market.ts';

const sd = (xs: readonly number[]): number => {
  const mean = xs.reduce((sum, x) => sum + x, 0) / xs.length;
  return Math.sqrt(xs.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (xs.length - 1));
};
/** Every 8 h; marks walk by the given returns from 100, the index too. */
const walk = (returns: readonly number[], rates: readonly number[]) => {
  let mark = 100;
  return settlementsOf([
    [0, rates[0]!, 8, mark, mark],
    ...returns.map((move, i) => {
      mark *= 1 + move;
      return [8 * (i + 1), rates[i + 1]!, 8, mark, mark];
    }),
  ]);
};

describe('implied divergence', () => {
  test.each([
    [0.0001, 0.00005, 0.00004],
    [-0.00008, -0.00015, 0.00006],
  ])('r = %s with dMark = %s gives %s', (rate, dMark, expected) => {
    expect(lastOf(impliedDivergence, walk([dMark], [0, rate]))).toBeCloseTo(expected, 15);
  });

  test('has none at a change of interval, after a missing settlement and without a mark', () => {
    const frame = settlementsOf([
      [0, 0.0001, 8, 100],
      [8, 0.0001, 8, 101],
      [12, 0.0001, 4, 102],
      [16, 0.0001, 4, 103],
      [24, 0.0001, 4, 104],
      [28, 0.0001, NaN, 105],
      [32, 0.0001, 4, 106],
      [36, 0.0001, 4, NaN],
      [40, 0.0001, 4, 107],
    ]);
    expect(results(impliedDivergence, frame).map((x) => (typeof x === 'number' ? 'value' : x))).toEqual([
      'warming-up',
      'value',
      'interval-change',
      'value',
      'gap',
      'interval-unknown',
      'interval-unknown',
      'no-price',
      'no-price',
    ]);
  });
});

describe('score', () => {
  const moves = [0.01, -0.02, 0.005, 0.03, -0.01];
  const rates = [0, 0.0001, 0.0002, -0.0001, 0.0001, 0.0003];

  test('is Div over the sd of the moves, t included', () => {
    const frame = walk(moves, rates);
    const out = results(score, frame, { w: 4 });
    expect(out.slice(0, 2)).toEqual(['warming-up', 'warming-up']);
    moves.slice(1).forEach((move, i) => {
      const sigma = sd(moves.slice(Math.max(0, i - 2), i + 2));
      expect(out[i + 2]).toBeCloseTo((rates[i + 2]! - move - 0.00001) / sigma, 9);
    });
  });

  test('shows its parts, which add up to it, and names the largest in the band', () => {
    const { value, parts, word, window, floors } = why(score, walk(moves, rates), 4, { w: 4 });
    expect(parts['rate']! + parts['move']! + parts['riskFree']!).toBeCloseTo(value!, 12);
    expect(word).toBe('oversold: price rose');
    expect(window).toMatchObject({ n: 4, need: 2 });
    expect(floors).toEqual([{ name: 'sigma', floor: 1e-6, value: parts['sigma'], applied: false }]);
    expect(why(score, walk(moves, rates), 2, { w: 4 }).word).toBe('overbought: price fell');
    expect(why(score, walk([0.0001, -0.0001, 0.0001, 0], [0, 0, 0, 0, 0.003]), 4, { w: 4 }).word).toBe('overbought: funding');
  });

  test('is flat below the floor, never infinite', () => {
    expect(results(score, walk([0, 0, 0, 0], [1, 1, 1, 1, 1]), { w: 4 }).slice(2)).toEqual(['flat', 'flat', 'flat']);
  });

  test('starts its window afresh after a missing settlement', () => {
    const rows = [0, 8, 16, 24, 40, 48, 56, 64].map((hour, i) => [hour, 0.0001, 8, 100 + (i % 3)]);
    expect(results(score, settlementsOf(rows), { w: 4 }).map((x) => (typeof x === 'number' ? 'value' : x))).toEqual([
      'warming-up',
      'warming-up',
      'value',
      'value',
      'gap',
      'warming-up',
      'value',
      'value',
    ]);
  });

  test('between settlements is provisional: running rate, mark of now, rf pro rata, last closed sigma', () => {
    const frame = walk(moves, rates);
    const run = new MetricRun(score, resolveParams(score.params, { w: 4 }));
    for (let row = 0; row < frame.time.length; row++) run.push(frame, row);
    const mark = frame.mark.at(-1)!;
    const now = settlementsOf([[0, 0.0005, 8, mark * 1.01]]);
    now.time[0] = frame.time.at(-1)! + 2 * HOUR_MS;
    run.live(now, 0);
    expect(run.liveValue).toBeCloseTo((0.0005 - 0.01 - 0.00001 / 4) / sd(moves.slice(1)), 9);
    run.live(now, 0, 'dead');
    expect(run.liveValue).toBeNaN();
    now.intervalH[0] = 4;
    run.live(now, 0);
    expect(run.liveValue).toBeNaN();
  });
});

test('funding score is the rate over its own deviation, without a price', () => {
  const rates = [0.0001, 0.0003, 0.0002, 0.0006];
  const frame = settlementsOf(rates.map((rate, i) => [8 * i, rate, 8]));
  const out = results(fundingScore, frame, { w: 4 });
  expect(out[0]).toBe('warming-up');
  expect(out[1]).toBeCloseTo((0.0003 - 0.00001) / sd(rates.slice(0, 2)), 9);
  expect(out[3]).toBeCloseTo((0.0006 - 0.00001) / sd(rates), 9);
  expect(lastOf(fundingScore, settlementsOf([0, 1, 2, 3].map((i) => [8 * i, 0.0001, 8])), { w: 4 })).toBe('flat');
});

test('simple ratio divides by the deviation of the index and leaves the risk-free rate out', () => {
  const rows = [100, 101, 99, 102].map((index, i) => [8 * i, 0.0001, 8, index + 1, index]);
  const returns = [101 / 100 - 1, 99 / 101 - 1, 102 / 99 - 1];
  expect(lastOf(simpleRatio, settlementsOf(rows), { w: 4 })).toBeCloseTo((0.0001 - (103 / 100 - 1)) / sd(returns), 9);
  expect(lastOf(simpleRatio, settlementsOf(rows.map((row) => row.slice(0, 4))), { w: 4 })).toBe('no-price');
});
