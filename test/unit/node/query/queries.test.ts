import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { defaultSettings } from '#core/default-settings.ts';
import { SqliteHistory } from '#node/history/sqlite-history.ts';
import { openPerson } from '#node/person/open-person.ts';
import { connect, connectReadonly } from '#node/history/connection.ts';
import { answerOf } from '#node/query/answer.ts';
import { startQueryChild } from '#node/query/child-process.ts';
import type { QueryProcess } from '#node/query/protocol.ts';
import { createQueries } from '#node/query/queries.ts';
import { addViews } from '#node/query/views.ts';
import { HOUR, instrument, poll, silent, snapshot, T0, tempDir } from '../history/support.ts';

const BTC = 'binance:BTCUSDT';
const ENDLESS = 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n';
const never = new AbortController().signal;
const SETTLED = Math.floor(T0 / (8 * HOUR)) * 8 * HOUR;

let dir = '';
let store: SqliteHistory;
beforeEach(() => {
  dir = tempDir();
  store = new SqliteHistory({ file: join(dir, 'history.sqlite'), kind: 'live', log: silent, now: () => T0 });
  store.recordPoll(poll(T0, [snapshot('BTCUSDT'), snapshot('ETHUSDT')]));
  store.recordSettled(BTC, [{ stamp: SETTLED, rate: 1e-4, intervalH: 8, mark: 60_000, premium: null }], T0, null);
});
afterEach(() => {
  store.close();
  rmSync(dir, { recursive: true, force: true });
});

function queries(longestMs = 20_000) {
  const started: QueryProcess[] = [];
  const all = createQueries({
    ...{ history: join(dir, 'history.sqlite'), person: join(dir, 'person.sqlite'), longestMs },
    async start() {
      const child = await startQueryChild();
      started.push(child);
      return child;
    },
  });
  return {
    started,
    run: (sql: string, stop: AbortSignal) => all.run(sql, stop),
    ask: (sql: string) => all.run(sql, never),
    schema: () => all.schema(),
  };
}

/** As the process does, in this one. */
function inProcess(sql: string) {
  const db = connectReadonly(join(dir, 'history.sqlite'));
  try {
    addViews(db, false);
    return answerOf(db, sql);
  } finally {
    db.close();
  }
}

test('a question is answered beside the writer, with what it has just acknowledged', async () => {
  const { ask } = queries();
  const answer = await ask('SELECT symbol, time, rate, rate_per_8h, mark FROM settlements ORDER BY symbol');
  expect(answer.columns).toEqual([
    { name: 'symbol', kind: 'text' },
    { name: 'time', kind: 'time' },
    { name: 'rate', kind: 'number' },
    { name: 'rate_per_8h', kind: 'number' },
    { name: 'mark', kind: 'number' },
  ]);
  expect(answer.rows).toEqual([['BTCUSDT', SETTLED, 1e-4, 1e-4, 60_000]]);
  expect(answer.more).toBe(false);
  expect((await ask('SELECT count(DISTINCT instrument) FROM polls')).rows).toEqual([[2]]);
});

test('an endless question is killed at its limit, and the store goes on', async () => {
  const { ask, started } = queries(700);
  await expect(ask(ENDLESS)).rejects.toThrow(
    'The question took longer than 0.7 s and was ended. Ask for less: a shorter range, fewer instruments.',
  );
  expect(started).toHaveLength(1);
  store.recordPoll(poll(T0 + 60_000, [snapshot('BTCUSDT')]));
  expect((await queries().ask('SELECT count(*) FROM polls')).rows).toEqual([[3]]);
});

test('a question that is stopped ends at once; one stopped before it began too', async () => {
  const { run } = queries();
  const stop = new AbortController();
  const asked = run(ENDLESS, stop.signal);
  stop.abort();
  await expect(asked).rejects.toThrow('Stopped.');
  await expect(run('SELECT 1', stop.signal)).rejects.toThrow('Stopped.');
});

