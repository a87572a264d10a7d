import { describe, expect, it } from 'vitest';
import { createAsker, createModel, contractOf, DAY, HOUR, NOW, sure } from './support.ts';

const { ask, read } = createAsker(1);
interface Rate {
  readonly symbol: string;
  readonly fundingTime: number;
  readonly fundingRate: string;
}
interface BybitBody<Row> {
  readonly retCode: number;
  readonly retMsg: string;
  readonly result: { readonly list: Row[]; readonly nextPageCursor?: string };
}
interface BybitRate {
  readonly fundingRate: string;
  readonly fundingRateTimestamp: string;
}
interface HyperliquidRate {
  readonly time: number;
  readonly fundingRate: string;
  readonly premium: string;
}

const ascending = (times: readonly number[]): boolean => times.every((time, i) => i === 0 || time > sure(times[i - 1]));

describe('Binance', () => {
  const rates = (query: string, now = NOW) => read('binance', `/fapi/v1/fundingRate?${query}`, now) as Rate[];

  it('gives 100 rows by default, the newest, ascending; from a start on the first ones; at most 1000', () => {
    const newest = rates('symbol=KAITOUSDT');
    expect(newest).toHaveLength(100);
    expect(ascending(newest.map((row) => row.fundingTime))).toBe(true);
    expect(NOW - sure(newest.at(-1)).fundingTime).toBeLessThan(HOUR + 20_000);
    const start = NOW - 80 * DAY;
    const first = rates(`symbol=KAITOUSDT&startTime=${start}&limit=1000`);
    expect(first).toHaveLength(1000);
    expect(sure(first[0]).fundingTime - start).toBeLessThan(HOUR + 50);
    const both = rates(`symbol=KAITOUSDT&startTime=${sure(first[10]).fundingTime}&endTime=${sure(first[20]).fundingTime}`);
    expect(both).toEqual(first.slice(10, 21));
    expect(rates(`symbol=KAITOUSDT&endTime=${sure(first[150]).fundingTime}`)).toEqual(first.slice(51, 151));
  });

  it('pages forward through 90 days without a hole or a repeat', () => {
    const all: Rate[] = [];
    for (let start = 1; ; start = sure(all.at(-1)).fundingTime + 1) {
      const page = rates(`symbol=KAITOUSDT&startTime=${start}&limit=1000`);
      if (page.length === 0) break;
      all.push(...page);
    }
    expect(NOW - sure(all[0]).fundingTime).toBeGreaterThan(90 * DAY - HOUR);
    expect(NOW - sure(all[0]).fundingTime).toBeLessThan(121 * DAY);
    const hours = all.map((row) => Math.round(row.fundingTime / HOUR));
    expect(hours).toEqual(hours.map((_, i) => sure(hours[0]) + i));
  });

  it('gives all symbols where none is named', () => {
    const rows = rates(`startTime=${NOW - DAY}&limit=1000`);
    expect(new Set(rows.map((row) => row.symbol)).size).toBeGreaterThan(40);
    expect(rows.every((row, i) => i === 0 || row.fundingTime >= sure(rows[i - 1]).fundingTime)).toBe(true);
  });

  it.each([
    ['/fapi/v1/fundingRate?symbol=NOPEUSDT', 400, -1121],
    ['/fapi/v1/fundingRate?symbol=BTCUSDT&limit=1001', 400, -1130],
    ['/fapi/v1/fundingRate?symbol=BTCUSDT&limit=ten', 400, -1130],
    ['/fapi/v1/fundingRate?symbol=BTCUSDT&startTime=5&endTime=4', 400, -1023],
    ['/fapi/v1/premiumIndex?symbol=NOPEUSDT', 400, -1121],
    ['/fapi/v1/klines?symbol=BTCUSDT&interval=7h', 400, -1120],
    ['/fapi/v1/klines?interval=1h', 400, -1102],
    ['/fapi/v1/indexPriceKlines?pair=NOPE&interval=1h', 400, -1122],
    ['/fapi/v1/openInterest', 400, -1102],
    ['/fapi/v1/nothing', 404, -5000],
  ])('answers %s with %i and code %i', (path, status, code) => {
    const answer = ask('binance', path);
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.body)).toMatchObject({ code });
  });

  it('has dated futures and settled symbols in its bulk body, as the venue does', () => {
    const rows = read('binance', '/fapi/v1/premiumIndex') as { symbol: string; lastFundingRate: string; nextFundingTime: number }[];
    const dated = rows.filter((row) => /_\d{6}$/.test(row.symbol));
    expect(dated.map((row) => row.symbol)).toContain('BTCUSDT_261225');
    expect(dated.every((row) => row.lastFundingRate === '' && row.nextFundingTime === 0)).toBe(true);
    const info = read('binance', '/fapi/v1/exchangeInfo') as { symbols: { symbol: string; status: string; contractType: string }[] };
    const settling = info.symbols.filter((row) => row.status === 'SETTLING');
    expect(settling.length).toBeGreaterThan(0);
    for (const { symbol } of settling) expect(rows.some((row) => row.symbol === symbol)).toBe(true);
    expect(info.symbols.map((row) => row.symbol).sort()).toEqual(rows.map((row) => row.symbol).sort());
  });

  it('says the interest per 8 h for every interval', () => {
    const rows = read('binance', '/fapi/v1/premiumIndex') as { interestRate: string }[];
    expect(new Set(rows.map(({ interestRate }) => interestRate))).toEqual(new Set(['0.00010000', '']));
  });

  it('moves ARBUSDT into and out of fundingInfo with its interval', () => {
    const { contracts } = createModel(1);
    for (let day = 0; day < 16; day++) {
      const now = NOW + day * DAY;
      const hours = contractOf(contracts, 'binance', 'ARBUSDT', now).intervalAt(now);
      const rows = read('binance', '/fapi/v1/fundingInfo', now) as { symbol: string; fundingIntervalHours: number }[];
      expect(rows.find((row) => row.symbol === 'ARBUSDT')?.fundingIntervalHours).toBe(hours === 8 ? undefined : 4);
    }
  });

  it('closes a candle with what the next one opens', () => {
    const rows = read('binance', `/fapi/v1/markPriceKlines?symbol=1000PEPEUSDT&interval=1h&limit=1500`) as [
      number,
      string,
      string,
      string,
      string,
    ][];
    expect(rows).toHaveLength(1500);
    for (const [i, [time, open, high, low, close]] of rows.entries()) {
      expect(Number(high)).toBeGreaterThanOrEqual(Math.max(Number(open), Number(close)));
      expect(Number(low)).toBeLessThanOrEqual(Math.min(Number(open), Number(close)));
      if (i === 0) continue;
      expect(time - sure(rows[i - 1])[0]).toBe(HOUR);
      expect(open).toBe(sure(rows[i - 1])[4]);
    }
  });
});

