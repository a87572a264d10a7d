import { describe, expect, test } from 'vitest';
import { assetFunding } from '#domain/metrics/catalog/asset-funding.ts';
import { basketDivergence } from '#domain/metrics/catalog/basket-divergence.ts';
import { censoring } from '#domain/metrics/catalog/censoring.ts';
import { cumulativeFunding } from '#domain/metrics/catalog/cumulative-funding.ts';
import { emaDivergence } from '#domain/metrics/catalog/ema-divergence.ts';
import { forecastError } from '#domain/metrics/catalog/forecast-error.ts';
import { funding } from '#domain/metrics/catalog/funding.ts';
import { fundingMoney } from '#domain/metrics/catalog/funding-money.ts';
import { fundingRank } from '#domain/metrics/catalog/funding-rank.ts';
import { halfLife } from '#domain/metrics/catalog/half-life.ts';
import { impliedDivergence } from '#domain/metrics/catalog/implied-divergence.ts';
import { markDrift } from '#domain/metrics/catalog/mark-drift.ts';
import { premiumHalfLife } from '#domain/metrics/catalog/premium-half-life.ts';
import { regime } from '#domain/metrics/catalog/regime.ts';
import { sameSignRun } from '#domain/metrics/catalog/same-sign-run.ts';
import { score } from '#domain/metrics/catalog/score.ts';
import { sharePositive } from '#domain/metrics/catalog/share-positive.ts';
import { simpleRatio } from '#domain/metrics/catalog/simple-ratio.ts';
import { skew } from '#domain/metrics/catalog/skew.ts';
import { spike } from '#domain/metrics/catalog/spike.ts';
import { spreadZ } from '#domain/metrics/catalog/spread-z.ts';
import { theoreticalFunding } from '#domain/metrics/catalog/theoretical-rate.ts';
import { totalFunding } from '#domain/metrics/catalog/total-funding.ts';
import type { Explanation } from '#domain/metrics/explain.ts';
import { assetFrame, basketFrame } from '#domain/metrics/frames/group.ts';
import { hourFrame } from '#domain/metrics/frames/hour.ts';
import { HOUR_MS, MINUTE_MS } from '#domain/time.ts';
import { START } from '../market.ts';
import { why } from './evaluated.ts';
import { btc, column, hoursOf, noHours, noPrices, settlementsOf } from './market.ts';

const at = (hour: number): number => START + hour * HOUR_MS;
const windowOf = ({ window }: Explanation) => window!;
const wave = (i: number): number => 1e-5 * Math.sin(i);
/** Settlements every 8 h but for those missing, with a mark that moves. */
const every8h = (count: number, without: readonly number[] = []) =>
  settlementsOf(
    Array.from({ length: count }, (_, i) => [8 * i, wave(i), 8, 100 + (i % 5), 100 + (i % 3)]).filter((_, i) => !without.includes(i)),
  );

