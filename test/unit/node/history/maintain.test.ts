import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { APPLICATION_ID, migrate, MIGRATIONS } from '#node/history/schema.ts';
import { HOUR, instrument, openStore, type OpenedStore, poll, snapshot, T0, tempDir } from './support.ts';

const BTC = instrument('BTC').id;
const DAY = 24 * HOUR;
const all = [0, Infinity] as const;

/** Polls every 5 minutes of two instruments from `fromH` hours after T0 to `toH`. */
function record({ store, clock }: OpenedStore, fromH: number, toH: number): void {
  for (let at = T0 + fromH * HOUR + 1000; at <= T0 + toH * HOUR; at += 300_000) {
    store.recordPoll(poll(at, [snapshot('BTC', { rate: at / 1e16, mark: 100 + (at % 7) }), snapshot('ETH')], { pollMs: 300_000 }));
    clock.now = at;
  }
}

const counts = (file: string): Record<string, number> => {
  const db = new Database(file, { readonly: true });
  const names = ['snapshot_hot', 'snapshot_cold', 'hour_hot', 'hour_cold'];
  const found = Object.fromEntries(names.map((name) => [name, Number(db.prepare(`SELECT count(*) FROM ${name}`).pluck().get())]));
  db.close();
  return found;
};

describe('maintain', () => {
  test('moves full hot tables and changes nothing that is read', () => {
    const opened = openStore();
    const { store, file, clock } = opened;
    record(opened, 0, 50);
    const read = () => [
      store.snapshots(BTC, ...all),
      store.hours(BTC, ...all),
      store.hours(BTC, T0 + 3 * HOUR, T0 + 49 * HOUR),
      store.latest(),
    ];
    const before = read();
    expect(counts(file)).toMatchObject({ snapshot_cold: 0, hour_cold: 0 });
    store.maintain(clock.now);
    expect(counts(file)).toMatchObject({ snapshot_hot: 0, snapshot_cold: 1200, hour_hot: 0 });
    expect(read()).toEqual(before);
    record(opened, 50, 52);
    store.maintain(clock.now);
    const { snapshot_hot, snapshot_cold } = counts(file);
    expect([snapshot_hot, snapshot_cold]).toEqual([48, 1200]);
    expect(store.snapshots(BTC, ...all).observedAt).toHaveLength(624);
    expect(store.hours(BTC, T0 + 48 * HOUR, T0 + 52 * HOUR).close).toHaveLength(3);
  });

  test('a late poll that lies before what has moved is read in its place, once', () => {
    const opened = openStore();
    const { store, clock } = opened;
    record(opened, 0, 20);
    store.maintain(clock.now);
    const times = store.snapshots(BTC, ...all).observedAt;
    store.recordPoll(poll(T0 + 2000, [snapshot('BTC')]));
    store.recordPoll(poll(times[5] ?? 0, [snapshot('BTC')]));
    const after = store.snapshots(BTC, ...all).observedAt;
    expect([...after]).toEqual([...new Set([...times, T0 + 2000])].sort((a, b) => a - b));
  });

  test('drops snapshots past 30 days, none before, and keeps their hours', () => {
    const opened = openStore();
    const { store, clock } = opened;
    record(opened, 0, 24);
    clock.now = T0 + DAY;
    const hours = store.hours(BTC, 0, T0 + DAY);
    record(opened, 2 * 24, 2 * 24 + 1);
    record(opened, 31 * 24, 31 * 24 + 18);
    store.maintain(clock.now);
    expect(Math.min(...store.snapshots(BTC, ...all).observedAt)).toBe(T0 + 2 * DAY + 1000);
    expect(store.hours(BTC, 0, T0 + DAY)).toEqual(hours);
    expect(hours.close).toHaveLength(24);
  });

  test('works on an empty store and twice in a row', () => {
    const { store } = openStore();
    store.maintain(T0);
    store.maintain(T0);
    expect(store.status()).toMatchObject({ settledRows: 0, notices: [] });
  });

  test('says so when somebody keeps an old view open and the -wal grows', () => {
    const opened = openStore();
    const { store, file } = opened;
    record(opened, 0, 1);
    const reader = new Database(file, { readonly: true });
    reader.exec('BEGIN');
    reader.prepare('SELECT count(*) FROM newest').get();
    const text = 'x'.repeat(4 * 1024 * 1024);
    while (store.status().walBytes <= 64 * 1024 * 1024)
      store.recordEvent({ at: T0, kind: 'hole', venue: 'binance', instrument: null, text });
    store.maintain(T0 + 2 * HOUR);
    expect(store.status().notices).toEqual([expect.stringMatching(/keeps .* open, and its -wal file grows/u)]);
    reader.close();
    store.maintain(T0 + 2 * HOUR);
    expect(store.status().walBytes).toBeLessThan(20 * 1024 * 1024);
    expect(store.status().notices).toEqual([]);
  });
});

test('no statistics for plans are taken: counting the cold polls kept a poll waiting', () => {
  const opened = openStore();
  const { store, file, clock } = opened;
  record(opened, 0, 50);
  store.recordSettled(BTC, [{ stamp: T0, rate: 1e-4, intervalH: 8, mark: null, premium: null }], clock.now, null);
  store.maintain(clock.now);
  expect(tablesOf(file)).not.toContain('sqlite_stat1');
});

test('those of a version before go', () => {
  const file = join(tempDir(), 'history.sqlite');
  const old = new Database(file);
  old.pragma(`application_id = ${APPLICATION_ID.live}`);
  migrate(
    old,
    MIGRATIONS.slice(
      0,
      MIGRATIONS.findIndex(({ name }) => name === 'dropStatistics'),
    ),
  );
  old.exec('ANALYZE');
  old.close();
  expect(tablesOf(file)).toContain('sqlite_stat1');
  openStore(file);
  expect(tablesOf(file).filter((name) => name.startsWith('sqlite_stat'))).toEqual([]);
});

function tablesOf(file: string): string[] {
  const db = new Database(file, { readonly: true });
  const names = db.prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all();
  db.close();
  return names;
}
