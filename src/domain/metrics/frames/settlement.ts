import { type SeenSettledColumns, type SnapshotColumns, unknownColumns } from '../../columns.ts';
import { HOUR_MS, MINUTE_MS } from '../../time.ts';
import { accruesContinuously, hasOwnPremium, termsAt } from '../venue-terms.ts';
import type { InstrumentHistory } from './hour.ts';
import {
  PREMIUM_OBSERVED,
  PREMIUM_OF_ROW,
  PREMIUM_PROXY,
  PRICE_CANDLE,
  PRICE_NONE,
  PRICE_OBSERVED,
  PRICE_OF_ROW,
  type FrameInstrument,
  type SettlementFrame,
} from './frames.ts';

export interface SettlementHistory extends InstrumentHistory {
  readonly settled: InstrumentHistory['settled'] & {
    readonly mark?: Float64Array;
    readonly index?: Float64Array;
    readonly premium?: Float64Array;
  } & Partial<Pick<SeenSettledColumns, 'seen60' | 'seen15' | 'seen5'>>;
  /** Polls, where settlements do not say themselves what was seen before them. */
  readonly snapshots?: SnapshotColumns;
}

/** A running rate older than this at the moment asked about is not what the venue said then. */
const SEEN_MAX_AGE_MS = 5 * MINUTE_MS;

export function emptySettlementFrame(instrument: FrameInstrument, rows: number): SettlementFrame {
  const unknown = unknownColumns(8, rows);
  return {
    instrument,
    time: new Float64Array(rows),
    rate: unknown(),
    intervalH: unknown(),
    mark: unknown(),
    markOrigin: new Uint8Array(rows),
    index: unknown(),
    indexOrigin: new Uint8Array(rows),
    premium: unknown(),
    coverage: new Float64Array(rows),
    premiumOrigin: new Uint8Array(rows),
    seen60: unknown(),
    seen15: unknown(),
    seen5: unknown(),
  };
}

/** One row per settled row, all of them. */
export function settlementFrame(instrument: FrameInstrument, history: SettlementHistory): SettlementFrame {
  const { settled, hours, prices, snapshots } = history;
  const frame = emptySettlementFrame(instrument, settled.key.length);
  frame.time.set(settled.key);
  frame.rate.set(settled.rate);
  frame.intervalH.set(settled.intervalH);
  for (const name of ['seen60', 'seen15', 'seen5'] as const) if (settled[name]) frame[name].set(settled[name]);
  let hour = 0;
  let candle = 0;
  for (let i = 0; i < settled.key.length; i++) {
    const key = settled.key[i]!;
    while (hour < hours.close.length && hours.close[hour]! < key) hour++;
    while (candle < prices.close.length && prices.close[candle]! < key) candle++;
    const observed = (column: Float64Array): number => (hours.close[hour] === key && column[hour]! > 0 ? column[hour]! : NaN);
    const quoted = (column: Float64Array): number => (prices.close[candle] === key && column[candle]! > 0 ? column[candle]! : NaN);
    for (const name of ['mark', 'index'] as const) {
      const own = settled[name]?.[i] ?? NaN;
      const seen = observed(hours[name]);
      const ofCandle = quoted(prices[name]);
      const origin = own > 0 ? PRICE_OF_ROW : seen > 0 ? PRICE_OBSERVED : ofCandle > 0 ? PRICE_CANDLE : PRICE_NONE;
      frame[name][i] = origin === PRICE_OF_ROW ? own : origin === PRICE_OBSERVED ? seen : ofCandle;
      frame[`${name}Origin`][i] = origin;
    }
    const given = settled.premium?.[i] ?? NaN;
    if (Number.isNaN(given)) {
      takePremium(frame, i, hours);
      frame.premiumOrigin[i] = hasOwnPremium(instrument.formula) ? PREMIUM_OBSERVED : PREMIUM_PROXY;
    } else {
      frame.premium[i] = given;
      frame.coverage[i] = 1;
      frame.premiumOrigin[i] = PREMIUM_OF_ROW;
    }
    if (snapshots !== undefined) takeSeen(frame, i, snapshots);
  }
  return frame;
}

/**
 * What the first hours of an interval weigh together: equally, or (where the venue's terms say 'rising') minute m counts m times. From hourly sums, so that
 * thinning changes nothing: within an hour all minutes weigh its mean.
 */
export const premiumWeights = (weighting: 'equal' | 'rising', hours: number): number =>
  weighting === 'equal' ? hours : 30 * hours * hours + 0.5 * hours;

/** What hour j of the interval, from 1 on, weighs. */
export const premiumWeight = (weighting: 'equal' | 'rising', hour: number): number =>
  premiumWeights(weighting, hour) - premiumWeights(weighting, hour - 1);

interface HourlyPremium {
  readonly close: Float64Array;
  readonly premium: Float64Array;
  readonly coverage: Float64Array;
}

function takePremium(frame: SettlementFrame, i: number, hours: HourlyPremium): void {
  const key = frame.time[i]!;
  const intervalH = frame.intervalH[i]!;
  if (!(intervalH > 0)) return;
  const weighting = termsAt(frame.instrument, key)?.weighting ?? 'equal';
  const from = key - intervalH * HOUR_MS;
  let covered = 0;
  let weights = 0;
  let sum = 0;
  for (let h = firstAfter(hours.close, from); h < hours.close.length && hours.close[h]! <= key; h++) {
    const premium = hours.premium[h]!;
    const coverage = hours.coverage[h]!;
    if (!(coverage > 0) || Number.isNaN(premium)) continue;
    const weight = coverage * premiumWeight(weighting, Math.ceil((hours.close[h]! - from) / HOUR_MS));
    covered += coverage;
    weights += weight;
    sum += weight * premium;
  }
  frame.coverage[i] = covered / intervalH;
  if (weights > 0) frame.premium[i] = sum / weights;
}

function takeSeen(frame: SettlementFrame, i: number, snapshots: SnapshotColumns): void {
  frame.seen60[i] = seenAt(frame, i, snapshots, 60);
  frame.seen15[i] = seenAt(frame, i, snapshots, 15);
  frame.seen5[i] = seenAt(frame, i, snapshots, 5);
}

function seenAt(frame: SettlementFrame, i: number, snapshots: SnapshotColumns, minutes: number): number {
  const moment = frame.time[i]! - minutes * MINUTE_MS;
  const at = firstAfter(snapshots.observedAt, moment) - 1;
  const intervalH = frame.intervalH[i]!;
  if (at < 0 || snapshots.observedAt[at]! < moment - SEEN_MAX_AGE_MS) return NaN;
  // An estimate for the settlement before this one is no forecast of it.
  if (snapshots.observedAt[at]! <= frame.time[i]! - intervalH * HOUR_MS) return NaN;
  const quotedH = snapshots.intervalH[at]!;
  // What is quoted for 8 h and accrues all the time is an estimate of each of its hours.
  if (accruesContinuously(frame.instrument.formula)) return (snapshots.rate[at]! * intervalH) / quotedH;
  return quotedH === intervalH ? snapshots.rate[at]! : NaN;
}

/** Index of the first time after `t` in ascending times. */
function firstAfter(times: Float64Array, t: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const at = (low + high) >>> 1;
    if (times[at]! <= t) low = at + 1;
    else high = at;
  }
  return low;
}
