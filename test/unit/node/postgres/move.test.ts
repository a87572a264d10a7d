import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { newInstrument } from '#domain/instrument.ts';
import { HOUR_MS } from '#domain/time.ts';
import { ReadonlyHistory } from '#node/history/readonly-history.ts';
import { SqliteHistory } from '#node/history/sqlite-history.ts';
import { moveIn } from '#node/postgres/move.ts';
import { run } from '../../../../src/cli/run.ts';
import { silent, snapshot } from '../history/support.ts';
import { readAll } from './read-all.ts';
import { openOn, server, targetOf } from './support.ts';

const START = Date.UTC(2026, 0, 31, 20);
const END = START + 9 * HOUR_MS;
const base = mkdtempSync(join(tmpdir(), 'perpscope-move-'));
afterAll(() => rmSync(base, { recursive: true, force: true }));

const instrument = (venue: string, asset: string) => newInstrument({ venue, symbol: asset, asset, quote: 'USDT', settle: 'USDT' });

/** What one recorder has: polls of nine hours over the end of a month, settlements, prices, a book, events, rules of orders, a run. */
function recorded(name: string, venues: readonly string[], rateAt: (i: number) => number): string {
  const dir = join(base, name);
  const store = new SqliteHistory({ file: join(dir, 'history.sqlite'), kind: 'live', log: silent, now: () => END });
  for (const venue of venues) {
    const both = [instrument(venue, 'BTC'), instrument(venue, 'ETH')];
    for (let at = START; at <= END; at += 20 * 60_000)
      store.recordPoll({
        venue,
        observedAt: at,
        pollMs: 20 * 60_000,
        instruments: both,
        snapshots: both.map(({ symbol }) => snapshot(symbol, { rate: (at - START) / 3e11, mark: 100 + at / 7e12 })),
        watched: new Set([`${venue}:BTC`]),
      });
    const row = (i: number) => ({
      stamp: START + 4 * i * HOUR_MS,
      rate: rateAt(i),
      intervalH: 4,
      mark: 100 + i / 3,
      premium: null,
    });
    store.recordSettled(`${venue}:BTC`, [0, 1, 2].map(row), END, { from: START - 1, to: END });
    store.recordSettled(`${venue}:BTC`, [{ ...row(1), mark: 101.5 }], END + 1, null);
    store.recordPrices(`${venue}:ETH`, [{ close: START + HOUR_MS, mark: 1 / 3, index: 2 / 3, last: null }], END, null);
    store.recordPrices(`${venue}:ETH`, [{ close: START + HOUR_MS, mark: 1 / 7, index: 2 / 3, last: null }], END + 5, null);
    store.recordBooks([
      { instrument: `${venue}:BTC`, at: START + 1, mid: 100, bids: Float64Array.of(0.001, 1e5), asks: Float64Array.of(0.001, 2e5) },
    ]);
    store.recordEvent({ at: START, kind: 'outage', venue, instrument: null, text: `${name}, \\ and "quoted"` });
    store.recordAsked(`${venue}:ETH`, 'settled', [{ from: START, to: END, at: END, since: START }], END);
  }
  store.recordRun({ from: START, to: END });
  store.close();
  return dir;
}

const reads = (store: Parameters<typeof readAll>[0]) => readAll(store, START - HOUR_MS, END);
async function ofFolder(dir: string) {
  const store = new ReadonlyHistory({ file: join(dir, 'history.sqlite'), kind: 'live', now: () => END });
  try {
    return await reads(store);
  } finally {
    store.close();
  }
}

async function move(from: string, to: string) {
  let [out, err] = ['', ''];
  const io = {
    read: (file: string | null) => Promise.resolve(readFileSync(file ?? '', 'utf8')),
    out: (text: string) => void (out += text),
    err: (text: string) => void (err += text),
  };
  const code = await run(['move', '--from', from, '--to', to, '--json'], io);
  const { data } = JSON.parse(out) as { data: { differing: number | null; rows: number; conflicts: unknown[] } | null };
  return { code, err, data };
}

