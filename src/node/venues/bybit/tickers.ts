import type { VenuePoll } from '#core/venue.ts';
import { buildPoll, isWithoutFunding, type PollBuilder, perpetual, perpetualOf, readCap, stillInForce } from '../common/poll.ts';
import { asRow, empty, isSymbol, labelOf, listOf, malformed, readNumber, readTime, type Row } from '../common/read.ts';
import { takeSize } from '../common/amounts.ts';
import { type Draft, takeLimits } from '../common/snapshot.ts';
import { parseBody } from './body.ts';
import { type BybitListing, inHours } from './instruments.ts';
import { CONTRACT_SIZE, type Market } from './market.ts';

/** Body of GET /v5/market/tickers of a category: every symbol's running rate (per interval), prices and open interest. */
export function parseTickers(
  market: Market,
  text: string,
  listings: ReadonlyMap<string, BybitListing> | null,
  now: number,
  notes: readonly string[] = [],
  lacks: (symbol: string) => boolean = () => false,
): VenuePoll {
  const { name, category, dated } = market;
  const { result, time } = parseBody(name, text);
  if (result['category'] !== undefined && result['category'] !== category)
    throw malformed(name, `asked for the tickers of ${category}, told of ${labelOf(result['category'])}`);
  const rows = listOf(name, result['list'], 'list of tickers');
  if (rows.length === 0) throw empty(name, 'tickers is an empty list');
  const built = buildPoll(name, now, time);
  for (const item of rows) {
    const row = asRow(item);
    const symbol = row?.['symbol'];
    const listing = isSymbol(symbol) ? (listings?.get(symbol) ?? null) : null;
    if (row === null || !isSymbol(symbol)) built.refuse(symbol, 'a row without a symbol');
    else if (dated.test(symbol) || listing?.perpetual === false) continue;
    else if (listing?.live === false) built.close(symbol);
    else if (listings !== null && listing === null && lacks(symbol)) built.leaveOut(symbol);
    else if (listing !== null || !isWithoutFunding(row['fundingRate'], row['nextFundingTime']))
      addTicker(market, built, symbol, row, listing, time ?? now);
  }
  return built.build(notes);
}

function addTicker(market: Market, built: PollBuilder, symbol: string, row: Row, listing: BybitListing | null, at: number): void {
  const coins = listing ?? market.coinsOf(symbol);
  const rate = readNumber(row['fundingRate']);
  if (coins === null) {
    built.refuse(symbol, 'its coins are not known: instruments-info does not list it');
    return;
  }
  if (rate === null) {
    built.refuse(symbol, 'no rate');
    return;
  }
  const nextFundingAt = readTime(row['nextFundingTime']);
  const mark = readNumber(row['markPrice']);
  const terms = { contract: market.contract, contractSize: CONTRACT_SIZE };
  // "Funding rate upper and lower limits" (docs of tickers): of now, where the list may be minutes old.
  const cap = readCap(row['fundingCap'], 1);
  const snapshot: Draft = {
    symbol,
    rate,
    intervalH: statedInterval(row) ?? stillInForce(listing?.intervalH ?? null, nextFundingAt, at),
    nextFundingAt,
    mark,
    index: readNumber(row['indexPrice']),
    openInterest: null,
    volume24h: null,
    interestPer8h: listing?.interestPer8h ?? null,
  };
  takeSize(snapshot, terms, mark, openInterestOf(row), market.counted, readNumber(row[market.volume]), 'quote');
  // Without the list a share cannot be told from a coin.
  if (listing === null) snapshot.interestUnread = true;
  takeLimits(snapshot, cap ?? listing?.cap, cap === undefined ? listing?.floor : -cap);
  const own = { venue: market.id, symbol, ...terms };
  const instrument = listing === null ? perpetual({ ...own, ...coins }) : perpetualOf(listing, own);
  built.add(instrument, snapshot, at);
}

/**
 * `openInterest` counts both sides of each contract since rows state `singleOpenInterest` beside it, which is what other venues mean by
 * the word (https://bybit-exchange.github.io/docs/v5/market/open-interest); a row without that one is taken at its word.
 */
const openInterestOf = (row: Row): number | null => readNumber(row['singleOpenInterest']) ?? readNumber(row['openInterest']);

/** Hours, given as text by newer bodies. */
const statedInterval = (row: Row): number | null => inHours(readNumber(row['fundingIntervalHour']));
