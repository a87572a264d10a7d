import type { OrderBook } from '#core/venue.ts';
import type { ContractTerms } from '#domain/amounts.ts';
import { exact } from '#domain/decisions/exact.ts';
import { HOUR_MS } from '#domain/time.ts';
import { levelsInBase } from '../common/amounts.ts';
import { readIso } from '../common/iso.ts';
import { asAnswerTime } from '../common/poll.ts';
import { orderBook, readLevels } from '../common/order-book.ts';
import { type Candles, type HourWindow, readCandles, readSettled, type SettledAnswer } from '../common/paging.ts';
import { asRow, labelOf, malformed, readNumber, type Row } from '../common/read.ts';
import { NAME, parseList } from './body.ts';
import { readInterval } from './contracts.ts';

/** Body of GET /api/v1/funding, oldest first. */
export const parseFunding = (text: string, symbol: string, now: number): SettledAnswer =>
  readSettled(NAME, symbol, parseList(text, 'list of settlements'), now, (row) => ({
    symbol: row['symbol'],
    stamp: readIso(row['timestamp']),
    rate: readNumber(row['fundingRate']),
    intervalH: readInterval(row['fundingInterval']),
    mark: null,
    premium: null,
  }));

/** When an hour of GET /api/v1/trade/bucketed opened: it is stamped with its end. */
const openOf = (item: unknown): number | null => {
  const end = readIso(asRow(item)?.['timestamp']);
  return end === null ? null : end - HOUR_MS;
};

/** Body of GET /api/v1/trade/bucketed, oldest first. `open` is the last price of the hour before, which may lie beyond high and low. */
export function parseBuckets(text: string, symbol: string, window: HourWindow): Candles {
  const list = parseList(text, 'list of hours').filter((item) => {
    const open = openOf(item);
    return open === null || (open >= window.firstOpen && open <= window.lastOpen);
  });
  return readCandles(NAME, symbol, list, window, (candle) => {
    const row = asRow(candle) ?? {};
    return { open: openOf(row), price: readNumber(row['close']), others: [null, readNumber(row['high']), readNumber(row['low'])] };
  });
}

/** Body of GET /api/v1/orderBook/L2: levels of both sides in contracts, of which no order is documented. */
export function parseBook(text: string, symbol: string, terms: ContractTerms, now: number): OrderBook {
  const rows = parseList(text, `book of ${symbol}`).map((item): Row => asRow(item) ?? {});
  const other = rows.find((row) => row['symbol'] !== symbol);
  if (other !== undefined) throw malformed(NAME, `asked for the book of ${symbol}, told of ${labelOf(other['symbol'])}`);
  const side = (name: 'Buy' | 'Sell') => {
    const of = rows.filter((row) => row['side'] === name);
    const levels = readLevels(NAME, `${name} of ${symbol}`, of, (level) => ({
      price: asRow(level)?.['price'],
      quantity: asRow(level)?.['size'],
    }));
    const sorted = levels.toSorted(([a], [b]) => (name === 'Buy' ? exact(b).cmp(a) : exact(a).cmp(b)));
    return levelsInBase(NAME, symbol, sorted, 'contracts', terms);
  };
  const times = rows.flatMap((row) => asAnswerTime(readIso(row['timestamp'])) ?? []);
  const at = times.length === 0 ? null : times.reduce((latest, time) => Math.max(latest, time));
  return orderBook(NAME, symbol, { bids: side('Buy'), asks: side('Sell') }, at, now);
}
