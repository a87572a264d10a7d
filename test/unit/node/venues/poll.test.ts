import { expect, test } from 'vitest';
import { UNSTATED } from '#node/venues/common/amounts.ts';
import { convertedInterest, perpetual, perpetualOf } from '#node/venues/common/poll.ts';
import { snapshotOf, type StatedRow } from '#node/venues/common/snapshot.ts';

const row: StatedRow = {
  symbol: 'BTCUSD',
  rate: 0.0001,
  intervalH: 8,
  intervalIsGuess: false,
  nextFundingAt: null,
  mark: 50_000,
  index: 50_010,
  premium: undefined,
  terms: { contract: 'inverse', contractSize: 100 },
  openInterest: UNSTATED,
  volume24h: UNSTATED,
  interestPer8h: 0.0001,
  interestUnread: false,
  cap: undefined,
  floor: undefined,
};
const plain = {
  symbol: 'BTCUSD',
  rate: 0.0001,
  intervalH: 8,
  nextFundingAt: null,
  mark: 50_000,
  index: 50_010,
  openInterest: null,
  volume24h: null,
  interestPer8h: 0.0001,
};

test('a snapshot has what the row states and nothing else', () => {
  expect(snapshotOf(row)).toStrictEqual(plain);
  const said = { intervalIsGuess: true, premium: null, interestPer8h: null, interestUnread: true, cap: 0.02, floor: null } as const;
  expect(snapshotOf({ ...row, ...said })).toStrictEqual({ ...plain, ...said });
});

test('amounts are told in one unit each, with what told them so or why nothing could', () => {
  const contracts = { openInterest: { amount: 1_000, counted: 'contracts' }, volume24h: { amount: 2_000, counted: 'contracts' } } as const;
  // 100,000 USD of open interest are 2 BTC at 50,000; the volume is in USD already.
  const inverse = { openInterest: 2, volume24h: 200_000, convertedByMark: ['openInterest'] };
  expect(snapshotOf({ ...row, ...contracts })).toStrictEqual({ ...plain, ...inverse });
  const linear = { openInterest: 10, volume24h: 1_000_000, convertedByMark: ['volume24h'] };
  expect(snapshotOf({ ...row, ...contracts, terms: { contract: 'linear', contractSize: 0.01 } })).toStrictEqual({ ...plain, ...linear });
  const bySize = { unconverted: { openInterest: 'no-contract-size', volume24h: 'no-contract-size' } };
  expect(snapshotOf({ ...row, ...contracts, terms: { contract: 'linear', contractSize: null } })).toStrictEqual({ ...plain, ...bySize });
  const byPrice = { mark: null, volume24h: 200_000, unconverted: { openInterest: 'no-price' } };
  expect(snapshotOf({ ...row, ...contracts, mark: null })).toStrictEqual({ ...plain, ...byPrice });
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
