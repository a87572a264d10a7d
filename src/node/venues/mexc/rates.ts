import type { VenuePoll, Snapshot } from '#core/venue.ts';
import { sizeOf } from '../common/amounts.ts';
import { answerTime, asAnswerTime, buildPoll, type PollBuilder, perpetual, readCap, statedLimits, stillInForce } from '../common/poll.ts';
import { asRow, empty, isSymbol, listOf, readNumber, readTime, type Row } from '../common/read.ts';
import { ID, NAME, parseData } from './body.ts';
import type { MexcListing } from './contracts.ts';
import { INTEREST_OF_COINS } from './formula.ts';

export interface MexcKnown {
  readonly listings: ReadonlyMap<string, MexcListing> | null;
  /** Rows of the list of all funding rates, which tell interval and next settlement; null: never read. */
  readonly rates: ReadonlyMap<string, Row> | null;
  /** That list could not be read lately. */
  readonly ratesAreOld: boolean;
  readonly lacks: (symbol: string) => boolean;
}

/** Body of GET /api/v1/contract/funding_rate without a symbol: of every contract its rate, interval, limits and next settlement. */
export function parseRates(text: string): ReadonlyMap<string, Row> {
  const rows = new Map<string, Row>();
  for (const item of listOf(NAME, parseData(text), 'list of funding rates')) {
    const row = asRow(item);
    const symbol = row?.['symbol'];
    if (row !== null && isSymbol(symbol) && !rows.has(symbol)) rows.set(symbol, row);
  }
  if (rows.size === 0) throw empty(NAME, 'the list of funding rates is empty');
  return rows;
}

/** `data` of GET /api/v1/contract/ticker: running rates (per interval), prices and sizes of all. */
export function readTickers(text: string): readonly unknown[] {
  const list = listOf(NAME, parseData(text), 'list of tickers');
  if (list.length === 0) throw empty(NAME, 'contract/ticker is an empty list');
  return list;
}

/** A ticker's time is that of its last trade, which says nothing of its rate: only all of them together tell the time of the answer. */
export function readPoll(tickers: readonly unknown[], known: MexcKnown, now: number, notes: readonly string[] = []): VenuePoll {
  const venueTime = answerTime(tickers.flatMap((item) => asAnswerTime(readTime(asRow(item)?.['timestamp'])) ?? []));
  const market = buildPoll(NAME, now, venueTime);
  for (const item of tickers) {
    const row = asRow(item);
    const symbol = row?.['symbol'];
    if (row === null || !isSymbol(symbol)) {
      market.refuse(symbol, 'a row without a symbol');
      continue;
    }
    const listing = known.listings?.get(symbol);
    if (listing?.state === 'over') market.close(symbol);
    else if (listing?.state === 'dated') continue;
    else if (listing !== undefined) addTicker(market, symbol, row, listing, known, venueTime ?? now);
    else if (known.listings !== null && known.lacks(symbol)) market.leaveOut(symbol);
    else addTicker(market, symbol, row, listingOfName(symbol), known, venueTime ?? now);
  }
  return market.build(notes);
}

/** Of a name without the list: BTC_USDT is linear; how much a contract of it is stays unknown. */
function listingOfName(symbol: string): Omit<MexcListing, 'state' | 'rules'> | null {
  const { base, quote } = /^(?<base>.+)_(?<quote>USDT|USDC)$/u.exec(symbol)?.groups ?? {};
  if (base === undefined || quote === undefined) return null;
  return { base, quote, settle: quote, contract: 'linear', contractSize: null, assetClass: null, listedAt: null, delistedAt: null };
}

function addTicker(
  market: PollBuilder,
  symbol: string,
  row: Row,
  listing: Omit<MexcListing, 'state' | 'rules'> | null,
  { rates, ratesAreOld }: MexcKnown,
  at: number,
): void {
  const stated = rates?.get(symbol);
  // The rate goes with its interval and settlement: tickers tell it up to four seconds later, and one that was just paid as the next one.
  const rate = (ratesAreOld ? null : readNumber(stated?.['fundingRate'])) ?? readNumber(row['fundingRate']);
  if (listing === null || rate === null) {
    market.refuse(symbol, listing === null ? 'its coins are not known: the list of contracts does not hold it' : 'no rate');
    return;
  }
  const { base, quote, settle, contract, contractSize, assetClass, listedAt, delistedAt } = listing;
  const next = readTime(stated?.['nextSettleTime']);
  const mark = readNumber(row['fairPrice']);
  const intervalH = stillInForce(hoursOf(stated?.['collectCycle']), next, at);
  const snapshot: Snapshot = {
    symbol,
    rate,
    intervalH,
    ...(ratesAreOld && intervalH !== null && { intervalIsGuess: true as const }),
    nextFundingAt: next !== null && next > at ? next : null,
    mark,
    index: readNumber(row['indexPrice']),
    ...sizeOf(listing, mark, {
      openInterest: { amount: readNumber(row['holdVol']), counted: 'contracts' },
      // Turnover is told in the settle currency: coins of an inverse contract.
      volume24h:
        contract === 'linear'
          ? { amount: readNumber(row['amount24']), counted: 'quote' }
          : { amount: readNumber(row['volume24']), counted: 'contracts' },
    }),
    interestPer8h: assetClass === 'crypto' ? INTEREST_OF_COINS : null,
    ...(assetClass === null && { interestUnread: true as const }),
    ...statedLimits(readCap(stated?.['maxFundingRate'], 1), readCap(stated?.['minFundingRate'], -1)),
  };
  const named = { venue: ID, symbol, base, quote, settle, contract, contractSize, assetClass, listedAt, delistedAt };
  market.add(perpetual(named), snapshot, at);
}

/** Whole hours from 1 to 24; null for what is no interval. */
function hoursOf(value: unknown): number | null {
  const hours = readNumber(value);
  return hours !== null && Number.isInteger(hours) && hours >= 1 && hours <= 24 ? hours : null;
}
