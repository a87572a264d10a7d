import type { VenueId } from '#domain/instrument.ts';
import type { Events } from '../events.ts';
import { createReporter } from '../reporter.ts';
import { createListings } from '../listings.ts';
import { type Collect, type CollectOptions, type CollectPorts, createCollect, type WatchSet } from './collect.ts';
import type { Feed } from './feed.ts';
import { type Beside, createFollower } from './follow.ts';

const OVER = 'The collector that recorded this folder has ended. This window records by itself now; what was missed meanwhile is fetched.';

/** Follows a collector for as long as it records, then collects in its place: for everything else one and the same. */
export function createSuccession(ports: CollectPorts, events: Events, options: CollectOptions, beside: Beside): Collect {
  const { store, log } = ports;
  const listings = createListings();
  const reporter = createReporter({ store, log, onChange: () => events.emit('notices', null) });
  const feeds = new Map<VenueId, Feed>();
  let set: WatchSet | null = null;
  let stopped = false;
  let handing: Promise<void> | null = null;
  const follower = createFollower(ports, events, {
    venues: options.venues,
    beside,
    listings,
    reporter,
    onOver() {
      handing ??= handOver();
    },
  });
  let current = follower;

  async function handOver(): Promise<void> {
    const collect = createCollect(ports, events, { ...options, listings, reporter });
    for (const [id, feed] of collect.feeds) feeds.set(id, feed);
    current = collect;
    reporter.notice(OVER);
    if (set !== null) collect.watch(set);
    try {
      await collect.load();
    } catch (error) {
      reporter.failed('read what is stored', error);
    }
    if (stopped) return;
    collect.start();
    events.emit('health', null);
    // Not awaited by its own work: its timer ends here.
    void follower.stop();
  }

  return {
    listings,
    feeds,
    reporter,
    facts: {
      orderRules: (...input) => current.facts.orderRules(...input),
      book: (id) => current.facts.book(id),
      openInterest: (id) => current.facts.openInterest(id),
    },
    venues: follower.venues,
    now: (id) => current.now(id),
    pollMs: (venue) => current.pollMs(venue),
    book: (id) => current.book(id),
    awaits: (id, t) => current.awaits(id, t),
    held: (id) => current.held(id),
    instrument: (id) => current.instrument(id),
    formulaOf: follower.formulaOf,
    venueName: (id) => current.venueName(id),
    refusal: () => current.refusal(),
    watch(next) {
      set = next;
      current.watch(next);
    },
    load: () => current.load(),
    start: () => current.start(),
    async stop() {
      stopped = true;
      await follower.stop();
      await handing;
      if (current !== follower) await current.stop();
    },
    health: () => current.health(),
    utc: () => current.utc(),
    notices: (said) => current.notices(said),
  };
}
