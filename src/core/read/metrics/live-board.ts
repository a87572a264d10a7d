import type { FrameInstrument, HourFrame, SettlementFrame } from '#domain/metrics/frames/frames.ts';
import { emptyHourFrame } from '#domain/metrics/frames/hour.ts';
import { emptySettlementFrame } from '#domain/metrics/frames/settlement.ts';
import type { InstrumentId } from '#domain/instrument.ts';
import type { Lapsed } from '#domain/metrics/run.ts';
import { ALL, INDEX, MARK, OPEN_INTEREST, RATE, STANDING, TERMS } from './live-bits.ts';
import type { SettlementLead } from './metric-frames.ts';
import { isOverdue, layHour, laySettlement, put, type LiveRow, type Observation, type Observe } from './metric-live.ts';

/** The instrument that is asked about is written into a frame of many. */
export type OfMany<F> = { -readonly [K in keyof F]: F[K] };

const NO_INSTRUMENT: FrameInstrument = { id: '', venue: '', asset: '', money: '', contract: 'linear', multiplier: 1, formula: null };

/** Frames of one instrument that have a row in progress. */
export type SingleKind = 'hour' | 'bar' | 'settlement';

/** How an instrument's observation stands; the last two stand for now. */
export const UNSEEN = 0;
export const DEAD = 1;
const AGED = 2;
export const FRESH = 3;
const STANDINGS = { dead: DEAD, stale: AGED, fresh: FRESH } as const;

const isSame = (a: FrameInstrument | undefined, b: FrameInstrument): boolean =>
  a?.interestPer8h === b.interestPer8h &&
  a?.formula === b.formula &&
  a.multiplier === b.multiplier &&
  a.contract === b.contract &&
  a.asset === b.asset &&
  a.money === b.money &&
  // What is stated now is one entry, or none.
  a.caps?.[0]?.cap === b.caps?.[0]?.cap &&
  a.caps?.[0]?.floor === b.caps?.[0]?.floor;

/**
 * The rows in progress of all instruments that anything is worked out of: each instrument has a place, which is its row in the
 * columns of all. A poll of thousands makes no object per row, and who reads one column of many rows finds them side by side.
 */
export class LiveBoard {
  readonly #places = new Map<InstrumentId, number>();
  readonly ids: InstrumentId[] = [];
  readonly instruments: FrameInstrument[] = [];
  /** What a settlement to come is measured from; null where it was not read. */
  readonly leads: (SettlementLead | null)[] = [];
  /** Bits of what changed in the row since it was last looked at. */
  due = new Uint8Array(0);
  standing = new Uint8Array(0);
  /** 1: the settlement in progress follows none that is stored. */
  #overdue = new Uint8Array(0);
  hour!: OfMany<HourFrame>;
  settlement!: OfMany<SettlementFrame>;
  /** One row, of an instrument of which nothing counts. */
  readonly nothing: OfMany<HourFrame> = emptyHourFrame(NO_INSTRUMENT, 1);
  /** The moment as of which each row stands. */
  #seen = new Int32Array(0);
  /** The moments at which it last changed, for groups: what concerns everything, the rate, a price, the open interest. */
  #termsAt = new Int32Array(0);
  #rateAt = new Int32Array(0);
  #priceAt = new Int32Array(0);
  #interestAt = new Int32Array(0);
  moment = 0;
  #observe: Observe | null = null;

  constructor(rows = 16) {
    this.#makeRoom(rows);
  }

  get size(): number {
    return this.ids.length;
  }

  /** Its place, which it keeps. */
  placeOf(id: InstrumentId): number {
    const known = this.#places.get(id);
    if (known !== undefined) return known;
    const place = this.ids.push(id) - 1;
    this.#places.set(id, place);
    this.leads.push(null);
    if (place >= this.due.length) this.#makeRoom(2 * place);
    return place;
  }

  find(id: InstrumentId): number | undefined {
    return this.#places.get(id);
  }

  /** Rows are as of this moment from now on. */
  asOf(observe: Observe): void {
    this.#observe = observe;
    this.moment++;
  }

  /** Lays out the row, unless it is that of the moment. */
  see(place: number): void {
    const id = this.ids[place];
    if (this.#observe === null || id === undefined || this.#seen[place] === this.moment) return;
    this.#lay(place, this.#observe(id));
    this.#seen[place] = this.moment;
  }

  /** One row by itself; null: nothing of it is polled. */
  rowOf(place: number, on: SingleKind): LiveRow | null {
    this.see(place);
    const standing = this.standing[place];
    if (standing === UNSEEN) return null;
    return { frame: this.frame(on), row: place, at: this.settlement.time[place] ?? NaN, lapsed: this.lapsed(place, on) };
  }

  /** Why the row says nothing of now; null where it does. */
  lapsed(place: number, on: SingleKind): Lapsed | null {
    if (on === 'settlement' && this.#overdue[place] === 1) return 'overdue';
    return this.standing[place] === DEAD ? 'dead' : null;
  }

  /** Rows by place. */
  frame(on: SingleKind): OfMany<HourFrame> | OfMany<SettlementFrame> {
    return on === 'settlement' ? this.settlement : this.hour;
  }

  #lay(place: number, observation: Observation): void {
    const { instrument, snapshot, freshness } = observation;
    const sameTerms = isSame(this.instruments[place], instrument);
    if (!sameTerms) this.instruments[place] = instrument;
    this.settlement.instrument = instrument;
    // Prices and the interval are the same columns in both frames: the second one finds them written.
    const lead = this.leads[place] ?? null;
    const changed =
      (sameTerms ? 0 : TERMS) |
      put(this.standing, place, snapshot === null ? UNSEEN : STANDINGS[freshness], STANDING) |
      put(this.#overdue, place, snapshot !== null && isOverdue(observation, lead) ? 1 : 0, STANDING) |
      layHour(this.hour, place, observation) |
      laySettlement(this.settlement, place, observation, lead?.lastDay ?? null);
    this.due[place] = (this.due[place] ?? 0) | changed;
    if ((changed & (TERMS | STANDING)) !== 0) this.#termsAt[place] = this.moment;
    if ((changed & RATE) !== 0) this.#rateAt[place] = this.moment;
    if ((changed & (MARK | INDEX)) !== 0) this.#priceAt[place] = this.moment;
    if ((changed & (MARK | OPEN_INTEREST)) !== 0) this.#interestAt[place] = this.moment;
  }

  /** Bits of what changed after that moment for those who compare it with others. */
  changedSince(place: number, moment: number): number {
    if ((this.#termsAt[place] ?? 0) > moment) return ALL;
    const rate = (this.#rateAt[place] ?? 0) > moment ? RATE : 0;
    const price = (this.#priceAt[place] ?? 0) > moment ? INDEX : 0;
    return rate | price | ((this.#interestAt[place] ?? 0) > moment ? OPEN_INTEREST : 0);
  }

  /** Rows for so many; what they said is laid out and looked at again. */
  #makeRoom(rows: number): void {
    this.hour = emptyHourFrame(NO_INSTRUMENT, rows);
    const { intervalH, mark, index } = this.hour;
    this.settlement = { ...emptySettlementFrame(NO_INSTRUMENT, rows), intervalH, mark, index };
    this.standing = new Uint8Array(rows);
    this.#overdue = new Uint8Array(rows);
    this.due = new Uint8Array(rows).fill(ALL);
    this.#seen = new Int32Array(rows);
    this.#termsAt = new Int32Array(rows);
    this.#rateAt = new Int32Array(rows);
    this.#priceAt = new Int32Array(rows);
    this.#interestAt = new Int32Array(rows);
  }
}
