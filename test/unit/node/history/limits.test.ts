import Database from 'better-sqlite3';
import { expect, test, vi } from 'vitest';
import { HOUR, instrument, isElsewhere, type OpenedStore, openStore, poll, snapshot, T0 } from './support.ts';

const DAY = 24 * HOUR;
const BTC = instrument('BTC').id;
const none = { ageDays: null, megabytes: null };

/** Hour closes of so many days before T0, some moved to the cold table, and one settled rate as old as they are. */
function fill({ store, clock }: OpenedStore, days: number, symbols = ['BTC', 'ETH']): number {
  const start = T0 - days * DAY;
  for (let at = start + 1000; at <= T0 + 1000; at += HOUR) {
    store.recordPoll(
      poll(
        at,
        symbols.map((symbol) => snapshot(symbol)),
        { pollMs: HOUR, watched: new Set() },
      ),
    );
    clock.now = at;
    if (at === start + 1000 + 20 * DAY) store.maintain(at);
  }
  store.recordSettled(BTC, [{ stamp: start, rate: 0.0001, intervalH: 8, mark: null, premium: null }], T0, null);
  return start;
}

test('without limits nothing is beyond them', () => {
  const opened = openStore();
  fill(opened, 40);
  expect(opened.store.hoursBeyond(none, T0)).toEqual({ rows: 0, from: null, to: null, bytes: 0 });
});

test('by age: what is told is what is deleted, once; settled rates stay', () => {
  const opened = openStore();
  const { store } = opened;
  const start = fill(opened, 50);
  const limits = { ageDays: 40, megabytes: null };
  const told = store.hoursBeyond(limits, T0);
  expect(told).toMatchObject({ rows: 2 * 10 * 24, from: start + HOUR, to: T0 - 40 * DAY });
  expect(told.bytes).toBeGreaterThan(told.rows * 20);
  expect(store.hours(BTC, start, T0).close).toHaveLength(50 * 24);
  expect(store.dropHoursBeyond(limits, T0)).toEqual(told);
  expect(store.hours(BTC, start, T0).close).toHaveLength(40 * 24);
  expect(store.hours(BTC, start, T0).close[0]).toBe(T0 - 40 * DAY + HOUR);
  expect(store.settled(BTC, 0, T0).key).toHaveLength(1);
  expect(store.dropHoursBeyond(limits, T0)).toMatchObject({ rows: 0 });
});

test.skipIf(isElsewhere())('by size: the oldest give way, and the last 35 days never do', () => {
  const opened = openStore();
  const { store } = opened;
  const start = fill(
    opened,
    45,
    Array.from({ length: 300 }, (_, i) => (i === 0 ? 'BTC' : `S${i}`)),
  );
  const bytes = store.status().bytes;
  const limits = { ageDays: null, megabytes: Math.floor(bytes / 1024 / 1024) - 2 };
  const told = store.hoursBeyond(limits, T0);
  expect(told.bytes).toBeGreaterThan(1.5 * 1024 * 1024);
  expect(told.bytes).toBeLessThan(6 * 1024 * 1024);
  const empty = store.status().reusableBytes;
  store.dropHoursBeyond(limits, T0);
  expect(store.status().bytes).toBeGreaterThanOrEqual(bytes);
  expect(store.status().reusableBytes - empty).toBeGreaterThan(told.bytes / 2);
  expect(store.hours(BTC, start, T0).close[0]).toBe((told.to ?? 0) + HOUR);
  expect(store.hoursBeyond(limits, T0).rows).toBeLessThan(told.rows / 3);
  store.dropHoursBeyond({ ageDays: null, megabytes: 1 }, T0);
  expect(store.hours(BTC, start, T0).close).toHaveLength(35 * 24);
});

test.skipIf(isElsewhere())('in pieces of few rows, of hours of thousands of instruments too', () => {
  const opened = openStore();
  const { store, file } = opened;
  const symbols = Array.from({ length: 1500 }, (_, i) => `S${i}`);
  for (const at of [0, 1, 2].map((hours) => T0 + hours * HOUR + 1000))
    store.recordPoll(
      poll(
        at,
        symbols.map((symbol) => snapshot(symbol)),
        { pollMs: HOUR, watched: new Set() },
      ),
    );
  const rows = (): number => {
    const db = new Database(file, { readonly: true });
    const count = Number(db.prepare('SELECT count(*) FROM hour_hot').pluck().get());
    db.close();
    return count;
  };
  const excess = store.hoursBeyond({ ageDays: 35, megabytes: null }, T0 + 40 * DAY);
  // A step is a piece of its own where the clock runs on so far at each look.
  let now = 0;
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => (now += 10));
  const gone: number[] = [];
  for (let [before, isMore] = [rows(), true]; isMore;) {
    isMore = store.dropHoursPiece(excess, T0 + 40 * DAY);
    const after = rows();
    gone.push(before - after);
    before = after;
  }
  clock.mockRestore();
  expect(gone.reduce((sum, n) => sum + n, 0)).toBe(3000);
  expect(Math.max(...gone)).toBeLessThanOrEqual(500);
});
