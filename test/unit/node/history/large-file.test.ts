import { existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test, vi } from 'vitest';
import { readChecks } from '#node/backup/checked.ts';
import { openHistory } from '#node/history/open.ts';
import { tempDir } from './support.ts';

const LARGE_BYTES = 80 * 1024 * 1024;
const AT = Date.UTC(2026, 10, 30);

/** A history whose file is too large to be checked before it is opened: a name in one of its tables is that long. */
async function largeFile(file: string): Promise<void> {
  const store = await openHistory({ file, demo: false, log: { write: () => undefined }, now: () => AT });
  await store.close();
  const db = new Database(file);
  db.prepare('INSERT INTO meta (name, value) VALUES (?, 1)').run('z'.repeat(LARGE_BYTES));
  db.close();
}

const opened = (file: string, checkAfterMs?: number): ReturnType<typeof openHistory> =>
  openHistory({ file, demo: false, log: { write: () => undefined }, now: () => AT, ...(checkAfterMs !== undefined && { checkAfterMs }) });

test('a large file is checked after what the first screen needs, and not at all where it is closed before', async () => {
  const dir = tempDir();
  const file = join(dir, 'history.sqlite');
  await largeFile(file);
  const before = readChecks(dir).quick;
  const store = await opened(file);
  await store.close();
  expect(readChecks(dir).quick).toEqual(before);

  const again = await opened(file, 0);
  await vi.waitFor(() => expect(readChecks(dir).quick).not.toEqual(before), { timeout: 60_000 });
  expect(readChecks(dir).quick?.damage).toBeNull();
  await again.close();
}, 120_000);

test('what the check finds in a large file is told, and the file is set aside', async () => {
  const dir = tempDir();
  const file = join(dir, 'history.sqlite');
  await largeFile(file);
  const bytes = await open(file, 'r+');
  // In the middle of that name: opening does not look there.
  const { size } = await bytes.stat();
  await bytes.write(Buffer.alloc(64 * 1024, 0xa5), 0, 64 * 1024, Math.floor(size / 2 / 65_536) * 65_536);
  await bytes.close();
  const store = await opened(file, 0);
  await vi.waitFor(() => expect(readChecks(dir).quick?.damage).toMatch(/./u), { timeout: 60_000 });
  await vi.waitFor(async () => expect((await store.status()).notices.join(' ')).toMatch(/./u), { timeout: 60_000 });
  await store.close();
  expect(existsSync(file)).toBe(true);
}, 120_000);
