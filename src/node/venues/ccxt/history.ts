import type { SettledPage, VenueIo } from '#core/venue.ts';
import { HOUR_MS, settlementKey } from '#domain/time.ts';
import { findOldest } from '../common/oldest.ts';
import { readSettled, type SettledAnswer, walkBackward } from '../common/paging.ts';
import { asRow, listOf, readNumber, readTime } from '../common/read.ts';
import type { CcxtClient } from './client.ts';
import type { CcxtContract } from './contracts.ts';
import { asInterval } from './rates.ts';
import type { HistoryWay } from './ways.ts';

type Ask = (work: (client: CcxtClient) => Promise<unknown>) => Promise<unknown>;

/** More pages by number than any exchange serves: one that gives the same for ever ends here. */
const MAX_PAGES = 200;

export interface HistoryOptions {
  readonly name: string;
  readonly way: HistoryWay;
  readonly contract: CcxtContract;
  readonly ask: Ask;
  readonly io: VenueIo;
}

const timeOf = (row: unknown): number => readTime(asRow(row)?.['timestamp']) ?? 0;

/** The newest settlements of [start, end], newest first, as the exchange's way of paging gives them. */
type Rows = (start: number, end: number) => Promise<readonly unknown[]>;

function createRows({ name, way, contract: { unified, market }, ask }: HistoryOptions): Rows {
  const { limit } = way;
  const named = way.asked?.(asRow(market['info']) ?? {});
  const read = async (since: number | undefined, params: object): Promise<readonly unknown[]> => {
    const answer = await ask((client) => client.fetchFundingRateHistory(unified, since, limit, { ...params, ...named }));
    return listOf(name, answer, 'list of settlements');
  };
  if (way.kind === 'until' || way.kind === 'window') {
    const { end: endOf = (until: number) => ({ until }) } = way;
    return (start, end) => read(way.kind === 'window' ? start : undefined, endOf(end));
  }
  /** What was read of the pages so far: each is asked for once in a walk. */
  let [known, pages, isWhole]: [readonly unknown[], number, boolean] = [[], 0, false];
  return async (_, end) => {
    while (!isWhole && !known.some((row) => timeOf(row) <= end)) {
      pages += 1;
      const page = await read(undefined, way.kind === 'pages' ? { [way.page]: pages } : {});
      const seen = new Set(known.map(timeOf));
      // A settlement that came meanwhile has moved all others down the pages.
      const fresh = page.filter((row) => !seen.has(timeOf(row)));
      known = [...known, ...fresh];
      isWhole = way.kind === 'newest' || fresh.length === 0 || pages === MAX_PAGES;
    }
    return known;
  };
}

function createReader(options: HistoryOptions): (start: number, end: number) => Promise<SettledAnswer> {
  const { name, way, contract, io } = options;
  const rows = createRows(options);
  const { symbol } = contract.instrument;
  return async (start, end) => {
    const list = (await rows(start, end)).filter((row) => timeOf(row) === 0 || (timeOf(row) >= start && timeOf(row) <= end));
    const newestFirst = list.toSorted((a, b) => timeOf(b) - timeOf(a));
    const answer = readSettled(name, symbol, newestFirst, io.now, (row) => ({
      symbol: row['symbol'] === contract.unified ? symbol : row['symbol'],
      stamp: row['timestamp'],
      rate: readNumber(row['fundingRate']),
      intervalH: asInterval(way.statedH?.(asRow(row['info']) ?? {}) ?? null),
      mark: null,
      premium: null,
    }));
    return withHoles(answer);
  };
}

/**
 * A page proves what its rows show: where two of them lie further apart than those on either side, the stretch between is not proven,
 * for such pages were seen to leave rows out. A change of the interval is further apart on one side alone.
 */
function withHoles(answer: SettledAnswer): SettledAnswer {
  const { items } = answer;
  /** Of an item and the one before it in time; infinite beyond the page and beside a row without a time. */
  const gapOf = (i: number): number => {
    const [later, earlier] = [items[i]?.stamp ?? null, items[i + 1]?.stamp ?? null];
    return later === null || earlier === null ? Number.POSITIVE_INFINITY : settlementKey(later) - settlementKey(earlier);
  };
  const isHole = (i: number): boolean => Number.isFinite(gapOf(i)) && gapOf(i) > gapOf(i - 1) && gapOf(i) > gapOf(i + 1);
  return { ...answer, items: items.map((item, i) => (isHole(i) ? { ...item, whole: false } : item)) };
}

/** Pages of (from, to], newest first. */
export function settledPages(options: HistoryOptions, from: number, to: number): AsyncIterable<SettledPage> {
  const { name, way, contract, io } = options;
  const read = createReader(options);
  /** So many hours hold no more settlements than a page, in whatever order it has them. */
  const longest = way.kind === 'window' ? (way.limit - 1) * HOUR_MS : Number.POSITIVE_INFINITY;
  return walkBackward({
    venue: name,
    symbol: contract.instrument.symbol,
    from,
    to,
    limit: way.limit,
    now: () => io.now,
    ask: (start, end) => read(Math.max(start, end - longest), end),
  });
}

/** Stamp of the first settlement that is served; null where none is. */
export async function oldestSettled(options: HistoryOptions, start: number): Promise<number | null> {
  const { name, way, io } = options;
  const read = createReader(options);
  if (way.kind === 'until' || way.kind === 'window') {
    const { limit, days } = way;
    const from = days === undefined ? start : Math.max(start, io.now - days * 24 * HOUR_MS);
    return findOldest({ venue: name, limit, start: from, now: io.now, ask: read });
  }
  let found: number | null = null;
  for (let page = 0, end = io.now; page < MAX_PAGES; page++) {
    const stamps = (await read(0, end)).items.flatMap(({ stamp }) => (stamp === null ? [] : [stamp]));
    if (stamps.length === 0) break;
    found = Math.min(...stamps);
    end = found - 1;
  }
  return found;
}
