import { describe, expect, test } from 'vitest';
import { annualisedPremium } from '#domain/metrics/catalog/annualised-premium.ts';
import { bookImbalance } from '#domain/metrics/catalog/book-imbalance.ts';
import { censoring } from '#domain/metrics/catalog/censoring.ts';
import { forecast } from '#domain/metrics/catalog/forecast.ts';
import { forecastError } from '#domain/metrics/catalog/forecast-error.ts';
import { imbalance } from '#domain/metrics/catalog/imbalance.ts';
import { markDrift } from '#domain/metrics/catalog/mark-drift.ts';
import { premium } from '#domain/metrics/catalog/premium.ts';
import { priceDivergence } from '#domain/metrics/catalog/price-divergence.ts';
import { slippage } from '#domain/metrics/catalog/slippage.ts';
import { theoreticalFunding } from '#domain/metrics/catalog/theoretical-rate.ts';
import type { BookFrame, FrameInstrument } from '#domain/metrics/frames/frames.ts';
import { explain } from '#domain/metrics/explain.ts';
import { hourFrame, type FrameHours } from '#domain/metrics/frames/hour.ts';
import { premiumWeight, settlementFrame } from '#domain/metrics/frames/settlement.ts';
import { capAt, isInterestAssumed, restingRate, termsAt, termsHoldUntil } from '#domain/metrics/venue-terms.ts';
import { HOUR_MS, MINUTE_MS } from '#domain/time.ts';
import { lastOf, results, why } from './evaluated.ts';
import { btc, column, hoursOf, noPrices } from './market.ts';

const START = Date.UTC(2026, 0, 1);

interface Hour {
  readonly premium: number;
  readonly coverage?: number;
}
/** Observed hours of one interval that ends with a settlement, after one at START; mark = 1 + premium, index = 1. */
function observed(instrument: FrameInstrument, hours: readonly Hour[], rate: number, start = START, intervalH = hours.length) {
  const close = column(hours.map((_, i) => start + (i + 1) * HOUR_MS));
  const columns: FrameHours = {
    close,
    observedAt: close,
    rate: column(hours.map(() => rate)),
    intervalH: column(hours.map(() => intervalH)),
    mark: column(hours.map(({ premium: p }) => 1 + p)),
    index: column(hours.map(() => 1)),
    openInterest: column(hours.map(() => 1)),
    premium: column(hours.map(({ premium: p }) => p)),
    coverage: column(hours.map(({ coverage = 1 }) => coverage)),
  };
  const key = column([start, start + intervalH * HOUR_MS]);
  const settled = { key, rate: column([rate, rate]), intervalH: column([intervalH, intervalH]) };
  return { settled, hours: columns, prices: noPrices, instrument };
}
const settledOf = (stored: ReturnType<typeof observed>) => settlementFrame(stored.instrument, stored);
const flat = (p: number, hours: number): Hour[] => Array.from({ length: hours }, () => ({ premium: p }));

test('what holds of the terms of an instrument holds until the next change of the formula or of what the venue stated', () => {
  const [terms] = btc('binance').formula?.terms ?? [];
  if (terms === undefined) throw new Error('no terms');
  const hour = (n: number): number => START + n * HOUR_MS;
  const instrument: FrameInstrument = {
    ...btc('binance'),
    formula: {
      ownPremium: false,
      terms: [
        { ...terms, from: 0, interestPer8h: 1e-4 },
        { ...terms, from: hour(15), interestPer8h: 3e-4 },
      ],
    },
    caps: [
      { from: hour(10), cap: 0.01, floor: null },
      { from: hour(20), cap: 0.01, floor: null, interestPer8h: 5e-4 },
      { from: hour(30), cap: 0.02, floor: null, interestPer8h: 6e-4 },
    ],
  };
  const held = (t: number) => [restingRate(instrument, 8, t), isInterestAssumed(instrument, t), capAt(instrument, t)];
  const changes = [5, 10, 15, 20, 30].map((n) => termsHoldUntil(instrument, hour(n)));
  expect(changes).toEqual([hour(10), hour(15), hour(20), hour(30), Infinity]);
  for (let n = 0; n < 40; n++) {
    const until = Math.min(termsHoldUntil(instrument, hour(n)), hour(40));
    for (let t = hour(n); t < until; t += HOUR_MS) expect(held(t)).toEqual(held(hour(n)));
  }
  expect(held(hour(29))).not.toEqual(held(hour(30)));
});

