import type { VenueHealth, VenueTest } from '#bridge/contract.ts';
import { UserError } from '#bridge/errors.ts';
import { type Instrument, type InstrumentId, instrumentId, venueOf } from '#domain/instrument.ts';
import { dueNext } from '../accrual.ts';
import { createBackfill } from './backfill.ts';
import { byFiles, filesOf } from './by-files.ts';
import type { ReadBook } from '../book-ladder.ts';
import { createBooks } from './books.ts';
import { createInterests } from './interests.ts';
import { LONGEST_BAN_MS, toVenueError } from './classify.ts';
import { fromHistory } from '../from-history.ts';
import { newVenueSettings, proxyOf } from '../default-settings.ts';
import type { DueList } from './due.ts';
import type { Events } from '../events.ts';
import type { Reporter } from '../reporter.ts';
import { createFeedHealth } from './feed-health.ts';
import { lackSentence, partialSentence } from './feed-state.ts';
import { isListed, type Listings } from '../listings.ts';
import type { Host } from './host.ts';
import { createPoller, type PollTimes } from './poller.ts';
import type { Canceller } from '../ports/clock.ts';
import type { CollectPorts } from './collect.ts';
import type { Recorder } from './recorder.ts';
import type { VenueSettings } from '../settings.ts';
import type { VenueClocks } from './venue-clock.ts';
import { VenueError } from '../venue-error.ts';
import { createVenueLink } from './venue-link.ts';
import { testVenue } from './venue-test.ts';
import { createStatedSettlements } from './stated-settlements.ts';
import { lackingInterest, withInterests } from './with-interests.ts';
import { type VenuePoll, type Venue, type VenueIo, withOwnPremium } from '../venue.ts';

/** After waking, venues that tell the time go first, so that the others are stamped by it. */
const WAKE_MS = 4_000;
const WAKE_LATER_MS = 4_000;
/** After a clock jump without an answer the wall is trusted again. */
const HELD_MS = 60_000;

export interface FeedOptions {
  readonly venue: Venue;
  /** What it shares with the other markets of its exchange. */
  readonly host: Host;
  /** Of its public files, where it has some. */
  readonly filesHost: Host | null;
  readonly ports: CollectPorts;
  readonly urlOverride: string | undefined;
  readonly clocks: VenueClocks;
  readonly listings: Listings;
  readonly recorder: Recorder;
  readonly reporter: Reporter;
  readonly dues: DueList;
  readonly events: Events;
  /** Instruments whose every observation is kept. */
  followed(): ReadonlySet<InstrumentId>;
}

/** Everything about one venue: its poll, its history, its health. */
export interface Feed {
  readonly venue: Venue;
  settings(): VenueSettings;
  start(): void;
  stop(): Promise<void>;
  /** Called on every tick. */
  pump(): void;
  /** The machine slept or the clock jumped. */
  wake(): void;
  /** `fresh`: the address or the proxy changed, so what the old one asked for is forgotten. */
  reconfigure(fresh: boolean): void;
  /**
   * Asks again now. Returns how long (clock ms) the venue wants silence, 0 when it is being asked. `anyway`: the person asks
   * before the silence is over; a ban is forgotten for later starts too.
   */
  retry(anyway: boolean): number;
  /** A ban of an earlier run that ends at `at` (wall), of the address that is asked. */
  ban(at: number): void;
  /** What is asked, as bans and clocks are kept by it. */
  address(): string;
  /** A person says that what the newest answer lacked is gone; the venue is asked again at once. False where nothing is missing. */
  confirmMissing(): boolean;
  /** History up to now is wanted. */
  want(instrument: Instrument, isFirst: boolean): void;
  keep(ids: ReadonlySet<InstrumentId>, first: ReadonlySet<InstrumentId>): void;
  /** A person wants everything of it that is not there, now. */
  fill(instrument: Instrument): void;
  stopFilling(id: InstrumentId): void;
  /** The history is another one now. */
  reload(): void;
  health(): VenueHealth;
  /** Asks the venue for a person who waits. Rejects with VenueError. */
  ask<T>(work: (io: VenueIo) => Promise<T>): Promise<T>;
  /** Asks it once, on or off, and says what was seen; nothing of the answer is kept. */
  test(): Promise<VenueTest>;
  /** The instrument of a symbol, by the venue's public files where it has listed nothing yet. Rejects with UserError. */
  find(symbol: string): Promise<Instrument>;
  /** The newest recorded order book of this run. */
  book(instrument: InstrumentId): ReadBook | null;
  /** It is on, and its newest poll was answered. */
  answers(): boolean;
  /** Answered or failed at least once in this run, or is off. */
  heard(): boolean;
  /** A poll that was asked for before `t` (venue time) is still under way. */
  pollingSince(t: number): boolean;
  /** The venue's time is in doubt since a jump. */
  held(): boolean;
  now(): number;
}

