import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { afterAll, describe, expect, test } from 'vitest';
import { newInstrument } from '#domain/instrument.ts';
import { HOUR_MS } from '#domain/time.ts';
import { csvText } from '#node/export/table-file.ts';
import { SqliteHistory } from '#node/history/sqlite-history.ts';
import { ask } from '#test/support/ask.ts';

const START = Date.UTC(2026, 0, 1);
const END = START + 40 * 8 * HOUR_MS;
const dir = mkdtempSync(join(tmpdir(), 'export-'));
afterAll(() => rmSync(dir, { recursive: true }));

const rates = Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? 1 : -1) * 1e-5 * (i + 0.1));
{
  const store = new SqliteHistory({ file: join(dir, 'history.sqlite'), kind: 'live', log: { write: () => undefined }, now: () => END });
  const [venue, symbol, id] = ['binance', 'BTCUSDT', 'binance:BTCUSDT'];
  const instrument = newInstrument({ venue, symbol, asset: 'BTC', quote: 'USDT', settle: 'USDT' });
  store.recordPoll({ venue, observedAt: END, pollMs: 30_000, instruments: [instrument], snapshots: [], watched: new Set() });
  const rows = rates.map((rate, i) => ({
    stamp: START + i * 8 * HOUR_MS,
    rate,
    intervalH: 8,
    mark: i === 3 ? null : 97_000.1 + i,
    premium: null,
  }));
  store.recordSettled(id, rows, END, { from: START - 1, to: END });
  store.close();
}

const exported = (...args: string[]) => ask('export', '--venue', 'binance', '--symbol', 'BTCUSDT', '--data-dir', dir, ...args);

test('CSV: units in the header, UTC, an unknown cell is empty; metrics and evidence read it back', async () => {
  const file = join(dir, 'a.csv');
  const { code, err } = await exported('--out', file);
  expect([code, err.startsWith('40 rows of binance:BTCUSDT, settled')]).toEqual([0, true]);
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  expect(lines[0]).toBe('time (UTC),rate (per interval),interval_h (h),mark_price (USDT),premium (fraction),stamp (UTC),learnt (UTC)');
  expect(lines[4]).toBe(`2026-01-02T00:00:00.000Z,${rates[3]},8,,,2026-01-02T00:00:00.000Z,${new Date(END).toISOString()}`);
  const back = await ask('metrics', '--file', file, '--metric', 'settled-rate', '--json');
  expect((JSON.parse(back.out) as { data: { value: number }[] }).data.map(({ value }) => value)).toEqual(rates);
});

test('JSON lines: the same names, null for what is not known', async () => {
  const { out, code } = await exported(
    '--format',
    'jsonl',
    '--from',
    new Date(START + 15 * HOUR_MS).toISOString(),
    '--to',
    new Date(START + 24 * HOUR_MS).toISOString(),
  );
  expect(code).toBe(0);
  const rows = out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(rows.map((row) => row['rate (per interval)'])).toEqual(rates.slice(2, 4));
  expect(rows[1]).toMatchObject({ 'mark_price (USDT)': null, 'time (UTC)': '2026-01-02T00:00:00.000Z' });
});

test('Parquet: read back by another reader to the last digit', async () => {
  const file = join(dir, 'a.parquet');
  expect((await exported('--out', file)).code).toBe(0);
  const buffer = await asyncBufferFromFile(file);
  const rows = await parquetReadObjects({ file: buffer });
  expect(rows.map((row: Record<string, unknown>) => row['rate (per interval)'])).toEqual(rates);
  expect(rows[3]).toMatchObject({ 'mark_price (USDT)': null, 'time (UTC)': new Date(START + 24 * HOUR_MS) });
  const { key_value_metadata: about = [] } = await parquetMetadataAsync(buffer);
  expect(Object.fromEntries(about.map(({ key, value }) => [key, value]))).toMatchObject({ instrument: 'binance:BTCUSDT', kind: 'settled' });
});

describe('what cannot be done as asked', () => {
  test.each([
    ['a file that is there', ['--out', join(dir, 'there.csv')], 'is there already'],
    ['a name that says no format', ['--out', join(dir, 'a.xlsx')], 'Name it .csv, .jsonl or .parquet'],
    ['Parquet without a file', ['--format', 'parquet'], '--out file.parquet'],
    ['a kind that is none', ['--kind', 'trades'], '--kind is one of settled, prices, hours, polls'],
    ['a folder that is not there', ['--out', join(dir, 'no', 'a.csv')], 'cannot be written'],
  ])('%s', async (_name, args, sentence) => {
    writeFileSync(join(dir, 'there.csv'), 'kept');
    const { code, err } = await exported(...args);
    expect(code).toBe(2);
    expect(err).toContain(sentence);
    expect(readFileSync(join(dir, 'there.csv'), 'utf8')).toBe('kept');
    expect(readdirSync(dir).filter((name) => name.endsWith('.part'))).toEqual([]);
  });
  test('another symbol is named that is like it', async () => {
    const { code, err } = await ask('export', '--venue', 'binance', '--symbol', 'BTCUSD', '--data-dir', dir);
    expect([code, err]).toEqual([2, 'The history has no BTCUSD of binance; there are BTCUSDT.\n']);
  });
  test('no rows write nothing', async () => {
    const { code, err } = await exported('--kind', 'polls', '--out', join(dir, 'none.csv'));
    expect([code, err]).toEqual([1, 'The history holds no polls of binance:BTCUSDT there.\n']);
    expect(existsSync(join(dir, 'none.csv'))).toBe(false);
  });
});

test('text that a spreadsheet would run is made text', () => {
  expect(['=1+1', '+A1', '-A1', '@x', '\tx', 'plain', 'a"b', 'a,b'].map(csvText)).toEqual([
    "'=1+1",
    "'+A1",
    "'-A1",
    "'@x",
    "'\tx",
    'plain',
    '"a""b"',
    '"a,b"',
  ]);
});
