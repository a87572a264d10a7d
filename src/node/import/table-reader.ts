import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { ImportError, type LoadedTable, type OpenedTable, type PreviewLine, type RefusedLine, type TermsOf } from '#core/ports/import.ts';
import { isNothing } from '#domain/import/cells.ts';
import { documentedFile, layoutOf, type Places, type Role } from '#domain/import/columns.ts';
import type { Facts, Plan } from '#domain/import/plan.ts';
import { emptyRow, type ImportRow, readRow } from '#domain/import/row.ts';
import { ImportedRows, type ImportSeries } from '#domain/import/series.ts';
import { settlementKey } from '#domain/time.ts';
import { FactsSeen } from './facts-seen.ts';
import { openSource, type TableSource } from './table-source.ts';
import type { Stretch, TableLine } from './text-lines.ts';

/** What a piece of a walk through the file says: that it is over, and how much was read. */
export interface Piece<T> {
  readonly share: number;
  /** Null: there is more. */
  readonly done: T | null;
}

const PREVIEWED = 12;
/** More than this is not imported at once: the rows are held in memory until they are written. */
const MOST_LINES = 5_000_000;
/** So many refused lines are kept with their reason. */
const MOST_REFUSED = 1_000_000;

/** One file, read in pieces in a worker: what takes long there holds up nothing else. */
export class TableReader {
  readonly #path: string;
  readonly #name: string;
  readonly #now: () => number;
  #source: TableSource | null = null;
  #walk: AsyncGenerator<Stretch> | Generator<Stretch> | null = null;
  #facts = new FactsSeen({});
  #rows = new ImportedRows();
  #refused: RefusedLine[] = [];
  #counts = { lines: 0, refused: 0, left: 0 };
  #series: readonly ImportSeries[] = [];

  constructor(path: string, name: string, now: () => number) {
    this.#path = path;
    this.#name = basename(name);
    this.#now = now;
  }

