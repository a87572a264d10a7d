import { createWriteStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { DuckDBInstance } from '@duckdb/node-api';
import { look, runImport } from '#core/imports.ts';
import { openHistory } from '#node/history/open.ts';
import { openImport } from '#node/import/open-import.ts';
import { inMs, random, tell } from '#test/support/bench.ts';
import { isShort } from '#test/support/short.ts';

/**
 * Settlements of many instruments in one CSV into the history on a disk, beside DuckDB's own read of the same file into a table of its own
 * on the same disk, in the same run.
 */
const INSTRUMENTS = isShort ? 4 : 200;
const ROWS = 5000;
const START = Date.UTC(2020, 8, 13);
const H8 = 8 * 3_600_000;
const GOAL_TIMES = 15;
const GOAL_MB = 300;

const dir = mkdtempSync(join(tmpdir(), 'import-bench-'));
const file = join(dir, 'settlements.csv');
const next = random(5);

function* lines(): Generator<string> {
  yield 'symbol,ts_ms,rate,interval_h,mark_price\n';
  for (let n = 0; n < INSTRUMENTS; n++) {
    let text = '';
    for (let i = 0; i < ROWS; i++)
      text += `C${n}USDT,${START + i * H8 + (i % 5)},${(next() * 2e-4).toFixed(8)},8,${(100 + next() * 9).toFixed(4)}\n`;
    yield text;
  }
}

async function duck(): Promise<number> {
  const db = await DuckDBInstance.create(join(dir, 'duck.db'));
  const connection = await db.connect();
  const from = performance.now();
  await connection.run(`CREATE OR REPLACE TABLE t AS SELECT * FROM read_csv('${file}')`);
  await connection.run('CHECKPOINT');
  const ms = performance.now() - from;
  connection.closeSync();
  db.closeSync();
  return ms;
}

async function ours(name: string): Promise<{ ms: number; longest: number; peakMb: number }> {
  const log = { write: () => undefined };
  const now = (): number => Date.now();
  const store = await openHistory({ file: join(dir, name), demo: false, log, now });
  const table = openImport(file, 'settlements.csv', { now, log });
  const delay = monitorEventLoopDelay({ resolution: 1 });
  const before = process.memoryUsage.rss();
  let peak = before;
  const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 20);
  delay.enable();
  const from = performance.now();
  const options = { store, now, venues: [{ id: 'binance', name: 'Binance' }] };
  const wishes = { venue: 'binance' };
  const never = new AbortController().signal;
  const seen = await look(options, { table, opened: await table.open() }, wishes, () => undefined, never);
  const { added } = await runImport(options, table, seen, { dry: false, wishes }, () => undefined, never);
  const ms = performance.now() - from;
  delay.disable();
  clearInterval(watch);
  if (added !== INSTRUMENTS * ROWS) throw new Error(`${added} rows of ${INSTRUMENTS * ROWS} were added`);
  await table.close();
  await store.close();
  return { ms, longest: delay.max / 1e6, peakMb: (peak - before) / 1024 / 1024 };
}

try {
  await pipeline(Readable.from(lines()), createWriteStream(file));
  const imported = await ours('history.sqlite');
  // After it: what DuckDB takes of the memory is not the import's.
  const best = Math.min(await duck(), await duck());
  tell(
    `import of ${(INSTRUMENTS * ROWS).toLocaleString('en')} settlements from CSV (${(statSync(file).size / 1e6).toFixed(0)} MB)`,
    `${inMs(imported.ms)}, ${(imported.ms / best).toFixed(1)} x DuckDB's read into a table (${inMs(best)}, goal ${GOAL_TIMES} x); ${imported.peakMb.toFixed(0)} MB more memory (goal ${GOAL_MB}), this thread's longest stretch ${imported.longest.toFixed(0)} ms`,
  );
} finally {
  rmSync(dir, { recursive: true, force: true });
}
