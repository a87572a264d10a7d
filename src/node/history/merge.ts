import type { Database, Statement } from 'better-sqlite3';
import { newestReader, newestWriter, type Newest } from './newest.ts';
import { readRuns, RunWriter } from './runs.ts';
import { marks } from './snapshots.ts';
import { KIND, KINDS, Spans } from './spans.ts';
import type { Span } from '#domain/time.ts';

/** What a merge did; `known`: rows that were here already. */
export interface Merged {
  readonly instruments: number;
  readonly added: number;
  readonly known: number;
  /** Settlements of which the two histories state different rates: the one that was here stays, the other lies beside it. */
  readonly conflicts: number;
}

/** A price that was learnt so soon after its close says so itself; see prices.ts. */
const SOON_MS = 2 ** 23;

type Row = Record<string, number | string | Buffer | null>;
/** What was said of a key, and when that was learnt. */
type Word = Row & { learnt_at: number };

/**
 * Takes every row of another history into this one, an instrument a transaction: killed at any moment it is done again from the
 * beginning, and what is here by then is known. Of a key that both have every word of both is kept in the order in which it was
 * learnt; of two settled rates the one that was here stays, and the other is a conflict; of two closes of an hour the one that
 * covers more of it is kept. `src`: the other history, of the same layout, read at the path that `db` attaches.
 */
export function mergeHistory(db: Database, path: string, src: Database, progress: (done: number) => void = () => undefined): Merged {
  db.prepare('ATTACH ? AS src').run(path);
  try {
    db.exec(`
      CREATE TEMP TABLE map_import (s INTEGER PRIMARY KEY, d INTEGER NOT NULL);
      CREATE TEMP TABLE map_batch (s INTEGER PRIMARY KEY, d INTEGER NOT NULL);
      CREATE TEMP TABLE map_terms (s INTEGER PRIMARY KEY, d INTEGER NOT NULL);`);
    db.transaction(() => mapSources(db)).immediate();
    const numbers = db.prepare<[], { number: number; id: string }>('SELECT number, id FROM src.instruments ORDER BY number').all();
    const map = new Map<number, number>();
    const merge = new InstrumentMerge(db);
    for (const [i, { number, id }] of numbers.entries()) {
      progress(i / numbers.length);
      db.transaction(() => map.set(number, merge.take(number, id))).immediate();
    }
    db.transaction(() => {
      mergeNewest(db, src, map);
      insertUnless(db, 'events', ['at', 'kind', 'venue', 'instrument', 'text']);
      insertUnless(db, 'thinned', ['what', 'from_t', 'to_t', 'at']);
      // Its rows are here now: a hole of them lies where one of the two collected.
      const runs = new RunWriter(db);
      for (const run of readRuns(src)) runs.write(run);
    }).immediate();
    return { instruments: numbers.length, ...merge.counts };
  } finally {
    db.exec('DROP TABLE IF EXISTS temp.map_import; DROP TABLE IF EXISTS temp.map_batch; DROP TABLE IF EXISTS temp.map_terms; DETACH src;');
  }
}

const columnsOf = (db: Database, table: string): string[] =>
  db.prepare<[string], string>('SELECT name FROM pragma_table_info(?) ORDER BY cid').pluck().all(table);

/** Files and batches get the numbers that they have here. */
function mapSources(db: Database): void {
  const imports = columnsOf(db, 'imports')
    .filter((name) => name !== 'number')
    .join(', ');
  db.exec(`
    INSERT OR IGNORE INTO main.imports (${imports}) SELECT ${imports} FROM src.imports;
    INSERT INTO map_import SELECT s.number, d.number FROM src.imports s JOIN main.imports d USING (sha256, begun_at);`);
  const put = db.prepare('INSERT INTO map_batch VALUES (?, ?)');
  const batches = db.prepare<[], { number: number; learnt_at: number; import: number | null }>(
    'SELECT number, learnt_at, (SELECT d FROM map_import WHERE s = import) AS import FROM src.batches',
  );
  for (const one of batches.all()) put.run(one.number, batchOf(db, one.learnt_at, one.import));
}

