import type { WatchRow } from '#bridge/contract.ts';

export interface ActiveSignals {
  readonly count: number;
  /** Of those: with values that are too old to count on. */
  readonly stale: number;
}

/** Of rows whose signal is active: how many there are, and how many of them rest on values of before. */
export function activeSignals(active: readonly WatchRow[], isStale: (row: WatchRow) => boolean): ActiveSignals {
  return { count: active.length, stale: active.filter(isStale).length };
}

/** "5 active signals, 2 of them stale"; "5 active signals, all stale". */
export function activeWords({ count, stale }: ActiveSignals): string {
  const words = `${count} active ${count === 1 ? 'signal' : 'signals'}`;
  if (stale === 0) return words;
  return `${words}, ${stale < count ? `${stale} of them stale` : count === 1 ? 'stale' : 'all stale'}`;
}
