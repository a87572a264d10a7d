import type { VenuePoll } from '#core/venue.ts';
import { MINUTE_MS } from '#domain/time.ts';
import { sizeOf } from '../common/amounts.ts';
import { buildPoll, type PollBuilder, perpetual, statedLimits, stillInForce } from '../common/poll.ts';
import { asRow, empty, isSymbol, readNumber, readTime, type Row } from '../common/read.ts';
import { ID, NAME, parseList } from './body.ts';
import { type BackpackListing, coinsOfName } from './contracts.ts';
import { interestOf } from './formula.ts';

export interface BackpackKnown {
  readonly listings: ReadonlyMap<string, BackpackListing> | null;
  /** That list could not be read lately. */
  readonly listingsAreOld: boolean;
  /** Rows of open interest, and of the day's volumes; null: they could not be read this time. */
  readonly interests: ReadonlyMap<string, Row> | null;
  readonly tickers: ReadonlyMap<string, Row> | null;
  readonly lacks: (symbol: string) => boolean;
}

const TERMS = { contract: 'linear', contractSize: 1 } as const;

/** Body of GET /api/v1/markPrices: every perpetual that trades. */
export function readMarkPrices(text: string): readonly unknown[] {
  const list = parseList(text, 'markPrices');
  if (list.length === 0) throw empty(NAME, 'markPrices is an empty list');
  return list;
}

/** Rows of a list by their symbol. */
export function bySymbol(text: string, what: string): ReadonlyMap<string, Row> {
  const rows = new Map<string, Row>();
  for (const item of parseList(text, what)) {
    const row = asRow(item);
    if (row !== null && isSymbol(row['symbol'])) rows.set(row['symbol'], row);
  }
  return rows;
}

/** Running rates (per interval), prices and the settlement to come. The answer says no time. */
export function readPoll(rows: readonly unknown[], known: BackpackKnown, now: number, notes: readonly string[] = []): VenuePoll {
  const market = buildPoll(NAME, now, null);
  for (const item of rows) {
    const row = asRow(item);
    const symbol = row?.['symbol'];
    if (row === null || !isSymbol(symbol)) {
      market.refuse(symbol, 'a row without a symbol');
      continue;
    }
    const listing = known.listings?.get(symbol);
    if (listing?.state === 'closed') market.close(symbol);
    else if (listing === undefined && known.listings !== null && known.lacks(symbol)) market.leaveOut(symbol);
    else addRate(market, symbol, row, listing, known, now);
  }
  return market.build(notes);
}

function addRate(
  market: PollBuilder,
  symbol: string,
  row: Row,
  listing: BackpackListing | undefined,
  known: BackpackKnown,
  now: number,
): void {
  const coins = listing ?? coinsOfName(symbol);
  const rate = readNumber(row['fundingRate']);
  if (coins === null || rate === null) {
    market.refuse(symbol, coins === null ? 'its coins are not known: the list of markets does not hold it' : 'no rate');
    return;
  }
  const next = readTime(row['nextFundingTimestamp']);
  const mark = readNumber(row['markPrice']);
  const intervalH = stillInForce(listing?.intervalH ?? null, next, now);
  const interest = known.interests?.get(symbol);
  const at = readTime(interest?.['timestamp']);
  const { base, quote, assetClass } = coins;
  market.add(
    perpetual({ venue: ID, symbol, base, kPrefix: true, quote, settle: quote, assetClass, listedAt: listing?.listedAt ?? null }),
    {
      symbol,
      rate,
      intervalH,
      ...(known.listingsAreOld && intervalH !== null && { intervalIsGuess: true as const }),
      nextFundingAt: next !== null && next > now ? next : null,
      mark,
      index: readNumber(row['indexPrice']),
      ...sizeOf(TERMS, mark, {
        openInterest: { amount: readNumber(interest?.['openInterest']), counted: 'base' },
        volume24h: { amount: readNumber(known.tickers?.get(symbol)?.['quoteVolume']), counted: 'quote' },
      }),
      ...(at !== null && at < now - MINUTE_MS && { openInterestAt: at }),
      interestPer8h: interestOf(assetClass),
      ...(assetClass === null && { interestUnread: true as const }),
      ...statedLimits(listing?.cap, listing?.floor),
    },
    now,
  );
}
