import { MINUTE_MS } from './time.ts';

const MAX_RATE_PER_HOUR = 0.1;
const MAX_PREMIUM = 1;
const MAX_FUTURE_MS = 5 * MINUTE_MS;
/** 2016-01-01: no perpetual is older, so an earlier time is a time in another unit. */
const EARLIEST_MS = 1_451_606_400_000;

/** A value as a venue gave it; what it does not say is null or absent. */
export interface VenueValue {
  /** Decimal per interval. */
  readonly rate: number;
  readonly intervalH?: number | null;
  readonly mark?: number | null;
  readonly index?: number | null;
  /** When it was settled or observed, ms. */
  readonly time: number;
}

const isPrice = (price: number | null): boolean => price === null || (Number.isFinite(price) && price > 0);

/** Of a rate whose interval nobody states the hour is the strictest reading. */
export const isRate = (rate: number, intervalH: number | null): boolean => Math.abs(rate) / (intervalH ?? 1) <= MAX_RATE_PER_HOUR;

/** A contract at twice its index, or at nothing, is a fault of the venue. */
export const isPremium = (premium: number): boolean => Math.abs(premium) <= MAX_PREMIUM;

/** Why the value must not be stored or shown, in words for the log; null when it may. `now` is venue-corrected, ms. */
export function refusalOf(value: VenueValue, now: number): string | null {
  const { rate, intervalH = null, mark = null, index = null, time } = value;
  if (intervalH !== null && !(Number.isFinite(intervalH) && intervalH > 0)) return `interval ${intervalH} h is not a length of time`;
  if (!isRate(rate, intervalH)) return `rate ${rate} per ${intervalH ?? 1} h is beyond 10 % per hour`;
  if (!isPrice(mark)) return `mark price ${mark} is not above 0`;
  if (!isPrice(index)) return `index price ${index} is not above 0`;
  if (!(time <= now + MAX_FUTURE_MS)) return `time ${time} is more than 5 minutes in the future`;
  if (time < EARLIEST_MS) return `time ${time} is before the first perpetual of 2016`;
  return null;
}
