export type RateUnit = 'interval' | '1h' | '8h' | 'day' | 'apr';

const HOURS: Readonly<Record<Exclude<RateUnit, 'interval'>, number>> = { '1h': 1, '8h': 8, day: 24, apr: 8760 };

/** 10,000 %: above it a compounded figure says nothing but "more". */
export const APY_CAP = 100;

/** Rate per hour of a rate per interval; NaN where the interval is not known (NaN). Never -0. */
export const perHour = (rate: number, intervalH: number): number => rate / intervalH + 0;

/** What a rate per hour is multiplied by to stand in `unit`; NaN for 'interval' where the interval is not known. */
export const unitHours = (unit: RateUnit, intervalH: number | null): number => (unit === 'interval' ? (intervalH ?? NaN) : HOURS[unit]);

/** A rate per hour in `unit` (simple, never compounded); null for 'interval' where the interval is not known. */
export function inUnit(ratePerHour: number, intervalH: number | null, unit: RateUnit): number | null {
  const value = ratePerHour * unitHours(unit, intervalH) + 0;
  return Number.isFinite(value) ? value : null;
}

export type Apy = { readonly kind: 'value'; readonly apy: number } | { readonly kind: 'above-cap' } | { readonly kind: 'interval-unknown' };

/** (1 + r)^(8760/h) - 1, a figure of its own beside the simple ones; a rate of -100 % or less has lost everything. */
export function compoundedApy(rate: number, intervalH: number | null): Apy {
  if (intervalH === null || !(intervalH > 0)) return { kind: 'interval-unknown' };
  const apy = rate <= -1 ? -1 : Math.expm1((HOURS.apr / intervalH) * Math.log1p(rate)) + 0;
  return apy > APY_CAP ? { kind: 'above-cap' } : { kind: 'value', apy };
}
