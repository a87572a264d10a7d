import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import type { InstrumentRules } from '#core/venue.ts';
import { HOUR, openStore, poll, snapshot, T0, tempDir } from './support.ts';

const BTC = 'binance:BTC';
const settlement = (rate: number) => ({ stamp: T0 + 8 * HOUR, rate, intervalH: 8, mark: null, premium: null });
const RULES: InstrumentRules = {
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
