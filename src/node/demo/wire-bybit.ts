import { CANDLE_MINUTES, candles, type PriceKind } from './candles.ts';
import { servedFrom, type Contract, type Contracts } from './contracts.ts';
import { datedPremium, quarterEnds } from './dated.ts';
import { CAP, nextFundingAt, runningRate, settlements } from './funding.ts';
import type { Process } from './process.ts';
import { json, priceDecimals, trimmed, wholeNumber, type Wire, type WireAnswer } from './wire.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const INTERVALS: Readonly<Record<string, number>> = Object.fromEntries(CANDLE_MINUTES.map((m) => [m < 1440 ? String(m) : 'D', m]));
const KLINES: Readonly<Record<string, PriceKind>> = {
  '/v5/market/kline': 'last',
  '/v5/market/mark-price-kline': 'mark',
  '/v5/market/index-price-kline': 'index',
  '/v5/market/premium-index-price-kline': 'premium',
};
const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];

const ended = (contract: Contract, now: number): boolean => contract.delistedAt <= now;
/** Announced ten days ahead by the delivery time. */
const endOf = (contract: Contract, now: number): string => (contract.delistedAt - now < 10 * DAY ? String(contract.delistedAt) : '0');

function dayOf(t: number): string {
  const day = new Date(t);
  return `${String(day.getUTCDate()).padStart(2, '0')}${MONTHS[day.getUTCMonth()] ?? ''}${String(day.getUTCFullYear()).slice(2)}`;
}

