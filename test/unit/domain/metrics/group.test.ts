import { describe, expect, test } from 'vitest';
import { assetFunding } from '#domain/metrics/catalog/asset-funding.ts';
import { basketActive } from '#domain/metrics/catalog/basket-active.ts';
import { basketDivergence } from '#domain/metrics/catalog/basket-divergence.ts';
import { basketFundingRank } from '#domain/metrics/catalog/basket-funding-rank.ts';
import { basketFunding } from '#domain/metrics/catalog/basket-funding.ts';
import { dispersion } from '#domain/metrics/catalog/dispersion.ts';
import { indexDivergence } from '#domain/metrics/catalog/index-divergence.ts';
import { skew } from '#domain/metrics/catalog/skew.ts';
import { spreadZ } from '#domain/metrics/catalog/spread-z.ts';
import { spread } from '#domain/metrics/catalog/spread.ts';
import type { FrameInstrument, HourFrame } from '#domain/metrics/frames/frames.ts';
import { assetFrame, basketFrame, GroupRow } from '#domain/metrics/frames/group.ts';
import { Identity } from '#domain/metrics/frames/identity.ts';
import { lastOf, results, why } from './evaluated.ts';
import { btc, hoursOf } from './market.ts';

interface LegOf {
  readonly venue: string;
  readonly f: readonly number[];
  readonly mark?: readonly number[];
  readonly index?: readonly number[];
  readonly openInterest?: readonly number[];
  readonly over?: Partial<FrameInstrument>;
}
const leg = ({ venue, f, over, ...columns }: LegOf): HourFrame => ({ ...hoursOf(f, columns), instrument: btc(venue, over) });
const asset = (subject: string | null, ...legs: readonly LegOf[]) => assetFrame(legs.map(leg), subject);
const basket = (subject: string | null, ...legs: readonly LegOf[]) => basketFrame(legs.map(leg), subject);

test('a row that is laid out in place is the row of a frame, whatever lay there before', () => {
  const rows = new GroupRow();
  const laid = (legs: readonly HourFrame[], isAsset: boolean) => {
    rows.start(legs[0]!.time[0]!);
    for (const hours of legs) rows.add(hours, 0);
    return rows.end(isAsset ? new Identity() : null);
  };
  const groups: readonly (readonly LegOf[])[] = [
    [
      { venue: 'binance', f: [1e-5], mark: [100], index: [100], openInterest: [10] },
      { venue: 'bybit', f: [4e-5], mark: [130], index: [130] },
      { venue: 'hyperliquid', f: [NaN], mark: [101], over: { multiplier: 2 } },
    ],
    [{ venue: 'okx', f: [2e-5], mark: [50] }],
    [
      { venue: 'binance', f: [1e-5], mark: [100], openInterest: [10], over: { contract: 'inverse' } },
      { venue: 'bybit', f: [4e-5], mark: [90], openInterest: [3] },
      { venue: 'hyperliquid', f: [3e-5], mark: [10] },
    ],
  ];
  for (const legs of groups) {
    expect(laid(legs.map(leg), true)).toEqual(assetFrame(legs.map(leg), null));
    expect(laid(legs.map(leg), false)).toEqual(basketFrame(legs.map(leg), null));
  }
});

