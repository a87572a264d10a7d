import type { Database, Statement } from 'better-sqlite3';
import type { HourlyPrice } from '#core/venue.ts';
import type { PriceColumns } from '#domain/columns.ts';
import { positive, time } from './checks.ts';
import { IN_PIECES, PackedRows } from './packed-rows.ts';
import { byColumns, type Columns, namesOf, overlay, type RawRow, sqlOf } from './rows.ts';
import { metaOf } from './versions.ts';

/** A price that was learnt so soon after its close says so itself; one of longer ago names the batch that it came with. */
const SOON_MS = 2 ** 23;

/** When a row was learnt; NULL: before that was kept. */
export const PRICE_LEARNT_AT = `CASE WHEN learnt >= 0 THEN close + learnt ELSE (SELECT learnt_at FROM batches WHERE number = -learnt) END`;

export const PRICE_COLUMNS = [
  ['close', 'close'],
  ['mark', 'mark'],
  ['index', 'idx'],
  ['last', 'last'],
  ['learntAt', 'learnt'],
] as const;

interface PriceRow {
  readonly mark: number | null;
  readonly idx: number | null;
  readonly last: number | null;
}

type Range = [instrument: number, from: number, to: number];

type Chosen = Columns<keyof PriceColumns>;

/** Reads hourly prices: the first word of each hour, with the newest later one that was learnt by `known` in its place. */
export function pricesReader(
  db: Database,
): (columns: Chosen, number: number, from: number, to: number, known: number) => Partial<PriceColumns> {
  const range = 'instrument = ? AND close > ? AND close <= ?';
  const now = byColumns((columns: Chosen) =>
    db.prepare<Range, RawRow>(`SELECT ${sqlOf(columns)} FROM prices WHERE ${range} ORDER BY close ${IN_PIECES}`).raw(),
  );
  const then = byColumns((columns: Chosen) =>
    db
      .prepare<[...Range, number, number], RawRow>(
        `SELECT ${sqlOf(columns)} FROM prices WHERE ${range} AND coalesce(${PRICE_LEARNT_AT}, ?) <= ? ORDER BY close ${IN_PIECES}`,
      )
      .raw(),
  );
  const later = db
    .prepare<[...Range, number], RawRow>(
      `SELECT close, mark, idx, last, learnt_at FROM prices_later WHERE ${range} AND learnt_at <= ? ORDER BY close, version`,
    )
    .raw();
  const unknown = metaOf(db, 'taken_over_at') ?? 0;
  const made = pricesOf(db);
  return (columns, number, from, to, known) =>
    made(
      columns,
      PackedRows.read(columns.length, from, (after) =>
        known === Infinity ? now(columns).all(number, after, to) : then(columns).all(number, after, to, unknown, known),
      ),
      later.all(number, from, to, known),
    );
}

/** Makes columns of first words and of the later ones, whose fields are `close, mark, idx, last, learnt_at`. */
export function pricesOf(db: Database): (columns: Chosen, first: PackedRows, later: readonly RawRow[]) => Partial<PriceColumns> {
  const learntAt = db.prepare<[number], number>('SELECT learnt_at FROM batches WHERE number = ?').pluck();
  /** The moment instead of what the table keeps of it; row by row in the statement this takes as long as the rest of it. */
  function date(close: Float64Array, learnt: Float64Array): void {
    let [batch, at] = [0, 0];
    for (let i = 0; i < learnt.length; i++) {
      const kept = learnt[i] ?? NaN;
      if (kept < 0 && kept !== batch) [batch, at] = [kept, learntAt.get(-kept) ?? NaN];
      learnt[i] = kept < 0 ? at : (close[i] ?? NaN) + kept;
    }
  }
  return (columns, first, later) => {
    const found: Partial<PriceColumns> & Pick<PriceColumns, 'close'> = first.columns(namesOf(columns));
    if (found.learntAt) date(found.close, found.learntAt);
    overlay(found.close, [found.mark, found.index, found.last, found.learntAt], later);
    return found;
  };
}

