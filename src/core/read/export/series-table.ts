import type { HourColumns, PriceColumns, SettledColumns, SnapshotColumns } from '#domain/columns.ts';

interface ColumnHead {
  readonly name: string;
  /** What it is counted in; empty for a plain number. */
  readonly unit: string;
  /** As a venue stated or this app observed it, or worked out here from that. */
  readonly origin: 'measured' | 'derived';
}

/** One column of a table that leaves the app. Times are UTC ms, NaN is "not known" everywhere, an empty text too. */
export type TableColumn = ColumnHead &
  ({ readonly type: 'time' | 'number'; readonly values: Float64Array } | { readonly type: 'text'; readonly values: readonly string[] });

export type SeriesTable = readonly TableColumn[];

/** `rate (per interval)`, `premium_mean (fraction, derived)`: the same in every format, so that a file says its units itself. */
export function headerOf({ name, unit, type, origin }: Pick<TableColumn, 'name' | 'unit' | 'type' | 'origin'>): string {
  const says = [type === 'time' ? 'UTC' : unit, origin === 'derived' ? 'derived' : ''].filter((one) => one !== '');
  return says.length === 0 ? name : `${name} (${says.join(', ')})`;
}

const time = (name: string, values: Float64Array): TableColumn => ({ name, unit: '', type: 'time', origin: 'measured', values });
const measured = (name: string, unit: string, values: Float64Array): TableColumn => ({
  name,
  unit,
  type: 'number',
  origin: 'measured',
  values,
});
const derived = (name: string, unit: string, values: Float64Array): TableColumn => ({
  name,
  unit,
  type: 'number',
  origin: 'derived',
  values,
});

/** What an instrument's columns are counted in. */
export interface TableUnits {
  /** Prices and quote money. */
  readonly money: string;
  /** Open interest. */
  readonly coin: string;
}

/** Settled rates, a row per settlement. */
export const settledTable = (
  { key, stamp, rate, intervalH, mark, premium, learntAt }: SettledColumns,
  { money }: TableUnits,
): SeriesTable => [
  time('time', key),
  measured('rate', 'per interval', rate),
  measured('interval_h', 'h', intervalH),
  measured('mark_price', money, mark),
  measured('premium', 'fraction', premium),
  time('stamp', stamp),
  time('learnt', learntAt),
];

/** Prices of the venue's own candles, a row per hour's close. */
export const priceTable = ({ close, mark, index, last, learntAt }: PriceColumns, { money }: TableUnits): SeriesTable => [
  time('time', close),
  measured('mark_price', money, mark),
  measured('index_price', money, index),
  measured('last_price', money, last),
  time('learnt', learntAt),
];

/** Hours as this app observed them. */
export const hourTable = (hours: HourColumns, { money, coin }: TableUnits): SeriesTable => [
  time('time', hours.close),
  time('observed', hours.observedAt),
  measured('running_rate', 'per interval', hours.rate),
  measured('interval_h', 'h', hours.intervalH),
  measured('mark_price', money, hours.mark),
  measured('index_price', money, hours.index),
  measured('open_interest', coin, hours.openInterest),
  measured('volume_24h', money, hours.volume24h),
  time('next_settlement', hours.nextFundingAt),
  measured('interest', 'per 8 h', hours.interestPer8h),
  measured('cap', 'per interval', hours.cap),
  measured('floor', 'per interval', hours.floor),
  derived('running_rate_min', 'per interval', hours.rateMin),
  derived('running_rate_max', 'per interval', hours.rateMax),
  derived('premium_mean', 'fraction', hours.premium),
  derived('premium_min', 'fraction', hours.premiumMin),
  derived('premium_max', 'fraction', hours.premiumMax),
  derived('coverage', 'share of the hour', hours.coverage),
];

/** Every observation that is kept. */
export const pollTable = (polls: SnapshotColumns, { money, coin }: TableUnits): SeriesTable => [
  time('time', polls.observedAt),
  measured('running_rate', 'per interval', polls.rate),
  measured('interval_h', 'h', polls.intervalH),
  measured('mark_price', money, polls.mark),
  measured('index_price', money, polls.index),
  measured('open_interest', coin, polls.openInterest),
  measured('volume_24h', money, polls.volume24h),
  time('next_settlement', polls.nextFundingAt),
];
