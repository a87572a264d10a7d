import { describe, expect, it } from 'vitest';
import { columnsOf } from '#renderer/features/watchlist/columns.ts';
import { addSort, type Entry, leftOutWords, matches, nextSort, sorted } from '#renderer/features/watchlist/order.ts';
import { rowOf } from '../row.ts';

const entry = (asset: string, f: number | null): Entry => {
  const row = rowOf({ f });
  return { id: `binance:${asset}`, row: { ...row, instrument: { ...row.instrument, id: `binance:${asset}`, asset } } };
};
const columns = columnsOf([{ metric: 'score', params: {} }], ['c1']);
const list = [entry('TAO', 2), entry('FET', null), entry('ARKM', -1), { id: 'okx:NEW', row: null }, entry('IO', 5)];
const NOW = rowOf({}).observedAt ?? 0;
const MINUTE = 60_000;
const at = (): number => NOW;
const ids = (entries: readonly Entry[]): string[] => entries.map(({ id }) => id.split(':')[1] ?? '');

it('open interest that is asked for beside the polls has an age of its own', () => {
  const interest = columnsOf([{ metric: 'open-interest', params: {} }], ['c1']);
  const key = interest.find(({ metric }) => metric !== undefined)?.key ?? 'rate';
  const held = (asset: string, value: number, ageMs: number): Entry => {
    const one = entry(asset, 0);
    const cells = { c1: { value, reason: null, word: '' } };
    return { ...one, row: one.row && { ...one.row, cells, observedAt: NOW, openInterestAt: NOW - ageMs } };
  };
  const rows = [held('OLD', 900, 31 * MINUTE), held('SMALL', 5, MINUTE), held('LARGE', 70, 15 * MINUTE)];
  const ranking = sorted(rows, { key, descending: true }, interest, at);
  expect(ids(ranking.entries)).toEqual(['LARGE', 'SMALL', 'OLD']);
  expect(leftOutWords(ranking)).toBe('1 of 3 not ranked: 1 is older than 30 min');
});

it('of equal figures the next column decides, each in its own direction', () => {
  const of = (asset: string, intervalH: number, f: number | null): Entry => {
    const one = entry(asset, f);
    return { ...one, row: one.row && { ...one.row, intervalH } };
  };
  const rows = [of('A', 8, 1), of('B', 4, 1), of('C', 8, null), of('D', 4, 3), of('E', 8, 2)];
  const byInterval = { key: 'interval', descending: true } as const;
  const order = (rate: Parameters<typeof sorted>[1]): string[] => ids(sorted(rows, byInterval, columns, at, rate ? [rate] : []).entries);
  expect(order({ key: 'rate', descending: true })).toEqual(['E', 'A', 'C', 'D', 'B']);
  expect(order({ key: 'rate', descending: false })).toEqual(['A', 'E', 'C', 'B', 'D']);
  expect(order({ key: 'asset', descending: false })).toEqual(['A', 'C', 'E', 'B', 'D']);

  const rate = { key: 'rate', signed: true } as const;
  const two = addSort([byInterval], rate);
  expect(two).toEqual([byInterval, { key: 'rate', descending: true, size: true }]);
  expect(addSort(two, rate)).toEqual([byInterval, { key: 'rate', descending: true }]);
  expect(addSort([byInterval, { key: 'rate', descending: false }], rate)).toEqual([byInterval]);
});

it('volumes are compared in USD, and what no dollar tells is left out', () => {
  const traded = (asset: string, quote: string, volume24h: number | null): Entry => {
    const row = rowOf({ volume24h, observedAt: NOW });
    return { id: `binance:${asset}`, row: { ...row, instrument: { ...row.instrument, asset, quote, settle: quote } } };
  };
  const all = [traded('A', 'USDT', 5e6), traded('B', 'BTC', 9e9), traded('C', 'USDC', 8e6), traded('D', 'USD', null)];
  const ranking = sorted(all, { key: 'volume', descending: true }, columnsOf([], [], true), at);
  expect(ids(ranking.entries)).toEqual(['C', 'A', 'B', 'D']);
  expect(leftOutWords(ranking)).toBe('2 of 4 not ranked: 2 have no value');
});

