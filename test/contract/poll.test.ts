import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Venue } from '#core/venue.ts';
import { createVenues } from '#node/venues/index.ts';
import { createAster } from '#node/venues/aster/perpetuals.ts';
import { createBackpack } from '#node/venues/backpack/perpetuals.ts';
import { createBingx } from '#node/venues/bingx/perpetuals.ts';
import { createBinanceCoinM } from '#node/venues/binance/coin-m.ts';
import { createBinance } from '#node/venues/binance/usd-m.ts';
import { createBitget } from '#node/venues/bitget/futures.ts';
import { createBitmex } from '#node/venues/bitmex/perpetuals.ts';
import { createBybitInverse } from '#node/venues/bybit/inverse.ts';
import { createBybit } from '#node/venues/bybit/linear.ts';
import { createCoinex } from '#node/venues/coinex/perpetuals.ts';
import { createDeribit } from '#node/venues/deribit/perpetuals.ts';
import { createDydx } from '#node/venues/dydx/perpetuals.ts';
import { createGate } from '#node/venues/gate/perpetuals.ts';
import { createBuilders } from '#node/venues/hyperliquid/builders.ts';
import { createHyperliquid } from '#node/venues/hyperliquid/perpetuals.ts';
import { createKraken } from '#node/venues/kraken/perpetuals.ts';
import { createKucoin } from '#node/venues/kucoin/perpetuals.ts';
import { createLighter } from '#node/venues/lighter/perpetuals.ts';
import { createMexc } from '#node/venues/mexc/perpetuals.ts';
import { createOkx } from '#node/venues/okx/swaps.ts';
import { createParadex } from '#node/venues/paradex/perpetuals.ts';
import { createWoo } from '#node/venues/woo/perpetuals.ts';
import { body } from '#test/support/bodies.ts';
import { type Fault, type FakeExchange, startFakeExchange } from '#test/support/fake-exchange.ts';
import { serveHyperliquidHistory } from '#node/venues/hyperliquid/fake.ts';
import { ioOf } from '#test/support/venue-io.ts';

const MINUTE = 60_000;
const NOW = 1_794_770_400_500;

let exchange: FakeExchange;
beforeEach(async () => void (exchange = await startFakeExchange({ prefix: '/relay/venue' })));
afterEach(() => exchange.close());

function serveBinance(secondary = true): void {
  exchange.route('GET', '/fapi/v1/premiumIndex', () => body('binance/premiumIndex.json'));
  if (!secondary) return;
  exchange.route('GET', '/fapi/v1/exchangeInfo', () => body('binance/exchangeInfo.json'));
  exchange.route('GET', '/fapi/v1/fundingInfo', () => body('binance/fundingInfo.json'));
  exchange.route('GET', '/fapi/v1/ticker/24hr', () => body('binance/ticker.json'));
}

function serveBinanceCoinM(): void {
  for (const list of ['premiumIndex', 'exchangeInfo', 'fundingInfo'])
    exchange.route('GET', `/dapi/v1/${list}`, () => body(`binance-coin-m/${list}.json`));
  exchange.route('GET', '/dapi/v1/ticker/24hr', () => body('binance-coin-m/ticker.json'));
}

function serveBybit(secondary = true): void {
  exchange.route('GET', '/v5/market/tickers', () => body('bybit/tickers.json'));
  if (!secondary) return;
  exchange.route('GET', '/v5/market/instruments-info', ({ query }) => {
    const cursor = query.get('cursor');
    if (cursor === null) return body('bybit/instruments-1.json');
    return cursor === 'first%3DINJPERP%26last%3DINJUSDT'
      ? body('bybit/instruments-2.json')
      : { retCode: 10001, retMsg: 'bad cursor', result: {} };
  });
}

function serveBybitInverse(): void {
  exchange.route('GET', '/v5/market/tickers', () =>
    body('bybit/tickers.json')
      .replace('"linear"', '"inverse"')
      .replaceAll(/USDT|PERP/gu, 'USD'),
  );
}

