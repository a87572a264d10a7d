type Raw = Readonly<Record<string, unknown>>;

export const NOW = 1_794_770_400_500;

export interface Case {
  readonly venue: string;
  readonly ccxt: string;
  /** Answers to our own folder, by a part of the address that it asks; of several the last. */
  readonly answers: Readonly<Record<string, string>>;
  /** The body that both read, and its rows with the venue's name of each instrument. */
  readonly rates?: { readonly body: string; rows(parsed: unknown): readonly (readonly [symbol: string, row: Raw])[] };
  readonly settled?: { readonly body: string; readonly symbol: string };
  /** When its bodies were recorded, where that is not `NOW`. */
  readonly now?: number;
}

const listOf = (parsed: unknown, ...path: readonly string[]): (Raw | null)[] =>
  path.reduce<unknown>((at, name) => (at as Raw)[name], parsed) as (Raw | null)[];
const by =
  (name: string, ...path: readonly string[]) =>
  (parsed: unknown) =>
    listOf(parsed, ...path).flatMap((row) => {
      const symbol = row?.[name];
      return row !== null && typeof symbol === 'string' && symbol !== '' ? [[symbol, row] as const] : [];
    });

export const CASES: readonly Case[] = [
  {
    venue: 'binance',
    ccxt: 'binanceusdm',
    answers: {
      premiumIndex: 'binance/premiumIndex',
      exchangeInfo: 'binance/exchangeInfo',
      fundingInfo: 'binance/fundingInfo',
      'ticker/24hr': 'binance/ticker',
      fundingRate: 'binance/fundingRate',
    },
    rates: { body: 'binance/premiumIndex', rows: by('symbol') },
    settled: { body: 'binance/fundingRate', symbol: 'INJUSDT' },
  },
  {
    venue: 'binance-coin-m',
    ccxt: 'binancecoinm',
    answers: {
      premiumIndex: 'binance-coin-m/premiumIndex',
      exchangeInfo: 'binance-coin-m/exchangeInfo',
      fundingInfo: 'binance-coin-m/fundingInfo',
      'ticker/24hr': 'binance-coin-m/ticker',
    },
    rates: { body: 'binance-coin-m/premiumIndex', rows: by('symbol') },
  },
  {
    venue: 'bybit',
    ccxt: 'bybit',
    answers: {
      tickers: 'bybit/tickers',
      'instruments-info': 'bybit/instruments-1',
      'cursor=': 'bybit/instruments-2',
      'funding/history': 'bybit/funding-history',
    },
    rates: { body: 'bybit/tickers', rows: by('symbol', 'result', 'list') },
    settled: { body: 'bybit/funding-history', symbol: 'INJUSDT' },
  },
  {
    venue: 'bybit-inverse',
    ccxt: 'bybit',
    answers: { tickers: 'bybit-inverse/tickers', 'instruments-info': 'bybit-inverse/instruments' },
    rates: { body: 'bybit-inverse/tickers', rows: by('symbol', 'result', 'list') },
  },
  {
    venue: 'lighter',
    ccxt: 'lighter',
    answers: { 'funding-rates': 'lighter/funding-rates', orderBookDetails: 'lighter/details' },
    rates: {
      body: 'lighter/funding-rates',
      // The list tells of other exchanges too.
      rows: (parsed) => by('symbol', 'funding_rates')(parsed).filter(([, { exchange }]) => exchange === 'lighter'),
    },
  },
  {
    venue: 'hyperliquid',
    ccxt: 'hyperliquid',
    answers: { metaAndAssetCtxs: 'hyperliquid/metaAndAssetCtxs', fundingHistory: 'hyperliquid/fundingHistory' },
    rates: {
      body: 'hyperliquid/metaAndAssetCtxs',
      rows: (parsed) => {
        const [{ universe }, contexts] = parsed as [{ universe: Raw[] }, Raw[]];
        return universe.flatMap((one, i) => (typeof one['name'] === 'string' ? [[one['name'], { ...one, ...contexts[i] }] as const] : []));
      },
    },
  },
  {
    venue: 'okx',
    ccxt: 'okx',
    answers: {
      'public/funding-rate': 'okx/funding-rate',
      instruments: 'okx/instruments',
      'mark-price': 'okx/mark-price',
      'open-interest': 'okx/open-interest',
      'index-tickers': 'okx/index-tickers',
      'market/tickers': 'okx/tickers',
    },
    rates: { body: 'okx/funding-rate', rows: by('instId', 'data') },
  },
  {
    venue: 'bitget',
    ccxt: 'bitget',
    answers: Object.fromEntries([
      ...['contracts', 'tickers', 'current-fund-rate'].flatMap((list) =>
        ['usdt', 'usdc', 'coin'].map((kind) => [`${list}?productType=${kind.toUpperCase()}-FUTURES`, `bitget/${list}-${kind}`] as const),
      ),
      ['v3/market/instruments', 'bitget/instruments'],
      ['history-fund-rate', 'bitget/history-fund-rate'],
    ]),
    rates: { body: 'bitget/current-fund-rate-usdt', rows: by('symbol', 'data') },
    settled: { body: 'bitget/history-fund-rate', symbol: 'BTCUSDT' },
  },
  {
    venue: 'gate',
    ccxt: 'gate',
    answers: Object.fromEntries(
      ['usdt', 'btc'].flatMap((settle) => ['contracts', 'tickers'].map((list) => [`${settle}/${list}`, `gate/${list}-${settle}`] as const)),
    ),
    rates: { body: 'gate/contracts-usdt', rows: by('name') },
    now: 1_789_910_000_000,
  },
  {
    venue: 'kucoin',
    ccxt: 'kucoinfutures',
    answers: { 'funding-rates': 'kucoin/funding-rates' },
    settled: { body: 'kucoin/funding-rates', symbol: 'XBTUSDTM' },
  },
  {
    venue: 'mexc',
    ccxt: 'mexc',
    answers: { ticker: 'mexc/ticker', detail: 'mexc/detail', funding_rate: 'mexc/funding-rate' },
    rates: { body: 'mexc/funding-rate', rows: by('symbol', 'data') },
    now: 1_761_883_095_759,
  },
  {
    venue: 'aster',
    ccxt: 'aster',
    answers: {
      premiumIndex: 'aster/premiumIndex',
      exchangeInfo: 'aster/exchangeInfo',
      fundingInfo: 'aster/fundingInfo',
      'ticker/24hr': 'aster/ticker',
    },
    rates: { body: 'aster/premiumIndex', rows: by('symbol') },
    now: 1_750_146_970_000,
  },
  {
    venue: 'kraken',
    ccxt: 'krakenfutures',
    answers: { tickers: 'kraken/tickers', instruments: 'kraken/instruments' },
    rates: { body: 'kraken/tickers', rows: by('symbol', 'tickers') },
    now: Date.UTC(2025, 9, 22, 11, 2, 30),
  },
  {
    venue: 'bingx',
    ccxt: 'bingx',
    answers: { premiumIndex: 'bingx/premiumIndex', contracts: 'bingx/contracts', ticker: 'bingx/ticker', fundingRate: 'bingx/fundingRate' },
    rates: { body: 'bingx/premiumIndex', rows: by('symbol', 'data') },
    now: 1_790_121_600_000,
  },
  {
    venue: 'coinex',
    ccxt: 'coinex',
    answers: { 'funding-rate': 'coinex/funding-rate', 'futures/market': 'coinex/market', ticker: 'coinex/ticker' },
    rates: { body: 'coinex/funding-rate', rows: by('market', 'data') },
    now: 1_715_740_000_000,
  },
  {
    venue: 'woo',
    ccxt: 'woo',
    answers: { 'public/fundingRate': 'woo/fundingRate', futures: 'woo/futures', instruments: 'woo/instruments' },
    rates: { body: 'woo/fundingRate', rows: by('symbol', 'data', 'rows') },
    now: 1_751_624_038_000,
  },
  {
    venue: 'backpack',
    ccxt: 'backpack',
    answers: {
      markPrices: 'backpack/markPrices',
      markets: 'backpack/markets',
      openInterest: 'backpack/openInterest',
      tickers: 'backpack/tickers',
    },
    rates: { body: 'backpack/markPrices', rows: by('symbol') },
    now: 1_790_133_798_064,
  },
  {
    venue: 'paradex',
    ccxt: 'paradex',
    answers: { markets: 'paradex/markets', 'markets/summary': 'paradex/summary' },
    rates: { body: 'paradex/summary', rows: by('symbol', 'results') },
  },
];
