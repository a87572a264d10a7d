import { HOUR_MS } from '#domain/time.ts';
import { type FakeHistory, fakePrice, type FakeServer, numberOf, opens } from '../common/fake.ts';

/**
 * Kraken's paging: all settlements of a contract in one answer, oldest first, and at most 2,000
 * candles between two times in seconds, of X alone (https://docs.kraken.com/api/docs/futures-api/charts/candles).
 */
export function serveKrakenHistory(exchange: FakeServer, history: FakeHistory): void {
  exchange.route('GET', '/derivatives/api/v4/historicalfundingrates', (request) => ({
    rates: (history[request.query.get('symbol') ?? ''] ?? []).map(({ stamp, rate }) => ({
      timestamp: new Date(stamp).toISOString(),
      fundingRate: String(Number(rate) * 1_000),
      relativeFundingRate: rate,
    })),
  }));
  for (const [path, kind] of [
    ['mark', 'mark'],
    ['spot', 'index'],
  ] as const)
    exchange.route('GET', `/api/charts/v1/${path}/X/1h`, (request) => {
      const [start, end] = [numberOf(request, 'from') ?? 0, numberOf(request, 'to') ?? 0];
      const candles = opens(start * 1_000, end * 1_000, 2_000, false).map((time) => {
        const price = String(fakePrice(kind, time + HOUR_MS));
        return { time, open: price, high: price, low: price, close: price, volume: 0 };
      });
      return { candles, more_candles: false };
    });
}
