import type { VenuePoll, OpenInterest } from '#core/venue.ts';
import { sizeOf } from '../common/amounts.ts';
import { buildPoll, type PollBuilder, perpetual, readCap, statedLimits } from '../common/poll.ts';
import { asRow, empty, isSymbol, listOf, malformed, readNumber, readTime, type Row } from '../common/read.ts';
import { ID, NAME, parseData } from './body.ts';
import { type BingxListing, coinsOf } from './contracts.ts';
import { interestOf } from './formula.ts';

export interface BingxKnown {
  readonly listings: ReadonlyMap<string, BingxListing> | null;
  /** Turnover of a day in quote money by symbol; null: not read lately. */
  readonly volumes: ReadonlyMap<string, number> | null;
  readonly lacks: (symbol: string) => boolean;
}

/** Orders, open interest and prices are in coins or money: no contract is another unit than the price. */
const TERMS = { contract: 'linear', contractSize: 1 } as const;

/** `data` of GET /openApi/swap/v2/quote/premiumIndex: a list, or one row where one contract was asked for. */
export function readPremiumIndex(text: string, now: number): readonly unknown[] {
  const data = parseData(text, now);
  const list = asRow(data) === null ? listOf(NAME, data, 'premiumIndex') : [data];
  if (list.length === 0) throw empty(NAME, 'premiumIndex is an empty list');
  return list;
}

/**
 * Running rates (per interval), prices and the settlement to come. `updateTime` is that of the last settlement, so the answer says no time
 * of its own. `nextFundingTime` is documented as what is left until then; it is when that is.
 */
export function readPoll(rows: readonly unknown[], known: BingxKnown, now: number, notes: readonly string[] = []): VenuePoll {
  const market = buildPoll(NAME, now, null);
  for (const item of rows) {
    const row = asRow(item);
    const symbol = row?.['symbol'];
    if (row === null || !isSymbol(symbol)) {
      market.refuse(symbol, 'a row without a symbol');
      continue;
    }
    const listing = known.listings?.get(symbol);
    if (listing?.state === 'over') market.close(symbol);
    else if (listing !== undefined && listing.state !== 'live') continue;
    else if (listing === undefined && known.listings !== null && known.lacks(symbol)) market.leaveOut(symbol);
    else addRate(market, symbol, row, listing, known, now);
  }
  return market.build(notes);
}

function addRate(market: PollBuilder, symbol: string, row: Row, listing: BingxListing | undefined, known: BingxKnown, now: number): void {
  const coins = listing ?? coinsOf(symbol);
  const rate = readNumber(row['lastFundingRate']);
  if (coins === null || rate === null) {
    market.refuse(symbol, coins === null ? 'its coins are not known: the list of contracts does not hold it' : 'no rate');
    return;
  }
  const next = readTime(row['nextFundingTime']);
  const mark = readNumber(row['markPrice']);
  const { base, quote, assetClass } = coins;
  const { settle = quote, listedAt = null, delistedAt = null } = listing ?? {};
  market.add(
    perpetual({ venue: ID, symbol, base, quote, settle, assetClass, listedAt, delistedAt }),
    {
      symbol,
      rate,
      intervalH: hoursOf(row['fundingIntervalHours']),
      nextFundingAt: next !== null && next > now ? next : null,
      mark,
      index: readNumber(row['indexPrice']),
      ...sizeOf(TERMS, mark, {
        openInterest: { amount: null, counted: 'quote' },
        volume24h: { amount: known.volumes?.get(symbol) ?? null, counted: 'quote' },
      }),
      interestPer8h: interestOf(assetClass),
      ...statedLimits(readCap(row['maxFundingRate'], 1), readCap(row['minFundingRate'], -1)),
    },
    now,
  );
}

/** Body of GET /openApi/swap/v2/quote/ticker: `quoteVolume` is the turnover of a day in quote money. */
export function parseVolumes(text: string, now: number): ReadonlyMap<string, number> {
  const volumes = new Map<string, number>();
  for (const item of listOf(NAME, parseData(text, now), 'ticker')) {
    const row = asRow(item);
    const volume = readNumber(row?.['quoteVolume']);
    if (row !== null && isSymbol(row['symbol']) && volume !== null) volumes.set(row['symbol'], volume);
  }
  return volumes;
}

/** Body of GET /openApi/swap/v2/quote/openInterest: in quote money (3,289,641,547 of BTC-USDT are no coins). */
export function parseOpenInterest(text: string, symbol: string, now: number): OpenInterest {
  const data = asRow(parseData(text, now));
  const amount = readNumber(data?.['openInterest']);
  if (data === null || data['symbol'] !== symbol || amount === null) throw malformed(NAME, `no open interest of ${symbol}`);
  return { amount, counted: 'quote', at: readTime(data['time']) };
}

/** Whole hours from 1 to 24; null for what is no interval. */
function hoursOf(value: unknown): number | null {
  const hours = readNumber(value);
  return hours !== null && Number.isInteger(hours) && hours >= 1 && hours <= 24 ? hours : null;
}
