import { newInstrument } from '#domain/instrument.ts';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { PollRecord } from '#core/ports/history-facts.ts';
import { openHistory } from '#node/history/open.ts';
import { SqliteHistory } from '#node/history/sqlite-history.ts';
import { ofThread } from '#test/support/bench.ts';
import { isShort } from '#test/support/short.ts';

/**
 * The history against a reference in the same run: the same rows through bare better-sqlite3 statements, no rules, one
 * time-ordered table. Absolute figures belong to the machine; the ratios are what a change must not worsen.
 */
const INSTRUMENTS = isShort ? 100 : 3000;
const HOUR = 3_600_000;
const T0 = Date.UTC(2026, 5, 1);
const symbols = Array.from({ length: INSTRUMENTS }, (_, i) => `S${i}USDT`);
const instruments = symbols.map((symbol) => newInstrument({ venue: 'binance', symbol, asset: symbol, quote: 'USDT', settle: 'USDT' }));

/** Three moves of snapshots and one of hours. Hours close after 12 polls here, not 60 or more: the harder case for the disk. */
const POLLS = isShort ? 60 : 600;
const POLL_MS = 300_000;

const pollAt = (observedAt: number, watched: ReadonlySet<string>): PollRecord => ({
  venue: 'binance',
  observedAt,
  pollMs: POLL_MS,
  instruments,
  snapshots: symbols.map((symbol, i) => ({
    symbol,
    rate: 1e-4 + ((observedAt / 1000 + i * 37) % 1009) * 1.234567e-8,
    intervalH: 8,
    nextFundingAt: T0 + 8 * HOUR,
    mark: 100 + (((observedAt / 60_000) * (i + 1)) % 97) / 13,
    index: 100 + (((observedAt / 60_000) * (i + 2)) % 97) / 13,
    openInterest: 1e6 + i * 1.37,
    volume24h: 1e8 + i * 7.77,
    interestPer8h: 1e-4,
  })),
  watched,
});

const quantile = (values: readonly number[], p: number): number =>
  values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) * p)] ?? NaN;

const timed = (work: () => unknown): number => {
  const from = process.hrtime.bigint();
  work();
  return Number(process.hrtime.bigint() - from) / 1e6;
};

/** Bytes that this process has handed to the disk; NaN where the system does not say. */
function written(): number {
  try {
    return Number(/^write_bytes: (\d+)$/mu.exec(readFileSync('/proc/self/io', 'utf8'))?.[1]);
  } catch {
    return NaN;
  }
}

const silent = { write: () => undefined };
const rows: [string, string][] = [];
const tell = (what: string, figure: string): void => void rows.push([what, figure]);
const ms = (value: number): string => `${value.toFixed(2)} ms`;

