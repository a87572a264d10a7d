import { HOUR_MS, MINUTE_MS, type Span } from '#domain/time.ts';
import type { Asked } from '../ports.ts';
import { gapsOf } from './spans.ts';

/** What did not come is asked for again so long after it was asked for the first, the second and every later time. */
const REST_MS = [10 * MINUTE_MS, HOUR_MS, 24 * HOUR_MS] as const;
/** From so many times on it is asked for once a day. */
export const DAILY_TRIES = REST_MS.length;

const restMs = (tries: number): number => REST_MS[Math.min(tries, DAILY_TRIES) - 1] ?? 0;

/** Stretches that are not asked for now. One that was asked for in the future was asked for by a clock that has been set since. */
export const resting = (asked: readonly Asked[], now: number): Asked[] =>
  asked.filter(({ at, tries }) => at <= now + MINUTE_MS && now < at + restMs(tries));

/** What is still to come of what was asked for: without what is proven by now. */
export const stillOpen = (asked: readonly Asked[], proven: readonly Span[]): Asked[] =>
  asked.flatMap(({ from, to, at, tries }) => gapsOf(proven, from, to).map((gap) => ({ ...gap, at, tries })));

/** `asked` once (from, to] was asked for at `at` and its answers are among the proven stretches. */
export function afterAsking(asked: readonly Asked[], proven: readonly Span[], { from, to }: Span, at: number, leastTries: number): Asked[] {
  const open = stillOpen(asked, proven);
  const elsewhere = stillOpen(open, [{ from, to }]);
  const again = gapsOf(proven, from, to).map((gap) => {
    const before = open.filter((one) => one.from < gap.to && one.to > gap.from);
    return { ...gap, at, tries: Math.max(leastTries, ...before.map(({ tries }) => tries + 1)) };
  });
  return [...elsewhere, ...again].sort((a, b) => a.from - b.from);
}
