import type { WatchRow } from '#bridge/contract.ts';
import { UserError } from '#bridge/errors.ts';
import type { MetricChoice } from '#bridge/settings.ts';
import type { Instrument, InstrumentId } from '#domain/instrument.ts';
import { HOUR_MS } from '#domain/time.ts';
import type { ReadBook } from '../book-ladder.ts';
import type { Listing } from '../listings.ts';
import { fromHistory } from '../from-history.ts';
import { newestBook, newestBooks } from '../newest-book.ts';
import type { Observed } from '../observed.ts';
import type { Clock } from '../ports/clock.ts';
import type { HistoryStore } from '../ports/history.ts';
import type { PersonStore } from '../ports/person.ts';
import type { SharedThread } from '../shared-thread.ts';
import type { Settings } from '../settings.ts';
import { effectiveParams, watchedIds } from '../watchlists.ts';
import type { Answers } from './answers.ts';
import { createCharts } from './charts.ts';
import { historyAsOf } from './history-as-of.ts';
import { CLOSE_GRACE_MS, closedHour } from './closed-hour.ts';
import { gridOf, matrixOf } from './metrics/matrix.ts';
import { readForecastRecord } from './forecast-record.ts';
import { lateOf } from './explore/settlements.ts';
import { createKeptRows } from './kept-rows.ts';
import { resolveChoice } from './metrics/metric-choice.ts';
import { createMetricSource } from './metrics/metric-source.ts';
import { createMetricAnswers } from './metrics/metrics.ts';
import { KeptRanges } from './metrics/rate-ranges.ts';
import { type LiveView, SIGNAL_ROWS, SignalLine } from './signal-line.ts';
import { createSignalLines } from './signal-lines.ts';
import { readListings } from './past-listings.ts';
import { pastRow } from './past-row.ts';
import { readPinned } from './pinned.ts';
import { type Then } from './then.ts';

/** What a past moment keeps for the next question about it: rows that were read, hours that were drawn. */
const MOST_BYTES = 16 * 2 ** 20;

export interface AsOfOptions extends Pick<Observed, 'venues' | 'pollMs' | 'formulaOf'> {
  readonly clock: Clock;
  readonly store: HistoryStore;
  readonly person: Pick<PersonStore, 'at'>;
  readonly thread: SharedThread;
  /** Of now: in venue time its lists and thresholds hold. */
  readonly settings: () => Settings;
}

const when = (t: number): string => new Date(t).toISOString();

/** The last hour that had closed: in venue time a settlement is known at its key. */
export const closedThen = (
  history: Pick<HistoryStore, 'settled'>,
  id: InstrumentId,
  listing: Listing | null,
  { at, known }: Then,
  speed: number,
): Promise<number> =>
  known === null
    ? Promise.resolve(Math.ceil(at / HOUR_MS) * HOUR_MS - HOUR_MS)
    : closedHour(history, id, listing, at, CLOSE_GRACE_MS * speed);

/**
 * What was known and shown at a moment, answered again: instruments, newest values, lists and thresholds of then, and the history as
 * of then under the same walks. Of instruments of no list too. In venue time the lists and thresholds are those of today.
 */
