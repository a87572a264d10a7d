import type { Instrument } from '../../instrument.ts';
import type { VenueFormula } from '../venue-terms.ts';
import type { HourlySeries } from '../../series.ts';

/** Terms as a venue stated them at `from` (ms) and after: the largest and least rate per paid interval; null: it stated none. */
export interface FundingCap {
  readonly from: number;
  readonly cap: number | null;
  readonly floor: number | null;
  /** Interest I per 8 h; null or absent: not known for that time. */
  readonly interestPer8h?: number | null;
}

/** What metrics must know of an instrument. Terms that a venue states for it stand before those of the venue's formula. */
export interface FrameInstrument extends Pick<Instrument, 'id' | 'venue' | 'asset' | 'contract' | 'multiplier'> {
  /** What its prices are in (`moneyOf`). */
  readonly money: string;
  /** Of its venue; null: not known. */
  readonly formula: VenueFormula | null;
  /** The newest that was observed. Null: not known of this instrument; absent: nothing was observed of it, and the venue's formula holds. */
  readonly interestPer8h?: number | null;
  /** As the venue stated them, oldest first. */
  readonly caps?: readonly FundingCap[];
}

export const PRICE_NONE = 0;
/** Observed by this app in that hour. */
export const PRICE_OBSERVED = 1;
/** The venue's own candle. */
export const PRICE_CANDLE = 2;
/** Given by the venue with the settlement. */
export const PRICE_OF_ROW = 3;

/** The venue's own premium as this app's polls observed it; mark/index - 1 of them; the venue's own, given with the settlement. */
export const PREMIUM_OBSERVED = 0;
export const PREMIUM_PROXY = 1;
export const PREMIUM_OF_ROW = 2;

/** One instrument, one row per closed hour, none left out. NaN: not known. */
export interface HourFrame extends HourlySeries {
  readonly instrument: FrameInstrument;
  /** At the hour's close; mark and index of a row have one origin. */
  readonly mark: Float64Array;
  readonly index: Float64Array;
  /** PRICE_NONE, PRICE_OBSERVED or PRICE_CANDLE. */
  readonly priceOrigin: Uint8Array;
  /** In units of the price. */
  readonly openInterest: Float64Array;
  /** The same in quote money: at the mark of the row that stated it, else at the mark here. */
  readonly openInterestQuote: Float64Array;
  /**
   * Time-weighted premium over the covered part of the hour, and that part, 0 to 1: the venue's own where its formula says that it states
   * one, else mark/index - 1. Of the hour in progress the premium of now.
   */
  readonly premium: Float64Array;
  readonly coverage: Float64Array;
  /** Key of the latest settlement at or before the close. */
  readonly settledAt: Float64Array;
}

/** One instrument, one row per settlement; `time` is its key. */
export interface SettlementFrame {
  readonly instrument: FrameInstrument;
  readonly time: Float64Array;
  /** Per interval, as charged. */
  readonly rate: Float64Array;
  readonly intervalH: Float64Array;
  /** Mark and index are the row's own, else the stored ones of the hour that closes at the key. */
  readonly mark: Float64Array;
  readonly markOrigin: Uint8Array;
  readonly index: Float64Array;
  readonly indexOrigin: Uint8Array;
  /** The row's own premium, else that of the hours, weighted as the venue weights it; and the share of the interval that it is of. */
  readonly premium: Float64Array;
  readonly coverage: Float64Array;
  /** PREMIUM_OBSERVED, PREMIUM_PROXY or PREMIUM_OF_ROW. */
  readonly premiumOrigin: Uint8Array;
  /** The running rate as seen 60, 15 and 5 minutes before the settlement. */
  readonly seen60: Float64Array;
  readonly seen15: Float64Array;
  readonly seen5: Float64Array;
}

export const LEG_ABSENT = 0;
export const LEG_PRESENT = 1;
/** Its price is far from the others': another coin under the same ticker. */
export const LEG_EXCLUDED = 2;
/** Two prices that differ so much that it cannot be told which is the coin. */
export const LEG_UNCONFIRMED = 3;

/** One instrument among several, on their common hours. */
export interface Leg {
  readonly instrument: FrameInstrument;
  /** NaN where it is not known or the instrument does not stand (see `standing`). */
  readonly f: Float64Array;
  readonly kind: Uint8Array;
  readonly observation: Float64Array;
  /** Open interest at mark in USD; stablecoins count 1:1, other money by the index of the coin in USD. NaN where not known. */
  readonly usd: Float64Array;
  /** Index price of one coin in USD, stablecoins 1:1; NaN where not known, or in other money. */
  readonly index: Float64Array;
  readonly standing: Uint8Array;
}

/** Several instruments over the hours that any of them has; the order of the legs never changes. */
export interface GroupFrame {
  readonly time: Float64Array;
  readonly legs: readonly Leg[];
  /** The leg that is asked about; -1 where the group is. */
  readonly subject: number;
}

/** Prices and sizes alternating, best first. */
export interface Book {
  readonly bids: Float64Array;
  readonly asks: Float64Array;
}

export interface BookFrame {
  readonly instrument: FrameInstrument;
  readonly time: Float64Array;
  readonly books: readonly Book[];
}

export interface Frames {
  hour: HourFrame;
  /** As an hour frame with 5 or 15 minutes for the hour. */
  bar: HourFrame;
  settlement: SettlementFrame;
  /** All instruments of one asset. */
  asset: GroupFrame;
  /** Any list of instruments: a watchlist, the market. */
  basket: GroupFrame;
  book: BookFrame;
}
export type FrameKind = keyof Frames;