describe('premium', () => {
  const frame = (venue: string, at: number) =>
    hourFrame(btc(venue), observed(btc(venue), flat(0.001, 4), 0.0001, at), null, at + 4 * HOUR_MS);

  test('is mark over index less one; its EMA and its yearly figure follow', () => {
    const hours = hoursOf([1, 1, 1], { mark: [101, 102, 104], index: [100, 100, 100] });
    expect(results(premium, hours)).toEqual([expect.closeTo(0.01), expect.closeTo(0.02), expect.closeTo(0.04)]);
    expect(lastOf(markDrift, hours, { n: 2 })).toBeCloseTo(0.015 + (2 / 3) * 0.025, 12);
    expect(lastOf(priceDivergence, hoursOf([1, 1, 1], { index: [90, 100, 110] }), { n: 4 })).toBeCloseTo(0.1, 12);
    expect(lastOf(premium, hoursOf([1]))).toBe('no-price');
  });

  test.each([
    ['binance', Date.UTC(2025, 8, 18, 0), 4],
    ['binance', Date.UTC(2025, 8, 18, 9), 8],
    ['bybit', START, 4],
    ['hyperliquid', START, 8],
    ['deribit', START, 8],
    ['nowhere', START, 4],
  ])('of %s at %s counts for %s hours', (venue, at, basisH) => {
    expect(lastOf(annualisedPremium, frame(venue, at))).toBeCloseTo((0.001 * 8760) / basisH, 9);
  });

  test('counts for the hours that are given, whatever the venue', () => {
    expect(lastOf(annualisedPremium, frame('binance', START), { basis: 1 })).toBeCloseTo(8.76, 9);
  });

  test('a window across a change of formula says so', () => {
    const at = Date.UTC(2025, 8, 18, 5);
    const stored = observed(btc('binance'), flat(0.001, 8), 0.0001, at);
    expect(why(markDrift, hourFrame(btc('binance'), stored, null, at + 8 * HOUR_MS), 7, { n: 8 }).notes.join()).toContain('2025-09-18');
  });
});

