import { UserError } from '#bridge/errors.ts';
import type { WatchRow } from '#bridge/contract.ts';
import type { MetricChoice } from '#bridge/settings.ts';
import { type Instrument, type InstrumentId, venueOf } from '#domain/instrument.ts';
import { accruesContinuously } from '#domain/metrics/venue-terms.ts';
import { HOUR_MS } from '#domain/time.ts';
import type { ReadBook } from '../book-ladder.ts';
import { fromHistory } from '../from-history.ts';
import { createListings } from '../listings.ts';
import { newestBook } from '../newest-book.ts';
import type { Observed } from '../observed.ts';
import type { Clock } from '../ports/clock.ts';
import type { HistoryStore } from '../ports/history.ts';
import type { PersonStore } from '../ports/person.ts';
import type { SharedThread } from '../shared-thread.ts';
import { effectiveParams, ownFields, watchedIds } from '../watchlists.ts';
import type { Answers } from './answers.ts';
import { createCharts } from './charts.ts';
import { historyAsOf } from './history-as-of.ts';
import { CLOSE_GRACE_MS, closedHour } from './closed-hour.ts';
import { createKeptRows } from './kept-rows.ts';
import { resolveChoice } from './metrics/metric-choice.ts';
import { createMetricSource } from './metrics/metric-source.ts';
import { createMetricAnswers } from './metrics/metrics.ts';
import { type Pinned, readPinned } from './pinned.ts';
import { type LiveView, SIGNAL_ROWS, SignalLine } from './signal-line.ts';
import { createSignalLines } from './signal-lines.ts';
import { buildRow } from './watch-rows.ts';

/** What a past moment keeps for the next question about it: rows that were read, hours that were drawn. */
const MOST_BYTES = 16 * 2 ** 20;

export interface AsOfOptions extends Pick<Observed, 'venues' | 'pollMs' | 'formulaOf'> {
  readonly clock: Clock;
  readonly store: HistoryStore;
  readonly person: Pick<PersonStore, 'at'>;
  readonly thread: SharedThread;
}

const when = (t: number): string => new Date(t).toISOString();

/**
 * What was known and shown at `asOf`, answered again: instruments, newest values, lists and thresholds of then, and the history as
 * of then under the same walks. Of instruments of no list too.
 */
export async function readAsOf(options: AsOfOptions, asOf: number): Promise<Answers> {
  const { clock, store, person, thread, venues, pollMs, formulaOf } = options;
  const history = historyAsOf(store, asOf);
  const [instruments, latest, facts] = await Promise.all([store.instruments(asOf), store.latest(asOf), person.at(asOf)]);
  const listings = createListings();
  listings.load(instruments, latest);
  const latestOf = new Map(latest.map((one) => [one.instrument.id, one]));
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
  const spans = (id: InstrumentId) => store.spans(id, 'settled', asOf);
  const charts = createCharts({ lines, thread, closedTo, spans });
  const metrics = createMetricAnswers(thread, source);

  /** Until which hour their rows go, and what their hours say of an interval that no poll stated. */
  async function prepare(ids: Iterable<InstrumentId>): Promise<void> {
    for (const id of ids) {
      instrument(id);
      if (!closes.has(id)) closes.set(id, await closedHour(history, id, listings.get(id), asOf, CLOSE_GRACE_MS * clock.speed));
      if (listings.get(id)?.intervalH === null) await viewOf(id);
    }
  }
  /** As the row showed it: not where the next settlement was overdue. */
  async function pinnedThen(id: InstrumentId): Promise<Pinned | null> {
    const pinned = await readPinned(history, id, asOf);
    return pinned !== null && asOf <= pinned.until ? pinned : null;
  }
  /** Where nothing fresh is left of what was known then, and retention has deleted some of it, that is why there is no value. */
  async function withDeleted(row: WatchRow, id: InstrumentId): Promise<WatchRow> {
    if (row.why !== 'waiting' && row.why !== 'stale') return row;
    const newest = latestOf.get(id);
    const isThinned = newest ? newest.thinned : (await history.snapshots(id, 0, asOf)).thinned.length > 0;
    return isThinned ? { ...row, why: 'thinned' } : row;
  }
  async function viewOf(id: InstrumentId): Promise<LiveView> {
    const known = views.get(id) ?? (await lines.of(id).advance(closedTo(id), thread.slice())).view;
    views.set(id, known);
    return known;
  }
  /** The same for everything that the metric rests on. */
  async function prepareFor(choice: MetricChoice, id: InstrumentId, list: string | null): Promise<void> {
    const { metric, params } = resolveChoice(choice);
    await prepare([id]);
    const feed = source.feed({ metric, params }, id, list);
    await prepare(feed.ids());
    if (feed.kind.on === 'book' && !books.has(id)) books.set(id, await newestBook(history, id, asOf));
  }

  return {
    async divergence(id, from) {
      await fromHistory(prepare([id]));
      return charts.divergence(instrument(id), from);
    },
    async series(question) {
      await fromHistory(prepareFor(question.choice, question.instrument, question.list));
      return metrics.series(question);
    },
    async explain(question) {
      await fromHistory(prepareFor(question.choice, question.instrument, question.list));
      return metrics.explain(question);
    },
    async rows() {
      const known = [...watchedIds(facts)].filter((id) => listings.get(id) !== null);
      await fromHistory(prepare(known));
      const slice = thread.slice();
      const rows = [];
      for (const id of known) {
        const view = await fromHistory(viewOf(id));
        const row = buildRow({
          id,
          listing: listings.get(id),
          view,
          params: view.params,
          accrues: accruesContinuously(formulaOf(venueOf(id))),
          own: ownFields(facts, id),
          pinned: await fromHistory(pinnedThen(id)),
          polls: 0,
          now: asOf,
          pollMs: pollMs(instrument(id).venue),
          cells: {},
        });
        rows.push(await fromHistory(withDeleted(row, id)));
        if (slice.over()) await slice.pause();
      }
      return rows;
    },
  };
}

const floorHour = (t: number): number => Math.floor(t / HOUR_MS) * HOUR_MS;
