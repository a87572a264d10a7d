import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { parseFundingInfo } from '#node/venues/binance/funding-info.ts';
import { parsePremiumIndex } from '#node/venues/binance/premium-index.ts';
import { USD_M } from '#node/venues/binance/usd-m.ts';
import { APPLICATION_ID, type DatabaseKind, migrate, MIGRATIONS } from '#node/history/schema.ts';
import { SqliteHistory } from '#node/history/sqlite-history.ts';
import { HOUR, isElsewhere, openStore, poll, silent, snapshot, T0, tempDir } from './support.ts';

const BTC = 'binance:BTC';

test('one row per change of what polls state, over a restart too; a poll that changes nothing writes none', () => {
  const file = join(tempDir(), 'history.sqlite');
  const { store } = openStore(file);
  const say = (to: Pick<SqliteHistory, 'recordPoll'>, minute: number, cap: number | null, floor: number | null) =>
    to.recordPoll(poll(T0 + minute * 60_000, [snapshot('BTC', { cap, floor }), snapshot('ETH')]));
  say(store, 0, null, null);
  say(store, 1, 0.02, -0.02);
  say(store, 2, 0.02, -0.02);
  say(store, 3, 0.03, -0.02);
  store.close();
  const again = openStore(file).store;
  say(again, 4, 0.03, -0.02);
  say(again, 5, null, -0.02);
  const interestPer8h = 0.0001;
  expect(again.terms(BTC)).toEqual([
    { from: T0, cap: null, floor: null, interestPer8h },
    { from: T0 + 60_000, cap: 0.02, floor: -0.02, interestPer8h },
    { from: T0 + 3 * 60_000, cap: 0.03, floor: -0.02, interestPer8h },
    { from: T0 + 5 * 60_000, cap: null, floor: -0.02, interestPer8h },
  ]);
  expect(again.terms(BTC, T0 + 2 * 60_000)).toHaveLength(2);
  expect(again.terms('binance:ETH')).toEqual([{ from: T0, cap: null, floor: null, interestPer8h }]);
  expect(again.terms('binance:NONE')).toEqual([]);
});

test('the newest values have the limits in force, after a restart and as of a moment; an own premium of then is the one that was polled', () => {
  const file = join(tempDir(), 'history.sqlite');
  const { store } = openStore(file);
  const say = (minute: number, cap: number | null) =>
    store.recordPoll(poll(T0 + minute * 60_000, [snapshot('BTC', { cap, floor: -0.02, premium: 0.01 * minute }), snapshot('ETH')]));
  say(1, 0.02);
  say(2, 0.03);
  say(3, null);
  store.close();
  const again = openStore(file).store;
  const limits = (asOf: number | null) =>
    again.latest(asOf).map(({ snapshot: { symbol, cap, floor, premium } }) => [symbol, cap, floor, premium]);
  const eth = ['ETH', null, null, undefined];
  expect(limits(null)).toEqual([['BTC', null, -0.02, 0.03], eth]);
  expect(limits(T0 + 2 * 60_000)).toEqual([['BTC', 0.03, -0.02, 0.02], eth]);
  expect(limits(T0 + 60_000)).toEqual([['BTC', 0.02, -0.02, 0.01], eth]);
});

test('an interest that could not be read takes nothing back; one that a venue states to be none does', () => {
  const { store } = openStore();
  const say = (minute: number, more: object) =>
    store.recordPoll(poll(T0 + minute * 60_000, [snapshot('BTC', { cap: null, floor: null, ...more })]));
  say(0, { interestPer8h: 0.0001 });
  say(1, { interestPer8h: null, interestUnread: true });
  say(2, { interestPer8h: 0.0001 });
  say(3, { interestPer8h: null });
  expect(store.terms('binance:BTC').map(({ from, interestPer8h }) => [from, interestPer8h])).toEqual([
    [T0, 0.0001],
    [T0 + 3 * 60_000, null],
  ]);
});