/** Bybit v5 public market REST, category linear: https://bybit-exchange.github.io/docs/v5/market/tickers */
export function createBybitWire(contracts: Contracts, process: Process): Wire {
  const good = (result: object, now: number): WireAnswer => json({ retCode: 0, retMsg: 'OK', result, retExtInfo: {}, time: now });
  // Bybit says errors of parameters with HTTP 200.
  const bad = (retMsg: string, now: number): WireAnswer => json({ retCode: 10001, retMsg, result: {}, retExtInfo: {}, time: now });
  const trading = (now: number): Contract[] => contracts.of('bybit', now).filter((contract) => !ended(contract, now));
  const dated = (now: number) =>
    ['BTC', 'ETH'].flatMap((base) =>
      quarterEnds(now, 2).flatMap((end) => [
        { symbol: `${base}-${dayOf(end)}`, base, settle: 'USDC', end },
        { symbol: `${base}USDT-${dayOf(end)}`, base, settle: 'USDT', end },
      ]),
    );

  function prices(contract: Contract, now: number, factor = 1) {
    const last = process.last(contract, now) * factor;
    const digits = priceDecimals(last);
    const before = process.last(contract, now - DAY) * factor;
    const text = (value: number) => value.toFixed(digits);
    const tick = 10 ** -digits;
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
      bid1Price: text(last - tick),
      ask1Price: text(last + tick),
      bid1Size: '9.1',
    };
  }

  function ticker(contract: Contract, now: number): object {
    const openInterest = process.openInterest(contract, now);
    const turnover = process.turnover(contract, now, DAY);
    const mark = process.mark(contract, now);
    return {
      symbol: contract.symbol,
      ...prices(contract, now),
      openInterest: trimmed(openInterest, 3),
      openInterestValue: (openInterest * mark).toFixed(2),
      turnover24h: turnover.toFixed(4),
      volume24h: trimmed(turnover / mark, 4),
      fundingRate: trimmed(runningRate(process, contract, now), 8),
      nextFundingTime: String(nextFundingAt(contract, now)),
      predictedDeliveryPrice: '',
      basisRate: '',
      basis: '',
      deliveryFeeRate: '',
      deliveryTime: endOf(contract, now),
      preOpenPrice: '',
      preQty: '',
      curPreListingPhase: '',
      fundingIntervalHour: String(contract.intervalAt(now)),
      basisRateYear: '',
      fundingCap: trimmed(CAP.bybit, 4),
    };
  }

  function datedTicker(future: { symbol: string; base: string; end: number }, now: number): object[] {
    const spot = contracts.find('bybit', `${future.base}USDT`, now);
    if (!spot) return [];
    const basis = datedPremium(future.end, now);
    return [
      {
        symbol: future.symbol,
        ...prices(spot, now, 1 + basis),
        openInterest: '812.5',
        openInterestValue: (812.5 * process.mark(spot, now)).toFixed(2),
        turnover24h: '9120455.2',
        volume24h: '88.4',
        fundingRate: '',
        nextFundingTime: '0',
        predictedDeliveryPrice: '',
        basisRate: trimmed(basis, 6),
        basis: trimmed(basis * process.index(spot, now), 2),
        deliveryFeeRate: '0',
        deliveryTime: String(future.end),
        preOpenPrice: '',
        preQty: '',
        curPreListingPhase: '',
        fundingIntervalHour: '',
        basisRateYear: '0.05',
        fundingCap: '',
      },
    ];
  }

  function tickers(query: URLSearchParams, now: number): WireAnswer {
    const symbol = query.get('symbol');
    const wanted = (row: { symbol: string }) => symbol === null || row.symbol === symbol;
    const list = [
      ...trading(now)
        .filter(wanted)
        .map((contract) => ticker(contract, now)),
      ...dated(now)
        .filter(wanted)
        .flatMap((future) => datedTicker(future, now)),
    ];
    return list.length > 0 ? good({ category: 'linear', list }, now) : bad('params error: symbol invalid', now);
  }

  /** Descending, at most 200, the newest of the window; a start without an end is an error, as the venue has it. */
  function fundingHistory(query: URLSearchParams, now: number): WireAnswer {
    const symbol = query.get('symbol');
    const limit = wholeNumber(query, 'limit') ?? 200;
    const start = wholeNumber(query, 'startTime');
    const end = wholeNumber(query, 'endTime');
    if (!symbol) return bad('params error: symbol invalid', now);
    if (Number.isNaN(limit) || limit < 1) return bad('params error: limit invalid', now);
    if (Number.isNaN(start) || Number.isNaN(end)) return bad('params error: time invalid', now);
    if (start !== null && end === null) return bad('params error: endTime is required when startTime is given', now);
    if (start !== null && end !== null && start > end) return bad('params error: startTime should be less than endTime', now);
    const contract = contracts.find('bybit', symbol, now);
    if (!contract) return bad('params error: symbol invalid', now);
    const most = Math.min(limit, 200);
    const oldest = Math.max(start ?? 0, servedFrom(now));
    const rows: { symbol: string; fundingRate: string; fundingRateTimestamp: string }[] = [];
    for (let until = Math.min(end ?? now, now); until >= oldest && rows.length < most; until -= 8 * DAY) {
      const page = [...settlements(process, contract, Math.max(until - 8 * DAY + 1, oldest), until, now)];
      for (const { stamp, rate } of page.reverse()) {
        rows.push({ symbol, fundingRate: trimmed(rate, 8), fundingRateTimestamp: String(stamp) });
      }
    }
    return good({ category: 'linear', list: rows.slice(0, most) }, now);
  }

  function instrumentsInfo(query: URLSearchParams, now: number): WireAnswer {
    const limit = Math.min(wholeNumber(query, 'limit') ?? 500, 1000);
    const from = Number(/^first=(\d+)$/.exec(query.get('cursor') ?? '')?.[1] ?? 0);
    const status = query.get('status') ?? 'Trading';
    if (Number.isNaN(limit) || limit < 1) return bad('params error: limit invalid', now);
    const row = (
      symbol: string,
      type: string,
      state: string,
      base: string,
      quote: string,
      launch: number,
      end: string,
      hours: number,
      price: number,
    ) => ({
      symbol,
      contractType: type,
      status: state,
      baseCoin: base,
      quoteCoin: quote,
      launchTime: String(launch),
      deliveryTime: end,
      deliveryFeeRate: '',
      priceScale: String(priceDecimals(price)),
      leverageFilter: { minLeverage: '1', maxLeverage: '50.00', leverageStep: '0.01' },
      priceFilter: {
        minPrice: (10 ** -priceDecimals(price)).toFixed(8),
        maxPrice: '1999999',
        tickSize: (10 ** -priceDecimals(price)).toFixed(8),
      },
      lotSizeFilter: { maxOrderQty: '1190000', minOrderQty: '0.001', qtyStep: '0.001', minNotionalValue: '5' },
      unifiedMarginTrade: true,
      fundingInterval: hours * 60,
      settleCoin: quote,
      copyTrading: 'none',
      upperFundingRate: trimmed(CAP.bybit, 4),
      lowerFundingRate: trimmed(-CAP.bybit, 4),
      isPreListing: false,
      preListingInfo: null,
      displayName: '',
    });
    const perpetuals = contracts.of('bybit', now).map((c) => {
      const t = Math.min(now, c.delistedAt);
      const state = ended(c, now) ? 'Closed' : 'Trading';
      return row(c.symbol, 'LinearPerpetual', state, c.base, c.quote, c.listedAt, endOf(c, now), c.intervalAt(t), process.index(c, t));
    });
    const futures = dated(now).map((f) =>
      row(f.symbol, 'LinearFutures', 'Trading', f.base, f.settle, f.end - 180 * DAY, String(f.end), 0, f.base === 'BTC' ? 1e5 : 4e3),
    );
    const symbol = query.get('symbol');
    const all = [...perpetuals, ...futures].filter((r) => r.status === status && (symbol === null || r.symbol === symbol));
    const list = all.slice(from, from + limit);
    const nextPageCursor = from + limit < all.length ? `first=${from + limit}` : '';
    return good({ category: 'linear', list, nextPageCursor }, now);
  }

  /** Descending; the newest of the window, at most 1000. */
  function kline(kind: PriceKind, query: URLSearchParams, now: number): WireAnswer {
    const symbol = query.get('symbol') ?? '';
    const minutes = INTERVALS[query.get('interval') ?? ''];
    const limit = wholeNumber(query, 'limit') ?? 200;
    const start = wholeNumber(query, 'start');
    const end = wholeNumber(query, 'end');
    const contract = contracts.find('bybit', symbol, now);
    if (!contract) return bad('params error: symbol invalid', now);
    if (minutes === undefined) return bad('Invalid period!', now);
    if ([limit, start, end].some(Number.isNaN) || limit < 1) return bad('params error: limit invalid', now);
    const from = Math.max(start ?? 0, servedFrom(now));
    // With a start and no end the venue reads forward from the start.
    const keep = start !== null && end === null ? 'first' : 'newest';
    const range = { from, to: end ?? now, limit: Math.min(limit, 1000), keep, now } as const;
    const list = candles(process, contract, kind, minutes, range).map((c) => {
      const digits = kind === 'premium' ? 6 : priceDecimals(c.close);
      const row = [String(c.start), ...[c.open, c.high, c.low, c.close].map((value) => value.toFixed(digits))];
      return kind === 'last' ? [...row, trimmed(c.turnover / c.close, 4), trimmed(c.turnover, 4)] : row;
    });
    return good({ symbol, category: 'linear', list: list.reverse() }, now);
  }

  return ({ method, path, query }, now) => {
    if (method !== 'GET') return { status: 404, type: 'text/plain', body: '404 page not found' };
    if (path === '/v5/market/time') return good({ timeSecond: String(Math.floor(now / 1000)), timeNano: `${now}000000` }, now);
    const kind = KLINES[path];
    const read = {
      '/v5/market/tickers': tickers,
      '/v5/market/funding/history': fundingHistory,
      '/v5/market/instruments-info': instrumentsInfo,
    }[path];
    if (!kind && !read) return { status: 404, type: 'text/plain', body: '404 page not found' };
    // kline alone has a default category, and it is this one.
    const category = query.get('category') ?? (kind ? 'linear' : null);
    if (category !== 'linear') return bad('params error: Category is invalid', now);
    return kind ? kline(kind, query, now) : read ? read(query, now) : bad('params error', now);
  };
}
