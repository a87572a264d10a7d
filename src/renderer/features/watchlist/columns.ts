import type { WatchRow } from '#bridge/contract.ts';
import type { RateUnit } from '#domain/units.ts';
import { formatRate, intervalText, perUnit, unitHeader } from '../../format/numbers.ts';
import { age, countdown, formatTime, zoneName, type Zone } from '../../format/time.ts';
import { payText, reasonOf, signalSentence, signalText } from '../../format/words.ts';

export type ColumnKey = 'asset' | 'venue' | 'rate' | 'ema' | 'd' | 'spark' | 'signal' | 'interval' | 'next' | 'age';

/** What cells need besides the row. */
export interface CellContext {
  readonly unit: RateUnit;
  readonly zone: Zone;
  readonly now: number;
  readonly venueName: (id: string) => string;
}

export interface Column {
  readonly key: ColumnKey;
  readonly title: string;
  readonly align: 'start' | 'end';
  /** The unit in the header, where the column has one. */
  readonly unit?: (unit: RateUnit) => string;
  readonly text: (row: WatchRow, context: CellContext) => string;
  /** What the figure is, in a sentence: shown when the cell has the pointer or the focus. */
  readonly explain: (row: WatchRow, context: CellContext) => string;
  /** Sort key; NaN and '' go last. */
  readonly sort: (row: WatchRow) => number | string;
}

const value = (x: number | null): number => x ?? Number.NaN;
const phaseRank = { quiet: 0, building: 1, fading: 2, active: 3 } as const;

export const columns: readonly Column[] = [
  {
    key: 'asset',
    title: 'Asset',
    align: 'start',
    text: (row) => row.instrument.asset,
    explain: (row, { venueName }) => {
      const { asset, symbol, venue, multiplier, quote, settle } = row.instrument;
      const times = multiplier === 1 ? '' : `, one unit is ${multiplier} ${asset}`;
      return `${asset}: ${symbol} on ${venueName(venue)}, quoted in ${quote}, settled in ${settle}${times}`;
    },
    sort: (row) => row.instrument.asset,
  },
  {
    key: 'venue',
    title: 'Venue',
    align: 'start',
    text: (row, { venueName }) => venueName(row.instrument.venue),
    explain: (row, { venueName }) => `${venueName(row.instrument.venue)}, symbol ${row.instrument.symbol}`,
    sort: (row) => row.instrument.venue,
  },
  {
    key: 'rate',
    title: 'Rate',
    align: 'end',
    unit: unitHeader,
    text: (row, { unit }) => formatRate(row.f, row.intervalH, unit),
    explain: (row, { unit }) => {
      const pay = payText(row.f, row.intervalH, unit);
      return pay === null ? `No running rate: ${reasonOf(row)}` : `Running rate, not settled yet: ${pay}`;
    },
    sort: (row) => value(row.f),
  },
  {
    key: 'ema',
    title: 'EMA',
    align: 'end',
    unit: unitHeader,
    text: (row, { unit }) => formatRate(row.ema, row.intervalH, unit),
    explain: (row, { unit }) =>
      row.ema === null
        ? `No average: ${reasonOf(row)}`
        : `Average of the last closed hours (EMA of ${row.params.n}): ${formatRate(row.ema, row.intervalH, unit)} % ${perUnit(unit, row.intervalH)}`,
    sort: (row) => value(row.ema),
  },
  {
    key: 'd',
    title: 'D',
    align: 'end',
    unit: unitHeader,
    text: (row, { unit }) => formatRate(row.d, row.intervalH, unit),
    explain: (row, { unit }) =>
      row.d === null
        ? `No divergence: ${reasonOf(row)}`
        : `Divergence, running rate less average: ${formatRate(row.d, row.intervalH, unit)} % ${perUnit(unit, row.intervalH)}, ${(Math.abs(row.d) / row.params.theta).toFixed(2)} of the threshold`,
    sort: (row) => value(row.d),
  },
  {
    key: 'spark',
    title: 'D, 7 days',
    align: 'start',
    text: () => '',
    explain: (row) =>
      `Divergence of the last 7 days on its own band; coloured where it left the band${row.sparkEnd === null ? ': no history yet' : ''}`,
    sort: (row) => (row.d === null ? Number.NaN : Math.abs(row.d) / row.params.theta),
  },
  {
    key: 'signal',
    title: 'Signal',
    align: 'start',
    text: (row, { now }) => (row.status === 'live' ? signalText(row.signal, row.params.k, now) : row.status),
    explain: (row, { zone }) => (row.status === 'live' ? signalSentence(row, zone) : reasonOf(row)),
    sort: (row) => phaseRank[row.signal.phase] * 1000 + row.signal.periods,
  },
  {
    key: 'interval',
    title: 'Int',
    align: 'end',
    text: (row) => intervalText(row.intervalH),
    explain: (row) =>
      row.intervalH === null
        ? 'Funding interval: not known yet'
        : `Funding is settled every ${intervalText(row.intervalH)} on this instrument now`,
    sort: (row) => value(row.intervalH),
  },
  {
    key: 'next',
    title: 'Next',
    align: 'end',
    text: (row, { now }) => (row.nextFundingAt === null ? '\u2013' : countdown(row.nextFundingAt - now)),
    explain: (row, { zone }) =>
      row.nextFundingAt === null
        ? 'Next settlement: not known yet'
        : `Next settlement ${formatTime(row.nextFundingAt, 'full', zone)} ${zoneName(zone, row.nextFundingAt)}`,
    sort: (row) => value(row.nextFundingAt),
  },
  {
    key: 'age',
    title: 'Age',
    align: 'end',
    text: (row, { now }) => (row.observedAt === null ? '\u2013' : age(now - row.observedAt)),
    explain: (row, { zone, venueName }) =>
      row.observedAt === null
        ? `${venueName(row.instrument.venue)} has not answered yet`
        : `Observed ${formatTime(row.observedAt, 'second', zone)} ${zoneName(zone, row.observedAt)} from ${venueName(row.instrument.venue)}`,
    sort: (row) => value(row.observedAt),
  },
];

export const columnOf = (key: ColumnKey): Column => columns.find((column) => column.key === key) ?? (columns[0] as Column);
