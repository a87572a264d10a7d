import { HOUR_MS } from '#domain/time.ts';
import { type FakeHistory, fakePrice, type FakeServer, numberOf, opens, within } from '../common/fake.ts';

const good = (data: unknown) => ({ success: true, data, timestamp: 1_751_632_390_031 });

/**
 * WOO X's paging as documented: settlements between two times by numbered pages, 25 a page where no size is given, newest first as its
 * recorded answer is (https://developer.woox.io/api-reference/endpoint/public_data/fundingRateHistory), and at most 1,000 klines that begin
 * before `before`, that one not (.../klineHistory), newest first.
 */
export function serveWooHistory(exchange: FakeServer, history: FakeHistory, { maxRows = 100 } = {}): void {
  exchange.route('GET', '/v3/public/fundingRateHistory', (request) => {
    const symbol = request.query.get('symbol') ?? '';
    const rows = within(history[symbol], numberOf(request, 'startTime') ?? 0, numberOf(request, 'endTime') ?? Infinity).toReversed();
    const [currentPage, size] = [numberOf(request, 'page') ?? 1, Math.min(numberOf(request, 'size') ?? 25, maxRows)];
    return good({
      rows: rows.slice((currentPage - 1) * size, currentPage * size).map(({ stamp, rate, mark = '1' }) => ({
        symbol,
        fundingRate: rate,
        fundingRateTimestamp: stamp,
        nextFundingTime: stamp + 8 * HOUR_MS,
        markPrice: mark,
      })),
      meta: { total: rows.length, recordsPerPage: size, currentPage },
    });
  });
  exchange.route('GET', '/v3/public/klineHistory', (request) => {
    if (request.query.get('type') !== '1h') return { success: false, code: -1_005, message: 'invalid request' };
    const before = numberOf(request, 'before') ?? 0;
    const limit = Math.min(numberOf(request, 'limit') ?? 100, 1_000);
    const times = opens(Math.max(0, before - limit * HOUR_MS), before - 1, limit, true);
    const rows = times.map((startTimestamp) => {
      const price = String(fakePrice('last', startTimestamp + HOUR_MS));
      return { open: price, close: price, high: price, low: price, type: '1h', startTimestamp, endTimestamp: startTimestamp + HOUR_MS };
    });
    return good({ rows: rows.toReversed() });
  });
}
