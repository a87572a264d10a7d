import { HOUR_MS } from '#domain/time.ts';
import { type FakeHistory, fakePrice, type FakeServer, numberOf, opens, within } from '../common/fake.ts';

/**
 * Deribit's hours between two times, at most 744 of them, the newest
 * (https://docs.deribit.com/api-reference/market-data/public-get_funding_rate_history). X has an index at every hour, where no history is given.
 */
export function serveDeribitHistory(exchange: FakeServer, history: FakeHistory, { maxRows = 744 } = {}): void {
  exchange.route('GET', '/api/v2/public/get_funding_rate_history', (request) => {
    const symbol = request.query.get('instrument_name') ?? '';
    const [start, end] = [numberOf(request, 'start_timestamp') ?? 0, numberOf(request, 'end_timestamp') ?? 0];
    const rows =
      symbol === 'X' && history['X'] === undefined
        ? opens(start, end, Infinity, false).map((stamp) => ({ stamp, rate: '0' }))
        : within(history[symbol], start, end);
    const result = rows.slice(-maxRows).map(({ stamp, rate }) => ({
      timestamp: stamp,
      index_price: fakePrice('index', Math.round(stamp / HOUR_MS) * HOUR_MS),
      prev_index_price: 1,
      interest_8h: 8 * Number(rate),
      interest_1h: Number(rate),
    }));
    return { jsonrpc: '2.0', result };
  });
}
