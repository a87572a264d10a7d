import type { Instrument } from '#domain/instrument.ts';
import type { Snapshot } from '#core/venue.ts';
import { HistoryError } from './errors.ts';

/**
 * SQLite stores NaN as NULL and Infinity as it is, both without a word, so every number is looked at before it is bound.
 * Sanity bounds of the domain are the callers' business; here a bad number is a defect and costs its row, of a poll, or its transaction.
 */
const invalid = (what: string, value: unknown, must: string): HistoryError =>
  new HistoryError('invalid', `${what} is ${String(value)}, which cannot be stored: it ${must}.`, `${what} is ${String(value)}: ${must}`);

const isTime = (value: number | null): boolean => value === null || (Number.isSafeInteger(value) && value >= 0);
const isPositive = (value: number | null): boolean => value === null || (Number.isFinite(value) && value > 0);
const isNotNegative = (value: number | null): boolean => value === null || (Number.isFinite(value) && value >= 0);

export function time(value: number, what: string): number {
  if (!Number.isSafeInteger(value) || value < 0) throw invalid(what, value, 'must be whole milliseconds since 1970');
  return value;
}

export function finite(value: number, what: string): number {
  if (!Number.isFinite(value)) throw invalid(what, value, 'must be a finite number');
  return value;
}

export function positive(value: number | null, what: string): number | null {
  if (!isPositive(value)) throw invalid(what, value, 'must be above 0, or null for unknown');
  return value;
}

/** Bounds of a read, (from, to]; infinite ones are allowed. */
export function bound(value: number, what: string): number {
  if (Number.isNaN(value)) throw invalid(what, value, 'must be a number');
  return value;
}

/** Thousands of these at every poll: words are put together only for a value that is refused. */
export function checkSnapshot(snapshot: Snapshot, id: string): void {
  const {
    rate,
    intervalH,
    nextFundingAt,
    mark,
    index,
    openInterest,
    volume24h,
    premium = null,
    interestPer8h,
    cap = null,
    floor = null,
  } = snapshot;
  const refused = (name: keyof Snapshot, must: string): Error => invalid(`${id} ${name}`, snapshot[name], `${must}, or null for unknown`);
  if (!Number.isFinite(rate)) throw invalid(`${id} rate`, rate, 'must be a finite number');
  if (interestPer8h !== null && !Number.isFinite(interestPer8h)) throw refused('interestPer8h', 'must be a finite number');
  if (cap !== null && !(cap > 0 && cap < Infinity)) throw refused('cap', 'must be above 0');
  if (floor !== null && !(floor < 0 && floor > -Infinity)) throw refused('floor', 'must be below 0');
  if (premium !== null && !Number.isFinite(premium)) throw refused('premium', 'must be a finite number');
  if (!isPositive(intervalH)) throw refused('intervalH', 'must be above 0');
  if (!isPositive(mark)) throw refused('mark', 'must be above 0');
  if (!isPositive(index)) throw refused('index', 'must be above 0');
  if (!isNotNegative(openInterest)) throw refused('openInterest', 'must be 0 or more');
  if (!isNotNegative(volume24h)) throw refused('volume24h', 'must be 0 or more');
  if (!isTime(nextFundingAt)) throw refused('nextFundingAt', 'must be whole milliseconds since 1970');
}

export function checkInstrument(instrument: Instrument): void {
  positive(instrument.multiplier, `${instrument.id} multiplier`);
  positive(instrument.contractSize, `${instrument.id} contract size`);
  for (const at of [instrument.listedAt, instrument.delistedAt])
    if (!isTime(at))
      throw invalid(`${instrument.id} listed or delisted at`, at, 'must be whole milliseconds since 1970, or null for unknown');
  if (instrument.id !== `${instrument.venue}:${instrument.symbol}`) throw invalid('instrument id', instrument.id, 'must be venue:symbol');
}

export function checkSpan(span: { from: number; to: number }, what: string): void {
  time(span.from, `${what} from`);
  time(span.to, `${what} to`);
  if (span.to < span.from) throw invalid(`${what} to`, span.to, `must not be before its from, ${span.from}`);
}
