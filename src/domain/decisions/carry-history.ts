import { ZERO, exact, type Amount } from './exact.ts';
import { figure, noFigure, type Figure } from './figure.ts';
import { MAX_RATE_PER_HOUR, RATE_PER_HOUR, readNumber, type Reader } from './reader.ts';

/** How steady the sign of a spread was; gaps are skipped. */
export interface SignRecord {
  /** Hours whose spread is known, those of zero among them. */
  readonly hours: number;
  /** Those of them with a sign: zero has none. */
  readonly signed: number;
  /** Changes of sign between neighbours among those with one. */
  readonly flips: number;
  readonly positive: number;
}

/** `spread`: NaN a gap. */
export function signRecord(spread: Float64Array): SignRecord {
  let [hours, signed, flips, positive, last] = [0, 0, 0, 0, 0];
  for (const value of spread) {
    if (Number.isNaN(value)) continue;
    hours++;
    const sign = Math.sign(value);
    if (sign === 0) continue;
    if (last !== 0 && sign !== last) flips++;
    if (sign > 0) positive++;
    signed++;
    last = sign;
  }
  return { hours, signed, flips, positive };
}

/** So many bad values are named one by one. */
const NAMED = 3;
const MOST = Number(MAX_RATE_PER_HOUR);

/** Hourly spreads per hour as a column, NaN a gap. Only null (in a column NaN) is a gap: what is no number or no rate is a problem. */
export function readHistory(
  reader: Reader,
  field: string,
  given: readonly (Amount | null)[] | Float64Array | null | undefined,
): Float64Array {
  if (given === null || given === undefined) return new Float64Array(0);
  if (given instanceof Float64Array && given.every((value) => Number.isNaN(value) || Math.abs(value) <= MOST)) return given;
  let faults = 0;
  const values = Float64Array.from(given, (value, i) => {
    if (value === null || (typeof value === 'number' && Math.abs(value) <= MOST)) return value ?? NaN;
    const read = given instanceof Float64Array && Number.isNaN(value) ? exact(NaN) : readNumber(value, RATE_PER_HOUR);
    if (!('wrong' in read)) return read.toNumber();
    if (faults++ < NAMED) reader.refuse(`${field}.${i}`, read.wrong, `${read.right} An hour that is not known is null.`);
    return NaN;
  });
  if (faults > NAMED) reader.refuse(field, `${faults - NAMED} more of its values cannot be used.`, RATE_PER_HOUR.right);
  return values;
}

/** Share of sign flips in the past, and of the hours in which this carry (long, short as chosen) would have paid. */
export function historyFigures(spread: Float64Array): { flipShare: Figure; againstShare: Figure } {
  const { hours, signed, flips, positive } = signRecord(spread);
  if (hours < 2) {
    const none = noFigure('', 'No history of the spread is stored.');
    return { flipShare: none, againstShare: none };
  }
  const against = signed - positive;
  return {
    flipShare:
      signed < 2
        ? noFigure('', 'The spread was 0 in nearly every stored hour: zero has no sign.')
        : figure('', '{flips}/({signed} − 1)', { flips, signed }, ZERO.plus(flips).div(signed - 1)),
    againstShare: figure('', '{against}/{hours}', { against, hours }, exact(against).div(hours)),
  };
}
