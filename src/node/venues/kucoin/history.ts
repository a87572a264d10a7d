import { type Candles, type HourWindow, readCandles, readSettled, type SettledAnswer } from '../common/paging.ts';
import { listOf, readNumber, readTime } from '../common/read.ts';
import { NAME, parseData } from './body.ts';

/** Body of GET /api/v1/contract/funding-rates, newest first. Pages of the documentation write `timePoint` and `timepoint`. */
export function parseFundingRates(text: string, symbol: string, now: number): SettledAnswer {
  return readSettled(NAME, symbol, listOf(NAME, parseData(text), 'list of settlements'), now, (row) => ({
    symbol: row['symbol'],
    stamp: row['timepoint'] ?? row['timePoint'],
    rate: readNumber(row['fundingRate']),
    intervalH: null,
    mark: null,
    premium: null,
  }));
}

/**
 * Body of GET /api/v1/kline/query: [start, open, high, low, close, volume, turnover], oldest first. Whether its ends are among what is
 * asked for is not documented: hours beside the window are left out.
 */
export function parseKlines(text: string, symbol: string, window: HourWindow): Candles {
  const list = listOf(NAME, parseData(text), 'list of klines').filter((item) => {
    const open = Array.isArray(item) ? readTime(item[0]) : null;
    return open === null || (open >= window.firstOpen && open <= window.lastOpen);
  });
  return readCandles(NAME, symbol, list, window, (candle) => {
    const fields = listOf(NAME, candle, 'a kline');
    const [first, high, low, price] = [readNumber(fields[1]), readNumber(fields[2]), readNumber(fields[3]), readNumber(fields[4])];
    return { open: readTime(fields[0]), price, others: [first, high, low] };
  });
}
