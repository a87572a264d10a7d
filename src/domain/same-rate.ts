import { HOUR_MS, SETTLEMENT_SLACK_MS } from './time.ts';

/** A rate that no market has moved for so long is pinned: the contract is at rest, or the venue keeps it and it does not trade. */
export const PINNED_MS = 14 * 24 * HOUR_MS;

/** Settlements one after the other that charged exactly one rate; times in ms. */
export interface SameRateRun {
  rate: number;
  since: number;
  time: number;
  count: number;
}

export const newSameRateRun = (): SameRateRun => ({ rate: NaN, since: NaN, time: NaN, count: 0 });

/** Takes in the next settlement: another rate begins another run, and so does a settlement that is missing (`intervalH` NaN: none in a day). */
export function takeSettlement(run: SameRateRun, time: number, rate: number, intervalH: number): void {
  const isNext = time - run.time <= (intervalH > 0 ? intervalH : 24) * HOUR_MS + SETTLEMENT_SLACK_MS;
  if (rate !== run.rate || !isNext) {
    run.since = time;
    run.count = 0;
  }
  run.rate = rate;
  run.time = time;
  run.count += 1;
}
