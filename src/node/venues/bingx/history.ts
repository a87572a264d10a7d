import type { OrderBook } from '#core/venue.ts';
import { levelsInBase } from '../common/amounts.ts';
import { oldestFirst } from '../common/oldest-first.ts';
import { bestFirst, orderBook, arrayLevel, readLevels } from '../common/order-book.ts';
import { type Candles, type HourWindow, readCandles, readSettled, type SettledAnswer } from '../common/paging.ts';
import { asRow, empty, listOf, readNumber, readTime } from '../common/read.ts';
import { NAME, parseData } from './body.ts';

/**
 * Body of GET /openApi/swap/v2/quote/fundingRate. Of the rows between its times it gives the first ones, and documented answers have either
 * order.
 */
export function parseFundingRate(text: string, symbol: string, now: number): SettledAnswer {
  const list = listOf(NAME, parseData(text, now) ?? [], 'list of settlements');
  return readSettled(NAME, symbol, oldestFirst(list, 'fundingTime'), now, (row) => ({
    symbol: row['symbol'],
    stamp: row['fundingTime'],
    rate: readNumber(row['fundingRate']),
    intervalH: null,
    mark: null,
    premium: null,
  }));
}

/** Body of GET /openApi/swap/v1/market/markPriceKlines; either order, and hours beside the window are left out. */
export function parseMarkKlines(text: string, symbol: string, window: HourWindow, now: number): Candles {
  const list = oldestFirst(listOf(NAME, parseData(text, now) ?? [], 'list of klines'), 'openTime');
  const asked = list.filter((item) => {
    const open = readTime(asRow(item)?.['openTime']);
    return open === null || (open >= window.firstOpen && open <= window.lastOpen);
  });
  return readCandles(NAME, symbol, asked, window, (item) => {
    const row = asRow(item) ?? {};
    const others = [readNumber(row['open']), readNumber(row['high']), readNumber(row['low'])] as const;
    return { open: readTime(row['openTime']), price: readNumber(row['close']), others };
  });
}

/**
 * Body of GET /openApi/swap/v2/quote/depth. `bidsCoin` and `asksCoin` are in coins; `bids` and `asks` may be in contracts of `size` coins,
 * and count where the others are not there. Asks come in either order. It does not name its contract.
 */
export function parseDepth(text: string, symbol: string, size: string | null, now: number): OrderBook {
  const data = asRow(parseData(text, now));
  if (data === null) throw empty(NAME, `no book of ${symbol}`);
  const inCoins = Array.isArray(data['bidsCoin']) && Array.isArray(data['asksCoin']);
  const terms = { contract: 'linear', contractSize: size === null ? null : Number(size) } as const;
  const side = (name: 'bids' | 'asks') => {
    const levels = readLevels(NAME, `${name} of ${symbol}`, data[inCoins ? `${name}Coin` : name], arrayLevel);
    return levelsInBase(NAME, symbol, bestFirst(levels, name), inCoins ? 'base' : 'contracts', terms);
  };
  return orderBook(NAME, symbol, { bids: side('bids'), asks: side('asks') }, readTime(data['T']), now);
}
