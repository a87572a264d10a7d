import type { VenuePoll } from '#core/venue.ts';
import { answerTime, asAnswerTime, buildPoll, isWithoutFunding, type PollBuilder, perpetualOf, stillInForce } from '../common/poll.ts';
import { takeSize } from '../common/amounts.ts';
import { type Draft, takeLimits } from '../common/snapshot.ts';
import { asRow, empty, isSymbol, listOf, readNumber, readTime, type Row } from '../common/read.ts';
import { parseBody } from './body.ts';
import { type BinanceListing, listingOfName } from './exchange-info.ts';
import type { BinanceFunding } from './funding-info.ts';
import type { Market } from './market.ts';

/** What the venue documents for a symbol that fundingInfo does not list; used only when fundingInfo has been read. */
const DEFAULT_INTERVAL_H = 8;

/** What is known beside premiumIndex; null for a list that was never read. */
export interface BinanceKnown {
  readonly listings: ReadonlyMap<string, BinanceListing> | null;
  readonly adjusted: ReadonlyMap<string, BinanceFunding> | null;
  /** fundingInfo could not be read lately. */
  readonly adjustedIsOld?: boolean;
  /** As ticker/24hr counts it; absent or null: not known lately. */
  readonly volumes?: ReadonlyMap<string, number> | null;
  /** Whether a symbol that the listings do not hold is gone; absent: they do not say. */
  lacks?(symbol: string): boolean;
}

/** Body of GET premiumIndex: every symbol's running rate (per interval) and prices. */
export function parsePremiumIndex(
  market: Market,
  text: string,
  known: BinanceKnown,
  now: number,
  notes: readonly string[] = [],
): VenuePoll {
  const { name } = market;
  const body = parseBody(name, text, now);
  const rows = listOf(name, asRow(body) === null ? body : [body], 'premiumIndex');
  if (rows.length === 0) throw empty(name, 'premiumIndex is an empty list');
  const venueTime = answerTime(rows.map((row) => asAnswerTime(readTime(asRow(row)?.['time']))).filter((time) => time !== null));
  const built = buildPoll(name, now, venueTime);
  for (const item of rows) {
    const row = asRow(item);
    const symbol = row?.['symbol'];
    if (row === null || !isSymbol(symbol)) built.refuse(symbol, 'a row without a symbol');
    else if (!isDated(symbol)) addListed(market, built, symbol, row, known, venueTime ?? now);
  }
  return built.build(notes);
}

/** Dated futures are called BTCUSDT_261225 and BTCUSD_261225. */
const isDated = (symbol: string): boolean => symbol.charCodeAt(symbol.length - 7) === UNDERSCORE && /_\d{6}$/u.test(symbol);
const UNDERSCORE = 0x5f;

/** Symbols that exchangeInfo no longer lists (EOSUSDT) stand in premiumIndex for months, frozen. */
function addListed(market: Market, built: PollBuilder, symbol: string, row: Row, known: BinanceKnown, venueTime: number): void {
  const listing = known.listings?.get(symbol);
  if (listing?.live === false) built.close(symbol);
  else if (listing === undefined && known.listings !== null && known.lacks?.(symbol) === true) built.leaveOut(symbol);
  else if (listing !== undefined || !isWithoutFunding(row['lastFundingRate'], row['nextFundingTime']))
    addRow(market, built, symbol, row, known, venueTime);
}

function addRow(market: Market, built: PollBuilder, symbol: string, row: Row, known: BinanceKnown, venueTime: number): void {
  const listing = known.listings?.get(symbol) ?? listingOfName(market, symbol);
  const rate = readNumber(row['lastFundingRate']);
  if (listing === null) {
    built.refuse(symbol, 'its coins are not known: exchangeInfo does not list it');
    return;
  }
  if (rate === null) {
    built.refuse(symbol, 'no rate');
    return;
  }
  const at = readTime(row['time']) ?? venueTime;
  const nextFundingAt = readTime(row['nextFundingTime']);
  const adjusted = known.adjusted?.get(symbol);
  const stated = adjusted !== undefined ? adjusted.intervalH : known.adjusted === null ? null : DEFAULT_INTERVAL_H;
  const intervalH = stillInForce(stated, nextFundingAt, at);
  // Per 8 h whatever the symbol's interval: one of 4 h says 0.0001 and rests at 0.00005.
  const interestPer8h = readNumber(row['interestRate']);
  // Not in the list: it states none. No list: nothing is known.
  const unlimited = known.adjusted === null ? undefined : null;
  const mark = readNumber(row['markPrice']);
  const snapshot: Draft = {
    symbol,
    rate,
    intervalH,
    nextFundingAt,
    mark,
    index: readNumber(row['indexPrice']),
    openInterest: null,
    volume24h: null,
    interestPer8h,
  };
  takeSize(
    snapshot,
    { contract: market.contract, contractSize: listing.contractSize },
    mark,
    null,
    'base',
    known.volumes?.get(symbol) ?? null,
    market.traded.counted,
  );
  if (adjusted === undefined || known.adjustedIsOld === true) snapshot.intervalIsGuess = true;
  if (interestPer8h === null) snapshot.interestUnread = true;
  takeLimits(snapshot, adjusted === undefined ? unlimited : adjusted.cap, adjusted === undefined ? unlimited : adjusted.floor);
  built.add(perpetualOf(listing, { venue: market.id, symbol, contract: market.contract }), snapshot, at);
}
