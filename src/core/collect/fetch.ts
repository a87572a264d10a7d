import type { SettledColumns } from '#domain/columns.ts';
import type { InstrumentId } from '#domain/instrument.ts';
import { HOUR_MS, settlementKey, type Span } from '#domain/time.ts';
import type { Reporter } from '../reporter.ts';
import type { SeriesKind } from '../ports/history-facts.ts';
import type { HistoryStore } from '../ports/history.ts';
import type { RefusedRow, SettledPage, SettledRow, Venue, VenueFiles, VenueIo } from '../venue.ts';
import { type Wanted, WINDOW_MS } from './plan.ts';

/** Pages of one turn. No stretch that is asked for takes more of a venue that pages as it documents. */
const PAGES_AT_ONCE = 25;
/** No settlement is further from the one before it. */
const REACH_MS = 25 * HOUR_MS;

export interface FetchOptions {
  readonly venue: Venue;
  readonly store: Pick<HistoryStore, 'recordSettled' | 'recordPrices' | 'settled' | 'spans'>;
  readonly reporter: Pick<Reporter, 'write' | 'event'>;
  /** Venue-corrected time. */
  readonly now: () => number;
  onRefused(rows: readonly RefusedRow[]): void;
  onStored(id: InstrumentId, recent: boolean, changedFrom: number): void;
}

export interface Fetched {
  /** False where the turn was over before the stretch was. */
  readonly ended: boolean;
  /** The venue told of rows that could not be read. */
  readonly unread: boolean;
  /** The newest settlement key that came; -Infinity of none. */
  readonly newest: number;
}

export interface Fetcher {
  /** From the venue's API. */
  readonly fetch: (target: Wanted, kind: SeriesKind, span: Span, recent: boolean, io: VenueIo) => Promise<Fetched>;
  /**
   * Settlements from its public files, the newest first. `deeperThan`: the walk ends with the first file that holds nothing older than
   * what is known by then; `oldest` is the stamp of that.
   */
  readonly fetchFiles: (
    target: Wanted,
    files: VenueFiles,
    span: Span,
    io: VenueIo,
    deeperThan?: number,
  ) => Promise<Omit<Fetched, 'newest'> & { readonly oldest: number }>;
}

interface Page {
  readonly refused?: readonly RefusedRow[];
  readonly proven: Span | null;
  readonly open?: readonly Span[];
}

/** Asks for (from, to] and stores page by page what comes; what is proven by then is the store's to say. */
export function createFetcher(options: FetchOptions): Fetcher {
  const { venue, store, reporter, now } = options;
  /** Stores pages until the stretch or the turn ends. `put` stores the rows and says from when on something is new. */
  async function take<P extends Page>(
    target: Wanted,
    kind: SeriesKind,
    recent: boolean,
    pages: AsyncIterable<P>,
    put: (page: P) => Promise<number>,
    isLast: (page: P) => boolean = () => false,
  ): Promise<Omit<Fetched, 'newest'>> {
    const { id } = target.instrument;
    let taken = 0;
    let unread = false;
    for await (const page of pages) {
      options.onRefused(page.refused ?? []);
      unread ||= (page.refused ?? []).length > 0;
      let newFrom = Infinity;
      await reporter.write(kind === 'price' ? 'store prices' : 'store settlements', async () => {
        newFrom = await put(page);
      });
      target.known[kind] = await store.spans(id, kind);
      options.onStored(id, recent, newFrom);
      if (isLast(page)) return { ended: true, unread };
      if (++taken >= PAGES_AT_ONCE) return { ended: false, unread };
    }
    return { ended: true, unread };
  }

  async function recordSettled(id: InstrumentId, rows: readonly SettledRow[], { proven, open }: Page): Promise<void> {
    const at = now();
    const { conflicts } = await store.recordSettled(id, rows, at, proven, open);
    if (conflicts === 0) return;
    const text = `${venue.name} gives other rates for ${conflicts} stored settlements; the first ones stay, those of imported files give way`;
    reporter.event({ at, kind: 'conflict', venue: venue.id, instrument: id, text });
  }

  const keysOf = (rows: readonly SettledRow[]): number[] => rows.map(({ stamp }) => settlementKey(stamp));

  return {
    async fetch(target, kind, { from, to }, recent, io) {
      const { id, symbol } = target.instrument;
      let newest = -Infinity;
      if (kind === 'price') {
        const taken = await take(target, kind, recent, venue.prices(io, symbol, from, to), async ({ rows, ...page }) => {
          await store.recordPrices(id, rows, now(), page.proven, page.open);
          return rows.reduce((oldest, { close }) => Math.min(oldest, close), Infinity);
        });
        return { ...taken, newest };
      }
      const there = await store.settled(id, from - WINDOW_MS, to + REACH_MS);
      const wide = withNeighbours(there, { from, to });
      const isThere = hasRow(there);
      const taken = await take(target, kind, recent, venue.settled(io, symbol, wide.from, wide.to), async ({ rows, ...page }) => {
        await recordSettled(id, rows, page);
        newest = Math.max(newest, ...keysOf(rows));
        return changedFrom(rows, isThere);
      });
      return { ...taken, newest };
    },
    async fetchFiles(target, files, { from, to }, io, deeperThan) {
      const { id, symbol } = target.instrument;
      // A file holds a whole month, so also what lies beside the stretch.
      const isThere = hasRow(await store.settled(id, from - WINDOW_MS, to + WINDOW_MS));
      let oldest = deeperThan ?? Infinity;
      const isDeeper = ({ rows }: SettledPage): boolean => rows.some(({ stamp }) => settlementKey(stamp) < settlementKey(oldest));
      const taken = await take(
        target,
        'settled',
        false,
        files.settled(io, symbol, from, to),
        async ({ rows, ...page }) => {
          await recordSettled(id, rows, page);
          return changedFrom(rows, isThere);
        },
        (page) => {
          if (deeperThan === undefined) return false;
          if (!isDeeper(page)) return true;
          oldest = Math.min(oldest, ...page.rows.map(({ stamp }) => stamp));
          return false;
        },
      );
      return { ...taken, oldest };
    },
  };
}

/** From when on something of the rows is new; Infinity: all of it is there. */
const changedFrom = (rows: readonly SettledRow[], isThere: (row: SettledRow) => boolean): number =>
  rows.reduce((oldest, row) => (isThere(row) ? oldest : Math.min(oldest, row.stamp)), Infinity);

/**
 * A stretch with the two stored settlements before it (or what lies shortly before it, where there is none) and the one after
 * it: an answer that holds these can be told from one that lags or leaves rows out, and says how far apart settlements are there.
 */
function withNeighbours({ stamp }: SettledColumns, { from, to }: Span): Span {
  const before = stamp.filter((one) => one <= from).slice(-2);
  const after = stamp.find((one) => one > to);
  return { from: before[0] === undefined ? Math.max(0, from - REACH_MS) : before[0] - 1, to: after ?? to };
}

/** Whether a settlement is stored with all that the row tells, as it tells it: what is corrected changes the past like what is new. */
function hasRow({ key, intervalH, mark, premium }: SettledColumns): (row: SettledRow) => boolean {
  const stored = new Map([...key].map((one, i) => [one, i]));
  const has = (column: Float64Array, i: number, told: number | null): boolean => told === null || column[i] === told;
  return (row) => {
    const i = stored.get(settlementKey(row.stamp));
    return i !== undefined && has(intervalH, i, row.intervalH) && has(mark, i, row.mark) && has(premium, i, row.premium);
  };
}
