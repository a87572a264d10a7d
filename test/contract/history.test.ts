import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Span } from '#domain/time.ts';
import { mergeSpans, newestGap } from '#core/spans.ts';
import type { SettledPage, SettledRow, Venue } from '#core/venue.ts';
import { serveAsterHistory } from '#node/venues/aster/fake.ts';
import { createAster } from '#node/venues/aster/perpetuals.ts';
import { serveBackpackHistory } from '#node/venues/backpack/fake.ts';
import { createBackpack } from '#node/venues/backpack/perpetuals.ts';
import { createBinanceCoinM } from '#node/venues/binance/coin-m.ts';
import { createBinance } from '#node/venues/binance/usd-m.ts';
import { serveBingxHistory } from '#node/venues/bingx/fake.ts';
import { createBingx } from '#node/venues/bingx/perpetuals.ts';
import { createBitget } from '#node/venues/bitget/futures.ts';
import { createBitmex } from '#node/venues/bitmex/perpetuals.ts';
import { createBybitInverse } from '#node/venues/bybit/inverse.ts';
import { createBybit } from '#node/venues/bybit/linear.ts';
import { serveCoinexHistory } from '#node/venues/coinex/fake.ts';
import { createCoinex } from '#node/venues/coinex/perpetuals.ts';
import { serveDeribitHistory } from '#node/venues/deribit/fake.ts';
import { serveDydxHistory } from '#node/venues/dydx/fake.ts';
import { createDeribit } from '#node/venues/deribit/perpetuals.ts';
import { createDydx } from '#node/venues/dydx/perpetuals.ts';
import { createGate } from '#node/venues/gate/perpetuals.ts';
import { createBuilders } from '#node/venues/hyperliquid/builders.ts';
import { createHyperliquid } from '#node/venues/hyperliquid/perpetuals.ts';
import { createKraken } from '#node/venues/kraken/perpetuals.ts';
import { createKucoin } from '#node/venues/kucoin/perpetuals.ts';
import { createMexc } from '#node/venues/mexc/perpetuals.ts';
import { createOkx } from '#node/venues/okx/swaps.ts';
import { serveWooHistory } from '#node/venues/woo/fake.ts';
import { createWoo } from '#node/venues/woo/perpetuals.ts';
import { at } from '#test/support/at.ts';
import { hasRecordings, settlements } from '#test/support/bodies.ts';
import { type Distortion, doubled, reversed } from '#test/support/distort.ts';
import { type FakeExchange, startFakeExchange } from '#test/support/fake-exchange.ts';
import { serveBinanceHistory, serveCoinMHistory } from '#node/venues/binance/fake.ts';
import { serveBitgetHistory } from '#node/venues/bitget/fake.ts';
import { serveBitmexHistory } from '#node/venues/bitmex/fake.ts';
import { serveBybitHistory } from '#node/venues/bybit/fake.ts';
import { type FakeHistory, fakePrice } from '#node/venues/common/fake.ts';
import { serveGateHistory } from '#node/venues/gate/fake.ts';
import { serveHyperliquidHistory } from '#node/venues/hyperliquid/fake.ts';
import { serveKrakenHistory } from '#node/venues/kraken/fake.ts';
import { serveKucoinHistory } from '#node/venues/kucoin/fake.ts';
import { serveMexcHistory } from '#node/venues/mexc/fake.ts';
import { serveOkxHistory } from '#node/venues/okx/fake.ts';
import { ioOf } from '#test/support/venue-io.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

let exchange: FakeExchange;
beforeEach(async () => void (exchange = await startFakeExchange()));
afterEach(() => exchange.close());

interface Case {
  readonly venue: () => Venue;
  readonly serve: (exchange: FakeExchange, history: FakeHistory, options?: { maxRows?: number; now?: number }) => void;
  readonly maxRows: number;
  /** Where settlements are asked for. */
  readonly path: string;
  readonly newestFirst: boolean;
  /** One answer has them all, so that there is no second one to go wrong. */
  readonly isWhole?: true;
  /** Its answer of these settlements, oldest first. */
  readonly answer: (rows: readonly { readonly stamp: number; readonly rate: string }[]) => object;
}

