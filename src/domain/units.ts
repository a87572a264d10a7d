export type RateUnit = 'interval' | '1h' | '8h' | 'day' | 'apr';

const HOURS: Readonly<Record<Exclude<RateUnit, 'interval'>, number>> = { '1h': 1, '8h': 8, day: 24, apr: 8760 };

/** 10,000 %: above it a compounded figure says nothing but "more". */
const APY_CAP = 100;

/** Rate per hour of a rate per interval; NaN where the interval is not known (NaN). Never -0. */
export const perHour = (rate: number, intervalH: number): number => rate / intervalH + 0;

/** A rate per hour in `unit` (simple, never compounded); NaN for 'interval' where the interval is not known (NaN). Never -0. */
export const inUnit = (ratePerHour: number, intervalH: number, unit: RateUnit): number =>
  ratePerHour * (unit === 'interval' ? intervalH : HOURS[unit]) + 0;

export type Apy = { readonly kind: 'value'; readonly apy: number } | { readonly kind: 'above-cap' } | { readonly kind: 'interval-unknown' };

/** (1 + r)^(8760/h) - 1, a figure of its own beside the simple ones; a rate of -100 % or less has lost everything. */
export function compoundedApy(rate: number, intervalH: number | null): Apy {
  if (intervalH === null || !(intervalH > 0)) return { kind: 'interval-unknown' };
  const apy = rate <= -1 ? -1 : Math.expm1((HOURS.apr / intervalH) * Math.log1p(rate)) + 0;
  return apy > APY_CAP ? { kind: 'above-cap' } : { kind: 'value', apy };
}
