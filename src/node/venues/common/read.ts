import { isNumberText, MAX_NUMBER_CHARS } from '#domain/number-text.ts';
import type { VenueIo } from '#core/venue.ts';
import { VenueError, type VenueFailure } from '#core/venue-error.ts';
import { quoted } from '#domain/shown-text.ts';
import { assertReadable, MAX_ROWS, tooLarge } from './size.ts';

/** A JSON object of a venue, nothing known of its fields. */
export type Row = Readonly<Record<string, unknown>>;

export const malformed = (venue: string, what: string): VenueError =>
  new VenueError('malformed', `${venue} sent an answer that Perpscope cannot read. It will ask again.`, `${venue}: ${what}`);

export const empty = (venue: string, what: string): VenueError =>
  new VenueError('empty', `${venue} answered without any rates. Perpscope will ask again.`, `${venue}: ${what}`);

const isOfNumber = (code: number): boolean =>
  (code >= 0x30 && code <= 0x39) || code === 0x2e || code === 0x2d || code === 0x2b || code === 0x45 || code === 0x65; // 0-9 . - + E e

/**
 * Whether characters of a number stand longer in a row than any number is. Such a run covers one of the places that are looked at,
 * one of `MAX_NUMBER_CHARS + 1` each, and half of it lies on one side of that place: only round those that hold such a character,
 * and where two more do on one side, more is read.
 */
export function hasLongNumber(text: string): boolean {
  const long = MAX_NUMBER_CHARS + 1;
  for (let at = MAX_NUMBER_CHARS; at < text.length; at += long) {
    if (!isOfNumber(text.charCodeAt(at)) || !(reaches(text, at, 1) || reaches(text, at, -1))) continue;
    let [start, end] = [at, at + 1];
    while (start > 0 && at - start < long && isOfNumber(text.charCodeAt(start - 1))) start -= 1;
    while (end < text.length && end - at < long && isOfNumber(text.charCodeAt(end))) end += 1;
    if (end - start >= long) return true;
  }
  return false;
}
const HALF_NUMBER = MAX_NUMBER_CHARS / 2;
const reaches = (text: string, at: number, side: 1 | -1): boolean =>
  isOfNumber(text.charCodeAt(at + (side * HALF_NUMBER) / 2)) && isOfNumber(text.charCodeAt(at + side * HALF_NUMBER));

/** A number that is too long says nothing, written as a number as where it is written as text. */
const shortNumber = (_key: string, value: unknown, context?: { readonly source?: string }): unknown =>
  typeof value === 'number' && (context?.source?.length ?? 0) > MAX_NUMBER_CHARS ? null : value;

/** Throws VenueError for what is no JSON, or more of it than any venue sends. */
export function parseJson(venue: string, text: string): unknown {
  assertReadable(venue, text);
  try {
    // Looking at every number costs several times the reading: done only where the text has one too long somewhere.
    return (hasLongNumber(text) ? JSON.parse(text, shortNumber) : JSON.parse(text)) as unknown;
  } catch (error) {
    throw malformed(venue, `not JSON (${error instanceof Error ? error.message : String(error)})`);
  }
}

/** The row of a name, in the first of the lists that holds it. */
export function inLists(lists: readonly (ReadonlyMap<string, Row> | null)[]): (name: string) => Row | undefined {
  return (name) => {
    for (const list of lists) {
      const row = list?.get(name);
      if (row !== undefined) return row;
    }
    return undefined;
  };
}

export const asRow = (value: unknown): Row | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Row) : null;

/** `most`: of a list that is longer than any page is, such as all settlements of a contract. */
export function listOf(venue: string, value: unknown, what: string, most = MAX_ROWS): readonly unknown[] {
  if (!Array.isArray(value)) throw malformed(venue, `${what} is not a list`);
  if (value.length > most) throw tooLarge(venue, `${what} has ${value.length} rows`);
  return value as readonly unknown[];
}

/** A finite number, given as one or as text; null for what does not say one ("", null, "NaN", more than 40 characters). Zero has no sign. */
export function readNumber(value: unknown): number | null {
  const number = typeof value === 'string' && isNumberText(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number + 0 : null;
}

/** Epoch ms; null for what does not say one, which is how venues write 0. */
export function readTime(value: unknown): number | null {
  const time = readNumber(value);
  return time === 0 ? null : time;
}

/** Epoch ms of a time written as 2025-07-22T00:00:00, with or without a fraction and Z: where it names no zone it is UTC. Null for what is none, 1970 among it. */
export function readIsoTime(value: unknown): number | null {
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?Z?$/u.test(value)) return null;
  const time = Date.parse(value.endsWith('Z') ? value : `${value}Z`);
  return Number.isNaN(time) || time === 0 ? null : time;
}

/** A decimal above 0 as text, every digit as the venue wrote it; null for what does not say one. */
export function readAmount(value: unknown): string | null {
  const text = typeof value === 'number' ? String(value) : readText(value);
  const number = text === null ? null : readNumber(text);
  return number !== null && number > 0 ? text : null;
}

/** Cursors, states and kinds are short. */
const MAX_TEXT_CHARS = 200;

export const readText = (value: unknown): string | null =>
  typeof value === 'string' && value !== '' && value.length <= MAX_TEXT_CHARS ? value : null;

/** The name of a coin or a pair; null for anything that is none. */
export const readName = (value: unknown): string | null =>
  isSymbol(value) && (isLatin(value.charCodeAt(0)) || /^[\p{L}\p{N}]/u.test(value)) ? value : null;

