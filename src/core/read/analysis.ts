import { emaDivergence } from '#domain/divergence.ts';
import type { InstrumentId } from '#domain/instrument.ts';
import { type HourlySeries, hourlySeries } from '#domain/series.ts';
import { replaySignals, type SignalEntry, type SignalParams, type SignalState } from '#domain/signal.ts';
import type { HourColumns, SettledColumns } from '#domain/columns.ts';
import type { HistoryStore } from '../ports.ts';

/** The stored history of one instrument up to a close, and what the domain makes of it. Screen, signal and record all read this. */
export interface Analysis {
  readonly series: HourlySeries;
  /** Per hour close: the average of the hours before it, and D. */
  readonly ema: Float64Array;
  readonly d: Float64Array;
  /** The average of all closed hours: what the running value is held against; NaN while warming up. */
  readonly emaNow: number;
  /** Closed hours since the last gap. */
  readonly warmHours: number;
  readonly entries: readonly SignalEntry[];
  readonly state: SignalState;
  readonly settled: SettledColumns;
  readonly hours: HourColumns;
}

/** The whole stored history is replayed every time, so what is shown live and what a replay gives are one number. */
export async function analyse(
  store: HistoryStore,
  instrument: InstrumentId,
  to: number,
  params: SignalParams,
  neutralPerHour: number | null,
): Promise<Analysis> {
  const [settled, hours] = await Promise.all([store.settled(instrument, 0, to), store.hours(instrument, 0, to)]);
  const series = hourlySeries(settled, hours, null, to);
  const count = series.f.length;
  // One more hour that is still open: its average is the average of all closed ones.
  const open = new Float64Array(count + 1).fill(NaN);
  open.set(series.f);
  const columns = emaDivergence(open, params.n);
  const d = columns.d.subarray(0, count);
  const { entries, state } = replaySignals(series, d, params, neutralPerHour);
  let warmHours = 0;
  while (warmHours < count && !Number.isNaN(series.f[count - 1 - warmHours])) warmHours++;
  return { series, ema: columns.ema.subarray(0, count), d, emaNow: columns.ema[count] ?? NaN, warmHours, entries, state, settled, hours };
}
