import { type AmountRefusal, type ContractTerms, type Counted, inBase, needsPrice } from '#domain/amounts.ts';
import { amountFlaws, isPremium } from '#domain/bounds.ts';
import type { VenueFees } from '#domain/decisions/fees.ts';
import type { MaintenanceRule } from '#domain/decisions/maintenance.ts';
import type { Instrument, VenueId } from '#domain/instrument.ts';
import { hasOwnPremium, type VenueFormula } from '#domain/metrics/venue-terms.ts';
import type { Span } from '#domain/time.ts';
import type { VenueService } from './venue-service.ts';

/** One observation of a live instrument. null = the venue does not say; never a guess. */
export interface Snapshot {
  readonly symbol: string;
  /** How much older than the answer this row is by the venue's own time of it, ms; absent: it is as new as the answer. */
  readonly ageMs?: number;
  /** The venue's running estimate for the interval in progress, decimal per interval. */
  readonly rate: number;
  readonly intervalH: number | null;
  /** The interval is not stated for it: a default, or of a list that could not be read lately. */
  readonly intervalIsGuess?: true;
  /** The venue's word where its own settlements refute it: `intervalH` is then their distance. Not the venue's to fill. */
  readonly statedH?: number;
  /** The venue's word of the interval that begins with the next settlement, where that is shorter than the one in progress; only of what was just polled. */
  readonly aheadH?: number;
  readonly nextFundingAt: number | null;
  readonly mark: number | null;
  readonly index: number | null;
  /** In units of the price, of which one holds `Instrument.multiplier` coins; times the mark it is quote money. */
  readonly openInterest: number | null;
  /** Venue-corrected ms; absent: the open interest is as new as the row. */
  readonly openInterestAt?: number;
  /** 24 h volume in quote money. */
  readonly volume24h: number | null;
  /** Why one of the two is null though the venue states it. */
  readonly unconverted?: Readonly<Partial<Record<'openInterest' | 'volume24h', AmountRefusal>>>;
  /** Which of the two the mark of this row was needed for: where it is not believed, neither are they. */
  readonly convertedByMark?: readonly ('openInterest' | 'volume24h')[];
  /** The venue's own premium of now; absent where its formula says that it states none (mark/index - 1 then stands for it). */
  readonly premium?: number | null;
  /** The venue's interest I per 8 h: the resting place of the rate. */
  readonly interestPer8h: number | null;
  /** The interest could not be read this time: that it is null takes nothing back. */
  readonly interestUnread?: true;
  /** Largest and least rate per paid interval; null: the venue states none; absent: it never does by instrument, or could not be read. */
  readonly cap?: number | null;
  readonly floor?: number | null;
}

/** When a row of an answer of `answeredAt` was observed: its own time counts, ms. */
export const observationTime = ({ ageMs = 0 }: Snapshot, answeredAt: number): number => answeredAt - ageMs;

/** The venue's own premium where it serves one, else what the prices say; none beyond bounds, so that no sum of them runs away. */
export function premiumOf({ premium, mark, index }: Snapshot): number | null {
  const said = premium !== undefined ? premium : mark === null || index === null ? null : mark / index - 1;
  return said !== null && isPremium(said) ? said : null;
}

/** The row with the venue's own premium where its formula says that its polls state one, and with none where it does not. */
export function withOwnPremium({ premium, ...rest }: Snapshot, formula: VenueFormula | null): Snapshot {
  return hasOwnPremium(formula) ? { ...rest, premium: premium ?? null } : rest;
}

/** The row without a mark that is not believed, nor what was converted with it. */
export function withoutMark(snapshot: Snapshot): Snapshot {
  const { convertedByMark = [], ...rest } = snapshot;
  if (convertedByMark.length === 0) return { ...rest, mark: null };
  const [amounts, reasons] = [null, 'no-price' as const].map((value) => Object.fromEntries(convertedByMark.map((field) => [field, value])));
  return { ...rest, ...amounts, mark: null, unconverted: { ...snapshot.unconverted, ...reasons } };
}

const NO_REASONS: readonly string[] = [];

