import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newInstrument } from '#domain/instrument.ts';
import { HOUR_MS } from '#domain/time.ts';
import { SqliteHistory } from '#node/history/sqlite-history.ts';
import { ask } from '#test/support/ask.ts';
import { silent } from '../history/support.ts';
import { openOn, server, targetOf } from './support.ts';

const START = Date.UTC(2026, 0, 1);
const COUNT = 120;
const END = START + COUNT * 8 * HOUR_MS;
const dir = mkdtempSync(join(tmpdir(), 'perpscope-commands-'));
/** To a day that is over: so nothing depends on the time of now. */
const of = ['--venue', 'binance', '--symbol', 'BTCUSDT', '--to', '2026-02-09'] as const;
let desk = '';

function fill(store: Pick<SqliteHistory, 'recordPoll' | 'recordSettled' | 'recordPrices'>): void {
  const [venue, symbol, id] = ['binance', 'BTCUSDT', 'binance:BTCUSDT'];
  const instrument = newInstrument({ venue, symbol, asset: 'BTC', quote: 'USDT', settle: 'USDT' });
  store.recordPoll({ venue, observedAt: START, pollMs: 30_000, instruments: [instrument], snapshots: [], watched: new Set() });
  const rows = Array.from({ length: COUNT }, (_, i) => ({
    stamp: START + i * 8 * HOUR_MS,
    rate: i % 5 === 0 ? 7e-4 / 3 : (i % 2 === 0 ? 1 : -1) * 1e-5 * (i + 0.1),
    intervalH: 8,
    mark: 97_000.1 + i / 3,
    premium: null,
  }));
  // A day is missing.
  const kept = rows.filter((_, i) => i < 30 || i > 33);
  store.recordSettled(id, kept, END, { from: START - 1, to: END - 8 * HOUR_MS });
  const prices = Array.from({ length: COUNT * 8 }, (_, h) => ({
    close: START + (h + 1) * HOUR_MS,
    mark: 97_000 + h / 7,
    index: 97_001 + h / 9,
    last: null,
  }));
  store.recordPrices(id, prices.slice(0, 500), START + 600 * HOUR_MS, { from: START, to: START + 500 * HOUR_MS });
  store.recordPrices(id, prices, END, { from: START, to: END });
}

describe.skipIf(server === null)('commands on a desk’s history', () => {
  beforeAll(() => {
    desk = server?.newDatabase() ?? '';
    const stores = [
      new SqliteHistory({ file: join(dir, 'history.sqlite'), kind: 'live', log: silent, now: () => END }),
      openOn(targetOf(server?.port ?? 0, 'perpscope', { database: new URL(desk).pathname.slice(1) }), () => END),
    ];
    for (const store of stores) {
      fill(store);
      store.close();
    }
  });
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  test.each([
    ['metrics', '--metric', 'ema-divergence', '--json'],
    ['coverage', '--kind', 'settled', '--json'],
    ['evidence', '--metric', 'settled-rate', '--level', '0.0002', '--exit', '24h', '--json'],
    ['export', '--kind', 'settled', '--format', 'csv'],
    ['export', '--kind', 'prices', '--as-of', '2026-01-27', '--format', 'jsonl'],
  ])('%s %s %s: the same to the last digit as on a folder’s', async (command, ...args) => {
    const inFolder = await ask(command, ...of, ...args, '--data-dir', dir);
    const onDesk = await ask(command, ...of, ...args, '--history', desk);
    expect(onDesk).toEqual(inFolder);
    expect(inFolder.out.length).toBeGreaterThan(200);
  });

  test('of two histories one is meant, a password is refused, and where there is none it is said', async () => {
    expect(await ask('metrics', ...of, '--metric', 'score', '--history', desk, '--data-dir', dir)).toMatchObject({
      code: 2,
      err: expect.stringContaining('leave one of them out') as string,
    });
    expect(await ask('coverage', ...of, '--history', 'postgres://me:secret@db.example/desk')).toMatchObject({
      code: 2,
      err: expect.not.stringContaining('secret@') as string,
    });
    expect(await ask('export', ...of, '--history', `${desk}?schema=empty`)).toMatchObject({
      code: 2,
      err: expect.stringContaining('There is no history at') as string,
    });
  });
});