function serveBuilders(): void {
  exchange.route('POST', '/info', ({ body: asked }) => {
    const { type } = asked as { type: string };
    return body(`hyperliquid/${type === 'metaAndAssetCtxs' ? 'dex-xyz' : type}.json`);
  });
}

function serveOkx(): void {
  for (const [path, name] of [
    ['public/funding-rate', 'funding-rate'],
    ['public/instruments', 'instruments'],
    ['public/mark-price', 'mark-price'],
    ['public/open-interest', 'open-interest'],
    ['market/tickers', 'tickers'],
    ['market/index-tickers', 'index-tickers'],
  ] as const)
    exchange.route('GET', `/api/v5/${path}`, () => body(`okx/${name}.json`));
}

function serveKucoin(): void {
  exchange.route('GET', '/api/v1/contracts/active', () => body('kucoin/contracts-active.json'));
}

function serveBitget(): void {
  for (const list of ['contracts', 'tickers', 'current-fund-rate'])
    exchange.route('GET', `/api/v2/mix/market/${list}`, ({ query }) =>
      body(`bitget/${list}-${query.get('productType')?.split('-')[0]?.toLowerCase() ?? ''}.json`),
    );
  exchange.route('GET', '/api/v3/market/instruments', () => body('bitget/instruments.json'));
}

function serveGate(): void {
  for (const settle of ['usdt', 'btc'])
    for (const list of ['contracts', 'tickers'])
      exchange.route('GET', `/api/v4/futures/${settle}/${list}`, () => body(`gate/${list}-${settle}.json`));
}

function serveMexc(): void {
  for (const [path, name] of [
    ['ticker', 'ticker'],
    ['detail', 'detail'],
    ['funding_rate', 'funding-rate'],
  ] as const)
    exchange.route('GET', `/api/v1/contract/${path}`, () => body(`mexc/${name}.json`));
}

function serveAster(): void {
  exchange.route('GET', '/fapi/v3/premiumIndex', () => body('aster/premiumIndex.json'));
  exchange.route('GET', '/fapi/v3/exchangeInfo', () => body('aster/exchangeInfo.json'));
  exchange.route('GET', '/fapi/v3/fundingInfo', () => body('aster/fundingInfo.json'));
  exchange.route('GET', '/fapi/v3/ticker/24hr', () => body('aster/ticker.json'));
}

function serveDeribit(): void {
  exchange.route('GET', '/api/v2/public/get_instruments', () => body('deribit/instruments.json'));
  exchange.route('GET', '/api/v2/public/get_book_summary_by_currency', ({ query }) =>
    body(`deribit/summary-${(query.get('currency') ?? '').toLowerCase()}.json`),
  );
}

function serveLighter(): void {
  exchange.route('GET', '/api/v1/funding-rates', () => body('lighter/funding-rates.json'));
  exchange.route('GET', '/api/v1/orderBookDetails', () => body('lighter/details.json'));
}

function serveParadex(): void {
  exchange.route('GET', '/v1/markets', () => body('paradex/markets.json'));
  exchange.route('GET', '/v1/markets/summary', () => body('paradex/summary.json'));
}

function serveKraken(): void {
  for (const list of ['tickers', 'instruments']) exchange.route('GET', `/derivatives/api/v3/${list}`, () => body(`kraken/${list}.json`));
}

function serveBingx(): void {
  for (const list of ['premiumIndex', 'contracts', 'ticker'])
    exchange.route('GET', `/openApi/swap/v2/quote/${list}`, () => body(`bingx/${list}.json`));
}

function serveCoinex(): void {
  for (const list of ['funding-rate', 'market', 'ticker']) exchange.route('GET', `/v2/futures/${list}`, () => body(`coinex/${list}.json`));
}

function serveWoo(): void {
  for (const list of ['fundingRate', 'futures', 'instruments']) exchange.route('GET', `/v3/public/${list}`, () => body(`woo/${list}.json`));
}

function serveBackpack(): void {
  for (const list of ['markPrices', 'markets', 'openInterest', 'tickers'])
    exchange.route('GET', `/api/v1/${list}`, () => body(`backpack/${list}.json`));
}

