import { HOUR_MS } from '#domain/time.ts';
import { type FakeHistory, fakePrice, type FakeServer, numberOf, opens, within } from '../common/fake.ts';

const bybit = (result: object) => ({ retCode: 0, retMsg: 'OK', result, retExtInfo: {}, time: Date.now() });

/** Bybit's paging as documented: newest first up to endTime, at most 200; startTime alone is an error. */
export function serveBybitHistory(exchange: FakeServer, history: FakeHistory, { maxRows = 200 } = {}): void {
  exchange.route('GET', '/v5/market/funding/history', (request) => {
    const symbol = request.query.get('symbol') ?? '';
    const [start, end] = [numberOf(request, 'startTime'), numberOf(request, 'endTime')];
    if (start !== null && end === null) return { retCode: 10001, retMsg: 'params error: endTime', result: {} };
    const limit = Math.min(numberOf(request, 'limit') ?? 200, maxRows);
    const rows = within(history[symbol], start ?? 0, end ?? Infinity).slice(-limit);
    const list = rows.toReversed().map(({ stamp, rate }) => ({ symbol, fundingRate: rate, fundingRateTimestamp: String(stamp) }));
    return bybit({ category: request.query.get('category'), list });
  });
  for (const kind of ['mark', 'index'] as const) {
    exchange.route('GET', `/v5/market/${kind}-price-kline`, (request) => {
      const all = opens(
        numberOf(request, 'start') ?? 0,
        numberOf(request, 'end') ?? 0,
        Math.min(numberOf(request, 'limit') ?? 200, 1000),
        true,
      );
      const list = all
        .toReversed()
        .map((open) => [String(open), ...Array.from({ length: 4 }, () => String(fakePrice(kind, open + HOUR_MS)))]);
      return bybit({ symbol: request.query.get('symbol'), category: request.query.get('category'), list });
    });
  }
}