describe('the window', () => {
  test('counts the settlements that are missing in it and says when the latest should have been', () => {
    const frame = every8h(12, [8, 9]);
    const row = frame.time.length - 1;
    for (const metric of [sharePositive, cumulativeFunding]) {
      expect(windowOf(why(metric, frame, row, { days: 2 }))).toMatchObject({
        n: 4,
        possible: 6,
        coveredH: 32,
        gaps: 0,
        missing: 2,
        latestGap: at(72),
      });
    }
    expect(windowOf(why(score, frame, row, { w: 8 }))).toMatchObject({ n: 1, possible: 8, missing: 2, first: at(88), last: at(88) });
    expect(windowOf(why(sharePositive, frame, row, { days: 1 }))).toMatchObject({ n: 2, missing: 1, latestGap: at(72) });
  });

  test('holds what its gaps leave of it', () => {
    const f = Array.from({ length: 40 }, (_, i) => (i === 30 || i === 33 ? NaN : wave(i)));
    const frame = hoursOf(f);
    expect(windowOf(why(fundingRank, frame, 39, { days: 1 }))).toMatchObject({
      n: 22,
      possible: 24,
      gaps: 2,
      latestGap: at(33),
      missing: 0,
    });
    // An average that a gap restarts has less than its window; one without a gap reaches further back.
    expect(windowOf(why(emaDivergence, frame, 39, { n: 12 }))).toMatchObject({ n: 5, possible: 12, first: at(34), last: at(38), gaps: 2 });
    expect(windowOf(why(emaDivergence, frame, 29, { n: 12 }))).toMatchObject({ n: 29, from: at(16), first: at(0), last: at(28), gaps: 0 });
    expect(windowOf(why(emaDivergence, frame, 29, { n: 12, average: 'simple' }))).toMatchObject({ n: 12, first: at(17), last: at(28) });
  });

  test('never begins after the first row used', () => {
    const { from, first } = windowOf(why(fundingRank, hoursOf([1e-5, 2e-5]), 1));
    expect([from, first]).toEqual([at(-1), at(0)]);
  });

  test('of a metric that measures from one row to another is those two', () => {
    const hours = Array.from({ length: 30 }, (_, i) => i);
    const frame = hoursOf(
      hours.map(() => 1e-5),
      { mark: hours.map((i) => (i === 20 ? NaN : 100 + i)), openInterest: hours.map((i) => 1000 + i) },
    );
    const told = why(regime, frame, 29);
    expect(windowOf(told)).toMatchObject({ n: 2, possible: 2, need: 2, gaps: 0, first: at(5), last: at(29) });
    expect(told.inputs.slice(-2)).toEqual([
      { name: 'mark before', value: 105, source: 'observed', time: at(5) },
      { name: 'openInterest before', value: 1005, source: 'observed', time: at(5) },
    ]);
    expect(told.parts).toMatchObject({ price: 129 / 105 - 1, openInterest: 24, rank: null, valuesRanked: 30 });
    expect(told.notes.join()).toContain('capitulation cannot be told');
  });

  test('says how many of its rows came from where', () => {
    const steps = { key: column([at(0)]), rate: column([8e-5]), intervalH: column([8]) };
    const seen = { ...noHours, close: column([at(5)]), observedAt: column([at(4.9)]), rate: column([1e-4]), intervalH: column([8]) };
    const unknown = column([NaN]);
    const hours = { ...seen, mark: unknown, index: unknown, openInterest: unknown, premium: unknown, coverage: unknown };
    const frame = hourFrame(btc('binance'), { settled: steps, hours, prices: noPrices }, null, at(6));
    expect(windowOf(why(fundingRank, frame, 6, { days: 1 })).sources).toEqual([
      { name: 'f', source: 'settlement', n: 6 },
      { name: 'f', source: 'running rate', n: 1 },
    ]);
  });

  test('names a change of the funding interval in it', () => {
    const frame = settlementsOf([0, 8, 16, 20, 24, 28].map((hour, i) => [hour, wave(i), i < 3 ? 8 : 4, 100 + i]));
    expect(why(score, frame, 5, { w: 6 }).notes).toEqual([
      `the funding interval changed from 8 h to 4 h by ${new Date(at(20)).toISOString().slice(0, 16)}Z`,
    ]);
    expect(why(score, frame, 5, { w: 2 }).notes).toEqual([]);
  });

  test('of a sum of all, or of a run, is what it took in', () => {
    const frame = every8h(12, [8, 9]);
    expect(windowOf(why(totalFunding, frame, 9))).toMatchObject({ first: at(0), last: at(88), n: 10, possible: 12, missing: 2 });
    // sin changes its sign after 3, after 6 and after 9.
    expect(windowOf(why(sameSignRun, frame, 9))).toMatchObject({ first: at(80), last: at(88), n: 2, missing: 0 });
  });
});