describe('theoretical rate and imbalance', () => {
  test.each([
    // Inside the clamp: the interest, which is a share of the interval either way.
    ['binance', 8, 0.0002, 0.0001],
    ['binance', 4, 0.0002, 0.00005],
    ['bybit', 4, 0.0002, 0.00005],
    ['hyperliquid', 1, 0.0002, 0.0000125],
    // Outside: the premium less d, over k where the venue divides.
    ['binance', 8, 0.002, 0.0015],
    ['binance', 4, 0.002, 0.00075],
    ['bybit', 4, 0.002, 0.0015],
    ['hyperliquid', 1, -0.002, -0.0015 / 8],
    ['hyperliquid', 1, 0.5, 0.04],
    ['hyperliquid', 1, -0.5, -0.04],
  ])('%s over %s h with a premium of %s gives %s', (venue, intervalH, p, expected) => {
    const frame = settledOf(observed(btc(venue), flat(p, intervalH), 0.0003));
    expect(lastOf(theoreticalFunding, frame)).toBeCloseTo(expected, 12);
    expect(lastOf(imbalance, frame)).toBeCloseTo(0.0003 - expected, 12);
    // By hand, from the audit alone.
    const { interest, clamp, divisor, cap, floor, theoretical, realised } = why(imbalance, frame, 1).parts;
    const pulled = p + Math.min(Math.max(interest! - p, -clamp!), clamp!);
    expect(Math.min(Math.max(pulled / divisor!, floor ?? -Infinity), cap ?? Infinity)).toBe(theoretical);
    expect(realised! - theoretical!).toBe(why(imbalance, frame, 1).value);
    expect(why(imbalance, frame, 1).notes.join().includes('proxy')).toBe(venue !== 'hyperliquid');
  });

  test("a settlement's own premium is P, whatever was polled; the others' is that of the hours", () => {
    const hours = { ...observed(btc('hyperliquid'), flat(0.003, 1), 0.0003), instrument: btc('hyperliquid') };
    const withOwn = { ...hours, settled: { ...hours.settled, premium: column([0.002, NaN]) } };
    // Of the first hour nothing was observed at all.
    const [first, second] = results(imbalance, settlementFrame(hours.instrument, withOwn));
    expect(first).toBeCloseTo(0.0003 - 0.0015 / 8, 12);
    expect(second).toBeCloseTo(0.0003 - 0.0025 / 8, 12);
    expect(results(imbalance, settlementFrame(hours.instrument, hours))).toEqual(['coverage', expect.closeTo(0.0003 - 0.0025 / 8, 12)]);
    const frame = settlementFrame(hours.instrument, { ...hours, settled: { ...hours.settled, premium: column([0.002, -0.002]) } });
    expect(lastOf(theoreticalFunding, frame)).toBeCloseTo(-0.0015 / 8, 12);
    const audit = why(imbalance, frame, 1);
    expect(audit.parts).toMatchObject({ premium: -0.002, coverage: 1 });
    expect(audit.inputs.find(({ name }) => name === 'premium')).toMatchObject({ value: -0.002, source: 'given with the settlement' });
    expect(why(imbalance, settlementFrame(hours.instrument, withOwn), 1).inputs).toContainEqual(
      expect.objectContaining({ name: 'premium', value: 0.003, source: 'observed' }),
    );
    // A venue whose polls state none: what came with the row is no proxy either.
    const binance = observed(btc('binance'), flat(0.003, 1), 0.0003);
    const given = settlementFrame(btc('binance'), { ...binance, settled: { ...binance.settled, premium: column([NaN, 0.002]) } });
    expect(why(imbalance, given, 1).notes.join()).not.toContain('proxy');
  });

  test("an instrument's own interest, cap and floor stand before the table's", () => {
    const own = btc('binance', { interestPer8h: 0, caps: [{ from: 0, cap: 0.001, floor: -0.001 }] });
    expect(lastOf(theoreticalFunding, settledOf(observed(own, flat(0.0002, 8), 0)))).toBe(0);
    expect(lastOf(theoreticalFunding, settledOf(observed(own, flat(0.01, 8), 0)))).toBe(0.001);
    expect(lastOf(theoreticalFunding, settledOf(observed(own, flat(-0.01, 8), 0)))).toBe(-0.001);
  });

  test('Bybit weights the premium 1..n by minute, the others equally', () => {
    const hours = [{ premium: 0.001 }, { premium: 0.003 }];
    const minutes = Array.from({ length: 120 }, (_, i) => i + 1);
    const weighted = minutes.reduce((sum, m) => sum + m * (m <= 60 ? 0.001 : 0.003), 0) / minutes.reduce((sum, m) => sum + m, 0);
    expect(settledOf(observed(btc('bybit'), hours, 0)).premium[1]).toBeCloseTo(weighted, 15);
    expect(settledOf(observed(btc('binance'), hours, 0)).premium[1]).toBeCloseTo(0.002, 15);
    expect([1, 2].map((hour) => premiumWeight('rising', hour))).toEqual([30.5, 90.5]);
  });

  test('says nothing under 80 % coverage, without an interval, or for a venue that is not known', () => {
    const thin = [...flat(0.001, 7), { premium: 0.001, coverage: 0 }].map((hour, i) => (i === 0 ? { ...hour, coverage: 0.3 } : hour));
    expect(lastOf(imbalance, settledOf(observed(btc('binance'), thin, 0)))).toBe('coverage');
    // 8 x 0.8 is less than 6.4 as floats add up: exactly 80 % is enough.
    const exact = flat(0.001, 8).map((hour) => ({ ...hour, coverage: 0.8 }));
    expect(lastOf(imbalance, settledOf(observed(btc('binance'), exact, 0)))).toBeTypeOf('number');
    const short = exact.map((hour, i) => (i === 0 ? { ...hour, coverage: 0.799 } : hour));
    expect(lastOf(imbalance, settledOf(observed(btc('binance'), short, 0)))).toBe('coverage');
    expect(why(imbalance, settledOf(observed(btc('binance'), thin, 0)), 1).floors).toMatchObject([{ name: 'coverage', applied: true }]);
    expect(lastOf(imbalance, settledOf(observed(btc('nowhere'), flat(0.001, 8), 0)))).toBe('not-for-venue');
    expect(lastOf(imbalance, settledOf(observed(btc('deribit'), flat(0.001, 8), 0)))).toBe('not-for-venue');
    const unknown = settledOf(observed(btc('binance'), flat(0.001, 8), 0));
    unknown.intervalH[1] = NaN;
    expect(lastOf(imbalance, unknown)).toBe('interval-unknown');
  });

  test.each([
    ['binance', 8, 0.0001, 'at interest'],
    ['binance', 4, 0.00005, 'at interest'],
    ['bybit', 1, 0.0000125 + 4e-9, 'at interest'],
    ['bybit', 1, 0.0000125 + 6e-9, 'free'],
    ['hyperliquid', 1, 0.04, 'at cap'],
    ['hyperliquid', 1, -0.04, 'at floor'],
    ['binance', 8, 0.03, 'free'],
    ['okx', 8, 0.0001, 'at interest'],
    ['bitget', 8, 0.0001, 'at interest'],
    ['deribit', 8, 0.0001, 'free'],
    ['gate', 4, 0.00005, 'at interest'],
  ])('%s over %s h at %s is %s', (venue, intervalH, rate, mark) => {
    expect(why(censoring, settledOf(observed(btc(venue), flat(0, intervalH), rate)), 1).word).toBe(mark);
  });

  test('what a venue states of an instrument holds from then on: no mark before it, its own after it, none once it says none', () => {
    const [first, second] = [START, START + 8 * HOUR_MS];
    const marks = (rate: number, caps: FrameInstrument['caps']) =>
      [0, 1].map((row) => why(censoring, settledOf(observed(btc('binance', caps ? { caps } : {}), flat(0, 8), rate)), row).word);
    expect(marks(0.03, [{ from: second, cap: 0.03, floor: -0.03 }])).toEqual(['free', 'at cap']);
    expect(marks(-0.03, [{ from: first, cap: 0.03, floor: -0.03 }])).toEqual(['at floor', 'at floor']);
    const widened = [
      { from: 0, cap: 0.02, floor: -0.02 },
      { from: first + 1, cap: 0.03, floor: null },
    ];
    expect(marks(0.02, widened)).toEqual(['at cap', 'free']);
    expect(marks(-0.02, widened)).toEqual(['at floor', 'free']);
    expect(marks(0.03, undefined)).toEqual(['free', 'free']);
    // The table's stand where the venue states none for the instrument.
    const hyper = observed(btc('hyperliquid', { caps: [] }), flat(0, 1), 0.04);
    expect(why(censoring, settledOf(hyper), 1).word).toBe('at cap');
  });

  test('an interest that is not known of the instrument makes no mark and no F, whatever the table says', () => {
    const metal = observed(btc('bybit', { interestPer8h: null }), flat(0.0002, 8), 0.0001);
    expect(why(censoring, settledOf(metal), 1)).toMatchObject({ word: 'free' });
    expect(why(censoring, settledOf(metal), 1).parts['atInterest']).toBeNull();
    expect(lastOf(imbalance, settledOf(metal))).toBe('not-for-venue');
    const share = observed(btc('bybit', { interestPer8h: 0 }), flat(0.0002, 8), 0);
    expect(why(censoring, settledOf(share), 1).word).toBe('at interest');
    expect(lastOf(imbalance, settledOf(share))).toBeCloseTo(0, 15);
    expect(lastOf(imbalance, settledOf(observed(btc('bybit'), flat(0.0002, 8), 0)))).toBeCloseTo(-0.0001, 15);
  });

  test('the interest of a settlement is that of its time, also where today’s is another; a history without one takes the newest known and says so', () => {
    const [first, second] = [START, START + 8 * HOUR_MS];
    const dated = (caps: FrameInstrument['caps']) =>
      settledOf(observed(btc('binance', { interestPer8h: 0.0003, ...(caps && { caps }) }), flat(0, 8), 0.0001));
    const words = (caps: FrameInstrument['caps']) => [0, 1].map((row) => why(censoring, dated(caps), row).word);
    const notes = (caps: FrameInstrument['caps']) => [0, 1].map((row) => why(censoring, dated(caps), row).notes.join().includes('assumed'));
    const moved = [
      { from: first, cap: null, floor: null, interestPer8h: 0.0001 },
      { from: second, cap: null, floor: null, interestPer8h: 0.0003 },
    ];
    expect([words(moved), notes(moved)]).toEqual([
      ['at interest', 'free'],
      [false, false],
    ]);
    // Terms of before interest was kept, and none at all.
    for (const caps of [[{ from: first, cap: null, floor: null, interestPer8h: null }], []]) {
      expect([words(caps), notes(caps)]).toEqual([
        ['free', 'free'],
        [true, true],
      ]);
    }
    expect(lastOf(theoreticalFunding, dated([{ from: first, cap: null, floor: null, interestPer8h: 0 }]))).toBe(0);
  });

  test('before the first interest that was stated that one stands in, whatever is stated today', () => {
    const begun = [
      { from: START, cap: null, floor: null, interestPer8h: null },
      { from: START + 8 * HOUR_MS, cap: null, floor: null, interestPer8h: 0.0001 },
      { from: START + 30 * 24 * HOUR_MS, cap: null, floor: null, interestPer8h: 0.0003 },
    ];
    for (const today of [0.0001, 0.0003, null]) {
      const frame = settledOf(observed(btc('binance', { interestPer8h: today, caps: begun }), flat(0, 8), 0.0001));
      expect(why(censoring, frame, 0)).toMatchObject({ word: 'at interest' });
      expect(why(censoring, frame, 0).notes.join()).toContain('assumed');
      expect(why(censoring, frame, 1).notes.join()).not.toContain('assumed');
    }
  });

  test('terms are dated and have a source', () => {
    expect(termsAt(btc('binance'), Date.UTC(2025, 8, 18, 8, 0))!.divides).toBe(false);
    expect(termsAt(btc('binance'), Date.UTC(2025, 8, 18, 8, 1))!.divides).toBe(true);
    for (const venue of ['binance', 'bybit', 'hyperliquid', 'okx', 'bitget', 'gate', 'dydx', 'deribit', 'paradex']) {
      expect(termsAt(btc(venue), START)!.source.length).toBeGreaterThan(10);
    }
    expect(restingRate(btc('deribit'), 8, START)).toBeNull();
  });
});

