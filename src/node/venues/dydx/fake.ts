import { HOUR_MS } from '#domain/time.ts';
import { type FakeHistory, fakePrice, type FakeServer, numberOf, opens, within } from '../common/fake.ts';

/**
 * dYdX's paging as documented: the newest 1,000 settlements up to `effectiveBeforeOrAt`, newest first, and at most 1,000 candles from
 * `fromISO` to before `toISO`, newest first (https://docs.dydx.xyz/indexer-client/http). Served for the tickers of the history, and X.
 */
export function serveDydxHistory(exchange: FakeServer, history: FakeHistory, { maxRows = 1_000 } = {}): void {
  for (const ticker of new Set([...Object.keys(history), 'X', 'NONE', 'GONE'])) {
    exchange.route('GET', `/v4/historicalFunding/${ticker}`, (request) => {
      const end = Date.parse(request.query.get('effectiveBeforeOrAt') ?? '') || Infinity;
      const rows = within(history[ticker], 0, end).slice(-Math.min(numberOf(request, 'limit') ?? 100, maxRows));
      const historicalFunding = rows.toReversed().map(({ stamp, rate }) => ({
        ticker,
        rate,
        price: '1',
        effectiveAtHeight: '1',
        effectiveAt: new Date(stamp).toISOString(),
      }));
      return { historicalFunding };
    });
    exchange.route('GET', `/v4/candles/perpetualMarkets/${ticker}`, ({ query }) => {
      const [from, to] = ['fromISO', 'toISO'].map((name) => Date.parse(query.get(name) ?? ''));
      const candles = opens(from ?? 0, (to ?? 0) - 1, 1_000, true).map((open) => {
        const price = String(fakePrice('last', open + HOUR_MS));
        return { startedAt: new Date(open).toISOString(), ticker, resolution: '1HOUR', low: price, high: price, open: price, close: price };
      });
      return { candles: candles.toReversed() };
    });
  }
}
