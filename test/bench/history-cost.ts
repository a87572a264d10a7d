import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { newInstrument } from '#domain/instrument.ts';
import { APPLICATION_ID, migrate, MIGRATIONS } from '#node/history/schema.ts';
import { SqliteHistory } from '#node/history/sqlite-history.ts';
import { ofThread } from '#test/support/bench.ts';
import { isShort } from '#test/support/short.ts';

/**
 * What keeping every version costs: the same rows in the tables of the layout before (migrations 1 to 11) and in those of now, bytes
 * per row and the processor time to read one instrument's year. At most 1.15 and 1.3 times. The reference is what was before; its read is its statement and the columns
 * alone, without the look at the hot table that its program took too; that of now brings terms besides.
 */
const HOURS = isShort ? 240 : 8760;
const INSTRUMENTS = 5;
const HOUR = 3_600_000;
const T0 = Date.UTC(2026, 0, 1);
const BEFORE = 11;

const symbols = Array.from({ length: INSTRUMENTS }, (_, i) => `S${i}USDT`);
const instruments = symbols.map((symbol) => newInstrument({ venue: 'binance', symbol, asset: symbol, quote: 'USDT', settle: 'USDT' }));
const value = (i: number, k: number): number => 100 + (((i + 1) * (k + 3) * 7919) % 1009) / 13.7;

/** Rows as the program of before wrote them. */
function writeBefore(db: Database.Database): void {
  for (const [i, symbol] of symbols.entries())
    db.prepare("INSERT INTO instruments VALUES (?, ?, 'binance', ?, ?, 'USDT', 'USDT', 'linear', 1)").run(
      i + 1,
      `binance:${symbol}`,
      symbol,
      symbol,
    );
  const hour = db.prepare('INSERT INTO hour_cold VALUES (?, ?, ?, ?, 8, ?, ?, ?, ?, ?, ?, ?, ?, ?, 3600000)');
  const price = db.prepare('INSERT INTO prices VALUES (?, ?, ?, ?, NULL)');
  const settled = db.prepare('INSERT INTO settled VALUES (?, ?, ?, ?, 1, 1, ?, ?, NULL)');
  const snapshot = db.prepare('INSERT INTO snapshot_cold VALUES (?, ?, ?, 8, ?, ?, ?, ?, ?)');
  db.transaction(() => {
    // In the order in which they come: pages fill alike.
    for (let h = 1; h <= HOURS; h++)
      for (let i = 1; i <= INSTRUMENTS; i++) {
        const close = T0 + h * HOUR;
        const [r, m, x] = [value(i, h) / 1e6, value(i, h + 1), value(i, h + 2)];
        hour.run(
          i,
          close,
          close - 17_123,
          r,
          m,
          x,
          value(i, h + 5) * 1e4,
          value(i, h + 6) * 1e6,
          r - 1e-7,
          r + 1e-7,
          m / x - 1,
          m / x - 1.1,
          m / x - 0.9,
        );
        price.run(i, close, m, x);
        settled.run(i, close, close + 3, r, m, close + 400_000);
        snapshot.run(i, close - 17_123, r, m, x, value(i, h + 5) * 1e4, value(i, h + 6) * 1e6, close);
      }
  }).immediate();
}

/** The same rows as the program of now writes them: hourly, each learnt minutes after its close. */
function writeNow(file: string): void {
  const now = { value: T0 };
  const store = new SqliteHistory({ file, kind: 'live', log: { write: () => undefined }, now: () => now.value });
  const watched = new Set(instruments.map(({ id }) => id));
  for (let h = 1; h <= HOURS; h++) {
    const close = T0 + h * HOUR;
    now.value = close - 17_123;
    const snapshots = symbols.map((symbol, k) => {
      const i = k + 1;
      const [r, m, x] = [value(i, h) / 1e6, value(i, h + 1), value(i, h + 2)];
      return {
        symbol,
        rate: r,
        intervalH: 8,
        nextFundingAt: close,
        mark: m,
        index: x,
        openInterest: value(i, h + 5) * 1e4,
        volume24h: value(i, h + 6) * 1e6,
        interestPer8h: 1e-4,
        cap: 0.02,
        floor: -0.02,
      };
    });
    store.recordPoll({ venue: 'binance', observedAt: now.value, pollMs: 30_000, instruments, snapshots, watched });
    now.value = close + 400_000;
    for (const [k, { id }] of instruments.entries()) {
      const i = k + 1;
      store.recordPrices(id, [{ close, mark: value(i, h + 1), index: value(i, h + 2), last: null }], now.value, {
        from: close - HOUR,
        to: close,
      });
      const row = { stamp: close + 3, rate: value(i, h) / 1e6, intervalH: 1, mark: value(i, h + 1), premium: null };
      store.recordSettled(id, [row], now.value, { from: close - HOUR, to: close + 3 });
    }
    if (h % 48 === 0) store.maintain(now.value);
  }
  store.close();
}

