import { expect, test } from 'vitest';
import type { WatchRow } from '#bridge/contract.ts';
import { newInstrument } from '#domain/instrument.ts';
import type { RateUnit } from '#domain/units.ts';
import { columnsOf } from '#renderer/features/watchlist/columns.ts';
import { found, openWords, queryOf } from '#renderer/features/watchlist/filtering.ts';
import type { Entry } from '#renderer/features/watchlist/order.ts';
import { rowOf } from '../row.ts';

const MINUTE = 60_000;
const NOW = 100 * MINUTE;
const columns = columnsOf(
  [
    { metric: 'funding-rank', params: {} },
    { metric: 'price-change', params: { hours: 1 } },
  ],
  ['c0', 'c1'],
);

function entry(symbol: string, asset: string, quote: string, over: Partial<WatchRow>): Entry {
  const instrument = newInstrument({ venue: 'okx', symbol, asset, quote, settle: quote });
  return { id: instrument.id, row: rowOf({ instrument, observedAt: NOW, nextFundingAt: NOW + 20 * MINUTE, ...over }) };
}
const cells = (rank: number, change: number): WatchRow['cells'] => ({
  c0: { value: rank, reason: null, word: '' },
  c1: { value: change, reason: null, word: '' },
});
const all = [
  // 0.01 % per hour is 0.08 % per 8 h; 2,000 coins at 10 are 20,000 USD.
  entry('A', 'AAA', 'USDT', { f: 0.0001, d: 0.0001, mark: 10, openInterest: 2_000, volume24h: 3e6, cells: cells(0.97, -0.05) }),
  entry('B', 'BBB', 'USDC', { f: -0.0004, d: -0.0004, mark: 1, openInterest: 5e7, volume24h: null, intervalH: 1, cells: cells(0.5, 0.02) }),
  entry('C', 'CCC', 'BTC', { f: 0, d: null, mark: 1, openInterest: 1e9, volume24h: 9e9, cells: {} }),
  entry('D', 'DDD', 'USDT', { f: 0.001, d: 0.001, observedAt: NOW - 31 * MINUTE, openInterest: 9e9, volume24h: 9e9, cells: {} }),
];
function ask(text: string, unit: RateUnit = '8h') {
  const query = queryOf(text, columns, all[0]?.row ?? null);
  const venueName = (): string => 'OKX';
  const result = found(all, query, () => ({ unit, zone: 'utc', now: NOW, venueName, alerts: [], showsLater: false }));
  return {
    fault: query.fault,
    open: result.open,
    words: openWords(result),
    assets: result.entries.map(({ row }) => row?.instrument.asset),
  };
}

test('figures are compared as the screen shows them, in the unit of the screen', () => {
  expect(ask('d > 0.05').assets).toEqual(['AAA']);
  expect(ask('d > 0.05', '1h').assets).toEqual([]);
  expect(ask('d > 0.005', '1h').assets).toEqual(['AAA']);
  expect(ask('|rate| > 0.05').assets).toEqual(['AAA', 'BBB']);
  expect(ask('rate = 0.08').assets).toEqual(['AAA']);
});

test('what is unknown or older than 30 minutes is left out, and counted', () => {
  // CCC has no D; that of DDD is old.
  expect(ask('d > 0.05')).toMatchObject({ open: 2, words: '2 left out by the filter: without a value, or one older than 30 min' });
  // Money of CCC is bitcoin: no dollar tells it. DDD is old.
  expect(ask('oi > 10k')).toMatchObject({ assets: ['AAA', 'BBB'], open: 2 });
  expect(ask('oi > 1m').assets).toEqual(['BBB']);
  expect(ask('volume > 1m')).toMatchObject({ assets: ['AAA'], open: 3 });
  expect(ask('asset = aaa')).toMatchObject({ assets: ['AAA'], open: 0, words: null });
});

test('chosen columns go by their names, short ones too', () => {
  expect(ask('funding-percentile > 95').assets).toEqual(['AAA']);
  expect(ask('pctl <= 50').assets).toEqual(['BBB']);
  expect(ask('change < -1').assets).toEqual(['AAA']);
  expect(ask('price-change-1h > 1%').assets).toEqual(['BBB']);
  expect(ask('score > 1').fault).toMatchObject({ at: 0 });
  // A text that cannot be read leaves the list as it is.
  expect(ask('score > 1').assets).toHaveLength(4);
});

test('words, ages and intervals', () => {
  expect(ask('bbb usdc').assets).toEqual(['BBB']);
  expect(ask('quote = usdt and age > 10m').assets).toEqual(['DDD']);
  expect(ask('int = 1h or asset ~ cc').assets).toEqual(['BBB', 'CCC']);
  expect(ask('next < 30m and venue = okx').assets).toEqual(['AAA', 'BBB', 'CCC', 'DDD']);
  expect(ask('signal = active').assets).toEqual([]);
});
