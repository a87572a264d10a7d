import type { InstrumentId, VenueId } from '#domain/instrument.ts';
import { MARKET_EVENTS, type MarketEvent } from '#domain/market-events.ts';
import { MINUTE_MS } from '#domain/time.ts';
import type { Listings } from '../../listings.ts';
import type { Clock } from '../../ports/clock.ts';
import type { HistoryStore } from '../../ports/history.ts';
import type { Reporter } from '../../reporter.ts';
import type { AlertManners, AlertRule } from '../../settings.ts';
import type { AlertNews } from './alert-news.ts';
import { createMarketWatch, type Happened, happenedIn } from './market-events.ts';
import { USUAL_TELLING } from './rule-terms.ts';

/** The history's log is looked at so often (ms); an entry may come into it that much later than its time. */
const LOOK_MS = MINUTE_MS;
const LATE_MS = 5 * MINUTE_MS;

const NAMES: Readonly<Record<MarketEvent, string>> = {
  interval: 'interval changed',
  cap: 'cap changed',
  listing: 'listed',
  delisting: 'delisted',
  'venue-down': 'does not answer',
  'frozen-index': 'index frozen',
};

export interface EventRulesOptions {
  readonly clock: Clock;
  readonly store: Pick<HistoryStore, 'events'>;
  readonly listings: Pick<Listings, 'ofVenue' | 'all'>;
  readonly now: (id: InstrumentId) => number;
  readonly manners: () => AlertManners;
  readonly follows: (id: InstrumentId) => boolean;
  readonly news: Pick<AlertNews, 'happened'>;
  readonly reporter: Pick<Reporter, 'failed'>;
  /** Their log has grown. */
  readonly onChange: () => void;
}

/** Those that are switched on, as rules without conditions. */
export function eventRulesOf({
  events = {},
}: AlertManners): { readonly event: MarketEvent; readonly of: 'followed' | 'all'; readonly rule: AlertRule }[] {
  return MARKET_EVENTS.flatMap((event) => {
    const terms = events[event];
    if (terms === undefined) return [];
    const tells = { ...USUAL_TELLING, severity: terms.severity };
    const asks = { on: { list: '' }, conditions: [], k: 1, enabled: true, since: 0 };
    return [{ event, of: terms.of, rule: { id: `event ${event}`, name: NAMES[event], ...asks, tells } }];
  });
}

/** What happens to the market itself, told from the moment at which it was switched on or the app began. */
export function createEventRules(options: EventRulesOptions) {
  const { clock, store, listings, now, manners, follows, news, reporter, onChange } = options;
  const watch = createMarketWatch(listings, now);
  /** Since when each is on. */
  const since = new Map<MarketEvent, number>();
  let lookedAt = clock.now();
  let working: Promise<void> = Promise.resolve();

  function arrange(): void {
    const { events = {} } = manners();
    for (const event of MARKET_EVENTS) {
      if (events[event] !== undefined) {
        if (!since.has(event)) since.set(event, clock.now());
      } else if (since.delete(event)) watch.forget(event);
    }
  }
  /** One after the other, in the order in which it was found. */
  function tell(found: readonly Happened[]): void {
    for (const { event, of, rule } of eventRulesOf(manners())) {
      const from = since.get(event);
      if (from === undefined) continue;
      const own = found.filter(
        (one) => one.event === event && one.at > from && (of === 'all' || event === 'venue-down' || follows(one.id)),
      );
      if (own.length === 0) continue;
      working = working.then(async () => {
        if (await news.happened(rule, own)) onChange();
      });
    }
  }
  async function look(from: number): Promise<void> {
    try {
      tell(happenedIn(await store.events(from - LATE_MS, clock.now())));
    } catch (error) {
      reporter.failed('read what happened to the market', error);
    }
  }

  return {
    arrange,
    polled(venue: VenueId, whole: boolean): void {
      if (since.size > 0) tell(watch.polled(venue, whole, new Set(since.keys())));
    },
    tick(): void {
      if (since.size === 0 || Math.abs(clock.now() - lookedAt) < LOOK_MS) return;
      const from = lookedAt;
      lookedAt = clock.now();
      working = working.then(() => look(from));
    },
    stop: () => working,
  };
}