describe('a group', () => {
  const leg = (venue: string, f: readonly number[], mark = 100, openInterest = 5) => ({
    ...hoursOf(f, { mark: f.map(() => mark), openInterest: f.map(() => openInterest) }),
    instrument: btc(venue),
  });

  test('counts instruments apart from hours, and hours in which there was nothing to compare as gaps', () => {
    const hours = Array.from({ length: 30 }, (_, i) => i);
    const frames = [
      leg('binance', hours.map(wave)),
      leg(
        'bybit',
        hours.map((i) => (i === 25 ? NaN : wave(i + 1))),
      ),
    ];
    const z = why(spreadZ, assetFrame(frames, null), 29, { days: 1 });
    expect(windowOf(z)).toMatchObject({ n: 23, possible: 24, gaps: 1, latestGap: at(25) });
    expect(z.instruments).toEqual({ n: 2, of: 2 });
    expect((z.parts['spread']! - z.parts['mean']!) / z.parts['sd']!).toBeCloseTo(z.value!, 12);
    const own = why(basketDivergence, basketFrame(frames, 'bybit:BTC'), 29, { n: 3 });
    expect(own.instruments).toEqual({ n: 2, of: 2 });
    expect(windowOf(own)).toMatchObject({ need: 3, n: 3, gaps: 0 });
  });

  test('names its pair, and none where all are equal', () => {
    const notesOf = (f: number): readonly string[] => why(spreadZ, assetFrame([leg('binance', [1e-5]), leg('bybit', [f])], null), 0).notes;
    expect(notesOf(2e-5)).toEqual(['highest bybit:BTC, lowest binance:BTC']);
    expect(notesOf(1e-5)).toEqual(['all of them are equal']);
  });

  test('names whom it leaves out', () => {
    const apart = assetFrame([leg('binance', [1e-5]), leg('bybit', [2e-5]), leg('okx', [3e-5], 200)], 'okx:BTC');
    const told = why(skew, apart, 0);
    expect(told).toMatchObject({ reason: 'excluded', instruments: { n: 2, of: 3 } });
    expect(told.notes.join()).toMatch(/left out, its price is not this coin's: okx:BTC/u);
    const blind = assetFrame([leg('binance', [1e-5]), leg('bybit', [2e-5], 100, NaN)], null);
    expect(why(assetFunding, blind, 0)).toMatchObject({ instruments: { n: 1, of: 2 } });
    expect(why(assetFunding, blind, 0).notes.join()).toMatch(/no open interest in USD is known: bybit:BTC/u);
    expect(why(assetFunding, assetFrame([leg('bybit', [2e-5], 100, NaN)], null), 0).wants).toBe('the open interest of bybit:BTC');
  });
});

describe('the inputs', () => {
  test('a rate seen before the settlement is of that moment', () => {
    const frame = settlementsOf([
      [0, 1e-5, 8],
      [8, 2e-5, 8],
    ]);
    frame.seen60[1] = 3e-5;
    expect(why(forecastError, frame, 1).inputs[1]).toEqual({
      name: 'seen60',
      value: 3e-5,
      source: 'running rate',
      time: at(8) - 60 * MINUTE_MS,
    });
  });

  test('the score names the mark that it measures the move from', () => {
    const told = why(score, every8h(20), 19);
    const [mark, before] = told.inputs.slice(-2);
    expect(before).toEqual({ name: 'mark before', value: 103, source: 'given with the settlement', time: at(144) });
    expect(mark!.value! / before!.value! - 1).toBe(told.parts['dMark']);
  });

  test('are enough for the rank and for the censoring by hand', () => {
    const told = why(fundingRank, hoursOf([3e-5, 1e-5, 2e-5, 2e-5]), 3, { days: 1 });
    expect(told.parts).toMatchObject({ below: 1, equal: 2 });
    expect(why(censoring, settlementsOf([[8, 1e-4, 8]]), 0).parts).toEqual({ atInterest: 1e-4, cap: null, floor: null });
    expect(
      why(
        funding,
        hourFrame(
          btc('binance'),
          { settled: { key: column([at(0)]), rate: column([8e-5]), intervalH: column([8]) }, hours: noHours, prices: noPrices },
          null,
          at(2),
        ),
        2,
      ).parts,
    ).toEqual({ rate: 8e-5, intervalH: 8 });
    expect(why(fundingMoney, hoursOf([1e-5]), 0, { per: 'interval' }).parts).toEqual({ hours: 1, openInterestMoney: null });
    const hours = [0, 1, 2, 3];
    const drift = why(markDrift, hoursOf(hours.map(wave), { mark: hours.map((i) => 100 + i), index: hours.map(() => 100) }), 3, { n: 2 });
    const { premium, averageBefore, alpha } = drift.parts;
    expect(averageBefore! + alpha! * (premium! - averageBefore!)).toBeCloseTo(drift.value!, 15);
  });
});

describe('no value', () => {
  test('is told with what would have to come', () => {
    const wants = (told: Explanation): [string | null, string | null] => [told.reason, told.wants];
    expect(wants(why(emaDivergence, hoursOf([1e-5, 1e-5, 2e-5]), 2, { n: 12 }))).toEqual([
      'warming-up',
      '10 more hours; 2 of 12 are there',
    ]);
    expect(wants(why(sharePositive, every8h(3), 2))).toEqual(['warming-up', '336 more hours of settlements; 24 of 360 are covered']);
    expect(wants(why(emaDivergence, hoursOf([1e-5, NaN]), 1))).toEqual([
      'gap',
      'a running rate observed in this hour, or a settlement whose interval reaches it',
    ]);
    expect(wants(why(score, every8h(12, [10]), 10, { w: 4 }))).toEqual([
      'gap',
      '2 more settlements; 0 of 2 are there; the settlement before this one is missing, so it starts afresh',
    ]);
    expect(wants(why(cumulativeFunding, every8h(12, [9]), 10, { days: 2 }))).toEqual([
      'incomplete',
      `the settlement that is missing, or a window that begins after ${new Date(at(72)).toISOString().slice(0, 16)}Z`,
    ]);
    expect(wants(why(theoreticalFunding, every8h(2), 1))).toEqual([
      'coverage',
      'the premium observed over 80 % of the time since the last settlement; 0 % was',
    ]);
    expect(wants(why(impliedDivergence, every8h(1), 0))).toEqual(['warming-up', 'a row before this one']);
    expect(wants(why(fundingMoney, hoursOf([1e-5], { mark: [100] }), 0))).toEqual(['no-open-interest', 'the open interest']);
    expect(wants(why(halfLife, settlementsOf(Array.from({ length: 70 }, (_, i) => [8 * i, (-1) ** i, 8])), 69))[1]).toBe(
      'a phi above 0 and below 1; it is -1',
    );
    // Prices every other hour: not one step of an hour to learn from.
    const sparse = Array.from({ length: 140 }, (_, i) => (i % 2 === 1 ? NaN : 100 + wave(i)));
    const told = why(
      premiumHalfLife,
      hoursOf(
        sparse.map(() => 1e-5),
        { mark: sparse, index: sparse.map(() => 100) },
      ),
      138,
    );
    expect([...wants(told), told.parts['pairs']]).toEqual(['gap', 'values that follow one another without a gap; none do', 0]);
    expect(why(emaDivergence, hoursOf([1e-5, 2e-5]), 1, { n: 1 }).wants).toBeNull();
  });

  test('shows no figure of an earlier row, and no deviation of values that are not there', () => {
    const f = [...Array.from({ length: 30 }, (_, i) => wave(i)), NaN];
    expect(why(spike, hoursOf(f), 30, { days: 1 }).parts).toEqual({ median: null, mad: null, scale: null });
    const warming = why(simpleRatio, every8h(1), 0);
    expect(warming.parts).toEqual({ dMark: null, sigma: null });
    expect(warming.floors).toEqual([]);
  });
});