/** Prices that a file tells. */
export interface FilePrices {
  /** The number of the import. */
  readonly source: number;
  readonly counts: { added: number; known: number; completed: number; conflicts: number };
  /** Another word than the one that is stored, which stays. False: it was told so before. */
  otherwise(close: number, field: 'mark' | 'idx' | 'last', value: number): boolean;
}

/** Writes hourly prices: the first word of an hour, and a version beside it where a later one differs. */
export class PriceWriter {
  readonly #put: Statement;
  readonly #first: Statement<[number, number], PriceRow>;
  readonly #newest: Statement<[number, number], PriceRow & { version: number }>;
  readonly #putLater: Statement;
  readonly #addBatch: Statement;

  constructor(db: Database) {
    this.#put = db.prepare(
      'INSERT INTO prices (instrument, close, mark, idx, last, learnt) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
    );
    this.#first = db.prepare('SELECT mark, idx, last FROM prices WHERE instrument = ? AND close = ?');
    this.#newest = db.prepare(
      'SELECT version, mark, idx, last FROM prices_later WHERE instrument = ? AND close = ? ORDER BY version DESC LIMIT 1',
    );
    this.#putLater = db.prepare(
      'INSERT INTO prices_later (instrument, close, version, learnt_at, mark, idx, last, import) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    );
    this.#addBatch = db.prepare('INSERT INTO batches (learnt_at, import) VALUES (?, ?)');
  }

  /**
   * Inside the caller's transaction. What an answer leaves out stays as it was. Gives the least close of which something is new. `file`: the
   * rows are a file's, whose words complete what is stored and take the place of nothing.
   */
  write(number: number, id: string, rows: Iterable<HourlyPrice>, learntAt: number, file: FilePrices | null = null): number {
    let changedFrom = Infinity;
    let batch: number | null = null;
    for (const { close, mark, index, last } of rows) {
      time(close, `${id} close`);
      const said = { mark: positive(mark, `${id} mark`), idx: positive(index, `${id} index`), last: positive(last, `${id} last`) };
      const late = learntAt - close;
      // A row of a file names its batch, which names the file.
      const isSoon = file === null && late >= 0 && late < SOON_MS;
      if (!isSoon) batch ??= Number(this.#addBatch.run(learntAt, file?.source ?? null).lastInsertRowid);
      if (this.#put.run(number, close, said.mark, said.idx, said.last, isSoon ? late : -(batch ?? 0)).changes > 0) {
        changedFrom = Math.min(changedFrom, close);
        if (file !== null) file.counts.added++;
        continue;
      }
      const later = this.#newest.get(number, close);
      const before = later ?? this.#first.get(number, close);
      if (!before) continue;
      const version = (later?.version ?? 0) + 1;
      const isNew =
        file === null
          ? this.#amend(number, close, learntAt, before, said, version)
          : this.#complete(number, close, learntAt, before, said, version, file);
      if (isNew) changedFrom = Math.min(changedFrom, close);
    }
    return changedFrom;
  }

  #amend(number: number, close: number, learntAt: number, before: PriceRow, said: PriceRow, version: number): boolean {
    const after = { mark: said.mark ?? before.mark, idx: said.idx ?? before.idx, last: said.last ?? before.last };
    if (after.mark === before.mark && after.idx === before.idx && after.last === before.last) return false;
    this.#putLater.run(number, close, version, learntAt, after.mark, after.idx, after.last, null);
    return true;
  }

  #complete(number: number, close: number, learntAt: number, before: PriceRow, said: PriceRow, version: number, file: FilePrices): boolean {
    let isTold = false;
    for (const field of ['mark', 'idx', 'last'] as const) {
      const [stored, value] = [before[field], said[field]];
      if (stored !== null && value !== null && stored !== value) isTold = file.otherwise(close, field, value) || isTold;
    }
    file.counts[isTold ? 'conflicts' : 'known']++;
    const after = { mark: before.mark ?? said.mark, idx: before.idx ?? said.idx, last: before.last ?? said.last };
    if (after.mark === before.mark && after.idx === before.idx && after.last === before.last) return false;
    file.counts.completed++;
    this.#putLater.run(number, close, version, learntAt, after.mark, after.idx, after.last, file.source);
    return true;
  }
}
