import { type HourColumns, type InterestColumns, type PriceColumns, type SnapshotColumns, unknownColumns } from '../../columns.ts';
import { emptySeries, hourlySeries, KIND_RUNNING, type SettledRates } from '../../series.ts';
import { HOUR_MS } from '../../time.ts';
import { perHour } from '../../units.ts';
import { accruesContinuously } from '../venue-terms.ts';
import { PRICE_CANDLE, PRICE_OBSERVED, type FrameInstrument, type HourFrame } from './frames.ts';

export type FrameHours = Pick<
  HourColumns,
  'close' | 'observedAt' | 'rate' | 'intervalH' | 'mark' | 'index' | 'openInterest' | 'premium' | 'coverage'
>;
export type FramePrices = Pick<PriceColumns, 'close' | 'mark' | 'index'>;

/** What is stored of one instrument; ascending, and a little more than the range (as `hourlySeries` asks). */
export interface InstrumentHistory {
  readonly settled: SettledRates;
  readonly hours: FrameHours;
  readonly prices: FramePrices;
  /** Open interest that files told, in units of the price; it stands for hours of which none was observed. */
  readonly interest?: Pick<InterestColumns, 'at' | 'value'>;
}

const NO_INTEREST = { at: new Float64Array(0), value: new Float64Array(0) };

/** A frame of `rows` rows in which nothing is known but (where it is given) the series. */
export function emptyHourFrame(instrument: FrameInstrument, rows: number, series = emptySeries(rows)): HourFrame {
  const unknown = unknownColumns(7, rows);
  return {
    instrument,
    time: series.time,
    f: series.f,
    kind: series.kind,
    observation: series.observation,
    intervalH: series.intervalH,
    mark: unknown(),
    index: unknown(),
    priceOrigin: new Uint8Array(rows),
    openInterest: unknown(),
    openInterestQuote: unknown(),
    premium: unknown(),
    coverage: unknown(),
    settledAt: unknown(),
  };
}

/** Hour closes in (from, to], none before the first rate that is known (from null: all). */
export function hourFrame(instrument: FrameInstrument, history: InstrumentHistory, from: number | null, to: number): HourFrame {
  const { settled, hours, prices, interest = NO_INTEREST } = history;
  const series = hourlySeries(settled, hours, from, to, accruesContinuously(instrument.formula));
  const frame = emptyHourFrame(instrument, series.time.length, series);
  let row = -1;
  let hour = 0;
  let candle = 0;
  let told = 0;
  for (let i = 0; i < series.time.length; i++) {
    const t = series.time[i]!;
    while (row + 1 < settled.key.length && settled.key[row + 1]! <= t) row++;
    while (hour < hours.close.length && hours.close[hour]! < t) hour++;
    while (candle < prices.close.length && prices.close[candle]! < t) candle++;
    if (row >= 0) frame.settledAt[i] = settled.key[row]!;
    if (hours.close[hour] === t) {
      frame.openInterest[i] = hours.openInterest[hour]!;
      frame.premium[i] = hours.premium[hour]!;
      frame.coverage[i] = hours.coverage[hour]!;
    }
    takePrices(frame, i, hours, hours.close[hour] === t ? hour : -1, prices, prices.close[candle] === t ? candle : -1);
    if (hours.close[hour] === t) {
      const own = hours.mark[hour]!;
      frame.openInterestQuote[i] = hours.openInterest[hour]! * (own > 0 ? own : frame.mark[i]!);
    }
    while (told < interest.at.length && interest.at[told]! <= t) told++;
    if (told > 0 && interest.at[told - 1]! > t - HOUR_MS && Number.isNaN(frame.openInterest[i]!)) {
      frame.openInterest[i] = interest.value[told - 1]!;
      frame.openInterestQuote[i] = interest.value[told - 1]! * frame.mark[i]!;
    }
  }
  return frame;
}

/** A pair of one origin where either has both, so that a premium never compares two moments; what was observed goes first. */
function takePrices(frame: HourFrame, i: number, hours: FrameHours, hour: number, prices: FramePrices, candle: number): void {
  const observed = isPair(hours, hour) || (!isPair(prices, candle) && hasAny(hours, hour));
  if (!observed && !hasAny(prices, candle)) return;
  const columns = observed ? hours : prices;
  const at = observed ? hour : candle;
  frame.mark[i] = columns.mark[at]!;
  frame.index[i] = columns.index[at]!;
  frame.priceOrigin[i] = observed ? PRICE_OBSERVED : PRICE_CANDLE;
}

const isPair = ({ mark, index }: FramePrices, at: number): boolean => at >= 0 && mark[at]! > 0 && index[at]! > 0;
const hasAny = ({ mark, index }: FramePrices, at: number): boolean => at >= 0 && (mark[at]! > 0 || index[at]! > 0);

/** Bars of `barMs` over snapshots, closes in (from, to]: the newest running rate of each; a bar without a snapshot is a gap. */
export function barFrame(
  instrument: FrameInstrument,
  snapshots: SnapshotColumns,
  barMs: number,
  from: number | null,
  to: number,
): HourFrame {
  const barClose = (t: number): number => Math.ceil(t / barMs) * barMs;
  const accrues = accruesContinuously(instrument.formula);
  const first = barClose(snapshots.observedAt[0] ?? Infinity);
  const start = Math.max(first, from === null ? -Infinity : Math.floor(from / barMs) * barMs + barMs);
  const frame = emptyHourFrame(instrument, start <= to ? Math.floor((to - start) / barMs) + 1 : 0);
  let next = 0;
  for (let i = 0; i < frame.time.length; i++) {
    const close = start + i * barMs;
    frame.time[i] = close;
    while (next < snapshots.observedAt.length && snapshots.observedAt[next]! <= close) next++;
    const newest = next - 1;
    if (newest < 0 || snapshots.observedAt[newest]! <= close - barMs) continue;
    frame.observation[i] = snapshots.observedAt[newest]!;
    frame.intervalH[i] = accrues ? 1 : snapshots.intervalH[newest]!;
    frame.f[i] = perHour(snapshots.rate[newest]!, snapshots.intervalH[newest]!);
    frame.kind[i] = KIND_RUNNING;
    frame.mark[i] = snapshots.mark[newest]!;
    frame.index[i] = snapshots.index[newest]!;
    frame.priceOrigin[i] = PRICE_OBSERVED;
    frame.openInterest[i] = snapshots.openInterest[newest]!;
    frame.openInterestQuote[i] = snapshots.openInterest[newest]! * snapshots.mark[newest]!;
  }
  return frame;
}
