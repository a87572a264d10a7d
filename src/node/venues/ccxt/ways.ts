import { asRow, isSymbol, readIsoTime, readNumber, type Row } from '../common/read.ts';
import { HOUR_MS } from '#domain/time.ts';

/**
 * How ccxt's exchanges answer, written after ccxt's source and the documentation of each exchange: what ccxt says of itself (`has`) is
 * wrong for some, its own paging loses rows, and of two rates one is the running one.
 */
export interface Way {
  /** Where its perpetuals are asked; other addresses of it are asked as ccxt has them. */
  readonly url: string;
  /** The exchange behind several names that count requests and ban together; absent: it is one by itself. */
  readonly host?: 'orderly';
  /** Options of the client: markets without perpetuals are not asked for. */
  readonly options?: object;
  /**
   * `bulk`: one call for all (each of `calls`: one for its kind of contract). `symbols`: the same, all symbols named. `tickers`: the rate
   * stands in the raw ticker. `each`: one call for one contract, swept within the budget; with `read` it is the call for its ticker.
   */
  readonly rates:
    | { readonly kind: 'bulk' | 'symbols'; readonly calls?: readonly RatesCall[] }
    | { readonly kind: 'tickers'; readonly read: ReadTicker }
    | { readonly kind: 'each'; readonly read?: ReadTicker };
  /** ccxt's name for the running estimate of the interval in progress: 'fundingRate' where it is not said. */
  readonly running?: 'nextFundingRate';
  /** Hours that a stated rate is for, where it is not the interval. */
  readonly rateHours?: number;
  /**
   * Where ccxt's interval is the exchange's own word: in the row of the rate, or in a list that may be older than the rate (a guess then).
   * `documented`: no answer says it, its documentation says the one that `usualH` is. Absent: nowhere, and what ccxt writes there is a
   * constant of its own.
   */
  readonly interval?: 'row' | 'list' | 'documented';
  /** Reads the hours of it out of the raw row of the rate, or of the list of contracts, where ccxt leaves them out. */
  readonly statedH?: (rate: Row, market: Row) => number | null;
  /** The interval that is usual there, where it states none: a guess, which settlements refute. null: none is guessed. */
  readonly usualH: number | null;
  /** null: it serves no settlements, or ccxt's rows are none. */
  readonly history: HistoryWay | null;
  /** Of inverse contracts, where it is another one. */
  readonly historyOfInverse?: HistoryWay;
  /** Where what ccxt calls the size of a contract is another thing. */
  readonly contractSize?: number;
}

/** What a raw ticker says, under the names of ccxt's unified rate; `market` is the raw row of the list of contracts. */
export type ReadTicker = (
  ticker: Row,
  market: Row,
) => { readonly fundingRate: unknown; readonly nextFundingTimestamp?: unknown; readonly interval?: string | undefined };

interface RatesCall {
  readonly params: object;
  readonly contract: 'linear' | 'inverse';
}

/**
 * `until`: the newest rows up to an end. `window`: rows between two times, in an order that is not documented: asked for in stretches that
 * hold no more of them than a page. `end` where ccxt's word for the end does not reach the exchange. `newest`: one page of the newest,
 * nothing older. `pages`: newest first by number, from 1 on.
 */
export type HistoryWay = (
  | {
      readonly kind: 'until' | 'window';
      readonly limit: number;
      readonly end?: (ms: number) => object;
      /** How far back it goes; absent: to the listing. */
      readonly days?: number;
    }
  | { readonly kind: 'newest'; readonly limit: number }
  | { readonly kind: 'pages'; readonly limit: number; readonly page: string }
) & {
  /** The hours that a raw settlement states for itself; absent: it states none. */
  readonly statedH?: (row: Row) => number | null;
  /** What the contract is asked by, where the name that ccxt makes is wrong for some. */
  readonly asked?: (market: Row) => object;
};

