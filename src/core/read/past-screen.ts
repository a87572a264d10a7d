import type { PastStep } from '#bridge/past.ts';
import type { PastView, WatchRow } from '#bridge/contract.ts';
import { UserError } from '#bridge/errors.ts';
import type { MetricChoice } from '#bridge/settings.ts';
import type { Instrument, InstrumentId } from '#domain/instrument.ts';
import { findMetric } from '#domain/metrics/index.ts';
import { LONGEST_INTERVAL_H } from '#domain/interval.ts';
import type { SignalParams } from '#domain/signal.ts';
import { HOUR_MS, type Span } from '#domain/time.ts';
import type { ReadBook } from '../book-ladder.ts';
import { fromHistory } from '../from-history.ts';
import { createListings, type Listings, unknownInstrument } from '../listings.ts';
import { newestBooks } from '../newest-book.ts';
import type { Observed } from '../observed.ts';
import type { Clock } from '../ports/clock.ts';
import type { HistoryEvent, LearntBy, Thinned } from '../ports/history-facts.ts';
import type { HistoryStore } from '../ports/history.ts';
import type { PersonStore } from '../ports/person.ts';
import type { Reporter } from '../reporter.ts';
import type { Settings } from '../settings.ts';
import type { SharedThread } from '../shared-thread.ts';
import { effectiveParams, watchedIds } from '../watchlists.ts';
import type { ViewedColumn } from '../views.ts';
import { AGAIN_MS } from './held-rows.ts';
import { createKeptRows } from './kept-rows.ts';
import { createMetricColumns, type MetricColumns } from './metrics/metric-columns.ts';
import { chosenOrNull } from './metrics/metric-choice.ts';
import { createMetricSource } from './metrics/metric-source.ts';
import { createPastReads } from './past-reads.ts';
import { listingsOf, type PastListings } from './past-listings.ts';
import { pastHealth } from './past-health.ts';
import { pastRow } from './past-row.ts';
import { type Pinned, readPinned } from './pinned.ts';
import { nextMoment } from './past-step.ts';
import { closedThen } from './reading-as-of.ts';
import { type LiveView, SIGNAL_ROWS, SignalLine, type SignalMarks } from './signal-line.ts';
import { createSignalLines, isSame, type SignalLines } from './signal-lines.ts';
import { momentOf, type Then } from './then.ts';

const DAY_MS = 24 * HOUR_MS;
/** What a row shows at a look: its sparkline. */
const COUNTED_MS = 7 * DAY_MS;
/** Of all other rows it is told that they changed. A settlement says what the hours since the one before it were. */
const COMPARED_MS = LONGEST_INTERVAL_H * HOUR_MS + 2 * AGAIN_MS;
/** Rows that one look reads. */
const MOST_BYTES = 16 * 2 ** 20;

export interface PastScreenOptions extends Pick<Observed, 'venues' | 'pollMs' | 'formulaOf' | 'venueName'> {
  readonly clock: Clock;
  readonly store: HistoryStore;
  readonly person: Pick<PersonStore, 'at'>;
  readonly thread: SharedThread;
  readonly reporter: Pick<Reporter, 'failed'>;
  readonly settings: () => Settings;
  /** As the facts of the history are stamped. */
  readonly now: () => number;
  /** What the screen of now has walked: a walk of the same rows may go on from its states. */
  readonly walked: { readonly lines: Pick<SignalLines, 'known'>; readonly columns: Pick<MetricColumns, 'line'> };
}

export interface PastQuestion {
  readonly then: Then;
  readonly step: PastStep | null;
  readonly columns: readonly MetricChoice[];
  readonly list: string | null;
  /** Nothing was chosen yet of how time counts. */
  readonly opens: boolean;
}

const ELSEWHERE = 'The window has gone on to another moment.';

/** What was read of the moment. */
interface Stood extends PastListings {
  /** What the lists of then hold, and of its settlements how many were learnt later; of what those of today hold. */
  readonly watched: readonly InstrumentId[];
  readonly learnt: LearntBy;
  readonly learntToday: LearntBy;
  readonly events: readonly HistoryEvent[];
}

/** What one window sees of the past: it walks on from the moment of the last look, so that a step costs a step. */
export interface PastScreen {
  look(question: PastQuestion): Promise<PastView>;
  /** The stored history of the instrument changed from here on. */
  changed(id: InstrumentId, from: number): void;
  stop(): Promise<void>;
}

