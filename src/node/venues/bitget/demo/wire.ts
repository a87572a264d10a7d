import { BOOK_LEVELS, demoBook, levelTexts, sizeDecimals } from '#node/demo/books.ts';
import type { PriceKind } from '#node/demo/candles.ts';
import type { Contract } from '#node/demo/contracts.ts';
import { nextFundingAt, runningRate } from '#node/demo/funding.ts';
import { json, priceDecimals, trimmed, type Model, type Wire, type WireAnswer } from '#node/demo/wire.ts';
import { CAP } from './cap.ts';
import { contractList, positionTiers } from './contracts.ts';
import { fundingHistory, priceCandles } from './history.ts';
import { askedOf, badParameter, ended, good, oneOf } from './words.ts';

const DAY = 86_400_000;
const BASE = '/api/v2/mix/market/';
const CANDLES: Readonly<Record<string, PriceKind>> = { 'history-mark-candles': 'mark', 'history-index-candles': 'index' };
const LEVELS: Readonly<Record<string, number>> = { 1: 1, 5: 5, 15: 15, 50: 50, max: BOOK_LEVELS };

/** Bitget's public REST of futures, version 2: https://www.bitget.com/api-doc/contract/intro */
export function createBitgetWire(model: Model): Wire {
  const { process } = model;
  const priceText = (price: number): string => trimmed(price, priceDecimals(price));

  /** A list of what is live. */
  function listOf(query: URLSearchParams, now: number, rowOf: (contract: Contract, now: number) => object): WireAnswer {
    const asked = askedOf(model, query, now);
    if ('status' in asked) return asked;
    return good(
      asked.filter((contract) => !ended(contract, now)).map((contract) => rowOf(contract, now)),
      now,
    );
  }

  const rateRow = (contract: Contract, now: number): object => ({
    symbol: contract.symbol,
    fundingRate: trimmed(runningRate(process, contract, now), 16),
    fundingRateInterval: String(contract.intervalAt(now)),
    nextUpdate: String(nextFundingAt(contract, now)),
    minFundingRate: trimmed(-CAP, 5),
    maxFundingRate: trimmed(CAP, 5),
  });

  function ticker(contract: Contract, now: number): object {
    const [last, before] = [process.last(contract, now), process.last(contract, now - DAY)];
    const turnover = process.turnover(contract, now, DAY);
    const change = trimmed(last / before - 1, 5);
    return {
      symbol: contract.symbol,
      lastPr: priceText(last),
      askPr: priceText(last * 1.0001),
      bidPr: priceText(last * 0.9999),
      bidSz: '12',
      askSz: '9',
      high24h: priceText(Math.max(last, before) * 1.01),
      low24h: priceText(Math.min(last, before) * 0.99),
      ts: String(now - 40),
      change24h: change,
      baseVolume: trimmed(turnover / last, 4),
      quoteVolume: trimmed(turnover, 4),
      usdtVolume: trimmed(turnover, 4),
      openUtc: priceText(before),
      changeUtc24h: change,
      indexPrice: String(process.index(contract, now)),
      fundingRate: trimmed(runningRate(process, contract, now), 16),
      // Coins, of inverse contracts too.
      holdingAmount: trimmed(process.openInterest(contract, now), 6),
      deliveryStartTime: null,
      deliveryTime: null,
      deliveryStatus: '',
      open24h: priceText(before),
      markPrice: priceText(process.mark(contract, now)),
    };
  }

  /** Numbers, where everything else is text. */
  function depth(query: URLSearchParams, now: number): WireAnswer {
    const contract = oneOf(model, query, now);
    const count = LEVELS[query.get('limit') ?? '50'];
    if ('status' in contract) return contract;
    if (count === undefined || ended(contract, now)) return badParameter(now);
    const book = demoBook(process, contract, now, count);
    const texts = levelTexts(book, sizeDecimals(process.index(contract, now), 4) + 2);
    const numbers = (side: string[][]): number[][] => side.map((level) => level.map(Number));
    const scale = trimmed(10 ** -book.digits, book.digits);
    return good(
      {
        asks: numbers(texts.asks),
        bids: numbers(texts.bids),
        ts: String(now - 20),
        scale,
        precision: 'scale0',
        isMaxPrecision: 'NO',
      },
      now,
    );
  }

  return ({ method, path, query }, now) => {
    if (method === 'GET' && path === '/api/v2/public/time') return good({ serverTime: String(now) }, now);
    const list = method === 'GET' && path.startsWith(BASE) ? path.slice(BASE.length) : '';
    const kind = CANDLES[list];
    if (kind) return priceCandles(model, kind, query, now);
    if (list === 'tickers') return listOf(query, now, ticker);
    if (list === 'current-fund-rate') return listOf(query, now, rateRow);
    if (list === 'history-fund-rate') return fundingHistory(model, query, now);
    if (list === 'contracts') return contractList(model, query, now);
    if (list === 'query-position-lever') return positionTiers(model, query, now);
    if (list === 'merge-depth') return depth(query, now);
    return json({ code: '40404', msg: 'Request URL NOT FOUND', requestTime: now, data: null }, 404);
  };
}
