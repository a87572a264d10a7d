import { parse } from 'csv-parse';
import { isNumberText } from '#domain/number-text.ts';

/** A line of a table: its cells, and its number in the file from 1 on. */
export interface TableLine {
  readonly cells: readonly string[];
  readonly line: number;
}

/** A line that is none. */
export interface BrokenLine {
  readonly line: number;
  readonly reason: string;
}

/** Lines of a file at a stretch, and how much of the file was read so far, 0 to 1. */
export interface Stretch {
  readonly lines: readonly TableLine[];
  readonly broken: readonly BrokenLine[];
  readonly share: number;
}

/** Text as it is read, with how much of the file that was. */
export type TextChunks = AsyncIterable<{ readonly text: string; readonly share: number }>;

const DELIMITERS = [',', ';', '\t', '|'] as const;

/** What stands between the cells of a line: the first of these that is in it. */
export const delimiterOf = (line: string): string => DELIMITERS.find((one) => line.includes(one)) ?? ',';

/** Whether a line names columns: none of its cells is a number or a day. */
export const isNames = (cells: readonly string[]): boolean =>
  cells.some((cell) => cell !== '') && cells.every((cell) => !isNumberText(cell) && !/^[+-]?[\d.,]+%?$|^\d{1,4}[-/.]\d/u.test(cell));

/**
 * Lines of CSV. Text without a quotation mark is cut at line ends and delimiters, which is all that CSV is then; from the first mark on
 * csv-parse reads, and a line with a mark where none can be is broken by itself.
 */
export async function* csvLines(chunks: TextChunks, delimiter: string): AsyncGenerator<Stretch> {
  let rest = '';
  let line = 0;
  let quoted: QuotedLines | null = null;
  for await (const chunk of chunks) {
    const { share } = chunk;
    if (quoted === null && chunk.text.includes('"')) quoted = new QuotedLines(delimiter, line);
    if (quoted !== null) {
      yield { ...(await quoted.read(rest + chunk.text)), share };
      rest = '';
      continue;
    }
    const lines: TableLine[] = [];
    const text = rest + chunk.text;
    let at = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', at)) {
      line++;
      put(lines, text.slice(at, end), line, delimiter);
      at = end + 1;
    }
    rest = text.slice(at);
    yield { lines, broken: [], share };
  }
  if (quoted !== null) {
    yield { ...(await quoted.end()), share: 1 };
    return;
  }
  const lines: TableLine[] = [];
  put(lines, rest, line + 1, delimiter);
  yield { lines, broken: [], share: 1 };
}

function put(lines: TableLine[], text: string, line: number, delimiter: string): void {
  const whole = text.endsWith('\r') ? text.slice(0, -1) : text;
  if (whole === '') return;
  const cells = whole.split(delimiter);
  if (whole.includes(' ')) for (let i = 0; i < cells.length; i++) cells[i] = (cells[i] ?? '').trim();
  if (cells.some((cell) => cell !== '')) lines.push({ cells, line });
}

class QuotedLines {
  readonly #parser: ReturnType<typeof parse>;
  #lines: TableLine[] = [];
  #broken: BrokenLine[] = [];
  #failed: Error | null = null;

  constructor(delimiter: string, before: number) {
    this.#parser = parse({
      bom: true,
      delimiter,
      relax_column_count: true,
      skip_empty_lines: true,
      skip_records_with_error: true,
      trim: true,
      on_record: (cells: string[], { lines }) => {
        if (cells.some((cell) => cell !== '')) this.#lines.push({ cells, line: before + lines });
        return null;
      },
      on_skip: (error) => {
        const at = error === undefined ? NaN : Number(error['lines']);
        this.#broken.push({ line: before + at, reason: 'a quote (") is not closed, or stands inside a cell without quotes.' });
        return undefined;
      },
    });
    this.#parser.on('error', (error: Error) => (this.#failed = error));
    this.#parser.resume();
  }

  read(text: string): Promise<Omit<Stretch, 'share'>> {
    return new Promise((resolve, reject) => {
      this.#parser.write(text, (error) => {
        if (error) reject(error);
        else resolve(this.#taken());
      });
    });
  }

  end(): Promise<Omit<Stretch, 'share'>> {
    return new Promise((resolve, reject) => {
      const done = (): void => {
        if (this.#failed !== null && this.#lines.length === 0 && this.#broken.length === 0) reject(this.#failed);
        else resolve(this.#taken());
      };
      this.#parser.once('end', done);
      this.#parser.once('error', done);
      this.#parser.end();
    });
  }

  #taken(): Omit<Stretch, 'share'> {
    const taken = { lines: this.#lines, broken: this.#broken };
    this.#lines = [];
    this.#broken = [];
    return taken;
  }
}
