import { BOOK_LEVELS, demoBook, tiersOf } from '#node/demo/books.ts';
import { type Contract, servedFrom } from '#node/demo/contracts.ts';
import { figuresOf, hourCandles, rounded } from '#node/demo/figures.ts';
import { ended, faceOf, isInverse, lotsOf, lotsWorth } from '#node/demo/lots.ts';
import { newestSettlements } from '#node/demo/pages.ts';
import { json, type Model, priceDecimals, type Wire, type WireAnswer, wholeNumber } from '#node/demo/wire.ts';
import { CAP } from './cap.ts';

const DAY = 86_400_000;
const BASE = '/api/v1/contract/';
const MAX_ROWS = 1_000;
const MAX_KLINES = 2_000;
const KINDS = { fair_price: 'mark', index_price: 'index' } as const;

const good = (data: unknown): WireAnswer => json({ success: true, code: 0, data });
const bad = (code: number, message: string): WireAnswer => json({ success: false, code, message });
const noContract = (): WireAnswer => bad(1001, 'Contract does not exist!');
const badParameter = (): WireAnswer => bad(600, 'Parameter error');

/** One contract: 100 or 10 USD of an inverse one, else a power of ten of coins worth some 10 (0.0001 BTC). */
const face = (contract: Contract): number => faceOf(contract, isInverse(contract) && contract.asset.name === 'BTC' ? 100 : 10);

