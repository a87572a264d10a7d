import { BOOK_LEVELS, demoBook, levelTexts, mostOfOrder, sizeDecimals } from '#node/demo/books.ts';
import type { Contract } from '#node/demo/contracts.ts';
import { figuresOf, hourCandles } from '#node/demo/figures.ts';
import { nextFundingAt, runningRate } from '#node/demo/funding.ts';
import { ended } from '#node/demo/lots.ts';
import { newestSettlements } from '#node/demo/pages.ts';
import { json, type Model, trimmed, type Wire, type WireAnswer, wholeNumber } from '#node/demo/wire.ts';
import { CAP } from './cap.ts';

const HOUR = 3_600_000;
const BASE = '/v3/public/';
const MOST_KLINES = 1_000;

const good = (data: unknown, now: number): WireAnswer => json({ success: true, data, timestamp: now });
const bad = (code: number, message: string, status = 400): WireAnswer => json({ success: false, code, message }, status);
const invalid = (): WireAnswer => bad(-1_005, 'invalid request, please check your request');

/** WOO X's public REST v3, fields as on https://developer.woox.io/api-reference/endpoint/public_data */
export function createWooWire(model: Model): Wire {
  const { contracts, process } = model;
  const live = (now: number): Contract[] => contracts.of('woo', now).filter((contract) => !ended(contract, now));

  function fundingRate(contract: Contract, now: number): object {
    // Once a minute.
    const estimated = now - (now % 60_000);
    const { next, hours } = figuresOf(model, contract, now);
    return {
      symbol: contract.symbol,
      estFundingRate: trimmed(runningRate(process, contract, now), 8),
      estFundingRateTimestamp: estimated,
      lastFundingRate: trimmed(runningRate(process, contract, next - hours * HOUR - 1), 8),
      lastFundingRateTimestamp: next - hours * HOUR,
      nextFundingTime: next,
      lastFundingIntervalHours: contract.intervalAt(next - hours * HOUR - 1),
      estFundingIntervalHours: hours,
    };
  }

  function future(contract: Contract, now: number): object {
    const { mark, index, last, before, high, low, turnover, openInterest, rate, next, digits } = figuresOf(model, contract, now);
    return {
      symbol: contract.symbol,
      indexPrice: index.toFixed(digits + 1),
      markPrice: mark.toFixed(digits + 1),
      estFundingRate: trimmed(rate, 8),
      lastFundingRate: trimmed(runningRate(process, contract, next - contract.intervalAt(now) * HOUR - 1), 8),
      openInterest: openInterest.toFixed(4),
      '24hOpen': before.toFixed(digits),
      '24hClose': last.toFixed(digits),
      '24hHigh': high.toFixed(digits),
      '24hLow': low.toFixed(digits),
      '24hVolume': (turnover / last).toFixed(4),
      '24hAmount': turnover.toFixed(2),
      nextFundingTime: next,
    };
  }

  function instrument(contract: Contract, now: number): object {
    const { mark, digits } = figuresOf(model, contract, now);
    const decimals = sizeDecimals(mark, 4);
    const step = (10 ** -decimals).toFixed(decimals);
    return {
      symbol: contract.symbol,
      status: 'TRADING',
      baseAsset: contract.base,
      baseAssetMultiplier: 1,
      quoteAsset: contract.quote,
      quoteMin: '0',
      quoteMax: '10000000',
      quoteTick: (10 ** -digits).toFixed(digits),
      baseMin: step,
      baseMax: mostOfOrder(mark).market,
      baseTick: step,
      minNotional: '10',
      orderMode: 'NORMAL',
      isAllowedRpi: true,
      fundingIntervalHours: contract.intervalAt(now),
      fundingCap: String(CAP),
      fundingFloor: String(-CAP),
    };
  }

  function history(contract: Contract, query: URLSearchParams, now: number): WireAnswer {
    const [from, to] = [wholeNumber(query, 'startTime'), wholeNumber(query, 'endTime')];
    const [currentPage, size] = [wholeNumber(query, 'page') ?? 1, wholeNumber(query, 'size') ?? 25];
    if (Number.isNaN(from) || Number.isNaN(to) || !(currentPage >= 1 && size >= 1)) return invalid();
    const all = newestSettlements(model, contract, { from: from ?? 0, to: to ?? now, limit: currentPage * size }, now);
    const rows = all.slice((currentPage - 1) * size).map(({ stamp, at, rate }) => ({
      symbol: contract.symbol,
      fundingRate: trimmed(rate, 8),
      fundingRateTimestamp: stamp,
      nextFundingTime: nextFundingAt(contract, at),
      markPrice: trimmed(process.mark(contract, at), 10),
    }));
    return good({ rows, meta: { total: all.length, recordsPerPage: size, currentPage } }, now);
  }

  function klines(contract: Contract, query: URLSearchParams, now: number): WireAnswer {
    const [before, limit] = [wholeNumber(query, 'before') ?? now, wholeNumber(query, 'limit') ?? 100];
    if (query.get('type') !== '1h' || !(limit >= 1 && limit <= MOST_KLINES) || Number.isNaN(before)) return invalid();
    const rows = hourCandles(model, contract, 'last', { from: 0, to: before - 1, limit, keep: 'newest' }, now);
    const text = (value: number): string => trimmed(value, 10);
    return good(
      {
        rows: rows.toReversed().map(({ start, open, high, low, close, turnover }) => ({
          symbol: contract.symbol,
          open: text(open),
          close: text(close),
          high: text(high),
          low: text(low),
          volume: text(turnover / close),
          amount: text(turnover),
          type: '1h',
          startTimestamp: start,
          endTimestamp: start + HOUR,
        })),
      },
      now,
    );
  }

  function orderbook(contract: Contract, query: URLSearchParams, now: number): WireAnswer {
    const most = wholeNumber(query, 'maxLevel') ?? 100;
    if (!(most >= 1)) return invalid();
    const texts = levelTexts(demoBook(process, contract, now, Math.min(most, BOOK_LEVELS)), sizeDecimals(process.index(contract, now), 4));
    const side = (levels: readonly string[][]): object[] => levels.map(([price, quantity]) => ({ price, quantity }));
    return good({ asks: side(texts.asks), bids: side(texts.bids) }, now - 20);
  }

  return ({ method, path, query }, now) => {
    const call = method === 'GET' && path.startsWith(BASE) ? path.slice(BASE.length) : '';
    const symbol = query.get('symbol');
    const contract = symbol === null ? null : contracts.find('woo', symbol, now);
    if (call === 'systemInfo') return good({ status: 0, msg: 'System is functioning properly.' }, now);
    if (call === 'instruments') return good({ rows: live(now).map((one) => instrument(one, now)) }, now);
    if (call === 'fundingRate' && symbol === null) return good({ rows: live(now).map((one) => fundingRate(one, now)) }, now);
    if (call === 'futures' && symbol === null) return good({ rows: live(now).map((one) => future(one, now)) }, now);
    if (contract === null) return bad(-1_006, `invalid symbol ${symbol ?? ''}`);
    if (call === 'fundingRateHistory') return history(contract, query, now);
    if (call === 'klineHistory') return klines(contract, query, now);
    if (ended(contract, now)) return bad(-1_006, `invalid symbol ${contract.symbol}`);
    return call === 'orderbook' ? orderbook(contract, query, now) : invalid();
  };
}
