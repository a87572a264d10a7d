import { expect, test } from 'vitest';
import type { Counted, ContractTerms } from '#domain/amounts.ts';
import type { AssetClass } from '#domain/instrument.ts';
import { takeSize } from '#node/venues/common/amounts.ts';
import { convertedInterest, keptPerpetuals, type ListedTerms, perpetual, perpetualOf } from '#node/venues/common/poll.ts';
import { type Draft, takeLimits } from '#node/venues/common/snapshot.ts';

const draft = (mark: number | null = 50_000): Draft => ({
  symbol: 'BTCUSD',
  rate: 0.0001,
  intervalH: 8,
  nextFundingAt: null,
  mark,
  index: 50_010,
  openInterest: null,
  volume24h: null,
  interestPer8h: 0.0001,
});

test('limits that a row does not state are left out of the snapshot, and those that it says it has none of are null', () => {
  const row = draft();
  takeLimits(row, undefined, undefined);
  expect(row).toStrictEqual(draft());
  takeLimits(row, 0.02, null);
  expect(row).toStrictEqual({ ...draft(), cap: 0.02, floor: null });
});

test('amounts are told in one unit each, with what told them so or why nothing could', () => {
  const sized = (terms: ContractTerms, mark: number | null, counted: Counted = 'contracts'): Draft => {
    const row = draft(mark);
    takeSize(row, terms, mark, 1_000, counted, 2_000, counted);
    return row;
  };
  // 100,000 USD of open interest are 2 BTC at 50,000; the volume is in USD already.
  const inverse = { contract: 'inverse', contractSize: 100 } as const;
  expect(sized(inverse, 50_000)).toStrictEqual({ ...draft(), openInterest: 2, volume24h: 200_000, convertedByMark: ['openInterest'] });
  expect(sized({ contract: 'linear', contractSize: 0.01 }, 50_000)).toStrictEqual({
    ...draft(),
    ...{ openInterest: 10, volume24h: 1_000_000, convertedByMark: ['volume24h'] },
  });
  const bySize = { unconverted: { openInterest: 'no-contract-size', volume24h: 'no-contract-size' } };
  expect(sized({ contract: 'linear', contractSize: null }, 50_000)).toStrictEqual({ ...draft(), ...bySize });
  expect(sized(inverse, null)).toStrictEqual({ ...draft(null), volume24h: 200_000, unconverted: { openInterest: 'no-price' } });
  const unstated = draft();
  takeSize(unstated, inverse, 50_000, null, 'contracts', null, 'contracts');
  expect(unstated).toStrictEqual(draft());
});

test('a converted interest is rounded to what can have been meant, row after row', () => {
  const rows = [0.0003, 0.0003, 0.001, 0, 0.0003].map((perDay) => convertedInterest(perDay / 3));
  expect(rows).toEqual([0.0001, 0.0001, 0.000333333333333, 0, 0.0001]);
});

test('the instrument of a listing that is kept is made once, and is what its words say', () => {
  const listing = { base: '1000PEPE', quote: 'USDT', settle: 'USDT' };
  const own = { venue: 'binance', symbol: '1000PEPEUSDT' };
  const made = perpetualOf(listing, own);
  expect(made).toStrictEqual(perpetual({ ...listing, ...own }));
  expect(made).toMatchObject({ asset: 'PEPE', multiplier: 1000 });
  expect(perpetualOf(listing, own)).toBe(made);
});

test('it is made anew when a list of its own says another class of it', () => {
  const listing = { base: 'TSLA', quote: 'USDT', settle: 'USDT' };
  const own = (assetClass: AssetClass | null) => ({ venue: 'bitget', symbol: 'TSLAUSDT', assetClass });
  expect(perpetualOf(listing, own(null)).assetClass).toBeNull();
  const made = perpetualOf(listing, own('equity'));
  expect(made.assetClass).toBe('equity');
  expect(perpetualOf(listing, own('equity'))).toBe(made);
});

test('of a list that is read anew at every poll an instrument is made once, until any of its words is another', () => {
  const terms: ListedTerms = {
    ...{ base: '1000PEPE', quote: 'USDT', settle: 'USDT', contract: 'linear', contractSize: 1 },
    ...{ assetClass: 'crypto', listedAt: 1_600_000_000_000, delistedAt: null },
  };
  const of = keptPerpetuals('kucoin');
  const made = of('1000PEPEUSDTM', terms);
  expect(made).toStrictEqual(perpetual({ ...terms, venue: 'kucoin', symbol: '1000PEPEUSDTM' }));
  expect(of('1000PEPEUSDTM', { ...terms })).toBe(made);
  const others: Partial<ListedTerms>[] = [
    ...[{ base: 'PEPE' }, { quote: 'USDC' }, { settle: 'USDC' }, { contract: 'inverse' as const }, { contractSize: 10 }],
    ...[{ assetClass: 'equity' as const }, { listedAt: null }, { delistedAt: 1_900_000_000_000 }],
  ];
  for (const other of others) {
    const said = { ...terms, ...other };
    expect(of('1000PEPEUSDTM', said)).toStrictEqual(perpetual({ ...said, venue: 'kucoin', symbol: '1000PEPEUSDTM' }));
    of('1000PEPEUSDTM', terms);
  }
});
