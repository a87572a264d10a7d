import { HOUR_MS } from '#domain/time.ts';
import { type FakeHistory, fakePrice, type FakeServer, numberOf, opens, within } from '../common/fake.ts';

/** Aster's paging as documented: oldest first from startTime on, at most 1,000; without any time the newest rows. */
export function serveAsterHistory(exchange: FakeServer, history: FakeHistory, { maxRows = 1_000 } = {}): void {
  exchange.route('GET', '/fapi/v3/fundingRate', (request) => {
    const symbol = request.query.get('symbol') ?? '';
    const [start, end] = [numberOf(request, 'startTime'), numberOf(request, 'endTime')];
    const limit = Math.min(numberOf(request, 'limit') ?? 100, maxRows);
    const rows = within(history[symbol], start ?? 0, end ?? Infinity);
    const page = start === null && end === null ? rows.slice(-limit) : rows.slice(0, limit);
    return page.map(({ stamp, rate }) => ({ symbol, fundingRate: rate, fundingTime: stamp }));
  });
  for (const [path, kind, name] of [
    ['markPriceKlines', 'mark', 'symbol'],
    ['indexPriceKlines', 'index', 'pair'],
  ] as const)
    exchange.route('GET', `/fapi/v3/${path}`, (request) => {
      if (request.query.get(name) === null) return { code: -1102, msg: `Mandatory parameter '${name}' was not sent.` };
      const limit = Math.min(numberOf(request, 'limit') ?? 500, 1_500);
      return opens(numberOf(request, 'startTime') ?? 0, numberOf(request, 'endTime') ?? 0, limit, false).map((open) => [
        open,
        ...Array.from({ length: 4 }, () => String(fakePrice(kind, open + HOUR_MS))),
        '0',
        open + HOUR_MS - 1,
      ]);
    });
}