export async function readAsOf(options: AsOfOptions, then: Then): Promise<Answers> {
  const { clock, store, person, thread, venues, pollMs, formulaOf } = options;
  const { at: asOf, known: knownBy } = then;
  const history = historyAsOf(store, knownBy, asOf);
  const facts = knownBy === null ? options.settings() : await person.at(asOf);
  const watched = watchedIds(facts);
  const { listings, settledOnly, thinned } = await readListings(store, history, then, null, watched);
  const closes = new Map<InstrumentId, number>();
  const views = new Map<InstrumentId, LiveView>();
  /** The last that was recorded by then. */
  const books = new Map<InstrumentId, ReadBook | null>();

  function instrument(id: InstrumentId): Instrument {
    const known = listings.get(id)?.instrument;
    if (known === undefined) throw new UserError('not-found', `Of ${id} nothing was known at ${when(asOf)}.`);
    return known;
  }
  const closedTo = (id: InstrumentId): number => closes.get(id) ?? floorHour(asOf);
  const source = createMetricSource({
    clock,
    store: history,
    rows: createKeptRows(clock, MOST_BYTES),
    listings,
    live: { view: (id) => views.get(id) ?? null, closedTo },
    instrument,
    now: () => asOf,
    pollMs,
    book: (id) => books.get(id) ?? null,
    venues,
    formulaOf,
    list: (id) => facts.lists.find((list) => list.id === id)?.items ?? [],
  });
  const lines = createSignalLines({
    params: (id) => effectiveParams(facts, id),
    newLine: (id, params, draws) => new SignalLine(params, source.feed(SIGNAL_ROWS, id, null), draws),
    mostBytes: MOST_BYTES,
  });
  const spans = async (id: InstrumentId) => (await store.spans(id, 'settled', knownBy)).filter(({ from }) => from < asOf);
  const charts = createCharts({ lines, thread, closedTo, spans, formulaOf });
  const metrics = createMetricAnswers(thread, source);
  const ranges = new KeptRanges((ids, from, to) => store.rateRanges(ids, from, Math.min(to, asOf), knownBy));

  /** Until which hour their rows go, and what their hours say of an interval that no poll stated. */
  async function prepare(ids: Iterable<InstrumentId>): Promise<void> {
    for (const id of ids) {
      instrument(id);
      if (!closes.has(id)) closes.set(id, await closedThen(history, id, listings.get(id), then, clock.speed));
      if (listings.get(id)?.intervalH === null) await viewOf(id);
    }
  }
  async function viewOf(id: InstrumentId): Promise<LiveView> {
    const known = views.get(id) ?? (await lines.of(id).advance(closedTo(id), thread.slice())).view;
    views.set(id, known);
    return known;
  }
  async function watchedThen(): Promise<InstrumentId[]> {
    const known = [...watched].filter((id) => listings.get(id) !== null);
    await fromHistory(prepare(known));
    return known;
  }
  /** The same for everything that the metric rests on. */
  async function prepareFor(choice: MetricChoice, id: InstrumentId, list: string | null): Promise<void> {
    const { metric, params } = resolveChoice(choice);
    await prepare([id]);
    const feed = source.feed({ metric, params }, id, list);
    await prepare(feed.ids());
    if (feed.kind.on === 'book' && !books.has(id)) books.set(id, await newestBook(store, id, asOf));
  }

  async function rowOf(id: InstrumentId): Promise<WatchRow> {
    const view = await fromHistory(viewOf(id));
    const parts = {
      id,
      view,
      facts,
      history,
      observed: options,
      at: asOf,
      cells: {},
      settledOnly: settledOnly.has(id),
      pinned: await fromHistory(readPinned(history, id, asOf)),
      isThinned: thinned.get(id),
    };
    return fromHistory(pastRow({ ...parts, listing: listings.get(id) }));
  }
  async function rowsOf(known: readonly InstrumentId[]): Promise<WatchRow[]> {
    const slice = thread.slice();
    const found = [];
    for (const id of known) {
      found.push(await rowOf(id));
      if (slice.over()) await slice.pause();
    }
    return found;
  }

  return {
    async divergence(id, from) {
      await fromHistory(prepare([id]));
      const chart = await charts.divergence(instrument(id), from);
      const [first] = chart.settledAt;
      if (knownBy !== null || first === undefined) return chart;
      const { learntAt } = await fromHistory(store.settled(id, first - 1, asOf, null, ['key', 'learntAt']));
      return { ...chart, settledLate: lateOf(learntAt, asOf) };
    },
    async series(question) {
      await fromHistory(prepareFor(question.choice, question.instrument, question.list));
      return metrics.series(question);
    },
    async explain(question) {
      await fromHistory(prepareFor(question.choice, question.instrument, question.list));
      return metrics.explain(question);
    },
    async record(id) {
      await fromHistory(prepareFor({ metric: 'forecast', params: {} }, id, null));
      return readForecastRecord(history, metrics.series, id, asOf);
    },
    async terms(id) {
      const formula = (formulaOf(instrument(id).venue)?.terms ?? []).filter(({ from }) => from <= asOf);
      return { formula, stated: await fromHistory(history.terms(id)) };
    },
    rows: async () => rowsOf(await watchedThen()),
    async row(id) {
      await fromHistory(prepare([id]));
      return rowOf(id);
    },
    async matrix({ list: id, least = null, size = null, hours = null }) {
      const list = id === null ? null : facts.lists.find((one) => one.id === id);
      if (list === undefined) throw new UserError('not-found', `That list was not there at ${when(asOf)}.`);
      const grid = gridOf({ listings, source, instrument }, list?.items ?? null);
      const ids = [...grid.values()].flat();
      const known = ids.filter((one) => watched.has(one));
      await fromHistory(prepare(known));
      const d = new Map((await rowsOf(known)).map((row) => [row.instrument.id, row.d]));
      if (size !== null) {
        const unread = known.filter((one) => !books.has(one));
        for (const [one, book] of await fromHistory(newestBooks(store, unread, asOf))) books.set(one, book);
      }
      const seen = hours === null ? null : await fromHistory(ranges.read(ids, hours, asOf));
      return matrixOf(
        grid,
        { least, size },
        {
          observation: source.moment(),
          d: (one) => d.get(one) ?? null,
          now: () => asOf,
          book: (one) => books.get(one) ?? null,
          range: (one) => seen?.get(one) ?? null,
        },
      );
    },
  };
}

const floorHour = (t: number): number => Math.floor(t / HOUR_MS) * HOUR_MS;
