import { BOOK_LEVELS, demoBook, sizeDecimals, tiersOf } from '#node/demo/books.ts';
import { type Contract, servedFrom } from '#node/demo/contracts.ts';
import { figuresOf, hourCandles, rounded } from '#node/demo/figures.ts';
import { runningRate } from '#node/demo/funding.ts';
import { ended, isInverse, unitsWorth } from '#node/demo/lots.ts';
import { firstSettlements } from '#node/demo/pages.ts';
import { json, type Model, type Wire, type WireAnswer, wholeNumber } from '#node/demo/wire.ts';
import { CAP } from './cap.ts';

const HOUR = 3_600_000;
const V3 = '/derivatives/api/v3/';
const CHARTS = '/api/charts/v1/';
const MAX_CANDLES = 2_000;
const iso = (time: number): string => new Date(time).toISOString();
const fail = (error: string, now: number): WireAnswer => json({ result: 'error', error, serverTime: iso(now) });

/** Kraken Futures REST, fields as on https://docs.kraken.com/api/docs/futures-api */
export function createKrakenWire(model: Model): Wire {
  const { contracts, process } = model;
  const live = (now: number): Contract[] => contracts.of('kraken', now).filter((contract) => !ended(contract, now));
  const good = (field: string, value: unknown, now: number): WireAnswer =>
    json({ result: 'success', [field]: value, serverTime: iso(now) });

  /** A rate as an amount: dollars per coin, or coins per dollar. */
  const amountOf = (contract: Contract, rate: number, index: number): number => (isInverse(contract) ? rate / index : rate * index);
  /** What contracts are counted in: coins, or dollars. */
  const sized = (contract: Contract, units: number, price: number): number =>
    isInverse(contract) ? Math.round(units * price) : rounded(units, sizeDecimals(price, 4));

  function ticker(contract: Contract, now: number): object {
    const { last, mark, index, before, high, low, digits, turnover, openInterest, rate } = figuresOf(model, contract, now);
    return {
      symbol: contract.symbol,
      last: rounded(last, digits),
      lastTime: iso(now - 400),
      tag: 'perpetual',
      pair: `${contract.base}:${contract.quote}`,
      markPrice: rounded(mark, digits + 2),
      bid: rounded(last * 0.9999, digits),
      bidSize: 1_000,
      ask: rounded(last * 1.0001, digits),
      askSize: 1_000,
      vol24h: sized(contract, turnover / mark, mark),
      volumeQuote: rounded(turnover, 4),
      openInterest: sized(contract, openInterest, mark),
      open24h: rounded(before, digits),
      high24h: rounded(high, digits),
      low24h: rounded(low, digits),
      lastSize: 1,
      fundingRate: amountOf(contract, rate, index),
      fundingRatePrediction: amountOf(contract, runningRate(process, contract, now + HOUR / 2), index),
      suspended: false,
      indexPrice: rounded(index, digits + 2),
      postOnly: false,
      change24h: rounded((last / before - 1) * 100, 2),
    };
  }

  function instrument(contract: Contract, now: number): object {
    const { digits, mark } = figuresOf(model, contract, now);
    const floor = isInverse(contract) ? 'contracts' : 'numNonContractUnits';
    return {
      symbol: contract.symbol,
      type: isInverse(contract) ? 'futures_inverse' : 'flexible_futures',
      tickSize: 10 ** -digits,
      contractSize: 1,
      tradeable: true,
      maxPositionSize: isInverse(contract) ? 10_000_000 : unitsWorth(contract, 10_000_000),
      openingDate: iso(contract.listedAt),
      marginLevels: tiersOf(contract).map(({ from, maxLeverage }) => ({
        [floor]: from,
        initialMargin: rounded(1 / maxLeverage, 6),
        maintenanceMargin: rounded(1 / (2 * maxLeverage), 6),
      })),
      fundingRateCoefficient: 8,
      maxRelativeFundingRate: CAP,
      contractValueTradePrecision: isInverse(contract) ? 0 : sizeDecimals(mark, 4),
      postOnly: false,
      feeScheduleUid: 'eef90775-995b-4596-9257-0917f6134766',
      category: '',
      tags: [],
      tradfi: false,
      base: contract.base,
      quote: contract.quote,
      pair: `${contract.base}:${contract.quote}`,
    };
  }

  function history(symbol: string, now: number): WireAnswer {
    const contract = contracts.find('kraken', symbol, now);
    const rows = contract === null ? [] : firstSettlements(model, contract, { from: servedFrom(now), to: now, limit: Infinity }, now);
    return json({
      rates: rows.map(({ stamp, at, rate }) => ({
        timestamp: iso(stamp),
        fundingRate: contract === null ? 0 : amountOf(contract, rate, process.index(contract, at)),
        relativeFundingRate: rate,
      })),
    });
  }

  function candles(kind: 'mark' | 'index', symbol: string, query: URLSearchParams, now: number): WireAnswer {
    const contract = contracts.find('kraken', symbol, now);
    if (contract === null) return fail('contractNotFound', now);
    const [from, to] = [wholeNumber(query, 'from') ?? 0, wholeNumber(query, 'to') ?? now / 1_000];
    const range = { from: from * 1_000, to: to * 1_000, limit: MAX_CANDLES, keep: 'first' } as const;
    const rows = hourCandles(model, contract, kind, range, now);
    return json({
      candles: rows.map(({ start, open, high, low, close }) => ({
        time: start,
        ...{ open: String(open), high: String(high), low: String(low), close: String(close) },
        volume: 0,
      })),
      more_candles: rows.length === MAX_CANDLES,
    });
  }

  function orderbook(symbol: string, now: number): WireAnswer {
    const contract = live(now).find((one) => one.symbol === symbol);
    if (contract === undefined) return fail('contractNotFound', now);
    const { bids, asks, digits } = demoBook(process, contract, now, BOOK_LEVELS);
    const side = (levels: typeof bids): number[][] =>
      levels.map(({ price, size }) => [rounded(price, digits), sized(contract, size, price)]).filter(([, size]) => size !== 0);
    return good('orderBook', { bids: side(bids), asks: side(asks) }, now);
  }

  return ({ method, path, query }, now) => {
    const symbol = query.get('symbol') ?? '';
    if (method === 'GET') {
      if (path === `${V3}tickers`)
        return good(
          'tickers',
          live(now).map((contract) => ticker(contract, now)),
          now,
        );
      if (path === `${V3}instruments`)
        return good(
          'instruments',
          live(now).map((contract) => instrument(contract, now)),
          now,
        );
      if (path === `${V3}orderbook`) return orderbook(symbol, now);
      if (path === '/derivatives/api/v4/historicalfundingrates') return history(symbol, now);
      const [kind, asked = '', resolution] = path.startsWith(CHARTS) ? path.slice(CHARTS.length).split('/') : [];
      if ((kind === 'mark' || kind === 'spot') && resolution === '1h')
        return candles(kind === 'mark' ? 'mark' : 'index', decodeURIComponent(asked), query, now);
    }
    return json({ result: 'error', error: 'notFound', serverTime: iso(now) }, 404);
  };
}