test.each([
  ['INSERT INTO settled VALUES (1, 0, 0, 0, NULL, NULL, NULL, 0, NULL)'],
  ['DELETE FROM settled'],
  ['DROP TABLE settled'],
  ['PRAGMA journal_mode = DELETE'],
  ["ATTACH 'other.sqlite' AS other"],
  ['VACUUM'],
  ['BEGIN'],
  ['WITH gone AS (SELECT 1) DELETE FROM settled'],
  ['WITH gone AS (SELECT 1) DELETE FROM settled RETURNING rate'],
  ['/* quiet */ -- words\n UPDATE settled SET rate = 0'],
  ['CREATE TEMP TABLE mine (x)'],
])('refused: %s', (sql) => {
  expect(() => inProcess(sql)).toThrow('Only SELECT, WITH and EXPLAIN can be asked: this page reads and never writes.');
});

test.each([
  ['SELECT 1; DELETE FROM settled', 'One question at a time'],
  ["SELECT * FROM pragma_table_info('settled')", 'PRAGMA'],
  ['SELECT * FROM "PRAGMA_database_list"', 'PRAGMA'],
  ["SELECT load_extension('/tmp/x.so')", 'The question'],
  ["SELECT writefile('/tmp/x', 'y')", 'The question cannot be read: no such function: writefile.'],
  ['SELECT rat FROM settlements', 'The question cannot be read: no such column: rat.'],
  ['', 'Write a question'],
  ['-- only words', 'Write a question'],
  ['/* no end', 'Write a question'],
])('%s has no answer, and the reason is said', (sql, why) => {
  expect(() => inProcess(sql)).toThrow(why);
});

test('a comment ends where SQL ends it', () => {
  expect(inProcess('/*/ none yet */ SELECT 1').rows).toEqual([[1]]);
  expect(() => inProcess('/*/ SELECT 1 -- */ DELETE FROM settled')).toThrow('Only SELECT, WITH and EXPLAIN');
});

test('a column is of moments by its name and its values; a text beyond 500 letters is cut', () => {
  const { columns, rows } = inProcess(
    `SELECT ${T0} AS time, 5 AS ts, NULL AS at, ${T0} AS rate, ${T0} AS told_at, 1.5e12 + 0.5 AS close, '${'x'.repeat(501)}' AS key`,
  );
  expect(columns.map(({ name, kind }) => `${name} ${kind}`)).toEqual([
    ...['time time', 'ts number', 'at number', 'rate number', 'told_at time', 'close number', 'key text'],
  ]);
  expect(rows[0]?.[6]).toBe(`${'x'.repeat(500)}\u2026`);
  expect(inProcess(`SELECT '${'x'.repeat(500)}' AS a`).rows).toEqual([['x'.repeat(500)]]);
});

test('EXPLAIN shows the plan', async () => {
  const { rows } = await queries().ask(`EXPLAIN QUERY PLAN SELECT rate FROM settlements WHERE instrument = '${BTC}' AND time > 0`);
  // By the key of the table, never the whole of it.
  expect(rows.some((row) => String(row.at(-1)).startsWith('SEARCH s USING PRIMARY KEY (instrument=? AND key>?)'))).toBe(true);
});

test('hours of one instrument are looked for, not scanned', async () => {
  const { rows } = await queries().ask(`EXPLAIN QUERY PLAN SELECT rate FROM hours WHERE instrument = '${BTC}' AND time > 0`);
  const plan = rows.map((row) => String(row.at(-1)));
  expect(plan.some((line) => line.startsWith('SEARCH r USING PRIMARY KEY (instrument=? AND close>?)'))).toBe(true);
});

test('a later word stands in the place of the first, as in every other read', async () => {
  store.recordSettled(BTC, [{ stamp: SETTLED, rate: 1e-4, intervalH: 8, mark: 60_001, premium: null }], T0 + HOUR, null);
  expect((await queries().ask('SELECT mark, rate FROM settlements')).rows).toEqual([[60_001, 1e-4]]);
  expect(store.settled(BTC, 0, Infinity).mark).toEqual(Float64Array.of(60_001));
});

