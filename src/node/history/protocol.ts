import type { Log } from '#core/ports/log.ts';
import { HistoryError, type HistoryFailure, messageOf } from './errors.ts';
import type { DatabaseKind } from './schema.ts';

/** 'write' is the one writer, 'read' a connection that never writes; the others answer once and end: 'check' looks for damage, 'full-check' compares indexes with their rows too and looks at
 * the person's file beside it, 'seal' makes a backup of a copy, 'survey' says what lies in it. */
type WorkerRole = 'write' | 'read' | 'check' | 'full-check' | 'seal' | 'survey';

export interface WorkerStart {
  readonly role: WorkerRole;
  readonly file: string;
  readonly kind: DatabaseKind;
  /** The clock at the start, ms. */
  readonly now: number;
  /** Of 'seal': the copy, and what it becomes. */
  readonly sealed?: { readonly copy: string; readonly path: string; readonly version: string };
}

/** `now` goes along with each request: the clock (faster in the demo) lives on the other side. */
export interface WorkerRequest {
  readonly id: number;
  readonly method: string;
  readonly input: readonly unknown[];
  readonly now: number;
}

/** The number of the file that a store has open; null: no other process can read what it holds (it is in memory). */
export type Place = number | null;

export interface PlainError {
  readonly kind: HistoryFailure;
  readonly user: string;
  readonly message: string;
}

export type WorkerMessage =
  | { readonly type: 'ready'; readonly place: Place }
  | { readonly type: 'failed'; readonly error: PlainError }
  | { readonly type: 'answer'; readonly id: number; readonly value: unknown; readonly place: Place }
  | { readonly type: 'refused'; readonly id: number; readonly error: PlainError; readonly place: Place }
  | { readonly type: 'log'; readonly entry: Parameters<Log['write']> };

export const toPlain = (error: unknown): PlainError =>
  error instanceof HistoryError
    ? { kind: error.kind, user: error.user, message: error.message }
    : { kind: 'failed', user: 'The local history failed. The log has the details.', message: messageOf(error) };

export const fromPlain = ({ kind, user, message }: PlainError): HistoryError => new HistoryError(kind, user, message);

/** Buffers of an answer's columns: they change hands instead of being copied. */
export function buffersOf(value: unknown): ArrayBuffer[] {
  if (typeof value !== 'object' || value === null || (Array.isArray(value) && !(value[0] instanceof Float64Array))) return [];
  const buffers = Object.values(value).flatMap((column: unknown) =>
    column instanceof Float64Array && column.buffer instanceof ArrayBuffer ? [column.buffer] : [],
  );
  return [...new Set(buffers)];
}
