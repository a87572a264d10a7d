import { unknownColumns } from '#domain/columns.ts';
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

/** Columns by name from raw rows in the same order; NULL becomes NaN. Row by row: a row's values lie together in memory, a column's do not. */
export function toColumns<K extends string>(names: readonly K[], rows: readonly RawRow[]): Record<K, Float64Array> {
  const next = unknownColumns(names.length, rows.length);
  const columns = names.map(() => next());
  for (let r = 0; r < rows.length; r++) {
    const row = rows[r];
    for (let c = 0; c < columns.length; c++) {
      const column = columns[c];
      if (column) column[r] = row?.[c] ?? NaN;
    }
  }
  return Object.fromEntries(names.map((name, c) => [name, columns[c]])) as Record<K, Float64Array>;
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

/** Rows of the cold and the hot table as one, ascending in the first field; of two with one key the cold one came first and stays. */
export function joinAscending(cold: RawRow[], hot: RawRow[]): RawRow[] {
  if (hot.length === 0) return cold;
  const last = cold.at(-1)?.[0] ?? -Infinity;
  if ((hot[0]?.[0] ?? -Infinity) > last) return cold.concat(hot);
  const byKey = new Map(hot.concat(cold).map((row) => [row[0], row]));
  return [...byKey.values()].sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0));
}

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

/** Behind HOUR_COLUMNS in a row of an hour: the number of its terms. */
export const TERMS_AT = HOUR_COLUMNS.length;

/** What rows of hours were observed under. One of before terms were numbered knows them by its time. `terms` as they were learnt. */
export function termsOf(rows: readonly RawRow[], terms: readonly NumberedTerms[]): Record<'interestPer8h' | 'cap' | 'floor', Float64Array> {
  const byNumber = new Map(terms.map((one) => [one.number, one]));
  const [interestPer8h, cap, floor] = [new Float64Array(rows.length), new Float64Array(rows.length), new Float64Array(rows.length)];
  let [last, held]: [number | null | undefined, NumberedTerms | undefined] = [undefined, undefined];
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i];
    const number = row?.[TERMS_AT];
    if (typeof number !== 'number') held = terms.findLast(({ from }) => from <= (row?.[1] ?? -Infinity));
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
