import Database from 'better-sqlite3';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { APPLICATION_ID, migrate, MIGRATIONS } from '#node/history/schema.ts';
import { HOUR, openStore, poll, snapshot, T0, tempDir } from './support.ts';

test('a folder of before: what the last answers lacked is delisted, and what no bound had kept out goes', () => {
  const file = join(tempDir(), 'history.sqlite');
  const old = new Database(file);
  old.pragma(`application_id = ${APPLICATION_ID.live}`);
  old.pragma('journal_mode = WAL');
  migrate(
    old,
    MIGRATIONS.slice(
      0,
      MIGRATIONS.findIndex(({ name }) => name === 'addDelisted'),
    ),
  );
  const now = T0 + 2 * HOUR + 60_000;
  for (const [number, symbol, seenAt, mark, sum] of [
    [1, 'BTC', now, 100, 60],
    [2, 'GONE', now - 700_000, 100, 60],
    [3, 'WILD', now, 1e308, Infinity],
  ] as const) {
    old
      .prepare("INSERT INTO instruments VALUES (?, ?, 'binance', ?, ?, 'USDT', 'USDT', 'linear', 1)")
      .run(number, `binance:${symbol}`, symbol, symbol);
    old
      .prepare(
        `INSERT INTO latest VALUES (?, ?, 90000, 0.0001, 8, ?, 100, NULL, NULL, NULL, NULL, ?, 0.0001, 0.0001, 0.001, 0.001, ?, 60000, 1, 0.001)`,
      )
      .run(number, seenAt, mark, T0 + 3 * HOUR, sum);
    old
      .prepare(`INSERT INTO hour_cold VALUES (?, ?, ?, 0.0001, 8, ?, 100, NULL, NULL, 0.0001, 0.0001, ?, ?, ?, 3600000)`)
      .run(number, T0 + 2 * HOUR, T0 + 2 * HOUR - 1000, mark, mark / 100 - 1, 0, mark / 100 - 1);
  }
  old.close();
  const { store, clock } = openStore(file);
  expect(store.latest().map(({ instrument, delisted, snapshot: { mark } }) => [instrument.symbol, delisted, mark])).toEqual([
    ['BTC', false, 100],
    ['GONE', true, 100],
    ['WILD', false, null],
  ]);
  store.recordPoll(
    poll(
      now + 60_000,
      ['BTC', 'WILD'].map((symbol) => snapshot(symbol, { premium: 0.001 })),
    ),
  );
  clock.now = T0 + 4 * HOUR;
  const wild = store.hours('binance:WILD', 0, Infinity);
  expect([...wild.mark]).toEqual([NaN, 100]);
  expect([...wild.premium]).toEqual([NaN, 0.001]);
  expect(wild.coverage[0]).toBe(0);
  expect([...store.hours('binance:BTC', 0, Infinity).coverage]).toEqual([1, expect.closeTo((60 + 60 + 90) / 3600) as number]);
});
