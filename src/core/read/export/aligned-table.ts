import type { MetricChoice } from '#bridge/settings.ts';
import type { MetricSeries } from '#bridge/series.ts';
import { aligned } from '#domain/explore/distribution.ts';
import type { InstrumentId } from '#domain/instrument.ts';
import { findMetric } from '#domain/metrics/index.ts';
import type { SeriesTable } from './series-table.ts';

export interface NamedSeries {
  readonly instrument: InstrumentId;
  readonly choice: MetricChoice;
  readonly series: Pick<MetricSeries, 'time' | 'value'>;
}

/** In units of the catalogue; rates are decimals. */
const UNITS: Readonly<Record<string, string>> = {
  'rate-per-hour': 'per h',
  'rate-per-interval': 'per interval',
  'rate-sum': 'sum of rates',
  'rate-per-year': 'per year',
  'percent-rank': 'share',
  hours: 'h',
  count: '',
  label: 'code',
};

/** Series on one time axis, a column each: `binance:BTCUSDT funding (per h, derived)`. Rows in (from, to]. */
export function alignedTable(all: readonly NamedSeries[], from: number | null, to: number | null): SeriesTable {
  const { time, values } = aligned(all.map(({ series }) => series));
  const rows = [...time.keys()].filter((i) => (time[i] ?? 0) > (from ?? -Infinity) && (time[i] ?? 0) <= (to ?? Infinity));
  const within = (column: Float64Array): Float64Array => Float64Array.from(rows, (i) => column[i] ?? NaN);
  return [
    { name: 'time', unit: '', type: 'time', origin: 'measured', values: within(time) },
    ...values.map((column, i) => {
      const { instrument = '', choice = { metric: '', params: {} } } = all[i] ?? {};
      const params = Object.entries(choice.params).map(([name, value]) => `${name}=${value}`);
      const unit = findMetric(choice.metric)?.unit ?? '';
      return {
        name: [instrument, choice.metric, ...params].join(' '),
        unit: UNITS[unit] ?? unit,
        type: 'number' as const,
        // Settled rates are what was charged; all other metrics are worked out here.
        origin: choice.metric === 'settled-rate' ? ('measured' as const) : ('derived' as const),
        values: within(column),
      };
    }),
  ];
}