test('what could not be read takes nothing back: no list, a limit that is none; the rest of the row counts', () => {
  const { store } = openStore();
  const said = (minute: number, cap: string, list = 'BTCUSDT') => {
    const at = T0 + minute * 60_000;
    const info = [{ symbol: list, adjustedFundingRateCap: cap, adjustedFundingRateFloor: '-0.02', fundingIntervalHours: 4 }];
    const row = { symbol: 'BTCUSDT', markPrice: '100.1', indexPrice: '100', lastFundingRate: '0.02', interestRate: '0.0001' };
    const rows = JSON.stringify([{ ...row, nextFundingTime: T0 + HOUR, time: at }]);
    const adjusted = list === '' ? null : parseFundingInfo(USD_M, JSON.stringify(info), at);
    const { instruments, snapshots } = parsePremiumIndex(USD_M, rows, { listings: null, adjusted }, at);
    store.recordPoll({ venue: 'binance', observedAt: at, pollMs: 60_000, instruments, snapshots, watched: new Set() });
  };
  said(0, '0.02');
  said(1, '');
  said(2, '1e308');
  said(3, '', '');
  said(4, '0.02');
  said(5, '0.02', 'ETHUSDT');
  expect(store.terms('binance:BTCUSDT')).toEqual([
    { from: T0, cap: 0.02, floor: -0.02, interestPer8h: 0.0001 },
    { from: T0 + 5 * 60_000, cap: null, floor: null, interestPer8h: 0.0001 },
  ]);
});

test('a poll that is not kept leaves the change to the next one', () => {
  const { store } = openStore();
  store.recordPoll(poll(T0, [snapshot('BTC')]));
  expect(() => store.recordPoll(poll(NaN, [snapshot('BTC', { cap: 0.02, floor: -0.02 })]))).toThrow();
  store.recordPoll(poll(T0 + 60_000, [snapshot('BTC', { cap: 0.02, floor: -0.02 })]));
  expect(store.terms(BTC)).toMatchObject([{ from: T0 }, { from: T0 + 60_000, cap: 0.02, floor: -0.02 }]);
});

