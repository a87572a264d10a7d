/** The part of a ccxt exchange that is used. Answers are read as what they are: objects with unchecked fields. */
export interface CcxtClient {
  readonly has: Readonly<Record<string, unknown>>;
  readonly timeframes?: Readonly<Record<string, unknown>>;
  number: (text: string) => string;
  enableRateLimit: boolean;
  timeout: number;
  throttle: (cost?: number) => Promise<void>;
  milliseconds: () => number;
  fetchImplementation: (url: string, init: { readonly method: string; readonly body?: string | undefined }) => Promise<Response>;
  fetchMarkets(): Promise<unknown>;
  setMarkets(markets: readonly unknown[]): void;
  fetchFundingRates(symbols: readonly string[] | undefined, params: object): Promise<unknown>;
  fetchFundingRate(symbol: string, params: object): Promise<unknown>;
  fetchTicker(symbol: string, params: object): Promise<unknown>;
  fetchTickers(symbols: undefined, params: object): Promise<unknown>;
  fetchFundingRateHistory(symbol: string, since: number | undefined, limit: number, params: object): Promise<unknown>;
  fetchOHLCV(symbol: string, timeframe: string, since: number, limit: number, params: object): Promise<unknown>;
  fetchOrderBook(symbol: string): Promise<unknown>;
}
