import type { InstrumentId } from '#domain/instrument.ts';
import { gapInterval } from '#domain/interval.ts';
import { HOUR_MS, SETTLEMENT_SLACK_MS, settlementKey } from '#domain/time.ts';
import type { Snapshot } from '../venue.ts';

/** Settlements that are looked back on. */
const KEPT = 3;
/** Between two observations that are no further apart no settlement is missed while the announced one stays. */
const UNSEEN_MS = 15 * 60_000;
/** Of a clock that is wrong; intervals are whole hours. */
const CLOCK_SLACK_MS = HOUR_MS / 2;

interface Known {
  /** Newest settlements, ascending: stored ones, and those whose announced time has passed. */
  keys: number[];
  /** Of these the stored ones: between others some may be that were not seen. */
  readonly stored: Set<number>;
  /** Up to here no settlement was after the newest stored one. */
  proven: number;
  /** The settlement that was announced last. */
  next: number;
  /** How far ahead that was seen at most, ms. */
  ahead: number;
  /** When it was seen last, and since when without a stretch in which another may have been. */
  at: number;
  from: number;
  /** What was in force for it. */
  held: number | null;
  statedH: number | null;
  /** Since when that is stated; -Infinity: from the first observation on. */
  since: number;
}

/**
 * Which interval is in force (domain 2): the one that the venue states, unless settlements, up to the announced one, follow one
 * another at a shorter distance. A statement needs two equal distances under it to be refuted; a guess is weaker than one, and falls
 * with two equal ones over it too, for a settlement that is missing makes one distance longer. A guess that the announced settlement
 * is beyond of is none. A word that is shorter than the announced settlement is off begins with that: until then what was in force holds, or
 * none is known. That a start sees it late is mended by stored settlements: where the stretch after the newest one is proven beyond the
 * stated interval, the one in progress began with that settlement.
 */
export interface Intervals {
  /** Keys of stored settlements of the instrument; up to `provenTo` there is none after the newest of them. */
  settled(id: InstrumentId, keys: Iterable<number>, provenTo?: number): void;
  /** The newest observation of an earlier run: what it said is in force is taken for how the last settlements lay. */
  load(id: InstrumentId, snapshot: Snapshot, observedAt: number): void;
  /** The observation with the interval that holds, and the venue's word beside it where that is refuted. Observations ascend. */
  inForce(id: InstrumentId, snapshot: Snapshot, observedAt: number): Snapshot;
}

export function createIntervals(): Intervals {
  const all = new Map<InstrumentId, Known>();
  function of(id: InstrumentId): Known {
    const begun = {
      keys: [],
      stored: new Set<number>(),
      proven: -Infinity,
      next: NaN,
      ahead: 0,
      at: NaN,
      from: NaN,
      held: null,
      statedH: null,
      since: -Infinity,
    };
    const known: Known = all.get(id) ?? begun;
    all.set(id, known);
    return known;
  }
  function take(known: Known, keys: readonly number[], areStored: boolean): void {
    known.keys = [...new Set([...known.keys, ...keys])].sort((a, b) => a - b).slice(-KEPT);
    if (areStored) for (const key of keys) known.stored.add(key);
    for (const key of known.stored) if (!known.keys.includes(key)) known.stored.delete(key);
  }

  return {
    settled(id, keys, provenTo = -Infinity) {
      const known = of(id);
      take(known, [...keys], true);
      known.proven = provenTo;
    },
    load(id, { intervalH, nextFundingAt }, observedAt) {
      if (intervalH === null || nextFundingAt === null) return;
      const known = of(id);
      known.next = settlementKey(nextFundingAt);
      [known.at, known.from, known.held] = [observedAt, known.next - intervalH * HOUR_MS, intervalH];
      take(known, [known.next - 2 * intervalH * HOUR_MS, known.next - intervalH * HOUR_MS], true);
    },
    inForce(id, snapshot, observedAt) {
      const { intervalH, nextFundingAt } = snapshot;
      const known = of(id);
      const next = nextFundingAt === null ? NaN : settlementKey(nextFundingAt);
      // One that was put off before its time has not been.
      if (next > known.next && known.next <= observedAt + SETTLEMENT_SLACK_MS) take(known, [known.next], false);
      known.ahead = Math.max(next === known.next ? known.ahead : 0, next - observedAt);
      if (next !== known.next || !(observedAt - known.at <= UNSEEN_MS)) [known.from, known.held] = [observedAt, null];
      [known.next, known.at] = [next, observedAt];
      if (intervalH !== known.statedH) {
        if (known.statedH !== null) known.since = observedAt;
        known.statedH = intervalH;
      }
      if (intervalH === null) return snapshot;
      const isGuess = snapshot.intervalIsGuess === true;
      if (!isGuess) begin(known, intervalH);
      if (!isGuess && next - known.from > intervalH * HOUR_MS + CLOCK_SLACK_MS)
        return { ...snapshot, intervalH: known.held, aheadH: intervalH };
      const distance = refuted(known, snapshot, intervalH);
      if (distance === null && isGuess && isBeyond(known, intervalH)) return { ...snapshot, intervalH: null };
      known.held = distance ?? intervalH;
      return distance === null ? snapshot : { ...snapshot, intervalH: distance, statedH: intervalH };
    },
  };
}

/** Where none was settled in the stated interval after the newest settlement, by what is proven, the one in progress began with that. */
function begin(known: Known, intervalH: number): void {
  const { keys, stored, next, at, proven } = known;
  const last = keys.at(-1);
  if (last === undefined || !stored.has(last) || !(last < next) || at - proven > HOUR_MS + UNSEEN_MS) return;
  const wholeH = gapInterval(next - last);
  if (wholeH > intervalH && proven >= last + intervalH * HOUR_MS + SETTLEMENT_SLACK_MS) [known.from, known.held] = [last, wholeH];
}

/**
 * The distance that refutes the interval; null where none does. The newest one reaches to the announced settlement; a venue that
 * announces none is judged by those that were.
 */
function refuted(known: Known, { intervalIsGuess }: Snapshot, intervalH: number): number | null {
  const { keys, stored, next, since } = known;
  const isGuess = intervalIsGuess === true;
  const been = keys.filter((key) => !(key >= next)).toReversed();
  const [last = NaN, earlier = NaN, first = NaN] = Number.isNaN(next) ? been : [next, ...been];
  const distance = gapInterval(last - earlier);
  const isRepeated = gapInterval(earlier - first) === distance && earlier > since;
  if (distance < intervalH) return isGuess || isRepeated ? distance : null;
  if (!isGuess || !isRepeated || !(distance > intervalH)) return null;
  const areStored = [last, earlier, first].every((key) => key === next || stored.has(key));
  return areStored || isBeyond(known, intervalH) ? distance : null;
}

/** The announced settlement was seen further off than the interval reaches: it is a longer one, whichever. */
const isBeyond = ({ ahead }: Known, intervalH: number): boolean => ahead > intervalH * HOUR_MS + SETTLEMENT_SLACK_MS;
