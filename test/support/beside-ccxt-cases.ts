import { CASES, NOW } from './beside-ccxt-rates.ts';

type Raw = Readonly<Record<string, unknown>>;

/** One answer of a venue that both read. */
export interface AnswerCase {
  readonly venue: string;
  readonly ccxt: string;
  readonly kind: 'settlement' | 'order book' | 'candle' | 'open interest';
  /** The answer, and a part of the address at which ours asks for it. */
  readonly answer: string;
  readonly at: string;
  readonly symbol: string;
  /** Units of the price in one contract, or quote money (inverse), as the venue lists it. */
  readonly size?: number;
  readonly inverse?: boolean;
  /** Of a list of all of which ccxt reads the rows of one contract alone. */
  readonly row?: (parsed: unknown, symbol: string) => Raw | undefined;
  /** What ccxt is asked besides. */
  readonly params?: object;
  /** The venue's lists, by a part of the address. */
  readonly lists: Readonly<Record<string, string>>;
  readonly now: number;
}

/** The row of a contract in a list of all. */
const rowIn =
  (name: string, ...path: readonly string[]) =>
  (parsed: unknown, symbol: string): Raw | undefined =>
    (path.reduce<unknown>((at, key) => (at as Raw)[key], parsed) as readonly Raw[]).find((row) => row[name] === symbol);
const resultRow = rowIn('instrument_name', 'result');
function hyperliquidRow(parsed: unknown, symbol: string): Raw {
  const [{ universe }, contexts] = parsed as [{ universe: readonly Raw[] }, readonly Raw[]];
  const i = universe.findIndex(({ name }) => name === symbol);
  return { info: { ...universe[i], ...contexts[i] } };
}

