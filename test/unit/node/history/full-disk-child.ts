import { newInstrument } from '#domain/instrument.ts';
import { readdirSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { HistoryError } from '#node/history/errors.ts';
import { SqliteHistory } from '#node/history/sqlite-history.ts';
import { acquireLock } from '#node/lock.ts';
import { ballastOn } from '#test/support/ballast.ts';

/** Fills the small disk that it is given, lets it be full, frees it again, and prints how the store took it. */
const dir = process.argv[2] ?? '';
const file = join(dir, 'history.sqlite');
const T0 = Date.UTC(2026, 5, 1);
const symbols = Array.from({ length: 400 }, (_, i) => `S${i}`);
const instruments = symbols.map((symbol) => newInstrument({ venue: 'binance', symbol, asset: symbol, quote: 'USDT', settle: 'USDT' }));
const blank = { intervalH: 8, nextFundingAt: null, mark: 1, index: 1, openInterest: null, volume24h: null, interestPer8h: null };

let now = T0;
const open = (path: string): SqliteHistory =>
  new SqliteHistory({ file: path, kind: 'live', log: { write: () => undefined }, now: () => now });
const record = (store: SqliteHistory, i: number): number =>
  store.recordPoll({
    venue: 'binance',
    observedAt: T0 + i,
    pollMs: 30_000,
    instruments,
    snapshots: symbols.map((symbol) => ({ symbol, rate: i, ...blank })),
    watched: new Set(instruments.map(({ id }) => id)),
  }).file;

function kindOf(work: () => unknown): string {
  try {
    work();
    return 'done';
  } catch (error) {
    if (error instanceof HistoryError) return error.kind;
    throw error;
  }
}

const { fill, free } = ballastOn(dir);
const newest = (store: SqliteHistory): number => store.latest()[0]?.snapshot.rate ?? NaN;

let store = open(file);
for (let i = 1; i <= 3; i++) record(store, i);
store.close();
store = open(file);
fill();
const refusals: string[] = [];
let next = 4;
while (refusals.length < 2) {
  const kind = kindOf(() => record(store, next));
  if (kind === 'done') next++;
  else refusals.push(kind);
}
const readWhileFull = newest(store) === next - 1 && store.snapshots('binance:S7', 0, Infinity).rate.length === next - 1;
const told = store.status().notices.at(-1);
const eventWhileFull = kindOf(() => {
  for (let i = 0; i < 50; i++) store.recordEvent({ at: T0, kind: 'hole', venue: 'v', instrument: null, text: 'x'.repeat(4000) });
});
free();
now += 60_000;
record(store, next);
const recovered = newest(store) === next;
const after = store.status().notices;
store.close();

const check = new Database(file, { readonly: true });
const integrity = check.pragma('integrity_check', { simple: true });
check.close();
for (const left of [`${file}-wal`, `${file}-shm`]) rmSync(left, { force: true });

const before = readdirSync(dir).sort();
fill();
const lock = acquireLock(dir, { shell: 'browser', version: '1' });
const lockWhileFull = lock.held;
const started = open(file);
const startedWhileFull = started.status().notices;
const seenWhenStartedFull = newest(started) === next;
record(started, next + 1);
// Room comes back without a new start: a minute later the file is the store again.
free();
now += 60_000;
record(started, next + 2);
const afterStartedFull = started.status().notices;
started.close();
const reopened = open(file);
const keptAfterStartedFull = newest(reopened) === next + 2;
reopened.close();
fill();
const created = open(join(dir, 'other.sqlite'));
const createdWhileFull = created.status().notices;
created.close();
lock.release();
free();
const filesTouched = readdirSync(dir).filter((name) => !before.includes(name) && !/^lock\.|-(wal|shm)$/u.test(name));

writeSync(
  1,
  JSON.stringify({
    refusals,
    readWhileFull,
    told,
    eventWhileFull,
    recovered,
    after,
    integrity,
    lockWhileFull,
    startedWhileFull,
    seenWhenStartedFull,
    afterStartedFull,
    keptAfterStartedFull,
    createdWhileFull,
    filesTouched,
  }),
);
