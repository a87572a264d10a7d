import { HOUR_MS } from '#domain/time.ts';
import { type FakeHistory, fakePrice, type FakeServer, numberOf, opens, within } from '../common/fake.ts';

const good = (data: unknown) => ({ code: 0, msg: '', data });

/**
 * BingX's paging as documented: "If the amount of data between startTime and endTime is greater than limit, return the data in the case of
 * startTime + limit" (https://github.com/BingX-API/BingX-swap-api-v2-doc), at most 1,000; the newest of an answer first, as its examples are.
 */
export function serveBingxHistory(exchange: FakeServer, history: FakeHistory, { maxRows = 1_000 } = {}): void {
  exchange.route('GET', '/openApi/swap/v2/quote/fundingRate', (request) => {
    const symbol = request.query.get('symbol') ?? '';
    const [start, end] = [numberOf(request, 'startTime'), numberOf(request, 'endTime')];
    const limit = Math.min(numberOf(request, 'limit') ?? 100, maxRows);
    const rows = within(history[symbol], start ?? 0, end ?? Infinity);
    const page = start === null && end === null ? rows.slice(-limit) : rows.slice(0, limit);
    return good(page.toReversed().map(({ stamp, rate }) => ({ symbol, fundingRate: rate, fundingTime: stamp })));
  });
  exchange.route('GET', '/openApi/swap/v1/market/markPriceKlines', (request) => {
    if (request.query.get('interval') !== '1h') return { code: 109_400, msg: 'Invalid parameters' };
    const limit = Math.min(numberOf(request, 'limit') ?? 500, 1_440);
    const times = opens(numberOf(request, 'startTime') ?? 0, numberOf(request, 'endTime') ?? 0, limit, false);
    const rows = times.map((openTime) => {
      const price = String(fakePrice('mark', openTime + HOUR_MS));
      return { open: price, close: price, high: price, low: price, volume: '0.00', openTime, closeTime: openTime };
    });
    return good(rows.toReversed());
  });
}