/** The row without the amounts that are out of bounds, and why: the rate beside them stands. */
export function withoutFlaws(snapshot: Snapshot): { readonly kept: Snapshot; readonly reasons: readonly string[] } {
  const flaws = amountFlaws(snapshot);
  if (flaws.length === 0) return { kept: snapshot, reasons: NO_REASONS };
  const sound = flaws.some(({ field }) => field === 'mark') ? withoutMark(snapshot) : snapshot;
  const kept = { ...sound, ...Object.fromEntries(flaws.map(({ field }) => [field, null])) };
  return { kept, reasons: flaws.map(({ reason }) => reason) };
}

/** The snapshot with open interest that was asked for beside it, told in its unit by its own mark, or why that cannot be. */
export function withOpenInterest(snapshot: Snapshot, { amount, counted, at }: OpenInterest, terms: ContractTerms): Snapshot {
  const { value, refusal } = inBase(amount, counted, terms, snapshot.mark);
  if (refusal !== null) return { ...snapshot, openInterest: null, unconverted: { ...snapshot.unconverted, openInterest: refusal } };
  const dated = at === null ? {} : { openInterestAt: at };
  const { unconverted, ...rest } = snapshot;
  const volume24h = unconverted?.volume24h;
  const byMark = needsPrice('base', counted, terms)
    ? { convertedByMark: [...(snapshot.convertedByMark ?? []), 'openInterest' as const] }
    : {};
  return { ...rest, openInterest: value, ...dated, ...byMark, ...(volume24h !== undefined && { unconverted: { volume24h } }) };
}

export interface SettledRow {
  readonly stamp: number;
  readonly rate: number;
  /** Only where the venue states it for this very row. */
  readonly intervalH: number | null;
  readonly mark: number | null;
  /** The venue's own premium that this very rate was made of. */
  readonly premium: number | null;
}

/** Close prices of the hour that ends at `close`. */
export interface HourlyPrice {
  readonly close: number;
  readonly mark: number | null;
  readonly index: number | null;
  readonly last: number | null;
}

/** A row of a venue's answer that was left out, with the reason; counted and logged, never stored. */
export interface RefusedRow {
  readonly symbol: string;
  readonly reason: string;
}

/** A kind of contracts: all that is said of it holds for them. */
export interface Untold extends Partial<Pick<Instrument, 'contract' | 'settle'>> {
  /** How their symbols begin. */
  readonly prefix?: string;
}

/** A settlement that a poll tells of beside the running rate. */
export interface StatedSettlement {
  readonly symbol: string;
  readonly stamp: number;
  readonly rate: number;
}

export interface VenuePoll {
  /** The venue's own time of the answer, if it says one. */
  readonly venueTime: number | null;
  readonly instruments: readonly Instrument[];
  readonly snapshots: readonly Snapshot[];
  readonly refused: readonly RefusedRow[];
  /** Symbols that the venue itself says do not trade any more. What is merely not in the answer is not among them. */
  readonly closed?: readonly string[];
  /** Symbols that stand in the answer though the venue's list, read whole, does not hold them: not live, and without a row here. */
  readonly unlisted?: readonly string[];
  /** Kinds of contracts of which the answer says nothing, for the list that holds them failed: those that it lacks are not missing. */
  readonly untold?: readonly Untold[];
  /** The last settlement of each instrument, where its polls state it and its history is served for a while only. */
  readonly settled?: readonly StatedSettlement[];
  /** What its rates have to do without (a list that failed, for as long as it does): the first line of each for the person, the others for the log. */
  readonly notes?: readonly string[];
}

/**
 * One page of settled history and the stretch it proves complete (null: it proves nothing). Venues post a settlement
 * up to minutes late, so nothing newer than 5 minutes before `VenueIo.now` is proven unless a row of that time came; and
 * nothing after the newest row where that is older than its interval and an hour: such an answer cannot be told from one that lags.
 */
export interface SettledPage {
  readonly rows: readonly SettledRow[];
  readonly proven: Span | null;
  /** What of `proven` is not: rows there were left out or could not be read. */
  readonly open?: readonly Span[];
  readonly refused: readonly RefusedRow[];
}

