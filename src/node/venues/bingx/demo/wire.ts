import { BOOK_LEVELS, demoBook, levelTexts, sizeDecimals, tiersOf } from '#node/demo/books.ts';
import type { Contract } from '#node/demo/contracts.ts';
import { figuresOf, hourCandles } from '#node/demo/figures.ts';
import { ended } from '#node/demo/lots.ts';
import { firstSettlements, newestSettlements } from '#node/demo/pages.ts';
import { json, type Model, type Wire, type WireAnswer, wholeNumber } from '#node/demo/wire.ts';
import { CAP } from './cap.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const QUOTE = '/openApi/swap/v2/quote/';

const good = (data: unknown): WireAnswer => json({ code: 0, msg: '', data });
/** Failures come with status 200. */
const bad = (code: number, msg: string): WireAnswer => json({ code, msg, data: {} });
const noContract = (symbol: string): WireAnswer =>
  bad(109_425, `${symbol} not exist, please verify it in api: /openApi/swap/v2/quote/contracts`);
const badParameter = (): WireAnswer => bad(109_400, 'Invalid parameters');

/** BingX's swap REST, fields as on https://bingx-api.github.io/docs-v3/#/en/Swap/Market%20Data */
export function createBingxWire(model: Model): Wire {
  const { contracts, process } = model;
  const live = (now: number): Contract[] => contracts.of('bingx', now).filter((contract) => !ended(contract, now));

  function premiumIndex(contract: Contract, now: number): object {
    const { mark, index, rate, next, hours, digits } = figuresOf(model, contract, now);
    return {
      symbol: contract.symbol,
      markPrice: mark.toFixed(digits),
      indexPrice: index.toFixed(digits + 1),
      lastFundingRate: rate.toFixed(8),
      nextFundingTime: next,
      fundingIntervalHours: hours,
      minFundingRate: (-CAP).toFixed(8),
      maxFundingRate: CAP.toFixed(8),
      // Of the last settlement.
      updateTime: next - hours * HOUR,
    };
  }

  function contractRow(contract: Contract, now: number): object {
    const { mark, digits } = figuresOf(model, contract, now);
    const decimals = sizeDecimals(mark, 4);
    const step = 10 ** -decimals;
    const leverage = tiersOf(contract)[0]?.maxLeverage ?? 1;
    return {
      contractId: '100',
      symbol: contract.symbol,
      displayName: contract.symbol,
      size: step.toFixed(decimals),
      quantityPrecision: decimals,
      pricePrecision: digits,
      feeRate: 0.0005,
      makerFeeRate: 0.0002,
      takerFeeRate: 0.0005,
      tradeMinLimit: 0,
      tradeMinQuantity: step,
      tradeMinUSDT: 2,
      maxLongLeverage: leverage,
      maxShortLeverage: leverage,
      currency: contract.settle,
      asset: contract.base,
      status: 1,
      apiStateOpen: 'true',
      apiStateClose: 'true',
      ensureTrigger: true,
      triggerFeeRate: '0.00020000',
      launchTime: contract.listedAt,
      maintainTime: 0,
      offTime: contract.delistedAt - now < 10 * DAY ? contract.delistedAt : 0,
    };
  }

  function ticker(contract: Contract, now: number): object {
    const { last, before, high, low, turnover, digits } = figuresOf(model, contract, now);
    return {
      symbol: contract.symbol,
      priceChange: (last - before).toFixed(digits),
      priceChangePercent: ((last / before - 1) * 100).toFixed(2),
      lastPrice: last.toFixed(digits),
      lastQty: '1',
      highPrice: high.toFixed(digits),
      lowPrice: low.toFixed(digits),
      volume: (turnover / last).toFixed(2),
      quoteVolume: turnover.toFixed(2),
      openPrice: before.toFixed(digits),
      openTime: now - DAY,
      closeTime: now,
    };
  }

  function fundingRate(contract: Contract, query: URLSearchParams, now: number): WireAnswer {
    const limit = wholeNumber(query, 'limit') ?? 100;
    const [from, to] = [wholeNumber(query, 'startTime'), wholeNumber(query, 'endTime')];
    if (!(limit >= 1 && limit <= 1_000) || Number.isNaN(from) || Number.isNaN(to)) return badParameter();
    const range = { from: from ?? 0, to: to ?? now, limit };
    const rows =
      from === null && to === null
        ? newestSettlements(model, contract, range, now)
        : firstSettlements(model, contract, range, now).toReversed();
    return good(rows.map(({ stamp, rate }) => ({ symbol: contract.symbol, fundingRate: rate.toFixed(8), fundingTime: stamp })));
  }

  function markKlines(contract: Contract, query: URLSearchParams, now: number): WireAnswer {
    const limit = wholeNumber(query, 'limit') ?? 500;
    const [from, to] = [wholeNumber(query, 'startTime'), wholeNumber(query, 'endTime')];
    if (query.get('interval') !== '1h' || !(limit >= 1 && limit <= 1_440) || Number.isNaN(from) || Number.isNaN(to)) return badParameter();
    const range = { from: from ?? 0, to: to ?? now, limit, keep: from === null ? 'newest' : 'first' } as const;
    const text = (value: number): string => value.toFixed(10);
    const rows = hourCandles(model, contract, 'mark', range, now).map(({ start, open, high, low, close }) => ({
      open: text(open),
      close: text(close),
      high: text(high),
      low: text(low),
      volume: '0.00',
      openTime: start,
      closeTime: start + HOUR - 1,
    }));
    return good(rows.toReversed());
  }

  function depth(contract: Contract, query: URLSearchParams, now: number): WireAnswer {
    const limit = wholeNumber(query, 'limit') ?? 20;
    if (![5, 10, 20, 50, 100, 500, 1_000].includes(limit)) return badParameter();
    const { bids, asks } = levelTexts(
      demoBook(process, contract, now, Math.min(limit, BOOK_LEVELS)),
      sizeDecimals(process.index(contract, now), 4),
    );
    return good({ T: now - 20, bids, asks: asks.toReversed(), bidsCoin: bids, asksCoin: asks.toReversed() });
  }

  return ({ method, path, query }, now) => {
    if (method !== 'GET') return bad(100_400, 'this api is not exist');
    if (path === '/openApi/swap/v2/server/time') return good({ serverTime: now });
    const call = path.startsWith(QUOTE) ? path.slice(QUOTE.length) : path === '/openApi/swap/v1/market/markPriceKlines' ? 'markKlines' : '';
    const symbol = query.get('symbol');
    const contract = symbol === null ? null : contracts.find('bingx', symbol, now);
    if (call === 'contracts') return good(live(now).map((one) => contractRow(one, now)));
    if (call === 'premiumIndex' && symbol === null) return good(live(now).map((one) => premiumIndex(one, now)));
    if (call === 'ticker' && symbol === null) return good(live(now).map((one) => ticker(one, now)));
    if (contract === null) return noContract(symbol ?? 'the symbol');
    if (call === 'fundingRate') return fundingRate(contract, query, now);
    if (call === 'markKlines') return markKlines(contract, query, now);
    if (ended(contract, now)) return bad(109_415, `${contract.symbol} is pause currently`);
    if (call === 'premiumIndex') return good(premiumIndex(contract, now));
    if (call === 'ticker') return good(ticker(contract, now));
    if (call === 'depth') return depth(contract, query, now);
    if (call === 'openInterest') {
      const { openInterest, mark } = figuresOf(model, contract, now);
      return good({ openInterest: (openInterest * mark).toFixed(2), symbol: contract.symbol, time: now });
    }
    return bad(100_400, 'this api is not exist');
  };
}
