import { BOOK_LEVELS, demoBook, levelTexts, mostOfOrder, sizeDecimals } from '#node/demo/books.ts';
import type { Contract } from '#node/demo/contracts.ts';
import { figuresOf, hourCandles } from '#node/demo/figures.ts';
import { ended } from '#node/demo/lots.ts';
import { firstSettlements, newestSettlements } from '#node/demo/pages.ts';
import { INTEREST_8H } from '#node/demo/process.ts';
import { json, type Model, type Wire, type WireAnswer, wholeNumber } from '#node/demo/wire.ts';
import { CAP } from './cap.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const BASE = '/fapi/v3/';
/** Delivery date of a perpetual without an end. */
const NEVER = 4_133_404_800_000;
const KLINES = { markPriceKlines: ['mark', 'symbol'], indexPriceKlines: ['index', 'pair'] } as const;

const fail = (code: number, msg: string, status = 400): WireAnswer => json({ code, msg }, status);
const fixed = (value: number): string => value.toFixed(8);

/** Aster's futures REST V3, fields as in https://github.com/asterdex/api-docs */
export function createAsterWire(model: Model): Wire {
  const { contracts, process } = model;
  const live = (now: number): Contract[] => contracts.of('aster', now).filter((contract) => !ended(contract, now));

  function premiumIndex(contract: Contract, now: number): object {
    const { mark, index, rate, next, hours } = figuresOf(model, contract, now);
    return {
      symbol: contract.symbol,
      markPrice: fixed(mark),
      indexPrice: fixed(index),
      estimatedSettlePrice: fixed(index * 1.0001),
      lastFundingRate: fixed(rate),
      interestRate: fixed((INTEREST_8H * hours) / 8),
      nextFundingTime: next,
      time: now - (now % 1_000),
    };
  }

  const fundingInfo = (contract: Contract, now: number): object => ({
    symbol: contract.symbol,
    // Of the interval: a contract of 4 h has half of it.
    interestRate: fixed((INTEREST_8H * contract.intervalAt(now)) / 8),
    time: now,
    fundingIntervalHours: contract.intervalAt(now),
    fundingFeeCap: CAP,
    fundingFeeFloor: -CAP,
  });

  function symbolRow(contract: Contract, now: number): object {
    const { mark, digits } = figuresOf(model, contract, now);
    const decimals = sizeDecimals(mark, 3);
    const [step, tick] = [(10 ** -decimals).toFixed(decimals), (10 ** -digits).toFixed(digits)];
    const most = mostOfOrder(mark);
    return {
      symbol: contract.symbol,
      pair: contract.symbol,
      contractType: 'PERPETUAL',
      deliveryDate: contract.delistedAt - now < 10 * DAY ? contract.delistedAt : NEVER,
      onboardDate: contract.listedAt,
      status: 'TRADING',
      maintMarginPercent: '2.5000',
      requiredMarginPercent: '5.0000',
      baseAsset: contract.base,
      quoteAsset: contract.quote,
      marginAsset: contract.settle,
      pricePrecision: digits,
      quantityPrecision: decimals,
      underlyingType: 'COIN',
      underlyingSubType: [],
      triggerProtect: '0.0500',
      liquidationFee: '0.010000',
      marketTakeBound: '0.05',
      filters: [
        { filterType: 'PRICE_FILTER', minPrice: tick, maxPrice: '1000000', tickSize: tick },
        { filterType: 'LOT_SIZE', minQty: step, maxQty: most.limit, stepSize: step },
        { filterType: 'MARKET_LOT_SIZE', minQty: step, maxQty: most.market, stepSize: step },
        { filterType: 'MIN_NOTIONAL', notional: '5' },
      ],
    };
  }

  function ticker(contract: Contract, now: number): object {
    const { last, before, high, low, turnover, digits } = figuresOf(model, contract, now);
    return {
      symbol: contract.symbol,
      priceChange: (last - before).toFixed(digits),
      priceChangePercent: ((last / before - 1) * 100).toFixed(3),
      lastPrice: last.toFixed(digits),
      openPrice: before.toFixed(digits),
      highPrice: high.toFixed(digits),
      lowPrice: low.toFixed(digits),
      volume: (turnover / last).toFixed(3),
      quoteVolume: turnover.toFixed(2),
      openTime: now - DAY,
      closeTime: now,
    };
  }

  function fundingRate(query: URLSearchParams, now: number): WireAnswer {
    const contract = contracts.find('aster', query.get('symbol') ?? '', now);
    const limit = wholeNumber(query, 'limit') ?? 100;
    const [from, to] = [wholeNumber(query, 'startTime'), wholeNumber(query, 'endTime')];
    if (contract === null) return fail(-1121, 'Invalid symbol.');
    if (!(limit >= 1 && limit <= 1_000) || Number.isNaN(from) || Number.isNaN(to)) return fail(-1130, 'Data sent is not valid.');
    const range = { from: from ?? 0, to: to ?? now, limit };
    const isNewest = from === null && to === null;
    const rows = isNewest ? newestSettlements(model, contract, range, now).toReversed() : firstSettlements(model, contract, range, now);
    return json(rows.map(({ stamp, rate }) => ({ symbol: contract.symbol, fundingRate: fixed(rate), fundingTime: stamp })));
  }

  function klines(kind: 'mark' | 'index', name: string, query: URLSearchParams, now: number): WireAnswer {
    const contract = contracts.find('aster', query.get(name) ?? '', now);
    const limit = wholeNumber(query, 'limit') ?? 500;
    const [from, to] = [wholeNumber(query, 'startTime'), wholeNumber(query, 'endTime')];
    if (contract === null) return fail(-1121, 'Invalid symbol.');
    if (query.get('interval') !== '1h') return fail(-1120, 'Invalid interval.');
    if (!(limit >= 1 && limit <= 1_500) || Number.isNaN(from) || Number.isNaN(to)) return fail(-1130, 'Data sent is not valid.');
    const range = { from: from ?? 0, to: to ?? now, limit, keep: from === null ? 'newest' : 'first' } as const;
    const rows = hourCandles(model, contract, kind, range, now);
    return json(
      rows.map(({ start, open, high, low, close }) => [start, ...[open, high, low, close].map(fixed), '0', start + HOUR - 1, '0', 60]),
    );
  }

  function depth(query: URLSearchParams, now: number): WireAnswer {
    const contract = live(now).find(({ symbol }) => symbol === query.get('symbol'));
    const limit = wholeNumber(query, 'limit') ?? 500;
    if (contract === undefined) return fail(-1121, 'Invalid symbol.');
    if (![5, 10, 20, 50, 100, 500, 1_000].includes(limit)) return fail(-4021, `'${limit}' is not valid depth limit.`);
    const book = demoBook(process, contract, now, Math.min(limit, BOOK_LEVELS));
    return json({ lastUpdateId: now, E: now, T: now - 4, ...levelTexts(book, sizeDecimals(process.index(contract, now), 3)) });
  }

  function openInterest(query: URLSearchParams, now: number): WireAnswer {
    const contract = live(now).find(({ symbol }) => symbol === query.get('symbol'));
    if (contract === undefined) return fail(-1121, 'Invalid symbol.');
    return json({ openInterest: process.openInterest(contract, now).toFixed(3), symbol: contract.symbol, time: now });
  }

  return ({ method, path, query }, now) => {
    if (method === 'GET' && path === '/fapi/v1/openInterest') return openInterest(query, now);
    const call = method === 'GET' && path.startsWith(BASE) ? path.slice(BASE.length) : '';
    if (call === 'time') return json({ serverTime: now });
    if (call === 'premiumIndex') return json(live(now).map((contract) => premiumIndex(contract, now)));
    if (call === 'fundingInfo') return json(live(now).map((contract) => fundingInfo(contract, now)));
    if (call === 'exchangeInfo') return json({ timezone: 'UTC', symbols: live(now).map((contract) => symbolRow(contract, now)) });
    if (call === 'ticker/24hr') return json(live(now).map((contract) => ticker(contract, now)));
    if (call === 'fundingRate') return fundingRate(query, now);
    if (call === 'markPriceKlines' || call === 'indexPriceKlines') {
      const [kind, name] = KLINES[call];
      return klines(kind, name, query, now);
    }
    if (call === 'depth') return depth(query, now);
    return fail(-5000, `Path ${path}, Method ${method} is invalid`, 404);
  };
}