export interface PricePage {
  readonly rows: readonly HourlyPrice[];
  readonly proven: Span | null;
  readonly open?: readonly Span[];
  readonly refused?: readonly RefusedRow[];
}

/**
 * What a venue demands of an order and how it liquidates, as it publishes it. Decimals as text; null: it does not say.
 * Quantities are in the venue's own unit: one contract of 1000PEPE is 1000 PEPE, and its price is that of 1000 PEPE.
 */
export interface OrderRules {
  /** Smallest step of an order, and its least size, in contracts. */
  readonly lotStep: string | null;
  readonly minQuantity: string | null;
  /** The most of one market order, in contracts; of one limit order where the venue states only that. */
  readonly maxQuantity: string | null;
  readonly tickSize: string | null;
  /** Quote money. */
  readonly minNotional: string | null;
  /** Quote money: the largest position that its tiers allow, the end of the last one. */
  readonly maxNotional: string | null;
  /** Base units of the venue per contract; 1 on venues that count quantities in base units. */
  readonly contractSize: string | null;
  readonly maxLeverage: string | null;
  readonly maintenance: MaintenanceRule | null;
  /** Share of the position value. */
  readonly liquidationFee: string | null;
  /** Sentences for the person: what is assumed, what the numbers leave out. */
  readonly notes: readonly string[];
}

/** Price as the venue writes it, and quantity in units of the price, whatever the venue counts it in. */
export type BookLevel = readonly [price: string, quantity: string];

/** Best level first on both sides; never crossed, never empty on a side. */
export interface OrderBook {
  readonly bids: readonly BookLevel[];
  readonly asks: readonly BookLevel[];
  /** The venue's own time of it, where it says one. */
  readonly at: number | null;
}

/** As the venue counts it: who asks converts it with the mark of the row that it goes into. */
export interface OpenInterest {
  readonly amount: number;
  readonly counted: Counted;
  /** The venue's own time of it, where it says one. */
  readonly at: number | null;
}

/** A venue's published limit: at most `max` units in any `perMs`. */
export interface RateLimit {
  readonly bucket: string;
  readonly max: number;
  readonly perMs: number;
}

export interface VenueRequest {
  readonly method?: 'GET' | 'POST';
  /** Below the base URL, query included. */
  readonly path: string;
  /** Another address of the same exchange ("https://x.example"), which a base URL that a person gave replaces like the venue's own. */
  readonly origin?: string;
  readonly body?: unknown;
  /** The longest answer that can be right; 4 MB where it is not said. */
  readonly maxBytes?: number;
  /** 'base64': the answer is a file of bytes. */
  readonly as?: 'text' | 'base64';
  /** Status 404 says that there is no such thing: VenueError 'absent'. */
  readonly mayLack?: true;
  /** Units per bucket of the host's limits. */
  readonly cost: Readonly<Record<string, number>>;
}

/** How a venue asks: budget, deadline, base URL and the check of the status are done by the caller. */
export interface VenueIo {
  /** The raw body of an answer with status 200 that is not HTML. Throws VenueError otherwise. */
  request(request: VenueRequest): Promise<string>;
  readonly now: number;
  /** Of a venue with parts: those that a poll is to ask for. */
  readonly parts?: readonly string[];
  /** Symbols that are watched: a poll that asks contract by contract asks for these first. */
  readonly watched?: readonly string[];
}

/** A venue of many parts, each asked for by itself: a person chooses among them, and only those are polled. */
export interface VenueParts {
  /** What they are, in the plural, for the person. */
  readonly name: string;
  /** Asked for until a person chooses. */
  readonly usual: readonly string[];
  /** What there is to choose, as it was when the folder was written. */
  readonly examples: readonly string[];
}