const cases = {
  binance: {
    venue: createBinance,
    serve: serveBinanceHistory,
    maxRows: 1000,
    path: '/fapi/v1/fundingRate',
    newestFirst: false,
    answer: (rows) => rows.map(({ stamp, rate }) => ({ symbol: 'X', fundingRate: rate, fundingTime: stamp })),
  },
  'binance-coin-m': {
    venue: createBinanceCoinM,
    serve: serveCoinMHistory,
    maxRows: 1000,
    path: '/dapi/v1/fundingRate',
    newestFirst: false,
    answer: (rows) => rows.map(({ stamp, rate }) => ({ symbol: 'X', fundingRate: rate, fundingTime: stamp })),
  },
  bybit: {
    venue: createBybit,
    serve: serveBybitHistory,
    maxRows: 200,
    path: '/v5/market/funding/history',
    newestFirst: true,
    answer: (rows) => ({
      retCode: 0,
      result: { list: rows.toReversed().map(({ stamp, rate }) => ({ symbol: 'X', fundingRate: rate, fundingRateTimestamp: stamp })) },
    }),
  },
  'bybit-inverse': {
    venue: createBybitInverse,
    serve: serveBybitHistory,
    maxRows: 200,
    path: '/v5/market/funding/history',
    newestFirst: true,
    answer: (rows) => ({
      retCode: 0,
      result: { list: rows.toReversed().map(({ stamp, rate }) => ({ symbol: 'X', fundingRate: rate, fundingRateTimestamp: stamp })) },
    }),
  },
  hyperliquid: {
    venue: createHyperliquid,
    serve: serveHyperliquidHistory,
    maxRows: 500,
    path: '/info',
    newestFirst: false,
    answer: (rows) => rows.map(({ stamp, rate }) => ({ coin: 'X', fundingRate: rate, time: stamp })),
  },
  'hyperliquid-hip3': {
    venue: createBuilders,
    serve: serveHyperliquidHistory,
    maxRows: 500,
    path: '/info',
    newestFirst: false,
    answer: (rows) => rows.map(({ stamp, rate }) => ({ coin: 'X', fundingRate: rate, time: stamp })),
  },
  okx: {
    venue: createOkx,
    serve: serveOkxHistory,
    maxRows: 400,
    path: '/api/v5/public/funding-rate-history',
    newestFirst: true,
    answer: (rows) => ({
      code: '0',
      msg: '',
      data: rows.toReversed().map(({ stamp, rate }) => ({ instId: 'X', realizedRate: rate, fundingTime: String(stamp) })),
    }),
  },
  kucoin: {
    venue: createKucoin,
    serve: serveKucoinHistory,
    maxRows: 100,
    path: '/api/v1/contract/funding-rates',
    newestFirst: true,
    answer: (rows) => ({
      code: '200000',
      data: rows.toReversed().map(({ stamp, rate }) => ({ symbol: 'X', fundingRate: Number(rate), timepoint: stamp })),
    }),
  },
  bitget: {
    venue: createBitget,
    serve: serveBitgetHistory,
    maxRows: 100,
    path: '/api/v2/mix/market/history-fund-rate',
    newestFirst: true,
    answer: (rows) => ({
      code: '00000',
      msg: 'success',
      data: rows.toReversed().map(({ stamp, rate }) => ({ symbol: 'X', fundingRate: rate, fundingTime: String(stamp) })),
    }),
  },
  gate: {
    venue: createGate,
    serve: serveGateHistory,
    maxRows: 1000,
    path: '/api/v4/futures/usdt/funding_rate',
    newestFirst: true,
    answer: (rows) => rows.toReversed().map(({ stamp, rate }) => ({ r: rate, t: stamp / 1_000 })),
  },
  mexc: {
    venue: createMexc,
    serve: serveMexcHistory,
    maxRows: 1000,
    path: '/api/v1/contract/funding_rate/history',
    newestFirst: true,
    answer: (rows) => ({
      success: true,
      code: 0,
      data: { resultList: rows.toReversed().map(({ stamp, rate }) => ({ symbol: 'X', fundingRate: Number(rate), settleTime: stamp })) },
    }),
  },
  aster: {
    venue: createAster,
    serve: serveAsterHistory,
    maxRows: 1000,
    path: '/fapi/v3/fundingRate',
    newestFirst: false,
    answer: (rows) => rows.map(({ stamp, rate }) => ({ symbol: 'X', fundingRate: rate, fundingTime: stamp })),
  },
  kraken: {
    venue: createKraken,
    serve: serveKrakenHistory,
    maxRows: 2000,
    path: '/derivatives/api/v4/historicalfundingrates',
    newestFirst: false,
    isWhole: true,
    answer: () => ({}),
  },
  bingx: {
    venue: createBingx,
    serve: serveBingxHistory,
    maxRows: 1000,
    path: '/openApi/swap/v2/quote/fundingRate',
    newestFirst: false,
    answer: (rows) => ({
      code: 0,
      msg: '',
      data: rows.toReversed().map(({ stamp, rate }) => ({ symbol: 'X', fundingRate: rate, fundingTime: stamp })),
    }),
  },
  coinex: {
    venue: createCoinex,
    serve: serveCoinexHistory,
    maxRows: 100,
    path: '/v2/futures/funding-rate-history',
    newestFirst: true,
    answer: (rows) => ({
      code: 0,
      message: 'OK',
      data: rows.toReversed().map(({ stamp, rate }) => ({ market: 'X', actual_funding_rate: rate, funding_time: stamp })),
    }),
  },
  woo: {
    venue: createWoo,
    serve: serveWooHistory,
    maxRows: 100,
    path: '/v3/public/fundingRateHistory',
    newestFirst: true,
    answer: (rows) => ({
      success: true,
      data: {
        rows: rows.toReversed().map(({ stamp, rate }) => ({ symbol: 'X', fundingRate: rate, fundingRateTimestamp: stamp, markPrice: '1' })),
      },
    }),
  },
  backpack: {
    venue: createBackpack,
    serve: serveBackpackHistory,
    maxRows: 1000,
    path: '/api/v1/fundingRates',
    newestFirst: true,
    answer: (rows) =>
      rows
        .toReversed()
        .map(({ stamp, rate }) => ({ symbol: 'X', fundingRate: rate, intervalEndTimestamp: new Date(stamp).toISOString().slice(0, -1) })),
  },
  dydx: {
    venue: createDydx,
    serve: serveDydxHistory,
    maxRows: 1000,
    path: '/v4/historicalFunding/X',
    newestFirst: true,
    answer: (rows) => ({
      historicalFunding: rows
        .toReversed()
        .map(({ stamp, rate }) => ({ ticker: 'X', rate, price: '1', effectiveAt: new Date(stamp).toISOString() })),
    }),
  },
  bitmex: {
    venue: createBitmex,
    serve: serveBitmexHistory,
    maxRows: 500,
    path: '/api/v1/funding',
    newestFirst: false,
    answer: (rows) => rows.map(({ stamp, rate }) => ({ timestamp: new Date(stamp).toISOString(), symbol: 'X', fundingRate: Number(rate) })),
  },
  deribit: {
    venue: createDeribit,
    serve: serveDeribitHistory,
    maxRows: 700,
    path: '/api/v2/public/get_funding_rate_history',
    newestFirst: true,
    answer: (rows) => ({
      jsonrpc: '2.0',
      result: rows.map(({ stamp, rate }) => ({ timestamp: stamp, index_price: 1, interest_1h: Number(rate) })),
    }),
  },
} satisfies Record<string, Case>;

