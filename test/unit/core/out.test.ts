import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { PutOut, ShownColumn } from '#bridge/out.ts';
import { alignedTable } from '#core/read/export/aligned-table.ts';
import { headerOf } from '#core/read/export/series-table.ts';
import { tableBytes } from '#node/export/table-file.ts';
import { tableBytesInWorker } from '#node/export/table-worker.ts';
import { HOUR, START, World } from '#test/support/world.ts';

const ID = 'alpha:BTCUSDT';
const DAY = 24 * HOUR;
let world: World;
beforeEach(async () => {
  world = new World({ view: { selected: ID } });
  world.market().oldestAt = Math.ceil((START - 20 * DAY) / (8 * HOUR)) * 8 * HOUR;
  world.market().list('BTCUSDT', { asset: 'BTC', rate: (t) => ((t / HOUR) % 5) * 1e-5 });
  await world.start();
  await world.clock.advance(5 * 60_000);
});
afterEach(async () => {
  await world.stop();
  world.dispose();
});
const textOf = (out: PutOut): string =>
  out.kind === 'download' ? (typeof out.content === 'string' ? out.content : new TextDecoder().decode(out.content)) : out.kind;

test('rows as stored: units in the header, times in UTC, equal field by field when read back', async () => {
  const out = await world.call('out.stored', { instrument: ID, kind: 'settled', format: 'csv', from: null, to: null });
  const [head, ...lines] = textOf(out).trimEnd().split('\n');
  expect(head).toBe('time (UTC),rate (per interval),interval_h (h),mark_price (USDT),premium (fraction),stamp (UTC),learnt (UTC)');
  const stored = await world.store.settled(ID, 0, START);
  expect(lines.map((line) => [Date.parse(line.split(',')[0] ?? ''), Number(line.split(',')[1])])).toEqual(
    [...stored.key].map((key, i) => [key, stored.rate[i]]),
  );
  expect(out).toMatchObject({ kind: 'download', name: 'alpha-BTCUSDT-settled.csv', type: 'text/csv;charset=utf-8' });
});

test('metrics on one axis: a column each with its unit and what it is, within the range', async () => {
  const series = [{ instrument: ID, choice: { metric: 'settled-rate', params: {} }, list: null }];
  const out = await world.call('out.series', { series, format: 'jsonl', name: 'a b', from: START - 2 * DAY, to: START - DAY });
  const rows = textOf(out)
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(Object.keys(rows[0] ?? {})).toEqual(['time (UTC)', 'alpha:BTCUSDT settled-rate (per interval)']);
  expect(rows).toHaveLength(3);
  const none = world.call('out.series', { series, format: 'csv', name: 'x', from: 1, to: 2 });
  await expect(none).rejects.toThrow('There is no row to export there.');
});

test('of a moment of the past a file holds what was known by then, and says of when it is', async () => {
  const moment = START - 5 * DAY;
  const series = [{ instrument: ID, choice: { metric: 'settled-rate', params: {} }, list: null }];
  const whole = { from: null, to: null, format: 'jsonl' } as const;
  for (const ask of [
    (asOf: number | { venueTime: number }) => world.call('out.stored', { instrument: ID, kind: 'settled', ...whole, asOf }),
    (asOf: number | { venueTime: number }) => world.call('out.series', { series, name: 'a', ...whole, asOf }),
  ]) {
    const lines = textOf(await ask({ venueTime: moment })).trimEnd();
    const times = lines.split('\n').map((line) => Date.parse((JSON.parse(line) as Record<string, string>)['time (UTC)'] ?? ''));
    expect(times.at(-1)).toBe(Math.floor(moment / (8 * HOUR)) * 8 * HOUR);
    // All of it was fetched later than that.
    await expect(ask(moment)).rejects.toThrow(/There is no row to export there|nothing was known/u);
  }
});

