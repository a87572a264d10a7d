import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { parseFundingInfo, parsePremiumIndex } from '#node/venues/binance/usd-m.ts';
import { APPLICATION_ID, type DatabaseKind, migrate, MIGRATIONS } from '#node/history/schema.ts';
import { SqliteHistory } from '#node/history/sqlite-history.ts';
import { HOUR, openStore, poll, silent, snapshot, T0, tempDir } from './support.ts';

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
  expect(again.fundingCaps(BTC)).toEqual([
    { from: T0 + 60_000, cap: 0.02, floor: -0.02 },
    { from: T0 + 3 * 60_000, cap: 0.03, floor: -0.02 },
    { from: T0 + 5 * 60_000, cap: null, floor: -0.02 },
  ]);
  expect(again.fundingCaps('binance:ETH')).toEqual([]);
  expect(again.fundingCaps('binance:NONE')).toEqual([]);
});

test('what could not be read takes nothing back: no list, a limit that is none; the rest of the row counts', () => {
  const { store } = openStore();
  const said = (minute: number, cap: string, list = 'BTCUSDT') => {
    const at = T0 + minute * 60_000;
    const info = [{ symbol: list, adjustedFundingRateCap: cap, adjustedFundingRateFloor: '-0.02', fundingIntervalHours: 4 }];
    const row = { symbol: 'BTCUSDT', markPrice: '100.1', indexPrice: '100', lastFundingRate: '0.02', interestRate: '0.0001' };
    const rows = JSON.stringify([{ ...row, nextFundingTime: T0 + HOUR, time: at }]);
    const adjusted = list === '' ? null : parseFundingInfo(JSON.stringify(info), at);
    const { instruments, snapshots } = parsePremiumIndex(rows, { listings: null, adjusted }, at);
    store.recordPoll({ venue: 'binance', observedAt: at, pollMs: 60_000, instruments, snapshots, watched: new Set() });
  };
  said(0, '0.02');
  said(1, '');
  said(2, '1e308');
  said(3, '', '');
  said(4, '0.02');
  said(5, '0.02', 'ETHUSDT');
  expect(store.fundingCaps('binance:BTCUSDT')).toEqual([
    { from: T0, cap: 0.02, floor: -0.02 },
    { from: T0 + 5 * 60_000, cap: null, floor: null },
  ]);
});

test('a poll that is not kept leaves the change to the next one', () => {
  const { store } = openStore();
  store.recordPoll(poll(T0, [snapshot('BTC')]));
  expect(() => store.recordPoll(poll(NaN, [snapshot('BTC', { cap: 0.02, floor: -0.02 })]))).toThrow();
  store.recordPoll(poll(T0 + 60_000, [snapshot('BTC', { cap: 0.02, floor: -0.02 })]));
  expect(store.fundingCaps(BTC)).toEqual([{ from: T0 + 60_000, cap: 0.02, floor: -0.02 }]);
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
