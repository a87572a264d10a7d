import { expect, test } from 'vitest';
import { createListings } from '#core/listings.ts';
import type { VenuePoll } from '#core/venue.ts';
import { type Instrument, newInstrument } from '#domain/instrument.ts';

const contract = (symbol: string, settle: string, kind: Instrument['contract'] = 'linear'): Instrument =>
  newInstrument({ venue: 'alpha', symbol, asset: symbol, quote: 'USD', settle, contract: kind });
const answer = (instruments: readonly Instrument[], more: Partial<VenuePoll> = {}): VenuePoll => ({
  venueTime: null,
  instruments,
  snapshots: instruments.map(({ symbol }) => ({
    ...{ symbol, rate: 0.0001, intervalH: 8, nextFundingAt: null, mark: 1, index: 1 },
    ...{ openInterest: 1, volume24h: 1, interestPer8h: 0.0001 },
  })),
  refused: [],
  ...more,
});

test('what stands in a list that failed is not delisted, however long that lasts; what another list lacks is', () => {
  const linear = Array.from({ length: 30 }, (_, i) => contract(`A${i}USDT`, 'USDT'));
  const inCoin = ['A0USD', 'A1USD'].map((symbol) => contract(symbol, symbol.slice(0, 2), 'inverse'));
  const listings = createListings();
  let at = Date.UTC(2026, 10, 1);
  const take = (poll: VenuePoll): readonly string[] => {
    const change = listings.compare('alpha', poll, (at += 30_000));
    listings.apply('alpha', poll, at, change);
    return change.delisted.map(({ symbol }) => symbol);
  };
  take(answer([...linear, ...inCoin]));
  const failing = answer(linear.slice(1), { untold: [{ contract: 'inverse' }] });
  expect([1, 2, 3, 4, 5].map(() => take(failing))).toEqual([[], [], ['A0USDT'], [], []]);
  expect(inCoin.map(({ id }) => listings.get(id)?.missing)).toEqual([0, 0]);
  expect(listings.get('alpha:A0USD')?.instrument.delistedAt).toBeNull();
});

test('what begins as a part that was not asked is not delisted, what a part lacks that answered is', () => {
  const all = [
    ...Array.from({ length: 30 }, (_, i) => contract(`xyz:A${i}`, 'USDC')),
    contract('flx:A0', 'USDH'),
    contract('flx:A1', 'USDH'),
  ];
  const listings = createListings();
  let at = Date.UTC(2026, 10, 1);
  const take = (poll: VenuePoll): readonly string[] => {
    const change = listings.compare('alpha', poll, (at += 30_000));
    listings.apply('alpha', poll, at, change);
    return change.delisted.map(({ symbol }) => symbol);
  };
  take(answer(all));
  const without = answer(
    all.filter(({ symbol }) => symbol.startsWith('xyz:') && symbol !== 'xyz:A7'),
    { untold: [{ prefix: 'flx:' }] },
  );
  expect([1, 2, 3, 4].map(() => take(without))).toEqual([[], [], ['xyz:A7'], []]);
  expect(listings.get('alpha:flx:A0')?.missing).toBe(0);
});