describe('Bybit', () => {
  const history = (query: string) => read('bybit', `/v5/market/funding/history?category=linear&${query}`) as BybitBody<BybitRate>;

  it('gives at most 200 rows, descending, the newest of the window', () => {
    const times = history('symbol=HYPEUSDT&limit=1000').result.list.map((row) => Number(row.fundingRateTimestamp));
    expect(times).toHaveLength(200);
    expect(ascending(times.toReversed())).toBe(true);
    const [end, start] = [sure(times[50]), sure(times[60])];
    const window = history(`symbol=HYPEUSDT&startTime=${start}&endTime=${end}`).result.list;
    expect(window.map((row) => Number(row.fundingRateTimestamp))).toEqual(times.slice(50, 61));
  });

  it.each([
    '/v5/market/funding/history?category=linear&symbol=BTCUSDT&startTime=1',
    '/v5/market/funding/history?category=linear&symbol=NOPE',
    '/v5/market/funding/history?symbol=BTCUSDT',
    '/v5/market/tickers',
    '/v5/market/tickers?category=spot',
    '/v5/market/kline?symbol=BTCUSDT&interval=61',
  ])('answers %s with 200 and retCode 10001', (path) => {
    expect((read('bybit', path) as BybitBody<unknown>).retCode).toBe(10001);
  });

  it('says the interval in force in tickers and in minutes in instruments-info, also while INJUSDT is hourly', () => {
    const { contracts } = createModel(1);
    const seen = new Set<number>();
    for (let now = NOW; now < NOW + 5 * DAY; now += 4 * HOUR) {
      const hours = contractOf(contracts, 'bybit', 'INJUSDT', now).intervalAt(now);
      const ticker = read('bybit', '/v5/market/tickers?category=linear&symbol=INJUSDT', now) as BybitBody<Record<string, string>>;
      const info = read('bybit', '/v5/market/instruments-info?category=linear&symbol=INJUSDT', now) as BybitBody<{
        fundingInterval: number;
      }>;
      const row = sure(ticker.result.list[0]);
      expect(row['fundingIntervalHour']).toBe(String(hours));
      expect(sure(info.result.list[0]).fundingInterval).toBe(hours * 60);
      expect(Number(row['nextFundingTime']) - now).toBeLessThanOrEqual(hours * HOUR);
      seen.add(hours);
    }
    expect(seen).toEqual(new Set([1, 8]));
  });

  it('pages its instruments by cursor and keeps the closed ones apart', () => {
    const symbols: string[] = [];
    for (let cursor = ''; ;) {
      const page = read('bybit', `/v5/market/instruments-info?category=linear&limit=20&cursor=${cursor}`) as BybitBody<{ symbol: string }>;
      symbols.push(...page.result.list.map((row) => row.symbol));
      cursor = page.result.nextPageCursor ?? '';
      if (cursor === '') break;
    }
    expect(new Set(symbols).size).toBe(symbols.length);
    const tickers = read('bybit', '/v5/market/tickers?category=linear') as BybitBody<{ symbol: string }>;
    expect(tickers.result.list.map((row) => row.symbol).sort()).toEqual(symbols.sort());
    const closed = read('bybit', '/v5/market/instruments-info?category=linear&status=Closed') as BybitBody<{ symbol: string }>;
    expect(closed.result.list.length).toBeGreaterThan(0);
    expect(closed.result.list.some((row) => symbols.includes(row.symbol))).toBe(false);
  });
});