test('the views say the same as the store: every column of settlements, hours, polls and prices', async () => {
  for (let i = 1; i <= 30; i++) store.recordPoll(poll(T0 + i * HOUR, [snapshot('BTCUSDT', { rate: i * 1e-5, openInterest: 100 + i })]));
  store.maintain(T0 + 40 * HOUR);
  const { ask } = queries();
  const of = async (sql: string) => {
    const { rows } = await ask(sql);
    return rows.map((row) => row.map((cell) => cell ?? NaN));
  };
  const columns = (...all: readonly Float64Array[]) => [...(all[0] ?? [])].map((_, row) => all.map((column) => column[row] ?? NaN));
  const hours = store.hours(BTC, 0, T0 + 29 * HOUR);
  expect(hours.close.length).toBeGreaterThan(20);
  expect(
    await of(
      `SELECT time, rate, interval_h, mark, open_interest, coverage FROM hours WHERE instrument = '${BTC}' AND time <= ${T0 + 29 * HOUR} ORDER BY time`,
    ),
  ).toEqual(columns(hours.close, hours.rate, hours.intervalH, hours.mark, hours.openInterest, hours.coverage));
  const polls = store.snapshots(BTC, 0, Infinity);
  expect(await of(`SELECT time, rate, mark, volume_24h FROM polls WHERE instrument = '${BTC}' ORDER BY time`)).toEqual(
    columns(polls.observedAt, polls.rate, polls.mark, polls.volume24h),
  );
});

test('what was seen before a settlement stands there as every other read gives it: not of another interval, nor of before it began', () => {
  const [first, second] = [SETTLED + 8 * HOUR, SETTLED + 16 * HOUR];
  for (const [key, intervalH] of [
    [first, 8],
    [second, 1],
  ] as const)
    for (const minute of [61, 16, 6, 1])
      store.recordPoll(
        poll(key - minute * 60_000, [snapshot('BTCUSDT', { rate: minute / 1e5, intervalH }), snapshot('ETHUSDT', { intervalH: 4 })]),
      );
  const row = (stamp: number, intervalH: number) => ({ stamp, rate: 1e-4, intervalH, mark: null, premium: null });
  store.recordSettled(BTC, [row(first, 8), row(second, 1)], second, null);
  store.recordSettled('binance:ETHUSDT', [row(first, 8)], second, null);
  const asked = inProcess(
    `SELECT seen_60m_before, seen_15m_before, seen_5m_before, seen_last FROM settlements WHERE time > ${SETTLED} ORDER BY symbol, time`,
  );
  expect(asked.rows).toEqual([
    [61e-5, 16e-5, 6e-5, 1e-5],
    [null, 16e-5, 6e-5, 1e-5],
    [null, null, null, null],
  ]);
  for (const [i, key] of [first, second].entries()) {
    const { seen60, seen15, seen5, seenLast } = store.settledSeen(BTC, key - 1, key);
    expect(asked.rows[i]?.map((cell) => cell ?? NaN)).toEqual([seen60[0], seen15[0], seen5[0], seenLast[0]]);
  }
});

test('prices, contracts and what was told twice: each column its own, the newest word, a row once', () => {
  store.recordPrices(BTC, [{ close: T0, mark: 1, index: 2, last: 3 }], T0, null);
  store.recordPrices(BTC, [{ close: T0, mark: 1, index: 4, last: 3 }], T0 + 1, null);
  expect(inProcess('SELECT time, mark, index_price, last FROM price_hours').rows).toEqual([[T0, 1, 4, 3]]);
  store.recordSettled(BTC, [{ stamp: SETTLED, rate: 2e-4, intervalH: 8, mark: null, premium: null }], T0 + 5, null);
  expect(inProcess('SELECT time, rate, other_rate, first_seen_at FROM told_twice').rows).toEqual([[SETTLED, 1e-4, 2e-4, T0 + 5]]);
  for (const multiplier of [10, 100, 1000])
    store.recordPoll(poll(T0 + multiplier, [], { instruments: [{ ...instrument('BTCUSDT'), multiplier }] }));
  expect(inProcess(`SELECT multiplier FROM contracts WHERE instrument = '${BTC}'`).rows).toEqual([[1000]]);
  // As a kill between the two tables of polls would leave it.
  const db = connect(join(dir, 'history.sqlite'));
  db.exec('INSERT INTO snapshot_cold SELECT * FROM snapshot_hot');
  db.close();
  expect(inProcess('SELECT symbol, time FROM polls ORDER BY symbol').rows).toEqual([
    ['BTCUSDT', T0],
    ['ETHUSDT', T0],
  ]);
});