  async open(): Promise<OpenedTable> {
    const hash = createHash('sha256');
    let bytes = 0;
    for await (const chunk of createReadStream(this.#path, { highWaterMark: 1024 * 1024 }) as AsyncIterable<Buffer>) {
      hash.update(chunk);
      bytes += chunk.length;
    }
    this.#source = await openSource(this.#path, this.#name);
    return { file: { name: this.#name, bytes, sha256: hash.digest('hex') }, format: this.#source.format, names: this.#source.names };
  }

  /** Begins to look through the file, or to load it: what was begun before is over. */
  async beginScan(columns: Readonly<Partial<Record<Role, string>>>): Promise<void> {
    const { names } = this.#opened();
    await this.#begin();
    this.#facts = new FactsSeen(layoutOf(names, columns).places);
  }

  async scanPiece(): Promise<Piece<Facts>> {
    const { names, hasNames } = this.#opened();
    const stretch = await this.#next();
    if (stretch !== null) {
      this.#facts.take(stretch.lines);
      return { share: stretch.share, done: null };
    }
    return { share: 1, done: this.#facts.facts(names, hasNames, documentedFile(this.#name)?.symbol ?? null) };
  }

  async preview(plan: Plan, terms: TermsOf): Promise<readonly PreviewLine[]> {
    await this.#begin();
    const shown: PreviewLine[] = [];
    for (let stretch = await this.#next(); stretch !== null && shown.length < PREVIEWED; stretch = await this.#next()) {
      for (const { line, reason } of stretch.broken) shown.push({ line, cells: [], symbol: '', time: null, becomes: {}, refused: reason });
      for (const line of stretch.lines) {
        const read = this.#read(line, plan, terms);
        if (read !== null) shown.push(previewOf(line, read));
        if (shown.length >= PREVIEWED) break;
      }
    }
    await this.#end();
    return shown;
  }

  async beginLoad(): Promise<void> {
    await this.#begin();
    this.#rows = new ImportedRows();
    this.#series = [];
    this.#refused = [];
    this.#counts = { lines: 0, refused: 0, left: 0 };
  }

  async loadPiece(plan: Plan, terms: TermsOf): Promise<Piece<LoadedTable>> {
    const stretch = await this.#next();
    if (stretch === null) return { share: 1, done: this.#loaded() };
    for (const { line, reason } of stretch.broken) {
      this.#counts.lines++;
      this.#refuse({ line, reason, kept: false });
    }
    for (const line of stretch.lines) {
      const read = this.#read(line, plan, terms);
      if (read === null) continue;
      if (++this.#counts.lines > MOST_LINES)
        throw new ImportError(
          `${this.#name} has more than ${MOST_LINES.toLocaleString('en')} lines. Split it by time or instrument and import the parts.`,
        );
      const { row, symbol, refused } = read;
      if (refused !== null) this.#refuse({ line: line.line, reason: refused, kept: false });
      else {
        for (const reason of row.left) this.#refuse({ line: line.line, reason, kept: true });
        this.#rows.take(symbol, row, line.line);
      }
    }
    return { share: stretch.share, done: null };
  }

  /** Rows of a loaded series from `from` on, at most `most`, none of them without the others of its settlement. */
  batch(series: number, from: number, most: number): readonly Float64Array[] {
    const columns = this.#series[series]?.columns ?? [];
    const times = columns[0] ?? new Float64Array();
    let end = Math.min(times.length, from + most);
    while (end < times.length && settlementKey(times[end] ?? 0) === settlementKey(times[end - 1] ?? 0)) end++;
    return columns.map((column) => column.slice(from, end));
  }

  refused(from: number, most: number): readonly RefusedLine[] {
    return this.#refused.slice(from, from + most);
  }

  close(): void {
    this.#walk = null;
  }

  readonly #row: ImportRow = emptyRow();

  /** What a line becomes; null: it is of an instrument that is not imported. */
  #read({ cells }: TableLine, plan: Plan, terms: TermsOf): { row: ImportRow; symbol: string; refused: string | null } | null {
    const { names, hasNames } = this.#opened();
    const symbol = symbolOf(cells, plan.places);
    const of = terms[symbol];
    if (of === undefined)
      return plan.places.symbol !== undefined && symbol === ''
        ? { row: this.#row, symbol, refused: 'no column says its instrument.' }
        : null;
    if (hasNames && cells.length > names.length && cells.slice(names.length).some((cell) => cell !== ''))
      return {
        row: this.#row,
        symbol,
        refused: `it has ${cells.length} cells, and ${names.length} columns are named. A comma inside a number? Write 0.0001 and 97201.1, without commas.`,
      };
    return { row: this.#row, symbol, refused: readRow(this.#row, cells, plan, of, this.#now()) };
  }

  #refuse(line: RefusedLine): void {
    if (line.kept) this.#counts.left++;
    else this.#counts.refused++;
    if (this.#refused.length < MOST_REFUSED) this.#refused.push(line);
  }

  #loaded(): LoadedTable {
    const { series, refuted } = this.#rows.finish();
    this.#series = series;
    return {
      ...this.#counts,
      between: this.#rows.between,
      refuted,
      series: series.map(({ symbol, kind, columns }) => ({
        symbol,
        kind,
        rows: columns[0]?.length ?? 0,
        from: columns[0]?.[0] ?? NaN,
        to: columns[0]?.at(-1) ?? NaN,
      })),
    };
  }

  #opened(): TableSource {
    if (this.#source === null) throw new ImportError('The file is not open.');
    return this.#source;
  }

  async #begin(): Promise<void> {
    await this.#end();
    this.#walk = this.#opened().lines();
  }

  async #end(): Promise<void> {
    const walk = this.#walk;
    this.#walk = null;
    await walk?.return(undefined);
  }

  async #next(): Promise<Stretch | null> {
    const next = await this.#walk?.next();
    return next === undefined || next.done === true ? null : next.value;
  }
}

/** '' where no column says it, and where the cell is empty. */
export function symbolOf(cells: readonly string[], { symbol }: Places): string {
  const cell = symbol === undefined ? '' : (cells[symbol] ?? '');
  return isNothing(cell) ? '' : cell;
}

const FIELDS = ['rate', 'intervalH', 'mark', 'index', 'last', 'premium', 'interest'] as const;

function previewOf(
  { cells, line }: TableLine,
  { row, symbol, refused }: { row: ImportRow; symbol: string; refused: string | null },
): PreviewLine {
  const becomes =
    refused !== null ? {} : Object.fromEntries(FIELDS.flatMap((field) => (Number.isNaN(row[field]) ? [] : [[field, row[field]]])));
  const time = refused !== null ? null : Number.isNaN(row.rate) && Number.isNaN(row.interest) ? row.closesAt : row.time;
  return { line, cells: [...cells], symbol, time, becomes, refused };
}
