import { BOOK_LEVELS, demoBook } from '#node/demo/books.ts';
import { type Contract, servedFrom } from '#node/demo/contracts.ts';
import { figuresOf, hourCandles, rounded } from '#node/demo/figures.ts';
import { ended, faceOf, isInverse, lotsOf, lotsWorth } from '#node/demo/lots.ts';
import { firstSettlements } from '#node/demo/pages.ts';
import { INTEREST_8H } from '#node/demo/process.ts';
import { json, type Model, type Wire, type WireAnswer, wholeNumber } from '#node/demo/wire.ts';
import { INITIAL, MAINTENANCE } from './margins.ts';

const HOUR = 3_600_000;
/** Of what a coin settles in, by its name for it. */
const MONEY: Readonly<Record<string, readonly [name: string, units: number]>> = {
  BTC: ['XBt', 1e8],
  ETH: ['Gwei', 1e9],
  USDT: ['USDt', 1e6],
};
const BASE_DAILY = 0.0003;

const iso = (time: number): string => new Date(time).toISOString();
const fail = (message: string, status = 400, name = 'HTTPError'): WireAnswer => json({ error: { message, name } }, status);
/** One contract: a dollar of an inverse one, some coin worth about a tenth of that of a linear one. */
const face = (contract: Contract): number => faceOf(contract, isInverse(contract) ? 1 : 0.1);

/** A time of the query; `otherwise` where none is given, NaN where it is none. */
const timeIn = (query: URLSearchParams, name: string, otherwise: number): number => {
  const text = query.get(name);
  return text === null ? otherwise : Date.parse(text);
};

