import { UserError } from '#bridge/errors.ts';
import { type InstrumentId, type VenueId, venueOf } from '#domain/instrument.ts';
import type { Feed } from './feed.ts';
import type { Reporter } from '../reporter.ts';
import type { Clock } from '../ports/clock.ts';
import type { AsOf, HistoryStore } from '../ports/history.ts';
import { VenueError } from '../venue-error.ts';
import type { OrderRules, OpenInterest, OrderBook, VenueIo } from '../venue.ts';

/** Venues change them rarely, and announce it. */
const RULES_KEPT_MS = 3_600_000;
/** Several parts of a screen ask for one book (real ms). */
const BOOK_KEPT_MS = 3_000;

/** Moves slowly (ms of the clock). */
const INTEREST_KEPT_MS = 60_000;

/** What a person's plan needs of a venue, asked when it is wanted. Rejects with UserError in the venue's words. */
export interface VenueFacts {
  /**
   * `at`: venue-corrected time of the answer. Where the venue fails the last ones that it said stand in, and `at` is when it was first
   * heard to. `asOf` a moment: those that were known then.
   */
  orderRules(id: InstrumentId, asOf?: AsOf): Promise<{ readonly rules: OrderRules; readonly at: number }>;
  book(id: InstrumentId): Promise<{ readonly book: OrderBook; readonly at: number }>;
  /** Null where the venue's polls bring it, or it has none. */
  openInterest(id: InstrumentId): Promise<{ readonly openInterest: OpenInterest; readonly at: number } | null>;
}

export interface VenueFactsOptions {
  readonly clock: Clock;
  readonly feeds: ReadonlyMap<VenueId, Pick<Feed, 'venue' | 'settings' | 'ask' | 'now'>>;
  /** Keeps order rules with every version of before. */
  readonly store: Pick<HistoryStore, 'recordOrderRules' | 'orderRules'>;
  readonly reporter: Pick<Reporter, 'guard'>;
}

interface Answer<T> {
  readonly value: T;
  readonly at: number;
  readonly askedAt: number;
}

export function createVenueFacts({ clock, feeds, store, reporter }: VenueFactsOptions): VenueFacts {
  function kept<T>(
    keptMs: number,
    fallBack: boolean,
    load: (feed: Pick<Feed, 'venue'>, io: VenueIo, symbol: string) => Promise<T>,
    keep: (id: InstrumentId, value: T, at: number) => Promise<unknown> = () => Promise.resolve(),
  ) {
    const answers = new Map<InstrumentId, Answer<T>>();
    const loading = new Map<InstrumentId, Promise<Answer<T>>>();

    async function ask(id: InstrumentId): Promise<Answer<T>> {
      const feed = feeds.get(venueOf(id));
      if (!feed) throw new UserError('not-found', `The venue of ${id} is not known here.`);
      if (!feed.settings().enabled) throw new UserError('bad-input', `${feed.venue.name} is switched off.`);
      const askedAt = clock.monotonic();
      try {
        const value = await feed.ask((io) => load(feed, io, id.slice(feed.venue.id.length + 1)));
        const answer = { value, at: Math.round(feed.now()), askedAt };
        answers.set(id, answer);
        await keep(id, value, answer.at);
        return answer;
      } catch (error) {
        if (error instanceof VenueError) throw new UserError('busy', error.user);
        throw error;
      }
    }
    return async (id: InstrumentId): Promise<Answer<T>> => {
      const old = answers.get(id);
      if (old && clock.monotonic() - old.askedAt < keptMs) return old;
      if (!fallBack) answers.delete(id);
      const asked = loading.get(id) ?? ask(id).finally(() => loading.delete(id));
      loading.set(id, asked);
      try {
        return await asked;
      } catch (error) {
        if (old && fallBack) return old;
        throw error;
      }
    };
  }

  const rules = kept(
    RULES_KEPT_MS,
    true,
    ({ venue }, io, symbol) => venue.orderRules(io, symbol),
    (id, said, at) => reporter.guard('record order rules', () => store.recordOrderRules(id, said, at)),
  );
  const book = kept(BOOK_KEPT_MS * clock.speed, false, ({ venue }, io, symbol) => venue.book(io, symbol));
  const interest = kept(INTEREST_KEPT_MS, false, async ({ venue }, io, symbol) => (await venue.openInterest?.(io, symbol)) ?? null);
  return {
    async orderRules(id, asOf = null) {
      if (asOf !== null) {
        const then = await store.orderRules(id, asOf);
        if (then === null) throw new UserError('not-found', `What the venue demanded of orders in ${id} then was not recorded.`);
        return { rules: then.rules, at: then.learntAt };
      }
      try {
        const { value, at } = await rules(id);
        return { rules: value, at };
      } catch (error) {
        const stored = await store.orderRules(id);
        if (stored === null) throw error;
        return { rules: stored.rules, at: stored.learntAt };
      }
    },
    async book(id) {
      const { value, at } = await book(id);
      return { book: value, at };
    },
    async openInterest(id) {
      if (feeds.get(venueOf(id))?.venue.openInterest === undefined) return null;
      const { value, at } = await interest(id);
      return value === null ? null : { openInterest: value, at };
    },
  };
}