type Stated = Omit<AnswerCase, 'ccxt' | 'lists' | 'now'> & Partial<Pick<AnswerCase, 'lists' | 'now' | 'ccxt'>>;
const stated: readonly Stated[] = [
  { venue: 'binance-coin-m', kind: 'settlement', answer: 'binance-coin-m/fundingRate', at: 'fundingRate', symbol: 'BTCUSD_PERP' },
  { venue: 'hyperliquid', kind: 'settlement', answer: 'hyperliquid/fundingHistory', at: 'fundingHistory', symbol: 'kPEPE' },
  { venue: 'gate', kind: 'settlement', answer: 'gate/funding-rate', at: 'funding_rate', symbol: 'BTC_USDT' },
  { venue: 'bingx', kind: 'settlement', answer: 'bingx/fundingRate', at: 'fundingRate', symbol: 'QNT-USDT' },
  { venue: 'coinex', kind: 'settlement', answer: 'coinex/history', at: 'funding-rate-history', symbol: 'BTCUSDT' },
  { venue: 'woo', kind: 'settlement', answer: 'woo/history', at: 'fundingRateHistory', symbol: 'PERP_BTC_USDT' },
  { venue: 'backpack', kind: 'settlement', answer: 'backpack/fundingRates', at: 'fundingRates', symbol: 'BTC_USDC_PERP' },
  { venue: 'dydx', kind: 'settlement', answer: 'dydx/historicalFunding', at: 'historicalFunding', symbol: 'LINK-USD' },
  { venue: 'okx', kind: 'settlement', answer: 'okx/funding-rate-history', at: 'funding-rate-history', symbol: 'BTC-USDT-SWAP' },
  { venue: 'kraken', kind: 'settlement', answer: 'kraken/historical-funding-rates', at: 'historicalfundingrates', symbol: 'PF_XBTUSD' },
  { venue: 'deribit', kind: 'settlement', answer: 'deribit/funding-rate-history', at: 'get_funding_rate_history', symbol: 'BTC-PERPETUAL' },
  { venue: 'mexc', kind: 'settlement', answer: 'mexc/funding-rate-history', at: 'funding_rate/history', symbol: 'BTC_USDT' },
  { venue: 'aster', kind: 'settlement', answer: 'aster/fundingRate', at: 'fundingRate', symbol: 'BTCUSDT' },
  { venue: 'binance', kind: 'order book', answer: 'binance/depth', at: 'depth', symbol: 'BTCUSDT' },
  {
    venue: 'binance-coin-m',
    kind: 'order book',
    answer: 'binance-coin-m/depth',
    at: 'depth',
    symbol: 'BTCUSD_PERP',
    size: 100,
    inverse: true,
  },
  { venue: 'bybit', kind: 'order book', answer: 'bybit/orderbook', at: 'orderbook', symbol: 'BTCUSDT' },
  { venue: 'hyperliquid', kind: 'order book', answer: 'hyperliquid/l2Book', at: 'l2Book', symbol: 'ETH' },
  { venue: 'okx', kind: 'order book', answer: 'okx/books-full-linear', at: 'books', symbol: 'BTC-USDT-SWAP', size: 0.01 },
  { venue: 'bitget', kind: 'order book', answer: 'bitget/merge-depth', at: 'depth', symbol: 'BTCUSDT' },
  { venue: 'gate', kind: 'order book', answer: 'gate/order-book-usdt', at: 'order_book', symbol: 'BTC_USDT', size: 0.0001 },
  { venue: 'kucoin', kind: 'order book', answer: 'kucoin/snapshot-linear', at: 'snapshot', symbol: 'XBTUSDTM', size: 0.001 },
  { venue: 'mexc', kind: 'order book', answer: 'mexc/depth', at: 'depth', symbol: 'ETH_USDT', size: 0.01 },
  { venue: 'aster', kind: 'order book', answer: 'aster/depth', at: 'depth', symbol: 'BTCUSDT' },
  { venue: 'kraken', kind: 'order book', answer: 'kraken/orderbook', at: 'orderbook', symbol: 'PF_XBTUSD' },
  { venue: 'bingx', kind: 'order book', answer: 'bingx/depth', at: 'depth', symbol: 'BTC-USDT', size: 1000 },
  { venue: 'coinex', kind: 'order book', answer: 'coinex/depth', at: 'depth', symbol: 'BTCUSDT' },
  { venue: 'woo', kind: 'order book', answer: 'woo/orderbook', at: 'orderbook', symbol: 'PERP_BTC_USDT' },
  { venue: 'backpack', kind: 'order book', answer: 'backpack/depth', at: 'depth', symbol: 'BTC_USDC_PERP' },
  { venue: 'paradex', kind: 'order book', answer: 'paradex/orderbook', at: 'orderbook', symbol: 'BTC-USD-PERP' },
  { venue: 'lighter', kind: 'order book', answer: 'lighter/orders', at: 'orderBookOrders', symbol: 'ETH' },
  {
    venue: 'deribit',
    kind: 'order book',
    answer: 'deribit/order-book',
    at: 'get_order_book',
    symbol: 'BTC-PERPETUAL',
    size: 10,
    inverse: true,
  },
  { venue: 'dydx', kind: 'order book', answer: 'dydx/orderbook', at: 'orderbook', symbol: 'BTC-USD' },
  { venue: 'bitget', kind: 'candle', answer: 'bitget/history-mark-candles', at: 'candles', symbol: 'BTCUSDT', params: { price: 'mark' } },
  { venue: 'gate', kind: 'candle', answer: 'gate/candlesticks-mark', at: 'candlesticks', symbol: 'BTC_USDT', params: { price: 'mark' } },
  { venue: 'okx', kind: 'candle', answer: 'okx/mark-candles', at: 'candles', symbol: 'BTC-USDT-SWAP', params: { price: 'mark' } },
  { venue: 'kucoin', kind: 'candle', answer: 'kucoin/klines', at: 'kline', symbol: 'XBTUSDTM' },
  { venue: 'mexc', kind: 'candle', answer: 'mexc/kline', at: 'kline', symbol: 'BTC_USDT' },
  { venue: 'aster', kind: 'candle', answer: 'aster/mark-klines', at: 'line', symbol: 'BTCUSDT', params: { price: 'mark' } },
  { venue: 'kraken', kind: 'candle', answer: 'kraken/candles', at: 'charts', symbol: 'PF_XBTUSD', params: { price: 'mark' } },
  { venue: 'bingx', kind: 'candle', answer: 'bingx/mark-klines', at: 'line', symbol: 'BTC-USDT', params: { price: 'mark' } },
  { venue: 'coinex', kind: 'candle', answer: 'coinex/kline', at: 'kline', symbol: 'BTCUSDT' },
  { venue: 'woo', kind: 'candle', answer: 'woo/klines', at: 'line', symbol: 'PERP_BTC_USDT' },
  { venue: 'backpack', kind: 'candle', answer: 'backpack/klines', at: 'klines', symbol: 'BTC_USDC_PERP', params: { price: 'mark' } },
  { venue: 'dydx', kind: 'candle', answer: 'dydx/candles', at: 'candles', symbol: 'BTC-USD' },
  { venue: 'binance', kind: 'open interest', answer: 'binance/openInterest', at: 'openInterest', symbol: 'BTCUSDT' },
  { venue: 'okx', kind: 'open interest', answer: 'okx/open-interest', at: 'open-interest', symbol: 'BTC-USDT-SWAP', size: 0.01 },
  {
    venue: 'hyperliquid',
    kind: 'open interest',
    answer: 'hyperliquid/metaAndAssetCtxs',
    at: 'metaAndAssetCtxs',
    symbol: 'BTC',
    row: hyperliquidRow,
  },
  {
    venue: 'deribit',
    kind: 'open interest',
    answer: 'deribit/summary-btc',
    at: 'currency=BTC',
    symbol: 'BTC-PERPETUAL',
    inverse: true,
    row: resultRow,
  },
  { venue: 'backpack', kind: 'open interest', answer: 'backpack/openInterest', at: 'openInterest', symbol: 'BTC_USDC_PERP' },
  { venue: 'bingx', kind: 'open interest', answer: 'bingx/openInterest', at: 'openInterest', symbol: 'EOS-USDT' },
  { venue: 'paradex', kind: 'open interest', answer: 'paradex/summary', at: 'summary', symbol: 'BTC-USD-PERP' },
];

