import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { layoutAt, openFile } from '#node/history/open-file.ts';
import { APPLICATION_ID, migrate, MIGRATIONS } from '#node/history/schema.ts';
import { HOUR, openStore, T0, tempDir } from './support.ts';

const at = (hours: number): number => T0 + hours * HOUR;
const MIGRATED_AT = at(100);

type Row = Readonly<Record<string, number | string | Buffer | null>>;

const observed = {
  ...{ rate: 1.25e-4, interval_h: 8, mark: 100.1, idx: 100.2, open_interest: 12345.678, volume_24h: 9.87654321e8 },
};
const hour = {
  ...observed,
  rate_min: 1e-4,
  rate_max: 1.5e-4,
  premium: 0.001,
  premium_min: -0.002,
  premium_max: 0.003,
  covered_ms: 3_333_333,
};
const settled = { rate: 1.1e-4, interval_h: 8, interval_source: 1, learnt_at: at(17) };
const book = { instrument: 1, mid: 100.15, bids: 1, levels: Buffer.from(Float32Array.of(0.001, 5000, 0.002, 6000).buffer) };
const identity = { asset: 'XBT', quote: 'USD', settle: 'BTC', contract: 'inverse', multiplier: 1, aliases: 'BTC' };

/** Rows of each table, as a program of the version that brought it wrote them. */
const ROWS: Readonly<Record<string, readonly Row[]>> = {
  instruments: [
    {
      number: 1,
      id: 'binance:BTCUSDT',
      venue: 'binance',
      symbol: 'BTCUSDT',
      asset: 'BTC',
      quote: 'USDT',
      settle: 'USDT',
      contract: 'linear',
      multiplier: 1,
    },
    {
      number: 2,
      id: 'bybit:BTCUSD',
      venue: 'bybit',
      symbol: 'BTCUSD',
      asset: 'BTC',
      quote: 'USD',
      settle: 'BTC',
      contract: 'inverse',
      multiplier: 1,
    },
  ],
  settled: [
    { ...settled, instrument: 1, key: at(8), stamp: at(8) + 3, mark: 100.3 },
    { ...settled, instrument: 1, key: at(16), stamp: at(16) + 7, mark: null, rate: -2.2e-4 },
    { ...settled, instrument: 2, key: at(16), stamp: at(16), mark: 99.9, interval_h: null, interval_source: null },
  ],
  conflicts: [
    { instrument: 1, key: at(8), other_rate: 3e-4, kept_rate: 1.1e-4, other_stamp: at(8), first_seen: at(18), last_seen: at(19), times: 4 },
  ],
  prices: [
    { instrument: 1, close: at(8), mark: 100.4, idx: 100.5, last: null },
    { instrument: 1, close: at(9), mark: null, idx: null, last: 100.6 },
  ],
  spans: [
    { instrument: 1, kind: 'settled', from_t: at(8) + 2, to_t: at(16) + 7 },
    { instrument: 1, kind: 'price', from_t: at(7), to_t: at(9) },
  ],
  snapshot_hot: [{ ...observed, instrument: 1, ts: at(20) + 1, next_funding_at: at(24) }],
  snapshot_cold: [{ ...observed, instrument: 2, ts: at(3), next_funding_at: null, open_interest: null }],
  hour_hot: [{ ...hour, instrument: 1, close: at(20), observed_at: at(20) - 5 }],
  hour_cold: [{ ...hour, instrument: 2, close: at(4), observed_at: at(4) - 7, mark: null, premium: null }],
  latest: [
    {
      ...{ ...observed, instrument: 1, observed_at: at(20) + 1, hold_ms: 90_000, next_funding_at: at(24), interest_per_8h: 1e-4 },
      ...{ hour_close: at(21), rate_min: 1e-4, rate_max: 2e-4, premium_min: -0.1, premium_max: 0.1, premium_sum: 30, covered_ms: 60_000 },
    },
  ],
  signals: [{ instrument: 1, at: at(10), side: -1, d: 2.5e-5, theta: 1e-5, k: 3, n: 12, observations: 500, running: 1 }],
  events: [{ number: 7, at: at(9), kind: 'outage', venue: 'binance', instrument: null, text: 'down for a minute' }],
  scenarios: [{ id: 's1', saved_at: at(2), body: '{"n":1}' }],
  book_raw: [{ ...book, ts: at(20) + 2 }],
  book_hour: [{ ...book, ts: at(5) - 2 }],
  alerts: [{ rule: 'r1', instrument: 'binance:BTCUSDT', at: at(11), told: 1, body: '{"d":1}' }],
  funding_caps: [{ instrument: 1, from_t: at(1), cap: 0.02, floor: -0.02 }],
  asked: [{ instrument: 1, kind: 'settled', from_t: at(17), to_t: at(18), at: at(19), since: at(18) }],
  terms: [{ number: 9, instrument: 2, from_t: at(2), learnt_at: at(2), cap: 0.03, floor: -0.01, interest_per_8h: 3e-4 }],
  batches: [{ number: 3, learnt_at: at(50) }],
  prices_later: [{ instrument: 1, close: at(8), version: 1, learnt_at: at(51), mark: 100.7, idx: 100.8, last: null }],
  settled_later: [
    { instrument: 1, key: at(16), version: 1, learnt_at: at(52), interval_h: 8, interval_source: 1, mark: 101.5, premium: 0.004 },
  ],
  instruments_later: [
    {
      ...identity,
      instrument: 2,
      version: 1,
      learnt_at: at(53),
      contract_size: 1,
      asset_class: 'crypto',
      listed_at: at(0),
      delisted_at: null,
    },
  ],
  listings: [{ instrument: 2, version: 1, learnt_at: at(54), delisted: 1 }],
  spans_learnt: [{ instrument: 2, kind: 0, version: 1, from_t: at(1), to_t: at(2), late_ms: 77, taken_back: null }],
  asked_later: [{ instrument: 2, kind: 1, version: 1, learnt_at: at(55), stretches: `[[${at(1)},${at(2)},${at(55)},${at(3)}]]` }],
  thinned: [{ number: 1, what: 'hours', from_t: at(-99), to_t: at(-90), at: at(56) }],
  settled_seen: [{ instrument: 1, key: at(8), interval_h: 8, seen60: 1e-4, seen15: null, seen5: 2e-4, last: 3e-4, last_at: at(8) - 9 }],
  runs: [{ from_t: at(1), to_t: at(20) }],
  imports: [{ number: 4, name: 'a.csv', bytes: 12, sha256: 'ab', begun_at: at(58), read_as: '{}' }],
  open_interest: [{ instrument: 1, at: at(8), value: 12.5, batch: 3 }],
  told_otherwise: [{ instrument: 1, at: at(8), field: 'mark', value: 99.5, import: 4, learnt_at: at(59) }],
  order_rules: [{ instrument: 1, version: 1, learnt_at: at(57), body: '{"tickSize":"0.1"}' }],
};
/** What tells readers of the file something of it, and holds no fact. */
const NO_FACTS = ['meta', 'changes'];
/** Their rows are elsewhere by now. */
const MOVED: Readonly<Record<string, string | null>> = { latest: null, asked: null, funding_caps: 'terms' };

