import { HOUR_MS, MINUTE_MS, type Span } from '#domain/time.ts';
import type { Asked } from '../ports/history-facts.ts';
import { gapsOf } from '../spans.ts';

const SHORTEST_REST_MS = 10 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** What did not come is asked for again after as long as it has been asked for by then, at least once a day. */
const restMs = ({ at, since }: Asked): number => Math.min(DAY_MS, Math.max(SHORTEST_REST_MS, at - since));

/** Stretches that are not asked for now. One that was asked for in the future was asked for by a clock that has been set since. */
export const resting = (asked: readonly Asked[], now: number): Asked[] =>
  asked.filter((one) => one.at <= now + MINUTE_MS && now < one.at + restMs(one));

/** Until when these rest as they do at `now`, or some of them; a clock that is set back ends it too. */
export const restingUntil = (asked: readonly Asked[], now: number): number =>
  Math.min(...resting(asked, now).map((one) => one.at + restMs(one)));

/** What is still to come of what was asked for: without what is proven by now. */
export const stillOpen = (asked: readonly Asked[], proven: readonly Span[]): Asked[] =>
  asked.flatMap(({ from, to, at, since }) => gapsOf(proven, from, to).map((gap) => ({ ...gap, at, since })));

/** `asked` once a stretch was asked for (since `since` at least) and its answers are among the proven stretches. */
export function afterAsking(asked: readonly Asked[], proven: readonly Span[], { from, to, at, since }: Asked): Asked[] {
  const open = stillOpen(asked, proven);
  const elsewhere = stillOpen(open, [{ from, to }]);
  const again = gapsOf(proven, from, to).map((gap) => {
    const before = open.filter((one) => one.from < gap.to && one.to > gap.from && one.at <= at);
    return { ...gap, at, since: Math.min(since, ...before.map((one) => one.since)) };
  });
  return [...elsewhere, ...again].sort((a, b) => a.from - b.from);
}
