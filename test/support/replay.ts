import { emaDivergence } from '#domain/divergence.ts';
import type { FrameInstrument } from '#domain/metrics/frames/frames.ts';
import { neutralPerHour } from '#domain/metrics/rows.ts';
import { isInterestAssumed } from '#domain/metrics/venue-terms.ts';
import { type HourlySeries, hourlySeries } from '#domain/series.ts';
import { Signal, type SignalEntry, type SignalParams } from '#domain/signal.ts';
import type { HistoryStore } from '#core/ports/history.ts';

/** The signal over closes, one after the other: `d` belongs to `series`, and so does `neutral` (NaN, or none at all: not known). */
export function replaySignals(
  series: Pick<HourlySeries, 'time' | 'f' | 'kind' | 'observation'>,
  d: Float64Array,
  params: Pick<SignalParams, 'theta' | 'k'>,
  neutral?: Float64Array,
) {
  const signal = new Signal(params);
  const entries: SignalEntry[] = [];
  for (const [i, at] of series.time.entries()) {
    const [f = NaN, kind = 0, observation = NaN] = [series.f[i], series.kind[i], series.observation[i]];
    const rest = neutral?.[i] ?? NaN;
    const entry = signal.close(at, d[i] ?? NaN, f, kind, observation, Number.isNaN(rest) ? null : rest);
    if (entry !== null) entries.push(entry);
  }
  return { entries, signal, state: signal.state };
}

/** D of everything that is stored up to a close, by columns in one piece: what walks from close to close are held to. */
export async function replayed(
  store: Pick<HistoryStore, 'settled' | 'hours' | 'terms'>,
  framed: FrameInstrument,
  to: number,
  params: SignalParams,
  asOf: number | null = null,
) {
  const { id } = framed;
  const [settled, hours, terms] = await Promise.all([store.settled(id, 0, to, asOf), store.hours(id, 0, to, asOf), store.terms(id, asOf)]);
  const series = hourlySeries(settled, hours, null, to);
  const { ema, d } = emaDivergence(series.f, params.n);
  const instrument = { ...framed, caps: terms };
  const neutral = series.time.map((t) => neutralPerHour(instrument, t));
  const neutralAssumed = Uint8Array.from(series.time, (t) => Number(isInterestAssumed(instrument, t)));
  const { entries, state } = replaySignals(series, d, params, neutral);
  return { series, ema, d, neutral, neutralAssumed, entries, state, settled };
}