test('a series that has no row of a time of another is empty there, and derived ones say so', () => {
  const one = { time: Float64Array.of(1, 3), value: Float64Array.of(10, 30) };
  const other = { time: Float64Array.of(2, 3), value: Float64Array.of(200, 300) };
  const table = alignedTable(
    [
      { instrument: 'a:X', choice: { metric: 'funding', params: {} }, series: one },
      { instrument: 'b:X', choice: { metric: 'ema-divergence', params: { n: 24 } }, series: other },
    ],
    1,
    null,
  );
  expect(table.map(headerOf)).toEqual(['time (UTC)', 'a:X funding (per h, derived)', 'b:X ema-divergence n=24 (per h, derived)']);
  expect(table.map(({ values }) => [...values])).toEqual([
    [2, 3],
    [NaN, 30],
    [200, 300],
  ]);
});

const HOSTILE: ShownColumn[] = [
  { name: 'name', unit: '', origin: 'measured', type: 'text', values: ['=1+1', '+1', '-2.5e3', '@a', '\tb', '-1+1', '\rc', '+1+1', ''] },
  { name: 'value', unit: 'USDT', origin: 'derived', type: 'number', values: [-1, 2, 3, NaN, 5, 6, 7, 8, 9] },
];

test('a table of the screen: no cell is a formula, but a number is one still; what is not known is empty', async () => {
  const out = await world.call('out.table', { name: '=cmd: a/b', columns: HOSTILE, format: 'csv' });
  expect(out).toMatchObject({ name: 'cmd-a-b.csv' });
  expect(textOf(out)).toBe("name,\"value (USDT, derived)\"\n'=1+1,-1\n+1,2\n-2.5e3,3\n'@a,\n'\tb,5\n'-1+1,6\n\"'\rc\",7\n'+1+1,8\n,9\n");
  const uneven = world.call('out.table', {
    name: 'x',
    columns: [...HOSTILE, { ...HOSTILE[0], values: ['a'] } as ShownColumn],
    format: 'csv',
  });
  await expect(uneven).rejects.toThrow('not equally long');
});

test('Parquet of texts, numbers and times, made in a worker, read by another reader', async () => {
  const table = [
    { name: 'at', unit: '', origin: 'measured', type: 'time', values: Float64Array.of(START, NaN) },
    { name: 'name', unit: '', origin: 'measured', type: 'text', values: ['=1', ''] },
    { name: 'v', unit: 'h', origin: 'derived', type: 'number', values: Float64Array.of(0.1, NaN) },
  ] as const;
  const bytes = await tableBytesInWorker(table, 'parquet', { table: 'x' });
  expect(bytes).toEqual(await tableBytes(table, 'parquet', { table: 'x' }));
  const dir = mkdtempSync(join(tmpdir(), 'out-'));
  try {
    writeFileSync(join(dir, 'a.parquet'), bytes);
    const rows = await parquetReadObjects({ file: await asyncBufferFromFile(join(dir, 'a.parquet')) });
    expect(rows).toEqual([
      { 'at (UTC)': new Date(START), name: '=1', 'v (h, derived)': 0.1 },
      { 'at (UTC)': null, name: null, 'v (h, derived)': null },
    ]);
  } finally {
    rmSync(dir, { recursive: true });
  }
});

test('settlements of a range: the row’s own mark, else the hourly one; opened at the last close before', async () => {
  const found = await world.call('explore.settlements', { instrument: ID, from: START - 2 * DAY, to: START });
  expect(found.key).toHaveLength(6);
  // The paper venue's settlements have no mark; its candles are at 100.
  expect([[...found.own], [...found.mark]]).toEqual([Array(6).fill(0), Array(6).fill(100)]);
  expect(found.opened).toEqual({ at: Math.floor((START - 2 * DAY) / HOUR) * HOUR, mark: 100 });
});

test('a table of a hundred thousand rows leaves whole', async () => {
  const values = Array.from({ length: 100_000 }, (_, i) => i);
  const out = await world.call('out.table', {
    name: 'long',
    columns: [{ name: 'i', unit: '', origin: 'derived', type: 'number', values }],
    format: 'csv',
  });
  expect(textOf(out).trimEnd().split('\n').at(-1)).toBe('99999');
});
