import { demoBook, sizeDecimals, tiersOf } from '#node/demo/books.ts';
import type { PriceKind } from '#node/demo/candles.ts';
import type { Contract } from '#node/demo/contracts.ts';
import { figuresOf, hourCandles } from '#node/demo/figures.ts';
import { runningRate } from '#node/demo/funding.ts';
import { ended, isInverse, unitsWorth } from '#node/demo/lots.ts';
import { newestSettlements } from '#node/demo/pages.ts';
import { json, type Model, priceDecimals, trimmed, type Wire, type WireAnswer, wholeNumber } from '#node/demo/wire.ts';
import { CAP } from './cap.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const BASE = '/v2/futures/';
const MOST_RATES = 100;
const MOST_KLINES = 1_000;
const KINDS: Readonly<Record<string, PriceKind>> = { mark_price: 'mark', index_price: 'index', latest_price: 'last' };

const good = (data: unknown): WireAnswer => json({ code: 0, data, message: 'OK' });
/** Failures come with status 200. */
const invalid = (): WireAnswer => json({ code: 4_004, data: {}, message: 'invalid argument' });

/** CoinEx's futures REST v2, fields as on https://docs.coinex.com/api/v2/futures/market */
export function createCoinexWire(model: Model): Wire {
  const { contracts, process } = model;
  const live = (now: number): Contract[] => contracts.of('coinex', now).filter((contract) => !ended(contract, now));

  /** Coins of a linear contract, whole USD of an inverse one. */
  const amount = (contract: Contract, units: number, price: number): string =>
    isInverse(contract) ? String(Math.round(units * price)) : units.toFixed(sizeDecimals(price, 4));

  function market(contract: Contract, now: number): object {
    const { mark, digits, openInterest } = figuresOf(model, contract, now);
    const decimals = sizeDecimals(mark, 4);
    return {
      market: contract.symbol,
      contract_type: contract.contract ?? 'linear',
      maker_fee_rate: '0.0003',
      taker_fee_rate: '0.0005',
      min_amount: isInverse(contract) ? '10' : (10 ** -decimals).toFixed(decimals),
      base_ccy: contract.base,
      quote_ccy: contract.quote,
      base_ccy_precision: isInverse(contract) ? 8 : decimals,
      quote_ccy_precision: digits,
      status: 'online',
      delisted_at: contract.delistedAt - now < 10 * DAY ? contract.delistedAt : 0,
      tick_size: (10 ** -digits).toFixed(digits),
      leverage: tiersOf(contract)
        .map(({ maxLeverage }) => String(maxLeverage))
        .toReversed(),
      open_interest_volume: amount(contract, openInterest, mark),
      is_market_available: true,
      is_copy_trading_available: true,
      is_api_trading_available: true,
    };
  }

  function rate(contract: Contract, now: number): object {
    const { mark, rate: running, next, hours, digits } = figuresOf(model, contract, now);
    const latest = next - hours * HOUR;
    return {
      market: contract.symbol,
      mark_price: mark.toFixed(digits),
      latest_funding_rate: trimmed(runningRate(process, contract, latest - 1), 8),
      latest_funding_time: latest,
      next_funding_rate: trimmed(running, 8),
      next_funding_time: next,
      max_funding_rate: String(CAP),
      min_funding_rate: String(-CAP),
    };
  }

  function ticker(contract: Contract, now: number): object {
    const { last, mark, index, before, high, low, turnover, openInterest, digits } = figuresOf(model, contract, now);
    return {
      market: contract.symbol,
      last: last.toFixed(digits),
      open: before.toFixed(digits),
      close: last.toFixed(digits),
      high: high.toFixed(digits),
      low: low.toFixed(digits),
      volume: isInverse(contract) ? turnover.toFixed(0) : (turnover / last).toFixed(4),
      // In the settle currency.
      value: isInverse(contract) ? (turnover / last).toFixed(8) : turnover.toFixed(8),
      index_price: index.toFixed(digits + 1),
      mark_price: mark.toFixed(digits + 1),
      open_interest_volume: amount(contract, openInterest, mark),
      period: 86_400,
    };
  }

  function history(contract: Contract, query: URLSearchParams, now: number): WireAnswer {
    const [from, to] = [wholeNumber(query, 'start_time'), wholeNumber(query, 'end_time')];
    const [page, limit] = [wholeNumber(query, 'page') ?? 1, wholeNumber(query, 'limit') ?? 10];
    if (Number.isNaN(from) || Number.isNaN(to) || !(page >= 1 && limit >= 1 && limit <= MOST_RATES)) return invalid();
    const rows = newestSettlements(model, contract, { from: from ?? 0, to: to ?? now, limit: page * limit + 1 }, now);
    return json({
      code: 0,
      data: rows.slice((page - 1) * limit, page * limit).map(({ stamp, rate: paid }) => ({
        market: contract.symbol,
        funding_time: stamp,
        theoretical_funding_rate: trimmed(paid, 8),
        actual_funding_rate: trimmed(paid, 8),
      })),
      message: 'OK',
      pagination: { has_next: rows.length > page * limit },
    });
  }

  function kline(contract: Contract, query: URLSearchParams, now: number): WireAnswer {
    const kind = KINDS[query.get('price_type') ?? 'latest_price'];
    const limit = wholeNumber(query, 'limit') ?? 100;
    if (kind === undefined || query.get('period') !== '1hour' || !(limit >= 1 && limit <= MOST_KLINES)) return invalid();
    const rows = hourCandles(model, contract, kind, { from: 0, to: now, limit, keep: 'newest' }, now);
    return good(
      rows.map(({ start, open, high, low, close, turnover }) => {
        const text = (value: number): string => value.toFixed(priceDecimals(close) + 1);
        return {
          market: contract.symbol,
          created_at: start,
          open: text(open),
          close: text(close),
          high: text(high),
          low: text(low),
          volume: (turnover / close).toFixed(4),
          value: turnover.toFixed(4),
        };
      }),
    );
  }

  function depth(contract: Contract, query: URLSearchParams, now: number): WireAnswer {
    const limit = wholeNumber(query, 'limit') ?? 20;
    const step = Number(query.get('interval') ?? '0');
    if (![5, 10, 20, 50].includes(limit) || !(step >= 0)) return invalid();
    const { bids, asks, digits } = demoBook(process, contract, now, limit, step === 0 ? null : step);
    const side = (levels: typeof bids): string[][] =>
      levels.map(({ price, size }) => [price.toFixed(digits), amount(contract, size, price)]).filter(([, size]) => Number(size) > 0);
    const book = {
      asks: side(asks),
      bids: side(bids),
      last: process.last(contract, now).toFixed(digits),
      updated_at: now - 20,
      checksum: 1,
    };
    return good({ market: contract.symbol, is_full: true, depth: book });
  }

  const levels = (contract: Contract): object => {
    const tiers = tiersOf(contract);
    const upTo = (i: number): number => tiers[i + 1]?.from ?? 5 * (tiers.at(-1)?.from ?? 0);
    return {
      market: contract.symbol,
      level: tiers.map(({ maxLeverage }, i) => ({
        amount: String(isInverse(contract) ? upTo(i) : unitsWorth(contract, upTo(i))),
        leverage: String(maxLeverage),
        maintenance_margin_rate: trimmed(1 / (2 * maxLeverage), 6),
        min_initial_margin_rate: trimmed(1 / maxLeverage, 6),
      })),
    };
  };

  return ({ method, path, query }, now) => {
    const call = method === 'GET' && path.startsWith(BASE) ? path.slice(BASE.length) : '';
    if (path === '/v2/time') return good({ timestamp: now });
    if (call === 'market') return good(live(now).map((contract) => market(contract, now)));
    if (call === 'funding-rate') return good(live(now).map((contract) => rate(contract, now)));
    if (call === 'ticker') return good(live(now).map((contract) => ticker(contract, now)));
    const contract = contracts.find('coinex', query.get('market') ?? '', now);
    if (call === '' || contract === null) return invalid();
    if (call === 'funding-rate-history') return history(contract, query, now);
    if (call === 'kline') return kline(contract, query, now);
    if (ended(contract, now)) return json({ code: 3_157, data: {}, message: 'Service has been stopped in this market' });
    if (call === 'depth') return depth(contract, query, now);
    if (call === 'position-level') return good([levels(contract)]);
    return invalid();
  };
}
