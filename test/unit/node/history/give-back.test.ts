import { statSync } from 'node:fs';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { connect } from '#node/history/connection.ts';
import { giveBack, givesBack } from '#node/history/give-back.ts';
import { survey } from '#node/history/survey.ts';
import { instrument, HOUR, openStore, poll, snapshot, T0 } from './support.ts';

const DAY = 24 * HOUR;
const BTC = instrument('BTC').id;

const EACH = 300_000;
/** Hours up to `to`, so many of the first instrument, then of the second. */
function putHours(file: string, n: number, to: number): void {
  const db = new Database(file);
  const put = db.prepare(
    'INSERT OR IGNORE INTO hour_cold (instrument, close, observed_at, rate, rate_min, rate_max, covered_ms) VALUES (?, ?, 0, 0.1234567, 0.1, 0.2, 0)',
  );
  db.transaction(() => {
    for (let i = 0; i < n; i++) put.run(1 + Math.floor(i / EACH), to - (i % EACH) * HOUR);
  })();
  db.close();
}

test('what a limit deletes is given back to the disk, in pieces, and nothing else is lost', () => {
  const { store, file, clock } = openStore();
  store.recordPoll(poll(T0, [snapshot('BTC'), snapshot('ETH')]));
  store.recordSettled(BTC, [{ stamp: T0, rate: 0.5, intervalH: 8, mark: null, premium: null }], T0, null);
  putHours(file, 600_000, T0 - 40 * DAY);
  clock.now = T0;
  const limits = { ageDays: 39, megabytes: null };
  const before = statSync(file).size;
  const excess = store.hoursBeyond(limits, T0);
  expect(excess.rows).toBe(600_000);
  let pieces = 0;
  for (let more = true; more; pieces++) more = store.dropHoursPiece(excess, T0);
  store.maintain(T0);
  store.close();
  const after = statSync(file).size;
  expect([before > 35 * 2 ** 20, after < before / 3]).toEqual([true, true]);
  expect(pieces).toBeGreaterThan(20);
  const again = openStore(file).store;
  expect(again.settled(BTC, 0, Infinity).rate).toEqual(Float64Array.of(0.5));
  expect(again.status().notices).toEqual([]);
});

test('a piece that is killed half-way leaves a whole file, which goes on giving back', () => {
  const { store, file } = openStore();
  store.recordPoll(poll(T0, [snapshot('BTC')]));
  store.close();
  putHours(file, 20_000, T0);
  const db = connect(file);
  db.exec('DELETE FROM hour_cold');
  const free = (): number => Number(db.pragma('freelist_count', { simple: true }));
  const before = free();
  const pieces = giveBack(db, 0);
  pieces.next();
  // Another connection sees what was committed, which is all that a kill leaves.
  const beside = new Database(file, { readonly: true });
  expect(beside.pragma('integrity_check', { simple: true })).toBe('ok');
  beside.close();
  expect(free()).toBeLessThan(before);
  while (pieces.next().done !== true);
  expect([free(), db.pragma('integrity_check', { simple: true })]).toEqual([0, 'ok']);
  db.close();
});

test('a little is left empty: it is filled again within the hour', () => {
  const { store, file } = openStore();
  store.recordPoll(poll(T0, [snapshot('BTC')]));
  store.close();
  putHours(file, 20_000, T0);
  const db = connect(file);
  db.exec('DELETE FROM hour_cold');
  const before = Number(db.pragma('page_count', { simple: true }));
  expect(giveBack(db).next().done).toBe(true);
  expect(db.pragma('page_count', { simple: true })).toBe(before);
  db.close();
});

test('a small file of an older version is rewritten when it is opened, and gives back from then on', () => {
  const { store, file } = openStore();
  store.recordPoll(poll(T0, [snapshot('BTC')]));
  store.close();
  const db = new Database(file);
  db.pragma('journal_mode = DELETE');
  db.pragma('auto_vacuum = NONE');
  db.exec('VACUUM');
  expect(givesBack(db)).toBe(false);
  db.close();
  const again = openStore(file).store;
  expect(again.latest()).toHaveLength(1);
  again.close();
  const looked = new Database(file, { readonly: true });
  expect(givesBack(looked)).toBe(true);
  looked.close();
});

test('the survey: bytes and rows by kind and venue, growth of the last days, and what a year makes of it', () => {
  const { store, file } = openStore();
  store.recordPoll(poll(T0, [snapshot('BTC')]));
  store.recordPoll(poll(T0, [], { venue: 'bybit', instruments: [instrument('BTC', 'bybit')] }));
  const rows = Array.from({ length: 100 }, (_, i) => ({ stamp: T0 - i * 8 * HOUR, rate: 0.5, intervalH: 8, mark: null, premium: null }));
  store.recordSettled(instrument('BTC', 'bybit').id, rows, T0, null);
  store.close();
  putHours(file, 240, T0);
  const db = new Database(file, { readonly: true });
  const found = survey(db);
  const all = Number(db.pragma('page_count', { simple: true })) * 4096;
  db.close();
  const of = (kind: string) => found.kinds.find((one) => one.kind === kind);
  expect(of('hours')).toMatchObject({ rows: 240, rowsPerDay: 24, keptDays: null, oldest: T0 - 239 * HOUR });
  expect(of('settled')).toMatchObject({ rows: 100, rowsPerDay: 3, oldest: T0 - 99 * 8 * HOUR });
  expect(of('polls')).toMatchObject({ rows: 1, keptDays: 30 });
  expect(found.venues.map(({ venue, rows: n }) => [venue, n]).sort()).toEqual([
    ['binance', 241],
    ['bybit', 100],
  ]);
  expect([found.countedDays, found.givesBack]).toEqual([7, true]);
  const sum = found.kinds.reduce((total, { bytes }) => total + bytes, 0);
  expect(sum).toBeLessThanOrEqual(all);
  const hours = of('hours')?.bytes ?? 0;
  const settled = of('settled')?.bytes ?? 0;
  // Hours and settlements grow by their rows of a year; polls, one in 7 days, to those of 30 days.
  const polls = ((of('polls')?.bytes ?? 0) * 30) / 7 - (of('polls')?.bytes ?? 0);
  expect((found.bytesInYear ?? 0) - sum).toBeCloseTo((hours * 24 * 365) / 240 + (settled * 3 * 365) / 100 + polls, 0);
});

test('a history of less than a day foretells nothing', () => {
  const { store, file } = openStore();
  store.recordPoll(poll(T0, [snapshot('BTC')]));
  store.close();
  const db = new Database(file, { readonly: true });
  expect(survey(db)).toMatchObject({ countedDays: 0, bytesInYear: null });
  db.close();
});
