import { shown } from '#domain/import/cells.ts';
import { UsageError } from './usage.ts';

export const COLUMNS = ['ts_ms', 'rate', 'interval_h', 'mark_price', 'index_price', 'open_interest'] as const;
export type Column = (typeof COLUMNS)[number];

/** Other names of the columns, as exchanges' dumps, web exports and ccxt write them, without case and separators; best first. */
const ALIASES: Readonly<Record<Column, readonly string[]>> = {
  ts_ms: [
    'tsms',
    'timestampms',
    'timems',
    'timestamp',
    'ts',
    'fundingtime',
    'calctime',
    'settlementtime',
    'settletime',
    'fundingratetimestamp',
    'time',
    'datetime',
    'timeutc',
    'date',
  ],
  rate: ['rate', 'fundingrate', 'lastfundingrate', 'realizedrate'],
  interval_h: ['intervalh', 'fundingintervalhours', 'fundingintervalhour', 'fundinginterval', 'intervalhours', 'interval'],
  mark_price: ['markprice', 'mark'],
  index_price: ['indexprice'],
  open_interest: ['openinterest'],
};
const SYMBOLS: readonly string[] = [
  'symbol',
  'symbols',
  'contract',
  'contracts',
  'instrument',
  'instrumentid',
  'instrumentname',
  'contractsymbol',
  'instid',
  'pair',
  'market',
  'coin',
];
const CANDLES: readonly string[] = ['open', 'high', 'low', 'close'];
/** In the name of a column of rates: its values are percent. */
const PERCENT = /%|pct|percent/iu;

/** Which cell of a line is what. */
export interface Layout {
  /** By the place in the line; null: not read. */
  readonly order: readonly (Column | null)[];
  readonly names: readonly string[];
  /** The place of the instrument's name, -1 where no column says it. */
  readonly symbolAt: number;
  /** The rates are percent by the name of their column. */
  readonly percent: boolean;
  /** The times are milliseconds by the name of their column. */
  readonly milliseconds: boolean;
}

/** Reads the names of the columns. Throws UsageError where the line holds none, lacks one or has one twice. */
export function layoutOf(names: readonly string[], file: string): Layout {
  const plain = names.map(plainName);
  const placeOf = (column: Column): number => {
    const exact = placesOf(names, (name) => name.toLowerCase() === column);
    if (exact.length > 1) throw new UsageError(`${file} has the column ${column} twice.`);
    if (exact[0] !== undefined) return exact[0];
    const [first, second] = ALIASES[column].flatMap((alias) => placesOf(plain, (name) => name === alias));
    // A time is often there twice, as a number and in words; the first of the names above is the more exact one.
    if (first !== undefined && second !== undefined && column !== 'ts_ms')
      throw new UsageError(
        `${file} has two columns that may be ${column}: ${names[first]} and ${names[second]}. Name one of them ${column}.`,
      );
    return first ?? -1;
  };
  const places = new Map(COLUMNS.map((column) => [placeOf(column), column]));
  places.delete(-1);
  for (const needed of ['ts_ms', 'rate'] as const) {
    if (![...places.values()].includes(needed)) throw new UsageError(missing(needed, names, plain, file));
  }
  const order = names.map((_, place) => places.get(place) ?? null);
  return {
    order,
    names,
    symbolAt: plain.findIndex((name) => SYMBOLS.includes(name)),
    percent: PERCENT.test(names[order.indexOf('rate')] ?? ''),
    milliseconds: (plain[order.indexOf('ts_ms')] ?? '').endsWith('ms'),
  };
}

/** Letters and digits alone, without a unit: "Funding Rate (%)" is fundingrate, "rate (per interval)" is rate. */
const plainName = (name: string): string =>
  name
    .toLowerCase()
    .replace(/\([^()]*\)/gu, '')
    .replace(/%|pct|percent/gu, '')
    .replace(/[^\p{L}\p{N}]/gu, '');

const placesOf = (names: readonly string[], is: (name: string) => boolean): number[] =>
  names.flatMap((name, place) => (is(name) ? [place] : []));

function missing(column: 'ts_ms' | 'rate', names: readonly string[], plain: readonly string[], file: string): string {
  const line = `its first line is ${shown(names.join(','))}`;
  if (names.some((name) => /^[\p{P}\p{S}\s]*\d/u.test(name)) && !plain.some((name) => COLUMNS.some((one) => ALIASES[one].includes(name))))
    return `${file} has no header line; ${line}. Write the names of the columns above it, such as ts_ms,rate,interval_h: by their place alone numbers are not taken for rates.`;
  if (!plain.some((name) => ALIASES.rate.includes(name)) && CANDLES.every((name) => plain.includes(name)))
    return `${file} has no column of rates; ${line}. It looks like candles, which hold no settlements.`;
  const known = column === 'ts_ms' ? 'ts_ms, timestamp, fundingTime, calc_time, time' : 'rate, fundingRate, last_funding_rate';
  return `${file} has no column ${column}; ${line}. Names that are understood: ${known}.`;
}
