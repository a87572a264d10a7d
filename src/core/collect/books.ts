import { isPrice } from '#domain/bounds.ts';
import type { InstrumentId } from '#domain/instrument.ts';
import { createAlarm } from './alarm.ts';
import { backoffMs } from './backoff.ts';
import { BOOK_STALE_MS, ladderOf, type ReadBook } from '../book-ladder.ts';
import { toVenueError } from './classify.ts';
import type { Reporter } from '../reporter.ts';
import type { Canceller, Clock } from '../ports/clock.ts';
import type { BookRecord } from '../ports/history-facts.ts';
import { newestBook } from '../newest-book.ts';
import type { HistoryStore } from '../ports/history.ts';
import type { Log } from '../ports/log.ts';
import { VenueError } from '../venue-error.ts';
import type { VenueLink } from './venue-link.ts';
import type { Venue } from '../venue.ts';

/** Each watched instrument's book is read once in so long (clock ms), where the venue's limits and the pace below leave room for it. */
const ROUND_MS = 60_000;
/** Share of a host's limits that the books of its markets may take together. */
const SHARE = 0.2;
/** Real ms between two books of a venue: the demo's minutes pass in a second. */
const PACE_MS = 100;
/** Books are stored in batches (real ms): every transaction waits for the disk. */
const STORE_MS = 5_000;
/** So many failures in a row are the venue's, not an instrument's. */
const TROUBLE_AFTER = 3;
/** Until there is something to ask (real ms). */
const IDLE_MS = 1_000;

/** One venue's order books: round robin over what is watched, at a pace of its own, behind the polls. */
export interface Books {
  start(): void;
  stop(): Promise<void>;
  /** The newest one, of a run before this one where this one has none. */
  latest(id: InstrumentId): ReadBook | null;
  /** Why it gives no order book of any watched instrument, as a sentence; null: it gives one. */
  trouble(): string | null;
  /** Drops the request in flight. */
  cancel(): void;
}

export interface BooksOptions {
  readonly venue: Venue;
  readonly link: VenueLink;
  readonly clock: Clock;
  readonly store: Pick<HistoryStore, 'recordBooks' | 'newestBooks'>;
  readonly reporter: Pick<Reporter, 'guard' | 'failed'>;
  readonly log: Log;
  newCanceller(): Canceller;
  readonly random: () => number;
  /** The venue is on and answers. */
  readonly ready: () => boolean;
  /** Watched and listed, by id. */
  readonly watched: () => readonly { readonly id: InstrumentId; readonly symbol: string }[];
  /** Markets of the host that take books. */
  readonly sharedBy: () => number;
  /** Venue-corrected time. */
  readonly now: () => number;
  /** A book came, or the newest one has grown old. */
  readonly onBook: (id: InstrumentId) => void;
  /** `trouble` says something else now. */
  readonly onTrouble: () => void;
}

/** Clock ms between two books of one of so many markets of the host, so that they take no more than their share of any limit. */
function costMs({ host, bookCost }: Venue, markets: number): number {
  return Math.max(0, ...host.limits.map(({ bucket, max, perMs }) => ((bookCost[bucket] ?? 0) * perMs * markets) / (max * SHARE)));
}

