import type { ContractTerms } from '#domain/amounts.ts';
import type { Role } from '#domain/import/columns.ts';
import type { Facts, Plan } from '#domain/import/plan.ts';
import type { ImportKind } from '#domain/import/series.ts';
import type { Instrument } from '#domain/instrument.ts';
import type { Cancellation } from './clock.ts';

/** A file as it is told from every other. */
export interface FileMark {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** A line that was left out, or (`kept`) a cell of it; the number of the line is that in the file, from 1 on. */
export interface RefusedLine {
  readonly line: number;
  readonly reason: string;
  readonly kept: boolean;
}

/** Names and first lines of a file, before anything is decided. */
export interface OpenedTable {
  readonly file: FileMark;
  /** "CSV", "Parquet": for the person. */
  readonly format: string;
  readonly names: readonly string[];
}

/** A line as it stands in the file and what it becomes, in words of the cells; `refused`: why it becomes nothing. */
export interface PreviewLine {
  readonly line: number;
  readonly cells: readonly string[];
  readonly symbol: string;
  readonly time: number | null;
  readonly becomes: Readonly<Record<string, number>>;
  readonly refused: string | null;
}

/** What was loaded for an import. */
export interface LoadedTable {
  readonly lines: number;
  readonly refused: number;
  /** Cells that count as not there, in lines that are kept. */
  readonly left: number;
  readonly between: number;
  readonly refuted: number;
  readonly series: readonly {
    readonly symbol: string;
    readonly kind: ImportKind;
    readonly rows: number;
    readonly from: number;
    readonly to: number;
  }[];
}

/** How much of a file was read, 0 to 1. */
export type OnRead = (share: number) => void;

/** A file that is read beside everything else. Every call rejects with ImportError for what cannot be read, in a sentence for the person. */
export interface ImportTable {
  open(): Promise<OpenedTable>;
  /** Looks through all lines with these columns. */
  scan(columns: Readonly<Partial<Record<Role, string>>>, onRead: OnRead, cancelled: Cancellation): Promise<Facts>;
  preview(plan: Plan, terms: TermsOf): Promise<readonly PreviewLine[]>;
  load(plan: Plan, terms: TermsOf, onRead: OnRead, cancelled: Cancellation): Promise<LoadedTable>;
  /** Rows [from, from + n) of a loaded series, n at most `most` and so that no settlement is cut in two. */
  batch(series: number, from: number, most: number): Promise<readonly Float64Array[]>;
  /** Refused lines and cells, in the order of the file. */
  refused(from: number, most: number): Promise<readonly RefusedLine[]>;
  close(): Promise<void>;
}

/** What contracts of an instrument are, by its name in the file. */
export type TermsOf = Readonly<Record<string, ContractTerms>>;

export interface ImportFiles {
  /** Begins a file that a person hands over in pieces; gives what names it. */
  begin(name: string): Promise<string>;
  append(id: string, bytes: Uint8Array): Promise<void>;
  /** Where what was handed over lies. */
  pathOf(id: string): string;
  /** All of it is here. */
  take(id: string): ImportTable;
  /** Lets go of it, whole or not. */
  drop(id: string): Promise<void>;
}

/** Rows of one instrument and kind for the store; columns as IMPORT_FIELDS names them. */
export interface ImportBatch {
  readonly file: FileMark;
  /** When the import began: with the file this names it. */
  readonly begunAt: number;
  /** How the file was read, for questions that come later. */
  readonly readAs: string;
  readonly instrument: Instrument;
  readonly kind: ImportKind;
  readonly columns: readonly Float64Array[];
  readonly learntAt: number;
  /** Counts what an import would do now, and writes nothing. */
  readonly dry: boolean;
}

/** What became of rows: added; known as they are; known and completed by a field that was not; told otherwise than what is stored, which stays. */
export interface ImportCounts {
  readonly added: number;
  readonly known: number;
  readonly completed: number;
  readonly conflicts: number;
}

/** A file of which rows are stored. */
export interface ImportedFile extends FileMark {
  readonly begunAt: number;
  readonly readAs: string;
}

/** A file, or an import of it, cannot be; `message` is for the person. */
export class ImportError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ImportError';
  }
}
