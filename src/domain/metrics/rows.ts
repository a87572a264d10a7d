import { KIND_INTERVAL_UNKNOWN } from '../series.ts';
import { HOUR_MS } from '../time.ts';
import type { FrameInstrument, HourFrame, Leg, SettlementFrame } from './frames/frames.ts';
import { LEG_EXCLUDED, LEG_UNCONFIRMED } from './frames/frames.ts';
import type { MetricWindow } from './metric.ts';
import type { Reason } from './reason.ts';
import { restingRate } from './venue-terms.ts';

/** What several metrics ask of a row. */

/** Why a row has no f. */
export const whyNoF = (frame: Pick<HourFrame, 'kind'>, row: number): Reason =>
  frame.kind[row] === KIND_INTERVAL_UNKNOWN ? 'interval-unknown' : 'gap';

/** Why a row has no D, or nothing else that looks back on f. */
export const whyNoD = (frame: HourFrame, row: number): Reason => (frame.f[row] === frame.f[row] ? 'warming-up' : whyNoF(frame, row));

export const whyNoLeg = (leg: Leg, row: number): Reason =>
  leg.standing[row] === LEG_EXCLUDED ? 'excluded' : leg.standing[row] === LEG_UNCONFIRMED ? 'unconfirmed' : whyNoF(leg, row);

/** Rate per hour at which the premium does not pull; NaN where the venue's interest is not known. */
export const neutralPerHour = (instrument: FrameInstrument, t: number): number => restingRate(instrument, 1, t) ?? NaN;

/** Rounding of a price that was divided by and multiplied with must not look like a contract that was opened. */
const MEANT_DIGITS = 12;

/**
 * Open interest of a row in what its contracts are made of, so that it changes by opening and closing alone: units of the
 * price (linear), quote money (inverse). NaN: not known.
 */
export function contractsHeld({ instrument, openInterest, openInterestQuote }: HourFrame, row: number): number {
  if (instrument.contract === 'linear') return openInterest[row]!;
  return Number(openInterestQuote[row]!.toPrecision(MEANT_DIGITS));
}

/** For an audit that shows a change of it. */
export const contractsNote = ({ contract, money }: FrameInstrument): string[] =>
  contract === 'linear' ? [] : [`open interest is compared in ${money}, which its contracts are made of: the price does not move it`];

/** Trailing rows, t included, at least half of them there: the rule where domain 3 says nothing else. */
export const trailing = (rows: number): MetricWindow => ({ length: rows, of: 'rows', need: Math.ceil(rows / 2), t: 'included' });

export const HOURS_OF_DAY = 24;
/** Percentile ranks look back 90 days (domain 3). */
export const RANK_HOURS = 90 * HOURS_OF_DAY;

/** How a settled row follows the one before it. */
export class Chain {
  #key = NaN;
  #intervalH = NaN;
  #first = true;

  copy(): Chain {
    const other = new Chain();
    other.#key = this.#key;
    other.#intervalH = this.#intervalH;
    other.#first = this.#first;
    return other;
  }

  /**
   * Null: a neighbour, same interval and exactly one interval later. Else why not; what is measured from row to row then
   * starts afresh with this row.
   */
  next(frame: SettlementFrame, row: number): Reason | null {
    const key = frame.time[row]!;
    const intervalH = frame.intervalH[row]!;
    const why = this.#why(key, intervalH);
    this.#key = key;
    this.#intervalH = intervalH;
    this.#first = false;
    return why;
  }

  get intervalH(): number {
    return this.#intervalH;
  }

  get key(): number {
    return this.#key;
  }

  #why(key: number, intervalH: number): Reason | null {
    if (!(intervalH > 0)) return 'interval-unknown';
    if (this.#first) return 'warming-up';
    if (Number.isNaN(this.#intervalH)) return 'interval-unknown';
    if (intervalH !== this.#intervalH) return 'interval-change';
    return key - this.#key === intervalH * HOUR_MS ? null : 'gap';
  }
}
