import { deriveIntervals, INTERVAL_UNKNOWN } from '#domain/interval.ts';
import { HOUR_MS, SETTLEMENT_SLACK_MS, type Span } from '#domain/time.ts';
import { covers } from './spans.ts';

/** Neighbouring settlements (keys, ascending, ms) of a proven stretch whose distance is no interval that venues use: the venue left one out. */
export function findHoles(keys: Float64Array, proven: readonly Span[]): Span[] {
  const holes: Span[] = [];
  let from = NaN;
  for (const to of keys) {
    const before = from;
    from = to;
    if (!(to - before > HOUR_MS + SETTLEMENT_SLACK_MS) || !covers(proven, before, to)) continue;
    // Against a known interval of 24 h every plausible gap counts as one.
    const { source } = deriveIntervals(Float64Array.of(before, to), Float64Array.of(24, NaN));
    if (source[1] === INTERVAL_UNKNOWN) holes.push({ from: before, to });
  }
  return holes;
}
