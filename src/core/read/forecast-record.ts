import { forecastRecord, type ForecastRecord } from '#domain/forecast-record.ts';
import type { InstrumentId } from '#domain/instrument.ts';
import { HOUR_MS } from '#domain/time.ts';
import { fromHistory } from '../from-history.ts';
import type { HistoryStore } from '../ports/history.ts';
import type { Answers } from './answers.ts';

/** The newest settlements are enough: two years of 8 h, three months of hours. */
const MOST_SETTLEMENTS = 2000;
const LOOK_BACK_MS = 2 * 366 * 24 * HOUR_MS;
const CHOICE = { metric: 'forecast', params: {} };

/** The record of an instrument's settlements up to a time, over the same rows as the forecast itself. */
export async function readForecastRecord(
  store: Pick<HistoryStore, 'settledSeen'>,
  series: Answers['series'],
  instrument: InstrumentId,
  to: number,
): Promise<ForecastRecord> {
  const all = await fromHistory(store.settledSeen(instrument, to - LOOK_BACK_MS, to));
  const from = Math.max(0, all.key.length - MOST_SETTLEMENTS);
  const { key, rate, intervalH, seen60, seen15, seen5 } = all;
  const settled = { key, rate, intervalH, seen60, seen15, seen5 };
  const newest = Object.fromEntries(Object.entries(settled).map(([name, column]) => [name, column.subarray(from)])) as typeof settled;
  const began = (newest.key[0] ?? to) - 25 * HOUR_MS;
  const { time, value } = await series({ instrument, choice: CHOICE, list: null, from: Math.max(0, began) });
  return forecastRecord({ settled: newest, forecast: { time, value } });
}
