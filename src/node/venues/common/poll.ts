import { type VenuePoll, type RefusedRow, type Snapshot, withoutFlaws } from '#core/venue.ts';
import { amountFlaws, rateRefusal } from '#domain/bounds.ts';
import { canonicalAsset } from '#domain/aliases.ts';
import { type AssetClass, type Instrument, newInstrument } from '#domain/instrument.ts';
import { splitMultiplier } from '#domain/multiplier.ts';
import { HOUR_MS, MINUTE_MS } from '#domain/time.ts';
import { empty, labelOf, malformed, readNumber } from './read.ts';
import { MAX_ROWS } from './size.ts';

/** No venue pays less often than once a day: a settlement further off is a time in another unit or of another contract. */
const MAX_AHEAD_MS = 48 * HOUR_MS;
/** Venues stamp the rows of one answer up to seconds apart; a row that is older by more stands still. */
const ROW_SLACK_MS = 5_000;
/** 2016-01-01, as in the domain's bounds. */
const EARLIEST_MS = 1_451_606_400_000;
/** 2100-01-01: no answer of a venue is of then. */
const LATEST_MS = 4_102_444_800_000;
/** A venue's own time of its answer; null for what cannot be one, since everything else is held against it. */
export const asAnswerTime = (time: number | null): number | null =>
  time !== null && time >= EARLIEST_MS && time < LATEST_MS ? time : null;

export interface PollBuilder {
  /** Takes a row with the venue's time of it, or refuses it when it is out of bounds or came before. */
  add(instrument: Instrument, snapshot: Snapshot, at: number): void;
  refuse(symbol: unknown, reason: string): void;
  /** The venue says that the symbol does not trade any more. */
  close(symbol: string): void;
  /** The venue's list does not hold the symbol. */
  leaveOut(symbol: string): void;
  /** Throws VenueError when nothing is left: an answer without rates is a fault, not data. */
  build(notes: readonly string[]): VenuePoll;
}

/** Dated contracts and those not launched or being wound up stand in bulk lists with no funding to come: left out, not refused. */
export const isWithoutFunding = (rate: unknown, nextFundingTime: unknown): boolean =>
  readNumber(nextFundingTime) === 0 || (readNumber(rate) === null && readNumber(nextFundingTime) === null);

/** The largest (side 1) or least (-1) rate of one payment; undefined for what is none. */
export function readCap(value: unknown, side: 1 | -1): number | undefined {
  const rate = readNumber(value);
  return rate !== null && side * rate > 0 && side * rate <= 1 ? rate : undefined;
}

/** The limits that were read, for a snapshot. */
export function statedLimits(cap: number | null | undefined, floor: number | null | undefined): Pick<Snapshot, 'cap' | 'floor'> {
  if (cap === undefined) return floor === undefined ? {} : { floor };
  return floor === undefined ? { cap } : { cap, floor };
}

/** The interest that was read, for a snapshot; null: what stood there could not be read. */
export const statedInterest = (interestPer8h: number | null): Pick<Snapshot, 'interestPer8h' | 'interestUnread'> =>
  interestPer8h === null ? { interestPer8h, interestUnread: true } : { interestPer8h };

/** The last one that was rounded: nearly all rows of a venue state one interest, and rounding takes longer than reading the row's other numbers. */
let rounded = { exact: NaN, value: NaN };

/** An interest that was converted, to the 12 digits that can have been meant: a third of 0.0003 is 0.0001. */
export function convertedInterest(exact: number): number {
  if (rounded.exact !== exact) rounded = { exact, value: Number(exact.toPrecision(12)) };
  return rounded.value;
}

/** Collects one poll. `now` is this machine's time, `venueTime` the venue's; a row later than both by 5 minutes is refused. */
export function buildPoll(venue: string, now: number, venueTime: number | null): PollBuilder {
  const instruments: Instrument[] = [];
  const snapshots: Snapshot[] = [];
  const refused: RefusedRow[] = [];
  const closed: string[] = [];
  const unlisted: string[] = [];
  const seen = new Set<string>();
  const latest = Math.max(now, venueTime ?? now);
  return {
    add(instrument, snapshot, at) {
      const { symbol } = snapshot;
      const reason = seen.has(symbol)
        ? 'the same symbol twice in one answer'
        : (rateRefusal(snapshot, at, latest) ?? refusalOfNext(snapshot.nextFundingAt, at));
      if (reason !== null) return void refused.push({ symbol, reason });
      const flaws = amountFlaws(snapshot);
      for (const flaw of flaws) refused.push({ symbol, reason: flaw.reason });
      const kept = flaws.length === 0 ? snapshot : withoutFlaws(snapshot).kept;
      // A venue whose clock is far ahead: what comes next by it is no time here, the rate beside it is one.
      const isFar = kept.nextFundingAt !== null && kept.nextFundingAt > now + MAX_AHEAD_MS;
      if (isFar) refused.push({ symbol, reason: `next settlement ${kept.nextFundingAt} is more than two days ahead of this machine` });
      const told = isFar ? { ...kept, nextFundingAt: null } : kept;
      seen.add(symbol);
      instruments.push(instrument);
      const ageMs = Math.round((venueTime ?? at) - at);
      snapshots.push(ageMs > ROW_SLACK_MS ? { ...told, ageMs } : told);
    },
    refuse: (symbol, reason) => void refused.push({ symbol: labelOf(symbol), reason }),
    close: (symbol) => void closed.push(symbol),
    leaveOut: (symbol) => void unlisted.push(symbol),
    build(notes) {
      const first = refused[0];
      if (snapshots.length === 0 && first !== undefined)
        throw malformed(venue, `no row can be used; the first: ${first.symbol}: ${first.reason}`);
      if (snapshots.length === 0) throw empty(venue, 'no perpetual in the answer');
      return { venueTime, instruments, snapshots, refused, closed, unlisted, notes };
    },
  };
}

