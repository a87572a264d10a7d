import type { VenueHealth } from '#bridge/contract.ts';
import { DEAD_MS } from '#domain/freshness.ts';
import { type InstrumentId, type VenueId, venueOf } from '#domain/instrument.ts';
import type { VenueFormula } from '#domain/metrics/venue-terms.ts';
import { HOUR_MS } from '#domain/time.ts';
import { dueNext } from '../accrual.ts';
import type { Events } from '../events.ts';
import type { Reporter } from '../reporter.ts';
import { isListed, type Listings, unknownInstrument } from '../listings.ts';
import type { Cancel } from '../ports/clock.ts';
import type { Latest } from '../ports/history-facts.ts';
import type { WatchRequest } from '../ports/person.ts';
import type { Venue } from '../venue.ts';
import { newVenueSettings } from '../default-settings.ts';
import { createAging } from './aging.ts';
import { type Collect, type CollectPorts, NOTHING_WATCHED } from './collect.ts';
import { createFollowedBooks } from './followed-books.ts';
import { createFollowedFacts } from './followed-facts.ts';
import { createRefusals, refusedIn } from './refusals.ts';

/** Another process collects into the folder, or none may; this one shows what is recorded. */
export interface Beside {
  /** For the person: who records or why nothing is recorded, and what that means here. */
  sentence(): string;
  /** Another number once something was written; null while what is stored cannot be read yet. */
  version(): Promise<number | null>;
  /** A collector records now, and takes requests. */
  records(): boolean;
  /** Asks the collector for this process, in the place of what was asked before; null: for nothing any more. */
  ask(request: WatchRequest | null): Promise<void>;
  /** True once the collector has ended and this process records in its place: the store writes from then on. */
  takeOver(): Promise<boolean>;
}

export interface FollowOptions {
  readonly venues: readonly Venue[];
  readonly beside: Beside;
  readonly listings: Listings;
  readonly reporter: Reporter;
  readonly onOver: () => void;
}

const TICK_MS = 1_000;
/** How far back it is read what the collector left out: it keeps a word of each once in its run, which may be days long. */
const REFUSALS_MS = 7 * 24 * HOUR_MS;
/** Events of two moments may be written in either order. */
const OVERLAP_MS = 60_000;
/** Ticks between two checks of the store's files, and after which a request is said again. */
const EVERY = { tend: 10, renew: 15 } as const;

