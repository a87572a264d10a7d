import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, describe, expect, test } from 'vitest';
import { folderPlace, type ArchivePlace } from '#node/archive/place.ts';
import { openParquet, parquetOf, readParquet, type Row } from '#node/archive/parquet.ts';
import { ARCHIVED } from '#node/archive/tables.ts';
import { archiveMonths } from '#node/archive/write.ts';
import { ask, dataOf } from '#test/support/ask.ts';
import { server, targetOf } from '../postgres/support.ts';
import { NOW, recordedOn } from './recorded.ts';

const base = mkdtempSync(join(tmpdir(), 'perpscope-archive-'));
afterAll(() => rmSync(base, { recursive: true, force: true }));
const port = server?.port ?? 0;
const MARCH = Date.UTC(2025, 2, 1);
const APRIL = Date.UTC(2025, 3, 1);

/** A desk of its own, with what psql says of it. */
function desk() {
  const address = server?.newDatabase() ?? '';
  const database = new URL(address).pathname.slice(1);
  recordedOn(port, 'perpscope', database).close();
  const sql = (text: string): string =>
    server?.sql(database, `SET search_path = perpscope, pg_catalog; SET extra_float_digits = 3; ${text}`).split('\n').slice(2).join('\n') ??
    '';
  return { address, target: targetOf(port, 'perpscope', { database }), sql };
}
/** Rows of the archived kinds by month, as psql counts them. */
const counted = (sql: (text: string) => string): string =>
  sql(
    ARCHIVED.map(
      ({ table, time }) =>
        `SELECT '${table}', to_char(to_timestamp(${time} / 1000) AT TIME ZONE 'UTC', 'YYYY-MM') AS m, count(*) FROM ${table} GROUP BY 2`,
    ).join(' UNION ALL ') + ' ORDER BY 1, 2',
  );

