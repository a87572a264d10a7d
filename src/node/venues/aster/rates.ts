import type { VenuePoll, Snapshot } from '#core/venue.ts';
import { sizeOf } from '../common/amounts.ts';
import {
  answerTime,
  asAnswerTime,
  buildPoll,
  convertedInterest,
  isWithoutFunding,
  type PollBuilder,
  perpetual,
  readCap,
  statedInterest,
  statedLimits,
  stillInForce,
} from '../common/poll.ts';
import { asRow, empty, isSymbol, listOf, readNumber, readTime, type Row, splitPair } from '../common/read.ts';
import { ID, NAME, parseBody } from './body.ts';
import type { AsterListing } from './contracts.ts';

/** Quotes of its perpetuals, for when exchangeInfo does not say. */
const QUOTES = ['USDT', 'USDC', 'USD1', 'USDF'];
/** Documented as the usual interval; used only where fundingInfo was read and does not list the symbol. */
const DEFAULT_INTERVAL_H = 8;
const TERMS = { contract: 'linear', contractSize: 1 } as const;

export interface AsterFunding {
  /** Null: unreadable. */
  readonly intervalH: number | null;
  /** Null: unreadable. */
  readonly interestPer8h: number | null;
  /** Per paid interval; undefined: unreadable. */
  readonly cap: number | undefined;
  readonly floor: number | undefined;
}

export interface AsterKnown {
  readonly listings: ReadonlyMap<string, AsterListing> | null;
  readonly funding: ReadonlyMap<string, AsterFunding> | null;
  /** fundingInfo could not be read lately. */
  readonly fundingIsOld: boolean;
  /** 24 h volume in quote money by symbol. */
  readonly volumes: ReadonlyMap<string, number> | null;
  readonly lacks: (symbol: string) => boolean;
}

/** Body of GET /fapi/v3/premiumIndex: every symbol's running rate (per interval) and prices. */
export function parsePremiumIndex(text: string, known: AsterKnown, now: number, notes: readonly string[] = []): VenuePoll {
  const rows = parseRows(text);
  const venueTime = answerTime(rows.flatMap((row) => asAnswerTime(readTime(asRow(row)?.['time'])) ?? []));
  const market = buildPoll(NAME, now, venueTime);
  for (const item of rows) {
    const row = asRow(item);
    const symbol = row?.['symbol'];
    const listing = isSymbol(symbol) ? known.listings?.get(symbol) : undefined;
    if (row === null || !isSymbol(symbol)) market.refuse(symbol, 'a row without a symbol');
    else if (listing?.live === false) market.close(symbol);
    else if (listing === undefined && known.listings !== null && known.lacks(symbol)) market.leaveOut(symbol);
    else if (listing !== undefined || !isWithoutFunding(row['lastFundingRate'], row['nextFundingTime']))
      addRow(market, symbol, row, known, venueTime ?? now);
  }
  return market.build(notes);
}

/** Throws where there is no row: that is a fault, and no market without contracts. */
function parseRows(text: string): readonly unknown[] {
  const rows = listOf(NAME, parseBody(text), 'premiumIndex');
  if (rows.length === 0) throw empty(NAME, 'premiumIndex is an empty list');
  return rows;
}

function addRow(market: PollBuilder, symbol: string, row: Row, known: AsterKnown, venueTime: number): void {
  const pair = splitPair(symbol, QUOTES);
  const listing = known.listings?.get(symbol);
  const coins = listing ?? (pair && { ...pair, settle: pair.quote, assetClass: null, listedAt: null, delistedAt: null });
  const rate = readNumber(row['lastFundingRate']);
  if (coins === null || rate === null) {
    market.refuse(symbol, coins === null ? 'its coins are not known: exchangeInfo does not list it' : 'no rate');
    return;
  }
  const at = readTime(row['time']) ?? venueTime;
  const next = readTime(row['nextFundingTime']);
  const stated = known.funding?.get(symbol);
  const set = stated === undefined ? (known.funding === null ? null : DEFAULT_INTERVAL_H) : stated.intervalH;
  const intervalH = stillInForce(set, next, at);
  const mark = readNumber(row['markPrice']);
  const snapshot: Snapshot = {
    symbol,
    rate,
    intervalH,
    ...(intervalH !== null && (stated === undefined || known.fundingIsOld) && { intervalIsGuess: true as const }),
    nextFundingAt: next,
    mark,
    index: readNumber(row['indexPrice']),
    ...sizeOf(TERMS, mark, {
      openInterest: { amount: null, counted: 'base' },
      volume24h: { amount: known.volumes?.get(symbol) ?? null, counted: 'quote' },
    }),
    ...statedInterest(stated?.interestPer8h ?? null),
    ...(stated !== undefined && statedLimits(stated.cap, stated.floor)),
  };
  const { base, quote, settle, assetClass, listedAt, delistedAt } = coins;
  market.add(perpetual({ venue: ID, symbol, base, quote, settle, assetClass, listedAt, delistedAt }), snapshot, at);
}

/**
 * Body of GET /fapi/v3/fundingInfo: interval, interest, cap and floor by symbol. Its `interestRate` is that of the interval: the documented
 * contract of 4 h says 0.00005 where the one of 8 h says 0.0001 (on Binance, whose interface this is, it is per 8 h for all).
 */
export function parseFundingInfo(text: string): ReadonlyMap<string, AsterFunding> {
  const funding = new Map<string, AsterFunding>();
  for (const item of listOf(NAME, parseBody(text), 'fundingInfo')) {
    const row = asRow(item);
    if (row === null || !isSymbol(row['symbol'])) continue;
    const [intervalH, interest] = [hoursOf(row['fundingIntervalHours']), readNumber(row['interestRate'])];
    funding.set(row['symbol'], {
      intervalH,
      interestPer8h: intervalH === null || interest === null ? null : convertedInterest((interest * 8) / intervalH),
      cap: readCap(row['fundingFeeCap'], 1),
      floor: readCap(row['fundingFeeFloor'], -1),
    });
  }
  if (funding.size === 0) throw empty(NAME, 'fundingInfo lists no symbol');
  return funding;
}

/** Body of GET /fapi/v3/ticker/24hr. */
export function parseVolumes(text: string): ReadonlyMap<string, number> {
  const volumes = new Map<string, number>();
  for (const item of listOf(NAME, parseBody(text), 'ticker/24hr')) {
    const row = asRow(item);
    const volume = readNumber(row?.['quoteVolume']);
    if (row !== null && isSymbol(row['symbol']) && volume !== null) volumes.set(row['symbol'], volume);
  }
  return volumes;
}

/** Whole hours from 1 to 24; null for what is no interval. */
function hoursOf(value: unknown): number | null {
  const hours = readNumber(value);
  return hours !== null && Number.isInteger(hours) && hours >= 1 && hours <= 24 ? hours : null;
}
