import { describe, expect, test } from 'vitest';
import { assetFunding } from '#domain/metrics/catalog/asset-funding.ts';
import { basketFunding } from '#domain/metrics/catalog/basket-funding.ts';
import { fundingMoney } from '#domain/metrics/catalog/funding-money.ts';
import { indexDivergence } from '#domain/metrics/catalog/index-divergence.ts';
import { regime } from '#domain/metrics/catalog/regime.ts';
import { spread } from '#domain/metrics/catalog/spread.ts';
import { stress } from '#domain/metrics/catalog/stress.ts';
import type { FrameInstrument, HourFrame } from '#domain/metrics/frames/frames.ts';
import { assetFrame, basketFrame, GroupRow } from '#domain/metrics/frames/group.ts';
import { emptyHourFrame, hourFrame } from '#domain/metrics/frames/hour.ts';
import { Identity } from '#domain/metrics/frames/identity.ts';
import { lastOf, results, why } from './evaluated.ts';
import { btc, column, hoursOf, noHours, noPrices } from './market.ts';

/** BTC in contracts of USD, settled in BTC; and ETH priced in BTC. */
const COIN_M: Partial<FrameInstrument> = { contract: 'inverse', money: 'USD' };
const leg = (venue: string, over: Partial<FrameInstrument>, f: number, columns: Parameters<typeof hoursOf>[1]): HourFrame => ({
  ...hoursOf([f], columns),
  instrument: btc(venue, over),
});

describe('open interest of inverse contracts', () => {
  // 5,000,000 USD of contracts, held while the price falls from 50,000 to 40,000 and comes back: 100, 125, 100 coins.
  const marks = [50_000, 40_000, 50_000];
  const held = marks.map(() => 5_000_000);
  const frame = {
    ...hoursOf([1e-5, 1e-5, 1e-5], { mark: marks, openInterest: marks.map((mark, i) => held[i]! / mark) }),
    instrument: btc('binance', COIN_M),
  };

  test('is worth its money: funding in money is rate x contracts', () => {
    expect(results(fundingMoney, frame)).toEqual([0, 1, 2].map((): unknown => expect.closeTo(1e-5 * 24 * 5_000_000, 9)));
  });
  test('does not change because the price does: neither new longs nor anybody leaving', () => {
    expect(results(regime, frame, { hours: 1 })).toEqual(['warming-up', 'flat', 'flat']);
    // 1/3 of a coin is rounded: what comes of it is no position that was opened.
    const odd = [30_000, 70_001.7, 90_013.3];
    const rounded = {
      ...hoursOf([1e-5, 1e-5, 1e-5], { mark: odd, openInterest: odd.map((mark) => 1_000_010 / mark) }),
      instrument: btc('binance', COIN_M),
    };
    expect(results(regime, rounded, { hours: 1 }).slice(1)).toEqual(['flat', 'flat']);
    expect(why(regime, frame, 2, { hours: 1 }).notes.join()).toContain('compared in USD');
  });
  test('grows with contracts that are opened, though it is fewer coins', () => {
    const rising = { ...hoursOf([1e-5, 1e-5], { mark: [50_000, 60_000], openInterest: [100, 90] }), instrument: btc('binance', COIN_M) };
    expect(why(regime, rising, 1, { hours: 1 }).word).toBe('new longs, longs pay');
  });
  test('stress ranks the change of contracts, in the batch as in the steps', () => {
    const hours = 1300;
    const mark = Array.from({ length: hours }, (_, i) => 50_000 * (1 + 0.1 * Math.sin(i / 7)));
    const money = Array.from({ length: hours }, (_, i) => 1e6 * (1 + 0.01 * Math.sin(i / 31)));
    const f = mark.map((_, i) => 1e-5 * Math.sin(i / 11));
    const columns = { mark, index: mark.map((one) => one * 1.0001), openInterest: money.map((one, i) => one / mark[i]!) };
    const coin = { ...hoursOf(f, columns), instrument: btc('binance', COIN_M) };
    // The same contracts counted in units of a linear contract that is one USD.
    const plain = {
      ...hoursOf(f, { ...columns, openInterest: money.map((one) => Number(one.toPrecision(12))) }),
      instrument: btc('binance'),
    };
    expect(lastOf(stress, coin)).toBe(lastOf(stress, plain));
    expect(why(stress, coin, hours - 1).value).toBe(lastOf(stress, coin));
  });
  test('is at the mark of the row that stated it, also where a candle gives the prices of the hour', () => {
    const t = hoursOf([1e-5]).time;
    const hours = {
      ...noHours,
      close: t,
      observedAt: t,
      rate: column([1e-5]),
      intervalH: column([1]),
      mark: column([50_000]),
      index: column([NaN]),
      openInterest: column([100]),
      premium: column([NaN]),
      coverage: column([NaN]),
    };
    const prices = { close: t, mark: column([51_000]), index: column([51_010]) };
    const built = hourFrame(
      btc('binance', COIN_M),
      { settled: { key: column([]), rate: column([]), intervalH: column([]) }, hours, prices },
      null,
      t[0]!,
    );
    expect(built.mark[0]).toBe(51_000);
    expect(built.openInterestQuote[0]).toBe(5_000_000);
    expect(emptyHourFrame(btc('binance'), 1).openInterestQuote[0]).toBeNaN();
    expect(noPrices.close.length).toBe(0);
  });
});

