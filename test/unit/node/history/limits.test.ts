import { expect, test } from 'vitest';
import { HOUR, instrument, openStore, type OpenedStore, poll, snapshot, T0 } from './support.ts';

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

test('by size: the oldest give way, and the last 35 days never do', () => {
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