/** Kinds of hourly prices that a venue serves, where they are not mark and index. */
const KINDS: Readonly<Record<string, readonly string[]>> = {
  hyperliquid: ['last'],
  'hyperliquid-hip3': ['last'],
  dydx: ['last'],
  bitmex: ['last'],
  deribit: ['index'],
  kucoin: ['index'],
  bingx: ['mark'],
  woo: ['last'],
};

/** The newest hours of prices that a venue serves, where it does not serve them all. */
const KEPT_HOURS: Readonly<Record<string, number>> = { coinex: 999 };

/** Rows every `hours`, stamps up to 60 ms late as real ones are. */
const history = (from: number, hours: number, count: number) =>
  Array.from({ length: count }, (_, n) => ({ stamp: from + n * hours * HOUR + ((n * 37) % 60), rate: ((n % 9) / 1e5).toFixed(8) }));

/** Answers of the routes that are set through it are distorted, those in JSON. */
const spoiling =
  (exchange: FakeExchange, distort: Distortion): FakeExchange['route'] =>
  (method, path, answer) => {
    exchange.route(method, path, (request) => {
      const given = answer(request);
      const told = typeof given === 'string' ? (JSON.parse(given) as unknown) : given;
      return JSON.stringify(distort(told));
    });
  };

async function collect(pages: AsyncIterable<SettledPage>, most = Infinity): Promise<SettledPage[]> {
  const all: SettledPage[] = [];
  for await (const page of pages) if (all.push(page) >= most) break;
  return all;
}