describe('weights across money', () => {
  const usdt = leg('binance', {}, 1e-5, { mark: [50_000], index: [50_000], openInterest: [100] });
  const coin = leg('bybit', COIN_M, 3e-5, { mark: [50_000], index: [50_100], openInterest: [60] });
  const thousands = leg('okx', { multiplier: 1000, money: 'USDC' }, 2e-5, {
    mark: [50_000_000],
    index: [50_050_000],
    openInterest: [0.04],
  });
  // One coin is 20 of another: 30 coins at the median index of the others, 50,050 USD.
  const other = leg('gate', { money: 'ETH' }, 9e-5, { mark: [20], index: [20], openInterest: [30] });

  test('an inverse instrument weighs with its money, one in other money with its coins at the index of the others', () => {
    const [a, b, c, d] = [100 * 50_000, 60 * 50_000, 0.04 * 50_000_000, 30 * 50_050];
    const frame = assetFrame([usdt, coin, thousands, other], null);
    expect(lastOf(assetFunding, frame)).toBeCloseTo((a * 1e-5 + b * 3e-5 + c * 2e-5 + d * 9e-5) / (a + b + c + d), 15);
    expect(why(assetFunding, frame, 0).parts).toMatchObject({ leftOut: 0 });
  });
  test('a price in other money is neither another coin nor a fault of the feed', () => {
    const frame = assetFrame([usdt, coin, thousands, other], null);
    expect(lastOf(spread, frame)).toBeCloseTo(8e-5, 15);
    expect(lastOf(indexDivergence, frame)).toBeCloseTo(Math.log(50_050 / 50_000), 12);
    // Of two, too: not "unconfirmed".
    expect(lastOf(spread, assetFrame([usdt, other], null))).toBeCloseTo(8e-5, 15);
  });
  test('money that no index tells is left out and counted', () => {
    const alone = basketFrame([leg('binance', { asset: 'SOL' }, 1e-5, { mark: [100], openInterest: [10] }), other], null);
    expect(lastOf(basketFunding, alone)).toBeCloseTo(1e-5, 15);
    expect(why(basketFunding, alone, 0).parts).toMatchObject({ leftOut: 1 });
  });
  test('the row in progress is laid out as a closed one', () => {
    const legs = [usdt, coin, thousands, other];
    const rows = new GroupRow();
    for (const isAsset of [true, false]) {
      rows.start(usdt.time[0]!);
      for (const hours of legs) rows.add(hours, 0);
      expect(rows.end(isAsset ? new Identity() : null)).toEqual((isAsset ? assetFrame : basketFrame)(legs, null));
    }
  });
});

test('funding in money: in USD where its money is, else in quote money where that is asked for', () => {
  const btcMoney = leg('binance', { asset: 'ETH', money: 'BTC' }, 1e-5, { mark: [0.05], openInterest: [1000] });
  expect(lastOf(fundingMoney, btcMoney)).toBe('no-usd');
  expect(lastOf(fundingMoney, btcMoney, { money: 'quote' })).toBeCloseTo(1e-5 * 24 * 1000 * 0.05, 15);
  expect(why(fundingMoney, btcMoney, 0).wants).toContain('it is counted in BTC');
});
