import { HOUR_MS } from '#domain/time.ts';
import { type FakeHistory, fakePrice, type FakeRequest, type FakeServer, numberOf, opens, within } from '../common/fake.ts';

const good = (data: readonly unknown[]) => ({ code: '0', msg: '', data });

/** `after`: earlier than it; `before`: newer than it; neither holds its own time. */
const windowOf = (request: FakeRequest): { start: number; end: number } => ({
  start: (numberOf(request, 'before') ?? -1) + 1,
  end: (numberOf(request, 'after') ?? Infinity) - 1,
});

/**
 * OKX's paging as documented: newest first, at most 400 settlements
 * (https://www.okx.com/docs-v5/en/#public-data-rest-api-get-funding-rate-history) and 100 candles
 * (https://www.okx.com/docs-v5/en/#public-data-rest-api-get-mark-price-candlesticks-history).
 */
export function serveOkxHistory(exchange: FakeServer, history: FakeHistory, { maxRows = 400 } = {}): void {
  exchange.route('GET', '/api/v5/public/funding-rate-history', (request) => {
    const instId = request.query.get('instId') ?? '';
    const { start, end } = windowOf(request);
    const rows = within(history[instId], start, end).slice(-Math.min(numberOf(request, 'limit') ?? 400, maxRows));
    // What was predicted is another number than what was charged.
    const predicted = (rate: string) => String(Number(rate) + 0.00001);
    return good(
      rows.toReversed().map(({ stamp, rate }) => ({
        instType: 'SWAP',
        instId,
        method: 'current_period',
        formulaType: 'withRate',
        fundingRate: predicted(rate),
        realizedRate: rate,
        fundingTime: String(stamp),
      })),
    );
  });
  for (const [path, kind] of [
    ['history-mark-price-candles', 'mark'],
    ['history-index-candles', 'index'],
  ] as const) {
    exchange.route('GET', `/api/v5/market/${path}`, (request) => {
      const { start, end } = windowOf(request);
      const limit = Math.min(numberOf(request, 'limit') ?? 100, 100);
      const all = Number.isFinite(end) ? opens(Math.max(start, end - limit * HOUR_MS), end, limit, true) : [];
      return good(
        all.toReversed().map((open) => [String(open), ...Array.from({ length: 4 }, () => String(fakePrice(kind, open + HOUR_MS))), '1']),
      );
    });
  }
}