const rowsOf = (pages: readonly SettledPage[]): SettledRow[] => pages.flatMap(({ rows }) => rows).sort((a, b) => a.stamp - b.stamp);
const provenOf = (pages: readonly SettledPage[]): Span[] => mergeSpans(pages.flatMap(({ proven }) => (proven === null ? [] : [proven])));
const stampsOf = (rows: readonly { stamp: number }[]): number[] => rows.map(({ stamp }) => stamp);

describe.skipIf(!hasRecordings)('recorded years, paged as the venue documents', () => {
  test.each<[keyof typeof cases, string]>([
    ['binance', 'funding-1y/binance/BTCUSDT.csv'],
    ['binance', 'funding-1y/binance/TONUSDT.csv'],
    ['binance', 'funding-2020-2023/binance-BTC-USDT.csv'],
    ['bybit', 'funding-1y/bybit/INJUSDT.csv'],
    ['bybit', 'funding-1y/bybit/INJPERP.csv'],
    ['bybit', 'funding-1y/bybit/TONUSDT.csv'],
    ['bybit', 'funding-2020-2023/bybit-BTC-USDT.csv'],
    ['hyperliquid', 'funding-1y/hyperliquid/BTC.csv'],
    ['gate', 'funding-2020-2023/gate-BTC-USDT.csv'],
    ['mexc', 'funding-2020-2023/mexc-BTC-USDT.csv'],
  ])('%s %s: nothing lost, nothing twice, all proven', async (id, path) => {
    const { venue: create, serve, maxRows } = cases[id];
    const recorded = settlements(path);
    serve(exchange, { X: recorded });
    const [first, last] = [at(recorded, 0).stamp, at(recorded, -1).stamp];
    const [from, to] = [first - 1, last + 2 * HOUR];
    const venue = create();
    const pages = await collect(
      venue.settled(
        ioOf(venue, exchange.url, () => to + DAY),
        'X',
        from,
        to,
      ),
    );
    const rows = rowsOf(pages);
    expect(stampsOf(rows)).toEqual(stampsOf(recorded));
    expect(rows.map(({ rate }) => rate)).toEqual(recorded.map(({ rate }) => Number(rate)));
    expect(provenOf(pages)).toEqual([{ from, to }]);
    const full = Math.ceil(recorded.length / maxRows);
    expect(exchange.requests.length).toBeLessThanOrEqual(full + 1);
  });
});

