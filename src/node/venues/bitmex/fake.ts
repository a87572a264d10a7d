import { HOUR_MS } from '#domain/time.ts';
import { type FakeHistory, fakePrice, type FakeRequest, type FakeServer, numberOf, opens, within } from '../common/fake.ts';

const times = ({ query }: FakeRequest): [start: number, end: number] => [
  Date.parse(query.get('startTime') ?? '') || 0,
  Date.parse(query.get('endTime') ?? '') || Infinity,
];

/**
 * BitMEX's paging as documented: rows between two times, 500 settlements and 1,000 hours at most, oldest first unless reversed
 * (https://www.bitmex.com/api/explorer/#!/Funding/Funding_get, #!/Trade/Trade_getBucketed). Hours are stamped with their end.
 */
export function serveBitmexHistory(exchange: FakeServer, history: FakeHistory, { maxRows = 500 } = {}): void {
  exchange.route('GET', '/api/v1/funding', (request) => {
    const symbol = request.query.get('symbol') ?? '';
    const rows = within(history[symbol], ...times(request)).slice(0, Math.min(numberOf(request, 'count') ?? 100, maxRows));
    return rows.map(({ stamp, rate }) => ({
      timestamp: new Date(stamp).toISOString(),
      symbol,
      fundingInterval: '2000-01-01T08:00:00.000Z',
      fundingRate: Number(rate),
      fundingRateDaily: 3 * Number(rate),
    }));
  });
  exchange.route('GET', '/api/v1/trade/bucketed', (request) => {
    const [start, end] = times(request);
    return opens(start - HOUR_MS, end - HOUR_MS, Math.min(numberOf(request, 'count') ?? 100, 1_000), false).map((open) => {
      const price = fakePrice('last', open + HOUR_MS);
      return { timestamp: new Date(open + HOUR_MS).toISOString(), symbol: 'X', open: price + 1, high: price, low: price, close: price };
    });
  });
}