const venues: [string, () => Venue, (secondary?: boolean) => void][] = [
  ['binance', createBinance, serveBinance],
  ['binance-coin-m', createBinanceCoinM, serveBinanceCoinM],
  ['bybit', createBybit, serveBybit],
  ['bybit-inverse', createBybitInverse, serveBybitInverse],
  ['hyperliquid', createHyperliquid, () => serveHyperliquidHistory(exchange, {}, { market: body('hyperliquid/metaAndAssetCtxs.json') })],
  ['hyperliquid-hip3', createBuilders, serveBuilders],
  ['okx', createOkx, serveOkx],
  ['kucoin', createKucoin, serveKucoin],
  ['bitget', createBitget, serveBitget],
  ['gate', createGate, serveGate],
  ['mexc', createMexc, serveMexc],
  ['aster', createAster, serveAster],
  ['kraken', createKraken, serveKraken],
  ['bingx', createBingx, serveBingx],
  ['coinex', createCoinex, serveCoinex],
  ['woo', createWoo, serveWoo],
  ['backpack', createBackpack, serveBackpack],
  ['dydx', createDydx, () => exchange.route('GET', '/v4/perpetualMarkets', () => body('dydx/perpetualMarkets.json'))],
  ['bitmex', createBitmex, () => exchange.route('GET', '/api/v1/instrument/active', () => body('bitmex/active.json'))],
  ['deribit', createDeribit, serveDeribit],
  ['paradex', createParadex, serveParadex],
  ['lighter', createLighter, serveLighter],
];

test('every venue has https, limits and an id of its own', () => {
  const all = createVenues();
  expect(all.map(({ id }) => id)).toEqual(expect.arrayContaining(['binance', 'bybit', 'hyperliquid', 'okx', 'bitget', 'gate', 'kucoin']));
  expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
  for (const { url, host } of all) {
    expect(new URL(url)).toMatchObject({ protocol: 'https:', pathname: '/' });
    for (const { max, perMs } of host.limits) expect(Math.min(max, perMs)).toBeGreaterThan(0);
  }
  expect(createVenues()[0]).not.toBe(all[0]);
});

describe.each(venues)('%s', (_, create, serve) => {
  test.each(['', '/', '//'])('polls through a base URL with a path prefix and %j after it', async (slashes) => {
    serve();
    const venue = create();
    const poll = await venue.poll(ioOf(venue, exchange.url + slashes, () => NOW));
    expect(poll.snapshots.length).toBeGreaterThan(3);
    expect(poll.instruments.map(({ symbol }) => symbol)).toEqual(poll.snapshots.map(({ symbol }) => symbol));
    expect(exchange.requests.filter(({ path }) => path.startsWith('outside'))).toEqual([]);
  });

  test.each<[Fault, string]>([
    [{ kind: 'html' }, 'malformed'],
    [{ kind: 'truncate' }, 'malformed'],
    [{ kind: 'garbage', body: '[]' }, '(malformed|empty)'],
    [{ kind: 'garbage', body: 'null' }, 'malformed'],
    [{ kind: 'garbage', body: '' }, 'empty'],
    [{ kind: 'reset' }, 'network'],
    [{ kind: 'cut' }, 'network'],
    [{ kind: 'status', status: 503, body: '{"code":-1001,"msg":"busy"}' }, 'server'],
    [{ kind: 'status', status: 429, headers: { 'retry-after': '7' } }, 'rate-limited'],
    [{ kind: 'status', status: 451 }, 'blocked'],
  ])('case %#: the poll fails with its kind, and the next one is good', async (fault, kind) => {
    serve();
    const venue = create();
    exchange.fail(fault);
    const failed = venue.poll(ioOf(venue, exchange.url, () => NOW));
    await expect(failed).rejects.toMatchObject({ name: 'VenueError', kind: expect.stringMatching(`^${kind}$`) as string });
    expect((await venue.poll(ioOf(venue, exchange.url, () => NOW))).snapshots.length).toBeGreaterThan(3);
  });
});

