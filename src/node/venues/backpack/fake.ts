import { HOUR_MS } from '#domain/time.ts';
import { type FakeHistory, fakePrice, type FakeServer, numberOf, opens } from '../common/fake.ts';

const naive = (time: number): string => new Date(time).toISOString().slice(0, -1);

/** It has no clock: an end that no test comes to. */
const IN_PROGRESS = Date.UTC(2100, 0, 1);

/**
 * Backpack's paging as documented: settlements by limit and offset, 100 where no limit is given, newest first
 * (https://docs.backpack.exchange/#tag/Markets/operation/get_funding_interval_rates), and klines between two times in seconds
 * (.../get_klines), their times without a zone. The interval in progress stands first. Klines are served of X alone.
 */
export function serveBackpackHistory(exchange: FakeServer, history: FakeHistory, { maxRows = 1_000 } = {}): void {
  exchange.route('GET', '/api/v1/fundingRates', (request) => {
    const symbol = request.query.get('symbol') ?? '';
    const [limit, offset] = [Math.min(numberOf(request, 'limit') ?? 100, maxRows), numberOf(request, 'offset') ?? 0];
    const paid = (history[symbol] ?? []).toReversed();
    const rows = (paid.length === 0 ? [] : [{ stamp: IN_PROGRESS, rate: '0.09' }, ...paid]).slice(offset, offset + limit);
    return rows.map(({ stamp, rate }) => ({ symbol, intervalEndTimestamp: naive(stamp), fundingRate: rate }));
  });
  exchange.route('GET', '/api/v1/klines', (request) => {
    const kind = request.query.get('priceType') === 'Mark' ? 'mark' : request.query.get('priceType') === 'Index' ? 'index' : 'last';
    const [start, end] = [numberOf(request, 'startTime') ?? 0, numberOf(request, 'endTime') ?? 0];
    if (request.query.get('interval') !== '1h') return [];
    return opens(start * 1_000, end * 1_000 - 1, 1_000, false).map((open) => {
      const price = String(fakePrice(kind, open + HOUR_MS));
      const [from, to] = [open, open + HOUR_MS].map((time) => naive(time).slice(0, 19).replace('T', ' '));
      return { start: from, end: to, open: price, high: price, low: price, close: price, volume: '0', quoteVolume: '0', trades: '0' };
    });
  });
}