describe('forecast', () => {
  const stored = observed(btc('binance'), [...flat(0.002, 3), ...flat(0.004, 5)], 0.0001);
  const frame = hourFrame(btc('binance'), stored, null, START + 8 * HOUR_MS);

  test('takes the premium of now for the rest of the interval', () => {
    const out = results(forecast, frame);
    expect(out[0]).toBe('no-price');
    expect(out[3]).toBeCloseTo(0.002 - 0.0005, 12);
    expect(out[4]).toBeCloseTo((3 * 0.002 + 5 * 0.004) / 8 - 0.0005, 12);
    // At the settlement the next interval begins: nothing of it has passed.
    expect(out[8]).toBeCloseTo(0.004 - 0.0005, 12);
  });

  test("takes the venue's own premium all the way where it states one, never mark/index - 1", () => {
    const btcOwn = btc('hyperliquid', { formula: { ownPremium: true, terms: btc('binance').formula?.terms ?? [] } });
    // By the prices 5 %, by the venue's own word what is stored of each hour.
    const { hours, ...rest } = observed(btcOwn, [...flat(0.002, 3), ...flat(0.004, 5)], 0.0001);
    const apart = { ...rest, hours: { ...hours, mark: hours.index.map((index) => 1.05 * index) } };
    const own = hourFrame(btcOwn, apart, null, START + 8 * HOUR_MS);
    const out = results(forecast, own);
    expect(out[3]).toBeCloseTo(0.002 - 0.0005, 12);
    expect(out[4]).toBeCloseTo((3 * 0.002 + 5 * 0.004) / 8 - 0.0005, 12);
    const why = explain(forecast, {}, own, 4, null);
    expect(why.parts).toMatchObject({ premiumNow: 0.004 });
    expect(why.notes.join()).toContain("the venue's own");
    expect(why.notes.join()).not.toContain('proxy');
    // An hour in which the venue stated none has no forecast, whatever its prices say.
    const silent = { ...apart, hours: { ...apart.hours, premium: hours.premium.map((p, i) => (i === 7 ? NaN : p)) } };
    expect(results(forecast, hourFrame(btcOwn, silent, null, START + 8 * HOUR_MS))[8]).toBe('gap');
    // Elsewhere it is a proxy, and called one.
    expect(explain(forecast, {}, frame, 4, null).notes.join()).toContain('proxy');
  });

  test('a cap binds from when it was stated, not before: nothing is looked ahead', () => {
    const capped = { ...stored, instrument: btc('binance', { caps: [{ from: START + 5 * HOUR_MS, cap: 0.002, floor: -0.002 }] }) };
    const out = results(forecast, hourFrame(capped.instrument, capped, null, START + 8 * HOUR_MS));
    expect(out[4]).toBeCloseTo((3 * 0.002 + 5 * 0.004) / 8 - 0.0005, 12);
    expect(out.slice(5)).toEqual([0.002, 0.002, 0.002, 0.002]);
  });

  test('rests on the interest that was stated by then: nothing is looked ahead', () => {
    const interest = (from: number, interestPer8h: number) => ({ from, cap: null, floor: null, interestPer8h });
    const moved = btc('binance', { caps: [interest(START, 0.0001), interest(START + 5 * HOUR_MS, 0.0004)] });
    // A premium this small is pulled to the interest.
    const out = results(forecast, hourFrame(moved, observed(moved, flat(0.0002, 8), 0.0001), null, START + 8 * HOUR_MS));
    for (const [hour, rate] of [
      [1, 0.0001],
      [4, 0.0001],
      [5, 0.0004],
      [7, 0.0004],
    ] as const)
      expect(out[hour]).toBeCloseTo(rate, 12);
  });

  test('ends where the settlement is overdue', () => {
    const late = { ...stored, settled: { key: column([START]), rate: column([0.0001]), intervalH: column([8]) } };
    expect(lastOf(forecast, hourFrame(btc('binance'), late, null, START + 8 * HOUR_MS))).toBe('gap');
  });

  test('keeps its record against the running rate as seen before', () => {
    const key = START + 8 * HOUR_MS;
    const seen = [61, 16, 9, 5].map((minutes) => [key - minutes * MINUTE_MS, 0.0001 * minutes] as const);
    const nothing = column(seen.map(() => NaN));
    const snapshots = {
      observedAt: column(seen.map(([at]) => at)),
      rate: column(seen.map(([, rate]) => rate)),
      intervalH: column(seen.map(() => 8)),
      mark: nothing,
      index: nothing,
      openInterest: nothing,
      volume24h: nothing,
      nextFundingAt: nothing,
    };
    const recorded = settlementFrame(stored.instrument, { ...stored, snapshots });
    const errors = ['60', '15', '5'].map((minutes) => lastOf(forecastError, recorded, { minutes }));
    expect(errors).toEqual([61, 16, 5].map((minutes) => expect.closeTo(0.0001 - 0.0001 * minutes, 12) as unknown));
    expect(lastOf(forecastError, settledOf(stored))).toBe('gap');
  });
});

