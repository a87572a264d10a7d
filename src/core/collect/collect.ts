import type { VenueHealth } from '#bridge/contract.ts';
import { type Instrument, type InstrumentId, venueOf, type VenueId } from '#domain/instrument.ts';
import { LONGEST_INTERVAL_H } from '#domain/interval.ts';
import { accruesContinuously } from '#domain/metrics/venue-terms.ts';
import { HOUR_MS } from '#domain/time.ts';
import type { Events } from '../events.ts';
import { createReporter, type Reporter } from '../reporter.ts';
import { createInTurn } from '../in-turn.ts';
import { createListings, type Listings, unknownInstrument } from '../listings.ts';
import type { Observed } from '../observed.ts';
import type { Ports } from '../ports.ts';
import type { Venue } from '../venue.ts';
import { createHeartbeat } from './heartbeat.ts';
import { createFeed, type Feed } from './feed.ts';
import { proxyOf } from '../default-settings.ts';
import { createHosts } from './host.ts';
import { createDueList } from './due.ts';
import { createListedRules } from './listed-rules.ts';
import { createPlanned } from './planned.ts';
import { createRecorder } from './recorder.ts';
import { createVenueClocks } from './venue-clock.ts';
import { createVenueFacts, type VenueFacts } from './venue-facts.ts';

/** What collecting needs of the world outside: nothing that a screen has. */
export type CollectPorts = Omit<
  Ports,
  | 'notifier'
  | 'badge'
  | 'machine'
  | 'updates'
  | 'files'
  | 'filesIn'
  | 'tableBytes'
  | 'nextTurn'
  | 'workspaces'
  | 'person'
  | 'passwords'
  | 'webhookSecret'
  | 'tellingRole'
  | 'queries'
  | 'storage'
  | 'studies'
  | 'importFiles'
>;

export interface CollectOptions {
  readonly venues: readonly Venue[];
  /** Base URLs that win over settings and the venue's own: PERPSCOPE_VENUE_URL_<ID>, the demo market. */
  readonly venueUrls: Readonly<Record<VenueId, string>>;
  /** Those of what came before it, where this one takes over. */
  readonly listings?: Listings;
  readonly reporter?: Reporter;
}

/** What is to be collected beyond the newest values of everything. */
export interface WatchSet {
  /** Every observation of these is kept, and their history is fetched and kept up. */
  readonly ids: ReadonlySet<InstrumentId>;
  /** History of these is kept up too. */
  readonly also: readonly InstrumentId[];
  /** History of these is wanted before that of the others. */
  readonly first: ReadonlySet<InstrumentId>;
  /** A person in another process plans with these: their order books and order rules are wanted in the store, fresh. */
  readonly plan: ReadonlySet<InstrumentId>;
}

/** Venues in, store out: a watch set says what, an event stream says what came of it. It runs with and without a screen. */
export interface Collect extends Observed {
  readonly feeds: ReadonlyMap<VenueId, Feed>;
  readonly reporter: Reporter;
  /** What venues say where a person plans. */
  readonly facts: VenueFacts;
  /** In the place of what was to be collected before. */
  readonly watch: (set: WatchSet) => void;
  /** Reads what is stored of earlier runs; rejects where that fails. */
  readonly load: () => Promise<void>;
  readonly start: () => void;
  /** Ends requests in flight; resolves when what they brought is stored. */
  readonly stop: () => Promise<void>;
  readonly health: () => VenueHealth[];
  /** Why nothing can be asked of venues here, for the person; null: it can. */
  readonly refusal: () => string | null;
  /** UTC as most venues and this machine have it. */
  readonly utc: () => number;
  /** All that the person is to know; `ofStore`: what the store has just said. */
  readonly notices: (ofStore?: readonly string[]) => readonly string[];
}

/** The last three settlements lie within it, whatever the interval. */
const KEYS_BACK_MS = 4 * LONGEST_INTERVAL_H * HOUR_MS;

export const NOTHING_WATCHED: WatchSet = { ids: new Set(), also: [], first: new Set(), plan: new Set() };

