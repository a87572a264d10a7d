import { CANDLE_MINUTES, candles, type PriceKind } from './candles.ts';
import { servedFrom, type Contract, type Contracts } from './contracts.ts';
import { datedPremium, quarterEnds } from './dated.ts';
import { CAP, nextFundingAt, runningRate, settlements, type Settlement } from './funding.ts';
import { keyOf, unit } from './noise.ts';
import type { Process } from './process.ts';
import { json, priceDecimals, wholeNumber, type Wire, type WireAnswer } from './wire.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** A symbol that has ended stays in the bulk bodies for this long, frozen and SETTLING. */
const SETTLING_SHOWN = 40 * DAY;
const NEVER = 4_133_404_800_000;
const INTERVALS: Readonly<Record<string, number>> = Object.fromEntries(
  CANDLE_MINUTES.map((m) => [m < 60 ? `${m}m` : m < 1440 ? `${m / 60}h` : '1d', m]),
);
const KLINES: Readonly<Record<string, PriceKind>> = {
  '/fapi/v1/klines': 'last',
  '/fapi/v1/markPriceKlines': 'mark',
  '/fapi/v1/indexPriceKlines': 'index',
  '/fapi/v1/premiumIndexKlines': 'premium',
};

const fail = (code: number, msg: string, status = 400): WireAnswer => json({ code, msg }, status);
const fixed = (value: number): string => value.toFixed(8);
const ended = (contract: Contract, now: number): boolean => contract.delistedAt <= now;
const shown = (contract: Contract, now: number): boolean => now < contract.delistedAt + SETTLING_SHOWN;

/** yymmdd of a delivery day. */
const dayOf = (t: number): string => new Date(t).toISOString().slice(2, 10).replaceAll('-', '');

