import { HOUR_MS } from '#domain/time.ts';
import { type FakeHistory, fakePrice, type FakeServer, numberOf, opens } from '../common/fake.ts';

const good = (data: readonly unknown[]) => ({ code: '00000', msg: 'success', requestTime: 1_794_770_400_000, data });

/**
 * Bitget's paging as documented: settlements by numbered pages of at most 100, newest first
 * (https://www.bitget.com/api-doc/contract/market/Get-History-Funding-Rate), and at most 200 candles, oldest first
 * (https://www.bitget.com/api-doc/contract/market/Get-History-Mark-Candle-Data).
 */
export function serveBitgetHistory(exchange: FakeServer, history: FakeHistory, { maxRows = 100 } = {}): void {
  exchange.route('GET', '/api/v2/mix/market/history-fund-rate', (request) => {
    const symbol = request.query.get('symbol') ?? '';
    const size = Math.min(numberOf(request, 'pageSize') ?? 20, maxRows);
    const from = ((numberOf(request, 'pageNo') ?? 1) - 1) * size;
    const rows = (history[symbol] ?? []).toReversed().slice(from, from + size);
    return good(rows.map(({ stamp, rate }) => ({ symbol, fundingRate: rate, fundingTime: String(stamp) })));
  });
  for (const kind of ['mark', 'index'] as const) {
    exchange.route('GET', `/api/v2/mix/market/history-${kind}-candles`, (request) => {
      const [start, end] = [numberOf(request, 'startTime') ?? 0, numberOf(request, 'endTime') ?? 0];
      return good(
        opens(start, end, Math.min(numberOf(request, 'limit') ?? 100, 200), true).map((open) => [
          String(open),
          ...Array.from({ length: 4 }, () => String(fakePrice(kind, open + HOUR_MS))),
          '0',
          '0',
        ]),
      );
    });
  }
}
