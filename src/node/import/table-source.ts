import { ImportError } from '#core/ports/import.ts';
import { documentedFile } from '#domain/import/columns.ts';
import { cellsOf, entryOf, jsonLines, listLines, namesOf, readJsonList } from './json-lines.ts';
import { openParquet } from './parquet-lines.ts';
import { containerOf, textChunks } from './text-chunks.ts';
import { csvLines, delimiterOf, isNames, type Stretch, type TextChunks } from './text-lines.ts';

/** Lines of a file, whatever it is written in. */
export interface TableSource {
  readonly format: string;
  readonly names: readonly string[];
  /** Names of columns stand in the file, or in its documents. */
  readonly hasNames: boolean;
  /** All lines of values, from the beginning. */
  lines(): AsyncGenerator<Stretch> | Generator<Stretch>;
}

const HEAD_CHARS = 64 * 1024;

/** What the file `path` holds; `name` is what the person calls it. Throws ImportError for what is no table. */
export async function openSource(path: string, name: string): Promise<TableSource> {
  const container = await containerOf(path);
  if (container === 'parquet') return { format: 'Parquet', hasNames: true, ...(await openParquet(path)) };
  const chunks = (): TextChunks => withLineFeeds(textChunks(path, container));
  const head = await headOf(chunks());
  if (head.trim() === '') throw new ImportError(`${name} holds nothing.`);
  const packed = container === 'text' ? '' : ` (${container})`;
  const begin = head.trimStart()[0] ?? '';
  if (begin === '{' && entryOf(head.trimStart().split('\n')[0] ?? '') !== null)
    return { format: `JSON lines${packed}`, hasNames: true, ...linesOfJson(head, chunks) };
  if (begin === '[' || begin === '{') return { format: `JSON${packed}`, ...(await list(chunks())) };
  return { format: `CSV${packed}`, ...csv(head, name, chunks) };
}

async function headOf(chunks: TextChunks): Promise<string> {
  let head = '';
  for await (const { text } of chunks) {
    head += text;
    if (head.length >= HEAD_CHARS) break;
  }
  return head;
}

/** Line ends of before 2001 are a single carriage return. */
async function* withLineFeeds(chunks: TextChunks): TextChunks {
  let isOld: boolean | null = null;
  for await (const { text, share } of chunks) {
    isOld ??= text.includes('\r') && !text.includes('\n');
    yield { text: isOld ? text.replaceAll('\r', '\n') : text, share };
  }
}

function linesOfJson(head: string, chunks: () => TextChunks): Pick<TableSource, 'names' | 'lines'> {
  const entries = head.split('\n').flatMap((line) => {
    const entry = entryOf(line);
    return entry === null || Array.isArray(entry) ? [] : [entry];
  });
  const names = namesOf(entries) ?? [];
  return { names, lines: () => jsonLines(chunks(), names) };
}

async function list(chunks: TextChunks): Promise<Omit<TableSource, 'format'>> {
  const entries = await readJsonList(chunks);
  const named = namesOf(entries);
  const first = entries[0];
  const names = named ?? (first === undefined ? [] : cellsOf(first, []));
  return { names, hasNames: named !== null, lines: () => listLines(entries, names) };
}

function csv(head: string, name: string, chunks: () => TextChunks): Omit<TableSource, 'format'> {
  const text = head.split('\n').find((line) => line.trim() !== '' && !line.startsWith('#')) ?? '';
  const delimiter = delimiterOf(text);
  const cells = unquoted(text, delimiter);
  const isHead = isNames(cells);
  const documented = documentedFile(name);
  const ofDocument = !isHead && documented?.names.length === cells.length ? documented.names : null;
  return {
    names: isHead ? cells : (ofDocument ?? cells),
    hasNames: isHead || ofDocument !== null,
    async *lines() {
      let isFirst = isHead;
      for await (const stretch of csvLines(chunks(), delimiter)) {
        const lines = stretch.lines.filter(({ cells: of }) => !(of[0] ?? '').startsWith('#'));
        yield { ...stretch, lines: isFirst && lines.length > 0 ? lines.slice(1) : lines };
        if (lines.length > 0) isFirst = false;
      }
    },
  };
}

/** Cells of the line of names; a name holds no delimiter. */
const unquoted = (line: string, delimiter: string): string[] =>
  line.split(delimiter).map((cell) =>
    cell
      .trim()
      .replace(/^"(?<name>.*)"$/u, '$<name>')
      .trim(),
  );
