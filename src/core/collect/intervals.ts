import type { InstrumentId } from '#domain/instrument.ts';
import { gapInterval } from '#domain/interval.ts';
import { HOUR_MS, SETTLEMENT_SLACK_MS, settlementKey } from '#domain/time.ts';
import type { Snapshot } from '../venue.ts';

/** Settlements that are looked back on. */
const KEPT = 3;

interface Known {
  /** Newest settlements, ascending: stored ones, and those whose announced time has passed. */
  keys: number[];
  /** The settlement that was announced last. */
  next: number;
  statedH: number | null;
  /** Since when that is stated; -Infinity: from the first observation on. */
  since: number;
}

/**
 * Which interval is in force (domain 2): the one that the venue states, unless settlements, up to the announced one, follow one
 * another at a shorter distance. A statement needs two equal distances under it to be refuted; a guess is weaker than one.
 */
export interface Intervals {
  /** Keys of stored settlements of the instrument. */
  settled(id: InstrumentId, keys: Iterable<number>): void;
  /** The newest observation of an earlier run: what it said is in force is taken for how the last settlements lay. */
  load(id: InstrumentId, snapshot: Snapshot): void;
  /** The observation with the interval that holds, and the venue's word beside it where that is refuted. Observations ascend. */
  inForce(id: InstrumentId, snapshot: Snapshot, observedAt: number): Snapshot;
}

export function createIntervals(): Intervals {
  const all = new Map<InstrumentId, Known>();
  function of(id: InstrumentId): Known {
    const known = all.get(id) ?? { keys: [], next: NaN, statedH: null, since: -Infinity };
    all.set(id, known);
    return known;
  }
  function take(known: Known, keys: Iterable<number>): void {
    known.keys = [...new Set([...known.keys, ...keys])].sort((a, b) => a - b).slice(-KEPT);
  }

  return {
    settled: (id, keys) => take(of(id), keys),
    load(id, { intervalH, nextFundingAt }) {
      if (intervalH === null || nextFundingAt === null) return;
      const known = of(id);
      known.next = settlementKey(nextFundingAt);
      take(known, [known.next - 2 * intervalH * HOUR_MS, known.next - intervalH * HOUR_MS]);
    },
    inForce(id, snapshot, observedAt) {
      const { intervalH, nextFundingAt } = snapshot;
      const known = of(id);
      const next = nextFundingAt === null ? NaN : settlementKey(nextFundingAt);
      // One that was put off before its time has not been.
      if (next > known.next && known.next <= observedAt + SETTLEMENT_SLACK_MS) take(known, [known.next]);
      known.next = next;
      if (intervalH !== known.statedH) {
        if (known.statedH !== null) known.since = observedAt;
        known.statedH = intervalH;
      }
      if (intervalH === null) return snapshot;
      const distance = refuted(known, snapshot, intervalH);
      return distance === null ? snapshot : { ...snapshot, intervalH: distance, statedH: intervalH };
    },
  };
}

/**
 * The distance that refutes the interval; null where none does. The newest one reaches to the announced settlement; a venue that
 * announces none is judged by those that were.
 */
function refuted({ keys, next, since }: Known, { intervalIsGuess }: Snapshot, intervalH: number): number | null {
  const been = keys.filter((key) => !(key >= next)).toReversed();
  const [last = NaN, earlier = NaN, first = NaN] = Number.isNaN(next) ? been : [next, ...been];
  const distance = gapInterval(last - earlier);
  if (!(distance < intervalH)) return null;
  return intervalIsGuess === true || (gapInterval(earlier - first) === distance && earlier > since) ? distance : null;
}