const seconds = (ms: number): number => Math.floor(ms / 1000);
/** A time or a length of time in ns, which no number holds to the last digit. */
const ofNs = (value: unknown): number | null => {
  const ns = readNumber(value);
  return ns === null ? null : Math.round(ns / 1_000_000);
};
/** To the digits that a percentage can have been written with: 0.0037 is 0.000037. */
const ofPercent = (value: unknown): number | null => {
  const percent = readNumber(value);
  return percent === null ? null : Number((percent / 100).toPrecision(15));
};
/** As ccxt writes an interval. */
const hoursOf = (ms: number | null): string | undefined => (ms === null ? undefined : `${ms / HOUR_MS}h`);
/** So long as hours, of which one has so many units. */
const hoursIn = (value: unknown, unitsOfAnHour: number): number | null => {
  const length = readNumber(value);
  return length === null ? null : length / unitsOfAnHour;
};
const BULK = { kind: 'bulk' } as const;
const EACH = { kind: 'each' } as const;
const BOTH = {
  kind: 'bulk',
  calls: [
    { params: { subType: 'linear' }, contract: 'linear' },
    { params: { subType: 'inverse' }, contract: 'inverse' },
  ],
} as const;

/** HitBTC's, and of the exchange that is run on its system. */
const HITBTC = {
  rates: { kind: 'bulk', calls: [{ params: { type: 'swap' }, contract: 'linear' }] },
  usualH: 8,
  history: { kind: 'window', limit: 1000, end: (ms: number) => ({ till: new Date(ms).toISOString() }) },
} as const;