export function createPastScreen(options: PastScreenOptions): PastScreen {
  const { clock, store, person, thread, reporter, settings, venues, pollMs, formulaOf, walked } = options;
  const reads = createPastReads(store, options.now);
  let then: Then = { at: 0, known: 0 };
  let facts: Settings = settings();
  let listings: Listings = createListings();
  let assets = { version: 0, names: '' };
  let rows = createKeptRows(clock, MOST_BYTES);
  let columns: readonly ViewedColumn[] = [];
  const closes = new Map<InstrumentId, number>();
  const views = new Map<InstrumentId, LiveView>();
  const instruments = new Map<InstrumentId, { readonly text: string; readonly one: Instrument }>();
  const pinned = new Map<InstrumentId, Pinned | null>();
  let books: ReadonlyMap<InstrumentId, ReadBook> = new Map();
  let asked = 0;
  /** One look after the other. */
  let looking: Promise<unknown> = Promise.resolve();

  const instrument = (id: InstrumentId): Instrument => listings.get(id)?.instrument ?? unknownInstrument(id);
  const closedTo = (id: InstrumentId): number => closes.get(id) ?? Math.floor(then.at / HOUR_MS) * HOUR_MS;
  const source = createMetricSource({
    clock,
    store: reads,
    rows: { read: (...input) => rows.read(...input), forget: (id) => rows.forget(id) },
    listings: { get: (id) => listings.get(id), all: () => listings.all(), assetsVersion: () => assets.version },
    live: { view: (id) => views.get(id) ?? null, closedTo },
    instrument,
    now: () => then.at,
    pollMs,
    book: (id) => books.get(id) ?? null,
    venues,
    formulaOf,
    comparedMs: COMPARED_MS,
    list: (id) => facts.lists.find((list) => list.id === id)?.items ?? [],
  });
  const lines = createSignalLines({
    params: (id) => effectiveParams(facts, id),
    newLine: (id, params) => new SignalLine(params, source.feed(SIGNAL_ROWS, id, null), false, (to) => signalSeeds(id, params, to)),
    mostBytes: 0,
  });
  const cells = createMetricColumns({
    clock,
    thread,
    reporter,
    source,
    shown: () => columns,
    onCells: () => undefined,
    seeds: (feed, to) => walked.columns.line(feed.key)?.marksTo(to, Math.min(...feed.ids().map((id) => reads.otherFrom(id)))) ?? null,
  });
  function signalSeeds(id: InstrumentId, params: SignalParams, to: number): SignalMarks | null {
    const line = walked.lines.known(id);
    return line !== null && isSame(line.params, params) ? line.marksTo(to, reads.otherFrom(id)) : null;
  }

  const isOn = (kind: string): boolean => columns.some(({ choice }) => findMetric(choice.metric)?.on === kind);

  /** An instrument of which nothing else is known is the same object: its rows need not be compared by what it is. */
  function asBefore(one: Instrument): Instrument {
    const text = JSON.stringify(one);
    const before = instruments.get(one.id);
    if (before?.text === text) return before.one;
    instruments.set(one.id, { text, one });
    return one;
  }
  /** Everything that was known then of what is watched: asked for at once, since what is asked waits for what is being written. */
  async function stand(next: Then): Promise<Stood> {
    then = next;
    facts = next.known === null ? settings() : { ...settings(), ...(await person.at(next.at)) };
    const watched = [...watchedIds(facts)];
    const today = [...watchedIds(settings())];
    const known = (await store.instruments(next.known, isOn('asset') ? null : watched)).map(asBefore);
    const ids = isOn('asset') ? withAssets(known, new Set(watched)) : watched;
    const span: Span = { from: next.at - COUNTED_MS, to: next.at };
    const [changed, polled, learnt, learntToday, events] = await Promise.all([
      reads.stand(next, ids),
      store.latest(next.at, ids),
      store.learntBy(watched, span, next.at),
      watched.join() === today.join() ? null : store.learntBy(today, span, next.at),
      store.events(next.at - DAY_MS, next.at, next.known),
    ]);
    for (const [id, from] of changed) {
      lines.changed(id, from);
      cells.refresh(id, from);
      pinned.delete(id);
    }
    const isRead = new Set(ids);
    const read = await listingsOf(
      reads,
      next,
      known.filter(({ id }) => isRead.has(id)),
      polled.map((one) => ({ ...one, instrument: asBefore(one.instrument) })),
      watched,
    );
    ({ listings } = read);
    const names = [...listings.all()].map(({ instrument: { id, asset, assetClass } }) => `${id} ${asset} ${assetClass ?? ''}`).join('\n');
    if (names !== assets.names) assets = { version: assets.version + 1, names };
    rows = createKeptRows(clock, MOST_BYTES);
    closes.clear();
    await Promise.all(ids.map(async (id) => closes.set(id, await closedThen(reads, id, listings.get(id), next, clock.speed))));
    return { ...read, watched, learnt, learntToday: learntToday ?? learnt, events };
  }
  async function walk(ids: readonly InstrumentId[]): Promise<void> {
    const slice = thread.slice();
    lines.follow(new Set(ids));
    views.clear();
    // Together: a read waits for what is being written, and all that are asked for meanwhile wait with it.
    await Promise.all(ids.map(async (id) => views.set(id, (await lines.of(id).advance(closedTo(id), slice)).view)));
    if (columns.length === 0) {
      cells.follow(new Set());
      return;
    }
    if (isOn('book')) books = await newestBooks(store, ids, then.at);
    cells.follow(new Set(ids));
    for (const id of ids) cells.refresh(id, Infinity);
    cells.touch([...listings.all()].map(({ instrument: one }) => one.id));
    await cells.idle();
  }

  async function look({ then: from, step, columns: chosen, list, opens }: PastQuestion, isOver: () => boolean): Promise<PastView> {
    columns = chosen.map((choice, i) => ({
      id: `past-${i} ${JSON.stringify(choice)} ${list ?? ''}`,
      choice,
      list: chosenOrNull(choice)?.metric.on === 'basket' ? list : null,
    }));
    const thinnings = await store.thinned();
    let next = step === null ? from : await nextMoment({ store, from, step, isPolled: isPolled(thinnings, from.at), now: options.now() });
    let resolution: PastView['resolution'] = 'poll';
    if (!isPolled(thinnings, next.at)) {
      const at = Math.floor(next.at / HOUR_MS) * HOUR_MS;
      next = next.known === null ? { at, known: null } : { at, known: at };
      resolution = 'hour';
    }
    if (opens && next.known !== null) {
      const { first, knownFrom } = await store.learntBy([...watchedIds(settings())], { from: next.at, to: next.at }, next.at);
      const isKnown = knownFrom.some((learnt) => learnt <= next.at);
      // Nothing of it was recorded, so all that there is was fetched or imported later.
      if (!isKnown && first.some((key) => key <= next.at)) next = { at: next.at, known: null };
    }
    let stood = await stand(next);
    // Where nothing was polled there is nothing between two closes.
    const isSettledOnly = stood.watched.every((id) => stood.settledOnly.has(id) || !listings.get(id)?.snapshot);
    if (stood.settledOnly.size > 0 && isSettledOnly) {
      resolution = 'hour';
      if (next.at % HOUR_MS !== 0) {
        next = { at: Math.floor(next.at / HOUR_MS) * HOUR_MS, known: null };
        stood = await stand(next);
      }
    }
    const { watched, settledOnly, thinned, learnt, learntToday: all, events } = stood;
    const ids = watched.filter((id) => listings.get(id) !== null);
    if (isOver()) throw new UserError('busy', ELSEWHERE);
    await walk(ids);
    if (isOver()) throw new UserError('busy', ELSEWHERE);
    const shown = await Promise.all(
      watched.map(async (id, i): Promise<WatchRow[]> => {
        const view = views.get(id);
        if (view === undefined) return [];
        const counted = { later: learnt.later[i] ?? 0, of: learnt.of[i] ?? 0 };
        const isPinned = await readPinned(reads, id, next.at, pinned.get(id) ?? null);
        pinned.set(id, isPinned);
        const parts = { id, view, pinned: isPinned, facts, history: reads, observed: options, at: next.at, learnt: counted };
        const stands = { settledOnly: settledOnly.has(id), isThinned: thinned.get(id), listing: listings.get(id) };
        return [await pastRow({ ...parts, ...stands, cells: cells.cells(id) })];
      }),
    );
    const firsts = (next.known === null ? all.first : all.knownFrom).filter((t) => !Number.isNaN(t));
    return {
      moment: momentOf(next),
      resolution,
      rows: shown.flat(),
      settings: facts,
      health: venues.map((venue) =>
        pastHealth({
          venue,
          name: options.venueName(`${venue}:`),
          at: next.at,
          pollMs: pollMs(venue),
          isOn: facts.venues[venue]?.enabled ?? false,
          listed: [...listings.ofVenue(venue)],
          events,
        }),
      ),
      columns: columns.map(({ id }) => id),
      learnt: { later: sum(all.later), of: sum(all.of) },
      first: firsts.length === 0 ? null : Math.min(...firsts),
      notes: [],
    };
  }
  return {
    look(question) {
      const mine = ++asked;
      const isOver = (): boolean => mine !== asked;
      // Of those that wait only the last is looked at: the window shows none of the others any more.
      const seen = looking.then(() => {
        if (isOver()) throw new UserError('busy', ELSEWHERE);
        return fromHistory(look(question, isOver));
      });
      looking = seen.catch(() => undefined);
      return seen;
    },
    changed: (id, from) => reads.changed(id, from),
    async stop() {
      await cells.stop();
    },
  };
}

const sum = (column: Float64Array): number => column.reduce((total, value) => total + value, 0);

/** Single polls of that time are kept. */
const isPolled = (thinnings: readonly Thinned[], at: number): boolean =>
  !thinnings.some(({ what, from, to }) => what === 'snapshots' && from <= at && at <= to);

/** A spread is of all instruments of an asset, on whatever list. */
function withAssets(instruments: readonly Instrument[], watched: ReadonlySet<InstrumentId>): InstrumentId[] {
  const assets = new Set(instruments.filter(({ id }) => watched.has(id)).map(({ asset }) => asset));
  return instruments.filter(({ id, asset }) => watched.has(id) || assets.has(asset)).map(({ id }) => id);
}