describe('lists beside the rates', () => {
  test('Binance: absent, the poll still gives what can be known, says so and does not ask at every poll', async () => {
    serveBinance(false);
    const venue = createBinance();
    let now = NOW;
    const io = ioOf(venue, exchange.url, () => now);
    const poll = await venue.poll(io);
    expect(poll.snapshots.find(({ symbol }) => symbol === 'INJUSDT')).toMatchObject({ rate: -0.001215, intervalH: null });
    const lists = ['exchangeInfo', 'fundingInfo', 'ticker/24hr'];
    expect(poll.notes).toEqual(lists.map((list) => expect.stringContaining(`${list} failed`) as unknown));
    now += MINUTE;
    // It is not asked again yet, and goes on to be told.
    expect((await venue.poll(io)).notes).toEqual(poll.notes);
    expect([exchange.count('/fapi/v1/exchangeInfo'), exchange.count('/fapi/v1/fundingInfo')]).toEqual([1, 1]);
    serveBinance();
    now += 5 * MINUTE;
    expect((await venue.poll(io)).snapshots.find(({ symbol }) => symbol === 'INJUSDT')?.intervalH).toBe(4);
  });

  test('Binance: volumes are of five minutes, and none where they could not be read lately; the rates go on', async () => {
    serveBinance();
    const venue = createBinance();
    // They are read again in the second half minute of each five.
    let now = Math.ceil(NOW / (5 * MINUTE)) * 5 * MINUTE + 40_000;
    const io = ioOf(venue, exchange.url, () => now);
    const volume = async () => (await venue.poll(io)).snapshots.find(({ symbol }) => symbol === 'BTCUSDT')?.volume24h;
    expect(await volume()).toBe(15_300_000_000);
    now += 4 * MINUTE;
    expect(await volume()).toBe(15_300_000_000);
    expect(exchange.count('/fapi/v1/ticker/24hr')).toBe(1);
    now += 50_000;
    expect(await volume()).toBe(15_300_000_000);
    expect(exchange.count('/fapi/v1/ticker/24hr')).toBe(2);
    exchange.fail({ kind: 'status', status: 500 }, { path: '/fapi/v1/ticker/24hr', times: Infinity });
    now += 5 * MINUTE;
    expect(await volume()).toBeNull();
    expect((await venue.poll(io)).notes).toEqual([expect.stringContaining('ticker/24hr failed')]);
  });

  test('Binance: read once they are kept, through a failure too, and read again in time', async () => {
    serveBinance();
    const venue = createBinance();
    let now = NOW;
    const io = ioOf(venue, exchange.url, () => now);
    await venue.poll(io);
    exchange.fail({ kind: 'status', status: 404 }, { path: '/fapi/v1/fundingInfo', times: Infinity });
    now += 5 * MINUTE;
    const poll = await venue.poll(io);
    expect(poll.snapshots.find(({ symbol }) => symbol === 'INJUSDT')?.intervalH).toBe(4);
    expect(poll.notes).toEqual([expect.stringContaining('going on with the one from before')]);
    expect([exchange.count('/fapi/v1/exchangeInfo'), exchange.count('/fapi/v1/fundingInfo')]).toEqual([1, 2]);
    now += 60 * MINUTE;
    await venue.poll(io);
    expect(exchange.count('/fapi/v1/exchangeInfo')).toBe(2);
  });

  type Raw = Record<string, unknown>;
  const FUNDING_INFO = { field: 'fundingIntervalHours', of: (hours: number) => hours };
  test.each([
    ['binance', createBinance, serveBinance, '/fapi/v1/premiumIndex', '/fapi/v1/fundingInfo', FUNDING_INFO, 'INJUSDT', 'nextFundingTime'],
    ['aster', createAster, serveAster, '/fapi/v3/premiumIndex', '/fapi/v3/fundingInfo', FUNDING_INFO, 'ZORAUSDT', 'nextFundingTime'],
    [
      'backpack',
      createBackpack,
      serveBackpack,
      '/api/v1/markPrices',
      '/api/v1/markets',
      { field: 'fundingInterval', of: (hours: number) => hours * 60 * MINUTE },
      'BTC_USDC_PERP',
      'nextFundingTimestamp',
    ],
  ] as const)(
    '%s: an interval that changes is seen at the next poll, not when its list is old',
    async (id, create, serve, rates, list, interval, symbol, next) => {
      serve();
      const [rows, listed] = [rates, list].map((path) => JSON.parse(body(`${id}/${path.split('/').at(-1) ?? ''}.json`)) as (Raw | null)[]);
      const settledAt = Number(rows?.find((row) => row?.['symbol'] === symbol)?.[next]);
      const say = (all: readonly (Raw | null)[] | undefined, more: Raw): string =>
        JSON.stringify(all?.map((row) => (row?.['symbol'] === symbol ? { ...row, ...more } : row)));
      const venue = create();
      let now = settledAt - MINUTE / 2;
      const io = ioOf(venue, exchange.url, () => now);
      const told = async () => (await venue.poll(io)).snapshots.find((one) => one.symbol === symbol);
      const before = (await told())?.intervalH ?? 0;
      expect(before).toBeGreaterThan(0);
      // Shorter and longer: the settlement after this one is an hour off, or more than the old interval.
      const after = before === 1 ? 8 : 1;
      exchange.route('GET', rates, () => say(rows, { time: now, [next]: settledAt + after * 60 * MINUTE }));
      exchange.route('GET', list, () => say(listed, { [interval.field]: interval.of(after) }));
      now += MINUTE;
      expect(await told()).toMatchObject({ intervalH: after, nextFundingAt: settledAt + after * 60 * MINUTE });
      now += MINUTE / 2;
      await told();
      expect(exchange.count(list)).toBe(2);
    },
  );

  test('a clock that is set back does not keep a list for ever', async () => {
    serveBinance();
    const venue = createBinance();
    let now = NOW;
    const io = ioOf(venue, exchange.url, () => now);
    await venue.poll(io);
    now -= 86_400_000;
    await venue.poll(io);
    expect(exchange.count('/fapi/v1/fundingInfo')).toBe(2);
  });

  test('Bybit: pages of instruments by cursor; absent, intervals of the tickers remain', async () => {
    serveBybit();
    const venue = createBybit();
    const io = ioOf(venue, exchange.url, () => NOW);
    expect((await venue.poll(io)).snapshots.find(({ symbol }) => symbol === 'INJPERP')?.intervalH).toBe(1);
    expect(exchange.count('/v5/market/instruments-info')).toBe(2);

    const without = createBybit();
    exchange.fail({ kind: 'status', status: 404 }, { path: '/v5/market/instruments-info' });
    const poll = await without.poll(ioOf(without, exchange.url, () => NOW));
    expect(poll.snapshots.find(({ symbol }) => symbol === 'INJUSDT')?.intervalH).toBe(1);
    expect(poll.snapshots.find(({ symbol }) => symbol === 'INJPERP')?.intervalH).toBeNull();
  });

  test('a cursor that leads in a circle ends', async () => {
    serveBybit();
    exchange.route('GET', '/v5/market/instruments-info', () => body('bybit/instruments-1.json'));
    const venue = createBybit();
    const poll = await venue.poll(ioOf(venue, exchange.url, () => NOW));
    expect(poll.notes).toEqual([expect.stringContaining('the same page again')]);
    expect(exchange.count('/v5/market/instruments-info')).toBe(2);
  });

  test('a venue that asks for a pause is heard, whichever list it was', async () => {
    serveBinance();
    const venue = createBinance();
    exchange.fail({ kind: 'status', status: 429, headers: { 'retry-after': '7' } }, { path: '/fapi/v1/fundingInfo' });
    await expect(venue.poll(ioOf(venue, exchange.url, () => NOW))).rejects.toMatchObject({ kind: 'rate-limited', retryAfterMs: 7000 });
  });
});
