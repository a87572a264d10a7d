import { type Candles, type HourWindow, readCandles, readSettled, type SettledAnswer } from '../common/paging.ts';
import { asRow, readNumber } from '../common/read.ts';
import { NAME, newestFirst, parseList, readSeconds, within } from './body.ts';

const timeOf = (item: unknown): number | null => readSeconds(asRow(item)?.['t']);

/** Body of GET /api/v4/futures/{settle}/funding_rate: settled rates, without their interval. It does not name its contract. */
export function parseFundingHistory(text: string, symbol: string, start: number, end: number, now: number): SettledAnswer {
  const list = newestFirst(within(parseList(text, 'list of settlements'), start, end, timeOf), timeOf);
  return readSettled(NAME, symbol, list, now, (row) => ({
    symbol: undefined,
    stamp: readSeconds(row['t']),
    rate: readNumber(row['r']),
    intervalH: null,
    mark: null,
    premium: null,
  }));
}

/** Body of GET /api/v4/futures/{settle}/candlesticks of a contract with mark_ or index_ before its name. */
export function parseCandles(text: string, symbol: string, window: HourWindow): Candles {
  const list = newestFirst(within(parseList(text, 'list of candles'), window.firstOpen, window.lastOpen, timeOf), timeOf);
  return readCandles(NAME, symbol, list.toReversed(), window, (candle) => {
    const row = asRow(candle) ?? {};
    return {
      open: readSeconds(row['t']),
      price: readNumber(row['c']),
      others: [readNumber(row['o']), readNumber(row['h']), readNumber(row['l'])],
    };
  });
}
