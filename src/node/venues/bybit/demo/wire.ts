import { BOOK_LEVELS, demoBook, levelTexts, sizeDecimals } from '#node/demo/books.ts';
import type { PriceKind } from '#node/demo/candles.ts';
import type { Contract } from '#node/demo/contracts.ts';
import { datedPremium } from '#node/demo/dated.ts';
import { nextFundingAt, runningRate } from '#node/demo/funding.ts';
import { CAP } from './cap.ts';
import { fundingHistory, klines } from './history.ts';
import { counted, type DemoMarket } from './market.ts';
import { instrumentsInfo, riskLimits } from './symbols.ts';
import { bad, datedFutures, deliveryOf, ended, good, type DatedFuture } from './words.ts';
import { priceDecimals, trimmed, wholeNumber, type Model, type Wire, type WireAnswer } from '#node/demo/wire.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const KLINES: Readonly<Record<string, PriceKind>> = {
  '/v5/market/kline': 'last',
  '/v5/market/mark-price-kline': 'mark',
  '/v5/market/index-price-kline': 'index',
  '/v5/market/premium-index-price-kline': 'premium',
};
const NOT_FOUND: WireAnswer = { status: 404, type: 'text/plain', body: '404 page not found' };

/** Bybit v5 public market REST of one category: https://bybit-exchange.github.io/docs/v5/market/tickers */
export function createBybitWire(market: DemoMarket, model: Model): Wire {
  const { id, category } = market;
  const { contracts, process } = model;
  const inverse = category === 'inverse';
  /** What was traded and what is held: of inverse contracts the value is in the coin and the size in dollars. */
  const held = (size: string, value: string) => (inverse ? { size: value, value: size } : { size, value });

  function prices(contract: Contract, now: number, factor = 1) {
    const last = process.last(contract, now) * factor;
    const before = process.last(contract, now - DAY) * factor;
    const digits = priceDecimals(last);
    const text = (value: number) => value.toFixed(digits);
    return {
      lastPrice: text(last),
      indexPrice: text(process.index(contract, now)),
      markPrice: text(process.mark(contract, now) * factor),
      prevPrice24h: text(before),
      price24hPcnt: trimmed(last / before - 1, 6),
      highPrice24h: text(Math.max(last, before) * 1.01),
      lowPrice24h: text(Math.min(last, before) * 0.99),
      prevPrice1h: text(process.last(contract, now - HOUR) * factor),
      ask1Size: '12.4',
      bid1Price: text(last - 10 ** -digits),
      ask1Price: text(last + 10 ** -digits),
      bid1Size: '9.1',
    };
  }

  function perpetualRow(contract: Contract, now: number): object {
    const openInterest = process.openInterest(contract, now);
    const turnover = process.turnover(contract, now, DAY);
    const mark = process.mark(contract, now);
    const digits = inverse ? 0 : 3;
    const one = counted(contract, openInterest, mark);
    const worth = inverse ? openInterest : openInterest * mark;
    const traded = held(trimmed(turnover / mark, 4), turnover.toFixed(4));
    return {
      symbol: contract.symbol,
      ...prices(contract, now),
      // Both sides of each contract, and one of them.
      openInterest: trimmed(2 * one, digits),
      openInterestValue: (2 * worth).toFixed(2),
      singleOpenInterest: trimmed(one, digits),
      singleOpenInterestValue: worth.toFixed(2),
      turnover24h: traded.value,
      volume24h: traded.size,
      fundingRate: trimmed(runningRate(process, contract, now), 8),
      nextFundingTime: String(nextFundingAt(contract, now)),
      predictedDeliveryPrice: '',
      basisRate: '',
      basis: '',
      deliveryFeeRate: '',
      deliveryTime: deliveryOf(contract, now),
      preOpenPrice: '',
      preQty: '',
      curPreListingPhase: '',
      fundingIntervalHour: String(contract.intervalAt(now)),
      basisRateYear: '',
      fundingCap: trimmed(CAP, 4),
    };
  }

  /** A dated future has no funding; its other fields are there all the same. */
  function datedRow(future: DatedFuture, now: number): object[] {
    const spot = contracts.find(id, `${future.base}${inverse ? 'USD' : 'USDT'}`, now);
    if (!spot) return [];
    const basis = datedPremium(future.end, now);
    const mark = process.mark(spot, now);
    const open = held('812.5', (812.5 * mark).toFixed(2));
    const traded = held('88.4', (88.4 * mark).toFixed(4));
    const none = { fundingRate: '', nextFundingTime: '0', fundingIntervalHour: '', fundingCap: '', predictedDeliveryPrice: '' };
    const rows = { ...prices(spot, now, 1 + basis), ...none, preOpenPrice: '', preQty: '', curPreListingPhase: '' };
    return [
      {
        symbol: future.symbol,
        ...rows,
        openInterest: open.size,
        openInterestValue: open.value,
        turnover24h: traded.value,
        volume24h: traded.size,
        basisRate: trimmed(basis, 6),
        basis: trimmed(basis * process.index(spot, now), 2),
        basisRateYear: '0.05',
        deliveryFeeRate: '0',
        deliveryTime: String(future.end),
      },
    ];
  }

  function tickers(query: URLSearchParams, now: number): WireAnswer {
    const symbol = query.get('symbol');
    const wanted = (row: { symbol: string }) => symbol === null || row.symbol === symbol;
    const perpetuals = contracts.of(id, now).filter((contract) => !ended(contract, now) && wanted(contract));
    const futures = datedFutures(market, now).filter(wanted);
    const list = [...perpetuals.map((c) => perpetualRow(c, now)), ...futures.flatMap((f) => datedRow(f, now))];
    return list.length > 0 ? good({ category, list }, now) : bad('params error: symbol invalid', now);
  }

  function orderbook(query: URLSearchParams, now: number): WireAnswer {
    const symbol = query.get('symbol') ?? '';
    const limit = wholeNumber(query, 'limit') ?? 25;
    const contract = contracts.find(id, symbol, now);
    if (!contract || ended(contract, now)) return bad('params error: symbol invalid', now);
    if (!(limit >= 1 && limit <= 500)) return bad('params error: limit invalid', now);
    const book = demoBook(process, contract, now, Math.min(limit, BOOK_LEVELS));
    const side = (levels: typeof book.bids) => levels.map(({ price, size }) => ({ price, size: counted(contract, size, price) }));
    const decimals = inverse ? 0 : sizeDecimals(process.index(contract, now), 3);
    const { bids, asks } = levelTexts({ ...book, bids: side(book.bids), asks: side(book.asks) }, decimals);
    return good({ s: symbol, b: bids, a: asks, ts: now - 3, u: 1, seq: 1, cts: now - 5 }, now);
  }

  return ({ method, path, query }, now) => {
    if (method !== 'GET') return NOT_FOUND;
    if (path === '/v5/market/time') return good({ timeSecond: String(Math.floor(now / 1000)), timeNano: `${now}000000` }, now);
    const kind = KLINES[path];
    const isKnown = kind !== undefined || /^\/v5\/market\/(tickers|funding\/history|instruments-info|risk-limit|orderbook)$/.test(path);
    if (!isKnown) return NOT_FOUND;
    // Klines alone have a default category.
    if ((query.get('category') ?? (kind ? 'linear' : null)) !== category) return bad('params error: Category is invalid', now);
    if (kind) return klines(market, model, kind, query, now);
    if (path === '/v5/market/tickers') return tickers(query, now);
    if (path === '/v5/market/risk-limit') return riskLimits(market, model, query, now);
    if (path === '/v5/market/orderbook') return orderbook(query, now);
    return path === '/v5/market/instruments-info' ? instrumentsInfo(market, model, query, now) : fundingHistory(market, model, query, now);
  };
}
