import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach } from 'vitest';
import { type Instrument, newInstrument } from '#domain/instrument.ts';
import type { PollRecord } from '#core/ports/history-facts.ts';
import type { Log } from '#core/ports/log.ts';
import type { Snapshot } from '#core/venue.ts';
import type { HistoryStore } from '#core/ports/history.ts';
import type { Synchronous } from '#node/history/fact-reads.ts';
import type { DatabaseKind } from '#node/history/schema.ts';
import { SqliteHistory } from '#node/history/sqlite-history.ts';

export const HOUR = 3_600_000;
/** A whole hour, and a whole day. */
export const T0 = Date.UTC(2026, 5, 1);

export const silent: Log = { write: () => undefined };

export function instrument(symbol: string, venue = 'binance'): Instrument {
  return newInstrument({ venue, symbol, asset: symbol, quote: 'USDT', settle: 'USDT' });
}

export function snapshot(symbol: string, values: Partial<Snapshot> = {}): Snapshot {
  return {
    symbol,
    rate: 0.0001,
    intervalH: 8,
    nextFundingAt: null,
    mark: 100,
    index: 100,
    openInterest: 5,
    volume24h: 7,
    interestPer8h: 0.0001,
    ...values,
  };
}

/** One poll of `snapshots`, all watched unless said otherwise. */
export function poll(observedAt: number, snapshots: readonly Snapshot[], values: Partial<PollRecord> = {}): PollRecord {
  const instruments = snapshots.map(({ symbol }) => instrument(symbol));
  const watched = new Set(instruments.map(({ id }) => id));
  return { venue: 'binance', observedAt, pollMs: 30_000, instruments, snapshots, watched, ...values };
}

const cleanUps: (() => void)[] = [];

afterEach(() => {
  for (const cleanUp of cleanUps.splice(0).reverse()) cleanUp();
});

/** A folder of the test's own, gone after it. */
export function tempDir(): string {
  const dir = mkdtempSync(join(tmpdir(), 'perpscope-history-'));
  cleanUps.push(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** What the rules of the history are tested on. */
export type TestedStore = Synchronous<Omit<HistoryStore, 'backUp'>>;

/** Other stores than files, for the same tests: a name stands for what a file is. */
type OpenStore = (file: string, now: () => number) => TestedStore;
let otherStore: OpenStore | null = null;
export const testOn = (open: OpenStore): void => void (otherStore = open);

/** What is tested is a file's own matter. */
export const isElsewhere = (): boolean => otherStore !== null;

export interface OpenedStore {
  readonly store: SqliteHistory;
  readonly file: string;
  /** What the store takes for the time. */
  clock: { now: number };
}

/** A store in a folder of its own (or on `file`), closed after the test. */
export function openStore(file = join(tempDir(), 'history.sqlite'), kind: DatabaseKind = 'live'): OpenedStore {
  const clock = { now: T0 };
  const now = () => clock.now;
  // Of another store the tests ask only what both have.
  const store = (otherStore?.(file, now) as SqliteHistory | undefined) ?? new SqliteHistory({ file, kind, log: silent, now });
  cleanUps.push(() => store.close());
  return { store, file, clock };
}

/** A store that knows one instrument, for what hangs on it. */
export function openWith(symbol: string): OpenedStore & { readonly id: string } {
  const opened = openStore();
  opened.store.recordPoll(poll(T0, [], { instruments: [instrument(symbol)] }));
  return { ...opened, id: instrument(symbol).id };
}

export const PAGE = 4096;

export function overwrite(file: string, from: number, length: number): void {
  const bytes = readFileSync(file);
  bytes.fill(0xa5, from, from + length);
  writeFileSync(file, bytes);
}

/** Numbers of the pages that hold a table's rows. */
export function leavesOf(file: string, table: string): number[] {
  const db = new Database(file, { readonly: true });
  const pages = db.prepare<[string], number>("SELECT pageno FROM dbstat WHERE name = ? AND pagetype = 'leaf'").pluck().all(table);
  db.close();
  return pages;
}
