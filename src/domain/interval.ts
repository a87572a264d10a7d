import { HOUR_MS, SETTLEMENT_SLACK_MS } from './time.ts';

/** Hours between settlements that venues are known to use; any other gap is a hole or a change, not an interval. */
const INTERVALS_H = [1, 2, 4, 8, 12, 24] as const;

/** No venue settles less often: beyond it a lasting silence is a hole, whatever the interval. */
export const LONGEST_INTERVAL_H = 24;

/**
 * Until when (ms) the settlement at `key` tells something of now: one interval and an hour, for venues post late (domain 3, "Now,
 * after a gap"). Of several intervals (hours, NaN unknown) that may hold since then, the longest; where none is known, the longest
 * that there is.
 */
export function tellsUntil(key: number, ...intervalsH: readonly number[]): number {
  const longestH = intervalsH.reduce((longest, hours) => (hours > longest ? hours : longest), 0);
  return key + ((longestH > 0 ? longestH : LONGEST_INTERVAL_H) + 1) * HOUR_MS;
}

export const INTERVAL_UNKNOWN = 0;
export const INTERVAL_STATED = 1;
export const INTERVAL_FROM_GAP = 2;
/** Stated, but settlements lie closer together than it says: their distance is the interval. */
export const INTERVAL_REFUTED = 3;

/** Hours that can lie between two settlements. */
export const isInterval = (hours: number): boolean => hours >= 1 && hours <= LONGEST_INTERVAL_H;

export interface DerivedIntervals {
  /** Hours, NaN unknown. */
  readonly intervalH: Float64Array;
  /** Where each came from: INTERVAL_UNKNOWN, INTERVAL_STATED, INTERVAL_FROM_GAP or INTERVAL_REFUTED. */
  readonly source: Uint8Array;
}

/** The interval (hours) that a gap between two keys (ms) is, within 5 minutes; NaN for any other gap. */
export function gapInterval(gapMs: number): number {
  for (const hours of INTERVALS_H) if (Math.abs(gapMs - hours * HOUR_MS) <= SETTLEMENT_SLACK_MS) return hours;
  return NaN;
}

/**
 * Interval of each settled row (domain: "Interval of a row"). `keys` ascending and unique (ms); `stated` hours by the venue
 * for that row or from a snapshot of that time, NaN where neither. A gap counts when it is no longer than the last known
 * interval (a missing settlement only lengthens a gap) or repeats the gap before it.
 *
 * What is stated is refuted where three settlements lie closer together than it says: the two gaps before the row are equal and
 * shorter. Their distance is then the interval of the row, and of the row between them (and of a first row before them) where
 * those stated the same impossibility; nothing else looks ahead. It stays refuted until so much time passes as it says.
 * `isFinal`: what is stated was held against settlements before, and stands.
 */
export function deriveIntervals(keys: Float64Array, stated: Float64Array, isFinal = false): DerivedIntervals {
  const intervalH = new Float64Array(keys.length).fill(NaN);
  const source = new Uint8Array(keys.length);
  let known = NaN;
  let gapBefore = NaN;
  /** The statement (hours) that settlements have refuted. */
  let refuted = NaN;
  const refute = (row: number, hours: number): void => {
    intervalH[row] = hours;
    source[row] = INTERVAL_REFUTED;
  };
  for (let i = 0; i < keys.length; i++) {
    const gap = i === 0 ? NaN : gapInterval(keys[i]! - keys[i - 1]!);
    const said = isInterval(stated[i]!) ? stated[i]! : NaN;
    const isCloser = !isFinal && i > 0 && keys[i]! - keys[i - 1]! < said * HOUR_MS - SETTLEMENT_SLACK_MS;
    if (!isFinal && gap === gapBefore && stated[i - 1]! > gap) {
      refute(i - 1, gap);
      if (i === 2 && stated[0]! > gap) refute(0, gap);
    }
    if (isCloser && gap === gapBefore) {
      refuted = said;
      known = gap;
      source[i] = INTERVAL_REFUTED;
    } else if (said > 0 && !(isCloser && said === refuted)) {
      refuted = NaN;
      known = said;
      source[i] = INTERVAL_STATED;
    } else if (gap <= known || gap === gapBefore) {
      known = gap;
      source[i] = INTERVAL_FROM_GAP;
    }
    if (source[i] !== INTERVAL_UNKNOWN) intervalH[i] = known;
    gapBefore = gap;
  }
  return { intervalH, source };
}
