import type { HourColumns, PriceColumns, SeenSettledColumns } from '#domain/columns.ts';
import type { Instrument, InstrumentId, VenueId } from '#domain/instrument.ts';
import type { FundingCap } from '#domain/metrics/frames/frames.ts';
import type { Span } from '#domain/time.ts';
import type { OrderRules, RefusedRow, Snapshot } from '../venue.ts';

/** One venue's poll, recorded in one transaction; a row that cannot be stored costs itself. */
export interface PollRecord {
  readonly venue: VenueId;
  /** This machine's (venue-corrected) time of the answer. */
  readonly observedAt: number;
  /** The venue's poll interval: the observation is held to the next one, at most 3 of these (premium and coverage of the hour). */
  readonly pollMs: number;
  readonly instruments: readonly Instrument[];
  readonly snapshots: readonly Snapshot[];
  /** Instruments of which every snapshot is kept; of the others only the hour's close. */
  readonly watched: ReadonlySet<InstrumentId>;
  /** Instruments that the venue lists no longer, from this poll on. */
  readonly delisted?: readonly InstrumentId[];
}

export interface PollOutcome {
  /** The number of the file that holds it: another number means that another file, with what is proven in it, took its place. */
  readonly file: number;
  /** Rows that could not be stored; the others are. */
  readonly refused: readonly RefusedRow[];
}

export interface SettledOutcome {
  readonly inserted: number;
  readonly known: number;
  /** Same key, different rate: the first stays, the other is in the conflict log. */
  readonly conflicts: number;
}

/** The newest observation of an instrument, with what is known of its current hour. */
export interface Latest {
  readonly instrument: Instrument;
  readonly snapshot: Snapshot;
  readonly observedAt: number;
  /** Its venue listed it no longer after that. */
  readonly delisted: boolean;
  /** As of a moment of the past: newer polls may have been known then, and retention deleted them. */
  readonly thinned: boolean;
}

/** What a venue stated at `from` and after, one per change: cap and floor per paid interval, interest per 8 h; null: it stated none. */
export interface FundingTerms extends FundingCap {
  readonly interestPer8h: number | null;
}

export type SeriesKind = 'settled' | 'price';

/** A stretch (from, to] that was asked for, first at `since` and last at `at`, and did not come. */
export interface Asked extends Span {
  readonly at: number;
  readonly since: number;
}

/** An order book as recorded: distance from mid (share) and quote money alternating, ascending (see book-ladder.ts). */
export interface BookRecord {
  readonly instrument: InstrumentId;
  readonly at: number;
  readonly mid: number;
  readonly bids: Float64Array;
  readonly asks: Float64Array;
}

/** Recorded books of one instrument: levels of all rows behind each other, the bids of a row before its asks. */
export interface BookColumns {
  readonly at: Float64Array;
  readonly mid: Float64Array;
  /** Bid levels of the row. */
  readonly bids: Float64Array;
  /** Where the row ends in `levels`. */
  readonly ends: Float64Array;
  readonly levels: Float64Array;
}

/** A book of each of these, in their order. */
export interface NewestBooks {
  readonly ids: readonly InstrumentId[];
  readonly books: BookColumns;
}

/** A venue told another rate of a settlement than it had told first: `rate` stays the value, `otherRate` was learnt at `learntAt`. */
export interface SettledConflict {
  readonly instrument: InstrumentId;
  readonly key: number;
  readonly rate: number;
  readonly otherRate: number;
  readonly otherStamp: number;
  readonly learntAt: number;
}

/** What retention deleted at `at`: rows with times in [from, to]. Nothing of them can be read as of any moment. 'archived': what lies in an archive that cannot be read now. */
export interface Thinned extends Span {
  readonly what: 'snapshots' | 'books' | 'hours' | 'archived';
  readonly at: number;
}

/** What a venue demands of orders, and when it was first heard to say so. */
export interface StoredOrderRules {
  readonly rules: OrderRules;
  readonly learntAt: number;
}

/** Of an instrument, rows, later words of them or proven stretches were learnt; the least time of them is `from`. */
export interface LearntChange {
  readonly instrument: InstrumentId;
  readonly kind: SeriesKind;
  readonly from: number;
}

/** By instrument, in the order in which they were asked for: settlements of a stretch, and how many of them were learnt after a moment. */
export interface LearntBy {
  readonly of: Float64Array;
  readonly later: Float64Array;
  /** The oldest stored settlement; NaN: there is none. */
  readonly first: Float64Array;
  /** When the instrument itself was learnt; NaN: it is not known. */
  readonly knownFrom: Float64Array;
}

/** Rows of several instruments behind each other. */
export interface Stacked<C> {
  readonly columns: C;
  /** Where those of each instrument end, in the order in which they were asked for. */
  readonly ends: readonly number[];
}

/** What rows of hours and settlements of several instruments are made of, over one stretch. */
export interface Stretches {
  readonly settled: Stacked<SeenSettledColumns>;
  readonly hours: Stacked<HourColumns>;
  readonly prices: Stacked<PriceColumns>;
  /** By instrument: the parts of the stretch of which retention deleted hours, and every change of terms, whenever. */
  readonly thinned: readonly (readonly Span[])[];
  readonly terms: readonly (readonly FundingTerms[])[];
}

/** By instrument: the least and the greatest running rate per hour; NaN: none was seen. */
export interface RateRanges {
  readonly least: Float64Array;
  readonly greatest: Float64Array;
}

/** When words of the past came late, ascending, and the least time that each concerns. */
export interface LateWords {
  readonly learntAt: Float64Array;
  readonly from: Float64Array;
}

export interface LearntSince {
  /** The mark for the next question. */
  readonly upTo: number;
  /** One per instrument and kind; null where it is not known what changed: then anything may have. */
  readonly changes: readonly LearntChange[] | null;
}

/** `bytes` is about what their rows take. */
export interface HistoryExcess {
  readonly rows: number;
  readonly from: number | null;
  readonly to: number | null;
  readonly bytes: number;
}

export interface StoreStatus {
  readonly bytes: number;
  /** Of those: what deleted rows left, used again before the file grows. */
  readonly reusableBytes: number;
  readonly walBytes: number;
  readonly settledRows: number;
  /** What is wrong with the files now, and what happened to them in this run, in words for the person. */
  readonly notices: readonly string[];
}

export interface StoreState {
  /** The number of the file that is open: another number means that another file took its place. */
  readonly file: number;
  /** As in StoreStatus. */
  readonly notices: readonly string[];
}

/** A 'ban' stands at the time it ends: until then the venue is not asked, also after a restart. The one recorded last holds. */
export type EventKind = 'outage' | 'recovered' | 'ban' | 'hole' | 'interval' | 'refused' | 'conflict' | 'delisted' | 'sleep';

export interface HistoryEvent {
  readonly at: number;
  readonly kind: EventKind;
  readonly venue: VenueId;
  readonly instrument: InstrumentId | null;
  readonly text: string;
}
