import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Room, roomAt, RoomWatch } from '#node/history/room.ts';
import { SqliteHistory } from '#node/history/sqlite-history.ts';
import { HOUR, instrument, poll, silent, snapshot, T0, tempDir } from './support.ts';

const MB = 1024 * 1024;
const BTC = instrument('BTC').id;

test('a disk is nearly full below 500 MB and below a tenth of it', () => {
  const low = (room: Room | null): boolean => new RoomWatch(() => room).low(T0) !== null;
  expect(low({ freeBytes: 499 * MB, diskBytes: 100_000 * MB })).toBe(true);
  expect(low({ freeBytes: 501 * MB, diskBytes: 100_000 * MB })).toBe(false);
  expect(low({ freeBytes: 20 * MB, diskBytes: 100 * MB })).toBe(false);
  expect(low({ freeBytes: 9 * MB, diskBytes: 100 * MB })).toBe(true);
  expect(low(null)).toBe(false);
  expect(roomAt(join(tempDir(), 'history.sqlite'))?.freeBytes).toBeGreaterThan(0);
  expect(roomAt(join(tempDir(), 'nowhere/history.sqlite'))).toBeNull();
});

test('while room is low snapshots are left out and said; hours go on, and with room all of it does', () => {
  let room: Room = { freeBytes: 10_000 * MB, diskBytes: 100_000 * MB };
  let now = T0;
  const store = new SqliteHistory({ file: join(tempDir(), 'history.sqlite'), kind: 'live', log: silent, now: () => now, room: () => room });
  const record = (at: number): void => {
    now = at;
    store.recordPoll(poll(at, [snapshot('BTC')], { pollMs: HOUR / 2 }));
  };
  const snapshots = (): number => store.snapshots(BTC, 0, Infinity).observedAt.length;
  record(T0 + 1000);
  expect([snapshots(), store.status().notices]).toEqual([1, []]);
  room = { ...room, freeBytes: 123 * MB };
  record(T0 + HOUR + 1000);
  record(T0 + 2 * HOUR + 1000);
  expect(snapshots()).toBe(1);
  expect(store.hours(BTC, T0, T0 + 2 * HOUR).close).toHaveLength(2);
  expect(store.status().notices).toEqual([expect.stringMatching(/^Only 123 MB are free/u)]);
  room = { ...room, freeBytes: 10_000 * MB };
  record(T0 + 3 * HOUR + 1000);
  expect([snapshots(), store.status().notices]).toEqual([2, []]);
  store.close();
});