/** Rows of a numbered table that no row here equals in these columns. */
function insertUnless(db: Database, table: string, equal: readonly string[]): void {
  const columns = columnsOf(db, table).filter((name) => name !== 'number');
  db.exec(`INSERT INTO main.${table} (${columns.join(', ')}) SELECT ${columns.join(', ')} FROM src.${table} s
    WHERE NOT EXISTS (SELECT 1 FROM main.${table} d WHERE ${equal.map((name) => `d.${name} IS s.${name}`).join(' AND ')}) ORDER BY number`);
}

function mergeNewest(db: Database, src: Database, map: ReadonlyMap<number, number>): void {
  const here = newestReader(db).all();
  const taken = new Map<number, Newest>();
  for (const [number, newest] of newestReader(src).all()) {
    const to = map.get(number);
    if (to !== undefined && newest.observedAt > (here.get(to)?.observedAt ?? -Infinity)) taken.set(to, newest);
  }
  newestWriter(db)(taken.keys(), (number) => {
    const found = taken.get(number) ?? here.get(number);
    return found && { ...found, snapshot: { ...found.snapshot, symbol: '' } };
  });
}

/** How a column of another history is named here. */
const AS_HERE: Readonly<Record<string, string>> = {
  instrument: '@d',
  import: '(SELECT d FROM map_import WHERE s = import)',
  batch: '(SELECT d FROM map_batch WHERE s = batch)',
  terms: '(SELECT d FROM map_terms WHERE s = terms)',
  learnt: 'CASE WHEN learnt < 0 THEN -(SELECT d FROM map_batch WHERE s = -learnt) ELSE learnt END',
};

/** Tables of which a key that is here stays as it is. */
const KEPT = ['settled', 'prices', 'settled_seen', 'snapshot_cold', 'book_raw', 'book_hour', 'open_interest', 'told_otherwise'] as const;
const INSTRUMENT_WORDS = [
  'asset',
  'quote',
  'settle',
  'contract',
  'multiplier',
  'contract_size',
  'asset_class',
  'aliases',
  'listed_at',
  'delisted_at',
] as const;
const SETTLED_WORDS = ['interval_h', 'interval_source', 'mark', 'premium', 'import', 'rate'] as const;
const PRICE_WORDS = ['mark', 'idx', 'last', 'import'] as const;

/** Every word of both, in the order in which it was learnt; one that repeats the one before says nothing. */
export function wordsOf(here: readonly Word[], there: readonly Word[], fields: readonly string[]): Word[] {
  const all = [...here, ...there].sort((a, b) => a.learnt_at - b.learnt_at);
  return all.filter((word, i) => i === 0 || fields.some((field) => field !== 'import' && word[field] !== all[i - 1]?.[field]));
}

/** A key that both histories have; of a settlement also its rates, whether the one here is a file's (1) and the other its venue's (1). */
interface Both {
  readonly key: number;
  readonly rate: number | null;
  readonly other: number | null;
  readonly stamp: number;
  readonly learnt: number;
  readonly here: number;
  readonly told: number;
  /** The file of the other one, by its number here. */
  readonly import: number | null;
}

/** The rate of a settlement as it is known now. */
const rateNow = (schema: string, row: string): string =>
  `coalesce((SELECT rate FROM ${schema}.settled_later WHERE instrument = ${row}.instrument AND key = ${row}.key ORDER BY version DESC LIMIT 1), ${row}.rate)`;

interface Pair {
  readonly s: number;
  readonly d: number;
}

class InstrumentMerge {
  readonly counts = { added: 0, known: 0, conflicts: 0 };
  readonly #db: Database;
  readonly #spans: Spans;
  /** Statements that run for single rows: making one anew takes longer than running it. */
  readonly #kept = new Map<string, Statement>();

