import { HOUR_MS } from '#domain/time.ts';
import { type FakeHistory, fakePrice, type FakeRequest, type FakeServer, numberOf, opens, within } from '../common/fake.ts';

/** `from` and `to`, in seconds, both meant themselves. */
const windowOf = (request: FakeRequest): { start: number; end: number } => ({
  start: (numberOf(request, 'from') ?? 0) * 1_000,
  end: (numberOf(request, 'to') ?? Infinity) * 1_000,
});

/**
 * Gate's paging as documented: at most 1,000 settlements, the newest of the window and newest first, and at most 2,000 candles, oldest
 * first, from `from` to `to` (https://www.gate.com/docs/developers/apiv4/en/#funding-rate-history, #get-futures-candlesticks).
 * Stamps that are no whole seconds are told with a fraction.
 */
export function serveGateHistory(exchange: FakeServer, history: FakeHistory, { maxRows = 1_000 } = {}): void {
  for (const settle of ['usdt', 'btc']) {
    exchange.route('GET', `/api/v4/futures/${settle}/funding_rate`, (request) => {
      const { start, end } = windowOf(request);
      const rows = within(history[request.query.get('contract') ?? ''], start, end);
      const limit = Math.min(numberOf(request, 'limit') ?? 100, maxRows);
      return rows
        .slice(-limit)
        .toReversed()
        .map(({ stamp, rate }) => ({ r: rate, t: stamp / 1_000 }));
    });
    exchange.route('GET', `/api/v4/futures/${settle}/candlesticks`, (request) => {
      const { start, end } = windowOf(request);
      const kind = request.query.get('contract')?.startsWith('mark_') === true ? 'mark' : 'index';
      return opens(start, end, 2_000, false).map((open) => {
        const price = String(fakePrice(kind, open + HOUR_MS));
        return { t: open / 1_000, o: price, h: price, l: price, c: price };
      });
    });
  }
}
