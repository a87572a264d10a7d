import type { ClosedHour } from './hour.ts';
import type { NumberedTerms } from './terms.ts';

/** A row as better-sqlite3's raw mode gives it: numbers and NULLs, in the order of the statement. */
export type RawRow = readonly (number | null)[];

/** Names of columns, each with what the statement says for it; the first is the one that rows ascend in. */
export type Columns<K extends string> = readonly (readonly [name: K, sql: string])[];

export const sqlOf = (columns: Columns<string>): string => columns.map(([, column]) => column).join(', ');
export const namesOf = <K extends string>(columns: Columns<K>): K[] => columns.map(([name]) => name);

/** Those that are asked for, and the first; all where nothing is said. */
export const chosen = <K extends string>(columns: Columns<K>, only?: readonly string[]): Columns<K> =>
  only === undefined ? columns : columns.filter(([name], i) => i === 0 || only.includes(name));

/** What is made of columns is made once for each choice of them. */
export function byColumns<K extends string, T>(make: (columns: Columns<K>) => T): (columns: Columns<K>) => T {
  const made = new Map<string, T>();
  return (columns) => {
    const key = namesOf(columns).join(' ');
    const one = made.get(key) ?? make(columns);
    made.set(key, one);
    return one;
  };
}

/**
 * Puts later words in the place of the first ones. `keys` ascend; so do the rows, whose first field is a key and whose others are the
 * new values of the columns in turn (undefined: not asked for); of several with one key the last stays.
 */
export function overlay(keys: Float64Array, columns: readonly (Float64Array | undefined)[], later: readonly RawRow[]): void {
  let i = 0;
  for (const row of later) {
    const key = row[0] ?? NaN;
    while ((keys[i] ?? Infinity) < key) i++;
    if (keys[i] !== key) continue;
    for (const [c, column] of columns.entries()) if (column) column[i] = row[c + 1] ?? NaN;
  }
}

/** Fields of a later word on a settlement behind its key: interval, mark, premium, rate. */
export const SETTLED_LATER = `key, interval_h, mark, premium, coalesce(rate, (SELECT s.rate FROM settled s
  WHERE s.instrument = settled_later.instrument AND s.key = settled_later.key)) AS rate`;

export const SETTLED_COLUMNS = [
  ['key', 'key'],
  ['stamp', 'stamp'],
  ['rate', 'rate'],
  ['intervalH', 'interval_h'],
  ['mark', 'mark'],
  ['premium', 'premium'],
  ['learntAt', 'learnt_at'],
] as const;

export const HOUR_COLUMNS = [
  ['close', 'close'],
  ['observedAt', 'observed_at'],
  ['rate', 'rate'],
  ['intervalH', 'interval_h'],
  ['mark', 'mark'],
  ['index', 'idx'],
  ['openInterest', 'open_interest'],
  ['volume24h', 'volume_24h'],
  ['rateMin', 'rate_min'],
  ['rateMax', 'rate_max'],
  ['premium', 'premium'],
  ['premiumMin', 'premium_min'],
  ['premiumMax', 'premium_max'],
  ['coverage', 'covered_ms / 3600000.0'],
  ['nextFundingAt', 'close + next_in_ms'],
] as const;

/** What hours were observed under, by the numbers of their terms. One of before terms were numbered knows them by its time. `terms` as they were learnt. */
export function termsOf(
  numbers: Float64Array,
  observedAt: Float64Array,
  terms: readonly NumberedTerms[],
): Record<'interestPer8h' | 'cap' | 'floor', Float64Array> {
  const byNumber = new Map(terms.map((one) => [one.number, one]));
  const count = numbers.length;
  const [interestPer8h, cap, floor] = [new Float64Array(count), new Float64Array(count), new Float64Array(count)];
  let [last, held]: [number, NumberedTerms | undefined] = [NaN, undefined];
  for (const [i, number] of numbers.entries()) {
    if (Number.isNaN(number)) held = terms.findLast(({ from }) => from <= (observedAt[i] ?? -Infinity));
    else if (number !== last) held = byNumber.get(number);
    last = number;
    interestPer8h[i] = held?.interestPer8h ?? NaN;
    cap[i] = held?.cap ?? NaN;
    floor[i] = held?.floor ?? NaN;
  }
  return { interestPer8h, cap, floor };
}

export const SNAPSHOT_COLUMNS = [
  ['observedAt', 'ts'],
  ['rate', 'rate'],
  ['intervalH', 'interval_h'],
  ['mark', 'mark'],
  ['index', 'idx'],
  ['openInterest', 'open_interest'],
  ['volume24h', 'volume_24h'],
  ['nextFundingAt', 'next_funding_at'],
] as const;

/** In the order of HOUR_COLUMNS, with the covered share instead of milliseconds; then its terms. */
export const hourRow = (hour: ClosedHour, terms: number | null): RawRow => [
  hour.close,
  hour.observedAt,
  hour.snapshot.rate,
  hour.snapshot.intervalH,
  hour.snapshot.mark,
  hour.snapshot.index,
  hour.snapshot.openInterest,
  hour.snapshot.volume24h,
  hour.rateMin,
  hour.rateMax,
  hour.premium,
  hour.premiumMin,
  hour.premiumMax,
  hour.coveredMs / 3_600_000,
  hour.snapshot.nextFundingAt,
  terms,
];
