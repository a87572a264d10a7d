import { type InstrumentId, type VenueId, venueOf } from '#domain/instrument.ts';
import { HOUR_MS } from '#domain/time.ts';
import { toVenueError } from './classify.ts';
import type { Feed } from './feed.ts';
import type { Reporter } from '../reporter.ts';
import type { Clock } from '../ports/clock.ts';
import type { HistoryStore } from '../ports/history.ts';
import type { Log } from '../ports/log.ts';
import type { VenueRequest } from '../venue.ts';
import { VenueError } from '../venue-error.ts';

/** Order rules of an instrument are looked at again after so long (clock ms): no quicker than venues read their lists. */
const EVERY_MS = HOUR_MS;
/** Instruments of one tick: the store writes beside the polls. */
const A_TICK = 50;

export interface ListedRulesOptions {
  readonly clock: Clock;
  readonly feeds: ReadonlyMap<VenueId, Pick<Feed, 'venue' | 'settings' | 'now' | 'answers'>>;
  readonly store: Pick<HistoryStore, 'recordOrderRules'>;
  readonly reporter: Pick<Reporter, 'guard'>;
  readonly log: Log;
}

/** Keeps the order rules of what is watched where the venue has them in the lists that its polls read anyway: nothing is asked for them. */
export interface ListedRules {
  /** To be called on every tick with what is watched. */
  serve(ids: ReadonlySet<InstrumentId>): void;
  /** Resolves when what is under way is stored. */
  done(): Promise<void>;
}

export function createListedRules({ clock, feeds, store, reporter, log }: ListedRulesOptions): ListedRules {
  /** Monotonic: when they were looked at last; of a venue: when it wanted to ask for more. */
  const lookedAt = new Map<InstrumentId, number>();
  const askedMore = new Map<VenueId, number>();
  let working: Promise<void> | null = null;

  const isDue = (at: number | undefined): boolean => at === undefined || clock.monotonic() - at >= EVERY_MS;
  async function keep(id: InstrumentId, feed: Pick<Feed, 'venue' | 'now'>): Promise<void> {
    const { venue } = feed;
    lookedAt.set(id, clock.monotonic());
    const asked: string[] = [];
    const request = ({ path }: VenueRequest): Promise<never> => {
      asked.push(path);
      return Promise.reject(new VenueError('cancelled', 'Nothing is asked for this.', 'order rules from lists alone'));
    };
    try {
      const rules = await venue.orderRules({ now: feed.now(), request }, id.slice(venue.id.length + 1));
      await reporter.guard('record order rules', () => store.recordOrderRules(id, rules, Math.round(feed.now())));
    } catch (thrown) {
      if (asked.length > 0) askedMore.set(venue.id, clock.monotonic());
      else log.write('info', venue.id, `order rules of ${id}: ${toVenueError(venue.name, thrown).message}`);
    }
  }
  async function work(ids: readonly InstrumentId[]): Promise<void> {
    for (const id of ids) {
      const feed = feeds.get(venueOf(id));
      if (feed !== undefined && isDue(askedMore.get(feed.venue.id))) await keep(id, feed);
    }
  }
  return {
    serve(ids) {
      if (working !== null) return;
      const due: InstrumentId[] = [];
      for (const id of ids) {
        const venue = venueOf(id);
        if (isDue(lookedAt.get(id)) && isDue(askedMore.get(venue)) && feeds.get(venue)?.answers() === true) due.push(id);
        if (due.length === A_TICK) break;
      }
      if (due.length === 0) return;
      working = work(due).finally(() => {
        working = null;
      });
    },
    async done() {
      await working;
    },
  };
}
