import type { PastStep } from '#bridge/past.ts';
import type { PastView, WatchRow } from '#bridge/contract.ts';
import type { MetricChoice } from '#bridge/settings.ts';
import type { Instrument, InstrumentId } from '#domain/instrument.ts';
import { findMetric } from '#domain/metrics/index.ts';
import { HOUR_MS, type Span } from '#domain/time.ts';
import type { ReadBook } from '../book-ladder.ts';
import { fromHistory } from '../from-history.ts';
import { createListings, type Listings, unknownInstrument } from '../listings.ts';
import { newestBook } from '../newest-book.ts';
import type { Observed } from '../observed.ts';
import type { Clock } from '../ports/clock.ts';
import type { HistoryStore } from '../ports/history.ts';
import type { PersonStore } from '../ports/person.ts';
import type { Reporter } from '../reporter.ts';
import type { Settings } from '../settings.ts';
import type { SharedThread } from '../shared-thread.ts';
import { effectiveParams, watchedIds } from '../watchlists.ts';
import type { ViewedColumn } from '../views.ts';
import { createKeptRows } from './kept-rows.ts';
import { createMetricColumns } from './metrics/metric-columns.ts';
import { chosenOrNull } from './metrics/metric-choice.ts';
import { createMetricSource } from './metrics/metric-source.ts';
import { createPastReads } from './past-reads.ts';
import { type PastListings, readListings } from './past-listings.ts';
import { pastHealth } from './past-health.ts';
import { pastRow } from './past-row.ts';
import { nextMoment } from './past-step.ts';
import { closedThen } from './reading-as-of.ts';
import { type LiveView, SIGNAL_ROWS, SignalLine } from './signal-line.ts';
import { createSignalLines } from './signal-lines.ts';
import { momentOf, type Then } from './then.ts';

const DAY_MS = 24 * HOUR_MS;
/** What a row shows at a look: its sparkline. */
const COUNTED_MS = 7 * DAY_MS;
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
}

export interface PastQuestion {
  readonly then: Then;
  readonly step: PastStep | null;
  readonly columns: readonly MetricChoice[];
  readonly list: string | null;
  /** Nothing was chosen yet of how time counts. */
  readonly opens: boolean;
}

/** What one window sees of the past: it walks on from the moment of the last look, so that a step costs a step. */
export interface PastScreen {
  look(question: PastQuestion): Promise<PastView>;
  /** The stored history of the instrument changed from here on. */
  changed(id: InstrumentId, from: number): void;
  stop(): Promise<void>;
}

