import { BOOK_LEVELS, demoBook, levelTexts, sizeDecimals } from '#node/demo/books.ts';
import type { PriceKind } from '#node/demo/candles.ts';
import type { Contract } from '#node/demo/contracts.ts';
import { datedPremium } from '#node/demo/dated.ts';
import { nextFundingAt, runningRate } from '#node/demo/funding.ts';
import { INTEREST_8H } from '#node/demo/process.ts';
import { CAP } from './cap.ts';
import { fundingRate, klines } from './history.ts';
import { exchangeInfo } from './symbols.ts';
import { datedFutures, ended, fail, fixed, isShown, type DatedFuture } from './words.ts';
import { json, priceDecimals, wholeNumber, type Model, type Wire, type WireAnswer } from '#node/demo/wire.ts';

const DAY = 86_400_000;
const KLINES: Readonly<Record<string, PriceKind>> = {
  '/fapi/v1/klines': 'last',
  '/fapi/v1/markPriceKlines': 'mark',
  '/fapi/v1/indexPriceKlines': 'index',
  '/fapi/v1/premiumIndexKlines': 'premium',
};

/** Binance USD-M public REST: https://developers.binance.com/docs/derivatives/usds-margined-futures */
export function createBinanceWire(model: Model): Wire {
  const { contracts, process } = model;
  const shown = (now: number): Contract[] => contracts.of('binance', now).filter((contract) => isShown(contract, now));

  function premiumRow(contract: Contract, now: number): object {
    const t = Math.min(now, contract.delistedAt);
    const over = ended(contract, now);
    const index = process.index(contract, t);
    return {
      symbol: contract.symbol,
      markPrice: fixed(process.mark(contract, t)),
      indexPrice: fixed(index),
      estimatedSettlePrice: fixed(index * 1.0001),
      lastFundingRate: fixed(over ? 0 : runningRate(process, contract, t)),
      // Per 8 h, whatever the symbol's interval.
      interestRate: fixed(INTEREST_8H),
      nextFundingTime: over ? 0 : nextFundingAt(contract, t),
      time: over ? t : now - (now % 1000),
    };
  }

  function datedRow(future: DatedFuture, now: number): object[] {
    const spot = contracts.find('binance', future.pair, now);
    if (!spot) return [];
    const index = process.index(spot, now);
    const prices = { markPrice: fixed(index * (1 + datedPremium(future.end, now))), indexPrice: fixed(index) };
    const none = { lastFundingRate: '', interestRate: '', nextFundingTime: 0 };
    return [{ symbol: future.symbol, ...prices, estimatedSettlePrice: fixed(index), ...none, time: now - (now % 1000) }];
  }

  function premiumIndex(query: URLSearchParams, now: number): WireAnswer {
    const symbol = query.get('symbol');
    const wanted = (row: { symbol: string }) => symbol === null || row.symbol === symbol;
    const perpetuals = shown(now).filter(wanted);
    const futures = datedFutures(now).filter(wanted);
    const rows = [...perpetuals.map((contract) => premiumRow(contract, now)), ...futures.flatMap((future) => datedRow(future, now))];
    if (symbol === null) return json(rows);
    return rows[0] ? json(rows[0]) : fail(-1121, 'Invalid symbol.');
  }

  /** Symbols whose interval or cap was adjusted (LTC: its cap alone); any other is on 8 h. */
  function fundingInfo(now: number): WireAnswer {
    const adjusted = shown(now).filter((c) => !ended(c, now) && (c.intervalAt(now) !== 8 || c.asset.name === 'LTC'));
    return json(
      adjusted.map((c) => ({
        symbol: c.symbol,
        adjustedFundingRateCap: fixed(CAP),
        adjustedFundingRateFloor: fixed(-CAP),
        fundingIntervalHours: c.intervalAt(now),
        disclaimer: false,
      })),
    );
  }

  function ticker(contract: Contract, now: number): object {
    const t = Math.min(now, contract.delistedAt);
    const last = process.last(contract, t);
    const before = process.last(contract, t - DAY);
    const text = (value: number) => value.toFixed(priceDecimals(last));
    const turnover = ended(contract, now) ? 0 : process.turnover(contract, t, DAY);
    const trades = Math.floor(turnover / 900);
    return {
      symbol: contract.symbol,
      priceChange: text(last - before),
      priceChangePercent: ((last / before - 1) * 100).toFixed(3),
      weightedAvgPrice: text((last + before) / 2),
      lastPrice: text(last),
      lastQty: '1',
      openPrice: text(before),
      highPrice: text(Math.max(last, before) * 1.01),
      lowPrice: text(Math.min(last, before) * 0.99),
      volume: (turnover / last).toFixed(3),
      quoteVolume: turnover.toFixed(2),
      openTime: t - DAY,
      closeTime: t,
      firstId: 1,
      lastId: trades + 1,
      count: trades + 1,
    };
  }

  function tickers(query: URLSearchParams, now: number): WireAnswer {
    const symbol = query.get('symbol');
    if (symbol === null) return json(shown(now).map((contract) => ticker(contract, now)));
    const contract = shown(now).find((c) => c.symbol === symbol);
    return contract ? json(ticker(contract, now)) : fail(-1121, 'Invalid symbol.');
  }

  function openInterest(query: URLSearchParams, now: number): WireAnswer {
    const symbol = query.get('symbol');
    if (!symbol) return fail(-1102, "Mandatory parameter 'symbol' was not sent, was empty/null, or malformed.");
    const contract = shown(now).find((c) => c.symbol === symbol);
    if (!contract) return fail(-1121, 'Invalid symbol.');
    return json({ openInterest: process.openInterest(contract, Math.min(now, contract.delistedAt)).toFixed(3), symbol, time: now });
  }

  function depth(query: URLSearchParams, now: number): WireAnswer {
    const symbol = query.get('symbol');
    const limit = wholeNumber(query, 'limit') ?? 500;
    if (!symbol) return fail(-1102, "Mandatory parameter 'symbol' was not sent, was empty/null, or malformed.");
    if (![5, 10, 20, 50, 100, 500, 1000].includes(limit)) return fail(-4021, `'${query.get('limit') ?? ''}' is not valid depth limit.`);
    const contract = shown(now).find((c) => c.symbol === symbol && !ended(c, now));
    if (!contract) return fail(-1121, 'Invalid symbol.');
    const book = demoBook(process, contract, now, Math.min(limit, BOOK_LEVELS));
    return json({ lastUpdateId: now, E: now, T: now - 4, ...levelTexts(book, sizeDecimals(process.index(contract, now), 3)) });
  }

  return ({ method, path, query }, now) => {
    const kind = KLINES[path];
    if (method === 'GET') {
      if (kind) return klines(model, kind, query, now);
      if (path === '/fapi/v1/premiumIndex') return premiumIndex(query, now);
      if (path === '/fapi/v1/fundingInfo') return fundingInfo(now);
      if (path === '/fapi/v1/fundingRate') return fundingRate(model, query, now);
      if (path === '/fapi/v1/exchangeInfo') return exchangeInfo(model, now);
      if (path === '/fapi/v1/ticker/24hr') return tickers(query, now);
      if (path === '/fapi/v1/depth') return depth(query, now);
      if (path === '/fapi/v1/openInterest') return openInterest(query, now);
      if (path === '/fapi/v1/time') return json({ serverTime: now });
    }
    return fail(-5000, `Path ${path}, Method ${method} is invalid`, 404);
  };
}
