import { CsvError, parse } from 'csv-parse/sync';
import type { RefusedRow, SettledPage, SettledRow } from '#core/venue.ts';
import { isTime, refusalOf } from '#domain/bounds.ts';
import { gapInterval, isInterval } from '#domain/interval.ts';
import { HOUR_MS, SETTLEMENT_SLACK_MS, type Span } from '#domain/time.ts';
import { type Item, pagePieces } from '../common/paging.ts';
import { readNumber, readTime } from '../common/read.ts';

/** Columns, which older files do not name: https://github.com/binance/binance-public-data, futures fundingRate. */
const COLUMNS = ['calc_time', 'funding_interval_hours', 'last_funding_rate'] as const;
/** A time above it is in microseconds: in milliseconds it would be of the year 5138. */
const MOST_MS = 1e14;

/** One month of settlements, whole; (from, to] of it. */
export interface Month extends Span {
  /** 2024-05. */
  readonly name: string;
}

/** What is wrong with a whole file, for the log. */
export class FileError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'FileError';
  }
}

/** Cells of each line, without the names of the columns. Throws FileError where the file tells something else than it should. */
function cellsOf(text: string): readonly (readonly string[])[] {
  let lines: string[][];
  try {
    lines = parse(text, { bom: true, trim: true, skip_empty_lines: true, relax_column_count: true });
  } catch (error) {
    if (error instanceof CsvError) throw new FileError(`no lines of cells (${error.code})`);
    throw error;
  }
  const [head, ...rest] = lines;
  if (head === undefined) throw new FileError('not a line in it');
  if (readNumber(head[0]) !== null) return lines;
  if (!COLUMNS.every((name, i) => head[i] === name)) throw new FileError(`other columns than ${COLUMNS.join(', ')}`);
  return rest;
}

/** Microseconds are told by their size. */
function stampOf(text: string | undefined): number | null {
  const time = readTime(text);
  return time === null ? null : time > MOST_MS ? Math.floor(time / 1000) : time;
}

/**
 * The settlements of one month, in any order, as one page: proven from the first to the last instant, but for what lies round rows that
 * could not be read. Throws FileError for what is no such file.
 */
export function parseFundingCsv(text: string, symbol: string, month: Month, now: number): SettledPage {
  const refused: RefusedRow[] = [];
  const read = cellsOf(text).map(([time, hours, rate], i) => ({
    line: i + 1,
    stamp: stampOf(time),
    hours: readNumber(hours),
    rate: readNumber(rate),
  }));
  const refuse = (line: number, reason: string): void =>
    void refused.push({ symbol, reason: `row ${line} of its file of ${month.name}: ${reason}` });
  const timed = read.flatMap(({ stamp, ...row }) => {
    if (stamp !== null && isTime(stamp, now) && stamp > month.from && stamp <= month.to) return [{ ...row, stamp }];
    refuse(row.line, stamp === null ? 'no time' : `${stamp} is not of that month`);
    return [];
  });
  const rows: SettledRow[] = [];
  const items: Item[] = [];
  let before: { readonly stamp: number; readonly hours: number | null } | null = null;
  for (const { line, stamp, hours, rate } of timed.sort((a, b) => a.stamp - b.stamp)) {
    const stated = hours !== null && isInterval(hours) ? hours : null;
    if (before !== null && stamp === before.stamp) {
      refuse(line, `${stamp} is told of twice`);
      items.push({ stamp, whole: false });
      continue;
    }
    const gapMs = before === null ? null : stamp - before.stamp;
    // At a change the file may state the interval that begins: what lies between the rows is the one that was paid for.
    const isNext = gapMs !== null && stated !== null && gapInterval(gapMs) === before?.hours && before.hours !== stated;
    const row = { stamp, rate: rate ?? 0, intervalH: isNext ? null : stated, mark: null, premium: null };
    const reason = rate === null ? 'no rate' : stated === null ? 'no interval' : refusalOf({ ...row, time: stamp }, now);
    if (reason === null) rows.push(row);
    else refuse(line, reason);
    items.push({ stamp, whole: reason === null });
    before = { stamp, hours: stated };
  }
  // Where a row without a time of that month belongs is not known.
  if (read.length > timed.length) return { rows, refused, proven: null };
  return { rows, refused, ...pagePieces(items, spanOf(rows, month)) };
}

/** The whole month, but for an end that lies further from its row than an interval: listed or delisted in it, or rows are missing. */
function spanOf(rows: readonly SettledRow[], { from, to }: Month): Span {
  const [first, last] = [rows[0], rows.at(-1)];
  if (first === undefined || last === undefined) return { from, to: from };
  const reach = ({ intervalH }: SettledRow): number => (intervalH ?? 0) * HOUR_MS + SETTLEMENT_SLACK_MS;
  return {
    from: first.stamp - from <= reach(first) ? from : first.stamp - 1,
    to: to - last.stamp <= reach(last) ? to : last.stamp,
  };
}
