import { HOUR_MS } from '#domain/time.ts';
import { type FakeHistory, fakePrice, type FakeServer, numberOf, opens, within } from '../common/fake.ts';

const good = (data: unknown) => ({ code: 0, data, message: 'OK' });
/** How far its klines end before the newest settlement that a fake is asked about, where no clock is given. */
const NEWEST = 1_500;

/**
 * CoinEx's paging as documented: settlements between two times by numbered pages, ten a page where no limit is given, newest first as its
 * recorded answer is (https://docs.coinex.com/api/v2/futures/market/http/list-market-funding-rate-history), and the newest klines up to
 * `now`, at most 1,000, the one in progress among them. Klines are served of X alone.
 */
export function serveCoinexHistory(exchange: FakeServer, history: FakeHistory, { maxRows = 100, now = 0 } = {}): void {
  exchange.route('GET', '/v2/futures/funding-rate-history', (request) => {
    const market = request.query.get('market') ?? '';
    const rows = within(history[market], numberOf(request, 'start_time') ?? 0, numberOf(request, 'end_time') ?? Infinity).toReversed();
    const [page, limit] = [numberOf(request, 'page') ?? 1, Math.min(numberOf(request, 'limit') ?? 10, maxRows)];
    return {
      ...good(
        rows.slice((page - 1) * limit, page * limit).map(({ stamp, rate }) => ({
          market,
          funding_time: stamp,
          theoretical_funding_rate: '9',
          actual_funding_rate: rate,
        })),
      ),
      pagination: { has_next: rows.length > page * limit },
    };
  });
  exchange.route('GET', '/v2/futures/kline', ({ query }) => {
    if (query.get('period') !== '1hour') return { code: 4_004, data: {}, message: 'invalid argument' };
    const kind = query.get('price_type') === 'mark_price' ? 'mark' : query.get('price_type') === 'index_price' ? 'index' : 'last';
    const times = opens(Math.max(0, now - NEWEST * HOUR_MS), now, Math.min(Number(query.get('limit') ?? 100), 1_000), true);
    return good(
      times.map((created_at) => {
        const price = String(fakePrice(kind, created_at + HOUR_MS));
        return { market: query.get('market'), created_at, open: price, close: price, high: price, low: price, volume: '0', value: '0' };
      }),
    );
  });
}
