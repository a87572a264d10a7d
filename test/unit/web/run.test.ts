import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { parse, stringify } from 'devalue';
import { PAGE_KEY_HEADER, WIRE_TYPE } from '#bridge/wire.ts';
import { VenueUrlError } from '#node/venue-urls.ts';
import { LockedError } from '#node/lock.ts';
import { runWeb, type RunningWeb } from '#web/run.ts';
import { tempDir } from '../node/history/support.ts';

function start(dataDir: string, env: Record<string, string> = {}): Promise<RunningWeb> {
  const assetsDir = join(dataDir, 'page');
  mkdirSync(assetsDir, { recursive: true });
  writeFileSync(join(assetsDir, 'index.html'), '<p>the page</p>');
  const demo = { speed: 1 };
  return runWeb({ dataDir, demo, port: null, version: '1.2.3', assetsDir, env, end: () => undefined });
}

test('the page is served while the app opens, and what it asks then is answered once it is open', async () => {
  const running = await start(tempDir());
  let isOpen = false;
  const opened = running.opened.then(() => (isOpen = true));
  const url = new URL(running.newUrl());
  const entered = await fetch(url);
  const cookie = entered.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const key = /<html [^>]*data-key="([\w-]{43})"/u.exec(await entered.text())?.[1] ?? '';
  const page = await fetch(new URL('/', url), { headers: { cookie } });
  expect([await page.text(), isOpen]).toEqual([expect.stringContaining('the page'), false]);

  const headers = { cookie, [PAGE_KEY_HEADER]: key, 'content-type': WIRE_TYPE };
  const events = await fetch(new URL('/bridge/events', url), { headers });
  const asked = await fetch(new URL('/bridge/call', url), { method: 'POST', headers, body: stringify({ name: 'app.info', input: {} }) });
  expect(parse(await asked.text())).toMatchObject({ ok: true, value: { version: '1.2.3' } });
  expect(isOpen).toBe(true);
  // The stream that was open before hears what the app tells.
  const heard = events.body?.pipeThrough(new TextDecoderStream())[Symbol.asyncIterator]();
  let told = '';
  while (!told.includes('event: settings.change')) told += (await heard?.next())?.value ?? '';
  await opened;
  await running.close();
});

test('a folder that is in use is told before anything is served', async () => {
  const dir = tempDir();
  const running = await start(dir);
  await expect(start(dir)).rejects.toThrow(LockedError);
  await running.close();
  await running.opened;
  // Free again.
  await (await start(dir)).close();
});

test('a file of the person that a newer version wrote is told before anything is served, and stays as it is', async () => {
  const dir = tempDir();
  await (await start(dir)).close();
  const file = join(dir, 'demo/person.sqlite');
  const db = new Database(file);
  db.pragma('user_version = 9999');
  db.exec("UPDATE meta SET value = 9999 WHERE name = 'least_version'");
  db.close();
  const before = readFileSync(file);
  await expect(start(dir)).rejects.toThrow(/person\.sqlite was written by a newer Perpscope/u);
  expect(readFileSync(file).equals(before)).toBe(true);
});

test('what ends the start after the page is there ends the page too, and leaves the folder free', async () => {
  const dir = tempDir();
  const running = await start(dir, { PERPSCOPE_VENUE_URL_BINANCE: 'nonsense' });
  const url = running.newUrl();
  await expect(running.opened).rejects.toThrow(VenueUrlError);
  await expect(fetch(url)).rejects.toThrow();
  const again = await start(dir);
  await again.opened;
  await again.close();
});