function refusalOfNext(nextAt: number | null, at: number): string | null {
  if (nextAt === null || (nextAt >= EARLIEST_MS && nextAt <= at + MAX_AHEAD_MS)) return null;
  return `next settlement ${nextAt} is not a time within two days`;
}

/** A perpetual as a venue states it: `base` by the venue's own name, its multiplier and aliases in it. */
export interface StatedPerpetual extends Pick<Instrument, 'venue' | 'symbol' | 'quote' | 'settle'> {
  readonly base: string;
  /** The venue writes 1000 x PEPE as kPEPE. */
  readonly kPrefix?: boolean;
  readonly contract?: Instrument['contract'];
  /** Units of the price in one contract (linear), or quote money (inverse); absent: see `newInstrument`. */
  readonly contractSize?: number | null;
  readonly assetClass?: AssetClass | null;
  readonly listedAt?: number | null;
  readonly delistedAt?: number | null;
}

export function perpetual(stated: StatedPerpetual): Instrument {
  const { venue, symbol, quote, settle, contract, contractSize, assetClass, listedAt, delistedAt } = stated;
  const split = splitMultiplier(stated.base, { kPrefix: stated.kPrefix === true });
  const { asset, aliases } = canonicalAsset(split.asset, delistedAt);
  const { multiplier } = split;
  return newInstrument({
    venue,
    symbol,
    asset,
    aliases,
    quote,
    settle,
    contract,
    multiplier,
    contractSize,
    assetClass,
    listedAt,
    delistedAt,
  });
}

/** What a perpetual is made of beside its venue and symbol, every field told. */
export interface ListedTerms extends Pick<
  Instrument,
  'quote' | 'settle' | 'contract' | 'contractSize' | 'assetClass' | 'listedAt' | 'delistedAt'
> {
  readonly base: string;
}

/** The perpetual of a symbol and its terms. */
export type Perpetuals = (symbol: string, terms: ListedTerms) => Instrument;

/**
 * Perpetuals of a list that is read anew at every poll, by symbol: the one from before while the same is said of it. Splitting a name
 * and looking up its coin costs more than reading its row.
 */
export function keptPerpetuals(venue: string, options: Pick<StatedPerpetual, 'kPrefix'> = {}): Perpetuals {
  const kept = new Map<string, { readonly of: ListedTerms; readonly instrument: Instrument }>();
  return (symbol, terms) => {
    const before = kept.get(symbol);
    if (before !== undefined && isSame(before.of, terms)) return before.instrument;
    const { base, quote, settle, contract, contractSize, assetClass, listedAt, delistedAt } = terms;
    // A copy: what is given may hold the whole answer that it was read from.
    const of = { base, quote, settle, contract, contractSize, assetClass, listedAt, delistedAt };
    const instrument = perpetual({ ...of, ...options, venue, symbol });
    if (kept.size >= MAX_ROWS) kept.clear();
    kept.set(symbol, { of, instrument });
    return instrument;
  };
}

const isSame = (a: ListedTerms, b: ListedTerms): boolean =>
  a.base === b.base &&
  a.quote === b.quote &&
  a.settle === b.settle &&
  a.contract === b.contract &&
  a.contractSize === b.contractSize &&
  a.assetClass === b.assetClass &&
  a.listedAt === b.listedAt &&
  a.delistedAt === b.delistedAt;

const ofListings = new WeakMap<object, Instrument>();

/**
 * The same of a listing that is kept between polls: splitting a name and looking up its coin costs more than reading its row. `own`:
 * what the listing does not say, always the same of one listing but for its class, which may have a list of its own.
 */
export function perpetualOf<L extends Partial<StatedPerpetual>>(listing: L, own: Omit<StatedPerpetual, keyof L>): Instrument;
export function perpetualOf(listing: object, own: { readonly assetClass?: AssetClass | null }): Instrument {
  const known = ofListings.get(listing);
  if (known !== undefined && (own.assetClass === undefined || own.assetClass === known.assetClass)) return known;
  const made = perpetual({ ...listing, ...own } as StatedPerpetual);
  ofListings.set(listing, made);
  return made;
}

/** When something was or will be listed or delisted, epoch ms; null for what cannot be such a time (venues write 0 or 2100 for "never"). */
export function readDate(value: unknown): number | null {
  const time = readNumber(value);
  return time !== null && Number.isInteger(time) && time >= EARLIEST_MS && time < LATEST_MS ? time : null;
}

/**
 * An interval from a list that is older than the row: unknown (null) when the row's next settlement lies further off
 * than the interval is long, for then it has changed since.
 */
export function stillInForce(intervalH: number | null, nextAt: number | null, at: number): number | null {
  return intervalH !== null && nextAt !== null && nextAt - at > intervalH * HOUR_MS + 5 * MINUTE_MS ? null : intervalH;
}

/**
 * The venue's time in an answer whose rows have times of their own: the newest that a tenth of the rows agree on, so that
 * neither a wild row moves it nor rows that stand still. Of three or fewer the middle one; null for none.
 */
export function answerTime(times: readonly number[]): number | null {
  const last = times.length - 1;
  return new Float64Array(times).sort()[Math.max(times.length >> 1, Math.floor(0.9 * last))] ?? null;
}
