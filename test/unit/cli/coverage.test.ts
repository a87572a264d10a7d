import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newInstrument } from '#domain/instrument.ts';
import { HOUR_MS } from '#domain/time.ts';
import { ReadonlyHistory } from '#node/history/readonly-history.ts';
import { SqliteHistory } from '#node/history/sqlite-history.ts';
import { acquireLock } from '#node/lock.ts';
import { ask } from '#test/support/ask.ts';
import { runBackfill } from '../../../src/cli/backfill.ts';

const START = Date.UTC(2026, 0, 1);
const END = START + 40 * 8 * HOUR_MS;
const ID = 'binance:BTCUSDT';
let dir = '';
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'coverage-'));
  const store = new SqliteHistory({ file: join(dir, 'history.sqlite'), kind: 'live', log: { write: () => undefined }, now: () => END });
  const [venue, symbol] = ['binance', 'BTCUSDT'];
  const instrument = newInstrument({ venue, symbol, asset: 'BTC', quote: 'USDT', settle: 'USDT', delistedAt: END });
  store.recordPoll({ venue, observedAt: END, pollMs: 30_000, instruments: [instrument], snapshots: [], watched: new Set() });
  const rows = Array.from({ length: 41 }, (_, i) => i)
    .filter((i) => i !== 10 && i !== 11 && i !== 20)
    .map((i) => ({ stamp: START + i * 8 * HOUR_MS, rate: 1e-4, intervalH: 8, mark: null, premium: null }));
  store.recordSettled(ID, rows, END, { from: START - 1, to: END });
  const hole = START + 20 * 8 * HOUR_MS;
  store.recordAsked(ID, 'settled', [{ from: hole - HOUR_MS, to: hole + HOUR_MS, at: END, since: END - 2 * HOUR_MS }], END);
  store.close();
});
afterAll(() => rmSync(dir, { recursive: true }));

const covered = (...args: string[]) => ask('coverage', '--venue', 'binance', '--symbol', 'BTCUSDT', '--data-dir', dir, ...args);

test('says how much is there and every hole with its reason, the newest first; 1 where something is missing', async () => {
  const { code, out } = await covered('--kind', 'settled');
  expect(code).toBe(1);
  expect(out.trimEnd().split('\n')).toEqual([
    'settled: 38 of 41 settlements (92.68 %), holes: 2',
    '  2026-01-07 16:00 UTC  1 missing: the venue does not give it',
    '  2026-01-04 08:00 to 2026-01-04 16:00 UTC  2 missing: not asked for yet',
  ]);
});

test('a stretch without a hole is 0; as JSON each day counts what should be there', async () => {
  const { code, out } = await covered('--kind', 'settled', '--from', '2026-01-08', '--json');
  expect(code).toBe(0);
  const { data } = JSON.parse(out) as { data: { instrument: string; kinds: unknown[] } };
  const { instrument, kinds } = data as {
    instrument: string;
    kinds: { kind: string; expected: number; there: number; days: unknown[] }[];
  };
  expect([instrument, kinds[0]?.kind, kinds[0]?.expected, kinds[0]?.there]).toEqual([ID, 'settled', 20, 20]);
  expect(kinds[0]?.days[0]).toEqual({ day: '2026-01-08', expected: 3, there: 3, missing: {} });
});

test('a kind of which nothing is stored says so; an unknown one is named with those that there are', async () => {
  expect((await covered('--kind', 'books')).out).toBe('books: nothing is stored there, so nothing says what should be.\n');
  const { code, err } = await covered('--kind', 'hours');
  expect([code, err]).toEqual([2, '--kind is one of settled, prices, polls, books, not "hours".\n']);
});

async function filled(folder: string, ...args: string[]) {
  const [out, err]: [string[], string[]] = [[], []];
  const io = {
    read: () => Promise.reject(new Error('nothing is read')),
    out: (text: string) => void out.push(text),
    err: (text: string) => void err.push(text),
  };
  const code = await runBackfill(
    ['--data-dir', folder, '--demo', '--demo-speed', '600', '--for', '90s', ...args],
    io,
    new AbortController().signal,
  );
  return { code, out, err: err.join('\n') };
}

test('backfill brings all that the venue serves, says how far it is, and ends by itself', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'backfill-'));
  try {
    const { code, out, err } = await filled(folder, '--venue', 'binance', '--symbol', ID, '--json');
    expect([code, err]).toEqual([0, '']);
    const lines = out.map((text) => JSON.parse(text) as { event: string; faults?: string[]; filling?: { instrument: string }[] });
    expect(lines.find(({ event }) => event === 'filling')?.filling?.[0]?.instrument).toBe(ID);
    expect(lines.at(-1)).toEqual({ event: 'ended', ok: true, exit: 0, instruments: 1, faults: [] });
    const history = new ReadonlyHistory({ file: join(folder, 'demo/demo.sqlite'), kind: 'demo', now: () => Date.now() });
    const [spans, rows] = [history.spans(ID, 'settled'), history.settled(ID, 0, Number.MAX_SAFE_INTEGER).key.length];
    history.close();
    // Proven back to before the venue's first settlement.
    expect(spans[0]?.from).toBe(0);
    expect(rows).toBeGreaterThan(300);
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 120_000);

test('what no venue lists is said; a folder that another process records is left alone', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'backfill-'));
  const first = await filled(folder, '--symbol', 'binance:NOSUCHUSDT', '--venue', 'binance');
  expect([first.code, first.err]).toEqual([1, 'binance:NOSUCHUSDT is not listed by its venue and never was here.']);
  const lock = acquireLock(join(folder, 'demo'), { shell: 'browser', version: '1' });
  try {
    expect((await filled(folder, '--venue', 'binance', '--symbol', ID)).code).toBe(3);
  } finally {
    lock.release();
    rmSync(folder, { recursive: true });
  }
});