describe('an hour keeps what was stated in it', () => {
  const at = (hours: number): number => T0 + hours * HOUR;
  const stated = (interestPer8h: number | null, cap: number | null, floor: number | null, nextFundingAt: number | null) =>
    snapshot('BTC', { interestPer8h, cap, floor, nextFundingAt });

  test('interest, cap, floor and next settlement are those of its newest observation, also moved, also after a restart', () => {
    const opened = openStore();
    let { store } = opened;
    store.recordPoll(poll(at(0.5), [stated(0.0001, 0.02, -0.02, at(8))]));
    store.recordPoll(poll(at(0.9), [stated(0.0003, 0.02, -0.02, at(8) + 7)]));
    store.recordPoll(poll(at(1.5), [stated(0.0003, 0.03, -0.03, at(4))]));
    store.close();
    const again = openStore(opened.file);
    store = again.store;
    store.recordPoll(poll(at(2.5), [stated(null, null, null, null)]));
    again.clock.now = at(3);
    const read = () => {
      const { close, interestPer8h, cap, floor, nextFundingAt } = store.hours(BTC, 0, Infinity);
      return { close, interestPer8h, cap, floor, nextFundingAt };
    };
    const expected = {
      close: Float64Array.of(at(1), at(2), at(3)),
      interestPer8h: Float64Array.of(0.0003, 0.0003, NaN),
      cap: Float64Array.of(0.02, 0.03, NaN),
      floor: Float64Array.of(-0.02, -0.03, NaN),
      nextFundingAt: Float64Array.of(at(8) + 7, at(4), NaN),
    };
    expect(read()).toEqual(expected);
    for (let hour = 3; hour < 60; hour++) store.recordPoll(poll(at(hour + 0.5), [stated(0.0009, 0.5, -0.5, null)]));
    store.maintain(at(60));
    const { interestPer8h, cap } = store.hours(BTC, 0, at(3));
    expect([interestPer8h, cap]).toEqual([expected.interestPer8h, expected.cap]);
  });

  test.skipIf(isElsewhere())('an hour of a folder of before has the cap of its time, and an interest that is not known', () => {
    const file = join(tempDir(), 'history.sqlite');
    const db = new Database(file);
    db.pragma(`application_id = ${APPLICATION_ID.live}`);
    migrate(db, MIGRATIONS.slice(0, 11));
    db.exec(`
      INSERT INTO instruments VALUES (1, '${BTC}', 'binance', 'BTC', 'BTC', 'USDT', 'USDT', 'linear', 1);
      INSERT INTO funding_caps VALUES (1, ${at(0)}, 0.02, -0.02), (1, ${at(1.5)}, 0.03, NULL);
    `);
    for (const hour of [1, 2])
      db.prepare('INSERT INTO hour_cold VALUES (1, ?, ?, 1e-4, 8, 1, 1, 1, 1, 1e-4, 1e-4, 0, 0, 0, 3600000)').run(
        at(hour),
        at(hour) - 1000,
      );
    db.close();
    const { store, clock } = openStore(file);
    clock.now = at(9);
    const { close, cap, floor, interestPer8h, nextFundingAt } = store.hours(BTC, 0, Infinity);
    expect({ close, cap, floor, interestPer8h, nextFundingAt }).toEqual({
      close: Float64Array.of(at(1), at(2)),
      cap: Float64Array.of(0.02, 0.03),
      floor: Float64Array.of(-0.02, NaN),
      interestPer8h: Float64Array.of(NaN, NaN),
      nextFundingAt: Float64Array.of(NaN, NaN),
    });
    expect(store.terms(BTC)).toMatchObject([{ cap: 0.02 }, { cap: 0.03, floor: null }]);
  });
});

/** The newest observation as versions before kept it: the interest multiplied by 8/h. */
function oldFolder(kind: DatabaseKind): string {
  const file = join(tempDir(), 'history.sqlite');
  const db = new Database(file);
  db.pragma(`application_id = ${APPLICATION_ID[kind]}`);
  migrate(db, MIGRATIONS.slice(0, 6));
  for (const [number, symbol, intervalH, interest] of [
    [1, 'BTC', 8, 0.0001],
    [2, 'INJ', 4, 0.0002],
    [3, 'NEW', 1, 0.0008],
    [4, 'ODD', null, null],
  ] as const) {
    db.prepare("INSERT INTO instruments VALUES (?, 'binance:' || ?, 'binance', ?, ?, 'USDT', 'USDT', 'linear', 1)").run(
      number,
      symbol,
      symbol,
      symbol,
    );
    db.prepare(
      `INSERT INTO latest (instrument, observed_at, hold_ms, rate, interval_h, interest_per_8h, hour_close, rate_min, rate_max, premium_sum, covered_ms)
       VALUES (?, ?, 90000, 0.0001, ?, ?, ?, 0.0001, 0.0001, 0, 0)`,
    ).run(number, T0, intervalH, interest, T0 + HOUR);
  }
  db.close();
  return file;
}

test("Binance's interest as it was stored before is per 8 h after the migration; the demo's was", () => {
  const interest = (kind: DatabaseKind) => {
    const store = new SqliteHistory({ file: oldFolder(kind), kind, log: silent, now: () => T0 });
    const found = Object.fromEntries(
      store.latest().map(({ instrument, snapshot: { interestPer8h } }) => [instrument.symbol, interestPer8h]),
    );
    store.close();
    return found;
  };
  expect(interest('live')).toEqual({ BTC: 0.0001, INJ: 0.0001, NEW: 0.0001, ODD: null });
  expect(interest('demo')).toEqual({ BTC: 0.0001, INJ: 0.0002, NEW: 0.0008, ODD: null });
});