describe('one asset over its venues', () => {
  const three = asset(
    'bybit:BTC',
    { venue: 'binance', f: [1e-5], mark: [100], openInterest: [10] },
    { venue: 'bybit', f: [4e-5], mark: [101], openInterest: [30] },
    { venue: 'hyperliquid', f: [2e-5], mark: [99] },
  );

  test('spread names its pair; skew, dispersion and the weighted mean', () => {
    const audit = why(spread, three, 0);
    expect(audit.value).toBeCloseTo(3e-5, 18);
    expect(audit.notes).toEqual(['highest bybit:BTC, lowest binance:BTC']);
    expect(lastOf(skew, three)).toBeCloseTo(2e-5, 18);
    expect(lastOf(dispersion, three)).toBeCloseTo(Math.sqrt(7 / 3) * 1e-5, 15);
    expect(lastOf(assetFunding, three)).toBeCloseTo((1000 * 1e-5 + 3030 * 4e-5) / 4030, 15);
    expect(why(assetFunding, three, 0).parts).toMatchObject({ leftOut: 1 });
  });

  test('of fewer than two there is nothing to compare', () => {
    const one = asset('binance:BTC', { venue: 'binance', f: [1e-5] }, { venue: 'bybit', f: [NaN] });
    for (const metric of [spread, skew, dispersion]) expect(lastOf(metric, one)).toBe('too-few');
    expect(lastOf(assetFunding, one)).toBe('no-open-interest');
    expect(lastOf(skew, asset(null, { venue: 'binance', f: [1e-5] }, { venue: 'bybit', f: [2e-5] }))).toBe('too-few');
  });

  test('a price far from the median is another coin: left out, and told', () => {
    const shared = (subject: string) =>
      asset(
        subject,
        { venue: 'binance', f: [1e-5], mark: [100] },
        { venue: 'bybit', f: [2e-5], mark: [101] },
        { venue: 'hyperliquid', f: [9e-4], mark: [130] },
      );
    expect(lastOf(spread, shared('bybit:BTC'))).toBeCloseTo(1e-5, 18);
    expect(lastOf(skew, shared('hyperliquid:BTC'))).toBe('excluded');
  });

  test('after the multiplier: 1000PEPE and PEPE are one coin', () => {
    const pepe = asset(
      null,
      { venue: 'binance', f: [1e-5], mark: [0.01], over: { multiplier: 1000 } },
      { venue: 'bybit', f: [2e-5], mark: [0.00001] },
    );
    expect(lastOf(spread, pepe)).toBeCloseTo(1e-5, 18);
  });

  test('another coin does not come back in the hours in which it has no price, nor stays out once it has this one', () => {
    const hours = 32;
    const row = (value: (i: number) => number): number[] => Array.from({ length: hours }, (_, i) => value(i));
    const foreign = { venue: 'okx', f: row(() => 9e-5), mark: row((i) => (i % 8 > 0 ? NaN : i < 24 ? 160 : 100)) };
    const three = asset(
      null,
      { venue: 'binance', f: row(() => 1e-5), mark: row(() => 100) },
      { venue: 'bybit', f: row(() => 2e-5), mark: row(() => 101) },
      foreign,
    );
    expect(results(spread, three)).toEqual(row((i) => expect.closeTo(i < 24 ? 1e-5 : 8e-5, 15) as number));
    // No price tells for ever by a price of long ago.
    const once = asset(
      null,
      { venue: 'binance', f: row(() => 1e-5), mark: row(() => 100) },
      { venue: 'bybit', f: row(() => 2e-5), mark: row(() => 101) },
      { ...foreign, mark: row((i) => (i === 0 ? 160 : NaN)) },
    );
    expect(results(spread, once)).toEqual(row((i) => expect.closeTo(i <= 24 ? 1e-5 : 8e-5, 15) as number));
  });

  test('two that differ are both unconfirmed', () => {
    const two = asset('binance:BTC', { venue: 'binance', f: [1e-5], mark: [100] }, { venue: 'bybit', f: [2e-5], mark: [130] });
    for (const metric of [spread, skew, dispersion, assetFunding]) expect(lastOf(metric, two)).toBe('unconfirmed');
  });

  test('index divergence needs three venues, each counted once', () => {
    const indexed = (...index: readonly number[]) =>
      asset(
        null,
        ...index.map((price, i) => ({ venue: ['binance', 'bybit', 'hyperliquid', 'binance'][i]!, f: [1e-5], mark: [100], index: [price] })),
      );
    expect(lastOf(indexDivergence, indexed(100, 101, 110))).toBeCloseTo(Math.log(110 / 101), 12);
    expect(lastOf(indexDivergence, indexed(90, 100, 101, 150))).toBeCloseTo(Math.log(100 / 90), 12);
    expect(lastOf(indexDivergence, indexed(100, 101))).toBe('too-few');
  });

  test('the z-score of the spread is against its own days', () => {
    const f = Array.from({ length: 24 }, (_, i) => (i + 1) * 1e-6);
    const frame = asset(null, { venue: 'binance', f }, { venue: 'bybit', f: f.map(() => 0) });
    const mean = f.reduce((sum, x) => sum + x, 0) / 24;
    const sd = Math.sqrt(f.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 23);
    expect(lastOf(spreadZ, frame, { days: 1 })).toBeCloseTo((f[23]! - mean) / sd, 9);
    expect(results(spreadZ, frame, { days: 1 })[10]).toBe('warming-up');
    const same = asset(null, { venue: 'binance', f: f.map(() => 1e-5) }, { venue: 'bybit', f: f.map(() => 0) });
    expect(lastOf(spreadZ, same, { days: 1 })).toBe('flat');
  });

  test('instruments that begin and end at other hours share one line of hours', () => {
    const late = leg({ venue: 'bybit', f: [3e-5, 3e-5] });
    const early = leg({ venue: 'binance', f: [1e-5, 1e-5, 1e-5, 1e-5] });
    const moved = { ...late, time: late.time.map((_, i) => early.time[i + 1]!) };
    expect(results(spread, assetFrame([early, moved], null))).toEqual([
      'too-few',
      expect.closeTo(2e-5, 15),
      expect.closeTo(2e-5, 15),
      'too-few',
    ]);
    expect(assetFrame([], null).time.length).toBe(0);
  });
});

