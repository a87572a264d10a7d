import { MINUTE_MS } from './time.ts';

export type Freshness = 'fresh' | 'stale' | 'dead';

/** Older than this a number is dead, whatever the poll interval. */
export const DEAD_MS = 5 * MINUTE_MS;

/**
 * How an observation looks at `now` (all ms): stale when older than two polls and the slack, or past the funding time that
 * it was an estimate for; dead past 5 minutes.
 */
export function freshness(now: number, observedAt: number, nextFundingAt: number | null, pollMs: number, slackMs = 5000): Freshness {
  const ageMs = now - observedAt;
  if (ageMs > DEAD_MS) return 'dead';
  return ageMs > 2 * pollMs + slackMs || (nextFundingAt !== null && now > nextFundingAt) ? 'stale' : 'fresh';
}