describe('sorting', () => {
  it('figures with a sign go by size, downward, upward, own order; text upward first', () => {
    const rate = { key: 'rate', signed: true } as const;
    const first = nextSort(null, rate);
    expect(first).toEqual({ key: 'rate', descending: true, size: true });
    const second = nextSort(first, rate);
    expect(second).toEqual({ key: 'rate', descending: true });
    const third = nextSort(second, rate);
    expect(third).toEqual({ key: 'rate', descending: false });
    expect(nextSort(third, rate)).toBeNull();
    expect(nextSort(third, { key: 'asset' })).toEqual({ key: 'asset', descending: false });
    expect(nextSort(first, { key: 'age' })).toEqual({ key: 'age', descending: true });
  });

  it('by size the most crowded of both sides is first', () => {
    const crowded = [entry('TAO', 2), entry('FET', -9), entry('ARKM', -1), entry('NONE', null), entry('IO', 5)];
    expect(ids(sorted(crowded, { key: 'rate', descending: true, size: true }, columns, at).entries)).toEqual([
      'FET',
      'IO',
      'TAO',
      'ARKM',
      'NONE',
    ]);
  });

  it('puts what is not known last in both directions and leaves the list alone', () => {
    expect(ids(sorted(list, { key: 'rate', descending: true }, columns, at).entries)).toEqual(['IO', 'TAO', 'ARKM', 'FET', 'NEW']);
    expect(ids(sorted(list, { key: 'rate', descending: false }, columns, at).entries)).toEqual(['ARKM', 'TAO', 'IO', 'FET', 'NEW']);
    expect(ids(sorted(list, { key: 'asset', descending: false }, columns, at).entries)).toEqual(['ARKM', 'FET', 'IO', 'TAO', 'NEW']);
    expect(sorted(list, null, columns, at).entries).toBe(list);
  });

  it('says how many rows it leaves out: those without a value, and those with one that is older than 30 minutes', () => {
    const seen = (asset: string, f: number | null, ageMs: number): Entry => {
      const one = entry(asset, f);
      return { ...one, row: one.row && { ...one.row, observedAt: NOW - ageMs } };
    };
    const dated = [seen('TAO', 2, 0), seen('FET', 9, 31 * MINUTE), seen('ARKM', -1, 30 * MINUTE), seen('LOST', null, 40 * MINUTE)];
    const score = columns.find(({ metric }) => metric !== undefined);
    const rate = sorted(dated, { key: 'rate', descending: true }, columns, at);
    expect(ids(rate.entries)).toEqual(['TAO', 'ARKM', 'FET', 'LOST']);
    expect(leftOutWords(rate)).toBe('2 of 4 not ranked: 1 has no value, 1 is older than 30 min');
    const upward = sorted(dated, { key: 'rate', descending: false }, columns, at);
    expect(ids(upward.entries)).toEqual(['ARKM', 'TAO', 'FET', 'LOST']);
    expect(leftOutWords(sorted(dated, { key: score?.key ?? 'asset', descending: true }, columns, at))).toBe(
      '4 of 4 not ranked: 4 have no value',
    );
    // Names and ages are no values of now.
    for (const key of ['asset', 'age'] as const) expect(leftOutWords(sorted(dated, { key, descending: true }, columns, at))).toBeNull();
  });
});

it('the filter wants every word, in asset, symbol or venue', () => {
  const name = (id: string): string => (id === 'binance' ? 'Binance USD-M' : id);
  expect(matches(entry('TAO', 1), 'tao usd', name)).toBe(true);
  expect(matches(entry('TAO', 1), 'tao bybit', name)).toBe(false);
  expect(matches({ id: 'okx:NEW', row: null }, 'okx', name)).toBe(true);
  expect(matches(entry('TAO', 1), '  ', name)).toBe(true);
});
