import type { VenuePoll } from '#core/venue.ts';
import type { Instrument } from '#domain/instrument.ts';
import { HOUR_MS } from '#domain/time.ts';
import { buildPoll, convertedInterest, keptPerpetuals, type PollBuilder, readCap, stillInForce } from '../common/poll.ts';
import { asRow, isSymbol, readNumber, type Row } from '../common/read.ts';
import { takeSize } from '../common/amounts.ts';
import { type Draft, takeLimits } from '../common/snapshot.ts';
import { ID, NAME, readSeconds, type Settle } from './body.ts';
import { type GateListing, listingOf, listingsOf } from './contracts.ts';

/** Rows of GET /api/v4/futures/{settle}/contracts. */
export interface ContractList {
  readonly settle: Settle;
  readonly rows: readonly unknown[];
  /** What of them can be told, by symbol. */
  readonly listings: ReadonlyMap<string, GateListing>;
}

export const contractList = (settle: Settle, rows: readonly unknown[], now: number): ContractList => ({
  settle,
  rows,
  listings: listingsOf(rows, settle, now),
});

/** All contracts with their running rates (per interval), and the volumes of their tickers. It states no time of its answer. */
export function readRates(
  lists: readonly ContractList[],
  tickerOf: (symbol: string) => Row | undefined,
  now: number,
  notes: readonly string[] = [],
  perpetualOf = keptPerpetuals(ID),
): VenuePoll {
  const market = buildPoll(NAME, now, null);
  for (const { settle, rows, listings } of lists)
    for (const item of rows) {
      const row = asRow(item);
      const symbol = row?.['name'];
      if (row === null || !isSymbol(symbol)) {
        market.refuse(symbol, 'a row without a contract');
        continue;
      }
      const listing = listings.get(symbol) ?? listingOf(row, settle, now);
      if (typeof listing === 'string') market.refuse(symbol, listing);
      else if (listing.state === 'over') market.close(symbol);
      else if (listing.state === 'live') addContract(market, symbol, row, listing, perpetualOf(symbol, listing), tickerOf(symbol), now);
    }
  return market.build(notes);
}

function addContract(
  market: PollBuilder,
  symbol: string,
  row: Row,
  listing: GateListing,
  instrument: Instrument,
  ticker: Row | undefined,
  now: number,
): void {
  // Since 2022-08-08 both `funding_rate` and `funding_rate_indicative` (deprecated) are the estimate of the interval in progress:
  // https://www.gate.io/article/27396
  const rate = readNumber(row['funding_rate']);
  if (rate === null) {
    market.refuse(symbol, 'no rate');
    return;
  }
  const nextFundingAt = readSeconds(row['funding_next_apply']);
  const mark = readNumber(row['mark_price']);
  // "Upper and lower limits of funding rate": one number for both.
  const limit = readCap(row['funding_rate_limit'], 1);
  const interest = interestPer8h(readNumber(row['interest_rate']));
  const snapshot: Draft = {
    symbol,
    rate,
    intervalH: stillInForce(hoursOf(row['funding_interval']), nextFundingAt, now),
    nextFundingAt,
    mark,
    index: readNumber(row['index_price']),
    openInterest: null,
    volume24h: null,
    interestPer8h: interest,
  };
  takeSize(snapshot, listing, mark, readNumber(row['position_size']), 'contracts', readNumber(ticker?.['volume_24h_quote']), 'quote');
  if (interest === null) snapshot.interestUnread = true;
  takeLimits(snapshot, limit, limit === undefined ? undefined : -limit);
  market.add(instrument, snapshot, now);
}

/** Seconds as whole hours from 1 to 24; null for what is no interval. */
function hoursOf(value: unknown): number | null {
  const hours = ((readNumber(value) ?? NaN) * 1_000) / HOUR_MS;
  return Number.isInteger(hours) && hours >= 1 && hours <= 24 ? hours : null;
}

/** `interest_rate` is per day: with 0.0003 contracts rest at 0.0001 in 8 h, with the 0.001 of 2019 they did at 0.000333. */
const interestPer8h = (perDay: number | null): number | null => (perDay === null ? null : convertedInterest(perDay / 3));
