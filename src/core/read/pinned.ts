import type { InstrumentId } from '#domain/instrument.ts';
import { tellsUntil } from '#domain/interval.ts';
import { newSameRateRun, PINNED_MS, type SameRateRun, takeSettlement } from '#domain/same-rate.ts';
import { HOUR_MS } from '#domain/time.ts';
import type { Clock } from '../ports/clock.ts';
import type { HistoryStore } from '../ports/history.ts';
import type { Reporter } from '../reporter.ts';
import { createAgain } from './again.ts';

/** Settlements of so long tell whether a rate is pinned; all that there are are read only where it is. */
const LOOK_MS = PINNED_MS + 48 * HOUR_MS;

/** All settlements since `since` have charged exactly `rate`, for two weeks and more. It stands until the next one is overdue. */
export interface Pinned {
  readonly since: number;
  readonly rate: number;
  readonly until: number;
}

type Settlements = Pick<HistoryStore, 'settled'>;

/** Null: the settlements up to `to` are not those of a pinned rate. `before`: what was found of the same settlements at another time. */
export async function readPinned(store: Settlements, id: InstrumentId, to: number, before: Pinned | null = null): Promise<Pinned | null> {
  const recent = await runOf(store, id, to - LOOK_MS, to);
  if (!(recent.time - recent.since >= PINNED_MS)) return null;
  const isSameRun = before?.rate === recent.rate && before.since <= recent.since && recent.since <= before.until;
  if (isSameRun) return { since: before.since, rate: recent.rate, until: recent.until };
  const { since, rate, until } = await runOf(store, id, 0, to);
  return { since, rate, until };
}

async function runOf(store: Settlements, id: InstrumentId, from: number, to: number): Promise<SameRateRun & { readonly until: number }> {
  const { key, rate, intervalH } = await store.settled(id, from, to, null, ['key', 'rate', 'intervalH']);
  const run = newSameRateRun();
  for (let i = 0; i < key.length; i++) takeSettlement(run, key[i] ?? NaN, rate[i] ?? NaN, intervalH[i] ?? NaN);
  return { ...run, until: tellsUntil(run.time, intervalH.at(-1) ?? NaN) };
}

export interface PinnedOptions {
  readonly store: Settlements;
  readonly clock: Pick<Clock, 'monotonic' | 'speed'>;
  readonly reporter: Pick<Reporter, 'failed'>;
  /** Venue-corrected time of the instrument. */
  readonly now: (id: InstrumentId) => number;
  /** What is said of the instrument is something else now. */
  readonly onChange: (id: InstrumentId) => void;
}

/** Which of the followed instruments have a pinned rate. */
export interface PinnedRates {
  of(id: InstrumentId): Pinned | null;
  follow(ids: ReadonlySet<InstrumentId>): void;
  /** Settlements of the instrument came in; `recent`: of the last hours. */
  stored(id: InstrumentId, recent: boolean): void;
  tick(): void;
  stop(): Promise<void>;
}

export function createPinned({ store, clock, reporter, now, onChange }: PinnedOptions): PinnedRates {
  let followed: ReadonlySet<InstrumentId> = new Set();
  const known = new Map<InstrumentId, Pinned | null>();
  const queue = new Set<InstrumentId>();
  const again = createAgain<InstrumentId>(clock);
  let looking: Promise<void> | null = null;
  let stopped = false;

  function enqueue(id: InstrumentId): void {
    queue.add(id);
    wake();
  }
  function wake(): void {
    if (stopped || queue.size === 0) return;
    looking ??= lookAtAll().finally(() => {
      looking = null;
      wake();
    });
  }
  async function lookAtAll(): Promise<void> {
    // The first turn ends the caller's: what comes in pages is looked at once.
    await Promise.resolve();
    for (const id of queue) {
      if (stopped) return;
      queue.delete(id);
      if (!followed.has(id)) continue;
      try {
        const found = await readPinned(store, id, now(id));
        again.over(id);
        const before = known.get(id) ?? null;
        known.set(id, found);
        if (before?.since !== found?.since || before?.rate !== found?.rate) onChange(id);
      } catch (error) {
        reporter.failed(`see whether the rate of ${id} is pinned`, error, again.failed(id));
      }
    }
  }

  return {
    of(id) {
      const pinned = known.get(id) ?? null;
      return pinned !== null && now(id) <= pinned.until ? pinned : null;
    },
    follow(ids) {
      const fresh = [...ids].filter((id) => !followed.has(id));
      followed = ids;
      for (const id of known.keys()) if (!ids.has(id)) known.delete(id);
      for (const id of fresh) enqueue(id);
    },
    stored(id, recent) {
      // Older ones say nothing of now, but how far back a rate is pinned.
      if (followed.has(id) && (recent || (known.get(id) ?? null) !== null)) enqueue(id);
    },
    tick() {
      for (const id of again.due())
        if (followed.has(id)) enqueue(id);
        else again.over(id);
    },
    async stop() {
      stopped = true;
      await looking;
    },
  };
}