/** BitMEX's REST, fields as on https://www.bitmex.com/api/explorer/ */
export function createBitmexWire(model: Model): Wire {
  const { contracts, process } = model;

  function instrument(contract: Contract, now: number): object {
    const { last, mark, index, before, high, low, digits, turnover, openInterest, rate, next, hours } = figuresOf(model, contract, now);
    const [settlCurrency = '', units = 1] = MONEY[contract.settle] ?? [];
    const inverse = isInverse(contract);
    return {
      symbol: contract.symbol,
      rootSymbol: contract.base,
      state: ended(contract, now) ? 'Settled' : 'Open',
      typ: 'FFWCSX',
      listing: iso(contract.listedAt),
      front: iso(contract.listedAt),
      expiry: null,
      settle: null,
      positionCurrency: inverse ? contract.quote : contract.base,
      underlying: contract.base,
      quoteCurrency: contract.quote,
      underlyingSymbol: `${contract.base}=`,
      reference: 'BMEX',
      referenceSymbol: `.B${contract.base}`,
      maxOrderQty: lotsWorth(contract, face(contract), 10_000_000),
      maxPrice: 1_000_000,
      lotSize: inverse ? 100 : 1_000,
      tickSize: 10 ** -digits,
      multiplier: (inverse ? -1 : 1) * Math.round(face(contract) * units),
      settlCurrency,
      underlyingToPositionMultiplier: inverse ? null : Math.round(1 / face(contract)),
      underlyingToSettleMultiplier: inverse ? -units : null,
      quoteToSettleMultiplier: inverse ? null : units,
      isQuanto: false,
      isInverse: inverse,
      initMargin: INITIAL,
      maintMargin: MAINTENANCE,
      riskLimit: (inverse ? 200 : 1_000_000) * units,
      riskStep: (inverse ? 150 : 1_000_000) * units,
      capped: false,
      taxed: true,
      deleverage: true,
      makerFee: 0.0005,
      takerFee: 0.0005,
      settlementFee: 0,
      fundingBaseSymbol: `.${contract.base}BON8H`,
      fundingQuoteSymbol: `.${contract.quote}BON8H`,
      fundingPremiumSymbol: `.${contract.symbol}PI8H`,
      fundingTimestamp: iso(next),
      fundingInterval: iso(Date.UTC(2000, 0, 1) + hours * HOUR),
      fundingRate: rounded(rate, 8),
      indicativeFundingRate: rounded(rate, 8),
      volume24h: lotsOf(contract, face(contract), turnover / mark, mark),
      homeNotional24h: turnover / mark,
      foreignNotional24h: turnover,
      prevPrice24h: before,
      highPrice: high,
      lowPrice: low,
      lastPrice: last,
      openInterest: lotsOf(contract, face(contract), openInterest, mark),
      fairMethod: 'FundingRate',
      fairPrice: rounded(mark, digits + 2),
      markMethod: 'FairPrice',
      markPrice: rounded(mark, digits + 2),
      indicativeSettlePrice: rounded(index, digits + 2),
      timestamp: iso(now),
      fundingBaseRate: BASE_DAILY,
      fundingQuoteRate: rounded(BASE_DAILY + 3 * INTEREST_8H, 8),
    };
  }
  /** An index as it stands in the same list. */
  const index = (contract: Contract, now: number): object => ({
    symbol: `.B${contract.base}`,
    state: 'Open',
    typ: 'MRCXXX',
    fundingRate: null,
    timestamp: iso(now),
  });

  function funding(contract: Contract, query: URLSearchParams, now: number): WireAnswer {
    const limit = wholeNumber(query, 'count') ?? 100;
    if (!(limit >= 1 && limit <= 500)) return fail('Maximum result count is 500.');
    const range = { from: timeIn(query, 'startTime', servedFrom(now)), to: timeIn(query, 'endTime', now), limit };
    if (Number.isNaN(range.from) || Number.isNaN(range.to)) return fail('startTime or endTime is invalid.');
    const rows = firstSettlements(model, contract, range, now);
    return json(
      rows.map(({ at, stamp, rate }) => {
        const hours = contract.intervalAt(at - 1);
        return {
          timestamp: iso(stamp),
          symbol: contract.symbol,
          fundingInterval: iso(Date.UTC(2000, 0, 1) + hours * HOUR),
          fundingRate: rounded(rate, 8),
          fundingRateDaily: rounded((rate * 24) / hours, 8),
        };
      }),
    );
  }

  function bucketed(contract: Contract, query: URLSearchParams, now: number): WireAnswer {
    const limit = wholeNumber(query, 'count') ?? 100;
    if (query.get('binSize') !== '1h') return fail('binSize must be 1h');
    if (!(limit >= 1 && limit <= 1_000)) return fail('Maximum result count is 1000.');
    // Hours are stamped with their end.
    const [from, to] = [timeIn(query, 'startTime', servedFrom(now)) - HOUR, timeIn(query, 'endTime', now) - HOUR];
    const rows = hourCandles(model, contract, 'last', { from, to, limit, keep: 'first' }, now);
    return json(
      rows.map(({ start, open, high, low, close, turnover }) => ({
        timestamp: iso(start + HOUR),
        symbol: contract.symbol,
        open,
        high,
        low,
        close,
        trades: 12,
        foreignNotional: turnover,
      })),
    );
  }

  function book(contract: Contract, query: URLSearchParams, now: number): WireAnswer {
    const { bids, asks, digits } = demoBook(process, contract, now, Math.min(BOOK_LEVELS, wholeNumber(query, 'depth') ?? 25));
    const side = (name: string, levels: typeof bids): object[] =>
      levels
        .map(({ price, size }) => ({ price: rounded(price, digits), size: lotsOf(contract, face(contract), size, price) }))
        .filter(({ size }) => size > 0)
        .map(({ price, size }) => ({ symbol: contract.symbol, id: 1e9 - price, side: name, size, price, timestamp: iso(now) }));
    return json([...side('Sell', asks).toReversed(), ...side('Buy', bids)]);
  }

  return ({ method, path, query }, now) => {
    if (method !== 'GET' || !path.startsWith('/api/v1/')) return fail('Not Found', 404);
    const what = path.slice('/api/v1/'.length);
    const all = contracts.of('bitmex', now);
    if (what === 'instrument/active') return json([...all.map((one) => instrument(one, now)), ...all.map((one) => index(one, now))]);
    const contract = contracts.find('bitmex', query.get('symbol') ?? '', now);
    if (what !== 'funding' && what !== 'trade/bucketed' && what !== 'orderBook/L2') return fail('Not Found', 404);
    // Of a symbol that it does not know it has no rows.
    if (contract === null) return json([]);
    return what === 'funding'
      ? funding(contract, query, now)
      : what === 'orderBook/L2'
        ? book(contract, query, now)
        : bucketed(contract, query, now);
  };
}