/** Of venues of which no list of rates is compared. */
const MORE: Readonly<Record<string, { readonly ccxt: string; readonly lists: Readonly<Record<string, string>>; readonly now: number }>> = {
  kucoin: { ccxt: 'kucoinfutures', lists: { 'contracts/active': 'kucoin/contracts-active' }, now: Date.UTC(2026, 9, 2, 23, 6) },
  deribit: {
    ccxt: 'deribit',
    lists: {
      get_instruments: 'deribit/instruments',
      'currency=BTC': 'deribit/summary-btc',
      'currency=ETH': 'deribit/summary-eth',
      'currency=USDC': 'deribit/summary-usdc',
    },
    now: Date.UTC(2025, 10, 20, 21, 30),
  },
  lighter: { ccxt: 'lighter', lists: { orderBookDetails: 'lighter/details' }, now: Date.UTC(2025, 11, 4) },
  dydx: { ccxt: 'dydx', lists: { perpetualMarkets: 'dydx/perpetualMarkets' }, now: Date.UTC(2026, 8, 11, 17, 30) },
};

export const ANSWERS: readonly AnswerCase[] = stated.map((one) => {
  const of = CASES.find(({ venue }) => venue === one.venue);
  const { ccxt, lists, now } = MORE[one.venue] ?? { ccxt: of?.ccxt ?? one.venue, lists: of?.answers ?? {}, now: of?.now ?? NOW };
  return { ccxt, lists, now, ...one };
});