describe.each(Object.entries<Case>(cases))('%s', (id, { venue: create, serve, maxRows, path, newestFirst, isWhole, answer }) => {
  const start = Date.UTC(2026, 0, 1);
  const hourly = history(start, 1, 2 * maxRows + 7);
  const end = at(hourly, -1).stamp;

  test('a window in the middle: only rows in (from, to]', async () => {
    serve(exchange, { X: hourly });
    const [from, to] = [at(hourly, 10).stamp, at(hourly, maxRows + 50).stamp];
    const venue = create();
    const pages = await collect(
      venue.settled(
        ioOf(venue, exchange.url, () => end),
        'X',
        from,
        to,
      ),
    );
    expect(stampsOf(rowsOf(pages))).toEqual(stampsOf(hourly.slice(11, maxRows + 51)));
    expect(provenOf(pages)).toEqual([{ from, to }]);
  });

  test('killed after any page, what is proven is complete and the rest resumes', async () => {
    serve(exchange, { X: hourly });
    const [from, to] = [start - 1, end + 10 * 60_000];
    const venue = create();
    const io = ioOf(venue, exchange.url, () => to + HOUR);
    for (const killAfter of [1, 2]) {
      const before = await collect(venue.settled(io, 'X', from, to), killAfter);
      const proven = provenOf(before);
      const inProven = hourly.filter(({ stamp }) => proven.some((span) => stamp > span.from && stamp <= span.to));
      expect(stampsOf(rowsOf(before))).toEqual(expect.arrayContaining(stampsOf(inProven)));
      const gap = newestGap(proven, from, to) ?? { from, to };
      const after = await collect(venue.settled(io, 'X', gap.from, gap.to));
      const stamps = new Set(stampsOf(rowsOf([...before, ...after])));
      expect(stamps).toEqual(new Set(stampsOf(hourly)));
      expect(provenOf([...before, ...after])).toEqual([{ from, to }]);
    }
  });

  test('a venue that gives fewer rows than it documents loses nothing', async () => {
    serve(exchange, { X: hourly }, { maxRows: 50 });
    const venue = create();
    const pages = await collect(
      venue.settled(
        ioOf(venue, exchange.url, () => end + DAY),
        'X',
        start - 1,
        end,
      ),
    );
    expect(stampsOf(rowsOf(pages))).toEqual(stampsOf(hourly));
  });

  test.each([
    ['twice', doubled],
    ['in the other order', reversed],
  ])('rows that come %s: none is lost', async (_, distort) => {
    const spoilt = { ...exchange, route: spoiling(exchange, distort) };
    serve(spoilt, { X: hourly });
    const venue = create();
    const io = ioOf(venue, exchange.url, () => end + DAY);
    const got: SettledRow[] = [];
    // Read as the collector does: what one walk leaves open, the next one asks for.
    let proven: Span[] = [];
    for (let walks = 0; walks < 8; walks++) {
      const gap = newestGap(proven, start - 1, end);
      if (gap === null) break;
      const pages = await collect(venue.settled(io, 'X', gap.from, gap.to));
      got.push(...rowsOf(pages));
      proven = mergeSpans([...proven, ...provenOf(pages)]);
    }
    expect([...new Set(stampsOf(got))].toSorted((a, b) => a - b)).toEqual(stampsOf(hourly));
  });

  test('the last minutes are not proven before a row of that time came', async () => {
    serve(exchange, { X: hourly });
    const venue = create();
    const due = end - (end % HOUR) + HOUR;
    const from = at(hourly, -3).stamp;
    const ask = async (now: number) =>
      provenOf(
        await collect(
          venue.settled(
            ioOf(venue, exchange.url, () => now),
            'X',
            from,
            now,
          ),
        ),
      );
    expect(await ask(due + 60_000)).toEqual([{ from, to: due - 240_000 }]);
    serve(exchange, { X: [...hourly, { stamp: due + 3, rate: '0.0001' }] });
    expect(await ask(due + 60_000)).toEqual([{ from, to: due + 3 }]);
    expect(await ask(due + HOUR / 2)).toEqual([{ from, to: due + HOUR / 2 - 300_000 }]);
  });

  test('nothing proves nothing, and nothing is proven after a row older than its interval and an hour', async () => {
    const rows = history(start, 8, 10);
    const last = at(rows, -1).stamp;
    serve(exchange, { X: rows });
    const venue = create();
    const proven = async (from: number, now: number, symbol = 'X') =>
      provenOf(
        await collect(
          venue.settled(
            ioOf(venue, exchange.url, () => now),
            symbol,
            from,
            now,
          ),
        ),
      );
    expect(await proven(start, start + 60 * DAY, 'GONE')).toEqual([]);
    expect(await proven(last, last + HOUR)).toEqual([]);
    expect(await proven(start - 1, start + 60 * DAY)).toEqual([{ from: start - 1, to: last }]);
    expect(await proven(start - 1, last + 9 * HOUR)).toEqual([{ from: start - 1, to: last + 9 * HOUR - 300_000 }]);
    expect(await proven(start - 1, last + 9 * HOUR + 60_000)).toEqual([{ from: start - 1, to: last }]);
  });

  test.skipIf(isWhole === true)('a server that ignores what is asked proves nothing more, and the walk ends', async () => {
    const rows = history(start, 1, maxRows);
    serve(exchange, { X: rows });
    const venue = create();
    const io = ioOf(venue, exchange.url, () => end);
    const range = newestFirst ? [start - 30 * DAY, at(rows, -1).stamp] : [start - 1, end + 30 * DAY];
    const pages = venue.settled(io, 'X', at(range, 0), at(range, 1))[Symbol.asyncIterator]();
    const page = (await pages.next()).value as SettledPage;
    expect(page.rows).toHaveLength(maxRows);
    exchange.fail({ kind: 'garbage', body: JSON.stringify(answer(rows)) }, { path });
    expect((await pages.next()).value).toMatchObject({ proven: null });
    expect((await pages.next()).done).toBe(true);
  });

  test('oldest: the first stamp, or null where there is none', async () => {
    const venue = create();
    const io = ioOf(venue, exchange.url, () => end + 10 * DAY);
    const late = history(start + 190 * DAY, 8, 300);
    serve(exchange, { X: hourly, LATE: late });
    const longAfter = ioOf(venue, exchange.url, () => start + 400 * DAY);
    expect(await venue.oldest(longAfter, 'X')).toBe(at(hourly, 0).stamp);
    expect(await venue.oldest(longAfter, 'LATE')).toBe(at(late, 0).stamp);
    expect(await venue.oldest(io, 'NONE')).toBeNull();
  });

  test('hourly prices: whole hours of (from, to], kinds apart, the hour in progress left out', async () => {
    const from = start + 30 * 60_000;
    const now = start + 1500 * HOUR + 20 * 60_000;
    serve(exchange, {}, { now });
    const venue = create();
    const pages = [];
    for await (const page of venue.prices(
      ioOf(venue, exchange.url, () => now),
      'X',
      from,
      now,
    ))
      pages.push(page);
    const rows = pages.flatMap((page) => page.rows);
    const kinds = KINDS[id] ?? ['mark', 'index'];
    const price = (kind: 'mark' | 'index' | 'last', close: number) => (kinds.includes(kind) ? fakePrice(kind, close) : null);
    expect(rows).toEqual(
      Array.from({ length: 1500 }, (_, n) => start + (n + 1) * HOUR)
        .slice(-(KEPT_HOURS[id] ?? Infinity))
        .map((close) => ({
          close,
          mark: price('mark', close),
          index: price('index', close),
          last: price('last', close),
        })),
    );
    expect(mergeSpans(pages.flatMap(({ proven }) => (proven === null ? [] : [proven])))).toEqual([{ from, to: now - 5 * 60_000 }]);
  });
});