describe.skipIf(server === null)('move', () => {
  test('a folder’s history into a desk’s, ended half-way and gone on with, and out into another folder: every bit of it', async () => {
    const desk = server?.newDatabase() ?? '';
    const target = targetOf(server?.port ?? 0, 'perpscope', { database: new URL(desk).pathname.slice(1) });
    const dir = recorded('first', ['binance', 'bybit'], (i) => 1e-4 / (i + 3));
    const folder = { dir, database: join(dir, 'history.sqlite'), kind: 'live' as const };
    const halfway = moveIn(folder, target, (step, done) => {
      if (step === 'Writing' && done >= 0.5) throw new Error('ended');
    });
    await expect(halfway).rejects.toThrow();
    expect(readdirSync(dir).filter((name) => name.startsWith('moving'))).toEqual([]);
    const moved = await move(dir, desk);
    expect(moved).toMatchObject({ code: 0, data: { differing: 0, conflicts: [] } });
    const store = openOn(target, () => END);
    try {
      expect(await reads(store)).toStrictEqual(await ofFolder(dir));
      // Who records there from now on gives no number twice.
      const more = {
        venue: 'gate',
        observedAt: END,
        pollMs: 60_000,
        instruments: [instrument('gate', 'BTC')],
        snapshots: [snapshot('BTC')],
      };
      store.recordPoll({ ...more, watched: new Set(['gate:BTC']) });
      store.recordEvent({ at: END, kind: 'outage', venue: 'gate', instrument: null, text: 'after it' });
      expect((await reads(store)).instruments).toHaveLength(5);
    } finally {
      store.close();
    }
    const out = join(base, 'out');
    expect(await move(desk, out)).toMatchObject({ code: 0, data: { differing: 0, conflicts: [] } });
    const again = openOn(target, () => END);
    try {
      expect(await ofFolder(out)).toStrictEqual(await reads(again));
    } finally {
      again.close();
    }
  });

  test('two recorders’ histories: each row once, and of two rates the one that was there, with the other listed', async () => {
    const desk = server?.newDatabase() ?? '';
    const one = recorded('one', ['binance'], () => 1e-4);
    const two = recorded('two', ['binance', 'gate'], (i) => (i === 2 ? 3e-4 : 1e-4));
    await move(one, desk);
    const database = new URL(desk).pathname.slice(1);
    server?.sql(database, `SET search_path = perpscope, pg_catalog; SELECT take_lease('binance', 'box one', 3600000, true)`);
    expect(await move(two, desk)).toMatchObject({ code: 4, err: expect.stringContaining('end them first (binance by box one)') as string });
    server?.sql(database, `SET search_path = perpscope, pg_catalog; SELECT give_up_lease('binance', 'box one')`);
    const conflict = { instrument: 'binance:BTC', at: START + 8 * HOUR_MS, kept: 1e-4, other: 3e-4 };
    expect(await move(two, desk)).toMatchObject({ code: 0, data: { differing: 0, conflicts: [conflict] } });
    const sql = (text: string): string =>
      server?.sql(database, `SET search_path = perpscope, pg_catalog; ${text}`).split('\n').at(-1) ?? '';
    // Three settlements of each of two instruments, and polls of nine hours, every 20 minutes, both ends with them.
    expect(sql('SELECT count(*) FROM settled')).toBe('6');
    expect(sql('SELECT count(*) FROM snapshot_cold')).toBe(String(2 * 28));
    expect(sql("SELECT count(*) FROM events WHERE kind = 'outage'")).toBe('3');
    // The other way about, into a folder that has its own.
    expect(await move(desk, two)).toMatchObject({ code: 0, data: { differing: null } });
    const { instruments, of } = await ofFolder(two);
    expect(instruments.map(({ id }) => id)).toEqual(['binance:BTC', 'binance:ETH', 'gate:BTC', 'gate:ETH']);
    expect([...(of['gate:BTC'] as { settled: { rate: Float64Array } }).settled.rate]).toEqual([1e-4, 1e-4, 3e-4]);
  });
});