describe('Hyperliquid', () => {
  const history = (startTime: number, coin = 'kPEPE') =>
    read('hyperliquid', { type: 'fundingHistory', coin, startTime }) as HyperliquidRate[];

  it('gives the first 500 rows from a start on, ascending', () => {
    const rows = history(NOW - 60 * DAY);
    expect(rows).toHaveLength(500);
    expect(ascending(rows.map((row) => row.time))).toBe(true);
    expect(history(sure(rows[100]).time)[0]).toEqual(rows[100]);
    expect(history(sure(rows[100]).time + 1)[0]).toEqual(rows[101]);
  });

  it('gives a premium from which the rate follows', () => {
    for (const row of history(NOW - 20 * DAY, 'AIXBT')) {
      const premium = Number(row.premium);
      const rate = (premium + Math.min(0.0005, Math.max(-0.0005, 0.0001 - premium))) / 8;
      expect(Math.abs(rate - Number(row.fundingRate))).toBeLessThan(1e-9);
    }
  });

  it('keeps delisted coins in its universe, in place, without funding', () => {
    const [meta, contexts] = read('hyperliquid', { type: 'metaAndAssetCtxs' }) as [
      { universe: { name: string; isDelisted?: boolean }[] },
      { premium: string | null; openInterest: string }[],
    ];
    expect(contexts).toHaveLength(meta.universe.length);
    const delisted = meta.universe.flatMap((coin, i) => (coin.isDelisted ? [sure(contexts[i])] : []));
    expect(delisted.length).toBeGreaterThan(0);
    expect(delisted.every((context) => context.premium === null && context.openInterest === '0.0')).toBe(true);
  });

  it.each([
    [{ type: 'fundingHistory', coin: 'NOPE', startTime: 1 }, 500],
    [{ type: 'fundingHistory', coin: 'BTC' }, 422],
    [{ type: 'candleSnapshot', req: { coin: 'BTC', interval: '7h', startTime: 1 } }, 422],
    [{ type: 'everything' }, 422],
    [[], 422],
  ])('answers %j with %i', (body, status) => {
    expect(ask('hyperliquid', body).status).toBe(status);
  });

  it('gives hourly candles in whole', () => {
    const req = { coin: 'BTC', interval: '1h', startTime: NOW - 90 * DAY, endTime: NOW };
    const rows = read('hyperliquid', { type: 'candleSnapshot', req }) as { t: number; T: number; c: string }[];
    expect(rows).toHaveLength(90 * 24);
    expect(
      rows.every((row, i) => row.T === row.t + HOUR - 1 && (i === 0 || row.t === sure(rows[i - 1]).t + HOUR) && Number(row.c) > 0),
    ).toBe(true);
  });
});

describe('every venue', () => {
  it('answers the same after a restart', () => {
    const again = createAsker(1);
    expect(again.ask('hyperliquid', { type: 'metaAndAssetCtxs' }).body).toBe(ask('hyperliquid', { type: 'metaAndAssetCtxs' }).body);
    for (const [venue, path] of [
      ['binance', '/fapi/v1/premiumIndex'],
      ['binance', '/fapi/v1/fundingRate?symbol=IOUSDT&limit=500'],
      ['bybit', '/v5/market/tickers?category=linear'],
    ] as const) {
      again.ask(venue, path, NOW + 12 * DAY);
      expect(again.ask(venue, path).body).toBe(ask(venue, path).body);
    }
  });
});
