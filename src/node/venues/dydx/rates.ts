import type { OrderRules, VenuePoll } from '#core/venue.ts';
import { exact } from '#domain/decisions/exact.ts';
import { HOUR_MS } from '#domain/time.ts';
import { buildPoll, perpetual, statedInterest, statedLimits } from '../common/poll.ts';
import { asRow, empty, isSymbol, malformed, parseJson, readAmount, readName, readNumber, readText, type Row } from '../common/read.ts';
import { unitNotes } from '../common/rules.ts';
import { MAX_ROWS, tooLarge } from '../common/size.ts';

export const ID = 'dydx';
export const NAME = 'dYdX';
/** Funding is paid every hour on the hour. */
export const INTERVAL_H = 1;
/**
 * |rate of 8 h| is at most 600 % of (initial - maintenance margin fraction): https://docs.dydx.xyz/concepts/trading/funding#funding-rate-cap
 */
const CLAMP_FACTOR = 6;

/** Body of GET /v4/perpetualMarkets: markets by ticker. Throws VenueError where it holds none. */
export function parseMarkets(text: string): ReadonlyMap<string, Row | null> {
  const markets = asRow(asRow(parseJson(NAME, text))?.['markets']);
  if (markets === null) throw malformed(NAME, 'markets is not an object');
  const entries = Object.entries(markets);
  if (entries.length > MAX_ROWS) throw tooLarge(NAME, `${entries.length} markets`);
  if (entries.length === 0) throw empty(NAME, 'perpetualMarkets has no market');
  return new Map(entries.map(([ticker, row]) => [ticker, asRow(row)]));
}

/** 'BTC' of 'BTC-USD'; null where a ticker is no pair. Tickers of pools hold commas and addresses, and are none. */
function baseOf(ticker: string): string | null {
  return ticker.endsWith('-USD') ? readName(ticker.slice(0, -'-USD'.length)) : null;
}

/** The most of one hour, from the margins that the market states; null where it does not state both. */
function capOf(row: Row): number | null {
  const [initial, maintenance] = [readAmount(row['initialMarginFraction']), readAmount(row['maintenanceMarginFraction'])];
  if (initial === null || maintenance === null) return null;
  const cap = exact(initial).minus(maintenance).times(CLAMP_FACTOR).times(INTERVAL_H).div(8).toNumber();
  return cap > 0 && cap <= 1 ? cap : null;
}

export function readRates(markets: ReadonlyMap<string, Row | null>, now: number): VenuePoll {
  const market = buildPoll(NAME, now, null);
  for (const [ticker, row] of markets) {
    const base = baseOf(ticker);
    const status = readText(row?.['status']);
    if (row === null || row['ticker'] !== ticker || !isSymbol(ticker) || base === null) market.refuse(ticker, 'no market by that name');
    else if (status === 'FINAL_SETTLEMENT') market.close(ticker);
    // Not traded yet.
    else if (status === 'INITIALIZING') continue;
    else {
      const rate = readNumber(row['nextFundingRate']);
      if (rate === null) {
        market.refuse(ticker, 'no rate');
        continue;
      }
      const cap = capOf(row);
      const interest = readNumber(row['defaultFundingRate1H']);
      market.add(
        perpetual({ venue: ID, symbol: ticker, base, quote: 'USD', settle: 'USDC' }),
        {
          symbol: ticker,
          rate,
          intervalH: INTERVAL_H,
          nextFundingAt: (Math.floor(now / HOUR_MS) + 1) * HOUR_MS,
          // There is none: positions are valued, and funding is paid, at the oracle price.
          mark: null,
          index: readNumber(row['oraclePrice']),
          openInterest: readNumber(row['openInterest']),
          volume24h: readNumber(row['volume24H']),
          ...statedInterest(interest === null ? null : interest * 8),
          ...statedLimits(cap ?? undefined, cap === null ? undefined : -cap),
        },
        now,
      );
    }
  }
  return market.build([]);
}

/** What a market demands of orders; null where its list does not hold it, or it has ended. */
export function rulesOf(markets: ReadonlyMap<string, Row | null>, ticker: string): OrderRules | null {
  const row = markets.get(ticker) ?? null;
  const base = baseOf(ticker);
  if (row === null || base === null || row['status'] === 'FINAL_SETTLEMENT') return null;
  const [initial, maintenance] = [readAmount(row['initialMarginFraction']), readAmount(row['maintenanceMarginFraction'])];
  const step = readAmount(row['stepSize']);
  return {
    lotStep: step,
    minQuantity: step,
    maxQuantity: null,
    tickSize: readAmount(row['tickSize']),
    minNotional: null,
    maxNotional: null,
    contractSize: '1',
    maxLeverage: initial === null ? null : exact(1).div(initial).toDecimalPlaces(4, 1).toFixed(),
    maintenance: maintenance === null ? null : { kind: 'flat', rate: maintenance },
    liquidationFee: null,
    notes: [
      ...unitNotes(base),
      'The initial margin grows with the open interest of the market between its two caps; here it is the least.',
      ...(row['marketType'] === 'ISOLATED' ? ['dYdX allows isolated margin only here.'] : []),
      ...(row['status'] === 'ACTIVE' ? [] : [`dYdX takes no ordinary orders here now (${readText(row['status']) ?? 'unknown'}).`]),
    ],
  };
}