export function createCollect(ports: CollectPorts, events: Events, options: CollectOptions): Collect {
  const { clock, spending, store, settings, log } = ports;
  const { listings = createListings() } = options;
  const clocks = createVenueClocks(clock, (venue) => feeds.get(venue)?.address() ?? venue);
  const dues = createDueList();
  let wanted = NOTHING_WATCHED;
  let started = false;
  const reading = createInTurn();
  /** As the store said last. */
  let ofStore: readonly string[] = [];

  const { reporter = createReporter({ store, log, onChange: () => events.emit('notices', null) }) } = options;
  const accrual = new Map(options.venues.map(({ id, formula }) => [id, accruesContinuously(formula)]));
  const accrues = (venue: VenueId): boolean => accrual.get(venue) === true;
  const recorder = createRecorder({ store, listings, reporter, watched: () => wanted.ids, accrues, onReplaced });
  const hostFor = createHosts({ clock, spending, random: () => ports.random(), onSilence: () => events.emit('health', null) });
  const feeds = new Map<VenueId, Feed>(
    options.venues.map((venue) => [
      venue.id,
      createFeed({
        venue,
        host: hostFor(venue.host),
        filesHost: venue.files === undefined ? null : hostFor(venue.files.host),
        ports,
        urlOverride: options.venueUrls[venue.id],
        clocks,
        listings,
        recorder,
        reporter,
        dues,
        events,
        followed: () => wanted.ids,
      }),
    ]),
  );
  const facts = createVenueFacts({ clock, feeds, store, reporter });
  const planned = createPlanned({ clock, facts, store, reporter, log });
  const listedRules = createListedRules({ clock, feeds, store, reporter, log });
  const heartbeat = createHeartbeat({
    clock,
    store,
    listings,
    reporter,
    log,
    events,
    feeds,
    followed: () => wanted.ids,
    wantAll,
    async tend() {
      try {
        ofStore = await recorder.tend();
      } catch (error) {
        reporter.failed('look after the files', error);
      }
    },
    limits: () => settings.current.limits,
    backups: () => settings.current.backups,
    onJump,
  });

  function want(id: InstrumentId): void {
    const listing = listings.get(id);
    if (listing) feeds.get(venueOf(id))?.want(listing.instrument, wanted.first.has(id));
  }
  const all = ({ ids, also }: WatchSet): Set<InstrumentId> => new Set([...ids, ...also]);
  function wantAll(): void {
    all(wanted).forEach(want);
  }
  /** Which interval is in force is told from settlements too. */
  function readKeys(id: InstrumentId): void {
    reading.add(async () => {
      const now = clocks.now(venueOf(id));
      try {
        const [{ key }, spans] = await Promise.all([store.settled(id, now - KEYS_BACK_MS, now), store.spans(id, 'settled')]);
        const newest = key.at(-1) ?? Infinity;
        recorder.intervals.settled(id, key, spans.find(({ from, to }) => from < newest && newest <= to)?.to);
      } catch (error) {
        reporter.failed(`read the last settlements of ${id}`, error);
      }
    });
  }
  /** What was fetched into the file before may be missing in this one. */
  function onReplaced(): void {
    for (const feed of feeds.values()) feed.reload();
    wantAll();
    for (const instrument of wanted.ids) events.emit('stored', { instrument, recent: true, changedFrom: 0 });
  }
  function onJump(missedMs: number): void {
    clocks.forget();
    const minutes = Math.round(Math.abs(missedMs) / 60_000);
    const text = missedMs < 0 ? `the clock was set back by ${minutes} min` : `no data for ${minutes} min: asleep, or the clock was set`;
    log.write('warn', 'app', text);
    for (const [id, feed] of feeds) {
      if (!feed.settings().enabled) continue;
      reporter.event({ at: clock.now(), kind: 'sleep', venue: id, instrument: null, text });
      feed.wake();
    }
    wantAll();
  }

  events.on('polled', ({ venue }) => {
    if (listings.polls(venue) === 1) [...wanted.ids].filter((id) => venueOf(id) === venue).forEach(want);
  });
  events.on('settings', ({ before, next }) => {
    for (const [id, feed] of feeds) {
      const [old, now] = [before.venues[id], next.venues[id]];
      const ways = [before, next].map((all) => proxyOf(all, id));
      const fresh = old?.url !== now?.url || ways[0] !== ways[1];
      if (fresh || JSON.stringify(old) !== JSON.stringify(now)) feed.reconfigure(fresh);
    }
  });
  events.on('stored', ({ instrument }) => readKeys(instrument));
  events.on('tick', () => {
    planned.serve(wanted.plan);
    listedRules.serve(wanted.ids);
  });

  return {
    listings,
    feeds,
    reporter,
    facts,
    venues: options.venues.map(({ id }) => id),
    now: (id) => clocks.now(venueOf(id)),
    pollMs: (venue) => (feeds.get(venue)?.settings().pollSeconds ?? 30) * 1000,
    book: (id) => feeds.get(venueOf(id))?.book(id) ?? null,
    awaits: (id, t) => dues.isDue(id, t) || (feeds.get(venueOf(id))?.pollingSince(t) ?? false),
    held: (id) => feeds.get(venueOf(id))?.held() ?? false,
    instrument: (id): Instrument => listings.get(id)?.instrument ?? unknownInstrument(id),
    formulaOf: (venue) => feeds.get(venue)?.venue.formula ?? null,
    venueName: (id) => feeds.get(venueOf(id))?.venue.name ?? venueOf(id),
    watch(set) {
      const before = all(wanted);
      wanted = set;
      const kept = all(set);
      for (const feed of feeds.values()) feed.keep(kept, set.first);
      if (!started) return;
      for (const id of kept) {
        if (before.has(id)) continue;
        want(id);
        readKeys(id);
      }
    },
    async load() {
      const [instruments, latest, bans] = await Promise.all([store.instruments(), store.latest(), store.bans()]);
      listings.load(instruments, latest);
      for (const { instrument: one, snapshot, observedAt } of latest) recorder.intervals.load(one.id, snapshot, observedAt);
      for (const { at, venue: address } of bans) for (const feed of feeds.values()) if (feed.address() === address) feed.ban(at);
    },
    start() {
      if (started) return;
      started = true;
      wantAll();
      all(wanted).forEach(readKeys);
      for (const feed of feeds.values()) feed.start();
      heartbeat.start();
    },
    async stop() {
      heartbeat.stop();
      await Promise.all([...feeds.values()].map((feed) => feed.stop()));
      await Promise.all([heartbeat.done(), planned.done(), listedRules.done(), reading.end()]);
    },
    health: () => [...feeds.values()].map((feed) => feed.health()),
    refusal: () => null,
    utc: () => clock.now() + clocks.wallOffsetMs(),
    notices(said) {
      ofStore = said ?? ofStore;
      return [...new Set([...ofStore, ...settings.notices, ...reporter.notices()])];
    },
  };
}
