import { HOUR_MS } from '#domain/time.ts';
import { type SettledAnswer, stampsOf } from './paging.ts';
import { malformed } from './read.ts';

export interface OldestSearch {
  readonly venue: string;
  /** The venue's true limit of rows in a page. */
  readonly limit: number;
  /** Nothing is older: when the contract was listed, else when the venue opened. */
  readonly start: number;
  readonly now: number;
  /** The newest rows with stamps in [start, end]. */
  readonly ask: (start: number, end: number) => Promise<SettledAnswer>;
}

/**
 * Stamp of the first settlement on venues that answer the newest rows first and in no other order: it is found by halving. With a launch
 * time the first question is mostly the last one. Null where there is none.
 */
export async function findOldest({ venue, limit, start, now, ask }: OldestSearch): Promise<number | null> {
  /** Holds at most `limit` rows, both ends included, at the shortest interval of an hour. */
  const sureMs = (limit - 1) * HOUR_MS;
  const oldestIn = async (from: number, to: number): Promise<number | null> => {
    const answer = await ask(from, to);
    const stamps = stampsOf(answer);
    if (stamps.length < answer.items.length || stamps.some((stamp) => stamp < from || stamp > to))
      throw malformed(venue, `of the settlements of ${from} to ${to} one is of another time or of none`);
    return stamps.length === 0 ? null : Math.min(...stamps);
  };
  const first = await oldestIn(start, Math.min(start + sureMs, now));
  // From here on nothing lies before `low`, and `found` is a settlement that may have older ones.
  let low = start + sureMs + 1;
  if (first !== null || low > now) return first;
  let found = await oldestIn(low, now);
  while (found !== null && found - low > sureMs) {
    const middle = Math.floor((low + found) / 2);
    const earlier = await oldestIn(low, middle);
    if (earlier === null) low = middle + 1;
    else found = earlier;
  }
  return found === null ? null : ((await oldestIn(low, found)) ?? found);
}

export interface OldestPages {
  readonly venue: string;
  readonly symbol: string;
  /** What the venue serves takes no more; beyond it, its pages do not end. */
  readonly maxPages: number;
  readonly now: number;
  /** The newest page of settlements with stamps up to `end`. */
  readonly ask: (end: number) => Promise<SettledAnswer>;
}

/** The same on venues of few pages: page by page back to where nothing is older. */
export async function oldestByPages({ venue, symbol, maxPages, now, ask }: OldestPages): Promise<number | null> {
  let found: number | null = null;
  for (let page = 0, end = now; page < maxPages; page++) {
    const answer = await ask(end);
    if (answer.items.length === 0) return found;
    const stamps = stampsOf(answer);
    if (stamps.length < answer.items.length || stamps.some((stamp) => stamp > end))
      throw malformed(venue, `of the settlements of ${symbol} until ${end} one is of another time or of none`);
    found = Math.min(...stamps);
    end = found - 1;
  }
  throw malformed(venue, `the settlements of ${symbol} do not end after ${maxPages} pages`);
}
