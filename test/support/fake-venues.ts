import type { FakeExchange, LoggedRequest } from './fake-exchange.ts';

const HOUR = 3_600_000;

interface FakeSettlement {
  readonly stamp: number;
  readonly rate: string;
  readonly mark?: string;
}

/** Settlements by symbol, oldest first. */
export type FakeHistory = Readonly<Record<string, readonly FakeSettlement[]>>;

const numberOf = (request: LoggedRequest, name: string): number | null => {
  const text = request.query.get(name);
  return text === null ? null : Number(text);
};

const within = (rows: readonly FakeSettlement[] | undefined, start: number, end: number) =>
  (rows ?? []).filter(({ stamp }) => stamp >= start && stamp <= end);

/** A price that tells its kind and hour, so that a test sees a mix-up. */
export const fakePrice = (kind: 'mark' | 'index' | 'last', close: number): number =>
  close / HOUR + { mark: 0.25, index: 0.5, last: 0.75 }[kind];

const opens = (start: number, end: number, limit: number, newest: boolean): number[] => {
  const all: number[] = [];
  for (let open = Math.ceil(start / HOUR) * HOUR; open <= end; open += HOUR) all.push(open);
  return newest ? all.slice(-limit) : all.slice(0, limit);
};

/** Binance's paging as documented: oldest first from startTime; without it the newest rows. */
export function serveBinanceHistory(exchange: FakeExchange, history: FakeHistory, { maxRows = 1000 } = {}): void {
  exchange.route('GET', '/fapi/v1/fundingRate', (request) => {
    const symbol = request.query.get('symbol') ?? '';
    const [start, end] = [numberOf(request, 'startTime'), numberOf(request, 'endTime')];
    const limit = Math.min(numberOf(request, 'limit') ?? 100, maxRows);
    const rows = within(history[symbol], start ?? 0, end ?? Infinity);
    return (start === null ? rows.slice(-limit) : rows.slice(0, limit)).map(({ stamp, rate, mark }) => ({
      symbol,
      fundingTime: stamp,
      fundingRate: rate,
      markPrice: mark ?? '99.5',
    }));
  });
  for (const [path, kind, name] of [
    ['/fapi/v1/markPriceKlines', 'mark', 'symbol'],
    ['/fapi/v1/indexPriceKlines', 'index', 'pair'],
  ] as const) {
    exchange.route('GET', path, (request) => {
      if (request.query.get(name) === null) return { code: -1102, msg: `Mandatory parameter '${name}' was not sent.` };
      const limit = Math.min(numberOf(request, 'limit') ?? 500, 1500);
      return opens(numberOf(request, 'startTime') ?? 0, numberOf(request, 'endTime') ?? 0, limit, false).map((open) => [
        open,
        ...Array.from({ length: 4 }, () => String(fakePrice(kind, open + HOUR))),
        '0',
        open + HOUR - 1,
      ]);
    });
  }
}

const bybit = (result: object) => ({ retCode: 0, retMsg: 'OK', result, retExtInfo: {}, time: Date.now() });

/** Bybit's paging as documented: newest first up to endTime, at most 200; startTime alone is an error. */
export function serveBybitHistory(exchange: FakeExchange, history: FakeHistory, { maxRows = 200 } = {}): void {
  exchange.route('GET', '/v5/market/funding/history', (request) => {
    const symbol = request.query.get('symbol') ?? '';
    const [start, end] = [numberOf(request, 'startTime'), numberOf(request, 'endTime')];
    if (start !== null && end === null) return { retCode: 10001, retMsg: 'params error: endTime', result: {} };
    const limit = Math.min(numberOf(request, 'limit') ?? 200, maxRows);
    const rows = within(history[symbol], start ?? 0, end ?? Infinity).slice(-limit);
    const list = rows.toReversed().map(({ stamp, rate }) => ({ symbol, fundingRate: rate, fundingRateTimestamp: String(stamp) }));
    return bybit({ category: 'linear', list });
  });
  for (const kind of ['mark', 'index'] as const) {
    exchange.route('GET', `/v5/market/${kind}-price-kline`, (request) => {
      const all = opens(
        numberOf(request, 'start') ?? 0,
        numberOf(request, 'end') ?? 0,
        Math.min(numberOf(request, 'limit') ?? 200, 1000),
        true,
      );
      const list = all.toReversed().map((open) => [String(open), ...Array.from({ length: 4 }, () => String(fakePrice(kind, open + HOUR)))]);
      return bybit({ symbol: request.query.get('symbol'), category: 'linear', list });
    });
  }
}

interface Info {
  readonly type: string;
  readonly coin?: string;
  readonly startTime?: number;
  readonly endTime?: number;
  readonly req?: { readonly coin: string; readonly startTime: number; readonly endTime: number };
}

/** Hyperliquid's paging as documented: oldest 500 rows from startTime; only the newest 5000 candles before `now`. */
export function serveHyperliquidHistory(
  exchange: FakeExchange,
  history: FakeHistory,
  { maxRows = 500, now = Date.now(), market = '' } = {},
): void {
  exchange.route('POST', '/info', ({ body }) => {
    const { type, coin = '', startTime = 0, endTime = Infinity, req } = body as Info;
    if (type === 'metaAndAssetCtxs') return market;
    if (type === 'fundingHistory') {
      const rows = within(history[coin], startTime, endTime).slice(0, maxRows);
      return rows.map(({ stamp, rate }) => ({ coin, fundingRate: rate, premium: '0.0', time: stamp }));
    }
    if (type !== 'candleSnapshot' || req === undefined) return null;
    return opens(Math.max(req.startTime, now - 5000 * HOUR), req.endTime, 5000, false).map((t) => ({
      t,
      T: t + HOUR - 1,
      s: req.coin,
      i: '1h',
      c: String(fakePrice('last', t + HOUR)),
    }));
  });
}
