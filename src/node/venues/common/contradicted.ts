import type { Snapshot } from '#core/venue.ts';
import { HOUR_MS, settlementKey } from '#domain/time.ts';

/**
 * Rows whose next settlement a list of intervals that is kept between polls does not explain: it is further off than the interval, for which
 * the row then states none, or lies beside its times, which are counted from midnight UTC.
 */
export interface Contradicted {
  /** Whether there is one that was none with the same next settlement before: the list is asked for anew once for it, and not at every poll. */
  isNew(snapshots: readonly Snapshot[]): boolean;
}

export function createContradicted(): Contradicted {
  let known: ReadonlyMap<string, number> = new Map();
  return {
    isNew(snapshots) {
      const found = new Map<string, number>();
      for (const { symbol, intervalH, nextFundingAt } of snapshots)
        if (nextFundingAt !== null && (intervalH === null || settlementKey(nextFundingAt) % (intervalH * HOUR_MS) !== 0))
          found.set(symbol, nextFundingAt);
      const isNew = [...found].some(([symbol, next]) => known.get(symbol) !== next);
      known = found;
      return isNew;
    },
  };
}
