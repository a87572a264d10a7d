import type { Instrument } from '#domain/instrument.ts';
import type { Snapshot } from '#core/venue.ts';
import { HistoryError } from './errors.ts';

/**
 * SQLite stores NaN as NULL and Infinity as it is, both without a word, so every number is looked at before it is bound.
 * Sanity bounds of the domain are the callers' business; here a bad number is a defect and stops its whole transaction.
 */
const invalid = (what: string, value: unknown, must: string): HistoryError =>
  new HistoryError(
    'invalid',
    'A value that cannot be stored was refused. The log has the details.',
    `${what} is ${String(value)}: ${must}`,
  );

export function time(value: number, what: string): number {
  if (!Number.isSafeInteger(value) || value < 0) throw invalid(what, value, 'must be whole milliseconds since 1970');
  return value;
}

export function optionalTime(value: number | null, what: string): number | null {
  return value === null ? null : time(value, what);
}

export function finite(value: number, what: string): number {
  if (!Number.isFinite(value)) throw invalid(what, value, 'must be a finite number');
  return value;
}

export function positive(value: number | null, what: string): number | null {
  if (value !== null && !(Number.isFinite(value) && value > 0)) throw invalid(what, value, 'must be above 0, or null for unknown');
  return value;
}

function notNegative(value: number | null, what: string): number | null {
  if (value !== null && !(Number.isFinite(value) && value >= 0)) throw invalid(what, value, 'must be 0 or more, or null for unknown');
  return value;
}

/** Bounds of a read, (from, to]; infinite ones are allowed. */
export function bound(value: number, what: string): number {
  if (Number.isNaN(value)) throw invalid(what, value, 'must be a number');
  return value;
}

export function checkSnapshot(snapshot: Snapshot, id: string): void {
  finite(snapshot.rate, `${id} rate`);
  positive(snapshot.intervalH, `${id} intervalH`);
  optionalTime(snapshot.nextFundingAt, `${id} nextFundingAt`);
  positive(snapshot.mark, `${id} mark`);
  positive(snapshot.index, `${id} index`);
  notNegative(snapshot.openInterest, `${id} openInterest`);
  notNegative(snapshot.volume24h, `${id} volume24h`);
  if (snapshot.interestPer8h !== null) finite(snapshot.interestPer8h, `${id} interestPer8h`);
}

export function checkInstrument(instrument: Instrument): void {
  positive(instrument.multiplier, `${instrument.id} multiplier`);
  if (instrument.id !== `${instrument.venue}:${instrument.symbol}`) throw invalid('instrument id', instrument.id, 'must be venue:symbol');
}

export function checkSpan(span: { from: number; to: number }, what: string): void {
  time(span.from, `${what} from`);
  time(span.to, `${what} to`);
  if (span.to < span.from) throw invalid(`${what} to`, span.to, `must not be before its from, ${span.from}`);
}
