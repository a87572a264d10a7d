import { expect, test } from 'vitest';
import type { MatrixCell, MatrixRow } from '#bridge/contract.ts';
import { matrixTable } from '#renderer/features/exports/tables.ts';

const AT = Date.UTC(2026, 10, 30, 9);
const cell = (instrument: string, over: Partial<MatrixCell>): MatrixCell => ({
  ...{ instrument, venue: instrument.slice(0, instrument.indexOf(':')), f: null, d: null, observedAt: null, left: null },
  ...{ openInterest: null, volume24h: null, least: null, greatest: null, isOutlier: false, slippage: null, noSlippage: null },
  ...over,
});
const row: MatrixRow = {
  asset: 'BTC',
  cells: [
    cell('a:BTCUSDT', { f: 5e-5, d: 1e-5, observedAt: AT - 60_000, openInterest: 3e6, volume24h: 2e6, least: 1e-5, greatest: 6e-5 }),
    cell('b:BTCUSDT', { f: 2e-5, isOutlier: true }),
    cell('c:BTCUSDT', { left: 'stale' }),
  ],
  ...{ spread: 3e-5, short: 'a:BTCUSDT', long: 'b:BTCUSDT', reason: null, median: 3.5e-5, dispersion: 1.5e-5 },
};
const netOf = () => ({ short: 'a:BTCUSDT', long: 'b:BTCUSDT', income: 0.002, cost: 0.0015, net: 0.0005, feesOnly: ['b:BTCUSDT'] });
const look = { size: 10_000, holdH: 24 };
const read = (at: number | null, isVenueTime = false): Record<string, readonly (string | number)[]> =>
  Object.fromEntries(matrixTable([row], { at, isVenueTime, look, netOf }).columns.map(({ name, values }) => [name, [...values]]));

test('a line a cell, with all that the matrix shows of it and of its row', () => {
  const of = read(null);
  expect(of['instrument']).toEqual(['a:BTCUSDT', 'b:BTCUSDT', 'c:BTCUSDT']);
  expect(of['f']).toEqual([5e-5, 2e-5, NaN]);
  // Above the median of the row: 5 - 3.5 and 2 - 3.5.
  expect(of['skew']?.map((value) => Math.round(Number(value) * 1e7))).toEqual([150, -150, NaN]);
  expect(of['outlier']).toEqual(['', 'yes', '']);
  expect([of['least'], of['greatest'], of['open_interest'], of['volume_24h']].map((all) => all?.[0])).toEqual([1e-5, 6e-5, 3e6, 2e6]);
  expect(of['left_out']).toEqual(['', '', 'stale']);
  expect([of['median'], of['dispersion'], of['spread'], of['net']].map((all) => all?.[2])).toEqual([3.5e-5, 1.5e-5, 3e-5, 0.0005]);
  expect([of['net_short'], of['net_long'], of['net_of_fees_alone']].map((all) => all?.[0])).toEqual([
    'a:BTCUSDT',
    'b:BTCUSDT',
    'b:BTCUSDT',
  ]);
  expect(of['as_of']).toBeUndefined();
});

test('of a past hour it says which, and whether it was recorded then', () => {
  expect(read(AT)['as_of']).toEqual([AT, AT, AT]);
  expect(read(AT)['as_of_is']?.[0]).toBe('as recorded');
  expect(read(AT, true)['as_of_is']?.[0]).toBe('venue time');
  expect(matrixTable([row], { at: AT, isVenueTime: false, look, netOf }).name).toBe('matrix 2026-11-30T0900');
});