async function duck(text: string): Promise<unknown[][]> {
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  try {
    return (await connection.runAndReadAll(text)).getRowsJS();
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

describe.skipIf(server === null)('archive', () => {
  test('writes whole months, says what is in them, and the same command again writes nothing', async () => {
    const { address, sql } = desk();
    const folder = join(base, 'plain');
    const before = counted(sql);
    const first = await ask('archive', '--store', address, '--to', folder, '--before', '2025-04', '--json');
    expect(first).toMatchObject({ code: 0, err: '' });
    const months = dataOf(first) as { month: string; files: number; rows: number; written: number; dropped: number }[];
    expect(months.map(({ month, dropped }) => [month, dropped])).toEqual([
      ['2025-01', 0],
      ['2025-02', 0],
      ['2025-03', 0],
    ]);
    expect(counted(sql)).toBe(before);
    const manifest = JSON.parse(readFileSync(join(folder, '2025-01/manifest.json'), 'utf8')) as {
      files: { path: string; table: string; rows: number; bytes: number; sha256: string }[];
    };
    expect(manifest.files).toHaveLength(months[0]?.files ?? NaN);
    for (const { path, bytes, sha256 } of manifest.files) {
      const there = readFileSync(join(folder, path));
      expect([there.length, createHash('sha256').update(there).digest('hex')]).toEqual([bytes, sha256]);
    }
    for (const { table } of ARCHIVED) {
      const rows = manifest.files.filter((file) => file.table === table).reduce((sum, file) => sum + file.rows, 0);
      expect(before.split('\n')).toContain(`${table}|2025-01|${rows}`);
    }
    const again = await ask('archive', '--store', address, '--to', folder, '--before', '2025-04', '--json');
    expect((dataOf(again) as typeof months).map(({ written }) => written)).toEqual([0, 0, 0]);
    // A file that is not as it was is written again.
    const [one] = manifest.files;
    const path = join(folder, one?.path ?? '');
    writeFileSync(path, readFileSync(path).fill(0, 10, 20));
    const mended = await ask('archive', '--store', address, '--to', folder, '--before', '2025-04', '--json');
    expect((dataOf(mended) as typeof months).map(({ written }) => written)).toEqual([1, 0, 0]);
    expect(createHash('sha256').update(readFileSync(path)).digest('hex')).toBe(one?.sha256);
  });

  test('DuckDB reads the files: sums of the database to the last digit', async () => {
    const { address, sql } = desk();
    const folder = join(base, 'duck');
    await ask('archive', '--store', address, '--to', folder, '--before', '2025-04');
    // Rows one by one in one order, since a sum of doubles depends on it.
    const rows = await duck(
      `SELECT instrument, epoch_ms(key), rate, mark, epoch_ms(learnt_at) FROM '${folder}/*/*/settled.parquet' ORDER BY instrument, key`,
    );
    const there = sql(
      `SELECT id, key, rate, mark, s.learnt_at FROM settled s JOIN instruments ON number = instrument WHERE key < ${APRIL} ORDER BY id, key`,
    );
    const numberIn = (field: string): number | null => (field === '' ? null : Number(field));
    const expected = there.split('\n').map((line) => {
      const [id, ...fields] = line.split('|');
      return [id, ...fields.map(numberIn)];
    });
    expect(rows.length).toBeGreaterThan(20);
    expect(rows.map((row) => row.map((field) => (typeof field === 'bigint' ? Number(field) : field)))).toEqual(expected);
    const sum = (table: string, of: string): string =>
      sql(`SELECT sum(${of} ORDER BY id, close) FROM ${table} JOIN instruments ON number = instrument WHERE close < ${APRIL}`);
    const [[hours]] = (await duck(`SELECT sum(rate_min ORDER BY instrument, close) FROM '${folder}/*/*/hours.parquet'`)) as [[number]];
    expect(hours).toBe(Number(sum('hour_cold', 'rate_min')));
    const [[learnt]] = (await duck(`SELECT count(*) FROM '${folder}/*/*/prices.parquet' WHERE learnt_at > close + INTERVAL 1 DAY`)) as [
      [bigint],
    ];
    expect(Number(learnt)).toBe(
      Number(
        sql(`SELECT count(*) FROM prices LEFT JOIN batches ON number = -learnt WHERE close < ${APRIL} AND learnt_at > close + 86400000`),
      ),
    );
    expect(Number(learnt)).toBeGreaterThan(10);
  });

  test('--drop deletes what is archived and nothing else; what comes of such a month later is archived beside it', async () => {
    const { address, target, sql } = desk();
    const folder = join(base, 'dropped');
    const before = counted(sql).split('\n');
    const dropped = await ask('archive', '--store', address, '--to', folder, '--before', '2025-03', '--drop', '--json');
    expect(dropped).toMatchObject({ code: 0, err: '' });
    expect(counted(sql).split('\n')).toEqual(before.filter((line) => !/\|2025-0[12]\|/u.test(line)));
    expect(sql('SELECT count(*), sum(settled_rows) FROM archived')).toBe(
      `2|${before.filter((line) => /^settled\|2025-0[12]/u.test(line)).reduce((sum, line) => sum + Number(line.split('|')[2]), 0)}`,
    );
    // The room is given back.
    expect(sql("SELECT pg_relation_size('hour_cold_2025_01')")).toBe('0');
    const [number] = sql("SELECT number FROM instruments WHERE id = 'bybit:ETH'").split('\n');
    sql(`INSERT INTO settled VALUES (${number}, ${MARCH - 3_600_000}, ${MARCH - 3_600_000}, 0.25, 4, 1, NULL, ${NOW}, NULL, NULL)`);
    await archiveMonths({ target, place: folderPlace(folder), before: MARCH, drop: true, now: NOW });
    expect(existsSync(join(folder, '2025-02/bybit/settled-2.parquet'))).toBe(true);
    expect(counted(sql).split('\n')).toEqual(before.filter((line) => !/\|2025-0[12]\|/u.test(line)));
    expect(await duck(`SELECT instrument, rate FROM '${folder}/2025-02/bybit/settled-2.parquet'`)).toEqual([['bybit:ETH', 0.25]]);
  });

  test('ended at any step, nothing is lost, and the same call goes on to the same end', async () => {
    const { target, sql } = desk();
    const folder = join(base, 'ended');
    const whole = counted(sql);
    /** Ends before or after the step of that number. */
    const ending = (at: number): ArchivePlace => {
      const place = folderPlace(folder);
      let step = 0;
      const counting =
        <I extends unknown[], O>(work: (...input: I) => Promise<O>) =>
        async (...input: I): Promise<O> => {
          if (step++ === at) throw new Error('ended');
          const value = await work(...input);
          if (step++ === at) throw new Error('ended');
          return value;
        };
      return { ...place, get: counting((path) => place.get(path)), put: counting((path, bytes) => place.put(path, bytes)) };
    };
    let ended = 0;
    // A step that is not the first of its run, so that each run gets further than the one before.
    for (let at = 1; ; at += 7) {
      const running = archiveMonths({ target, place: ending(at), before: MARCH, drop: true, now: NOW });
      const isDone = await running.then(
        () => true,
        () => false,
      );
      if (isDone) break;
      ended++;
      // What lies in the database and what the archive names of dropped months is all there was.
      const live = new Map(
        counted(sql)
          .split('\n')
          .map((line) => [line.slice(0, line.lastIndexOf('|')), Number(line.split('|')[2])]),
      );
      const gone = new Set(sql("SELECT to_char(to_timestamp(from_t / 1000) AT TIME ZONE 'UTC', 'YYYY-MM') FROM archived").split('\n'));
      for (const line of whole.split('\n')) {
        const [table = '', month = '', rows] = line.split('|');
        expect(gone.has(month) ? archivedRows(folder, month, table) : live.get(`${table}|${month}`), line).toBe(Number(rows));
      }
    }
    expect(ended).toBeGreaterThan(5);
    expect(readdirSync(folder, { recursive: true }).filter((name) => String(name).endsWith('.part'))).toEqual([]);
    expect(sql('SELECT count(*) FROM archived')).toBe('2');
  });

  test('a file that is not what was written, or not what the database holds, costs no row', async () => {
    const { target, sql } = desk();
    const folder = join(base, 'differs');
    const whole = counted(sql);
    const place = folderPlace(folder);
    const broken: ArchivePlace = {
      ...place,
      put: (path, bytes) => place.put(path, path.endsWith('hours.parquet') ? bytes.with(100, 1) : bytes),
    };
    const dropping = { target, before: MARCH, drop: true, now: NOW };
    await expect(archiveMonths({ ...dropping, place: broken })).rejects.toThrow(/hours\.parquet .+ is not what was written/u);
    expect([counted(sql), sql('SELECT count(*) FROM archived')]).toEqual([whole, '0']);
    await archiveMonths({ ...dropping, place, drop: false });
    // As many rows, another value.
    sql(`UPDATE settled SET rate = 0.125 WHERE key = (SELECT min(key) FROM settled)`);
    const months = await archiveMonths({ ...dropping, place });
    expect(months.map(({ written }) => written)).toEqual([2, 0]);
    const [[found]] = (await duck(`SELECT count(*) FROM '${folder}/2025-01/*/settled.parquet' WHERE rate = 0.125`)) as [[bigint]];
    expect(Number(found)).toBe(2);
  });

  test('a row that came meanwhile keeps its month in the database; a month of now and another history’s archive are refused', async () => {
    const { address, target, sql } = desk();
    const folder = join(base, 'meanwhile');
    const place = folderPlace(folder);
    const [number] = sql("SELECT number FROM instruments WHERE id = 'bybit:ETH'").split('\n');
    let puts = 0;
    const late: ArchivePlace = {
      ...place,
      async put(path, bytes) {
        await place.put(path, bytes);
        // By then the month's settlements are written and compared.
        if (++puts === 20)
          sql(
            `INSERT INTO settled VALUES (${number}, ${Date.UTC(2025, 0, 31)}, ${Date.UTC(2025, 0, 31)}, 0.25, 4, 1, NULL, ${NOW}, NULL, NULL)`,
          );
      },
    };
    await expect(archiveMonths({ target, place: late, before: MARCH, drop: true, now: NOW })).rejects.toThrow(
      /came while it was archived/u,
    );
    expect(sql('SELECT count(*) FROM archived')).toBe('0');
    expect(Number(sql(`SELECT count(*) FROM settled WHERE key < ${MARCH}`))).toBeGreaterThan(20);
    await archiveMonths({ target, place, before: MARCH, drop: true, now: NOW });
    expect(sql(`SELECT count(*) FROM settled WHERE key < ${MARCH}`)).toBe('0');
    await expect(archiveMonths({ target, place, before: Date.UTC(2025, 5, 1), drop: true, now: NOW })).rejects.toThrow(/over for 35 days/u);
    const other = desk();
    expect(await ask('archive', '--store', other.address, '--to', folder, '--before', '2025-03', '--drop')).toMatchObject({
      code: 4,
      err: expect.stringContaining("is another history's") as string,
    });
    expect(await ask('archive', '--store', address, '--to', folder, '--before', '2025-13')).toMatchObject({ code: 2 });
    expect(statSync(folder).isDirectory()).toBe(true);
  });
});

function archivedRows(folder: string, month: string, table: string): number {
  const { files } = JSON.parse(readFileSync(join(folder, month, 'manifest.json'), 'utf8')) as {
    files: { path: string; table: string; rows: number; sha256: string }[];
  };
  return files
    .filter((file) => file.table === table)
    .reduce((sum, { path, rows, sha256 }) => {
      expect(
        createHash('sha256')
          .update(readFileSync(join(folder, path)))
          .digest('hex'),
      ).toBe(sha256);
      return sum + rows;
    }, 0);
}

test('what is written is read back to the last bit, an instrument at a time', async () => {
  const [table] = ARCHIVED;
  if (table === undefined) throw new Error('there are no tables');
  const row = (key: number, rate: number): Row => [key, key + 7, rate, null, null, 5e-324, key + 9, 1.7976931348623157e308, 3];
  const each = ['a:1', 'b:2', 'c:3'].map((id, i) => ({
    id,
    rows: Array.from({ length: 9000 }, (_, n) => row(n * 3_600_000, n % 3 === 0 ? -0 : n % 3 === 1 ? 0 : 0.1 + n / (i + 7))),
  }));
  const { bytes } = await parquetOf(table, each);
  const file = await openParquet({ byteLength: bytes.length, slice: (from, to) => new Uint8Array(bytes.slice(from, to)).buffer });
  for (const { id, rows } of each) expect(await readParquet(file, table, id)).toStrictEqual(rows);
  expect(await readParquet(file, table, 'd:4')).toEqual([]);
});
