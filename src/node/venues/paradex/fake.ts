import { HOUR_MS } from '#domain/time.ts';
import { type FakeHistory, fakePrice, type FakeServer, numberOf, opens } from '../common/fake.ts';

/** Of one unit, so that an index tells rates. */
const PRICE = 100;

/**
 * Paradex's observations of a funding index, newest first, as many as are asked for between two times
 * (https://docs.paradex.trade/api/prod/markets/get-funding-data), and its candles (https://docs.paradex.trade/api/prod/markets/klines). The
 * history is of accruals: a row that is stamped with the end of its hour is what the index has advanced by since the one before it. Funding
 * begins an hour before the first.
 */
export function serveParadexHistory(exchange: FakeServer, history: FakeHistory): void {
  exchange.route('GET', '/v1/funding/data', (request) => {
    const market = request.query.get('market') ?? '';
    const rows = history[market] ?? [];
    const [from, to] = [numberOf(request, 'start_at') ?? 0, numberOf(request, 'end_at') ?? Infinity];
    let index = 1_000;
    const points = rows.map(({ stamp, rate }) => ({ at: stamp, rate, index: (index += PRICE * Number(rate)) }));
    const first = rows[0];
    const all = first === undefined ? [] : [{ at: first.stamp - HOUR_MS, rate: first.rate, index: 1_000 }, ...points];
    const asked = all.filter(({ at }) => at >= from && at <= to).toReversed();
    const results = asked.slice(0, numberOf(request, 'page_size') ?? 100).map((point) => ({
      market,
      funding_index: point.index.toFixed(14),
      funding_premium: (8 * PRICE * Number(point.rate)).toFixed(14),
      funding_rate: (8 * Number(point.rate)).toFixed(14),
      funding_rate_8h: (8 * Number(point.rate)).toFixed(14),
      funding_period_hours: 8,
      created_at: point.at,
    }));
    return { next: null, prev: null, results };
  });
  exchange.route('GET', '/v1/markets/klines', (request) => {
    const kind = request.query.get('price_kind') === 'mark' ? 'mark' : 'index';
    const [start, end] = [numberOf(request, 'start_at') ?? 0, numberOf(request, 'end_at') ?? 0];
    const results = opens(start, end, 5_000, false).map((open) => {
      const price = fakePrice(kind, open + HOUR_MS);
      return [open, price, price, price, price, 1];
    });
    return { results };
  });
}