test('only so many rows are read, and that there are more is said; numbers that none can hold come as text', async () => {
  const answer = await queries().ask('WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 10001) SELECT i FROM n');
  expect([answer.rows.length, answer.more]).toEqual([10_000, true]);
  const [row] = (await queries().ask("SELECT 9007199254740993 AS a, 9e999 AS b, x'0102' AS c, NULL AS d")).rows;
  expect(row).toEqual(['9007199254740993', 'Infinity', '2 bytes', null]);
});

test('a question that would need too much memory says so', async () => {
  const { ask } = queries();
  await expect(
    ask(
      'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 1000) SELECT length(group_concat(hex(zeroblob(1000000)))) FROM n',
    ),
  ).rejects.toThrow(/needs more memory|failed while it was read/u);
});

test("the person's file can be asked too, and stays as it is", async () => {
  const person = await openPerson({
    ...{ file: join(dir, 'person.sqlite'), demo: false, log: silent, now: () => T0, defaults: defaultSettings([]) },
    ...{ outgrown: null, history: join(dir, 'history.sqlite') },
  });
  try {
    const { ask, schema } = queries();
    expect((await ask('SELECT count(*) FROM alert_log')).rows).toEqual([[0]]);
    await expect(ask('SELECT 1 FROM person.facts; DELETE FROM person.facts')).rejects.toThrow('One question at a time');
    const names = (await schema()).map(({ name }) => name);
    expect(names.slice(0, 3)).toEqual(['contracts', 'settlements', 'hours']);
    expect(names).toContain('person.facts');
  } finally {
    await person.close();
  }
});

test('every view of the schema can be asked, and has the columns that it says', async () => {
  const { ask, schema } = queries();
  for (const { name, says, columns } of await schema()) {
    if (says === null) continue;
    expect((await ask(`SELECT * FROM ${name} LIMIT 1`)).columns.map((column) => column.name)).toEqual(columns.map((column) => column.name));
  }
});

test('where there is no history, and where it cannot be read, that is said', async () => {
  const none = createQueries({ history: join(dir, 'none.sqlite'), person: join(dir, 'none'), start: startQueryChild });
  await expect(none.run('SELECT 1', never)).rejects.toThrow('There is no history on the disk yet.');
  const file = join(dir, 'broken.sqlite');
  writeFileSync(file, 'no database at all, and longer than the header of one '.repeat(10));
  await expect(createQueries({ history: file, person: 'none', start: startQueryChild }).run('SELECT 1', never)).rejects.toThrow(
    'The history cannot be read',
  );
});

test('what runs is ended when the app closes', async () => {
  const started: QueryProcess[] = [];
  const all = createQueries({
    ...{ history: join(dir, 'history.sqlite'), person: join(dir, 'person.sqlite') },
    async start() {
      const child = await startQueryChild();
      started.push(child);
      return child;
    },
  });
  const asked = all.run(ENDLESS, never);
  await expect.poll(() => started.length).toBe(1);
  all.close();
  await expect(asked).rejects.toThrow('its process was ended from outside');
});

test('a process that ends without a word is no answer', async () => {
  const { run, started } = queries();
  const asked = run(ENDLESS, never);
  await expect.poll(() => started.length).toBe(1);
  started[0]?.kill();
  await expect(asked).rejects.toThrow('its process was ended from outside');
});