const tablesOf = (db: Database.Database): string[] =>
  db.prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'").pluck().all();

/** A file that was made by the first version that shipped and brought to `version` step by step, each step's new tables filled. */
function fileOf(version: number): { file: string; filled: string[] } {
  const file = join(tempDir(), 'history.sqlite');
  const db = new Database(file);
  db.pragma(`application_id = ${APPLICATION_ID.live}`);
  const filled: string[] = [];
  for (let step = 1; step <= version; step++) {
    const before = tablesOf(db);
    migrate(db, MIGRATIONS.slice(0, step), MIGRATED_AT);
    for (const table of tablesOf(db).filter((name) => !before.includes(name) && !NO_FACTS.includes(name) && name !== 'newest')) {
      const rows = ROWS[table];
      if (rows === undefined) throw new Error(`the table ${table} of version ${step} has no rows in this test`);
      for (const row of rows) {
        const columns = Object.keys(row);
        db.prepare(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`).run(...Object.values(row));
      }
      filled.push(table);
    }
  }
  db.close();
  return { file, filled };
}

/** Rows of `filled` tables that the file lacks, or holds with another value in any column. */
function lacking(file: string, filled: readonly string[]): unknown[] {
  const db = new Database(file, { readonly: true });
  const tables = tablesOf(db);
  const lost = filled.flatMap((name) => {
    const table = tables.includes(name) ? name : MOVED[name];
    if (table === null) return [];
    return (ROWS[name] ?? []).filter((row) => {
      const same = Object.keys(row).map((column) => `${column} IS ?`);
      const found = db.prepare(`SELECT count(*) FROM ${table ?? name} WHERE ${same.join(' AND ')}`).pluck();
      return found.get(...Object.values(row)) !== 1;
    });
  });
  db.close();
  return lost;
}

/** What the newest version gives of rows that lie in another form now. */
function expectMoved(file: string, filled: readonly string[]): void {
  const { store } = openStore(file);
  expect(store.status().notices).toEqual([]);
  const id = 'binance:BTCUSDT';
  expect(store.latest()).toMatchObject([
    {
      observedAt: at(20) + 1,
      snapshot: {
        ...{ rate: 1.25e-4, intervalH: 8, mark: 100.1, index: 100.2, openInterest: 12345.678, volume24h: 9.87654321e8 },
        ...{ nextFundingAt: at(24), interestPer8h: 1e-4 },
      },
    },
  ]);
  if (filled.includes('asked')) expect(store.asked(id, 'settled')).toEqual([{ from: at(17), to: at(18), at: at(19), since: at(18) }]);
  expect(store.spans(id, 'settled')).toEqual([{ from: at(8) + 2, to: at(16) + 7 }]);
  // The hour in progress goes on with the sums of before: 60 s were covered, and the last observation is held to 90 s.
  const { close, rateMin, rateMax } = store.hours(id, 0, Infinity);
  expect([close.at(-1), rateMin.at(-1), rateMax.at(-1)]).toEqual([at(20), 1e-4, 1.5e-4]);
  store.close();
}

test('a history of the first version that shipped, and of each since, is taken over row by row and value by value', () => {
  for (let version = 1; version <= MIGRATIONS.length; version++) {
    const { file, filled } = fileOf(version);
    expectMoved(file, filled);
    expect({ version, lost: lacking(file, filled) }).toEqual({ version, lost: [] });
  }
});

test('prices of a demo of before, which ran ahead of the clock of the next start, are not known at moments before they were recorded', () => {
  const { file } = fileOf(11);
  const db = new Database(file);
  db.pragma(`application_id = ${APPLICATION_ID.demo}`);
  migrate(db, MIGRATIONS, at(3));
  db.close();
  const { store } = openStore(file, 'demo');
  const prices = (asOf: number | null) => store.prices('binance:BTCUSDT', 0, Infinity, asOf).close.length;
  const { observedAt = NaN } = store.latest()[0] ?? {};
  expect(observedAt).toBe(at(20) + 1);
  expect([prices(null) > 0, prices(observedAt - 1), prices(observedAt)]).toEqual([true, 0, prices(null)]);
});

test.each(MIGRATIONS.map(({ name }, step) => [step, name] as const).filter(([step]) => step > 0 && step % 3 === 1))(
  'killed in the middle of step %d (%s) it is a whole file of the version before, for the old program and the new one',
  (step) => {
    const { file, filled } = fileOf(1);
    const child = spawnSync(process.execPath, [join(import.meta.dirname, 'migration-child.ts'), file, String(step)], { encoding: 'utf8' });
    expect([child.signal, child.stdout]).toEqual(['SIGKILL', 'half-way\n']);
    const old = openFile(file, 'live', layoutAt(MIGRATED_AT, MIGRATIONS.slice(0, step)));
    expect([old.notices, old.memory, old.db.pragma('user_version', { simple: true })]).toEqual([[], false, step]);
    old.db.close();
    expect(lacking(file, filled)).toEqual([]);
    const { store } = openStore(file);
    expect(store.status().notices).toEqual([]);
    store.close();
    expect(lacking(file, filled)).toEqual([]);
  },
);