export function createPastScreen(options: PastScreenOptions): PastScreen {
  const { clock, store, person, thread, reporter, settings, venues, pollMs, formulaOf } = options;
  const reads = createPastReads(store, options.now);
  let then: Then = { at: 0, known: 0 };
  let facts: Settings = settings();
  let listings: Listings = createListings();
  let assets = { version: 0, names: '' };
  let rows = createKeptRows(clock, MOST_BYTES);
  let columns: readonly ViewedColumn[] = [];
  const closes = new Map<InstrumentId, number>();
  const views = new Map<InstrumentId, LiveView>();
  const books = new Map<InstrumentId, ReadBook | null>();
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
    list: (id) => facts.lists.find((list) => list.id === id)?.items ?? [],
  });
  const lines = createSignalLines({
    params: (id) => effectiveParams(facts, id),
    newLine: (id, params) => new SignalLine(params, source.feed(SIGNAL_ROWS, id, null)),
    mostBytes: 0,
  });
  const cells = createMetricColumns({ clock, thread, reporter, source, shown: () => columns, onCells: () => undefined });

  const isOn = (kind: string): boolean => columns.some(({ choice }) => findMetric(choice.metric)?.on === kind);

  /** Everything that was known then of what is watched. */
  async function stand(next: Then): Promise<PastListings> {
    then = next;
    facts = next.known === null ? settings() : { ...settings(), ...(await person.at(next.at)) };
    const watched = [...watchedIds(facts)];
    const ids = isOn('asset') ? await withAssets(watched) : watched;
    for (const [id, from] of await reads.stand(next, ids)) {
      lines.changed(id, from);
      cells.refresh(id, from);
    }
    const read = await readListings(store, reads, next, ids, watched);
    ({ listings } = read);
    const names = [...listings.all()].map(({ instrument: { id, asset } }) => `${id} ${asset}`).join('\n');
    if (names !== assets.names) assets = { version: assets.version + 1, names };
    rows = createKeptRows(clock, MOST_BYTES);
    closes.clear();
    await Promise.all(ids.map(async (id) => closes.set(id, await closedThen(reads, id, listings.get(id), next, clock.speed))));
    return read;
  }
  /** A spread is of all instruments of an asset, on whatever list. */
  async function withAssets(watched: readonly InstrumentId[]): Promise<InstrumentId[]> {
    const all = await store.instruments(then.known);
    const ids = new Set(watched);
    const shown = new Set(all.filter(({ id }) => ids.has(id)).map(({ asset }) => asset));
    return all.filter(({ id, asset }) => ids.has(id) || shown.has(asset)).map(({ id }) => id);
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
    if (isOn('book')) await Promise.all(ids.map(async (id) => books.set(id, await newestBook(reads, id, then.at))));
    cells.follow(new Set(ids));
    for (const id of ids) cells.refresh(id, Infinity);
    cells.touch([...listings.all()].map(({ instrument: one }) => one.id));
    await cells.idle();
  }

  async function look({ then: from, step, columns: chosen, list, opens }: PastQuestion): Promise<PastView> {
    columns = chosen.map((choice, i) => ({
      id: `past-${i} ${JSON.stringify(choice)} ${list ?? ''}`,
      choice,
      list: chosenOrNull(choice)?.metric.on === 'basket' ? list : null,
    }));
    const polled = await polledIn(store, from.at);
    let next = step === null ? from : await nextMoment({ store, from, step, isPolled: polled.isKept, now: options.now() });
    let resolution: PastView['resolution'] = 'poll';
    if (!(await polledIn(store, next.at)).isKept) {
      const at = Math.floor(next.at / HOUR_MS) * HOUR_MS;
      next = next.known === null ? { at, known: null } : { at, known: at };
      resolution = 'hour';
    }
    const today = [...watchedIds(settings())];
    if (opens && next.known !== null) {
      const { of, knownFrom } = await store.learntBy(today, { from: 0, to: next.at }, next.at);
      const isKnown = knownFrom.some((learnt) => learnt <= next.at);
      // Nothing of it was recorded, so all that there is was fetched or imported later.
      if (!isKnown && of.some((n) => n > 0)) next = { at: next.at, known: null };
    }
    let { settledOnly, thinned } = await stand(next);
    // Where nothing was polled there is nothing between two closes.
    if (settledOnly.size > 0 && settledOnly.size === [...watchedIds(facts)].filter((id) => listings.get(id)?.snapshot).length) {
      resolution = 'hour';
      if (next.at % HOUR_MS !== 0) {
        next = { at: Math.floor(next.at / HOUR_MS) * HOUR_MS, known: null };
        ({ settledOnly, thinned } = await stand(next));
      }
    }
    const ids = [...watchedIds(facts)].filter((id) => listings.get(id) !== null);
    await walk(ids);
    const span: Span = { from: next.at - COUNTED_MS, to: next.at };
    const counted = await store.learntBy(ids, span, next.at);
    const all = ids.length === today.length ? counted : await store.learntBy(today, span, next.at);
    const shown = await Promise.all(
      ids.map(async (id, i): Promise<WatchRow[]> => {
        const view = views.get(id);
        if (view === undefined) return [];
        const learnt = { later: counted.later[i] ?? 0, of: counted.of[i] ?? 0 };
        const parts = { id, view, facts, history: reads, observed: options, at: next.at, learnt };
        const stands = { settledOnly: settledOnly.has(id), isThinned: thinned.get(id), listing: listings.get(id) };
        return [await pastRow({ ...parts, ...stands, cells: cells.cells(id) })];
      }),
    );
    const events = await store.events(next.at - DAY_MS, next.at, next.known);
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
      const seen = looking.then(() => fromHistory(look(question)));
      looking = seen.catch(() => undefined);
      return seen;
    },
    changed(id, from) {
      // What is learnt now was not known then.
      if (then.known === null) reads.changed(id, from);
    },
    async stop() {
      await cells.stop();
    },
  };
}

const sum = (column: Float64Array): number => column.reduce((total, value) => total + value, 0);

/** Whether single polls of that time are kept. */
async function polledIn(store: Pick<HistoryStore, 'thinned'>, at: number): Promise<{ readonly isKept: boolean }> {
  const thinned = await store.thinned();
  return { isKept: !thinned.some(({ what, from, to }) => what === 'snapshots' && from <= at && at <= to) };
}