/** Binance USD-M public REST: https://developers.binance.com/docs/derivatives/usds-margined-futures */
export function createBinanceWire(contracts: Contracts, process: Process): Wire {
  const listed = (now: number): Contract[] => contracts.of('binance', now).filter((contract) => shown(contract, now));
  const dated = (now: number) =>
    ['BTC', 'ETH'].flatMap((base) =>
      quarterEnds(now, 2).map((end) => ({ symbol: `${base}USDT_${dayOf(end)}`, pair: `${base}USDT`, base, end })),
    );

  function premiumIndex(now: number, contract: Contract): object {
    const t = Math.min(now, contract.delistedAt);
    const over = ended(contract, now);
    return {
      symbol: contract.symbol,
      markPrice: fixed(process.mark(contract, t)),
      indexPrice: fixed(process.index(contract, t)),
      estimatedSettlePrice: fixed(process.index(contract, t) * 1.0001),
      lastFundingRate: fixed(over ? 0 : runningRate(process, contract, t)),
      interestRate: '0.00010000',
      nextFundingTime: over ? 0 : nextFundingAt(contract, t),
      time: over ? t : now - (now % 1000),
    };
  }

  function datedIndex(now: number, future: { symbol: string; pair: string; end: number }): object[] {
    const spot = contracts.find('binance', future.pair, now);
    if (!spot) return [];
    const index = process.index(spot, now);
    const mark = fixed(index * (1 + datedPremium(future.end, now)));
    const money = { markPrice: mark, indexPrice: fixed(index), estimatedSettlePrice: fixed(index) };
    return [{ symbol: future.symbol, ...money, lastFundingRate: '', interestRate: '', nextFundingTime: 0, time: now - (now % 1000) }];
  }

  function premiumIndexAnswer(query: URLSearchParams, now: number): WireAnswer {
    const symbol = query.get('symbol');
    const futures = dated(now);
    if (symbol === null) {
      return json([...listed(now).map((contract) => premiumIndex(now, contract)), ...futures.flatMap((f) => datedIndex(now, f))]);
    }
    const contract = listed(now).find((c) => c.symbol === symbol);
    const row = contract ? premiumIndex(now, contract) : futures.filter((f) => f.symbol === symbol).flatMap((f) => datedIndex(now, f))[0];
    return row ? json(row) : fail(-1121, 'Invalid symbol.');
  }

  /** Symbols whose interval or cap was adjusted; any other is on 8 h. */
  function fundingInfo(now: number): WireAnswer {
    const rows = listed(now)
      .filter((c) => !ended(c, now) && (c.intervalAt(now) !== 8 || c.asset.name === 'LTC'))
      .map((c) => ({
        symbol: c.symbol,
        adjustedFundingRateCap: fixed(CAP.binance),
        adjustedFundingRateFloor: fixed(-CAP.binance),
        fundingIntervalHours: c.intervalAt(now),
        disclaimer: false,
      }));
    return json(rows);
  }

  const historyRow = (contract: Contract, settlement: Settlement) => ({
    symbol: contract.symbol,
    fundingTime: settlement.stamp,
    fundingRate: fixed(settlement.rate),
    markPrice: fixed(process.mark(contract, settlement.at)),
  });

  /** The rows of one symbol (or of all) in [startTime, endTime], ascending; the newest ones where no start is given. */
  function fundingRate(query: URLSearchParams, now: number): WireAnswer {
    const limit = wholeNumber(query, 'limit') ?? 100;
    const start = wholeNumber(query, 'startTime');
    const end = wholeNumber(query, 'endTime');
    if (Number.isNaN(limit) || limit < 1 || limit > 1000) return fail(-1130, "Data sent for parameter 'limit' is not valid.");
    if (Number.isNaN(start)) return fail(-1130, "Data sent for parameter 'startTime' is not valid.");
    if (Number.isNaN(end)) return fail(-1130, "Data sent for parameter 'endTime' is not valid.");
    if (start !== null && end !== null && start > end) return fail(-1023, 'Start time is greater than end time.');
    const symbol = query.get('symbol');
    const one = symbol === null ? null : contracts.find('binance', symbol, now);
    if (symbol !== null && !one) return fail(-1121, 'Invalid symbol.');
    const of = one ? [one] : contracts.of('binance', now);
    const to = Math.min(end ?? now, now);
    const rowsIn = (from: number, until: number) =>
      of
        .flatMap((contract) => [...settlements(process, contract, from, until, now)].map((s) => ({ contract, s })))
        .sort((a, b) => a.s.stamp - b.s.stamp);
    const rows: { contract: Contract; s: Settlement }[] = [];
    const oldest = servedFrom(now);
    const chunk = one ? 40 * DAY : DAY;
    if (start !== null) {
      for (let from = Math.max(start, oldest); from <= to && rows.length < limit; from += chunk) {
        rows.push(...rowsIn(from, Math.min(from + chunk - 1, to)));
      }
      return json(rows.slice(0, limit).map(({ contract, s }) => historyRow(contract, s)));
    }
    for (let until = to; until >= oldest && rows.length < limit; until -= chunk) {
      rows.unshift(...rowsIn(Math.max(until - chunk + 1, oldest), until));
    }
    return json(rows.slice(-limit).map(({ contract, s }) => historyRow(contract, s)));
  }

  function klines(kind: PriceKind, query: URLSearchParams, now: number): WireAnswer {
    const name = kind === 'index' ? 'pair' : 'symbol';
    const symbol = query.get(name);
    if (!symbol) return fail(-1102, `Mandatory parameter '${name}' was not sent, was empty/null, or malformed.`);
    const minutes = INTERVALS[query.get('interval') ?? ''];
    if (minutes === undefined) return fail(-1120, 'Invalid interval.');
    const limit = wholeNumber(query, 'limit') ?? 500;
    const start = wholeNumber(query, 'startTime');
    const end = wholeNumber(query, 'endTime');
    if (Number.isNaN(limit) || limit < 1 || limit > 1500) return fail(-1130, "Data sent for parameter 'limit' is not valid.");
    if (Number.isNaN(start) || Number.isNaN(end)) return fail(-1130, "Data sent for parameter 'startTime' is not valid.");
    const contract = contracts.find('binance', symbol, now);
    if (!contract) return fail(kind === 'index' ? -1122 : -1121, kind === 'index' ? 'Invalid pair.' : 'Invalid symbol.');
    const oldest = servedFrom(now);
    const keep = start === null ? 'newest' : 'first';
    const range = { from: Math.max(start ?? oldest, oldest), to: end ?? now, limit, keep, now } as const;
    const rows = candles(process, contract, kind, minutes, range).map((c) => {
      const traded = kind === 'last';
      const base = traded ? (c.turnover / c.close).toFixed(3) : '0';
      const quote = traded ? c.turnover.toFixed(5) : '0';
      const count = traded ? 40 + Math.floor(c.turnover / 900) : 60;
      const text = (value: number) => (traded ? value.toFixed(priceDecimals(c.close)) : fixed(value));
      const close = c.start + minutes * 60_000 - 1;
      const taker = traded ? [(c.turnover / c.close / 2).toFixed(3), (c.turnover / 2).toFixed(5)] : ['0', '0'];
      return [c.start, text(c.open), text(c.high), text(c.low), text(c.close), base, close, quote, count, ...taker, '0'];
    });
    return json(rows);
  }

  function ticker(now: number, contract: Contract): object {
    const t = Math.min(now, contract.delistedAt);
    const last = process.last(contract, t);
    const before = process.last(contract, t - DAY);
    const digits = priceDecimals(last);
    const turnover = ended(contract, now) ? 0 : process.turnover(contract, t, DAY);
    return {
      symbol: contract.symbol,
      priceChange: (last - before).toFixed(digits),
      priceChangePercent: ((last / before - 1) * 100).toFixed(3),
      weightedAvgPrice: ((last + before) / 2).toFixed(digits),
      lastPrice: last.toFixed(digits),
      lastQty: '1',
      openPrice: before.toFixed(digits),
      highPrice: (Math.max(last, before) * 1.01).toFixed(digits),
      lowPrice: (Math.min(last, before) * 0.99).toFixed(digits),
      volume: (turnover / last).toFixed(3),
      quoteVolume: turnover.toFixed(2),
      openTime: t - DAY,
      closeTime: t,
      firstId: 1,
      lastId: 2 + Math.floor(turnover / 900),
      count: 1 + Math.floor(turnover / 900),
    };
  }

  function exchangeInfo(now: number): WireAnswer {
    const row = (
      symbol: string,
      pair: string,
      base: string,
      quote: string,
      type: string,
      status: string,
      onboard: number,
      delivery: number,
    ) => {
      const spot = contracts.find('binance', pair, now);
      const digits = spot ? priceDecimals(process.index(spot, Math.min(now, spot.delistedAt))) : 2;
      return {
        symbol,
        pair,
        contractType: type,
        deliveryDate: delivery,
        onboardDate: onboard,
        status,
        maintMarginPercent: '2.5000',
        requiredMarginPercent: '5.0000',
        baseAsset: base,
        quoteAsset: quote,
        marginAsset: quote,
        pricePrecision: digits,
        quantityPrecision: 3,
        baseAssetPrecision: 8,
        quotePrecision: 8,
        underlyingType: 'COIN',
        underlyingSubType: [],
        triggerProtect: '0.0500',
        liquidationFee: '0.012500',
        marketTakeBound: '0.05',
        maxMoveOrderLimit: 10_000,
        filters: [
          {
            filterType: 'PRICE_FILTER',
            minPrice: (10 ** -digits).toFixed(digits),
            maxPrice: '1000000',
            tickSize: (10 ** -digits).toFixed(digits),
          },
          { filterType: 'LOT_SIZE', minQty: '0.001', maxQty: '1000000', stepSize: '0.001' },
          { filterType: 'MIN_NOTIONAL', notional: '5' },
        ],
        orderTypes: ['LIMIT', 'MARKET', 'STOP', 'STOP_MARKET', 'TAKE_PROFIT', 'TAKE_PROFIT_MARKET', 'TRAILING_STOP_MARKET'],
        timeInForce: ['GTC', 'IOC', 'FOK', 'GTX'],
      };
    };
    const perpetuals = listed(now).map((c) => {
      // An end is announced ten days ahead by its delivery date.
      const delivery = c.delistedAt - now < 10 * DAY ? c.delistedAt : NEVER;
      return row(c.symbol, c.symbol, c.base, c.quote, 'PERPETUAL', ended(c, now) ? 'SETTLING' : 'TRADING', c.listedAt, delivery);
    });
    const futures = dated(now).map((f, i) =>
      row(f.symbol, f.pair, f.base, 'USDT', i % 2 === 0 ? 'CURRENT_QUARTER' : 'NEXT_QUARTER', 'TRADING', f.end - 180 * DAY, f.end),
    );
    return json({
      timezone: 'UTC',
      serverTime: now,
      futuresType: 'U_MARGINED',
      rateLimits: [
        { rateLimitType: 'REQUEST_WEIGHT', interval: 'MINUTE', intervalNum: 1, limit: 2400 },
        { rateLimitType: 'ORDERS', interval: 'MINUTE', intervalNum: 1, limit: 1200 },
      ],
      exchangeFilters: [],
      assets: ['USDT', 'USDC'].map((asset) => ({ asset, marginAvailable: true, autoAssetExchange: '-10000' })),
      symbols: [...perpetuals, ...futures],
    });
  }

  function bySymbol(query: URLSearchParams, now: number, read: (contract: Contract) => object, bulk: boolean): WireAnswer {
    const symbol = query.get('symbol');
    if (symbol === null) {
      return bulk ? json(listed(now).map(read)) : fail(-1102, "Mandatory parameter 'symbol' was not sent, was empty/null, or malformed.");
    }
    const contract = listed(now).find((c) => c.symbol === symbol);
    return contract ? json(read(contract)) : fail(-1121, 'Invalid symbol.');
  }

  return ({ method, path, query }, now) => {
    const kind = KLINES[path];
    if (method !== 'GET') return fail(-5000, `Path ${path}, Method ${method} is invalid`, 404);
    if (kind) return klines(kind, query, now);
    switch (path) {
      case '/fapi/v1/ping':
        return json({});
      case '/fapi/v1/time':
        return json({ serverTime: now });
      case '/fapi/v1/premiumIndex':
        return premiumIndexAnswer(query, now);
      case '/fapi/v1/fundingInfo':
        return fundingInfo(now);
      case '/fapi/v1/fundingRate':
        return fundingRate(query, now);
      case '/fapi/v1/exchangeInfo':
        return exchangeInfo(now);
      case '/fapi/v1/ticker/24hr':
        return bySymbol(query, now, (contract) => ticker(now, contract), true);
      case '/fapi/v1/openInterest':
        return bySymbol(
          query,
          now,
          (c) => ({
            openInterest: process.openInterest(c, Math.min(now, c.delistedAt)).toFixed(3),
            symbol: c.symbol,
            time: now - Math.floor(900 * unit(keyOf(c.symbol), Math.floor(now / 1000))),
          }),
          false,
        );
      default:
        return fail(-5000, `Path ${path}, Method ${method} is invalid`, 404);
    }
  };
}
