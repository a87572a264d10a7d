import { copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { newestReader } from '#node/history/newest.ts';
import { openHistory } from '#node/history/open.ts';
import { inspect, live } from '#test/soak/kill.ts';
import { generator } from '#test/support/generator.ts';
import { silent, T0, tempDir } from './support.ts';

const WAL_HEADER = 32;
const FRAME_HEADER = 24;
const SECTOR = 512;

interface Wal {
  readonly bytes: Buffer;
  /** Where each transaction ends, ascending; the first is where the one before what may be lost ends. */
  readonly ends: readonly number[];
}

/**
 * Transactions of a -wal that are not in the database file yet: what a power loss may take. A checkpoint begins when the disk
 * says that it has the -wal, so what one took or was taking (SQLite's -shm says how much) is not torn.
 */
function readWal(file: string): Wal {
  const bytes = readFileSync(`${file}-wal`);
  const frame = FRAME_HEADER + bytes.readUInt32BE(8);
  const safe = WAL_HEADER + readFileSync(`${file}-shm`).readUInt32LE(128) * frame;
  const salt = bytes.subarray(16, 24);
  const ends = [safe];
  for (let at = WAL_HEADER; at + frame <= bytes.length && bytes.subarray(at + 8, at + 16).equals(salt); at += frame)
    if (at >= safe && bytes.readUInt32BE(at + 4) > 0) ends.push(at + frame);
  return { bytes, ends };
}

const sectorEnd = (wal: Buffer, at: number): number => Math.min(at + SECTOR, wal.length);
const damages: Record<string, (wal: Buffer, at: number) => Buffer> = {
  'cut off': (wal, at) => wal.subarray(0, at),
  zeroed: (wal, at) => Buffer.from(wal).fill(0, at),
  'one sector never written': (wal, at) => Buffer.from(wal).fill(0, at, sectorEnd(wal, at)),
  'one sector of other bytes': (wal, at) => Buffer.from(wal).fill(0xa5, at, sectorEnd(wal, at)),
};

/** A copy of the database with another -wal, in a folder of its own. */
function copyWith(file: string, wal: Buffer): string {
  const copy = join(tempDir(), 'history.sqlite');
  copyFileSync(file, copy);
  writeFileSync(`${copy}-wal`, wal);
  return copy;
}

/** The newest poll of a file whose -wal ends where a transaction does. */
function newestIn(file: string): number {
  const db = new Database(file);
  const at = Math.max(...[...newestReader(db).all().values()].map(({ observedAt }) => observedAt));
  db.close();
  return (at - T0) / 600_000;
}

const openLive = (file: string) => openHistory({ file, demo: false, log: silent, now: () => T0 });

test('a power loss that tears the end of the -wal costs the torn transactions, whole, and nothing older', async () => {
  const random = generator(20261122);
  const dir = tempDir();
  const file = join(dir, 'history.sqlite');
  const lost: number[] = [];
  let torn = 0;
  for (let round = 0; round < 20 && torn < 2; round++) {
    // What is in the database file to begin with.
    const before = await live(dir, 60);
    await (await openLive(file)).close();
    const base = inspect(file, before, before + 1);
    const acknowledged = await live(dir, 150 + 150 * random());
    const { bytes, ends } = readWal(file);
    const from = ends[0] ?? 0;
    const last = ends.at(-1) ?? from;
    // A kill just after a checkpoint leaves nothing that a power loss may take.
    if (last === from) continue;
    torn++;
    for (const [name, damage] of Object.entries(damages)) {
      for (let i = 0; i < 2; i++) {
        const at = from + Math.floor(random() * (last - from));
        const after = damage(bytes, at);
        // Much of a page is zero anyway.
        const differs = bytes.subarray(at).findIndex((byte, i) => byte !== after[at + i]);
        const whole = ends.filter((end) => differs < 0 || end <= at + differs).at(-1) ?? from;
        const expected = newestIn(copyWith(file, bytes.subarray(0, whole)));
        expect(expected).toBeGreaterThanOrEqual(base);
        const copy = copyWith(file, after);
        const store = await openLive(copy);
        expect((await store.status()).notices, `${name} at ${at}`).toEqual([]);
        await store.recordEvent({ at: T0, kind: 'outage', venue: 'binance', instrument: null, text: 'goes on' });
        await store.close();
        expect(inspect(copy, expected, expected), `${name} at ${at}`).toBe(expected);
        expect(readdirSync(join(copy, '..')).filter((left) => left.includes('damaged'))).toEqual([]);
        lost.push(acknowledged - expected);
      }
    }
  }
  expect(torn).toBe(2);
  // Torn were transactions that held polls, not the idle end of the file.
  expect(Math.max(...lost)).toBeGreaterThan(0);
});
