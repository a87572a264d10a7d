import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import type { OrderRules } from '#core/venue.ts';
import { HOUR, instrument, openStore, poll, snapshot, T0, tempDir } from './support.ts';

const BTC = 'binance:BTC';
const settlement = (rate: number) => ({ stamp: T0 + 8 * HOUR, rate, intervalH: 8, mark: null, premium: null });
const RULES: OrderRules = {
  ...{ lotStep: '1', minQuantity: null, maxQuantity: null, tickSize: null, minNotional: null, maxNotional: null },
  ...{ contractSize: '1', maxLeverage: null, maintenance: null, liquidationFee: null, notes: [] },
};

test('what is learnt while the file cannot be had goes into it with when it was learnt: the first rate stays the value', () => {
  const file = join(tempDir(), 'history.sqlite');
  const first = openStore(file).store;
  first.recordPoll(poll(T0, [snapshot('BTC')]));
  first.close();
  const other = new Database(file);
  other.pragma('locking_mode = EXCLUSIVE');
  other.exec('BEGIN IMMEDIATE');

  const { store, clock } = openStore(file);
  expect(store.place()).toBeNull();
  const learntAt = (clock.now = T0 + 8 * HOUR + 10_000);
  store.recordPoll(poll(clock.now, [snapshot('BTC')]));
  store.recordSettled(BTC, [settlement(5e-4)], learntAt, null);
  store.recordOrderRules(BTC, RULES, learntAt);
  other.exec('ROLLBACK');
  other.close();

  clock.now += 120_000;
  store.recordPoll(poll(clock.now, [snapshot('BTC')]));
  expect(store.place()).not.toBeNull();
  store.recordSettled(BTC, [settlement(7e-4)], clock.now, null);
  expect(store.settled(BTC, 0, Infinity)).toMatchObject({ rate: Float64Array.of(5e-4), learntAt: Float64Array.of(learntAt) });
  expect(store.settled(BTC, 0, Infinity, learntAt).rate).toEqual(Float64Array.of(5e-4));
  expect(store.conflicts(0, Infinity)).toMatchObject([{ rate: 5e-4, otherRate: 7e-4 }]);
  expect(store.orderRules(BTC)).toEqual({ rules: RULES, learntAt });
});

test('what instruments are and whether they are listed is learnt when it was heard, not when the file could be had', () => {
  const file = join(tempDir(), 'history.sqlite');
  const first = openStore(file).store;
  first.recordPoll(poll(T0, [snapshot('BTC'), snapshot('ETH')]));
  first.close();
  const other = new Database(file);
  other.pragma('locking_mode = EXCLUSIVE');
  other.exec('BEGIN IMMEDIATE');

  const { store, clock } = openStore(file);
  expect(store.place()).toBeNull();
  const heard = T0 + HOUR;
  store.recordPoll(poll((clock.now = heard), [snapshot('ETH'), snapshot('NEW')], { delisted: [BTC] }));
  store.recordPoll(poll((clock.now = heard + 60_000), [snapshot('ETH')], { instruments: [{ ...instrument('ETH'), multiplier: 1000 }] }));
  other.exec('ROLLBACK');
  other.close();
  store.recordPoll(poll((clock.now = heard + 2 * HOUR), [snapshot('ETH')], { instruments: [] }));
  expect(store.place()).not.toBeNull();

  const known = (asOf: number) => store.instruments(asOf).map(({ symbol, multiplier, delistedAt }) => [symbol, multiplier, delistedAt]);
  const before = [
    ['BTC', 1, null],
    ['ETH', 1, null],
  ];
  expect(known(heard - 1)).toEqual(before);
  expect(known(heard)).toEqual([
    ['BTC', 1, heard],
    ['ETH', 1, null],
    ['NEW', 1, null],
  ]);
  expect(known(heard + 60_000)).toEqual([
    ['BTC', 1, heard],
    ['ETH', 1000, null],
    ['NEW', 1, null],
  ]);
  const isDelisted = (asOf: number) => store.latest(asOf).find((one) => one.instrument.id === BTC)?.delisted;
  expect([isDelisted(heard - 1), isDelisted(heard), isDelisted(clock.now)]).toEqual([false, true, true]);
});
