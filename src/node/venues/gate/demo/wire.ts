import { BOOK_LEVELS, demoBook } from '#node/demo/books.ts';
import type { Contract } from '#node/demo/contracts.ts';
import { json, wholeNumber, type Model, type Wire, type WireAnswer } from '#node/demo/wire.ts';
import { contractRow, riskLimits, tickerRow } from './contracts.ts';
import { candlesticks, fundingHistory } from './history.ts';
import { badParameter, ended, inContracts, noContract, notFound, tooBig } from './words.ts';

const MAX_ROWS = 1_000;
const MAX_LEVELS = 300;

/** Gate API v4, perpetual futures: https://www.gate.com/docs/developers/apiv4/en/#futures */
export function createGateWire(model: Model): Wire {
  const { contracts, process } = model;
  const live = (settle: string, now: number): Contract[] =>
    contracts.of('gate', now).filter((contract) => !ended(contract, now) && contract.settle.toLowerCase() === settle);

  function list(settle: string, query: URLSearchParams, now: number): WireAnswer {
    const [limit, offset] = [wholeNumber(query, 'limit'), wholeNumber(query, 'offset') ?? 0];
    if (limit !== null && !(limit >= 1 && limit <= MAX_ROWS)) return badParameter('limit');
    if (Number.isNaN(offset)) return badParameter('offset');
    const page = live(settle, now).slice(offset, limit === null ? undefined : offset + limit);
    return json(page.map((contract) => contractRow(model, contract, now)));
  }

  function tickers(settle: string, query: URLSearchParams, now: number): WireAnswer {
    const symbol = query.get('contract');
    const shown = live(settle, now).filter((contract) => symbol === null || contract.symbol === symbol);
    return shown.length === 0 ? noContract() : json(shown.map((contract) => tickerRow(model, contract, now)));
  }

  function book(settle: string, query: URLSearchParams, now: number): WireAnswer {
    const limit = wholeNumber(query, 'limit') ?? 10;
    const contract = live(settle, now).find(({ symbol }) => symbol === query.get('contract'));
    if (contract === undefined) return noContract();
    if (!(limit >= 1 && limit <= MAX_LEVELS)) return tooBig(MAX_LEVELS);
    const { bids, asks, digits } = demoBook(process, contract, now, Math.min(limit, BOOK_LEVELS));
    const side = (levels: typeof bids): object[] =>
      levels.map(({ price, size }) => ({ s: inContracts(contract, size, price), p: price.toFixed(digits) })).filter(({ s }) => s > 0);
    return json({ id: 1, current: (now - 1) / 1_000, update: (now - 4) / 1_000, asks: side(asks), bids: side(bids) });
  }

  return ({ method, path, query }, now) => {
    const [, settle = '', what = '', symbol = ''] = /^\/api\/v4\/futures\/(usdt|btc)\/([a-z_]+)(?:\/([^/]+))?$/u.exec(path) ?? [];
    if (method !== 'GET' || (symbol !== '' && what !== 'contracts')) return notFound();
    if (what === 'tickers') return tickers(settle, query, now);
    if (what === 'order_book') return book(settle, query, now);
    if (what === 'funding_rate') return fundingHistory(model, query, now);
    if (what === 'candlesticks') return candlesticks(model, query, now);
    if (what === 'risk_limit_tiers') return riskLimits(model, query.get('contract') ?? '', now);
    if (what !== 'contracts') return notFound();
    if (symbol === '') return list(settle, query, now);
    const contract = live(settle, now).find((one) => one.symbol === symbol);
    return contract === undefined ? noContract() : json(contractRow(model, contract, now));
  };
}
