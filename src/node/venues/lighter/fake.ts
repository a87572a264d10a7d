import { HOUR_MS } from '#domain/time.ts';
import { type FakeHistory, fakePrice, type FakeServer, numberOf, opens } from '../common/fake.ts';

/**
 * Lighter's settlements of a market between two times in seconds, the newest 750 at most, oldest first, and its candles
 * (https://apidocs.lighter.xyz/reference/fundings, -/candles), which begin in milliseconds and are asked for in seconds too. Markets are numbered in the order of the history; the last is X alone.
 */
export function serveLighterHistory(exchange: FakeServer, history: FakeHistory): void {
  const symbols = [...new Set([...Object.keys(history), 'X', 'NONE'])];
  exchange.route('GET', '/api/v1/orderBookDetails', () => ({
    code: 200,
    order_book_details: symbols.map((symbol, market_id) => ({ symbol, market_id, market_type: 'perp', status: 'active' })),
  }));
  exchange.route('GET', '/api/v1/fundings', (request) => {
    const [start, end] = [numberOf(request, 'start_timestamp') ?? 0, numberOf(request, 'end_timestamp') ?? 0];
    const rows = history[symbols[numberOf(request, 'market_id') ?? -1] ?? ''] ?? [];
    const asked = rows.filter(({ stamp }) => stamp >= start * 1_000 && stamp <= end * 1_000);
    const fundings = asked.slice(-Math.min(numberOf(request, 'count_back') ?? 750, 750)).map(({ stamp, rate }) => ({
      timestamp: stamp / 1_000,
      value: '1',
      rate: Math.abs(100 * Number(rate)).toFixed(4),
      direction: Number(rate) < 0 ? 'short' : 'long',
    }));
    return { code: 200, resolution: '1h', fundings };
  });
  exchange.route('GET', '/api/v1/candles', (request) => {
    const [start, end] = [numberOf(request, 'start_timestamp') ?? 0, numberOf(request, 'end_timestamp') ?? 0];
    if (end <= start) return { code: 22_400, message: 'invalid param' };
    const c = opens(start * 1_000, end * 1_000, 500, true).map((t) => {
      const price = fakePrice('last', t + HOUR_MS);
      return { t, o: price, h: price, l: price, c: price, v: 1, V: 1, i: 1 };
    });
    return { code: 200, r: '1h', c };
  });
}