  constructor(db: Database) {
    this.#db = db;
    this.#spans = new Spans(db);
  }

  /** Inside a transaction. The number that it has here. */
  take(s: number, id: string): number {
    const pair = { s, d: this.#numberOf(s, id) };
    this.#terms(pair);
    this.#words(pair, 'settled', 'key', SETTLED_WORDS);
    this.#words(pair, 'prices', 'close', PRICE_WORDS);
    for (const table of KEPT) this.#copy(table, table, pair);
    this.#copy('snapshot_hot', 'snapshot_cold', pair);
    this.#hours(pair);
    this.#conflicts(pair);
    for (const table of ['listings', 'order_rules']) this.#renumber(table, pair, columnsOf(this.#db, table).slice(3));
    this.#copyAsked(pair);
    this.#prove(pair);
    return pair.d;
  }

  #put(sql: string, ...values: readonly unknown[]): void {
    const statement = this.#kept.get(sql) ?? this.#db.prepare(sql);
    this.#kept.set(sql, statement);
    statement.run(...values);
  }

  #all<R = Word>(sql: string, pair: Partial<Pair> & Row = {}): R[] {
    return this.#db.prepare<[Row], R>(sql).all(pair);
  }

  #run(sql: string, pair: Pair): number {
    return this.#db.prepare<[Pair]>(sql).run(pair).changes;
  }

  #numberOf(s: number, id: string): number {
    const found = this.#db.prepare<[string], number>('SELECT number FROM main.instruments WHERE id = ?').pluck().get(id);
    const columns = columnsOf(this.#db, 'instruments').filter((name) => name !== 'number');
    const d = found ?? Number(this.#db.prepare('SELECT coalesce(max(number), 0) + 1 FROM main.instruments').pluck().get());
    if (found === undefined)
      this.#run(
        `INSERT INTO main.instruments (number, ${columns.join(', ')}) SELECT @d, ${columns.join(', ')} FROM src.instruments WHERE number = @s`,
        { s, d },
      );
    const words = (schema: string, number: number): Word[] =>
      this.#all(
        `SELECT learnt_at, ${INSTRUMENT_WORDS.join(', ')} FROM ${schema}.instruments WHERE number = @number UNION ALL
         SELECT learnt_at, ${INSTRUMENT_WORDS.join(', ')} FROM (SELECT * FROM ${schema}.instruments_later WHERE instrument = @number ORDER BY version)`,
        { number },
      );
    const [first, ...later] = wordsOf(words('main', d), words('src', s), INSTRUMENT_WORDS);
    this.#run('DELETE FROM main.instruments_later WHERE instrument = @d', { s, d });
    if (first)
      this.#db
        .prepare(`UPDATE main.instruments SET learnt_at = ?, ${INSTRUMENT_WORDS.map((name) => `${name} = ?`).join(', ')} WHERE number = ?`)
        .run(first.learnt_at, ...INSTRUMENT_WORDS.map((name) => first[name]), d);
    this.#putLater('instruments_later', d, [], later, INSTRUMENT_WORDS);
    return d;
  }

  #putLater(table: string, d: number, key: readonly (number | string)[], words: readonly Word[], fields: readonly string[]): void {
    const keys = key.length === 0 ? '' : table === 'prices_later' ? 'close, ' : 'key, ';
    const sql = `INSERT INTO main.${table} (instrument, ${keys}version, learnt_at, ${fields.join(', ')}) VALUES (${marks(3 + key.length + fields.length)})`;
    for (const [i, word] of words.entries()) this.#put(sql, d, ...key, i + 1, word.learnt_at, ...fields.map((name) => word[name] ?? null));
  }

  #terms({ s, d }: Pair): void {
    this.#db.exec('DELETE FROM map_terms');
    const find = this.#db
      .prepare<[Row], number>(
        `SELECT number FROM main.terms WHERE instrument = @d AND from_t = @from_t AND learnt_at = @learnt_at AND cap IS @cap AND floor IS @floor
         AND interest_per_8h IS @interest_per_8h`,
      )
      .pluck();
    const add = this.#db.prepare<[Row]>(
      `INSERT INTO main.terms (instrument, from_t, learnt_at, cap, floor, interest_per_8h) VALUES (@d, @from_t, @learnt_at, @cap, @floor, @interest_per_8h)`,
    );
    const put = this.#db.prepare('INSERT INTO map_terms VALUES (?, ?)');
    for (const row of this.#all<Row>('SELECT * FROM src.terms WHERE instrument = @s ORDER BY number', { s }))
      put.run(row['number'], find.get({ ...row, d }) ?? Number(add.run({ ...row, d }).lastInsertRowid));
  }

  /** Keys that both have, and later words of keys that only the other has. */
  #words(pair: Pair, table: 'settled' | 'prices', key: 'key' | 'close', fields: readonly string[]): void {
    const { s, d } = pair;
    const both = this.#all<Both>(
      table === 'settled'
        ? `SELECT o.key, ${rateNow('main', 'h')} AS rate, ${rateNow('src', 'o')} AS other, o.stamp, o.learnt_at AS learnt,
             h.import IS NOT NULL AND ${rateNow('main', 'h')} = h.rate AS here, (SELECT d FROM map_import WHERE s = o.import) AS import,
             o.import IS NULL OR ${rateNow('src', 'o')} != o.rate AS told
           FROM src.settled o JOIN main.settled h ON h.instrument = @d AND h.key = o.key WHERE o.instrument = @s`
        : `SELECT o.close AS key, NULL AS rate, NULL AS other, 0 AS stamp, 0 AS learnt, 0 AS here, NULL AS import, 0 AS told FROM src.prices o JOIN main.prices h ON h.instrument = @d AND h.close = o.close WHERE o.instrument = @s`,
      { s, d },
    );
    const read = (schema: string): ((number: number, at: number) => Word[]) => {
      const said = fields.map((name) => (name === 'import' ? importOf(schema, table) : name)).join(', ');
      const own = `coalesce(rate, (SELECT b.rate FROM ${schema}.settled b WHERE b.instrument = settled_later.instrument AND b.key = settled_later.key)) AS rate`;
      const later = fields.map((name) => (name === 'import' ? importOf(schema, 'later') : name === 'rate' ? own : name)).join(', ');
      const learnt =
        table === 'settled'
          ? 'learnt_at'
          : `CASE WHEN learnt >= 0 THEN close + learnt WHEN learnt IS NULL THEN 0 ELSE (SELECT learnt_at FROM ${schema}.batches WHERE number = -learnt) END`;
      const base = this.#db.prepare<[number, number], Word>(
        `SELECT ${learnt} AS learnt_at, ${said} FROM ${schema}.${table} WHERE instrument = ? AND ${key} = ?`,
      );
      const more = this.#db.prepare<[number, number], Word>(
        `SELECT learnt_at, ${later} FROM ${schema}.${table}_later WHERE instrument = ? AND ${key} = ? ORDER BY version`,
      );
      return (number, at) => [...base.all(number, at), ...more.all(number, at)];
    };
    const [here, there] = [read('main'), read('src')];
    const conflict = this.#db.prepare(
      'INSERT INTO main.conflicts (instrument, key, other_rate, kept_rate, other_stamp, first_seen, last_seen, import, times) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1) ON CONFLICT DO NOTHING',
    );
    for (const one of both) {
      const before = here(d, one.key);
      const other = there(s, one.key);
      const isOther = one.rate !== one.other;
      // A file's rate gives way to its venue's, wherever that was learnt.
      const givesWay = isOther && one.here === 1 && one.told === 1;
      if (isOther) {
        const [said, kept] = givesWay ? [one.rate, one.other] : [one.other, one.rate];
        const source = givesWay ? (before[0]?.['import'] ?? null) : one.told === 1 ? null : one.import;
        this.counts.conflicts += conflict.run(d, one.key, said, kept, one.stamp, one.learnt, one.learnt, source).changes;
        if (!givesWay) continue;
      }
      const words = wordsOf(before, other, fields);
      const [newest, told] = [words.at(-1), other.at(-1)];
      if (givesWay && newest && told && newest['rate'] !== told['rate']) words.push({ ...told, learnt_at: newest.learnt_at });
      if (JSON.stringify(words) === JSON.stringify(before)) continue;
      const [first, ...later] = words;
      if (first) this.#putBase(table, d, one.key, first, fields);
      this.#put(`DELETE FROM main.${table}_later WHERE instrument = ? AND ${key} = ?`, d, one.key);
      this.#putLater(`${table}_later`, d, [one.key], later, fields);
    }
    const columns = columnsOf(this.#db, `${table}_later`);
    this.#run(
      `INSERT OR IGNORE INTO main.${table}_later (${columns.join(', ')}) SELECT ${columns.map(asHere).join(', ')} FROM src.${table}_later o
       WHERE instrument = @s AND NOT EXISTS (SELECT 1 FROM main.${table} h WHERE h.instrument = @d AND h.${key} = o.${key})`,
      pair,
    );
  }

  #putBase(table: 'settled' | 'prices', d: number, key: number, word: Word, fields: readonly string[]): void {
    if (table === 'settled') {
      const sets = fields.map((name) => `${name} = ?`).join(', ');
      const values = fields.map((name) => word[name]);
      this.#put(`UPDATE main.settled SET learnt_at = ?, ${sets} WHERE instrument = ? AND key = ?`, word.learnt_at, ...values, d, key);
      return;
    }
    const late = word.learnt_at - key;
    const learnt =
      word['import'] === null && late >= 0 && late < SOON_MS ? late : -batchOf(this.#db, word.learnt_at, word['import'] as number | null);
    const sql = 'UPDATE main.prices SET learnt = ?, mark = ?, idx = ?, last = ? WHERE instrument = ? AND close = ?';
    this.#put(sql, learnt, word['mark'], word['idx'], word['last'], d, key);
  }

  #copy(from: string, to: string, pair: Pair): void {
    const columns = columnsOf(this.#db, to);
    const rows = Number(this.#db.prepare(`SELECT count(*) FROM src.${from} WHERE instrument = ?`).pluck().get(pair.s));
    const isPoll = to === 'snapshot_cold';
    const added = this.#run(
      `INSERT OR IGNORE INTO main.${to} (${columns.join(', ')}) SELECT ${columns.map(asHere).join(', ')} FROM src.${from} o WHERE instrument = @s
       ${isPoll ? 'AND NOT EXISTS (SELECT 1 FROM main.snapshot_hot h WHERE h.ts = o.ts AND h.instrument = @d)' : ''}`,
      pair,
    );
    this.counts.added += added;
    this.counts.known += rows - added;
  }

  #hours(pair: Pair): void {
    const columns = columnsOf(this.#db, 'hour_cold');
    for (const from of ['hour_cold', 'hour_hot']) {
      for (const table of ['hour_cold', 'hour_hot'])
        this.#run(
          `DELETE FROM main.${table} WHERE instrument = @d AND EXISTS (SELECT 1 FROM src.${from} o
             WHERE o.instrument = @s AND o.close = ${table}.close AND o.covered_ms > ${table}.covered_ms)`,
          pair,
        );
      const rows = Number(this.#db.prepare(`SELECT count(*) FROM src.${from} WHERE instrument = ?`).pluck().get(pair.s));
      const added = this.#run(
        `INSERT OR IGNORE INTO main.hour_cold (${columns.join(', ')}) SELECT ${columns.map(asHere).join(', ')} FROM src.${from} o
         WHERE instrument = @s AND NOT EXISTS (SELECT 1 FROM main.hour_hot h WHERE h.close = o.close AND h.instrument = @d)`,
        pair,
      );
      this.counts.added += added;
      this.counts.known += rows - added;
    }
  }

  #conflicts(pair: Pair): void {
    const columns = columnsOf(this.#db, 'conflicts');
    this.#run(
      `INSERT INTO main.conflicts (${columns.join(', ')}) SELECT ${columns.map(asHere).join(', ')} FROM src.conflicts o
       WHERE instrument = @s AND NOT EXISTS (SELECT 1 FROM main.settled h WHERE h.instrument = @d AND h.key = o.key AND h.rate = o.other_rate)
       ON CONFLICT DO UPDATE SET first_seen = min(first_seen, excluded.first_seen), last_seen = max(last_seen, excluded.last_seen), times = max(times, excluded.times)`,
      pair,
    );
  }

  #renumber(table: string, { s, d }: Pair, fields: readonly string[]): void {
    const read = (schema: string, number: number): Word[] =>
      this.#all(`SELECT learnt_at, ${fields.join(', ')} FROM ${schema}.${table} WHERE instrument = @number ORDER BY version`, { number });
    const words = wordsOf(read('main', d), read('src', s), fields);
    this.#db.prepare(`DELETE FROM main.${table} WHERE instrument = ?`).run(d);
    this.#putLater(table, d, [], words, fields);
  }

  /** What was asked for and did not come is this machine's, where it asked. */
  #copyAsked(pair: Pair): void {
    this.#run(
      `INSERT OR IGNORE INTO main.asked_later SELECT @d, kind, version, learnt_at, stretches FROM src.asked_later o
       WHERE instrument = @s AND NOT EXISTS (SELECT 1 FROM main.asked_later h WHERE h.instrument = @d AND h.kind = o.kind)`,
      pair,
    );
  }

  /** What the other history proves now, as it was learnt there: its rows are here by now. */
  #prove({ s, d }: Pair): void {
    const unknown = Number(this.#db.prepare("SELECT value FROM src.meta WHERE name = 'taken_over_at'").pluck().get() ?? 0);
    for (const kind of KINDS) {
      const now = this.#all<Span>('SELECT from_t AS "from", to_t AS "to" FROM src.spans WHERE instrument = @s AND kind = @kind', {
        s,
        kind,
      });
      const words = this.#all<{ from_t: number | null; to_t: number; late_ms: number | null; taken_back: number | null }>(
        'SELECT from_t, to_t, late_ms, taken_back FROM src.spans_learnt WHERE instrument = @s AND kind = @kind ORDER BY version',
        { s, kind: KIND[kind] },
      );
      let end = 0;
      for (const { from_t, to_t: to, late_ms, taken_back } of words) {
        const from = from_t ?? end;
        end = to;
        if (taken_back === 1) continue;
        for (const one of now) {
          const part = { from: Math.max(one.from, from), to: Math.min(one.to, to) };
          if (part.to > part.from) this.#spans.prove(d, kind, part, [], late_ms === null ? unknown : to + late_ms);
        }
      }
    }
  }
}

const asHere = (column: string): string => AS_HERE[column] ?? column;

/** Which file a word came from, by its number here. */
function importOf(schema: string, table: 'settled' | 'prices' | 'later'): string {
  const own = table === 'prices' ? `(SELECT import FROM ${schema}.batches WHERE number = -learnt)` : 'import';
  return `${schema === 'main' ? own : `(SELECT d FROM map_import WHERE s = ${own})`} AS import`;
}

function batchOf(db: Database, learntAt: number, source: number | null): number {
  const found = db
    .prepare<[number, number | null], number>('SELECT number FROM main.batches WHERE learnt_at = ? AND import IS ? LIMIT 1')
    .pluck()
    .get(learntAt, source);
  return found ?? Number(db.prepare('INSERT INTO main.batches (learnt_at, import) VALUES (?, ?)').run(learntAt, source).lastInsertRowid);
}
