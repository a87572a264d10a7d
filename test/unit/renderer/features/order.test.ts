import { describe, expect, it } from 'vitest';
import { columnsOf } from '#renderer/features/watchlist/columns.ts';
import { type Entry, matches, nextSort, sorted } from '#renderer/features/watchlist/order.ts';
import { rowOf } from '../row.ts';

const entry = (asset: string, f: number | null): Entry => {
  const row = rowOf({ f });
  return { id: `binance:${asset}`, row: { ...row, instrument: { ...row.instrument, id: `binance:${asset}`, asset } } };
};
const columns = columnsOf([{ metric: 'score', params: {} }], ['c1']);
const list = [entry('TAO', 2), entry('FET', null), entry('ARKM', -1), { id: 'okx:NEW', row: null }, entry('IO', 5)];
const ids = (entries: readonly Entry[]): string[] => entries.map(({ id }) => id.split(':')[1] ?? '');

describe('sorting', () => {
  it('goes natural, reversed, own order', () => {
    const first = nextSort(null, 'rate');
    expect(first).toEqual({ key: 'rate', descending: true });
    const second = nextSort(first, 'rate');
    expect(second).toEqual({ key: 'rate', descending: false });
    expect(nextSort(second, 'rate')).toBeNull();
    expect(nextSort(second, 'asset')).toEqual({ key: 'asset', descending: false });
  });

  it('puts what is not known last in both directions and leaves the list alone', () => {
    expect(ids(sorted(list, { key: 'rate', descending: true }, columns))).toEqual(['IO', 'TAO', 'ARKM', 'FET', 'NEW']);
    expect(ids(sorted(list, { key: 'rate', descending: false }, columns))).toEqual(['ARKM', 'TAO', 'IO', 'FET', 'NEW']);
    expect(ids(sorted(list, { key: 'asset', descending: false }, columns))).toEqual(['ARKM', 'FET', 'IO', 'TAO', 'NEW']);
    expect(sorted(list, null, columns)).toBe(list);
  });
});

it('the filter wants every word, in asset, symbol or venue', () => {
  const name = (id: string): string => (id === 'binance' ? 'Binance USD-M' : id);
  expect(matches(entry('TAO', 1), 'tao usd', name)).toBe(true);
  expect(matches(entry('TAO', 1), 'tao bybit', name)).toBe(false);
  expect(matches({ id: 'okx:NEW', row: null }, 'okx', name)).toBe(true);
  expect(matches(entry('TAO', 1), '  ', name)).toBe(true);
});
