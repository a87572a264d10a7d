import type { FrameInstrument, FrameKind, Frames, HourFrame, SettlementFrame } from '#domain/metrics/frames/frames.ts';
import { PRICE_NONE, PRICE_OBSERVED } from '#domain/metrics/frames/frames.ts';
import { GroupRow } from '#domain/metrics/frames/group.ts';
import { emptyHourFrame } from '#domain/metrics/frames/hour.ts';
import { emptySettlementFrame, premiumWeight } from '#domain/metrics/frames/settlement.ts';
import { termsAt } from '#domain/metrics/venue-terms.ts';
import type { Freshness } from '#domain/freshness.ts';
import type { InstrumentId } from '#domain/instrument.ts';
import { KIND_GAP, KIND_INTERVAL_UNKNOWN, KIND_RUNNING } from '#domain/series.ts';
import { HOUR_MS, hourClose } from '#domain/time.ts';
import { perHour } from '#domain/units.ts';
import { bookOf } from '../collect/book-ladder.ts';
import type { ReadBook } from '../collect/books.ts';
import type { PremiumHours } from './metric-frames.ts';
import type { Snapshot } from '../venue.ts';

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

/** The newest observation of any instrument, all as of one moment. */
export type Observe = (id: InstrumentId) => Observation;

const orNaN = (value: number | null): number => value ?? NaN;

type Refilled<F> = { -readonly [K in keyof F]: F[K] };
/** So many legs are looked through rather than found by a map. */
const FEW = 8;
const NOBODY: FrameInstrument = { id: '', venue: '', asset: '', contract: 'linear', multiplier: 1 };

/** Rows in progress, one at a time: what is laid out next takes the place of what was. A poll of thousands of rows makes none anew. */
export class LiveRows {
  readonly group = new GroupRow();
  readonly #hours: Refilled<HourFrame>[] = [];
  readonly #settlement: Refilled<SettlementFrame> = emptySettlementFrame(NOBODY, 1);

