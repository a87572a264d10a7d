import { HOUR_MS } from '#domain/time.ts';
import { type FakeHistory, fakePrice, type FakeServer, numberOf, opens } from '../common/fake.ts';

const good = (data: unknown) => ({ success: true, code: 0, data });

/**
 * MEXC's paging as documented: settlements by numbered pages, newest first
 * (https://www.mexc.com/api-docs/futures/market-endpoints/get-funding-rate-history), and at most 2,000 klines between two times in seconds
 * (https://www.mexc.com/api-docs/futures/market-endpoints/get-fair-price-candles). Klines are served of X alone.
 */
export function serveMexcHistory(exchange: FakeServer, history: FakeHistory, { maxRows = 1_000 } = {}): void {
  exchange.route('GET', '/api/v1/contract/funding_rate/history', (request) => {
    const symbol = request.query.get('symbol') ?? '';
    const rows = (history[symbol] ?? []).toReversed();
    const pageSize = Math.min(numberOf(request, 'page_size') ?? 20, maxRows);
    const currentPage = numberOf(request, 'page_num') ?? 1;
    const page = rows.slice((currentPage - 1) * pageSize, currentPage * pageSize);
    return good({
      pageSize,
      totalCount: rows.length,
      totalPage: Math.ceil(rows.length / pageSize),
      currentPage,
      resultList: page.map(({ stamp, rate }) => ({ symbol, fundingRate: Number(rate), settleTime: stamp })),
    });
  });
  for (const [path, kind] of [
    ['fair_price', 'mark'],
    ['index_price', 'index'],
  ] as const)
    exchange.route('GET', `/api/v1/contract/kline/${path}/X`, (request) => {
      if (request.query.get('interval') !== 'Min60') return { success: false, code: 600, message: 'Parameter error' };
      const [start, end] = [numberOf(request, 'start') ?? 0, numberOf(request, 'end') ?? 0];
      const time = opens(start * 1_000, end * 1_000, 2_000, true);
      const prices = time.map((open) => fakePrice(kind, open + HOUR_MS));
      return good({ time: time.map((open) => open / 1_000), open: prices, close: prices, high: prices, low: prices });
    });
}