/** Collecting as one sees it who only reads: the same events, for what another process brought into the store. */
export function createFollower(ports: CollectPorts, events: Events, options: FollowOptions): Collect {
  const { clock, store, settings, log } = ports;
  const { venues, beside, listings, reporter } = options;
  const names = new Map(venues.map(({ id, name }) => [id, name]));
  let wanted = NOTHING_WATCHED;
  let timer: Cancel | null = null;
  let over = false;
  let loaded = false;
  let ticks = 0;
  /** The tick from which on each check is due again: one that was busy then is made up for. */
  const next = { tend: 0, renew: 0 };
  let working: Promise<void> | null = null;
  let version: number | null = null;
  /** What was learnt up to here is known. */
  let mark: number | null = null;
  let asked = '';
  /** The newest settlement that is stored of an instrument, 0 where there is none. */
  const lastKey = new Map<InstrumentId, number>();
  /** A settlement that was announced, its time being over. */
  const due = new Map<InstrumentId, number>();
  let ofStore: readonly string[] = [];
  const refusals = createRefusals();
  /** When the newest event was that is known. */
  let eventsUpTo: number | null = null;

  const facts = createFollowedFacts({
    clock,
    store,
    venues,
    beside,
    isOn: (venue) => (settings.current.venues[venue] ?? newVenueSettings).enabled,
  });
  const now = (): number => clock.now();
  const pollMs = (venue: VenueId): number => (settings.current.venues[venue] ?? newVenueSettings).pollSeconds * 1000;
  const formulaOf = (venue: VenueId): VenueFormula | null => venues.find(({ id }) => id === venue)?.formula ?? null;
  const books = createFollowedBooks({ store, now: () => clock.now(), onBook: (instrument) => events.emit('booked', { instrument }) });
  const aged = createAging({ listings, now, pollMs });
  const followed = (): InstrumentId[] => [...new Set([...wanted.ids, ...wanted.also])];

  /** The newest values of each venue that has newer ones, as if it had just answered. */
  function take(latest: readonly Latest[]): void {
    for (const { id: venue, formula } of venues) {
      const own = latest.filter(({ instrument }) => instrument.venue === venue);
      const newest = own.reduce((at, { observedAt }) => Math.max(at, observedAt), 0);
      const before = [...listings.ofVenue(venue)].reduce((at, { observedAt }) => Math.max(at, observedAt ?? 0), 0);
      if (own.length === 0 || (newest <= before && listings.polls(venue) > 0)) continue;
      for (const { instrument, snapshot, observedAt } of listings.ofVenue(venue)) {
        const at = dueNext(formula, snapshot, observedAt ?? 0);
        if (at !== null && at <= newest) due.set(instrument.id, at);
      }
      const listed = own.filter(({ delisted }) => !delisted);
      const poll = {
        venueTime: null,
        instruments: listed.map(({ instrument }) => instrument),
        snapshots: listed.map(({ snapshot, observedAt }) => ({ ...snapshot, ageMs: newest - observedAt })),
        refused: [],
      };
      const delisted = own.filter((one) => one.delisted).map(({ instrument }) => instrument);
      listings.apply(venue, poll, newest, { partial: null, delisted, intervals: [] });
      events.emit('polled', { venue, whole: true });
    }
    events.emit('health', null);
  }
  function isDue(what: keyof typeof EVERY): boolean {
    if (ticks < next[what]) return false;
    next[what] = ticks + EVERY[what];
    return true;
  }
  async function readKey(id: InstrumentId): Promise<void> {
    const since = lastKey.get(id) ?? 0;
    const { key } = await store.settled(id, since, Number.MAX_SAFE_INTEGER);
    lastKey.set(id, key.at(-1) ?? since);
  }
  /**
   * What was learnt since the last check: new settlements and prices, later words of old ones, and what is proven. What came before
   * the first check may have come after the rows were read: that check tells of everything.
   */
  async function learn(): Promise<void> {
    const { upTo, changes } = await store.learntSince(mark);
    const changedFrom = new Map<InstrumentId, number>(changes === null ? followed().map((id) => [id, 0]) : []);
    for (const { instrument, from } of changes ?? []) changedFrom.set(instrument, Math.min(from, changedFrom.get(instrument) ?? from));
    const settled = new Set((changes ?? []).filter(({ kind }) => kind === 'settled').map(({ instrument }) => instrument));
    for (const id of followed()) {
      if (changes === null || settled.has(id) || !lastKey.has(id)) await readKey(id);
      const from = changedFrom.get(id);
      if (from !== undefined) events.emit('stored', { instrument: id, recent: true, changedFrom: from });
    }
    mark = upTo;
    events.emit('arrived', null);
  }
  async function readRefusals(): Promise<void> {
    const events = await store.events(eventsUpTo === null ? now() - REFUSALS_MS : eventsUpTo - OVERLAP_MS, Number.MAX_SAFE_INTEGER);
    for (const event of events) {
      eventsUpTo = Math.max(eventsUpTo ?? 0, event.at);
      const row = refusedIn(event);
      if (row !== null) refusals.add(event.venue, row);
    }
  }
  async function load(): Promise<void> {
    const [instruments, latest] = await Promise.all([store.instruments(), store.latest()]);
    listings.load(instruments, latest);
    loaded = true;
  }
  async function check(): Promise<void> {
    if (over) return;
    if (await beside.takeOver()) {
      over = true;
      await withdraw();
      options.onOver();
      return;
    }
    try {
      await read();
    } finally {
      // What is wanted of the collector stands, also while what it records cannot be read.
      if (loaded) await ask();
    }
  }
  async function read(): Promise<void> {
    const written = await beside.version();
    if (written === null) return;
    if (!loaded) await load();
    if (written !== version) {
      take(await store.latest());
      await learn();
      await books.read(followed());
      await readRefusals();
      // What could not be read is read by the next check, whether or not something is written until then.
      version = written;
    }
    if (isDue('tend')) ofStore = (await store.tend()).notices;
  }
  /** Said again before the collector takes this process for gone. */
  async function ask(): Promise<void> {
    const request = { watch: followed().sort(), first: [...wanted.first].sort(), plan: [...facts.plan()].sort() };
    const text = JSON.stringify(request);
    if (!isDue('renew') && text === asked) return;
    await beside.ask(request);
    asked = text;
  }
  /** Who is closed, or records by itself, asks nothing any more. */
  async function withdraw(): Promise<void> {
    try {
      await beside.ask(null);
    } catch (error) {
      log.write('info', 'follow', `the request ends by its time: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  function tick(): void {
    if (over) return;
    timer = clock.after(TICK_MS * clock.speed, tick);
    ticks++;
    events.emit('tick', null);
    const instruments = aged(wanted.ids);
    if (instruments.length > 0) events.emit('aged', { instruments });
    books.age();
    working ??= check()
      .catch((error: unknown) => {
        log.write(
          'warn',
          'follow',
          `what the collector records could not be read: ${error instanceof Error ? error.message : String(error)}`,
        );
      })
      .finally(() => {
        working = null;
      });
  }

  function health(venue: Venue): VenueHealth {
    const { id, name, url } = venue;
    const on = (settings.current.venues[id] ?? newVenueSettings).enabled;
    const okAt = [...listings.ofVenue(id)].reduce((at, { observedAt }) => Math.max(at, observedAt ?? 0), 0);
    const alive = okAt > 0 && now() - okAt <= Math.max(DEAD_MS, 3 * pollMs(id));
    return {
      id,
      name,
      ownUrl: url,
      givenUrl: null,
      // Where none records, none is asked.
      state: !on || !beside.records() ? 'off' : alive ? 'healthy' : okAt === 0 ? 'starting' : 'down',
      okAt: okAt === 0 ? null : okAt,
      latencyMs: null,
      error: on ? beside.sentence() : null,
      nextTryAt: null,
      pollMs: pollMs(id),
      instruments: listings.listedCount(id),
      refused: refusals.count(id),
      refusals: [...refusals.newest(id)],
      missing: 0,
      clockOffsetMs: null,
      aheadMs: 0,
      backfilling: 0,
      filling: [],
      unserved: 0,
      holes: [],
    };
  }

  return {
    listings,
    feeds: new Map(),
    reporter,
    facts,
    venues: venues.map(({ id }) => id),
    now,
    pollMs,
    book: (id) => books.book(id),
    awaits(id, t) {
      const listing = listings.get(id);
      if (!listing || !isListed(listing) || listing.observedAt === null) return false;
      if (listing.observedAt < t) return true;
      const next = dueNext(formulaOf(venueOf(id)), listing.snapshot, listing.observedAt);
      return (due.get(id) === t || next === t) && (lastKey.get(id) ?? 0) < t;
    },
    held: () => false,
    instrument: (id) => listings.get(id)?.instrument ?? unknownInstrument(id),
    formulaOf,
    venueName: (id) => names.get(venueOf(id)) ?? venueOf(id),
    refusal: () => beside.sentence(),
    watch(set) {
      wanted = set;
    },
    async load() {
      // What cannot be read yet is read by the first check that can.
      if ((await beside.version()) !== null) await load();
    },
    start() {
      log.write('info', 'app', 'following a collector', { venues: [...names.keys()] });
      timer ??= clock.after(0, tick);
    },
    async stop() {
      timer?.();
      timer = null;
      await working;
      if (!over) await withdraw();
    },
    health: () => venues.map(health),
    utc: now,
    notices(said) {
      ofStore = said ?? ofStore;
      return [...new Set([beside.sentence(), ...ofStore, ...settings.notices, ...reporter.notices()])];
    },
  };
}
