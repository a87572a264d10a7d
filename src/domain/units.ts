export type RateUnit = 'interval' | '1h' | '8h' | 'day' | 'apr';

/** The unit of figures that stand for several instruments, whose intervals differ: a rate per interval would not be one figure. */
export const commonUnit = (unit: RateUnit): Exclude<RateUnit, 'interval'> => (unit === 'interval' ? '8h' : unit);

const HEADERS: Readonly<Record<RateUnit, string>> = { interval: '%/int', '1h': '%/1h', '8h': '%/8h', day: '%/day', apr: '% APR' };
/** "%/8h": behind a figure in percent, in headers and on axes. */
export const unitHeader = (unit: RateUnit): string => HEADERS[unit];

const HOURS: Readonly<Record<Exclude<RateUnit, 'interval'>, number>> = { '1h': 1, '8h': 8, day: 24, apr: 8760 };

/** Rate per hour of a rate per interval; NaN where the interval is not known (NaN). Never -0. */
export const perHour = (rate: number, intervalH: number): number => rate / intervalH + 0;

/** A rate per hour in `unit` (simple, never compounded); NaN for 'interval' where the interval is not known (NaN). Never -0. */
export const inUnit = (ratePerHour: number, intervalH: number, unit: RateUnit): number =>
  ratePerHour * (unit === 'interval' ? intervalH : HOURS[unit]) + 0;
