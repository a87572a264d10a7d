import { BOOK_LEVELS, demoBook, levelTexts, sizeDecimals } from '#node/demo/books.ts';
import type { PriceKind } from '#node/demo/candles.ts';
import type { Contract } from '#node/demo/contracts.ts';
import { datedPremium } from '#node/demo/dated.ts';
import { nextFundingAt, runningRate } from '#node/demo/funding.ts';
import { INTEREST_8H } from '#node/demo/process.ts';
import { CAP } from './cap.ts';
import { publicFile } from './files.ts';
import { fundingRate, klines } from './history.ts';
import { counted, type DemoMarket, pairOf, perpetualOn } from './market.ts';
import { exchangeInfo } from './symbols.ts';
import { datedFutures, ended, fail, fixed, isShown, type DatedFuture } from './words.ts';
import { json, priceDecimals, wholeNumber, type Model, type Wire, type WireAnswer } from '#node/demo/wire.ts';

const DAY = 86_400_000;
const KLINES: Readonly<Record<string, PriceKind>> = {
  klines: 'last',
  markPriceKlines: 'mark',
  indexPriceKlines: 'index',
  premiumIndexKlines: 'premium',
};

/** Public REST of one futures market of Binance: https://developers.binance.com/docs/derivatives */
export function createBinanceWire(market: DemoMarket, model: Model): Wire {
  const { id, api, coinMargined } = market;
  const { contracts, process } = model;
  /** Coin-margined ones name the pair everywhere. */
  const paired = (symbol: string) => (coinMargined ? { symbol, pair: pairOf(symbol) } : { symbol });
  const shown = (now: number): Contract[] => contracts.of(id, now).filter((contract) => isShown(contract, now));

  function premiumRow(contract: Contract, now: number): object {
    const t = Math.min(now, contract.delistedAt);
    const over = ended(contract, now);
    const index = process.index(contract, t);
    return {
      ...paired(contract.symbol),
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
    const spot = contracts.find(id, perpetualOn(market, future.pair), now);
    if (!spot) return [];
    const index = process.index(spot, now);
    const prices = { markPrice: fixed(index * (1 + datedPremium(future.end, now))), indexPrice: fixed(index) };
    const none = { lastFundingRate: '', interestRate: '', nextFundingTime: 0 };
    const named = coinMargined ? { symbol: future.symbol, pair: future.pair } : { symbol: future.symbol };
    return [{ ...named, ...prices, estimatedSettlePrice: fixed(index), ...none, time: now - (now % 1000) }];
  }

  function premiumIndex(query: URLSearchParams, now: number): WireAnswer {
    const symbol = query.get('symbol');
    const wanted = (row: { symbol: string }) => symbol === null || row.symbol === symbol;
    const perpetuals = shown(now).filter(wanted);
    const futures = datedFutures(market, now).filter(wanted);
    const rows = [...perpetuals.map((contract) => premiumRow(contract, now)), ...futures.flatMap((future) => datedRow(future, now))];
    if (symbol === null) return json(rows);
    // A list also of one symbol, on COIN-M.
    return rows[0] ? json(coinMargined ? rows : rows[0]) : fail(-1121, 'Invalid symbol.');
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
      ...paired(contract.symbol),
      priceChange: text(last - before),
      priceChangePercent: ((last / before - 1) * 100).toFixed(3),
      weightedAvgPrice: text((last + before) / 2),
      lastPrice: text(last),
      lastQty: '1',
      openPrice: text(before),
      highPrice: text(Math.max(last, before) * 1.01),
      lowPrice: text(Math.min(last, before) * 0.99),
      ...(coinMargined
        ? { volume: counted(contract, turnover / last, last).toFixed(0), baseVolume: (turnover / last).toFixed(8) }
        : { volume: (turnover / last).toFixed(3), quoteVolume: turnover.toFixed(2) }),
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
    const t = Math.min(now, contract.delistedAt);
    const openInterest = counted(contract, process.openInterest(contract, t), process.mark(contract, t));
    const of = coinMargined ? { ...paired(symbol), contractType: 'PERPETUAL' } : { symbol };
    return json({ openInterest: openInterest.toFixed(coinMargined ? 0 : 3), ...of, time: now });
  }

  function depth(query: URLSearchParams, now: number): WireAnswer {
    const symbol = query.get('symbol');
    const limit = wholeNumber(query, 'limit') ?? 500;
    if (!symbol) return fail(-1102, "Mandatory parameter 'symbol' was not sent, was empty/null, or malformed.");
    if (![5, 10, 20, 50, 100, 500, 1000].includes(limit)) return fail(-4021, `'${query.get('limit') ?? ''}' is not valid depth limit.`);
    const contract = shown(now).find((c) => c.symbol === symbol && !ended(c, now));
    if (!contract) return fail(-1121, 'Invalid symbol.');
    const book = demoBook(process, contract, now, Math.min(limit, BOOK_LEVELS));
    const side = (levels: typeof book.bids) => levels.map(({ price, size }) => ({ price, size: counted(contract, size, price) }));
    const decimals = coinMargined ? 0 : sizeDecimals(process.index(contract, now), 3);
    const levels = levelTexts({ ...book, bids: side(book.bids), asks: side(book.asks) }, decimals);
    return json({ lastUpdateId: now, ...(coinMargined && paired(symbol)), E: now, T: now - 4, ...levels });
  }

  return ({ method, path, query }, now) => {
    const [of, name] = [path.slice(0, api.length), path.slice(api.length + 1)];
    if (method === 'GET' && of === api) {
      const kind = KLINES[name];
      if (kind) return klines(market, model, kind, query, now);
      if (name === 'premiumIndex') return premiumIndex(query, now);
      if (name === 'fundingInfo') return fundingInfo(now);
      if (name === 'fundingRate') return fundingRate(market, model, query, now);
      if (name === 'exchangeInfo') return exchangeInfo(market, model, now);
      if (name === 'ticker/24hr') return tickers(query, now);
      if (name === 'depth') return depth(query, now);
      if (name === 'openInterest') return openInterest(query, now);
      if (name === 'time') return json({ serverTime: now });
    }
    const file = method === 'GET' ? publicFile(market, model, path, now) : null;
    if (file !== null) return file;
    return fail(-5000, `Path ${path}, Method ${method} is invalid`, 404);
  };
}