describe('order book', () => {
  const frame = (bids: readonly number[], asks: readonly number[]): BookFrame => ({
    instrument: btc('binance'),
    time: column([START]),
    books: [{ bids: column(bids), asks: column(asks) }],
  });
  const book = frame([99.9, 10, 99.6, 20, 90, 1000], [100.1, 10, 100.4, 10, 110, 1000]);

  test('imbalance weighs quote money within the band', () => {
    const bids = 99.9 * 10 + 99.6 * 20;
    const asks = 100.1 * 10 + 100.4 * 10;
    expect(lastOf(bookImbalance, book)).toBeCloseTo((bids - asks) / (bids + asks), 12);
    expect(lastOf(bookImbalance, frame([], [100, 1]))).toBe('gap');
    expect(lastOf(bookImbalance, frame([50, 1], [150, 1]))).toBe('too-thin');
  });

  test.each([100, 200, 3000, 60_000])('levels on both edges of the band count: mid %d', (mid) => {
    const edges = frame([mid * 0.9999, 1, mid * 0.995, 7], [mid * 1.0001, 1, mid * 1.005, 7]);
    const bids = 0.9999 + 7 * 0.995;
    const asks = 1.0001 + 7 * 1.005;
    expect(lastOf(bookImbalance, edges)).toBeCloseTo((bids - asks) / (bids + asks), 12);
  });

  test('slippage walks it, and says where it ends', () => {
    expect(lastOf(slippage, book, { size: 500 })).toBeCloseTo(0.001, 12);
    const filled = 1500 / (10 + (1500 - 1001) / 100.4);
    expect(lastOf(slippage, book, { size: 1500 })).toBeCloseTo(filled / 100 - 1, 12);
    expect(why(slippage, book, 0, { size: 1500 }).parts).toEqual({ mid: 100, average: expect.closeTo(filled, 9) as number });
    expect(lastOf(slippage, book, { size: 1500, side: 'sell' })).toBeGreaterThan(0.001);
    expect(lastOf(slippage, book, { size: 1e9 })).toBe('too-thin');
  });
});
