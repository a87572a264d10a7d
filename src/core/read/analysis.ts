import type { SettledColumns } from '#domain/columns.ts';
import { emaDivergence } from '#domain/divergence.ts';
import type { FrameInstrument } from '#domain/metrics/frames/frames.ts';
import { neutralColumns, type NeutralColumns } from '#domain/metrics/rows.ts';
import { type HourlySeries, hourlySeries } from '#domain/series.ts';
import { replaySignals, type SignalEntry, type SignalParams, type SignalState } from '#domain/signal.ts';
import type { HourColumns } from '#domain/columns.ts';
import type { AsOf, HistoryStore } from '../ports/history.ts';

/** The stored history of one instrument up to a close, and what the domain makes of it: what chart and record read. */
export interface Analysis extends NeutralColumns {
  readonly series: HourlySeries;
  /** Per hour close: the average of the hours before it, and D. */
  readonly ema: Float64Array;
  readonly d: Float64Array;
  readonly entries: readonly SignalEntry[];
  /** After the last close. */
  readonly state: SignalState;
  readonly settled: SettledColumns;
  readonly hours: Pick<HourColumns, 'close' | 'mark' | 'index'>;
}

/** Everything that is stored is replayed; the rows of the screen (`SignalLine`) walk the same hours one by one, to the same numbers. */
export async function analyse(
  store: Pick<HistoryStore, 'settled' | 'hours' | 'terms'>,
  framed: FrameInstrument,
  to: number,
  params: SignalParams,
  asOf: AsOf = null,
): Promise<Analysis> {
  const { id } = framed;
  const [settled, hours, terms] = await Promise.all([store.settled(id, 0, to, asOf), store.hours(id, 0, to, asOf), store.terms(id, asOf)]);
  const series = hourlySeries(settled, hours, null, to);
  const { ema, d } = emaDivergence(series.f, params.n);
  const instrument = { ...framed, caps: terms };
  const { neutral, neutralAssumed } = neutralColumns(instrument, series.time);
  const { entries, state } = replaySignals(series, d, params, neutral);
  const { close, mark, index } = hours;
  return { series, ema, d, neutral, neutralAssumed, entries, state, settled, hours: { close, mark, index } };
}
