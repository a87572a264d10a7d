import { HOUR_MS } from '#domain/time.ts';
import { type FakeHistory, fakePrice, type FakeServer, numberOf, opens, within } from '../common/fake.ts';

const good = (data: unknown) => ({ code: '200000', data });
/** Contracts that are listed beside those of the history. */
const LISTED = ['X'];

/**
 * KuCoin's paging: settlements newest first, at most 100 of those asked for
 * (https://www.kucoin.com/docs-new/rest/futures-trading/funding-fees/get-public-funding-history, which does not say how many), and klines
 * oldest first, at most 200 (https://www.kucoin.com/docs-new/rest/futures-trading/market-data/get-klines says 500).
 */
export function serveKucoinHistory(exchange: FakeServer, history: FakeHistory, { maxRows = 100 } = {}): void {
  exchange.route('GET', '/api/v1/contracts/active', () =>
    good(
      [...new Set([...LISTED, ...Object.keys(history)])].map((symbol) => ({
        symbol,
        type: 'FFWCSX',
        baseCurrency: symbol,
        quoteCurrency: 'USDT',
        settleCurrency: 'USDT',
        isInverse: false,
        indexSymbol: `.K${symbol}USDT`,
        status: 'Open',
      })),
    ),
  );
  exchange.route('GET', '/api/v1/contract/funding-rates', (request) => {
    const symbol = request.query.get('symbol') ?? '';
    const [from, to] = [numberOf(request, 'from'), numberOf(request, 'to')];
    if (from === null || to === null) return { code: '400000', msg: 'Bad Request' };
    const rows = within(history[symbol], from, to).slice(-maxRows);
    return good(rows.toReversed().map(({ stamp, rate }) => ({ symbol, fundingRate: Number(rate), timepoint: stamp })));
  });
  exchange.route('GET', '/api/v1/kline/query', (request) => {
    const isIndex = request.query.get('symbol')?.startsWith('.') === true;
    if (request.query.get('granularity') !== '60') return { code: '300000', msg: 'request parameter illegal' };
    const all = opens(numberOf(request, 'from') ?? 0, numberOf(request, 'to') ?? 0, 200, false);
    return good(all.map((open) => [open, ...Array.from({ length: 4 }, () => fakePrice(isIndex ? 'index' : 'last', open + HOUR_MS)), 0, 0]));
  });
}
