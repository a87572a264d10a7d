import { ImportError } from '#core/ports/import.ts';
import type { BrokenLine, Stretch, TableLine, TextChunks } from './text-lines.ts';

/** A list in one piece is held in memory as a whole. */
const MOST_CHARS = 256 * 1024 * 1024;
/** So many of the first entries are looked at for the names of their fields. */
const LOOKED_AT = 200;
/** Fields of a candle as ccxt gives it without names: https://docs.ccxt.com/#/?id=ohlcv-structure. */
const CANDLE = ['timestamp', 'open', 'high', 'low', 'close', 'volume'];

type Entry = Readonly<Record<string, unknown>> | readonly unknown[];

const isEntry = (value: unknown): value is Entry => typeof value === 'object' && value !== null;

/** A value as the cell of a table: what is made of several is none. */
const cellOf = (value: unknown): string =>
  typeof value === 'string' ? value.trim() : typeof value === 'number' || typeof value === 'bigint' ? String(value) : '';

export const cellsOf = (entry: Entry, names: readonly string[]): string[] =>
  Array.isArray(entry) ? entry.map(cellOf) : names.map((name) => cellOf((entry as Readonly<Record<string, unknown>>)[name]));

/** Names of the fields of entries, in the order in which they come. Null: they are lists that name nothing. */
export function namesOf(entries: readonly Entry[]): string[] | null {
  const [first] = entries;
  if (first === undefined) return [];
  if (Array.isArray(first)) return first.length === CANDLE.length ? CANDLE : null;
  return [...new Set(entries.slice(0, LOOKED_AT).flatMap((entry) => Object.keys(entry)))];
}

/** The one list of a JSON text: itself, or the only field of it that is one. */
function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  const lists = isEntry(value) ? Object.values(value).filter((one): one is unknown[] => Array.isArray(one)) : [];
  if (lists.length === 1 && lists[0] !== undefined) return lists[0];
  throw new ImportError('This JSON is no list of rows. Import the list itself, or one object a line.');
}

export async function readJsonList(chunks: TextChunks): Promise<readonly Entry[]> {
  let text = '';
  for await (const chunk of chunks) {
    text += chunk.text;
    if (text.length > MOST_CHARS)
      throw new ImportError('A list in JSON of more than 256 MB is not read in one piece. Write one object a line (.jsonl), or split it.');
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError)
      throw new ImportError('This begins as JSON and is none: it may be cut off. Fetch it again, or save it as CSV.');
    throw error;
  }
  return listOf(value).filter(isEntry);
}

const AT_A_STRETCH = 5000;

/** Entries of a list; the number of a line is that of the entry. */
export function* listLines(entries: readonly Entry[], names: readonly string[]): Generator<Stretch> {
  for (let at = 0; at < entries.length; at += AT_A_STRETCH) {
    const lines = entries.slice(at, at + AT_A_STRETCH).map((entry, i): TableLine => ({ cells: cellsOf(entry, names), line: at + i + 1 }));
    yield { lines, broken: [], share: Math.min(1, (at + AT_A_STRETCH) / entries.length) };
  }
}

/** One object a line; a line that is none is broken by itself. */
export async function* jsonLines(chunks: TextChunks, names: readonly string[]): AsyncGenerator<Stretch> {
  let rest = '';
  let line = 0;
  const read = (texts: readonly string[], share: number): Stretch => {
    const lines: TableLine[] = [];
    const broken: BrokenLine[] = [];
    for (const text of texts) {
      line++;
      if (text.trim() === '') continue;
      const entry = entryOf(text);
      if (entry === null) broken.push({ line, reason: 'this line is no JSON object.' });
      else lines.push({ cells: cellsOf(entry, names), line });
    }
    return { lines, broken, share };
  };
  for await (const { text, share } of chunks) {
    const parts = (rest + text).split('\n');
    rest = parts.pop() ?? '';
    yield read(parts, share);
  }
  yield read([rest], 1);
}

export function entryOf(text: string): Entry | null {
  try {
    const value: unknown = JSON.parse(text);
    return isEntry(value) ? value : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
