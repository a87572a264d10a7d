import type { VenuePoll } from '#core/venue.ts';
import { HOUR_MS } from '#domain/time.ts';
import { buildPoll, convertedInterest, type PollBuilder, perpetual, readCap, stillInForce } from '../common/poll.ts';
import { asRow, isSymbol, readNumber, type Row } from '../common/read.ts';
import { snapshotOf } from '../common/snapshot.ts';
import { ID, NAME, readSeconds, type Settle } from './body.ts';
import { type GateListing, listingOf } from './contracts.ts';

/** Rows of GET /api/v4/futures/{settle}/contracts. */
export interface ContractList {
  readonly settle: Settle;
  readonly rows: readonly unknown[];
}

/** All contracts with their running rates (per interval), and the tickers' volumes by symbol. It states no time of its answer. */
export function readRates(
  lists: readonly ContractList[],
  tickers: ReadonlyMap<string, Row>,
  now: number,
  notes: readonly string[] = [],
): VenuePoll {
  const market = buildPoll(NAME, now, null);
  for (const { settle, rows } of lists)
    for (const item of rows) {
      const row = asRow(item);
      const symbol = row?.['name'];
      if (row === null || !isSymbol(symbol)) {
        market.refuse(symbol, 'a row without a contract');
        continue;
      }
      const listing = listingOf(row, settle, now);
      if (typeof listing === 'string') market.refuse(symbol, listing);
      else if (listing.state === 'over') market.close(symbol);
      else if (listing.state === 'live') addContract(market, symbol, row, listing, tickers.get(symbol), now);
    }
  return market.build(notes);
}

function addContract(market: PollBuilder, symbol: string, row: Row, listing: GateListing, ticker: Row | undefined, now: number): void {
  // Since 2022-08-08 both `funding_rate` and `funding_rate_indicative` (deprecated) are the estimate of the interval in progress:
  // https://www.gate.io/article/27396
  const rate = readNumber(row['funding_rate']);
  if (rate === null) {
    market.refuse(symbol, 'no rate');
    return;
  }
  const { base, quote, settle, contract, contractSize, assetClass, listedAt, delistedAt } = listing;
  const nextFundingAt = readSeconds(row['funding_next_apply']);
  const mark = readNumber(row['mark_price']);
  // "Upper and lower limits of funding rate": one number for both.
  const limit = readCap(row['funding_rate_limit'], 1);
  const interest = interestPer8h(readNumber(row['interest_rate']));
  const snapshot = snapshotOf({
    symbol,
    rate,
    intervalH: stillInForce(hoursOf(row['funding_interval']), nextFundingAt, now),
    intervalIsGuess: false,
    nextFundingAt,
    mark,
    index: readNumber(row['index_price']),
    premium: undefined,
    terms: listing,
    openInterest: { amount: readNumber(row['position_size']), counted: 'contracts' },
    volume24h: { amount: readNumber(ticker?.['volume_24h_quote']), counted: 'quote' },
    interestPer8h: interest,
    interestUnread: interest === null,
    cap: limit,
    floor: limit === undefined ? undefined : -limit,
  });
  const instrument = { venue: ID, symbol, base, quote, settle, contract, contractSize, assetClass, listedAt, delistedAt };
  market.add(perpetual(instrument), snapshot, now);
}

/** Seconds as whole hours from 1 to 24; null for what is no interval. */
function hoursOf(value: unknown): number | null {
  const hours = ((readNumber(value) ?? NaN) * 1_000) / HOUR_MS;
  return Number.isInteger(hours) && hours >= 1 && hours <= 24 ? hours : null;
}

/** `interest_rate` is per day: with 0.0003 contracts rest at 0.0001 in 8 h, with the 0.001 of 2019 they did at 0.000333. */
const interestPer8h = (perDay: number | null): number | null => (perDay === null ? null : convertedInterest(perDay / 3));
