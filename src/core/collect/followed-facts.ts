import { UserError } from '#bridge/errors.ts';
import { type InstrumentId, type VenueId, venueOf } from '#domain/instrument.ts';
import { MINUTE_MS } from '#domain/time.ts';
import { BOOK_STALE_MS, bookAt, orderBookOf } from '../book-ladder.ts';
import { inWords } from '../in-words.ts';
import type { Clock } from '../ports/clock.ts';
import type { HistoryStore } from '../ports/history.ts';
import type { Venue } from '../venue.ts';
import type { Beside } from './follow.ts';
import { type Planning, refusalIn } from './planned.ts';
import type { VenueFacts } from './venue-facts.ts';

/** A person who planned with an instrument so long ago (real ms) has closed the calculator: an open one asks every few seconds. */
const PLANNED_MS = 20_000;
/** Clocks of two processes agree to this (ms). */
const CLOCKS_APART_MS = 10 * MINUTE_MS;
/** A collector that runs has brought it by then (real ms). */
const PATIENCE_MS = 30_000;

export interface FollowedFactsOptions {
  readonly clock: Clock;
  readonly store: Pick<HistoryStore, 'books' | 'orderRules' | 'events'>;
  readonly venues: readonly Venue[];
  readonly beside: Pick<Beside, 'sentence' | 'records'>;
  readonly isOn: (venue: VenueId) => boolean;
}

/** What a person's plan needs of a venue, where another process asks venues: it is asked for there, and read from the store once it came. */
export interface FollowedFacts extends VenueFacts {
  /** Instruments that a person plans with now. */
  plan(): readonly InstrumentId[];
}

export function createFollowedFacts({ clock, store, venues, beside, isOn }: FollowedFactsOptions): FollowedFacts {
  /** When it was wanted first and last (monotonic), since it was last not wanted. */
  const wanted = new Map<InstrumentId, { readonly first: number; readonly last: number }>();
  const isWanted = ({ last }: { readonly last: number }): boolean => clock.monotonic() - last <= PLANNED_MS * clock.speed;

  function want(id: InstrumentId): void {
    const venue = venues.find((one) => one.id === venueOf(id));
    if (venue === undefined) throw new UserError('not-found', `The venue of ${id} is not known here.`);
    if (!isOn(venue.id)) throw new UserError('bad-input', `${venue.name} is switched off.`);
    const before = wanted.get(id);
    const now = clock.monotonic();
    const isNew = before === undefined || !isWanted(before);
    wanted.set(id, { first: isNew ? now : before.first, last: now });
  }
  /** What the exchange answered the collector, since a little before it was wanted: the two clocks need not agree. */
  async function refusal(what: Planning, id: InstrumentId, waitedMs: number): Promise<string | null> {
    const events = await store.events(Math.max(0, clock.now() - waitedMs - CLOCKS_APART_MS), Number.MAX_SAFE_INTEGER);
    const told = events.findLast(({ kind, instrument, text }) => kind === 'refused' && instrument === id && refusalIn(what, text) !== null);
    return told === undefined ? null : refusalIn(what, told.text);
  }
  /** Why it is not there yet. */
  async function awaited(what: string, id: InstrumentId, planning: Planning | null): Promise<UserError> {
    if (!beside.records()) return new UserError('busy', beside.sentence());
    const waitedMs = clock.monotonic() - (wanted.get(id)?.first ?? clock.monotonic());
    const refused = planning === null ? null : await refusal(planning, id, waitedMs);
    if (refused !== null) return new UserError('busy', `${refused} The collector that records this folder asks again every few seconds.`);
    const forMs = waitedMs / clock.speed;
    const asked = `${what} of ${id} is asked of the collector that records this folder`;
    return new UserError(
      'busy',
      forMs < PATIENCE_MS
        ? `${asked}; it comes within a few seconds.`
        : `${asked}, which has not brought it for ${inWords(forMs)}: see in Venues whether the exchange answers, and in logs/collector.log why it does not.`,
    );
  }
  return {
    plan: () => [...wanted].filter(([, one]) => isWanted(one)).map(([id]) => id),
    async orderRules(id, asOf = null) {
      const known = await store.orderRules(id, asOf);
      // Open positions ask for no more than these; who plans asks for the book too, by which the collector renews them.
      if (known !== null) return { rules: known.rules, at: known.learntAt };
      if (asOf === null) {
        want(id);
        throw await awaited('What the venue demands of orders', id, 'order rules');
      }
      throw new UserError('not-found', `What the venue demanded of orders in ${id} then was not recorded.`);
    },
    async book(id) {
      want(id);
      const columns = await store.books(id, clock.now() - BOOK_STALE_MS, Number.MAX_SAFE_INTEGER);
      const at = columns.at.at(-1);
      if (at === undefined) throw await awaited('The order book', id, 'order book');
      return { book: { ...orderBookOf(bookAt(columns, columns.at.length - 1)), at }, at };
    },
    async openInterest(id) {
      if (venues.find((one) => one.id === venueOf(id))?.openInterest === undefined) return null;
      want(id);
      // Polls of what is watched bring it.
      throw await awaited('Open interest', id, null);
    },
  };
}
