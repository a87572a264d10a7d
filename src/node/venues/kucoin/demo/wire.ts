import { BOOK_LEVELS, demoBook } from '#node/demo/books.ts';
import { json, type Model, type Wire, type WireAnswer } from '#node/demo/wire.ts';
import { activeContracts, riskLimits } from './contracts.ts';
import { fundingRates, klines } from './history.ts';
import { ended, good, lotsOf, noContract } from './words.ts';

const RISK_LIMIT = '/api/v1/contracts/risk-limit/';

/** KuCoin Futures public REST: https://www.kucoin.com/docs-new/rest/futures-trading/market-data */
export function createKucoinWire(model: Model): Wire {
  const { contracts, process } = model;

  /** GET /api/v1/level2/snapshot: the whole book, in contracts; `ts` in nanoseconds. */
  function snapshot(query: URLSearchParams, now: number): WireAnswer {
    const symbol = query.get('symbol') ?? '';
    const contract = contracts.find('kucoin', symbol, now);
    if (contract === null || ended(contract, now)) return noContract();
    const { bids, asks, digits } = demoBook(process, contract, now, BOOK_LEVELS);
    const side = (levels: typeof bids): number[][] =>
      levels.map(({ price, size }) => [Number(price.toFixed(digits)), lotsOf(contract, size, price)]).filter(([, size]) => size !== 0);
    return good({ sequence: now, symbol, bids: side(bids), asks: side(asks), ts: (now - 20) * 1e6 });
  }

  return ({ method, path, query }, now) => {
    if (method === 'GET') {
      if (path === '/api/v1/contracts/active') return activeContracts(model, now);
      if (path === '/api/v1/contract/funding-rates') return fundingRates(model, query, now);
      if (path === '/api/v1/kline/query') return klines(model, query, now);
      if (path === '/api/v1/level2/snapshot') return snapshot(query, now);
      if (path.startsWith(RISK_LIMIT)) return riskLimits(model, decodeURIComponent(path.slice(RISK_LIMIT.length)), now);
      if (path === '/api/v1/timestamp') return good(now);
    }
    return json({ code: '404000', msg: 'Url Not Found' }, 404);
  };
}