/** What a venue says in words, for the log. */
export const saidIn = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value).slice(0, 200) : '(no words)';

/** Letters of any script (some coins are written in Chinese), digits and separators: nothing that a log or a screen could trip over. */
export const isSymbol = (value: unknown): value is string =>
  typeof value === 'string' && (isPlainSymbol(value) || /^[\p{L}\p{N}_.:/-]{1,40}$/u.test(value));

/** As nearly all are: in Latin letters. */
function isPlainSymbol(text: string): boolean {
  if (text.length === 0 || text.length > 40) return false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    // - . / 0-9 : and _ beside the letters.
    if (!(isLatin(code) || (code >= 0x2d && code <= 0x3a) || code === 0x5f)) return false;
  }
  return true;
}
const isLatin = (code: number): boolean => (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a);

/** What names a row in a log when its symbol cannot be trusted. */
export function labelOf(symbol: unknown): string {
  if (isSymbol(symbol)) return symbol;
  if (typeof symbol === 'string') return quoted(symbol);
  return symbol === undefined
    ? 'no symbol'
    : `a symbol that is ${symbol === null ? 'null' : Array.isArray(symbol) ? 'a list' : `a ${typeof symbol}`}`;
}

/** A coin pair split by the quotes that the venue is known to use, for when its own list does not say; null for any other. */
export function splitPair(symbol: string, quotes: readonly string[]): { base: string; quote: string } | null {
  const quote = quotes.find((suffix) => symbol.length > suffix.length && symbol.endsWith(suffix));
  return quote === undefined ? null : { base: symbol.slice(0, -quote.length), quote };
}

const STOPS: ReadonlySet<VenueFailure> = new Set(['rate-limited', 'banned', 'cancelled']);

/** A note of a poll (`VenuePoll.notes`). */
export const failureNote = (what: string, without: string, { user, message }: VenueError): string =>
  `${what} failed, going on ${without}: ${user}\n${message}`;

/** An answer that the rates can do without: null where it failed, which becomes a note, unless the venue told us to stop. */
export async function orNote<T>(what: string, notes: string[], load: () => Promise<T>): Promise<T | null> {
  try {
    return await load();
  } catch (error) {
    if (!(error instanceof VenueError) || STOPS.has(error.kind)) throw error;
    notes.push(failureNote(what, 'without it', error));
    return null;
  }
}

export interface KeptList<T> {
  /** The newest list that was ever read; null before the first. */
  readonly value: T | null;
  /** It was read, and the newest attempt to read it did not fail. */
  readonly isCurrent: boolean;
  /** Reads it again when it is older than `maxAgeMs`. A failure keeps the old one and goes to `notes` until it is read again, unless the venue told us to stop. */
  refresh(io: VenueIo, maxAgeMs: number, notes: string[]): Promise<T | null>;
  /** The list, for an answer that cannot be without it. Throws what the newest attempt failed with; a venue that asked for a pause is asked anew. */
  required(io: VenueIo, maxAgeMs: number): Promise<T>;
}

/** The usual time between two polls. */
const ROUND_MS = 30_000;

/**
 * A list that changes slowly and that rates can do without for a while. `turn`: the half minute of the time that it is kept in which it is
 * read again, so that lists of venues that are on together do not come in one round; it never gets older for it. Of lists of five minutes
 * 0 to 8 are taken, of those of an hour 9, 19, 29 and so on to 49 (round.test.ts).
 */
export function keptList<T>(what: string, retryMs: number, load: (io: VenueIo) => Promise<T>, turn?: number): KeptList<T> {
  let value: T | null = null;
  let askedAt = Number.NEGATIVE_INFINITY;
  let failure: VenueError | null = null;
  let isWhole = false;
  let loading: Promise<T | null> | null = null;

  const periodOf = (now: number, maxAgeMs: number): number =>
    turn === undefined ? 0 : Math.floor((now - turn * ROUND_MS) / Math.max(1, maxAgeMs));
  async function read(io: VenueIo): Promise<T | null> {
    isWhole = false;
    failure = null;
    try {
      value = await load(io);
      isWhole = true;
    } catch (error) {
      if (!(error instanceof VenueError)) throw error;
      // A cancelled question says nothing of the list.
      if (error.kind === 'cancelled') askedAt = Number.NEGATIVE_INFINITY;
      else failure = error;
      if (STOPS.has(error.kind)) throw error;
    } finally {
      loading = null;
    }
    return value;
  }
  async function refresh(io: VenueIo, maxAgeMs: number, notes: string[]): Promise<T | null> {
    const age = io.now - askedAt;
    const isOfTurn = !isWhole || periodOf(askedAt, maxAgeMs) === periodOf(io.now, maxAgeMs);
    const isFresh = age >= 0 && age < (isWhole ? maxAgeMs : retryMs) && isOfTurn;
    if (loading === null && !isFresh) {
      askedAt = io.now;
      loading = read(io);
    }
    if (loading !== null) await loading;
    if (failure !== null) notes.push(failureNote(what, value === null ? 'without it' : 'with the one from before', failure));
    return value;
  }
  return {
    get value() {
      return value;
    },
    get isCurrent() {
      return value !== null && isWhole;
    },
    refresh,
    async required(io, maxAgeMs) {
      // Whether it may be asked is for the way to the venue to say, not for an answer of a while ago.
      if (value === null && failure !== null && STOPS.has(failure.kind)) askedAt = Number.NEGATIVE_INFINITY;
      const list = await refresh(io, maxAgeMs, []);
      if (list === null) throw failure ?? new Error(`${what} was never read`);
      return list;
    },
  };
}
