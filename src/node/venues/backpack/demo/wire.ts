import { BOOK_LEVELS, demoBook, levelTexts, sizeDecimals, tiersOf } from '#node/demo/books.ts';
import type { PriceKind } from '#node/demo/candles.ts';
import type { Contract } from '#node/demo/contracts.ts';
import { figuresOf, hourCandles } from '#node/demo/figures.ts';
import { ended } from '#node/demo/lots.ts';
import { newestSettlements } from '#node/demo/pages.ts';
import { json, type Model, trimmed, type Wire, type WireAnswer, wholeNumber } from '#node/demo/wire.ts';
import { CAP } from './cap.ts';

const HOUR = 3_600_000;
const BASE = '/api/v1/';
const MOST_RATES = 10_000;
const KINDS: Readonly<Record<string, PriceKind>> = { Last: 'last', Mark: 'mark', Index: 'index' };

const bad = (code: string, message: string, status = 400): WireAnswer => json({ code, message }, status);
const noSymbol = (): WireAnswer => bad('INVALID_CLIENT_REQUEST', 'Invalid market symbol');
/** Without a zone. */
const naive = (time: number): string => new Date(time).toISOString().slice(0, 19);

/** Backpack's public REST, fields as on https://docs.backpack.exchange */
export function createBackpackWire(model: Model): Wire {
  const { contracts, process } = model;
  const live = (now: number): Contract[] => contracts.of('backpack', now).filter((contract) => !ended(contract, now));

  function markPrice(contract: Contract, now: number): object {
    const { mark, index, rate, next, digits } = figuresOf(model, contract, now);
    return {
      fundingRate: trimmed(rate, 20),
      indexPrice: index.toFixed(digits + 2),
      markPrice: mark.toFixed(digits + 2),
      nextFundingTimestamp: next,
      symbol: contract.symbol,
    };
  }

  function market(contract: Contract, now: number): object {
    const { mark, digits } = figuresOf(model, contract, now);
    const decimals = sizeDecimals(mark, 5);
    const step = (10 ** -decimals).toFixed(decimals);
    const margin = (part: number, factor: string): object => ({
      base: trimmed(part / (tiersOf(contract)[0]?.maxLeverage ?? 1), 8),
      factor,
      type: 'sqrt',
    });
    return {
      baseSymbol: contract.base,
      createdAt: `${naive(contract.listedAt)}.000000`,
      filters: {
        price: { maxPrice: '1000000', minPrice: '0.000001', tickSize: (10 ** -digits).toFixed(digits) },
        quantity: { maxQuantity: null, minQuantity: step, stepSize: step },
      },
      fundingInterval: contract.intervalAt(now) * HOUR,
      fundingRateLowerBound: String(-CAP * 10_000),
      fundingRateUpperBound: String(CAP * 10_000),
      imfFunction: margin(1, '0.00002494'),
      mmfFunction: margin(0.5, '0.00001496'),
      marketType: 'PERP',
      openInterestLimit: '0',
      orderBookState: 'Open',
      quoteSymbol: contract.quote,
      symbol: contract.symbol,
      visible: true,
    };
  }

  function ticker(contract: Contract, now: number): object {
    const { last, before, high, low, turnover, digits } = figuresOf(model, contract, now);
    return {
      firstPrice: before.toFixed(digits),
      high: high.toFixed(digits),
      lastPrice: last.toFixed(digits),
      low: low.toFixed(digits),
      priceChange: (last - before).toFixed(digits),
      priceChangePercent: (last / before - 1).toFixed(6),
      quoteVolume: turnover.toFixed(6),
      symbol: contract.symbol,
      trades: '4200',
      volume: (turnover / last).toFixed(5),
    };
  }

  function fundingRates(contract: Contract, query: URLSearchParams, now: number): WireAnswer {
    const [limit, offset] = [wholeNumber(query, 'limit') ?? 100, wholeNumber(query, 'offset') ?? 0];
    if (!(limit >= 1 && limit <= MOST_RATES && offset >= 0)) return bad('INVALID_CLIENT_REQUEST', 'Invalid limit');
    const paid = newestSettlements(model, contract, { from: 0, to: now, limit: limit + offset }, now);
    const { next, rate } = figuresOf(model, contract, now);
    // The interval in progress stands first, under the end that it will have.
    const rows = [{ stamp: next, rate }, ...paid].slice(offset, offset + limit);
    return json(
      rows.map((row) => ({ fundingRate: trimmed(row.rate, 9), intervalEndTimestamp: naive(row.stamp), symbol: contract.symbol })),
    );
  }

  function klines(contract: Contract, query: URLSearchParams, now: number): WireAnswer {
    const kind = KINDS[query.get('priceType') ?? 'Last'];
    const [from, to] = [wholeNumber(query, 'startTime'), wholeNumber(query, 'endTime') ?? now / 1_000];
    if (kind === undefined || from === null || query.get('interval') !== '1h' || !(from >= 0) || !(to >= from))
      return bad('INVALID_CLIENT_REQUEST', 'Invalid interval');
    const rows = hourCandles(model, contract, kind, { from: from * 1_000, to: to * 1_000 - 1, limit: 1_000, keep: 'first' }, now);
    const text = (value: number): string => trimmed(value, 10);
    return json(
      rows.map(({ start, open, high, low, close, turnover }) => ({
        close: text(close),
        end: naive(start + HOUR).replace('T', ' '),
        high: text(high),
        low: text(low),
        open: text(open),
        quoteVolume: text(turnover),
        start: naive(start).replace('T', ' '),
        trades: '60',
        volume: text(turnover / close),
      })),
    );
  }

  function depth(contract: Contract, query: URLSearchParams, now: number): WireAnswer {
    const limit = wholeNumber(query, 'limit') ?? 1_000;
    if (![5, 10, 20, 50, 100, 500, 1_000].includes(limit)) return bad('INVALID_CLIENT_REQUEST', 'failed to parse parameter `limit`');
    const { bids, asks } = levelTexts(
      demoBook(process, contract, now, Math.min(limit, BOOK_LEVELS)),
      sizeDecimals(process.index(contract, now), 5),
    );
    return json({ asks, bids: bids.toReversed(), lastUpdateId: String(now), timestamp: (now - 40) * 1_000 });
  }

  return ({ method, path, query }, now) => {
    const call = method === 'GET' && path.startsWith(BASE) ? path.slice(BASE.length) : '';
    const symbol = query.get('symbol');
    const contract = symbol === null ? null : contracts.find('backpack', symbol, now);
    if (call === 'time') return json(now);
    if (call === 'markets') return json(live(now).map((one) => market(one, now)));
    if (call === 'tickers') return json(live(now).map((one) => ticker(one, now)));
    if (call === 'markPrices' && symbol === null) return json(live(now).map((one) => markPrice(one, now)));
    if (call === 'openInterest' && symbol === null) {
      const interest = (one: Contract): object => ({
        openInterest: process.openInterest(one, now).toFixed(5),
        symbol: one.symbol,
        timestamp: now - 500,
      });
      return json(live(now).map(interest));
    }
    if (contract === null) return noSymbol();
    if (call === 'fundingRates') return fundingRates(contract, query, now);
    if (call === 'klines') return klines(contract, query, now);
    if (ended(contract, now)) return bad('RESOURCE_NOT_FOUND', 'Not Found', 404);
    return call === 'depth' ? depth(contract, query, now) : json('not found', 404);
  };
}
