import type { InstrumentId } from '#domain/instrument.ts';
import { KIND_RUNNING } from '#domain/series.ts';
import type { SignalEntry, SignalParams, SignalState } from '#domain/signal.ts';
import { HOUR_MS, SETTLEMENT_SLACK_MS } from '#domain/time.ts';
import { whyNoDivergence, type WhyNoDivergence } from '#domain/divergence.ts';
import { analyse, type Analysis } from './analysis.ts';
import type { Journal } from '../journal.ts';
import type { Clock, HistoryStore } from '../ports.ts';

const SPARK_HOURS = 168;
/** The venue's clock is known to within this (real) time: so long after the hour its last observation surely counts as of that hour. */
const CLOSE_GRACE_MS = 2_000;
/** A close that is found later than this belongs to the past: its entry is history, not news. */
const NEWS_MS = 600_000;

/** What the last close of an instrument left behind; between closes only the running rate moves. */
export interface LiveView {
  readonly closedTo: number;
  readonly emaNow: number;
  readonly warmHours: number;
  readonly state: SignalState;
  /** D at the last closed hours, oldest first; NaN = none. */
  readonly spark: Float64Array<ArrayBuffer>;
  /** Why there is no average to hold the running rate against; null where there is. */
  readonly why: WhyNoDivergence | null;
  /** The interval of the newest closed hour, NaN unknown. */
  readonly intervalH: number;
  /** Keys of the newest settlements, ascending. */
  readonly settledAt: Float64Array;
  readonly params: SignalParams;
  readonly neutralPerHour: number | null;
}

export interface LiveOptions {
  readonly clock: Clock;
  readonly store: HistoryStore;
  readonly journal: Journal;
  params(id: InstrumentId): SignalParams;
  neutralPerHour(id: InstrumentId): number | null;
  /** Venue-corrected time for the instrument. */
  readonly now: (id: InstrumentId) => number;
  /** Something of the hour that closes at `t` is still to come: a settlement that is due, or a poll that was asked before. */
  awaits(id: InstrumentId, t: number): boolean;
  /** The venue's time is in doubt (a clock jump): no hour closes. */
  held(id: InstrumentId): boolean;
  /** An hour closed, or the same hour was worked out again. */
  onView(id: InstrumentId): void;
  /** A signal became active at a live close, told exactly once. */
  onEntry(id: InstrumentId, entry: SignalEntry, view: LiveView): Promise<void>;
}

/** The signal engine: at each hour close it replays the stored history, so live and replay are one thing. */
export interface Live {
  /** These instruments are followed from now on. `atStart`: the app has just been started. */
  track(ids: Iterable<InstrumentId>, atStart: boolean): void;
  /** History, thresholds or neutral changed: the same close is worked out again, without news. */
  refresh(ids: Iterable<InstrumentId>): void;
  /** Closes the hours that can close. */
  tick(): void;
  view(id: InstrumentId): LiveView | null;
  /** The last closed hour of the instrument (tracked or not). */
  closedTo(id: InstrumentId): number;
  stop(): Promise<void>;
}

interface Track {
  closedTo: number;
  readonly since: number;
  readonly atStart: boolean;
  view: LiveView | null;
}

const floorHour = (t: number): number => Math.floor(t / HOUR_MS) * HOUR_MS;

export function createLive(options: LiveOptions): Live {
  const { clock, store, journal, now } = options;
  const tracks = new Map<InstrumentId, Track>();
  /** What is to be worked out, and whether an entry at its close is news. */
  const queue = new Map<InstrumentId, boolean>();
  let draining: Promise<void> | null = null;
  let stopped = false;

  function enqueue(id: InstrumentId, news: boolean): void {
    queue.set(id, news || (queue.get(id) ?? false));
    draining ??= drain().finally(() => {
      draining = null;
    });
  }
  async function drain(): Promise<void> {
    // The first turn ends the caller's: many refreshes in one turn are one analysis each.
    await Promise.resolve();
    for (;;) {
      const next = queue.entries().next();
      if (stopped || next.done === true) return;
      const [id, news] = next.value;
      queue.delete(id);
      const track = tracks.get(id);
      if (!track) continue;
      try {
        await evaluate(id, track, news);
      } catch (error) {
        journal.failed(`work out the signal of ${id}`, error);
      }
    }
  }

  async function evaluate(id: InstrumentId, track: Track, news: boolean): Promise<void> {
    const t = track.closedTo;
    const params = options.params(id);
    const neutralPerHour = options.neutralPerHour(id);
    const analysis = await analyse(store, id, t, params, neutralPerHour);
    track.view = viewOf(analysis, t, params, neutralPerHour);
    options.onView(id);
    const entry = analysis.entries.at(-1);
    if (news && entry?.at === t && isNews(id, track, t, analysis)) await options.onEntry(id, entry, track.view);
  }

  /** Closed while the app ran; or just before a restart, in an hour that the app had observed. */
  function isNews(id: InstrumentId, track: Track, t: number, { series }: Analysis): boolean {
    if (now(id) - t > NEWS_MS) return false;
    return t > track.since || (track.atStart && series.kind.at(-1) === KIND_RUNNING);
  }

  return {
    track(ids, atStart) {
      const wanted = new Set(ids);
      for (const id of tracks.keys()) if (!wanted.has(id)) tracks.delete(id);
      for (const id of wanted) {
        if (tracks.has(id)) continue;
        const since = now(id);
        tracks.set(id, { closedTo: floorHour(since), since, atStart, view: null });
        enqueue(id, atStart);
      }
    },
    refresh(ids) {
      for (const id of ids) if (tracks.has(id)) enqueue(id, false);
    },
    tick() {
      for (const [id, track] of tracks) {
        if (options.held(id)) continue;
        const at = now(id);
        const t = floorHour(at);
        if (t < track.closedTo && at < track.closedTo - SETTLEMENT_SLACK_MS) {
          // The clock was ahead: what had not closed yet is open again.
          track.closedTo = t;
          enqueue(id, false);
        }
        if (t <= track.closedTo || at < t + CLOSE_GRACE_MS * clock.speed) continue;
        if (at < t + SETTLEMENT_SLACK_MS && options.awaits(id, t)) continue;
        track.closedTo = t;
        enqueue(id, true);
      }
    },
    view: (id) => tracks.get(id)?.view ?? null,
    closedTo: (id) => tracks.get(id)?.closedTo ?? floorHour(now(id)),
    async stop() {
      stopped = true;
      await draining;
    },
  };
}

function viewOf(analysis: Analysis, t: number, params: SignalParams, neutralPerHour: number | null): LiveView {
  const { series, d, emaNow, warmHours, state } = analysis;
  return {
    closedTo: t,
    emaNow,
    warmHours,
    state,
    spark: d.slice(-SPARK_HOURS),
    // No history at all is the beginning of a warm-up.
    why: whyNoDivergence(series.kind.at(-1) ?? KIND_RUNNING, series.f.at(-1) ?? 0, emaNow),
    intervalH: series.intervalH.at(-1) ?? NaN,
    settledAt: analysis.settled.key.slice(-3),
    params,
    neutralPerHour,
  };
}