describe('what is asked', () => {
  const start = Date.UTC(2026, 0, 1);
  const rows = history(start, 1, 600);
  const last = at(rows, -1).stamp;

  test('Binance: forward from the row after the last, a thousand at a time', async () => {
    serveBinanceHistory(exchange, { X: history(start, 1, 1500) });
    const venue = createBinance();
    const to = start + 1500 * HOUR;
    await collect(
      venue.settled(
        ioOf(venue, exchange.url, () => to),
        'X',
        start - 1,
        to,
      ),
    );
    const asked = exchange.requests.map(({ query }) => Object.fromEntries(query));
    const after = at(history(start, 1, 1000), -1).stamp + 1;
    expect(asked).toEqual([
      { symbol: 'X', startTime: String(start), endTime: String(to), limit: '1000' },
      { symbol: 'X', startTime: String(after), endTime: String(to), limit: '1000' },
    ]);
  });

  test('Bybit: backward by endTime, never startTime alone', async () => {
    serveBybitHistory(exchange, { X: rows });
    const venue = createBybit();
    await collect(
      venue.settled(
        ioOf(venue, exchange.url, () => last),
        'X',
        start - 1,
        last,
      ),
    );
    const ends = [last, at(rows, 400).stamp - 1, at(rows, 200).stamp - 1];
    expect(exchange.requests.slice(0, 3).map(({ query }) => Object.fromEntries(query))).toEqual(
      ends.map((end) => ({ category: 'linear', symbol: 'X', startTime: String(start), endTime: String(end), limit: '200' })),
    );
  });

  test('Bybit: a launch time makes the search for the first settlement one question', async () => {
    serveBybitHistory(exchange, { BTCUSDT: rows });
    const listed = { symbol: 'BTCUSDT', baseCoin: 'BTC', quoteCoin: 'USDT', launchTime: String(start - HOUR), fundingInterval: 60 };
    const bybit = (list: object[]) => ({ retCode: 0, result: { list, nextPageCursor: '' }, time: last });
    exchange.route('GET', '/v5/market/instruments-info', () => bybit([listed]));
    exchange.route('GET', '/v5/market/tickers', () => bybit([{ symbol: 'BTCUSDT', fundingRate: '0.0001', nextFundingTime: last + HOUR }]));
    const venue = createBybit();
    const io = ioOf(venue, exchange.url, () => last);
    await venue.poll(io);
    expect(await venue.oldest(io, 'BTCUSDT')).toBe(start);
    expect(exchange.count('/v5/market/funding/history')).toBe(1);
  });

  test('Hyperliquid: forward, and its candles only as far back as it keeps them', async () => {
    const now = start + 600 * HOUR;
    serveHyperliquidHistory(exchange, { X: rows }, { now });
    const venue = createHyperliquid();
    const io = ioOf(venue, exchange.url, () => now);
    await collect(venue.settled(io, 'X', start - 1, now));
    expect(exchange.requests.map(({ body }) => body)).toEqual([
      { type: 'fundingHistory', coin: 'X', startTime: start, endTime: now },
      { type: 'fundingHistory', coin: 'X', startTime: at(rows, 499).stamp + 1, endTime: now },
    ]);
    const pages = [];
    const long = now - 9000 * HOUR;
    for await (const page of venue.prices(io, 'X', long, now)) pages.push(page);
    expect(pages.flatMap((page) => page.rows)).toHaveLength(5000);
    expect(pages[0]?.proven?.from).toBe(long);
    const older = [];
    for await (const page of venue.prices(io, 'X', long, now - 6000 * HOUR)) older.push(page);
    expect(older).toEqual([{ rows: [], proven: { from: long, to: now - 6000 * HOUR } }]);
  });

  test('a symbol is one parameter, whatever its letters', async () => {
    serveBinanceHistory(exchange, { '币安&limit=1USDT': rows.slice(0, 3) });
    const venue = createBinance();
    const pages = await collect(
      venue.settled(
        ioOf(venue, exchange.url, () => last),
        '币安&limit=1USDT',
        start - 1,
        start + 3 * HOUR,
      ),
    );
    expect(rowsOf(pages)).toHaveLength(3);
  });
});