/** MEXC's contract REST, fields as on https://www.mexc.com/api-docs/futures/market-endpoints */
export function createMexcWire(model: Model): Wire {
  const { contracts, process } = model;
  const live = (now: number): Contract[] => contracts.of('mexc', now).filter((contract) => !ended(contract, now));

  function ticker(contract: Contract, now: number): object {
    const { last, mark, index, before, high, low, digits, turnover, openInterest, rate } = figuresOf(model, contract, now);
    return {
      contractId: 10,
      symbol: contract.symbol,
      lastPrice: rounded(last, digits),
      bid1: rounded(last * 0.9999, digits),
      ask1: rounded(last * 1.0001, digits),
      volume24: lotsOf(contract, face(contract), turnover / mark, mark),
      // In the settle currency.
      amount24: isInverse(contract) ? turnover / mark : turnover,
      holdVol: lotsOf(contract, face(contract), openInterest, mark),
      lower24Price: rounded(low, digits),
      high24Price: rounded(high, digits),
      riseFallRate: rounded(last / before - 1, 4),
      riseFallValue: rounded(last - before, digits),
      indexPrice: rounded(index, digits + 1),
      fairPrice: rounded(mark, digits + 1),
      fundingRate: rounded(rate, 8),
      maxBidPrice: rounded(last * 1.1, digits),
      minAskPrice: rounded(last * 0.9, digits),
      timestamp: now - (now % 1_000),
    };
  }

  function rateRow(contract: Contract, now: number): object {
    const { rate, hours, next } = figuresOf(model, contract, now);
    return {
      symbol: contract.symbol,
      fundingRate: rounded(rate, 8),
      maxFundingRate: CAP,
      minFundingRate: -CAP,
      collectCycle: hours,
      nextSettleTime: next,
      timestamp: now,
    };
  }

  function detail(contract: Contract, now: number): object {
    const { digits } = figuresOf(model, contract, now);
    const tiers = tiersOf(contract);
    const first = lotsWorth(contract, face(contract), tiers[1]?.from ?? 0);
    const initial = 1 / (tiers[0]?.maxLeverage ?? 1);
    return {
      symbol: contract.symbol,
      displayNameEn: `${contract.symbol} PERPETUAL`,
      positionOpenType: 3,
      baseCoin: contract.base,
      quoteCoin: contract.quote,
      futureType: 1,
      settleCoin: contract.settle,
      contractSize: face(contract),
      minLeverage: 1,
      maxLeverage: tiers[0]?.maxLeverage ?? 1,
      priceScale: digits,
      volScale: 0,
      priceUnit: 10 ** -digits,
      volUnit: 1,
      minVol: 1,
      maxVol: lotsWorth(contract, face(contract), 10_000_000),
      takerFeeRate: 0.0004,
      makerFeeRate: 0.0001,
      maintenanceMarginRate: rounded(initial / 2, 6),
      initialMarginRate: rounded(initial, 6),
      riskBaseVol: first,
      riskIncrVol: first,
      riskIncrMmr: rounded(initial / 2, 6),
      riskIncrImr: rounded(initial, 6),
      riskLevelLimit: 5,
      state: 0,
      conceptPlate: ['mc-trade-zone-pow'],
      riskLimitType: 'BY_VOLUME',
      createTime: contract.listedAt - DAY,
      openingTime: contract.listedAt,
    };
  }

  function history(query: URLSearchParams, now: number): WireAnswer {
    const symbol = query.get('symbol') ?? '';
    const contract = contracts.find('mexc', symbol, now);
    const [currentPage, pageSize] = [wholeNumber(query, 'page_num') ?? 1, Math.min(wholeNumber(query, 'page_size') ?? 20, MAX_ROWS)];
    if (contract === null) return noContract();
    if (!(currentPage >= 1 && pageSize >= 1)) return badParameter();
    const all = newestSettlements(model, contract, { from: servedFrom(now), to: now, limit: Infinity }, now);
    const rows = all.slice((currentPage - 1) * pageSize, currentPage * pageSize);
    return good({
      pageSize,
      totalCount: all.length,
      totalPage: Math.ceil(all.length / pageSize),
      currentPage,
      resultList: rows.map(({ stamp, rate }) => ({ symbol, fundingRate: rounded(rate, 8), settleTime: stamp })),
    });
  }

  function klines(kind: 'mark' | 'index', symbol: string, query: URLSearchParams, now: number): WireAnswer {
    const contract = contracts.find('mexc', symbol, now);
    const [start, end] = [wholeNumber(query, 'start'), wholeNumber(query, 'end')];
    if (contract === null) return noContract();
    if (query.get('interval') !== 'Min60' || Number.isNaN(start) || Number.isNaN(end)) return badParameter();
    const range = { from: (start ?? 0) * 1_000, to: (end ?? now / 1_000) * 1_000, limit: MAX_KLINES, keep: 'newest' } as const;
    const rows = hourCandles(model, contract, kind, range, now);
    const column = (field: 'open' | 'close' | 'high' | 'low') => rows.map((row) => rounded(row[field], priceDecimals(row.close) + 1));
    const none = rows.map(() => 0);
    return good({
      time: rows.map((row) => row.start / 1_000),
      open: column('open'),
      close: column('close'),
      high: column('high'),
      low: column('low'),
      vol: none,
      amount: none,
    });
  }

  function depth(symbol: string, query: URLSearchParams, now: number): WireAnswer {
    const contract = contracts.find('mexc', symbol, now);
    if (contract === null || ended(contract, now)) return noContract();
    const { bids, asks, digits } = demoBook(process, contract, now, Math.min(wholeNumber(query, 'limit') ?? BOOK_LEVELS, BOOK_LEVELS));
    const side = (levels: typeof bids): number[][] =>
      levels
        .map(({ price, size }) => [rounded(price, digits), lotsOf(contract, face(contract), size, price), 1])
        .filter(([, lots]) => lots !== 0);
    return good({ asks: side(asks), bids: side(bids), version: now, timestamp: now - 20 });
  }

  return ({ method, path, query }, now) => {
    const [call = '', kind = '', symbol = ''] = path.startsWith(BASE) && method === 'GET' ? path.slice(BASE.length).split('/') : [];
    if (call === 'ping') return good(now);
    if (call === 'ticker') return good(live(now).map((contract) => ticker(contract, now)));
    if (call === 'detail') return good(live(now).map((contract) => detail(contract, now)));
    if (call === 'funding_rate' && kind === 'history') return history(query, now);
    if (call === 'funding_rate' && kind === '') return good(live(now).map((contract) => rateRow(contract, now)));
    if (call === 'depth') return depth(decodeURIComponent(kind), query, now);
    if (call === 'kline' && (kind === 'fair_price' || kind === 'index_price'))
      return klines(KINDS[kind], decodeURIComponent(symbol), query, now);
    return json({ success: false, code: 404, message: 'Not Found' }, 404);
  };
}
