import { BOOK_LEVELS, demoBook, levelTexts, sizeDecimals } from '#node/demo/books.ts';
import type { Contract } from '#node/demo/contracts.ts';
import { figuresOf, hourCandles } from '#node/demo/figures.ts';
import { newestSettlements } from '#node/demo/pages.ts';
import { INTEREST_8H } from '#node/demo/process.ts';
import { json, type Model, trimmed, type Wire, type WireAnswer, wholeNumber } from '#node/demo/wire.ts';
import { INITIAL, MAINTENANCE } from './margins.ts';

const MOST = 1_000;

const fail = (msg: string, param: string, status = 400): WireAnswer => json({ errors: [{ msg, param, location: 'query' }] }, status);
const iso = (time: number): string => new Date(time).toISOString();

/** A time of the query; `otherwise` where none is given, NaN where it is none. */
const timeIn = (query: URLSearchParams, name: string, otherwise: number): number => {
  const text = query.get(name);
  return text === null ? otherwise : Date.parse(text);
};

/** The indexer of dYdX v4: https://docs.dydx.xyz/indexer-client/http */
export function createDydxWire(model: Model): Wire {
  const { contracts, process } = model;

  function market(contract: Contract, now: number): object {
    const { index, turnover, openInterest, rate, digits } = figuresOf(model, contract, now);
    const decimals = sizeDecimals(index, 6);
    return {
      clobPairId: '0',
      ticker: contract.symbol,
      status: contract.delistedAt <= now ? 'FINAL_SETTLEMENT' : 'ACTIVE',
      oraclePrice: trimmed(index, digits + 4),
      priceChange24H: '0',
      volume24H: turnover.toFixed(4),
      trades24H: Math.round(turnover / 4_000),
      nextFundingRate: trimmed(rate, 20),
      initialMarginFraction: String(INITIAL),
      maintenanceMarginFraction: String(MAINTENANCE),
      openInterest: openInterest.toFixed(decimals),
      tickSize: trimmed(10 ** -digits, digits),
      stepSize: trimmed(10 ** -decimals, decimals),
      marketType: 'CROSS',
      openInterestLowerCap: '0',
      openInterestUpperCap: '0',
      defaultFundingRate1H: trimmed(INTEREST_8H / 8, 10),
    };
  }

  function historicalFunding(contract: Contract, query: URLSearchParams, now: number): WireAnswer {
    const limit = wholeNumber(query, 'limit') ?? MOST;
    const to = timeIn(query, 'effectiveBeforeOrAt', now);
    if (!(limit >= 1 && limit <= MOST)) return fail(`limit must be a positive integer that is not greater than max: ${MOST}`, 'limit');
    if (Number.isNaN(to)) return fail('Invalid value', 'effectiveBeforeOrAt');
    const rows = newestSettlements(model, contract, { from: 0, to, limit }, now);
    return json({
      historicalFunding: rows.map(({ rate, at, stamp }) => ({
        ticker: contract.symbol,
        rate: trimmed(rate, 20),
        price: trimmed(process.index(contract, at), 9),
        effectiveAtHeight: String(Math.floor(at / 1_100)),
        effectiveAt: iso(stamp),
      })),
    });
  }

  function candles(contract: Contract, query: URLSearchParams, now: number): WireAnswer {
    const limit = wholeNumber(query, 'limit') ?? MOST;
    const [from, to] = [timeIn(query, 'fromISO', 0), timeIn(query, 'toISO', now)];
    if (query.get('resolution') !== '1HOUR') return fail('Invalid value', 'resolution');
    if (!(limit >= 1 && limit <= MOST) || Number.isNaN(from) || Number.isNaN(to)) return fail('Invalid value', 'fromISO');
    const rows = hourCandles(model, contract, 'last', { from, to: to - 1, limit, keep: 'newest' }, now);
    return json({
      candles: rows.toReversed().map(({ start, open, high, low, close, turnover }) => ({
        startedAt: iso(start),
        ticker: contract.symbol,
        resolution: '1HOUR',
        low: trimmed(low, 12),
        high: trimmed(high, 12),
        open: trimmed(open, 12),
        close: trimmed(close, 12),
        baseTokenVolume: trimmed(turnover / close, 4),
        usdVolume: trimmed(turnover, 4),
        trades: 12,
        startingOpenInterest: trimmed(process.openInterest(contract, start), 4),
      })),
    });
  }

  function book(contract: Contract, now: number): WireAnswer {
    const texts = levelTexts(demoBook(process, contract, now, BOOK_LEVELS), sizeDecimals(process.index(contract, now), 6));
    const side = (levels: readonly string[][]): object[] => levels.map(([price, size]) => ({ price, size }));
    return json({ bids: side(texts.bids), asks: side(texts.asks) });
  }

  return ({ method, path, query }, now) => {
    if (method !== 'GET') return fail('Not Found', 'path', 404);
    if (path === '/v4/perpetualMarkets')
      return json({ markets: Object.fromEntries(contracts.of('dydx', now).map((contract) => [contract.symbol, market(contract, now)])) });
    if (path === '/v4/time') return json({ iso: iso(now), epoch: now / 1_000 });
    const [, call, ticker = ''] =
      /^\/v4\/(historicalFunding|candles\/perpetualMarkets|orderbooks\/perpetualMarket)\/([^/]+)$/u.exec(path) ?? [];
    const contract = contracts.find('dydx', decodeURIComponent(ticker), now);
    if (call === undefined) return fail('Not Found', 'path', 404);
    if (contract === null) return fail('ticker must be a valid ticker (BTC-USD, etc)', 'ticker');
    if (call === 'historicalFunding') return historicalFunding(contract, query, now);
    return call.startsWith('candles') ? candles(contract, query, now) : book(contract, now);
  };
}