export const WAYS: Readonly<Record<string, Way>> = {
  apex: {
    url: 'https://omni.apex.exchange',
    // https://api-docs.omni.apex.exchange: fundingRate is paid at nextFundingTime; predictedFundingRate is of the hour after.
    rates: {
      kind: 'tickers',
      read: (raw) => ({ fundingRate: raw['fundingRate'], nextFundingTimestamp: readIsoTime(raw['nextFundingTime']) }),
    },
    usualH: 1,
    history: { kind: 'window', limit: 100, end: (ms) => ({ endTimeExclusive: ms + 1 }) },
    // ccxt writes the smallest order there; orders are in coins.
    contractSize: 1,
  },
  bitfinex: {
    url: 'https://api-pub.bitfinex.com',
    rates: { kind: 'symbols' },
    usualH: 8,
    // Its history of a derivative's status is observations by the minute, and no settlements.
    history: null,
  },
  bitflyer: { url: 'https://api.bitflyer.com', rates: EACH, running: 'nextFundingRate', usualH: 8, history: null },
  bitstamp: { url: 'https://www.bitstamp.net', rates: EACH, usualH: 8, history: { kind: 'window', limit: 100 } },
  blofin: { url: 'https://openapi.blofin.com', rates: EACH, usualH: 8, history: { kind: 'until', limit: 100 } },
  btse: { url: 'https://api.btse.com', rates: BULK, interval: 'row', usualH: 8, history: { kind: 'newest', limit: 1000 } },
  bullish: {
    url: 'https://api.exchange.bullish.com',
    // https://api.exchange.bullish.com/docs/api/rest: the ticker's rate of the running hour is a percentage, a settled one a fraction.
    rates: { kind: 'each', read: (raw) => ({ fundingRate: ofPercent(raw['fundingRate']) }) },
    interval: 'documented',
    usualH: 1,
    history: { kind: 'window', limit: 100, days: 90 },
  },
  bybitid: {
    url: 'https://api.bybit.id',
    options: { fetchMarkets: { types: ['linear', 'inverse'] } },
    rates: BOTH,
    interval: 'list',
    // https://bybit-exchange.github.io/docs/v5/market/tickers: newer rows state it, ccxt takes the one of the list.
    statedH: ({ fundingIntervalHour }) => hoursIn(fundingIntervalHour, 1),
    usualH: 8,
    history: { kind: 'until', limit: 200 },
  },
  bydfi: { url: 'https://api.bydfi.com', rates: EACH, usualH: 8, history: { kind: 'window', limit: 100 } },
  coinbaseinternational: {
    url: 'https://api.international.coinbase.com',
    // https://docs.cdp.coinbase.com/international-exchange: the estimate of the interval in progress, whose length stands in the list in ns.
    rates: {
      kind: 'tickers',
      read: (raw, market) => ({ fundingRate: raw['predicted_funding'], interval: hoursOf(ofNs(market['funding_interval'])) }),
    },
    interval: 'list',
    usualH: 1,
    history: { kind: 'pages', limit: 100, page: 'ccxtPageKey' },
  },
  cryptocom: { url: 'https://api.crypto.com', rates: EACH, usualH: 1, history: { kind: 'window', limit: 100 } },
  deepcoin: {
    url: 'https://api.deepcoin.com',
    options: { fetchMarkets: { types: ['swap'] } },
    rates: BOTH,
    usualH: 8,
    history: { kind: 'pages', limit: 100, page: 'page', statedH: ({ ratePeriodSec }) => hoursIn(ratePeriodSec, 3600) },
  },
  delta: { url: 'https://api.delta.exchange', rates: BULK, usualH: 8, history: null },
  derive: {
    url: 'https://api.lyra.finance',
    // https://docs.derive.xyz (get_ticker, perp_details): the rate of an hour, as it is now.
    rates: { kind: 'each', read: (raw) => ({ fundingRate: asRow(raw['perp_details'])?.['funding_rate'] }) },
    interval: 'documented',
    usualH: 1,
    // Funding accrues all the time there: its history tells what the rate of an hour was at some moments, and no payments.
    history: null,
  },
  digifinex: {
    url: 'https://openapi.digifinex.com',
    options: { defaultType: 'swap' },
    rates: EACH,
    interval: 'row',
    usualH: 8,
    history: { kind: 'window', limit: 100, end: (ms) => ({ end_timestamp: ms }) },
  },
  extended: {
    url: 'https://api.starknet.extended.exchange',
    // https://api.docs.extended.exchange/#get-markets: the rate of the hour by the minute, and the time of the next one under a name of a rate.
    rates: {
      kind: 'tickers',
      read: (raw) => ({ fundingRate: raw['fundingRate'], nextFundingTimestamp: raw['nextFundingRate'] }),
    },
    usualH: 1,
    history: { kind: 'window', limit: 1000 },
  },
  fmfwio: { url: 'https://api.fmfw.io', ...HITBTC },
  grvt: {
    url: 'https://market-data.grvt.io',
    // https://api-docs.grvt.io/market_data_api: in percent, for the interval of the contract, which stands in the list; times in ns.
    rates: {
      kind: 'each',
      read: (raw, market) => ({
        fundingRate: ofPercent(raw['funding_rate']),
        nextFundingTimestamp: ofNs(raw['next_funding_time']),
        interval: hoursOf((readNumber(market['funding_interval_hours']) ?? 0) * HOUR_MS),
      }),
    },
    interval: 'list',
    usualH: 8,
    history: {
      kind: 'window',
      limit: 1000,
      end: (ms) => ({ until: ms, agg_type: 'FUNDING_INTERVAL' }),
      statedH: ({ funding_interval_hours }) => hoursIn(funding_interval_hours, 1),
    },
  },
  hashkey: { url: 'https://api-glb.hashkey.com', rates: BULK, usualH: 8, history: { kind: 'newest', limit: 1000 } },
  hibachi: { url: 'https://data-api.hibachi.xyz', rates: EACH, usualH: 8, history: { kind: 'newest', limit: 100 } },
  hitbtc: { url: 'https://api.hitbtc.com', ...HITBTC },
  htx: {
    url: 'https://api.hbdm.vn',
    options: { fetchMarkets: { types: { spot: false, linear: true, inverse: true } } },
    // Of linear contracts all at once are not served; ccxt's bulk call is for inverse ones alone.
    rates: EACH,
    interval: 'row',
    usualH: 8,
    history: { kind: 'window', limit: 100, end: (ms) => ({ end_time: ms }) },
    historyOfInverse: { kind: 'pages', limit: 50, page: 'page_index' },
  },
  lbank: { url: 'https://lbkperp.lbank.com', rates: BULK, interval: 'row', usualH: 8, history: null },
  modetrade: {
    url: 'https://api-evm.orderly.org',
    host: 'orderly',
    rates: BULK,
    interval: 'row',
    usualH: 8,
    // ccxt writes the end in seconds; the exchange reads ms.
    history: { kind: 'window', limit: 25, end: (ms) => ({ end_t: ms }) },
  },
  myokx: {
    url: 'https://eea.okx.com',
    options: { fetchMarkets: { types: ['swap'] } },
    rates: BULK,
    interval: 'row',
    usualH: 8,
    history: { kind: 'until', limit: 100, end: (ms) => ({ after: ms + 1 }) },
  },
  // A rate for 24 h, paid by the hour.
  nado: { url: 'https://archive.prod.nado.xyz', rates: BULK, rateHours: 24, usualH: 1, history: null },
  // `funding` is what the last hour paid, `next_funding` the estimate of the hour in progress.
  pacifica: {
    url: 'https://api.pacifica.fi',
    rates: BULK,
    running: 'nextFundingRate',
    usualH: 1,
    history: { kind: 'newest', limit: 1000 },
  },
  phemex: {
    url: 'https://api.phemex.com',
    rates: EACH,
    interval: 'list',
    // https://phemex-docs.github.io/#query-product-information: in seconds; ccxt puts the older list over it, which counts hours.
    statedH: (_, { fundingInterval }) => hoursIn(fundingInterval, (readNumber(fundingInterval) ?? 0) > 24 ? 3600 : 1),
    usualH: null,
    history: {
      kind: 'window',
      limit: 100,
      statedH: ({ intervalSeconds }) => hoursIn(intervalSeconds, 3600),
      // The product names its history; ccxt makes that name out of the contract's or the coin's.
      asked: ({ fundingRate8hSymbol }) => (isSymbol(fundingRate8hSymbol) ? { symbol: fundingRate8hSymbol } : {}),
    },
  },
  toobit: { url: 'https://api.toobit.com', rates: BULK, usualH: 8, history: { kind: 'newest', limit: 1000 } },
  weex: { url: 'https://api-contract.weex.com', rates: BULK, interval: 'row', usualH: 8, history: { kind: 'window', limit: 100 } },
  whitebit: {
    url: 'https://whitebit.com',
    rates: BULK,
    interval: 'row',
    // https://docs.whitebit.com/public/http-v4/#available-futures-markets-list
    statedH: ({ funding_interval_minutes }) => hoursIn(funding_interval_minutes, 60),
    usualH: 8,
    history: { kind: 'window', limit: 100, end: (ms) => ({ endDate: seconds(ms) }) },
  },
  woofipro: {
    url: 'https://api-evm.orderly.org',
    host: 'orderly',
    rates: BULK,
    interval: 'row',
    usualH: 8,
    history: { kind: 'window', limit: 25, end: (ms) => ({ end_t: ms }) },
  },
  xt: {
    url: 'https://fapi.xt.com',
    options: { defaultType: 'swap' },
    rates: EACH,
    interval: 'row',
    usualH: 8,
    history: { kind: 'newest', limit: 200, statedH: ({ collectionInternal }) => hoursIn(collectionInternal, 3600) },
  },
};

/** Why ccxt's other exchanges with a funding method are no venues here. Those with a folder of their own are told by the test. */
export const WITHOUT: Readonly<Record<string, string>> = {
  bequant: 'lists no perpetuals',
  bybiteu: 'lists no perpetuals',
  gateeu: 'lists no perpetuals',
  okxus: 'lists no perpetuals',
};
