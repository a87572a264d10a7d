import { layoutOf } from './columns.ts';

/** One instrument as a file of lists names it. */
export interface ListEntry {
  /** Its number among the entries of the file, and the line it stands in; both from 1. */
  readonly entry: number;
  readonly line: number;
  /** As it stands there: "BINANCE:BTCUSDT.P". */
  readonly text: string;
  /** Of a file that names several lists. */
  readonly list: string | null;
  readonly section: string | null;
}

export interface ListFile {
  readonly entries: readonly ListEntry[];
  /** Headings in their order, those with nothing under them too. */
  readonly sections: readonly string[];
}

const HEADING = '###';
/** A chart's exchange and symbol, or a venue and its symbol. */
const NAMED = /^[a-z][a-z0-9_-]{0,39}:\S{1,80}$/iu;
const COLUMNS = {
  instrument: ['instrument', 'symbol', 'ticker', 'market', 'pair', 'contract'],
  venue: ['venue', 'exchange'],
  section: ['section', 'group', 'heading'],
  list: ['list', 'watchlist'],
} as const;

/**
 * The lists of a text: entries between commas and line ends with `###` before a heading (as TradingView exports them), or CSV whose first
 * line names a column of instruments (and of venues, sections and lists). Null: it is no such text, a table of values for one.
 */
export function readListFile(text: string): ListFile | null {
  const plain = text.replace(/^\uFEFF/u, '');
  if (plain.includes('\0') || /^\s*[[{]/u.test(plain)) return null;
  const tokens = plain.split(/\r\n|\r|\n/u).flatMap((line, i) =>
    line
      .split(',')
      .map((token) => ({ token: token.trim(), line: i + 1 }))
      .filter(({ token }) => token !== ''),
  );
  const [first] = tokens;
  if (first === undefined) return null;
  return first.token.startsWith(HEADING) || NAMED.test(first.token) ? ofTokens(tokens) : ofColumns(plain);
}

function ofTokens(tokens: readonly { readonly token: string; readonly line: number }[]): ListFile {
  const entries: ListEntry[] = [];
  const sections: string[] = [];
  let section: string | null = null;
  for (const { token, line } of tokens) {
    if (token.startsWith(HEADING)) {
      section = nameOf(token.slice(HEADING.length));
      if (section !== null && !sections.includes(section)) sections.push(section);
    } else entries.push({ entry: entries.length + 1, line, text: token, list: null, section });
  }
  return { entries, sections };
}

const nameOf = (text: string): string | null => {
  const name = text.trim().slice(0, 60);
  return name === '' ? null : name;
};

function ofColumns(text: string): ListFile | null {
  const [head, ...lines] = linesOf(text);
  if (head === undefined) return null;
  const names = head.cells.map((cell) => cell.toLowerCase());
  const placeOf = (words: readonly string[]): number => words.map((word) => names.indexOf(word)).find((at) => at >= 0) ?? -1;
  const at = { ...mapped((column) => placeOf(COLUMNS[column])) };
  // A table of values has a time in every line; one of these is for the history.
  if (at.instrument < 0 || layoutOf(head.cells, {}).places.time !== undefined) return null;
  const entries: ListEntry[] = [];
  const sections: string[] = [];
  for (const { cells, line } of lines) {
    const of = (column: keyof typeof COLUMNS): string => (at[column] < 0 ? '' : (cells[at[column]] ?? ''));
    const symbol = of('instrument').replace(/^'/u, '');
    const section = nameOf(of('section'));
    if (symbol === '') continue;
    if (section !== null && !sections.includes(section)) sections.push(section);
    const venue = of('venue');
    entries.push({
      entry: entries.length + 1,
      line,
      text: venue === '' || symbol.startsWith(`${venue}:`) ? symbol : `${venue}:${symbol}`,
      list: nameOf(of('list')),
      section,
    });
  }
  return { entries, sections };
}

const mapped = (at: (column: keyof typeof COLUMNS) => number) => ({
  instrument: at('instrument'),
  venue: at('venue'),
  section: at('section'),
  list: at('list'),
});

/** Lines of CSV as cells, in quotes or not, between commas, semicolons or tabs, whichever the first line has most of. */
function linesOf(text: string): { readonly cells: string[]; readonly line: number }[] {
  const [first = ''] = text.split(/[\r\n]/u, 1);
  const between = [',', ';', '\t'].toSorted((a, b) => first.split(b).length - first.split(a).length)[0] ?? ',';
  const lines: { cells: string[]; line: number }[] = [];
  let [cells, cell, isQuoted, line, begun]: [string[], string, boolean, number, number] = [[], '', false, 1, 1];
  const end = (): void => {
    cells.push(cell.trim());
    if (cells.some((one) => one !== '')) lines.push({ cells, line: begun });
    [cells, cell, begun] = [[], '', line];
  };
  const plain = text.replaceAll('\r\n', '\n').replaceAll('\r', '\n');
  for (let i = 0; i < plain.length; i++) {
    const char = plain[i] ?? '';
    if (char === '\n') line++;
    if (isQuoted && char === '"' && plain[i + 1] === '"') {
      cell += '"';
      i++;
    } else if (char === '"' && (isQuoted || cell.trim() === '')) isQuoted = !isQuoted;
    else if (char === between && !isQuoted) {
      cells.push(cell.trim());
      cell = '';
    } else if (char === '\n' && !isQuoted) end();
    else cell += char;
  }
  end();
  return lines;
}
