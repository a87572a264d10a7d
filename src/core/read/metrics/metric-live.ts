import type { FrameInstrument, FrameKind, Frames, HourFrame, SettlementFrame } from '#domain/metrics/frames/frames.ts';
import { PREMIUM_OBSERVED, PREMIUM_PROXY, PRICE_NONE, PRICE_OBSERVED } from '#domain/metrics/frames/frames.ts';
import { emptyHourFrame } from '#domain/metrics/frames/hour.ts';
import { premiumWeight } from '#domain/metrics/frames/settlement.ts';
import { hasOwnPremium, termsAt } from '#domain/metrics/venue-terms.ts';
import { tellsUntil } from '#domain/interval.ts';
import type { Lapsed } from '#domain/metrics/run.ts';
import type { Freshness } from '#domain/freshness.ts';
import type { InstrumentId } from '#domain/instrument.ts';
import { KIND_GAP, KIND_INTERVAL_UNKNOWN, KIND_RUNNING } from '#domain/series.ts';
import { HOUR_MS, hourClose } from '#domain/time.ts';
import { perHour } from '#domain/units.ts';
import { bookOf } from '../../book-ladder.ts';
import type { ReadBook } from '../../book-ladder.ts';
import { AT, INDEX, MARK, OPEN_INTEREST, PREMIUM, RATE, TERMS } from './live-bits.ts';
import type { PremiumHours, SettlementLead } from './metric-frames.ts';
import { premiumOf, type Snapshot } from '../../venue.ts';

/** The newest observation of an instrument, as of now. */
export interface Observation {
  readonly instrument: FrameInstrument;
  /** Null: nothing was observed in this run or the one before. */
  readonly snapshot: Snapshot | null;
  readonly observedAt: number;
  /** The interval in force; NaN unknown. */
  readonly intervalH: number;
  readonly freshness: Freshness;
  /** The moment itself, venue-corrected. */
  readonly now: number;
}

export interface LiveRow {
  readonly frame: Frames[FrameKind];
  /** Which row of the frame it is. */
  readonly row: number;
  /** Time of the observation behind it. */
  readonly at: number;
  /** It says nothing of now. */
  readonly lapsed: Lapsed | null;
}

/** The newest observation of any instrument, all as of one moment. */
export type Observe = (id: InstrumentId) => Observation;

const orNaN = (value: number | null | undefined): number => value ?? NaN;

/** As an hour takes it: what covers nothing there covers nothing here. */
const premiumNow = (snapshot: Snapshot): number => orNaN(premiumOf(snapshot));

/** Writes the value there; `bit` where it is another one. */
export function put(column: Float64Array | Uint8Array, row: number, value: number, bit: number): number {
  const before = column[row] ?? NaN;
  if (before === value || (before !== before && value !== value)) return 0;
  column[row] = value;
  return bit;
}

/** The hour in progress as a row, as if it closed now; returns the bits of what is another than it was in that row. */
export function layHour(frame: HourFrame, row: number, { snapshot, observedAt, intervalH }: Observation): number {
  const known = snapshot !== null;
  const mark = orNaN(snapshot?.mark);
  const index = orNaN(snapshot?.index);
  return (
    put(frame.time, row, hourClose(observedAt), TERMS) |
    put(frame.f, row, known ? perHour(snapshot.rate, intervalH) : NaN, RATE) |
    put(frame.kind, row, !known ? KIND_GAP : Number.isNaN(intervalH) ? KIND_INTERVAL_UNKNOWN : KIND_RUNNING, TERMS) |
    put(frame.observation, row, known ? observedAt : NaN, AT) |
    put(frame.intervalH, row, known ? intervalH : NaN, TERMS) |
    put(frame.mark, row, mark, MARK) |
    put(frame.index, row, index, INDEX) |
    put(frame.priceOrigin, row, Number.isNaN(mark) && Number.isNaN(index) ? PRICE_NONE : PRICE_OBSERVED, TERMS) |
    put(frame.openInterest, row, orNaN(snapshot?.openInterest), OPEN_INTEREST) |
    // Who reads it reads its two factors.
    put(frame.openInterestQuote, row, orNaN(snapshot?.openInterest) * mark, 0) |
    put(frame.premium, row, known ? premiumNow(snapshot) : NaN, PREMIUM)
  );
}

/** The settlement to come as a row: the running rate, the prices of now, the premium of the interval so far; returns as layHour. */
export function laySettlement(
  frame: SettlementFrame,
  row: number,
  { snapshot, observedAt, intervalH }: Observation,
  lastDay: PremiumHours | null,
): number {
  const known = snapshot !== null;
  const since = (snapshot?.nextFundingAt ?? NaN) - intervalH * HOUR_MS;
  const soFar =
    known && lastDay !== null && snapshot.nextFundingAt !== null
      ? premiumSoFar(frame.instrument, since, observedAt, premiumNow(snapshot), lastDay)
      : NO_PREMIUM;
  return (
    put(frame.time, row, observedAt, AT) |
    put(frame.rate, row, orNaN(snapshot?.rate), RATE) |
    put(frame.intervalH, row, known ? intervalH : NaN, TERMS) |
    put(frame.mark, row, orNaN(snapshot?.mark), MARK) |
    put(frame.markOrigin, row, Number.isNaN(orNaN(snapshot?.mark)) ? PRICE_NONE : PRICE_OBSERVED, TERMS) |
    put(frame.index, row, orNaN(snapshot?.index), INDEX) |
    put(frame.indexOrigin, row, Number.isNaN(orNaN(snapshot?.index)) ? PRICE_NONE : PRICE_OBSERVED, TERMS) |
    put(frame.premium, row, soFar.premium, PREMIUM) |
    put(frame.coverage, row, soFar.coverage, PREMIUM) |
    put(frame.premiumOrigin, row, known && !hasOwnPremium(frame.instrument.formula) ? PREMIUM_PROXY : PREMIUM_OBSERVED, TERMS)
  );
}

/** The settlement after the newest one that is stored should long be there, by the interval of either (domain 3, "Now, after a gap"). */
export const isOverdue = ({ now, intervalH }: Observation, lead: SettlementLead | null): boolean =>
  lead !== null && now > tellsUntil(lead.settledAt, lead.intervalH, intervalH);

const NO_PREMIUM = { premium: NaN, coverage: 0 };

/** Weighted as the venue weights it; the hour in progress counts with the premium of now, the coverage is of what has passed. */
function premiumSoFar(
  instrument: FrameInstrument,
  since: number,
  at: number,
  premiumNow: number,
  { close, premium, coverage }: PremiumHours,
): { readonly premium: number; readonly coverage: number } {
  const weighting = termsAt(instrument, at)?.weighting ?? 'equal';
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
  return { premium: weights > 0 ? sum / weights : NaN, coverage: at > since ? (covered * HOUR_MS) / (at - since) : 0 };
}

/** Across venues only what is fresh counts (domain 3.4). */
export function legOf(observation: Observation, close: number): HourFrame {
  const frame = emptyHourFrame(observation.instrument, 1);
  if (observation.freshness === 'fresh') layHour(frame, 0, observation);
  frame.time[0] = close;
  return frame;
}

/** The newest order book: its own row stands for now, for books have no row in progress. */
export const liveBook = (instrument: FrameInstrument, book: ReadBook | null): LiveRow | null =>
  book && {
    frame: { instrument, time: Float64Array.of(book.at), books: [bookOf(book.ladder)] },
    row: 0,
    at: book.at,
    lapsed: book.stale ? 'dead' : null,
  };
