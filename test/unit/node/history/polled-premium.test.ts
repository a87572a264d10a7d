import Database from 'better-sqlite3';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { packedPremium, unpackedPremium } from '#node/history/polled-premium.ts';
import { APPLICATION_ID, migrate, MIGRATIONS } from '#node/history/schema.ts';
import { HOUR, isElsewhere, openStore, poll, snapshot, T0, tempDir } from './support.ts';

const again = (premium: number): number => unpackedPremium(packedPremium(premium));

describe('the premium of a poll comes back to the last digit', () => {
  test.each([
    0,
    1,
    -1,
    1e-16,
    -1e-16,
    2e-16,
    0.00057962,
    -0.00057962,
    0.0001233824646391,
    5e-324,
    1 / 3,
    0.1 + 0.2,
    0.0141,
    -0.9999999999999999,
  ])('%d', (premium) => expect(again(premium)).toBe(premium));
  test('any double within bounds, and any decimal', () => {
    fc.assert(fc.property(fc.double({ min: -1, max: 1, noNaN: true }), (premium) => Object.is(again(premium) + 0, premium + 0)));
    fc.assert(
      fc.property(fc.integer({ min: -(10 ** 9), max: 10 ** 9 }), fc.integer({ min: 9, max: 16 }), (digits, decimals) => {
        const premium = Number(`${digits}e-${decimals}`);
        return again(premium) === premium;
      }),
    );
  });
});

/** The largest number of bytes that SQLite gives a value in the column. */
function bytesOf(premium: number): number {
  const { store, file } = openStore();
  for (let i = 0; i < 400; i++) store.recordPoll(poll(T0 + i * 1000, [snapshot('BTC', { premium })]));
  store.close();
  const db = new Database(file, { readonly: true });
  const payload = db
    .prepare("SELECT sum(payload) * 1.0 / sum(ncell) FROM dbstat WHERE name = 'snapshot_hot' AND pagetype = 'leaf'")
    .pluck()
    .get();
  db.close();
  return Number(payload);
}

test.skipIf(isElsewhere())('what venues state takes 3 or 6 bytes instead of 8', () => {
  const none = bytesOf(0);
  expect(bytesOf(1 / 3) - none).toBeCloseTo(8, 0);
  expect(bytesOf(0.00057962) - none).toBeCloseTo(3, 0);
  expect(bytesOf(0.0001233824646391) - none).toBeCloseTo(6, 0);
});

test.skipIf(isElsewhere())('premiums of polls that a version before wrote are read as they were', () => {
  const file = join(tempDir(), 'history.sqlite');
  const old = new Database(file);
  old.pragma(`application_id = ${APPLICATION_ID.live}`);
  migrate(
    old,
    MIGRATIONS.slice(
      0,
      MIGRATIONS.findIndex(({ name }) => name === 'packPremiums'),
    ),
  );
  old.exec(`INSERT INTO instruments (number, id, venue, symbol, asset, quote, settle, contract, multiplier, aliases, learnt_at)
    VALUES (1, 'binance:BTC', 'binance', 'BTC', 'BTC', 'USDT', 'USDT', 'linear', 1, '', 1)`);
  const before = [0.00057962, 0, -1, 1, 1e-16, null];
  for (const [i, premium] of before.entries())
    old
      .prepare(`INSERT INTO snapshot_${i < 3 ? 'cold' : 'hot'} VALUES (1, ?, 1e-4, 8, 100, 101, 5, 7, NULL, 0, ?)`)
      .run(T0 + i * HOUR, premium);
  old.close();
  const { store } = openStore(file);
  store.recordPoll(poll(T0 + 9 * HOUR, [snapshot('BTC', { premium: 0.002 })]));
  expect(before.map((_, i) => store.latest(T0 + i * HOUR)[0]?.snapshot.premium)).toEqual(before);
});

test('of a venue that states no premium the age of open interest that was asked for beside the poll comes back', () => {
  const { store, clock, file } = openStore();
  const at = (i: number): number => T0 + i * 30_000;
  const told = [at(0) - 12_345, undefined, at(2), at(3) + 7];
  for (const [i, openInterestAt] of told.entries())
    store.recordPoll(
      poll((clock.now = at(i)), [snapshot('BTC', { openInterest: 5, ...(openInterestAt !== undefined && { openInterestAt }) })]),
    );
  const then = () => told.map((_, i) => store.latest(at(i))[0]?.snapshot.openInterestAt);
  expect(then()).toEqual(told);
  expect(store.latest()[0]?.snapshot.openInterestAt).toBe(told[3]);
  store.close();
  const reopened = openStore(file);
  expect(reopened.store.latest()[0]?.snapshot.openInterestAt).toBe(told[3]);
  // A row without open interest has no age of it.
  reopened.store.recordPoll(poll(at(9), [snapshot('BTC', { openInterest: null, openInterestAt: at(4) })]));
  reopened.store.recordPoll(poll(at(10), [snapshot('BTC')]));
  expect(reopened.store.latest(at(9))[0]?.snapshot).not.toHaveProperty('openInterestAt');
});

test('of a venue that states its own premium that comes back, and no age', () => {
  const { store } = openStore();
  store.recordPoll(poll(T0, [snapshot('BTC', { premium: 0.00057962, openInterestAt: T0 - 5000 })]));
  store.recordPoll(poll(T0 + 30_000, [snapshot('BTC', { premium: null, openInterestAt: T0 })]));
  for (const [at, premium] of [
    [T0, 0.00057962],
    [T0 + 30_000, null],
  ] as const) {
    expect(store.latest(at)[0]?.snapshot.premium).toBe(premium);
    expect(store.latest(at)[0]?.snapshot).not.toHaveProperty('openInterestAt');
  }
});