  /** An hour of which nothing is known yet; several are kept apart by their number. */
  hour(instrument: FrameInstrument, number: number): HourFrame {
    const frame = (this.#hours[number] ??= emptyHourFrame(NOBODY, 1));
    frame.instrument = instrument;
    frame.f[0] = frame.observation[0] = frame.intervalH[0] = frame.mark[0] = frame.index[0] = NaN;
    frame.openInterest[0] = frame.premium[0] = frame.coverage[0] = frame.settledAt[0] = NaN;
    frame.kind[0] = KIND_GAP;
    frame.priceOrigin[0] = PRICE_NONE;
    return frame;
  }

  settlement(instrument: FrameInstrument): SettlementFrame {
    const frame = this.#settlement;
    frame.instrument = instrument;
    frame.rate[0] = frame.intervalH[0] = frame.mark[0] = frame.index[0] = frame.premium[0] = NaN;
    frame.coverage[0] = 0;
    return frame;
  }
}

/** The venue's own where it serves one. */
const premiumNow = ({ premium, mark, index }: Snapshot): number =>
  premium === undefined ? orNaN(mark) / orNaN(index) - 1 : orNaN(premium);

/** The hour in progress as one row, as if it closed now. */
function liveHour({ snapshot, observedAt, intervalH }: Observation, close: number, frame: HourFrame): HourFrame {
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
  frame.premium[0] = premiumNow(snapshot);
  return frame;
}

/** The settlement to come as one row: the running rate, the prices of now, the premium of the interval so far. */
function liveSettlement(
  { snapshot, observedAt, intervalH }: Observation,
  lastDay: PremiumHours | null,
  frame: SettlementFrame,
): SettlementFrame {
  frame.time[0] = observedAt;
  if (snapshot === null) return frame;
  const { rate, mark, index, nextFundingAt } = snapshot;
  frame.rate[0] = rate;
  frame.intervalH[0] = intervalH;
  frame.mark[0] = orNaN(mark);
  frame.markOrigin[0] = mark === null ? PRICE_NONE : PRICE_OBSERVED;
  frame.index[0] = orNaN(index);
  frame.premiumProxy[0] = Number(snapshot.premium === undefined);
  if (nextFundingAt !== null && lastDay !== null) {
    takePremiumSoFar(frame, nextFundingAt - intervalH * HOUR_MS, observedAt, premiumNow(snapshot), lastDay);
  }
  return frame;
}

/** Weighted as the venue weights it; the hour in progress counts with the premium of now, the coverage is of what has passed. */
function takePremiumSoFar(
  frame: SettlementFrame,
  since: number,
  at: number,
  premiumNow: number,
  { close, premium, coverage }: PremiumHours,
): void {
  const weighting = termsAt(frame.instrument, at)?.weighting ?? 'equal';
  let covered = 0;
  let weights = 0;
  let sum = 0;
  const hourStart = Math.max(since, Math.floor(at / HOUR_MS) * HOUR_MS);
  let first = close.length;
  while ((close[first - 1] ?? -Infinity) > since) first--;
  for (let i = first; i <= close.length; i++) {
    const closed = i < close.length;
    const t = closed ? (close[i] ?? NaN) : at;
    const p = closed ? (premium[i] ?? NaN) : premiumNow;
    const share = closed ? (coverage[i] ?? 0) : (at - hourStart) / HOUR_MS;
    if (t > at || !(share > 0) || Number.isNaN(p)) continue;
    const weight = share * premiumWeight(weighting, Math.ceil((t - since) / HOUR_MS));
    covered += share;
    weights += weight;
    sum += weight * p;
  }
  if (weights > 0) frame.premium[0] = sum / weights;
  frame.coverage[0] = at > since ? (covered * HOUR_MS) / (at - since) : 0;
}

/** Across venues only what is fresh counts (domain 3.4). */
export function legOf(observation: Observation, close: number, frame = emptyHourFrame(observation.instrument, 1)): HourFrame {
  if (observation.freshness === 'fresh') return liveHour(observation, close, frame);
  frame.time[0] = close;
  return frame;
}

/** The newest order book: its own row stands for now, for books have no row in progress. */
export const liveBook = (instrument: FrameInstrument, book: ReadBook | null): LiveRow | null =>
  book && { frame: { instrument, time: Float64Array.of(book.at), books: [bookOf(book.ladder)] }, at: book.at, stale: book.stale };

/**
 * The row in progress as each of its instruments sees it; `legs` in the order of the closed rows. Null: nothing is polled. It is
 * laid out in `rows` and stands until the next one is.
 */
export function liveRow(
  on: FrameKind,
  legs: readonly Observation[],
  lastDay: PremiumHours | null,
  rows = new LiveRows(),
): (id: InstrumentId) => LiveRow | null {
  const [own] = legs;
  if (own === undefined || on === 'book') return () => null;
  if (on === 'asset' || on === 'basket') {
    let at = -Infinity;
    for (const leg of legs) at = Math.max(at, leg.observedAt);
    const close = hourClose(at);
    const frame = rows.group.lay(
      legs.map((leg, i) => legOf(leg, close, rows.hour(leg.instrument, i))),
      on === 'asset',
    );
    const row: LiveRow = { frame, at, stale: false };
    const places = legs.length > FEW ? new Map(legs.map((leg, i) => [leg.instrument.id, i])) : null;
    return (id) => {
      frame.subject = places === null ? legs.findIndex((leg) => leg.instrument.id === id) : (places.get(id) ?? -1);
      return row;
    };
  }
  if (own.snapshot === null) return () => null;
  const frame =
    on === 'settlement'
      ? liveSettlement(own, lastDay, rows.settlement(own.instrument))
      : liveHour(own, hourClose(own.observedAt), rows.hour(own.instrument, 0));
  const row: LiveRow = { frame, at: own.observedAt, stale: own.freshness === 'dead' };
  return () => row;
}
