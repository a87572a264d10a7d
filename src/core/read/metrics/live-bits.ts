import type { Metric } from '#domain/metrics/metric.ts';

/** What may be another in a row in progress than when it was last looked at; one bit each. */
export const RATE = 1;
export const MARK = 2;
export const INDEX = 4;
export const OPEN_INTEREST = 8;
export const PREMIUM = 16;
/** The time of the observation. */
export const AT = 32;
/** Whether anything is polled, and whether it still stands for now. */
export const STANDING = 64;
/** Everything else: the hour, the interval, the instrument's terms, whether a leg counts. */
export const TERMS = 128;
/** Also where the closed rows behind it are others. */
export const ALL = 255;

const OF_INPUT: Readonly<Record<string, number>> = {
  f: RATE,
  rate: RATE,
  mark: MARK,
  index: INDEX,
  openInterest: OPEN_INTEREST,
  usd: OPEN_INTEREST,
  premium: PREMIUM,
};

/**
 * What changes the value of the row in progress. A metric may read the terms without naming them; of a settlement to come also
 * how long ago the last one was. A metric that has a value at closes only is looked at where the observation no longer stands.
 */
export function readsOf({ inputs, on }: Pick<Metric, 'inputs' | 'on'>, moves: boolean): number {
  if (!moves) return STANDING;
  let reads = STANDING | TERMS | (on === 'settlement' ? AT : 0);
  for (const name of inputs) reads |= OF_INPUT[name] ?? 0;
  return reads;
}
