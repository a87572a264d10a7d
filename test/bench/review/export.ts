import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { settledTable } from '#core/read/export/series-table.ts';
import { writeTable } from '#node/export/table-file.ts';
import { inMs, random, tell } from '#test/support/bench.ts';
import { isShort } from '#test/support/short.ts';

/** Settlements of one instrument as Parquet, read back whole by DuckDB, beside its own copy of the same rows to Parquet in the same run. */
const ROWS = isShort ? 5000 : 1_000_000;
const START = Date.UTC(1990, 0, 1);
const HOUR_MS = 3_600_000;

const dir = mkdtempSync(join(tmpdir(), 'export-bench-'));
const file = join(dir, 'ours.parquet');
const next = random(5);
const column = (of: (i: number) => number): Float64Array => Float64Array.from({ length: ROWS }, (_, i) => of(i));
const key = column((i) => START + i * HOUR_MS);
const rate = column(() => Number((next() * 2e-4).toFixed(8)));
const mark = column((i) => (i % 7 === 0 ? NaN : Number((100 + next() * 9).toFixed(4))));
const table = settledTable(
  { key, stamp: key, rate, intervalH: column(() => 1), mark, premium: column(() => NaN), learntAt: key },
  { money: 'USDT', coin: 'BTC' },
);

async function took(work: () => Promise<unknown>): Promise<number> {
  const from = performance.now();
  await work();
  return performance.now() - from;
}

try {
  const ours = await took(() => writeTable(file, 'parquet', table, { instrument: 'binance:BTCUSDT' }));
  const db = await DuckDBInstance.create(join(dir, 'duck.db'));
  const connection = await db.connect();
  const read = await connection.runAndReadAll(
    `SELECT count(*), sum("rate (per interval)"), count("mark_price (USDT)"), epoch_ms(max("time (UTC)")) FROM read_parquet('${file}')`,
  );
  const [rows = NaN, sum = NaN, marks = NaN, last = NaN] = (read.getRows()[0] ?? []).map(Number);
  const known = mark.filter((value) => !Number.isNaN(value)).length;
  const total = rate.reduce((before, value) => before + value, 0);
  if (rows !== ROWS || marks !== known || last !== key.at(-1) || !(Math.abs(sum - total) < 1e-9))
    throw new Error(`another reader finds ${rows} rows, ${marks} marks, rates of ${sum} in all and the last at ${last}`);
  await connection.run(`CREATE TABLE t AS SELECT * FROM read_parquet('${file}')`);
  const copies = [1, 2].map((n) => () => connection.run(`COPY t TO '${join(dir, `duck-${n}.parquet`)}' (FORMAT parquet)`));
  let best = Infinity;
  for (const copy of copies) best = Math.min(best, await took(copy));
  connection.closeSync();
  db.closeSync();
  const mb = (path: string): string => (statSync(path).size / 1e6).toFixed(1);
  tell(
    `export of ${ROWS.toLocaleString('en')} settlements to Parquet (${mb(file)} MB)`,
    `${inMs(ours)}, ${(ours / best).toFixed(1)} x DuckDB's copy of them to Parquet (${inMs(best)}, ${mb(join(dir, 'duck-1.parquet'))} MB)`,
  );
} finally {
  rmSync(dir, { recursive: true, force: true });
}
