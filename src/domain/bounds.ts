import { MINUTE_MS } from './time.ts';

const MAX_RATE_PER_HOUR = 0.1;
const MAX_PREMIUM = 1;
const MAX_FUTURE_MS = 5 * MINUTE_MS;
/** 2016-01-01: no perpetual is older, so an earlier time is a time in another unit. */
const EARLIEST_MS = 1_451_606_400_000;
/** No coin is priced beyond these in any money; what is would make sums of them infinite. */
const MIN_PRICE = 1e-12;
const MAX_PRICE = 1e12;
/** Coins or contracts: more than the supply of any coin. Quote money of a day: more than all of it. */
const MAX_SIZE = 1e18;
/** A price that is so many times what it was a poll ago is believed once the next poll says it too. */
const JUMP = 16;

/** What a venue says of an instrument; what it does not say is null or absent. */
export interface VenueAmounts {
  readonly mark?: number | null;
  readonly index?: number | null;
  /** The venue's own, mark/index - 1. */
  readonly premium?: number | null;
  readonly openInterest?: number | null;
  readonly volume24h?: number | null;
  /** Decimal per 8 h. */
  readonly interestPer8h?: number | null;
}

/** A rate as a venue gave it, with what it says beside it. */
export interface VenueValue extends VenueAmounts {
  /** Decimal per interval. */
  readonly rate: number;
  readonly intervalH?: number | null;
  /** When it was settled or observed, ms. */
  readonly time: number;
}

/** A price that may be stored and shown. */
export const isPrice = (price: number): boolean => price >= MIN_PRICE && price <= MAX_PRICE;

/** Of a rate without a stated interval the hour is the strictest reading. */
export const isRate = (rate: number, intervalH: number | null): boolean => Math.abs(rate) / (intervalH ?? 1) <= MAX_RATE_PER_HOUR;

/** A contract at twice its index, or at nothing, is a fault of the venue. */
export const isPremium = (premium: number): boolean => Math.abs(premium) <= MAX_PREMIUM;

/** Whether `after` is too far from `before`, both prices of one instrument, to be believed at once. */
export const isJump = (before: number, after: number): boolean => after >= before * JUMP || after * JUMP <= before;

/** Why a price is none, in words for the log; null where it is one. `what` names it: "mark price". */
export function priceFlaw(what: string, price: number): string | null {
  if (isPrice(price)) return null;
  return price > 0 && price < Infinity
    ? `${what} ${price} is beyond any price (${MIN_PRICE} to ${MAX_PRICE})`
    : `${what} ${price} is not above 0`;
}

const isSize = (size: number): boolean => size >= 0 && size <= MAX_SIZE;
const sizeFlaw = (what: string, size: number): string =>
  size > MAX_SIZE ? `${what} ${size} is beyond any size (${MAX_SIZE})` : `${what} ${size} is below 0`;

export interface AmountFlaw {
  readonly field: keyof VenueAmounts;
  readonly reason: string;
}

const NO_FLAWS: readonly AmountFlaw[] = [];

/** The amounts that must not be stored or shown, each judged by itself. */
export function amountFlaws(amounts: VenueAmounts): readonly AmountFlaw[] {
  // Nearly every row is sound, and a poll has thousands.
  return areSound(amounts) ? NO_FLAWS : flawsOf(amounts);
}

const areSound = ({ mark, index, premium, openInterest, volume24h, interestPer8h }: VenueAmounts): boolean =>
  isPrice(mark ?? MIN_PRICE) &&
  isPrice(index ?? MIN_PRICE) &&
  isPremium(premium ?? 0) &&
  isSize(openInterest ?? 0) &&
  isSize(volume24h ?? 0) &&
  isRate(interestPer8h ?? 0, 8);

function flawsOf({ mark, index, premium, openInterest, volume24h, interestPer8h }: VenueAmounts): AmountFlaw[] {
  const flaws: AmountFlaw[] = [];
  const judge = (field: keyof VenueAmounts, value: number | null | undefined, flawOf: (value: number) => string | null): void => {
    const reason = value === null || value === undefined ? null : flawOf(value);
    if (reason !== null) flaws.push({ field, reason });
  };
  judge('mark', mark, (price) => priceFlaw('mark price', price));
  judge('index', index, (price) => priceFlaw('index price', price));
  judge('premium', premium, (one) => (isPremium(one) ? null : `premium ${one} is beyond 100 %`));
  judge('openInterest', openInterest, (size) => (isSize(size) ? null : sizeFlaw('open interest', size)));
  judge('volume24h', volume24h, (size) => (isSize(size) ? null : sizeFlaw('24 h volume', size)));
  judge('interestPer8h', interestPer8h, (rate) => (isRate(rate, 8) ? null : `interest ${rate} per 8 h is beyond 10 % per hour`));
  return flaws;
}

/** A time (ms) at which a perpetual can have been settled or observed. `now` is venue-corrected, ms. */
export const isTime = (time: number, now: number): boolean => time >= EARLIEST_MS && time <= now + MAX_FUTURE_MS;

/** Why the value must not be stored or shown, in words for the log; null when it may. `now` is venue-corrected, ms. */
export function refusalOf(value: VenueValue, now: number): string | null {
  return rateRefusal(value, value.time, now) ?? amountFlaws(value)[0]?.reason ?? null;
}

/** The same of the rate alone, of `time`. */
export function rateRefusal({ rate, intervalH = null }: Pick<VenueValue, 'rate' | 'intervalH'>, time: number, now: number): string | null {
  if (intervalH !== null && !(Number.isFinite(intervalH) && intervalH > 0)) return `interval ${intervalH} h is not a length of time`;
  if (!isRate(rate, intervalH)) return `rate ${rate} per ${intervalH ?? 1} h is beyond 10 % per hour`;
  if (!(time <= now + MAX_FUTURE_MS)) return `time ${time} is more than 5 minutes in the future`;
  if (time < EARLIEST_MS) return `time ${time} is before the first perpetual of 2016`;
  return null;
}
