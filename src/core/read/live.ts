import type { InstrumentId } from '#domain/instrument.ts';
import type { SignalEntry, SignalParams } from '#domain/signal.ts';
import { HOUR_MS, SETTLEMENT_SLACK_MS } from '#domain/time.ts';
import type { Reporter } from '../reporter.ts';
import type { Clock } from '../ports/clock.ts';
import { againAfter } from './again.ts';
import type { Slice, SharedThread } from '../shared-thread.ts';
import { CLOSE_GRACE_MS } from './closed-hour.ts';
import type { LiveView, SignalClose, SignalLine } from './signal-line.ts';

/** A close that is found later than this belongs to the past: its entry is history, not news. */
const NEWS_MS = 600_000;

export interface LiveOptions {
  readonly clock: Clock;
  readonly reporter: Pick<Reporter, 'failed'>;
  readonly thread: SharedThread;
  /** The signal of the instrument with its thresholds of now. */
  readonly line: (id: InstrumentId) => SignalLine;
  /** Where the rate rests now, per hour. */
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
  onEntry(id: InstrumentId, entry: SignalEntry, params: SignalParams): Promise<void>;
}

/** The signals of what is followed. Each hour's close is walked on from the one before; what is stored decides, so live and replay are one thing. */
export interface Live {
  /** These instruments are followed from now on. `atStart`: the app has just been started. */
  track(ids: Iterable<InstrumentId>, atStart: boolean): void;
  /** Thresholds changed: the same close is worked out again, without news. */
  refresh(ids: Iterable<InstrumentId>): void;
  /** The stored history of the instrument changed: it is worked out again before the next close. */
  changed(id: InstrumentId): void;
  /** Venues answered: where one says another interest than before, the same close is worked out again. */
  restated(ids: Iterable<InstrumentId>): void;
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
  /** The close could not be worked out: when it is tried again (venue time), and whether its entry is news. */
  failed: { readonly times: number; readonly againAt: number; readonly news: boolean } | null;
  neutralPerHour: number | null;
  view: LiveView | null;
}

const floorHour = (t: number): number => Math.floor(t / HOUR_MS) * HOUR_MS;

export function createLive(options: LiveOptions): Live {
  const { clock, reporter, now } = options;
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
    const slice = options.thread.slice();
    for (;;) {
      const next = queue.entries().next();
      if (stopped || next.done === true) return;
      const [id, news] = next.value;
      queue.delete(id);
      const track = tracks.get(id);
      if (!track) continue;
      try {
        await evaluate(id, track, news || track.failed?.news === true, slice);
        track.failed = null;
        if (slice.over()) await slice.pause();
      } catch (error) {
        const times = (track.failed?.times ?? 0) + 1;
        const wait = againAfter(times);
        track.failed = { times, againAt: now(id) + wait * clock.speed, news: news || track.failed?.news === true };
        reporter.failed(`work out the signal of ${id}`, error, wait);
      }
    }
  }

  async function evaluate(id: InstrumentId, track: Track, news: boolean, slice: Slice): Promise<void> {
    const t = track.closedTo;
    const neutralPerHour = options.neutralPerHour(id);
    const line = options.line(id);
    // Of hours without terms of their own, and none after them, the newest known ones hold.
    if (track.neutralPerHour !== neutralPerHour) line.changed(t);
    const close = await line.advance(t, slice);
    track.neutralPerHour = neutralPerHour;
    track.view = close.view;
    options.onView(id);
    if (news && close.entry !== null && isNews(id, track, t, close)) await options.onEntry(id, close.entry, line.params);
  }

  /** Closed while the app ran; or just before a restart, in an hour that the app had observed. */
  function isNews(id: InstrumentId, track: Track, t: number, { isObserved }: SignalClose): boolean {
    if (now(id) - t > NEWS_MS) return false;
    return t > track.since || (track.atStart && isObserved);
  }

  return {
    track(ids, atStart) {
      const wanted = new Set(ids);
      for (const id of tracks.keys()) if (!wanted.has(id)) tracks.delete(id);
      for (const id of wanted) {
        if (tracks.has(id)) continue;
        const since = now(id);
        tracks.set(id, { closedTo: floorHour(since), since, atStart, failed: null, neutralPerHour: null, view: null });
        enqueue(id, atStart);
      }
    },
    refresh(ids) {
      for (const id of ids) if (tracks.has(id)) enqueue(id, false);
    },
    changed(id) {
      if (tracks.has(id)) enqueue(id, false);
    },
    restated(ids) {
      for (const id of ids) {
        const track = tracks.get(id);
        if (track?.view && track.neutralPerHour !== options.neutralPerHour(id)) enqueue(id, false);
      }
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
        if (track.failed !== null && at >= track.failed.againAt) enqueue(id, track.failed.news);
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
