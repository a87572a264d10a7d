import { HOUR_MS } from '#domain/time.ts';
import { type FakeHistory, fakePrice, type FakeServer, numberOf, opens, within } from '../common/fake.ts';

/** Binance's paging as documented: oldest first from startTime; without it the newest rows. */
export function serveBinanceHistory(exchange: FakeServer, history: FakeHistory, { maxRows = 1000 } = {}): void {
  exchange.route('GET', '/fapi/v1/fundingRate', (request) => {
    const symbol = request.query.get('symbol') ?? '';
    const [start, end] = [numberOf(request, 'startTime'), numberOf(request, 'endTime')];
    const limit = Math.min(numberOf(request, 'limit') ?? 100, maxRows);
    const rows = within(history[symbol], start ?? 0, end ?? Infinity);
    return (start === null ? rows.slice(-limit) : rows.slice(0, limit)).map(({ stamp, rate, mark }) => ({
      symbol,
      fundingTime: stamp,
      fundingRate: rate,
      markPrice: mark ?? '99.5',
    }));
  });
  for (const [path, kind, name] of [
    ['/fapi/v1/markPriceKlines', 'mark', 'symbol'],
    ['/fapi/v1/indexPriceKlines', 'index', 'pair'],
  ] as const) {
    exchange.route('GET', path, (request) => {
      if (request.query.get(name) === null) return { code: -1102, msg: `Mandatory parameter '${name}' was not sent.` };
      const limit = Math.min(numberOf(request, 'limit') ?? 500, 1500);
      return opens(numberOf(request, 'startTime') ?? 0, numberOf(request, 'endTime') ?? 0, limit, false).map((open) => [
        open,
        ...Array.from({ length: 4 }, () => String(fakePrice(kind, open + HOUR_MS))),
        '0',
        open + HOUR_MS - 1,
      ]);
    });
  }
}