export async function benchHistory(): Promise<readonly [string, string][]> {
  const dir = mkdtempSync(join(tmpdir(), 'perpscope-bench-'));
  try {
    benchPolls(dir);
    benchReads(dir);
    await benchWorker(dir);
    return rows;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

function reference(dir: string): { median: number } {
  const db = new Database(join(dir, 'reference.sqlite'));
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.exec(
    'CREATE TABLE t (ts INTEGER, instrument INTEGER, rate REAL, h REAL, mark REAL, idx REAL, oi REAL, v REAL, next INTEGER, PRIMARY KEY (ts, instrument)) STRICT, WITHOUT ROWID',
  );
  const put = db.prepare('INSERT INTO t VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const times: number[] = [];
  for (let i = 1; i <= 60; i++) {
    const { observedAt, snapshots } = pollAt(T0 + i * 60_000, new Set());
    const insert = db.transaction(() => {
      for (const [n, s] of snapshots.entries())
        put.run(observedAt, n, s.rate, s.intervalH, s.mark, s.index, s.openInterest, s.volume24h, s.nextFundingAt);
    });
    times.push(timed(() => insert.immediate()));
  }
  db.close();
  return { median: quantile(times, 0.5) };
}

function benchPolls(dir: string): void {
  const bare = reference(dir).median;
  tell(`reference: ${INSTRUMENTS} bare inserts, one transaction`, ms(bare));
  const cases: [string, ReadonlySet<string>][] = [
    ['all watched', new Set(instruments.map(({ id }) => id))],
    ['100 watched', new Set(instruments.slice(0, 100).map(({ id }) => id))],
  ];
  for (const [name, watched] of cases) {
    const now = { value: T0 };
    const store = new SqliteHistory({ file: join(dir, `${name}.sqlite`), kind: 'live', log: silent, now: () => now.value });
    const times: number[] = [];
    const moves: number[] = [];
    const spent: number[] = [];
    let from = written();
    for (let i = 0; i <= POLLS; i++) {
      if (i === 1) from = written();
      const one = pollAt(T0 + i * POLL_MS, watched);
      now.value = one.observedAt;
      times.push(timed(() => store.recordPoll(one)));
      if (i % 30 !== 0) continue;
      const piece = { isMore: true };
      while (piece.isMore) {
        const from = performance.now();
        spent.push(
          ofThread(() => {
            piece.isMore = store.maintainPiece(now.value);
          }),
        );
        moves.push(performance.now() - from);
      }
    }
    const perRow = (written() - from) / (POLLS * INSTRUMENTS);
    const median = quantile(times, 0.5);
    tell(
      `poll of ${INSTRUMENTS} rows, ${name}: median, p99`,
      `${ms(median)}, ${ms(quantile(times, 0.99))} (${(median / bare).toFixed(2)} x reference)`,
    );
    tell(`disk written per row, ${name}, moves and hour closes included`, `${perRow.toFixed(0)} B`);
    tell(
      `a piece of the upkeep, ${name}: median, p99, longest`,
      `${ms(quantile(moves, 0.5))}, ${ms(quantile(moves, 0.99))}, ${ms(Math.max(...moves))}`,
    );
    tell(
      '... of which processor time of the writing thread',
      `${ms(quantile(spent, 0.5))}, ${ms(quantile(spent, 0.99))}, ${ms(Math.max(...spent))}`,
    );
    tell(
      `latest of ${INSTRUMENTS}, ${name}`,
      ms(
        quantile(
          Array.from({ length: 9 }, () => timed(() => store.latest())),
          0.5,
        ),
      ),
    );
    tell(
      `snapshots of one instrument, hot and cold, ${name}`,
      ms(
        quantile(
          Array.from({ length: 9 }, () => timed(() => store.snapshots('binance:S7USDT', 0, Infinity))),
          0.5,
        ),
      ),
    );
    tell(`size after ${POLLS} polls, ${name}`, `${(store.status().bytes / 1e6).toFixed(0)} MB`);
    store.close();
  }
}

const YEAR = isShort ? 876 : 8760;

function benchReads(dir: string): void {
  const store = new SqliteHistory({ file: join(dir, 'reads.sqlite'), kind: 'live', log: silent, now: () => T0 });
  store.recordPoll(pollAt(T0, new Set()));
  const year = Array.from({ length: YEAR }, (_, i) => ({
    stamp: T0 + i * HOUR + 3,
    rate: Math.sin(i) / 1e4,
    intervalH: null,
    mark: 100 + i / 7,
    premium: null,
  }));
  tell(
    `settled: ${YEAR} hours in one call`,
    ms(timed(() => store.recordSettled('binance:S7USDT', year, T0, { from: T0, to: T0 + YEAR * HOUR }))),
  );
  const backward = timed(() => {
    for (let end = YEAR; end > 0; end -= 200) store.recordSettled('binance:S8USDT', year.slice(Math.max(0, end - 200), end), T0, null);
  });
  tell(`settled: ${YEAR} hours backward by 200`, ms(backward));
  const read = quantile(
    Array.from({ length: 21 }, () => timed(() => store.settled('binance:S7USDT', 0, Infinity))),
    0.5,
  );
  store.close();
  const db = new Database(join(dir, 'reads.sqlite'), { readonly: true });
  const bare = db.prepare('SELECT key, stamp, rate, interval_h, mark, learnt_at FROM settled WHERE instrument = 8 ORDER BY key').raw();
  const plain = quantile(
    Array.from({ length: 21 }, () => timed(() => bare.all())),
    0.5,
  );
  db.close();
  tell(`one instrument, ${YEAR} settled rows as columns`, `${ms(read)} (${(read / plain).toFixed(2)} x bare rows, ${ms(plain)})`);
}

/** Through the worker, as the app does: what the asking thread spends and waits. */
async function benchWorker(dir: string): Promise<void> {
  const store = await openHistory({ file: join(dir, 'worker.sqlite'), demo: true, log: silent, now: () => T0 });
  const watched = new Set(instruments.slice(0, 100).map(({ id }) => id));
  const [cloned, waited]: [number[], number[]] = [[], []];
  for (let i = 0; i < 60; i++) {
    const one = pollAt(T0 + i * POLL_MS, watched);
    cloned.push(timed(() => structuredClone(one)));
    const from = process.hrtime.bigint();
    await store.recordPoll(one);
    waited.push(Number(process.hrtime.bigint() - from) / 1e6);
  }
  tell(`poll of ${INSTRUMENTS} through the worker: waited for`, ms(quantile(waited, 0.5)));
  tell('... of which the copy to it, at most, on the asking thread', ms(quantile(cloned, 0.5)));
  const year = Array.from({ length: YEAR }, (_, i) => ({ stamp: T0 + i * HOUR, rate: 1e-4, intervalH: null, mark: null, premium: null }));
  await store.recordSettled('binance:S7USDT', year, T0, null);
  const reads: number[] = [];
  for (let i = 0; i < 21; i++) {
    const from = process.hrtime.bigint();
    await store.settled('binance:S7USDT', 0, Infinity);
    reads.push(Number(process.hrtime.bigint() - from) / 1e6);
  }
  tell(`${YEAR} settled rows through the worker`, ms(quantile(reads, 0.5)));
  await store.close();
}

if (import.meta.main) for (const [what, figure] of await benchHistory()) console.log(`${what.padEnd(70)} ${figure}`);