export function createFeed(options: FeedOptions): Feed {
  const { venue, host, ports, clocks, listings, recorder, reporter, dues, events } = options;
  const { clock, http, store, log } = ports;
  const random = (): number => ports.random();
  const newCanceller = (): Canceller => ports.newCanceller();
  const { id, name } = venue;
  /** What is wrong with answers that are good otherwise. */
  let flaw: string | null = null;
  /** What the rates of the newest answer had to do without. */
  let notes: readonly string[] = [];
  /** Listed instruments that the newest answer, which lacked a large part of the market, said nothing of. */
  let missing: readonly Instrument[] = [];
  let jumpedAt = -Infinity;
  let answeredAt = -Infinity;
  /** The venue's time in its last answer. */
  let saidTime: number | null = null;

  const settings = (): VenueSettings => ports.settings.current.venues[id] ?? newVenueSettings;
  const now = (): number => clocks.now(id);
  const pollMs = (): number => settings().pollSeconds * 1000;
  const event = (kind: 'outage' | 'recovered' | 'sleep', text: string): void =>
    reporter.event({ at: now(), kind, venue: id, instrument: null, text });

  /** Of the address: one ban holds for all markets of the host that ask there. */
  const recordBan = (ms: number, text: string, address = link.address()): void =>
    reporter.event({ at: Math.round(clock.now() + ms), kind: 'ban', venue: address, instrument: null, text });

  const link = createVenueLink({
    venue,
    host,
    http,
    now,
    givenUrl: () => options.urlOverride ?? settings().url,
    proxy: () => proxyOf(ports.settings.current, id),
    ...(venue.parts && { parts: () => settings().parts ?? venue.parts?.usual ?? [] }),
    watched: () => [...options.followed()].flatMap((one) => (venueOf(one) === id ? (listings.get(one)?.instrument.symbol ?? []) : [])),
    isOn: () => settings().enabled,
    onBan: (ms, { user }) => recordBan(ms, user),
    onCleared: () => poller.retry(),
  });
  const source = filesOf({
    files: venue.files,
    host: options.filesHost,
    http,
    now,
    givenUrl: () => options.urlOverride ?? settings().filesUrl ?? null,
    proxy: () => proxyOf(ports.settings.current, id),
    isOn: () => settings().enabled,
  });
  const poller = createPoller({
    venue,
    link,
    clock,
    random,
    newCanceller,
    config: () => ({ enabled: settings().enabled, pollMs: pollMs() }),
    onAnswer,
    onFailure(error) {
      log.write('warn', id, error.message, { kind: error.kind });
      event('outage', error.user);
    },
    onRecovery: () => event('recovered', `${name} answers again`),
    onChange: () => events.emit('health', null),
  });
  const answers = (): boolean => settings().enabled && poller.status().okAt !== null && poller.status().failures === 0;
  const backfill = createBackfill({
    venue,
    link,
    source,
    clock,
    store,
    reporter,
    log,
    dues,
    now,
    random,
    newCanceller,
    ready: answers,
    older: () => settings().olderHistory !== false,
    blocked: () => settings().enabled && health.trouble()?.kind === 'blocked',
    onRefused: (rows) => recorder.refuse(id, rows, now()),
    onStored: (instrument, recent, changedFrom) => events.emit('stored', { instrument, recent, changedFrom }),
    onArrived: () => events.emit('arrived', null),
    onChange: () => events.emit('health', null),
  });

  const books = createBooks({
    venue,
    link,
    clock,
    store,
    reporter,
    log,
    now,
    random,
    newCanceller,
    ready: answers,
    watched: () =>
      [...options.followed()].flatMap((one) => {
        const listing = venueOf(one) === id ? listings.get(one) : null;
        return listing !== null && isListed(listing) ? [listing.instrument] : [];
      }),
    sharedBy: () => host.marketsOn(),
    onBook: (instrument) => events.emit('booked', { instrument }),
    onTrouble: () => events.emit('health', null),
  });
  const interests = createInterests({
    venue,
    link,
    clock,
    log,
    now,
    newCanceller,
    ready: answers,
    lacking: () => lacking,
    isWatched: (one) => options.followed().has(one),
    onTrouble: () => events.emit('health', null),
    pollMs,
  });
  const stated = createStatedSettlements({
    venue,
    store,
    reporter,
    now,
    isAskedFor: (one) => options.followed().has(one),
    onRefused: (rows) => recorder.refuse(id, rows, now()),
  });
  const asked = newCanceller();
  /** Of the newest poll. */
  let lacking: ReadonlyMap<InstrumentId, string> = new Map();

  async function onAnswer(poll: VenuePoll, times: PollTimes): Promise<void> {
    if (poll.venueTime !== null && poll.venueTime === saidTime) {
      // From a cache on the way, or a recording: nothing new was observed, so the values keep their time and grow old.
      const when = new Date(saidTime).toISOString().slice(0, 19).replace('T', ' ');
      const sentence = `${name} repeats its answer of ${when} UTC: its rates stand still.`;
      if (flaw !== sentence) log.write('warn', id, sentence);
      flaw = sentence;
      return;
    }
    saidTime = poll.venueTime;
    if (poll.venueTime !== null) clocks.add(id, poll.venueTime, times.askedAt, times.answeredAt);
    answeredAt = times.answeredAt;
    const before = notes;
    notes = poll.notes ?? [];
    for (const note of notes) if (!before.includes(note)) log.write('warn', id, note);
    const { partial } = await recorder.record(venue, withPremium(withInterest(poll)), now(), pollMs());
    missing = partial?.missing ?? [];
    flaw = partial && partialSentence(name, partial);
    reporter.state(`clock of ${id}`, health.clockWords());
    const followed = options.followed();
    for (const { instrument, snapshot } of listings.ofVenue(id)) {
      const next = dueNext(venue.formula, snapshot, now());
      if (next !== null && followed.has(instrument.id)) dues.expect(id, instrument.id, next, now());
    }
    events.emit('polled', { venue: id, whole: flaw === null });
    backfill.pump();
    await stated.take(poll.settled ?? []);
  }

  function withInterest(poll: VenuePoll): VenuePoll {
    if (venue.openInterest === undefined) return poll;
    lacking = lackingInterest(poll, id);
    return lacking.size === 0 ? poll : withInterests(poll, id, (one) => interests.latest(one));
  }
  const withPremium = (poll: VenuePoll): VenuePoll => ({
    ...poll,
    snapshots: poll.snapshots.map((one) => withOwnPremium(one, venue.formula)),
  });
  const health = createFeedHealth({
    venue,
    settings,
    urlOverride: options.urlOverride,
    clock,
    clocks,
    now,
    pollMs,
    link,
    source,
    poller,
    backfill,
    recorder,
    listings,
    flaw: () => flaw,
    lacks: () => lackSentence(name, notes, [interests.trouble(), books.trouble()]),
    missing: () => missing.length,
  });

  const feed: Feed = {
    venue,
    settings,
    now,
    start() {
      poller.start();
      books.start();
      interests.start();
    },
    async stop() {
      asked.abort();
      await Promise.all([poller.stop(), backfill.stop(), books.stop(), interests.stop()]);
    },
    pump: () => backfill.pump(),
    wake() {
      const tellsTime = clocks.offsetMs(id) !== null;
      jumpedAt = clock.monotonic();
      backfill.cancel();
      books.cancel();
      interests.cancel();
      poller.wake(WAKE_MS * clock.speed, tellsTime ? 0 : WAKE_LATER_MS * clock.speed);
    },
    reconfigure(fresh) {
      if (fresh) {
        const left = link.moved();
        if (left?.why.kind === 'banned')
          recordBan(0, `another address of ${name}, or another proxy: the ban was of the one before`, left.address);
        saidTime = null;
      }
      source?.link.moved();
      // What is in flight of the older history ends at once; what is still wanted is planned anew.
      if (settings().olderHistory === false) backfill.cancel();
      if (fresh || !settings().enabled) {
        backfill.cancel();
        books.cancel();
        interests.cancel();
      }
      poller.reconfigure();
      events.emit('health', null);
    },
    retry(anyway) {
      const why = link.silentWhy();
      if (why && why.kind !== 'blocked' && !anyway) return link.silentForMs();
      if (why?.kind === 'banned') recordBan(0, `asked before the ban of ${name} was over, by the person's wish`);
      link.clear();
      poller.askAnew();
      return 0;
    },
    confirmMissing() {
      if (missing.length === 0) return false;
      listings.believe(id, missing);
      // The same answer again, within a second of the first, is judged anew: it lacks nothing now.
      saidTime = null;
      if (link.silentWhy() === null) poller.retry();
      return true;
    },
    ban(at) {
      const ms = at - clock.now();
      if (ms <= link.silentForMs()) return;
      const text = `${name} has banned this address for a while because of too many requests.`;
      // One that ends later was recorded by a clock that ran ahead, or by an earlier version; from now on it ends then.
      if (ms > LONGEST_BAN_MS) recordBan(LONGEST_BAN_MS, text);
      link.silence(Math.min(ms, LONGEST_BAN_MS), new VenueError('banned', text, 'a ban of an earlier run'));
    },
    address: () => link.address(),
    want: (instrument, isFirst) => backfill.want(instrument, now(), isFirst),
    keep: (ids, first) => backfill.keep(ids, first),
    fill: (instrument) => backfill.fill(instrument, now()),
    stopFilling: (id) => backfill.stopFilling(id),
    reload: () => backfill.reload(),
    health: () => health.told(),
    async ask(work) {
      try {
        return await work(link.io('poll', asked.signal));
      } catch (thrown) {
        const error = toVenueError(name, thrown);
        link.note(error);
        throw error;
      }
    },
    test: () =>
      testVenue({ venue, link, url: options.urlOverride ?? settings().url ?? venue.url, clock, newCanceller, stopped: asked.signal }),
    async find(symbol) {
      const known = listings.get(instrumentId(id, symbol));
      if (known !== null) return known.instrument;
      if (!settings().enabled) throw new UserError('bad-input', `${name} is switched off.`);
      if (source === null) throw new UserError('not-found', `${name} lists no ${symbol}, and has no public files to look into.`);
      const found = await byFiles(source, name, symbol, now(), asked.signal);
      await fromHistory(recorder.introduce(found, now(), pollMs()));
      return found;
    },
    book: (instrument) => books.latest(instrument),
    answers,
    heard: () => !settings().enabled || listings.polls(id) > 0 || poller.status().failures > 0,
    pollingSince(t) {
      const { busySince } = poller.status();
      return busySince !== null && now() - (clock.monotonic() - busySince) <= t;
    },
    held: () => answeredAt < jumpedAt && clock.monotonic() - jumpedAt < HELD_MS * clock.speed,
  };
  return feed;
}