describe('a list of instruments', () => {
  const quiet = new Array<number>(15).fill(1e-5);
  const jumping = [...quiet.slice(3), 1e-3, 2e-3, 4e-3];
  const falling = jumping.map((x) => -x);
  const legs = [
    { venue: 'binance', f: jumping, mark: quiet.map(() => 100), openInterest: quiet.map(() => 10) },
    { venue: 'bybit', f: falling, mark: quiet.map(() => 100), openInterest: quiet.map(() => 30) },
    { venue: 'hyperliquid', f: quiet },
    { venue: 'nowhere', f: quiet },
  ];

  test('share of active signals, by side', () => {
    const frame = basket(null, ...legs);
    const share = (side: string) => lastOf(basketActive, frame, { side });
    expect([share('either'), share('short-bias'), share('long-bias')]).toEqual([0.5, 0.25, 0.25]);
    expect(results(basketActive, frame)[13]).toBe(0);
    expect(results(basketActive, frame)[0]).toBe('warming-up');
  });

  test('weighted funding and its own percentile', () => {
    expect(lastOf(basketFunding, basket(null, ...legs))).toBeCloseTo((1000 * 4e-3 - 3000 * 4e-3) / 4000, 12);
    expect(lastOf(basketFunding, basket(null, legs[2]!))).toBe('no-open-interest');
    const hours = 1100;
    const rising = Array.from({ length: hours }, (_, i) => i * 1e-7);
    const long = basket(null, { venue: 'binance', f: rising, mark: rising.map(() => 1), openInterest: rising.map(() => 1) });
    expect(lastOf(basketFundingRank, long)).toBeCloseTo((hours - 0.5) / hours, 12);
    expect(results(basketFundingRank, long)[1000]).toBe('warming-up');
  });

  test('divergence against the median of the list', () => {
    const own = lastOf(basketDivergence, basket('binance:BTC', ...legs)) as number;
    expect(own).toBeGreaterThan(1e-3);
    expect(lastOf(basketDivergence, basket('nowhere:BTC', ...legs))).toBe(0);
    expect(lastOf(basketDivergence, basket('binance:BTC', legs[0]!))).toBe('too-few');
  });
});
