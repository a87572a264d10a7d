import { isTime } from '#domain/bounds.ts';
import { HOUR_MS } from '#domain/time.ts';
import { type SettledAnswer, stampsOf } from './paging.ts';
import { malformed, readTime } from './read.ts';

/** More pages than two centuries of settlements every hour: a search that comes so far does not end. */
const MAX_PAGE = 1 << 14;
/** More than neighbouring settlements are apart: an answer that comes so near to its start is whole. */
const NEAR_MS = 25 * HOUR_MS;

/** Settlements of a symbol on a venue that serves them by numbered pages, newest first, and takes no times. */
export interface NumberedPages {
  readonly venue: string;
  readonly symbol: string;
  /** The documented most of a page. */
  readonly pageRows: number;
  readonly now: () => number;
  /** Rows of a page; the first is 1. An empty one is the last. */
  ask(page: number): Promise<readonly unknown[]>;
  /** The stated time of a row. */
  readonly timeOf: (item: unknown) => unknown;
  read(rows: readonly unknown[]): SettledAnswer;
}

/** Null for what is no time: such a row moves nothing, and is refused where it is read. */
function timeIn({ timeOf, now }: NumberedPages, item: unknown): number | null {
  const time = readTime(timeOf(item));
  return time !== null && isTime(time, now()) ? time : null;
}

/** The rows of a page each once, and those that came oldest first turned round. */
function newestFirst(pages: NumberedPages, page: readonly unknown[]): readonly unknown[] {
  const once = [...new Map(page.map((item) => [JSON.stringify(item), item])).values()];
  const times = timesIn(pages, once);
  return times.length > 1 && times.every((time, i) => time > (times[i - 1] ?? -Infinity)) ? once.toReversed() : once;
}

/** Times of a page's rows, those that have one. */
const timesIn = (pages: NumberedPages, page: readonly unknown[]): number[] => page.flatMap((item) => timeIn(pages, item) ?? []);

/**
 * Turns numbered pages into questions for [start, end]: the first finds its page by halving, each later one goes on
 * after the last. A settlement that comes in between moves rows to later pages: those that came already are left out, and none is
 * lost. Only an empty page is the last: a short one is none where the venue gives fewer rows than it was asked for. However many
 * rows an answer has, the walk may end on it.
 */
export function askByPages(pages: NumberedPages): (start: number, end: number) => Promise<SettledAnswer> {
  let found: Map<number, readonly unknown[]> | null = null;
  let next = 1;
  let known = Infinity;
  let isOver = false;
  async function find(end: number): Promise<Map<number, readonly unknown[]>> {
    const seen = new Map<number, readonly unknown[]>();
    next = await firstPage(pages, async (page) => {
      const list = await pages.ask(page);
      seen.set(page, list);
      return list.length === 0 || timesIn(pages, list).some((time) => time <= end);
    });
    return seen;
  }
  return async (start, end) => {
    const seen = (found ??= await find(end));
    const rows: unknown[] = [];
    for (let until = end; !isOver && (rows.length < pages.pageRows || until - start < NEAR_MS); next += 1) {
      const page = newestFirst(pages, seen.get(next) ?? (await pages.ask(next)));
      seen.delete(next);
      isOver = page.length === 0;
      const times = timesIn(pages, page);
      const oldest = times.length === 0 ? undefined : Math.min(...times);
      const isSorted = times.every((time, i) => time <= (times[i - 1] ?? Infinity));
      // In no order that can be known: as it came, for the walk to see that it proves nothing; the next one goes on after it.
      if (!isSorted && oldest !== undefined && oldest < known) {
        next += 1;
        known = oldest;
        return pages.read(page);
      }
      // Nothing that is older: the walk sees that it is no answer.
      if (oldest !== undefined && oldest >= known) return pages.read(page);
      rows.push(...page.filter((item) => isWithin(timeIn(pages, item), start, until)));
      if (oldest === undefined || oldest < start) break;
      known = oldest;
      until = Math.min(until, oldest - 1);
    }
    return pages.read(rows);
  };
}

const isWithin = (time: number | null, start: number, end: number): boolean => time === null || (time >= start && time <= end);

/** Stamp of the oldest settlement of all, on the last page that is not empty. */
export async function oldestByNumber(pages: NumberedPages): Promise<number | null> {
  const seen = new Map<number, readonly unknown[]>();
  const end = await firstPage(pages, async (page) => {
    const list = await pages.ask(page);
    seen.set(page, list);
    return list.length === 0;
  });
  if (end === 1) return null;
  const answer = pages.read(seen.get(end - 1) ?? []);
  const stamps = stampsOf(answer);
  if (stamps.length === 0 || stamps.length < answer.items.length)
    throw malformed(pages.venue, `${pages.symbol}: of its oldest settlements one has no time that can be`);
  return Math.min(...stamps);
}

/** The first page for which `is` holds, which holds for all after it. Each is asked for once. */
async function firstPage({ venue, symbol }: NumberedPages, is: (page: number) => Promise<boolean>): Promise<number> {
  let [low, high] = [0, 1];
  while (!(await is(high))) {
    if (high >= MAX_PAGE) throw malformed(venue, `the settlements of ${symbol} do not end after ${MAX_PAGE} pages`);
    [low, high] = [high, 2 * high];
  }
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (await is(middle)) high = middle;
    else low = middle;
  }
  return high;
}
