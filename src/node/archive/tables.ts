/** A table whose rows are archived by month; both stores have it with the same columns. */
export interface ArchivedTable {
  readonly table: string;
  /** Of its files. */
  readonly name: string;
  /** The column that says which month. */
  readonly time: string;
  readonly columns: readonly ArchivedColumn[];
  /** Rows of one time are told apart by it. */
  readonly then?: string;
  /** For who reads the files by themselves: worked out from other tables, and left out where they are read back. */
  readonly beside?: readonly (readonly [name: string, type: ColumnType, sql: string])[];
}

export type ColumnType = 'time' | 'number' | 'bytes' | 'text';
export type ArchivedColumn = readonly [name: string, type: ColumnType];

const time = (...names: readonly string[]): ArchivedColumn[] => names.map((name) => [name, 'time']);
const number = (...names: readonly string[]): ArchivedColumn[] => names.map((name) => [name, 'number']);

/** All that grows without an end. Polls and every book go by themselves after days; what remains in the database is small. */
export const ARCHIVED: readonly ArchivedTable[] = [
  {
    table: 'settled',
    name: 'settled',
    time: 'key',
    columns: [
      ...time('key', 'stamp'),
      ...number('rate', 'interval_h', 'interval_source', 'mark'),
      ...time('learnt_at'),
      ...number('premium', 'import'),
    ],
  },
  {
    table: 'settled_later',
    name: 'settled-later',
    time: 'key',
    then: 'version',
    columns: [
      ...time('key'),
      ...number('version'),
      ...time('learnt_at'),
      ...number('interval_h', 'interval_source', 'mark', 'premium', 'import', 'rate'),
    ],
  },
  {
    table: 'settled_seen',
    name: 'settled-seen',
    time: 'key',
    columns: [...time('key'), ...number('interval_h', 'seen60', 'seen15', 'seen5', 'last'), ...time('last_at')],
  },
  {
    table: 'prices',
    name: 'prices',
    time: 'close',
    columns: [...time('close'), ...number('mark', 'idx', 'last', 'learnt')],
    beside: [
      ['learnt_at', 'time', 'CASE WHEN learnt >= 0 THEN close + learnt ELSE (SELECT learnt_at FROM batches WHERE number = -learnt) END'],
    ],
  },
  {
    table: 'prices_later',
    name: 'prices-later',
    time: 'close',
    then: 'version',
    columns: [...time('close'), ...number('version'), ...time('learnt_at'), ...number('mark', 'idx', 'last', 'import')],
  },
  {
    table: 'hour_cold',
    name: 'hours',
    time: 'close',
    columns: [
      ...time('close', 'observed_at'),
      ...number('rate', 'interval_h', 'mark', 'idx', 'open_interest', 'volume_24h', 'rate_min', 'rate_max'),
      ...number('premium', 'premium_min', 'premium_max', 'covered_ms', 'next_in_ms', 'terms', 'late_ms'),
    ],
    beside: [
      ['learnt_at', 'time', 'close + late_ms'],
      ['cap', 'number', '(SELECT cap FROM terms WHERE number = hour_cold.terms)'],
      ['floor', 'number', '(SELECT floor FROM terms WHERE number = hour_cold.terms)'],
      ['interest_per_8h', 'number', '(SELECT interest_per_8h FROM terms WHERE number = hour_cold.terms)'],
    ],
  },
  {
    table: 'book_hour',
    name: 'books',
    time: 'ts',
    columns: [...time('ts'), ...number('mid', 'bids'), ['levels', 'bytes']],
  },
];

/** A month is archived once it has been over for so long: polls of it are gone, and what comes late has come. */
export const LEAST_DAYS = 35;

/** First moment of a month (UTC) and of the next one: rows of [from, to) are its. */
export interface Month {
  /** '2025-06'. */
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

/** The month that `at` (ms) lies in. */
export function monthOf(at: number): Month {
  const date = new Date(at);
  const from = Date.UTC(date.getUTCFullYear(), date.getUTCMonth());
  return { name: new Date(from).toISOString().slice(0, 7), from, to: Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1) };
}
