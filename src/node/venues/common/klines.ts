import { type Candles, type HourWindow, readCandles } from './paging.ts';
import { listOf, readNumber, readTime } from './read.ts';

/**
 * Hours written as [open time, open, high, low, close, ...], oldest first. Whether both ends of what is asked for are meant is rarely
 * documented, so that hours beside the window are left out. `timeOf`: epoch ms of the first field, where that is not written so.
 */
export function readRowKlines(
  venue: string,
  symbol: string,
  list: readonly unknown[],
  window: HourWindow,
  timeOf: (value: unknown) => number | null = readTime,
): Candles {
  const isAsked = (item: unknown): boolean => {
    const open = Array.isArray(item) ? timeOf(item[0]) : null;
    return open === null || (open >= window.firstOpen && open <= window.lastOpen);
  };
  return readCandles(venue, symbol, list.filter(isAsked), window, (candle) => {
    const fields = listOf(venue, candle, 'a kline');
    const [first, high, low, price] = [readNumber(fields[1]), readNumber(fields[2]), readNumber(fields[3]), readNumber(fields[4])];
    return { open: timeOf(fields[0]), price, others: [first, high, low] };
  });
}
