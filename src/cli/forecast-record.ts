import { basisPoints, foretellerName, momentWords, recordWords } from '#bridge/forecast.ts';
import { historyAsOf } from '#core/read/history-as-of.ts';
import { forecastRecord, type ForecastRecord, type RecordInputs } from '#domain/forecast-record.ts';
import { HAS_VALUE } from '#domain/metrics/reason.ts';
import { evaluate } from '#domain/metrics/run.ts';
import type { Answer } from './command.ts';
import type { MetricRequest } from './metric-args.ts';
import type { Read } from './metrics.ts';
import { withStoredHistory } from './stored-history.ts';

/** How well the settlements of (from, to] were foretold, from the rows of the forecast itself and the settlements beside them. */
export function recordOf({ metric, params, from, to }: MetricRequest, { frame }: Read, settled: RecordInputs['settled']): ForecastRecord {
  const { value, reason } = evaluate(metric, params, frame);
  const known = value.map((one, row) => (reason[row] === HAS_VALUE ? one : NaN));
  const rows = [...settled.key.keys()].filter(
    (i) => (settled.key[i] ?? 0) > (from ?? -Infinity) && (settled.key[i] ?? 0) <= (to ?? Infinity),
  );
  const first = rows[0] ?? 0;
  const part = (column: Float64Array): Float64Array => column.subarray(first, first + rows.length);
  const { key, rate, intervalH, seen60, seen15, seen5 } = settled;
  return forecastRecord({
    settled: {
      ...{ key: part(key), rate: part(rate), intervalH: part(intervalH) },
      ...{ seen60: part(seen60), seen15: part(seen15), seen5: part(seen5) },
    },
    forecast: { time: frame.time, value: known },
  });
}

/** Settlements of the local history with what polls saw before each, as of now or of a moment of the past. */
export const seenOfHistory = (request: MetricRequest): Promise<RecordInputs['settled']> =>
  withStoredHistory(request, ({ history, now }) =>
    historyAsOf(history, request.asOf).settledSeen(`${request.venue ?? ''}:${request.symbol ?? ''}`, -1, request.to ?? now),
  );

export function recordAnswer(record: ForecastRecord, notes: readonly string[]): Answer {
  const percent = (share: number | null): string => (share === null ? '-' : `${(share * 100).toFixed(0)} %`);
  const lines = record.scores
    .filter(({ n }) => n > 0)
    .map(({ moment, by, n, error, side, turn, skill }) =>
      [
        momentWords(moment),
        foretellerName(by),
        error === null ? '-' : basisPoints(error),
        percent(side),
        percent(turn),
        percent(skill),
        n,
      ].join('\t'),
    );
  const text = (): string =>
    [recordWords(record), 'before\tforetold by\toff by\twho pays\tup or down\tbetter than no change\tn', ...lines].join('\n');
  return { data: record, text, notes };
}