export function createBooks(options: BooksOptions): Books {
  const { venue, link, clock, store, reporter, log, now } = options;
  const alarm = createAlarm(clock);
  const latest = new Map<InstrumentId, ReadBook>();
  const askedAt = new Map<InstrumentId, number>();
  /** What was recorded of them before is read. */
  const known = new Set<InstrumentId>();
  /** Told of once, until they answer again. */
  const failing = new Set<InstrumentId>();
  /** In a row, whichever instruments they were of. */
  let failures = 0;
  /** The newest one's sentence. */
  let why = '';
  let canceller = options.newCanceller();
  let waiting: BookRecord[] = [];
  let storedAt = clock.monotonic();
  let running: Promise<void> | null = null;
  let stopped = false;

  async function keep(): Promise<void> {
    const books = waiting;
    waiting = [];
    storedAt = clock.monotonic();
    if (books.length > 0) await reporter.guard('record order books', () => store.recordBooks(books));
  }

  async function ask(id: InstrumentId, symbol: string): Promise<void> {
    try {
      const book = await venue.book(link.io('background', canceller.signal), symbol);
      const at = Math.round(now());
      if (book.at !== null && at - book.at > BOOK_STALE_MS)
        throw new VenueError('malformed', `${venue.name} repeats an old order book.`, `the book of ${symbol} is of ${book.at}`);
      const ladder = ladderOf(book);
      const isSound = isPrice(ladder.mid) && [...ladder.bids, ...ladder.asks].every(Number.isFinite);
      if (!isSound)
        throw new VenueError(
          'malformed',
          `${venue.name} sent an order book that cannot be.`,
          `the book of ${symbol}: prices or sizes beyond any`,
        );
      latest.set(id, { ladder, at, stale: false });
      waiting.push({ instrument: id, at, ...ladder });
      failing.delete(id);
      const wasTroubled = trouble() !== null;
      failures = 0;
      if (wasTroubled) options.onTrouble();
      options.onBook(id);
    } catch (thrown) {
      const error = toVenueError(venue.name, thrown);
      if (error.kind === 'cancelled') return;
      link.note(error);
      if (!failing.has(id)) log.write('warn', venue.id, `order book of ${symbol}: ${error.message}`, { kind: error.kind });
      failing.add(id);
      failures += 1;
      why = error.user;
      if (trouble() !== null) options.onTrouble();
    }
  }
  const trouble = (): string | null =>
    failures >= Math.max(TROUBLE_AFTER, options.watched().length) ? `order books failed, going on without them: ${why}` : null;

  /** What an earlier run recorded stands until a new one comes, and grows old. */
  async function restore(id: InstrumentId): Promise<void> {
    known.add(id);
    try {
      const before = await newestBook(store, id, Math.round(now()));
      if (before === null || latest.has(id)) return;
      latest.set(id, before);
      options.onBook(id);
    } catch (error) {
      reporter.failed(`read the order books of ${id}`, error);
    }
  }
  function age(): void {
    for (const [id, book] of latest) {
      if (book.stale || now() - book.at <= BOOK_STALE_MS) continue;
      latest.set(id, { ...book, stale: true });
      options.onBook(id);
    }
  }
  /** One book, of the instrument that has waited longest; clock ms until the next. */
  async function turn(): Promise<number> {
    age();
    const all = options.watched();
    for (const { id } of all) if (!known.has(id)) await restore(id);
    const startedAt = clock.monotonic();
    const since = (id: InstrumentId): number => askedAt.get(id) ?? -1;
    const [next] = all.toSorted((a, b) => since(a.id) - since(b.id));
    if (next === undefined || !options.ready() || link.silentForMs() > 0) return IDLE_MS * clock.speed;
    askedAt.set(next.id, startedAt);
    await ask(next.id, next.symbol);
    if (clock.monotonic() - storedAt >= STORE_MS * clock.speed) await keep();
    // A venue (or a recording of one) that gives no book at all is asked less and less.
    const backMs = failures < all.length ? 0 : backoffMs(failures - all.length + 1, options.random);
    const pauseMs = Math.max(ROUND_MS / all.length, costMs(venue, Math.max(1, options.sharedBy())), PACE_MS * clock.speed, backMs);
    return Math.max(0, pauseMs - (clock.monotonic() - startedAt));
  }

  async function run(): Promise<void> {
    while (!stopped) await alarm.wait(await turn());
  }

  return {
    start() {
      running ??= run();
    },
    async stop() {
      stopped = true;
      canceller.abort();
      alarm.ring();
      await running;
      await keep();
    },
    latest: (id) => latest.get(id) ?? null,
    trouble,
    cancel() {
      canceller.abort();
      canceller = options.newCanceller();
    },
  };
}