function bytesPerRow(file: string): Record<string, number> {
  const db = new Database(file, { readonly: true });
  const size = (table: string): number =>
    Number(db.prepare('SELECT sum(pgsize) FROM dbstat WHERE aggregate = TRUE AND name = ?').pluck().get(table) ?? 0);
  const rows = (table: string): number => Number(db.prepare(`SELECT count(*) FROM ${table}`).pluck().get());
  const tables = ['hour_cold', 'prices', 'settled', 'snapshot_cold'];
  const found = Object.fromEntries(tables.map((table) => [table, size(table) / Math.max(1, rows(table))]));
  const has = (table: string): boolean => db.prepare('SELECT count(*) FROM sqlite_schema WHERE name = ?').pluck().get(table) === 1;
  if (has('spans_learnt')) found['spans_learnt'] = size('spans_learnt') / Math.max(1, rows('spans_learnt'));
  db.close();
  return found;
}

/** Polls of one day and a half, in the batches in which both programs move them. */
const POLLED = isShort ? 180 : 3600;
const MOVED_AT = 180;

/** Bytes per row of polls before and now, as they come to lie and packed as closely as SQLite can. */
function bytesOfPolls(dir: string, premiumOf: (i: number, k: number) => number | undefined): readonly [string, string][] {
  const [before, now] = [join(dir, 'polls-before.sqlite'), join(dir, 'polls-now.sqlite')];
  for (const file of [before, now]) rmSync(file, { force: true });
  const rowOf = (i: number, k: number) => ({
    ...{ rate: value(i, k) / 1e6, intervalH: 8, nextFundingAt: T0 + 8 * HOUR, mark: value(i, k + 1), index: value(i, k + 2) },
    ...{ openInterest: value(i, k + 5) * 1e4, volume24h: value(i, k + 6) * 1e6 },
  });
  const old = new Database(before);
  old.pragma('synchronous = OFF');
  migrate(old, MIGRATIONS.slice(0, BEFORE));
  const put = old.prepare('INSERT INTO snapshot_hot VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const move = old.prepare('INSERT OR IGNORE INTO snapshot_cold SELECT * FROM snapshot_hot ORDER BY instrument, ts');
  const store = new SqliteHistory({ file: now, kind: 'live', log: { write: () => undefined }, now: () => T0 });
  const watched = new Set(instruments.map(({ id }) => id));
  for (let k = 1; k <= POLLED; k++) {
    const at = T0 + k * 30_123;
    const rows = symbols.map((symbol, i) => ({ symbol, ...rowOf(i, k) }));
    old.transaction(() => {
      for (const [i, r] of rows.entries())
        put.run(i + 1, at, r.rate, r.intervalH, r.mark, r.index, r.openInterest, r.volume24h, r.nextFundingAt);
    })();
    const snapshots = rows.map((row, i) => {
      const premium = premiumOf(i, k);
      return { ...row, interestPer8h: 1e-4, ...(premium !== undefined && { premium }) };
    });
    store.recordPoll({ venue: 'binance', observedAt: at, pollMs: 30_000, instruments, snapshots, watched });
    if (k % MOVED_AT !== 0) continue;
    move.run();
    old.exec('DELETE FROM snapshot_hot');
    store.maintain(at);
  }
  store.close();
  old.close();
  const bytes = (): readonly [number, number] => [bytesPerRow(before)['snapshot_cold'] ?? NaN, bytesPerRow(now)['snapshot_cold'] ?? NaN];
  const lying = bytes();
  for (const file of [before, now]) {
    const db = new Database(file);
    db.exec('VACUUM');
    db.close();
  }
  return [['as they lie', lying] as const, ['after VACUUM', bytes()] as const].map(([how, [b, n]]) => [
    how,
    `${b.toFixed(1)}, ${n.toFixed(1)} (${(n / b).toFixed(2)} x reference)`,
  ]);
}

/** As venues state it: Hyperliquid with 8 decimals or so, OKX with 16. */
const POLLS: readonly (readonly [string, (i: number, k: number) => number | undefined])[] = [
  ['without a premium of its own', () => undefined],
  ['with one of 8 decimals', (i, k) => Number((value(i, k) * 1e-5 - 1.3e-3).toFixed(8))],
  ['with one of 16 decimals', (i, k) => Number((value(i, k) * 1e-5 - 1.3e-3).toFixed(16))],
];

/** Reads of each by turns: what else the machine does meets both alike. */
const TURNS = 12;
/** Reads of one turn: processor time is counted in steps of 4 ms. */
const READS = 12;

/** Processor time of this thread per read, ms, of two that are compared: the median of their turns. */
function timed(works: readonly [() => unknown, () => unknown]): readonly [number, number] {
  const spent: [number[], number[]] = [[], []];
  for (let turn = 0; turn < TURNS; turn++)
    for (const i of [0, 1] as const)
      spent[i].push(
        ofThread(() => {
          for (let n = 0; n < READS; n++) works[i]();
        }) / READS,
      );
  const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;
  return [median(spent[0]), median(spent[1])];
}

/** Columns of NULL as NaN, as both programs make them. */
function columnsOf(rows: readonly (readonly (number | null)[])[], width: number): Float64Array[] {
  const columns = Array.from({ length: width }, () => new Float64Array(rows.length));
  for (const [c, column] of columns.entries()) for (let r = 0; r < column.length; r++) column[r] = rows[r]?.[c] ?? NaN;
  return columns;
}

export function benchHistoryCost(): readonly [string, string][] {
  const dir = mkdtempSync(join(tmpdir(), 'perpscope-cost-'));
  const out: [string, string][] = [];
  try {
    const [before, now] = [join(dir, 'before.sqlite'), join(dir, 'now.sqlite')];
    const old = new Database(before);
    old.pragma(`application_id = ${APPLICATION_ID.live}`);
    migrate(old, MIGRATIONS.slice(0, BEFORE));
    writeBefore(old);
    writeNow(now);
    const [b, n] = [bytesPerRow(before), bytesPerRow(now)];
    for (const [table, bytes] of Object.entries(n))
      out.push([
        `bytes per row, ${table}: before, now`,
        b[table] === undefined || b[table] === 0
          ? `none, ${bytes.toFixed(1)}`
          : `${b[table].toFixed(1)}, ${bytes.toFixed(1)} (${(bytes / b[table]).toFixed(2)} x reference)`,
      ]);

    for (const [what, premiumOf] of POLLS)
      for (const [how, figure] of bytesOfPolls(dir, premiumOf))
        out.push([`bytes per poll of a venue ${what}, ${how}: before, now`, figure]);

    const store = new SqliteHistory({ file: now, kind: 'live', log: { write: () => undefined }, now: () => T0 + 2 * HOURS * HOUR });
    const id = 'binance:S3USDT';
    const settled = 'key, stamp, rate, interval_h, mark, premium, learnt_at';
    const reads: readonly [what: string, table: string, columns: string, key: string, read: () => unknown][] = [
      ['settled', 'settled', settled, 'key', () => store.settled(id, 0, Infinity)],
      ['settled with what was seen', 'settled', settled, 'key', () => store.settledSeen(id, 0, Infinity)],
      ['prices', 'prices', 'close, mark, idx, last', 'close', () => store.prices(id, 0, Infinity)],
      [
        'hour_cold',
        'hour_cold',
        'close, observed_at, rate, interval_h, mark, idx, open_interest, volume_24h, rate_min, rate_max, premium, premium_min, premium_max, covered_ms / 3600000.0',
        'close',
        () => store.hours(id, 0, Infinity),
      ],
    ];
    for (const [what, table, columns, key, read] of reads) {
      const statement = old
        .prepare<[number, number, number], (number | null)[]>(
          `SELECT ${columns} FROM ${table} WHERE instrument = ? AND ${key} > ? AND ${key} <= ? ORDER BY ${key}`,
        )
        .raw();
      const [was, is] = timed([() => columnsOf(statement.all(4, 0, Infinity), columns.split(', ').length), read]);
      out.push([
        `one instrument's ${HOURS} hours of ${what}: before, now`,
        `${was.toFixed(2)} ms, ${is.toFixed(2)} ms (${(is / was).toFixed(2)} x reference)`,
      ]);
    }
    store.close();
    old.close();
    return out;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

if (import.meta.main) for (const [what, figure] of benchHistoryCost()) console.log(`${what.padEnd(70)} ${figure}`);
