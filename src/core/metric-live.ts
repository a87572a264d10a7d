import type { FrameInstrument, FrameKind, Frames, HourFrame, SettlementFrame } from '#domain/metrics/frames/frames.ts';
import { PRICE_NONE, PRICE_OBSERVED } from '#domain/metrics/frames/frames.ts';
import { assetFrame, basketFrame } from '#domain/metrics/frames/group.ts';
import { emptyHourFrame } from '#domain/metrics/frames/hour.ts';
import { emptySettlementFrame } from '#domain/metrics/frames/settlement.ts';
import type { Freshness } from '#domain/freshness.ts';
import { KIND_GAP, KIND_INTERVAL_UNKNOWN, KIND_RUNNING } from '#domain/series.ts';
import { hourClose } from '#domain/time.ts';
import { perHour } from '#domain/units.ts';
import type { Snapshot } from './venue.ts';

/** The newest observation of an instrument, as of now. */
export interface Observation {
  readonly instrument: FrameInstrument;
  /** Null: nothing was observed in this run or the one before. */
  readonly snapshot: Snapshot | null;
  readonly observedAt: number;
  /** The interval in force; NaN unknown. */
  readonly intervalH: number;
  readonly freshness: Freshness;
}

export interface LiveRow {
  readonly frame: Frames[FrameKind];
  /** Time of the observation behind it. */
  readonly at: number;
  /** Its observation no longer stands for now. */
  readonly stale: boolean;
}

const orNaN = (value: number | null): number => value ?? NaN;

/** The hour in progress as one row, as if it closed now. */
export function liveHour({ instrument, snapshot, observedAt, intervalH }: Observation, close: number): HourFrame {
  const frame = emptyHourFrame(instrument, 1);
  frame.time[0] = close;
  if (snapshot === null) return frame;
  const { rate, mark, index, openInterest } = snapshot;
  frame.f[0] = perHour(rate, intervalH);
  frame.kind[0] = Number.isNaN(intervalH) ? KIND_INTERVAL_UNKNOWN : KIND_RUNNING;
  frame.observation[0] = observedAt;
  frame.intervalH[0] = intervalH;
  frame.mark[0] = orNaN(mark);
  frame.index[0] = orNaN(index);
  frame.priceOrigin[0] = mark === null && index === null ? PRICE_NONE : PRICE_OBSERVED;
  frame.openInterest[0] = orNaN(openInterest);
  frame.premium[0] = orNaN(mark) / orNaN(index) - 1;
  return frame;
}

/** The settlement to come as one row: the running rate at the price of now. */
function liveSettlement({ instrument, snapshot, observedAt, intervalH }: Observation): SettlementFrame {
  const frame = emptySettlementFrame(instrument, 1);
  frame.time[0] = observedAt;
  if (snapshot === null) return frame;
  frame.rate[0] = snapshot.rate;
  frame.intervalH[0] = intervalH;
  frame.mark[0] = orNaN(snapshot.mark);
  frame.markOrigin[0] = snapshot.mark === null ? PRICE_NONE : PRICE_OBSERVED;
  frame.index[0] = orNaN(snapshot.index);
  frame.premiumProxy[0] = 1;
  return frame;
}

/** Across venues only what is fresh counts (domain 3.4). */
export function legOf(observation: Observation, close: number): HourFrame {
  const fresh = observation.freshness === 'fresh';
  const frame = liveHour(fresh ? observation : { ...observation, snapshot: null }, close);
  if (!fresh) frame.kind[0] = KIND_GAP;
  return frame;
}

/** The row in progress of a metric's frame; `legs` are those of its group, in the order of its closed rows. Null: not polled. */
export function liveRow(on: FrameKind, own: Observation, legs: readonly Observation[]): LiveRow | null {
  if (own.snapshot === null || on === 'book') return null;
  const { id } = own.instrument;
  const at = own.observedAt;
  const close = hourClose(at);
  const stale = own.freshness === 'dead';
  if (on === 'hour' || on === 'bar') return { frame: liveHour(own, close), at, stale };
  if (on === 'settlement') return { frame: liveSettlement(own), at, stale };
  const frames = legs.map((leg) => legOf(leg, close));
  return { frame: on === 'asset' ? assetFrame(frames, id) : basketFrame(frames, id), at, stale: false };
}
