import type { VenuePoll } from '#core/venue.ts';
import type { ContractTerms } from '#domain/amounts.ts';
import type { AssetClass } from '#domain/instrument.ts';
import { MINUTE_MS } from '#domain/time.ts';
import { buildPoll, isWithoutFunding, type PollBuilder, perpetual, perpetualOf, readCap, readDate, stillInForce } from '../common/poll.ts';
import { asRow, empty, isSymbol, listOf, readNumber, readTime, type Row } from '../common/read.ts';
import { takeSize } from '../common/amounts.ts';
import { type Draft, takeLimits } from '../common/snapshot.ts';
import { type Answer, ID, NAME, parseAnswer, rowsBySymbol } from './body.ts';
import { type BitgetListing, classOf, readHours, stateAt } from './contracts.ts';
import { coinsOfName, type Product } from './products.ts';

/** What is known of one product when its tickers are read. */
export interface ProductAnswers {
  readonly product: Product;
  readonly tickers: Answer;
  /** Rows of current-fund-rate; null: never read. */
  readonly rates: ReadonlyMap<string, Row> | null;
  /** `rates` is of this poll: its rate goes with its interval. Else the rate is the ticker's. */
  readonly isFresh: boolean;
  /** The newest attempt to read `rates` failed. */
  readonly isLate: boolean;
  readonly listings: ReadonlyMap<string, BitgetListing> | null;
  readonly lacks: (symbol: string) => boolean;
}

/** By symbol, of what is no coin; null: not asked for. */
type Classes = ReadonlyMap<string, AssetClass> | null;

/** Bodies of GET /api/v2/mix/market/tickers, joined with current-fund-rate: every perpetual's running rate, per interval. */
export function readPoll(answers: readonly ProductAnswers[], classes: Classes, now: number, notes: readonly string[] = []): VenuePoll {
  const venueTime = answers[0]?.tickers.time ?? null;
  const market = buildPoll(NAME, now, venueTime);
  for (const one of answers) {
    for (const item of listOf(NAME, one.tickers.data, `tickers of ${one.product}`)) takeTicker(market, item, one, classes, now);
  }
  return market.build(notes);
}

/** Throws where the main list has no row: that is a fault, and no market without contracts. */
export function parseTickers(text: string, product: Product): Answer {
  const answer = parseAnswer(text);
  if (listOf(NAME, answer.data, `tickers of ${product}`).length === 0) throw empty(NAME, `tickers of ${product} is an empty list`);
  return answer;
}

/** Body of GET /api/v2/mix/market/current-fund-rate. */
export const parseRates = (text: string): ReadonlyMap<string, Row> =>
  rowsBySymbol(listOf(NAME, parseAnswer(text).data, 'list of funding rates'));

/** So long after a settlement a list may still name it as the next one; what is older stands still. */
const SETTLING_MS = 10 * MINUTE_MS;

/** From when on the list is of before: its first settlement that is to come, or that it still has to follow. Infinity where none is told. */
export function firstSettlement(rates: ReadonlyMap<string, Row>, now: number): number {
  const times = [...rates.values()].flatMap((row) => readTime(row['nextUpdate']) ?? []);
  return times.reduce((first, time) => (time > now - SETTLING_MS ? Math.min(first, time) : first), Infinity);
}

function takeTicker(market: PollBuilder, item: unknown, answers: ProductAnswers, classes: Classes, now: number): void {
  const { rates, listings, lacks } = answers;
  const row = asRow(item);
  const symbol = row?.['symbol'];
  const listing = isSymbol(symbol) ? listings?.get(symbol) : undefined;
  const state = listing && stateAt(listing, now);
  if (row === null || !isSymbol(symbol)) market.refuse(symbol, 'a row without a symbol');
  else if (state === 'over') market.close(symbol);
  // `deliveryTime`: only of dated contracts.
  else if (state === 'soon' || state === 'dated' || readDate(row['deliveryTime']) !== null) return;
  else if (listings !== null && listing === undefined && lacks(symbol)) market.leaveOut(symbol);
  else if (listing !== undefined || rates?.has(symbol) === true || !isWithoutFunding(row['fundingRate'], null))
    addTicker(market, symbol, row, listing, answers, classes, now);
}

function addTicker(
  market: PollBuilder,
  symbol: string,
  row: Row,
  listing: BitgetListing | undefined,
  { rates, isFresh, isLate, tickers }: ProductAnswers,
  classes: Classes,
  now: number,
): void {
  const stated = rates?.get(symbol);
  const coins = listing ?? coinsOfName(symbol);
  const rate = (isFresh ? readNumber(stated?.['fundingRate']) : null) ?? readNumber(row['fundingRate']);
  if (coins === null || rate === null) {
    market.refuse(symbol, coins === null ? 'its coins are not known: the list of contracts does not hold it' : 'no rate');
    return;
  }
  const at = readTime(row['ts']) ?? tickers.time ?? now;
  const mark = readNumber(row['markPrice']);
  const assetClass = listing === undefined ? null : classOf(symbol, listing, classes);
  const terms = coins.contract === 'linear' ? LINEAR : INVERSE;
  // Interval and next settlement as current-fund-rate states them; once that settlement has passed they are of before. Where it says
  // nothing, the interval is that of the list of contracts, which may be an hour old.
  const next = readTime(stated?.['nextUpdate']);
  const scheduled = stillInForce(readHours(stated?.['fundingRateInterval']), next, at);
  const listed = scheduled === null ? stillInForce(listing?.intervalH ?? null, next, at) : null;
  const snapshot: Draft = {
    symbol,
    rate,
    intervalH: scheduled ?? listed,
    nextFundingAt: next !== null && next > at ? next : null,
    mark,
    index: readNumber(row['indexPrice']),
    openInterest: null,
    volume24h: null,
    interestPer8h: interestOf(assetClass),
  };
  // "Current positions in the unit of number of coins traded", also of inverse contracts.
  takeSize(snapshot, terms, mark, readNumber(row['holdingAmount']), 'base', readNumber(row['quoteVolume']), 'quote');
  if (scheduled !== null ? isLate : listed !== null) snapshot.intervalIsGuess = true;
  if (assetClass === null) snapshot.interestUnread = true;
  takeLimits(snapshot, readCap(stated?.['maxFundingRate'], 1), readCap(stated?.['minFundingRate'], -1));
  const own = { venue: ID, symbol, contractSize: terms.contractSize, assetClass };
  market.add(listing === undefined ? perpetual({ ...own, ...coins }) : perpetualOf(listing, own), snapshot, at);
}

/** Nothing is counted in contracts: a linear one is one unit of the price, an inverse one no fixed amount of money. */
const LINEAR: ContractTerms = { contract: 'linear', contractSize: 1 };
const INVERSE: ContractTerms = { contract: 'inverse', contractSize: null };

/** Of coins and of shares, per 8 h, as Bitget has announced it; no endpoint states it, and of other things there is no source. */
const interestOf = (assetClass: AssetClass | null): number | null =>
  assetClass === 'crypto' ? 0.0001 : assetClass === 'equity' ? 0 : null;