/** Where the markets of one exchange are asked: its limits count, its bans hold and its clock goes for all of them together. */
export interface ExchangeHost {
  readonly id: string;
  /** For the person. */
  readonly name: string;
  /** How TradingView names it before the colon of a symbol; absent: it has none there that is known here. */
  readonly tradingView?: readonly string[];
  readonly limits: readonly RateLimit[];
  /** What it counts as spent by this machine, in units per bucket, by the headers of an answer to `path` (names in lower case); absent: it says nothing of it. */
  spent?(headers: Readonly<Record<string, string>>, path: string): Readonly<Record<string, number>>;
  /** What a number in its Retry-After counts; absent: seconds, as HTTP has it. */
  readonly retryAfterUnitMs?: number;
}

/** A worker that runs the code of several hosts. */
export interface VenueReader {
  readonly id: string;
  /** What its memory may grow to, in which all of them are. */
  readonly megabytes: number;
}

/** What a venue's folder says of itself, as data. */
export interface VenueProfile {
  readonly id: VenueId;
  readonly name: string;
  /** Hue of its mark on the screen, degrees of OKLCH; lightness and chroma are the theme's. */
  readonly hue: number;
  /** A new user has it switched on. */
  readonly onByDefault: boolean;
  /** How it makes its rates; null: not sourced. */
  readonly formula: VenueFormula | null;
  /** What it charges per fill; null: not sourced. */
  readonly fees: VenueFees | null;
  readonly service: VenueService;
  /** It writes 1000 x PEPE as kPEPE. */
  readonly kPrefix?: true;
  /** Public REST base, https; overridable in settings and by PERPSCOPE_VENUE_URL_<ID>. */
  readonly url: string;
  readonly host: ExchangeHost;
  readonly parts?: VenueParts;
  /** Under which heading it stands in lists of venues, after those that have none. */
  readonly group?: string;
  /** The worker of its code; absent: one that exchanges share. */
  readonly reader?: VenueReader;
}

/** Public files of settlements beside the API: a second source where that is blocked or does not reach, at an address of its own. */
export interface VenueFiles {
  /** Base URL, https; overridable in settings. */
  readonly url: string;
  readonly host: ExchangeHost;
  /** For the person: whose files they are, and of what. */
  readonly name: string;
  /** No file is older. */
  readonly from: number;
  /** The last instant of which files may be published by `now`. */
  until(now: number): number;
  /** What the name of a contract tells of it, for when nothing was listed yet; null: it is not a name of one. */
  named(symbol: string): Instrument | null;
  /**
   * Settlements of (from, to], the newest first, a page for each file that holds a part of it, whole. A file that is not published, or
   * that cannot be read, is a page that proves nothing.
   */
  settled(io: VenueIo, symbol: string, from: number, to: number): AsyncIterable<SettledPage>;
}

/** One market of an exchange: how to ask, how to read the answer. */
export interface Venue extends VenueProfile {
  /** All instruments and their running values: one or two bulk calls (slow-changing lists are kept between polls). */
  poll(io: VenueIo): Promise<VenuePoll>;
  /** Stamp of the oldest settlement that the venue serves for the symbol; null when it has none. Throws where that cannot be read. */
  oldest(io: VenueIo, symbol: string): Promise<number | null>;
  /** Settlements with stamps in (from, to], by the venue's own paging; continuity of the pages is asserted. */
  settled(io: VenueIo, symbol: string, from: number, to: number): AsyncIterable<SettledPage>;
  /** Hourly closes in (from, to] from the venue's candles. */
  prices(io: VenueIo, symbol: string, from: number, to: number): AsyncIterable<PricePage>;
  readonly files?: VenueFiles;
  /** What it demands of orders in the instrument. Throws VenueError 'malformed' for a symbol that it does not list. */
  orderRules(io: VenueIo, symbol: string): Promise<OrderRules>;
  /** The order book as deep as one or two calls give it. Throws VenueError 'empty' where a side has no order. */
  book(io: VenueIo, symbol: string): Promise<OrderBook>;
  /** Only where polls do not bring it: asked beside the books, and by calculators. */
  openInterest?(io: VenueIo, symbol: string): Promise<OpenInterest>;
  /** Units per bucket of the host's limits that one book costs. */
  readonly bookCost: Readonly<Record<string, number>>;
}
