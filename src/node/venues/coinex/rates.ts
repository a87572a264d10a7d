import type { VenuePoll, Snapshot } from '#core/venue.ts';
import { gapInterval } from '#domain/interval.ts';
import { sizeOf } from '../common/amounts.ts';
import { buildPoll, type PollBuilder, perpetual, readCap, statedLimits } from '../common/poll.ts';
import { asRow, empty, isSymbol, listOf, readNumber, readTime, type Row } from '../common/read.ts';
import { ID, NAME, parseData } from './body.ts';
import { CONTRACT_SIZE, type CoinexListing, coinsOfName } from './contracts.ts';
import { INTEREST } from './formula.ts';

export interface CoinexKnown {
  readonly listings: ReadonlyMap<string, CoinexListing> | null;
  /** Rows of the list of tickers; null: it could not be read this time. */
  readonly tickers: ReadonlyMap<string, Row> | null;
  readonly lacks: (symbol: string) => boolean;
}

/** `data` of GET /v2/futures/funding-rate. */
export function readRates(text: string): readonly unknown[] {
  const list = listOf(NAME, parseData(text), 'list of funding rates');
  if (list.length === 0) throw empty(NAME, 'funding-rate is an empty list');
  return list;
}

/** Body of GET /v2/futures/ticker by market. */
export function parseTickers(text: string): ReadonlyMap<string, Row> {
  const tickers = new Map<string, Row>();
  for (const item of listOf(NAME, parseData(text), 'list of tickers')) {
    const row = asRow(item);
    if (row !== null && isSymbol(row['market'])) tickers.set(row['market'], row);
  }
  return tickers;
}

export function readPoll(rows: readonly unknown[], known: CoinexKnown, now: number, notes: readonly string[] = []): VenuePoll {
  const market = buildPoll(NAME, now, null);
  for (const item of rows) {
    const row = asRow(item);
    const symbol = row?.['market'];
    if (row === null || !isSymbol(symbol)) {
      market.refuse(symbol, 'a row without a market');
      continue;
    }
    const listing = known.listings?.get(symbol);
    if (listing !== undefined && listing.delistedAt !== null && listing.delistedAt <= now) market.close(symbol);
    else if (listing?.state === 'closed') continue;
    else if (listing === undefined && known.listings !== null && known.lacks(symbol)) market.leaveOut(symbol);
    else addRate(market, symbol, row, listing, known.tickers?.get(symbol), now);
  }
  return market.build(notes);
}

/**
 * `latest_funding_rate` is what was paid at `latest_funding_time`; what runs until `next_funding_time` is `next_funding_rate`. The interval
 * is how far those times are apart.
 */
function addRate(
  market: PollBuilder,
  symbol: string,
  row: Row,
  listing: CoinexListing | undefined,
  ticker: Row | undefined,
  now: number,
): void {
  const coins = listing ?? coinsOfName(symbol);
  const rate = readNumber(row['next_funding_rate']);
  if (coins === null || rate === null) {
    market.refuse(symbol, coins === null ? 'its coins are not known: the list of markets does not hold it' : 'no rate');
    return;
  }
  const { base, quote, settle, contract } = coins;
  const [latest, next] = [readTime(row['latest_funding_time']), readTime(row['next_funding_time'])];
  const mark = readNumber(ticker?.['mark_price']) ?? readNumber(row['mark_price']);
  const told = readNumber(ticker?.['open_interest_volume']);
  const listed = told === null ? (listing?.openInterest ?? null) : null;
  const snapshot: Snapshot = {
    symbol,
    rate,
    intervalH: hoursBetween(latest, next),
    nextFundingAt: next !== null && next > now ? next : null,
    mark,
    index: readNumber(ticker?.['index_price']),
    ...sizeOf({ contract, contractSize: CONTRACT_SIZE }, mark, {
      openInterest: { amount: told ?? listed?.amount ?? null, counted: 'contracts' },
      // `value` is in the settle currency: coins of an inverse contract.
      volume24h:
        contract === 'linear'
          ? { amount: readNumber(ticker?.['value']), counted: 'quote' }
          : { amount: readNumber(ticker?.['volume']), counted: 'contracts' },
    }),
    ...(listed !== null && { openInterestAt: listed.at }),
    interestPer8h: INTEREST,
    ...statedLimits(readCap(row['max_funding_rate'], 1), readCap(row['min_funding_rate'], -1)),
  };
  const named = { venue: ID, symbol, base, quote, settle, contract, contractSize: CONTRACT_SIZE, delistedAt: listing?.delistedAt ?? null };
  market.add(perpetual(named), snapshot, now);
}

/** Hours of a length that venues settle at (domain 2); null for any other: a row that names the next settlement before the latest one says 16 h of 8. */
function hoursBetween(latest: number | null, next: number | null): number | null {
  const hours = latest === null || next === null ? NaN : gapInterval(next - latest);
  return Number.isNaN(hours) ? null : hours;
}
