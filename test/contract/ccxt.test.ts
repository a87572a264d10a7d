import { asInterval, readRate } from '#node/venues/ccxt/rates.ts';
import { WAYS } from '#node/venues/ccxt/ways.ts';
import type { Row } from '#node/venues/common/read.ts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { SettledPage, Venue, VenueIo, VenueRequest } from '#core/venue.ts';
import { VenueError } from '#core/venue-error.ts';
import { createViaCcxt } from '#node/venues/ccxt/index.ts';
import { createCcxtLink } from '#node/venues/ccxt/link.ts';
import { inWorkers } from '#node/venues/worker/in-worker.ts';
import { hasRecordings, recording } from '#test/support/bodies.ts';
import { type FakeExchange, startFakeExchange } from '#test/support/fake-exchange.ts';
import { ioOf } from '#test/support/venue-io.ts';

/*
 * Rates and settlements are recorded bodies of ../shared/venue-samples; lists of instruments are built from the documentation of each
 * exchange, for none was recorded. What a field means is that documentation's word, not what ccxt makes of it:
 * https://docs.whitebit.com/public/http-v4/#available-futures-markets-list, https://docs.bitfinex.com/reference/rest-public-derivatives-status,
 * https://phemex-docs.github.io/#query-24-hours-ticker, https://www.htx.com/en-us/opend/newApiPages (linear swaps),
 * https://exchange-docs.crypto.com/exchange/v1/rest-ws/index.html#public-get-valuations, https://docs.pacifica.fi (get prices),
 * https://api.docs.extended.exchange/#get-markets, https://docs.nado.xyz (contracts), https://orderly.network/docs (get funding rate history).
 */
const HOUR = 3_600_000;

interface Recorded {
  readonly method: string;
  readonly url: string;
  readonly httpResponse: unknown;
}
/** What was recorded of an exchange, by the end of its path. */
const recorded = (exchange: string, method: string): unknown => {
  const all = JSON.parse(recording(`venue-samples/${exchange}.json`)) as Recorded[];
  const found = all.find((one) => one.method === method);
  if (found === undefined) throw new Error(`no recording of ${method} on ${exchange}`);
  return found.httpResponse;
};

let exchange: FakeExchange;
beforeEach(async () => {
  exchange = await startFakeExchange();
});
afterEach(() => exchange.close());

const venueOf = (id: string): Venue => {
  const venue = createViaCcxt().find((one) => one.id === id);
  if (venue === undefined) throw new Error(`no venue ${id}`);
  return venue;
};
/** The venue with its answers by path, asked at `now`. */
function at(id: string, now: number, answers: Readonly<Record<string, unknown>>): { venue: Venue; io: VenueIo } {
  for (const [path, answer] of Object.entries(answers))
    exchange.route('GET', path, typeof answer === 'function' ? (answer as () => unknown) : () => answer);
  const venue = venueOf(id);
  return { venue, io: ioOf(venue, exchange.url, () => now) };
}
async function all(pages: AsyncIterable<SettledPage>): Promise<SettledPage[]> {
  const got: SettledPage[] = [];
  for await (const page of pages) got.push(page);
  return got;
}

const WHITEBIT_MARKET = (name: string, stock: string, more: object = {}) => ({
  ...{ name, stock, money: 'USDT', stockPrec: '0', moneyPrec: '6', feePrec: '6', makerFee: '0.01', takerFee: '0.055' },
  ...{ minAmount: '1', minTotal: '5.05', maxTotal: '10000000', tradesEnabled: true, isCollateral: true, type: 'futures', ...more },
});

describe.skipIf(!hasRecordings)('recorded rates', () => {
  test('WhiteBIT: the rate of the list of futures, paid at the time that it names; no mark, and no amounts that ccxt does not say', async () => {
    const { venue, io } = at('ccxt-whitebit', 1_691_165_059_000, {
      '/api/v4/public/markets': [WHITEBIT_MARKET('ADA_PERP', 'ADA'), WHITEBIT_MARKET('BTC_USDT', 'BTC', { type: 'spot' })],
      '/api/v4/public/futures': recorded('whitebit', 'fetchFundingRates'),
    });
    const { instruments, snapshots } = await venue.poll(io);
    expect(instruments).toMatchObject([{ id: 'ccxt-whitebit:ADA_PERP', asset: 'ADA', quote: 'USDT', settle: 'USDT', contract: 'linear' }]);
    expect(snapshots).toEqual([
      {
        ...{ symbol: 'ADA_PERP', rate: 0.0001, nextFundingAt: 1_691_193_600_000, intervalH: 8, intervalIsGuess: true },
        ...{ mark: null, index: null, openInterest: null, volume24h: null, interestPer8h: null },
      },
    ]);
    expect(await venue.orderRules(io, 'ADA_PERP')).toMatchObject({
      minQuantity: '1',
      minNotional: '5.05',
      tickSize: '0.000001',
      maintenance: null,
    });
  });

  test('Bitfinex: all contracts are named in one request; the rate in force stands at 12, what accrues for the next at 9', async () => {
    const { venue, io } = at('ccxt-bitfinex', 1_691_165_060_000, {
      '/v2/conf/pub:info:pair,pub:info:pair:futures,pub:list:pair:securities,pub:list:pair:margin': [
        [],
        [['BTCF0:USTF0', [null, null, null, '0.0001', '100.0', null, null, null, 0.01, 0.005, null, null]]],
        [],
        [],
      ],
      '/v2/status/deriv': recorded('bitfinex', 'fetchFundingRates'),
    });
    const { instruments, snapshots, venueTime } = await venue.poll(io);
    expect(instruments).toMatchObject([{ id: 'ccxt-bitfinex:tBTCF0:USTF0', asset: 'BTC', quote: 'USDT', settle: 'USDT' }]);
    expect(snapshots).toMatchObject([
      { rate: 0.00014548, nextFundingAt: 1_691_193_600_000, mark: 29278.8925, index: 29297.851276225, intervalH: 8, intervalIsGuess: true },
    ]);
    expect(venueTime).toBe(1_691_165_059_000);
    expect(exchange.requests.at(-1)?.query.get('keys')).toBe('tBTCF0:USTF0');
    // What it calls history are states by the minute: no settlements.
    expect(await all(venue.settled(io, 'tBTCF0:USTF0', 0, 1_691_165_060_000))).toEqual([]);
    expect(await venue.oldest(io, 'tBTCF0:USTF0')).toBeNull();
  });

  test('Pacifica: `funding` is what the last hour paid; the estimate of the hour in progress is `next_funding`', async () => {
    const market = { tick_size: '0.0001', min_tick: '0', max_tick: '1000', lot_size: '1', max_leverage: 20, isolated_only: false };
    const { venue, io } = at('ccxt-pacifica', 1_759_222_968_000, {
      '/api/v1/info': {
        success: true,
        data: [{ symbol: 'XPL', ...market, min_order_size: '10', max_order_size: '5000000', created_at: 1_750_000_000_000 }],
      },
      '/api/v1/info/prices': recorded('pacifica', 'fetchFundingRates'),
    });
    const { snapshots } = await venue.poll(io);
    expect(snapshots).toMatchObject([{ symbol: 'XPL', rate: 0.00011096, intervalH: 1, mark: 1.084819, index: 1.084524 }]);
    expect(snapshots[0]?.nextFundingAt).toBe(1_759_222_800_000 + HOUR);
  });

  test('HTX: of a linear contract the next settlement is the first time ahead, and the interval lies between the two that it names', async () => {
    const terms = { price_tick: 0.1, delivery_date: '', delivery_time: '', create_date: '20201021', contract_status: 1 };
    const swap = {
      symbol: 'BTC',
      contract_code: 'BTC-USDT',
      contract_size: 0.001,
      business_type: 'swap',
      pair: 'BTC-USDT',
      contract_type: 'swap',
    };
    const none = { status: 'ok', data: [], ts: 1_781_235_318_758 };
    const { venue, io } = at('ccxt-htx', 1_781_235_318_758, {
      '/linear-swap-api/v1/swap_contract_info': {
        ...none,
        data: [{ ...swap, ...terms, trade_partition: 'USDT', support_margin_mode: 'all' }],
      },
      '/swap-api/v1/swap_contract_info': { ...none, data: [{ ...terms, symbol: 'BTC', contract_code: 'BTC-USD', contract_size: 100 }] },
      '/api/v1/contract_contract_info': {
        ...none,
        data: [
          { ...terms, symbol: 'BTC', contract_code: 'BTC261225', contract_type: 'quarter', contract_size: 100, delivery_date: '20261225' },
        ],
      },
      '/swap-api/v1/swap_funding_rate': recorded('htx', 'fetchFundingRate'),
      '/v5/market/funding_rate': (JSON.parse(recording('venue-samples/htx.json')) as Recorded[])[1]?.httpResponse,
    });
    const { instruments, snapshots } = await venue.poll(io);
    const found = (symbol: string) => [instruments, snapshots].map((list) => list.find((one) => one.symbol === symbol));
    expect(found('BTC-USDT')).toMatchObject([
      { asset: 'BTC', contract: 'linear', contractSize: 0.001 },
      { rate: 0.000083024939363172, nextFundingAt: 1_781_251_200_000, intervalH: 8 },
    ]);
    expect(snapshots.find(({ symbol }) => symbol === 'BTC-USDT')).not.toHaveProperty('intervalIsGuess');
    // The inverse contract names one time alone: its interval is a guess.
    expect(found('BTC-USD')).toMatchObject([
      { asset: 'BTC', contract: 'inverse', settle: 'BTC', contractSize: 100 },
      { rate: 0.0001, nextFundingAt: 1_781_280_000_000, intervalH: 8, intervalIsGuess: true },
    ]);
    expect(snapshots).toHaveLength(2);
  });

  test('HTX: asked after its first time has passed, the second one is the next settlement', async () => {
    const at8h57 = 1_781_254_621_000;
    const swap = {
      symbol: 'BTC',
      contract_code: 'BTC-USDT',
      contract_size: 0.001,
      business_type: 'swap',
      pair: 'BTC-USDT',
      contract_type: 'swap',
    };
    const terms = {
      price_tick: 0.1,
      delivery_date: '',
      delivery_time: '',
      create_date: '20201021',
      contract_status: 1,
      trade_partition: 'USDT',
    };
    const inverse = {
      symbol: 'BTC',
      contract_code: 'BTC-USD',
      contract_size: 100,
      price_tick: 0.1,
      contract_status: 1,
      create_date: '20201021',
    };
    const list = (data: readonly object[]) => ({ status: 'ok', data, ts: at8h57 });
    const { venue, io } = at('ccxt-htx', at8h57, {
      '/linear-swap-api/v1/swap_contract_info': list([{ ...swap, ...terms }]),
      '/swap-api/v1/swap_contract_info': list([inverse]),
      '/api/v1/contract_contract_info': list([
        { ...inverse, contract_code: 'BTC261225', contract_type: 'quarter', delivery_date: '20261225' },
      ]),
      '/swap-api/v1/swap_funding_rate': recorded('htx', 'fetchFundingRate'),
      '/v5/market/funding_rate': (JSON.parse(recording('venue-samples/htx.json')) as Recorded[])[1]?.httpResponse,
    });
    const { snapshots } = await venue.poll(io);
    expect(snapshots.find(({ symbol }) => symbol === 'BTC-USDT')?.nextFundingAt).toBe(1_781_280_000_000);
  });

  test('Crypto.com: one request for each contract, in turns', async () => {
    const listing = { inst_type: 'PERPETUAL_SWAP', display_name: 'x', quote_ccy: 'USD', quote_decimals: 1, quantity_decimals: 4 };
    const steps = { price_tick_size: '0.1', qty_tick_size: '0.0001', max_leverage: '50', tradable: true, expiry_timestamp_ms: 0 };
    const coins = Array.from({ length: 30 }, (_, n) => `C${n}`);
    const data = ['BTC', ...coins].map((base_ccy) => ({ symbol: `${base_ccy}USD-PERP`, base_ccy, ...listing, ...steps }));
    const valuation = recorded('cryptocom', 'fetchFundingRate') as { result: object };
    let now = 1_687_892_400_500;
    exchange.route('GET', '/exchange/v1/public/get-instruments', () => ({
      id: 1,
      method: 'public/get-instruments',
      code: 0,
      result: { data },
    }));
    exchange.route('GET', '/exchange/v1/public/get-valuations', ({ query }) => ({
      ...valuation,
      result: { ...valuation.result, instrument_name: query.get('instrument_name') },
    }));
    const venue = venueOf('ccxt-cryptocom');
    let answerMs = 0;
    const io = ioOf(venue, exchange.url, () => now);
    const slow: VenueIo = {
      get now() {
        return now;
      },
      async request(request) {
        const body = await io.request(request);
        now += answerMs;
        return body;
      },
    };
    await venue.orderRules(slow, 'BTCUSD-PERP');
    // Its limit is 1000 requests in 10 s: where an answer takes a second, 20 of them are what a poll has time for.
    answerMs = 1_000;
    const first = await venue.poll(slow);
    expect(first.snapshots).toHaveLength(20);
    expect(first.snapshots[0]).toMatchObject({ symbol: 'BTCUSD-PERP', rate: -0.000001884, intervalH: 1 });
    // Where it takes none all are asked at once, those first that were not yet; those of the first turn were as old as they were.
    answerMs = 0;
    const second = await venue.poll(slow);
    expect(second.snapshots).toHaveLength(31);
    expect(exchange.count('/exchange/v1/public/get-valuations')).toBe(20 + 31);
  });
});

/* The example of /api/v4/public/futures in ccxt's source (whitebit.js, 0G_PERP): https://docs.whitebit.com/public/http-v4/#available-futures-markets-list. */
test('WhiteBIT: a contract that states 240 minutes is one of 4 h, by its own word', async () => {
  const future = {
    ...{ ticker_id: '0G_PERP', stock_currency: '0G', money_currency: 'USDT', last_price: '0.6065', index_price: '0.61' },
    ...{ product_type: 'Perpetual', funding_rate: '-0.00000778', next_funding_rate_timestamp: '1772467200000' },
    ...{ max_leverage: 50, funding_interval_minutes: 240 },
  };
  const { venue, io } = at('ccxt-whitebit', 1_772_467_200_000 - HOUR, {
    '/api/v4/public/markets': [WHITEBIT_MARKET('0G_PERP', '0G')],
    '/api/v4/public/futures': { success: true, message: null, result: [future] },
  });
  const { snapshots } = await venue.poll(io);
  expect(snapshots).toMatchObject([{ symbol: '0G_PERP', rate: -0.00000778, intervalH: 4, nextFundingAt: 1_772_467_200_000 }]);
  expect(snapshots[0]).not.toHaveProperty('intervalIsGuess');
});

/*
 * Products as ccxt's source has them (phemex.js, fetchMarkets), after https://phemex-docs.github.io/#query-product-information: the newer
 * list counts fundingInterval in seconds, the older one, which ccxt puts over it, in hours.
 */
const PHEMEX_PRODUCT = (coin: string, fundingInterval: number | undefined, more: object = {}) => ({
  ...{ symbol: `${coin}USDT`, code: 41541, type: 'PerpetualV2', displaySymbol: `${coin} / USDT`, indexSymbol: `.${coin}USDT` },
  ...{ fundingRateSymbol: `.${coin}USDTFR`, fundingRate8hSymbol: `.${coin}USDTFR8H`, contractUnderlyingAssets: coin },
  ...{ settleCurrency: 'USDT', quoteCurrency: 'USDT', tickSize: '0.1', priceScale: 0, ratioScale: 0, baseCurrency: coin },
  ...{ status: 'Listed', listTime: 1_668_225_600_000, maxLeverage: 100, qtyStepSize: '0.001', ...more },
  ...(fundingInterval !== undefined && { fundingInterval }),
});
const PHEMEX_BTCUSD = {
  ...{
    symbol: 'BTCUSD',
    code: 1,
    type: 'Perpetual',
    displaySymbol: 'BTC / USD',
    fundingRateSymbol: '.BTCFR',
    fundingRate8hSymbol: '.BTCFR8H',
  },
  ...{ settleCurrency: 'BTC', quoteCurrency: 'USD', contractSize: 1, lotSize: 1, tickSize: 0.5, priceScale: 4, ratioScale: 8 },
  ...{ status: 'Listed', fundingInterval: 28800, maxLeverage: 100 },
};
const PHEMEX_OLDER = {
  ...{ symbol: 'BTCUSD', quoteCurrency: 'USD', baseCurrency: 'BTC', settlementCurrency: 'BTC', lotSize: 1, tickSize: '0.5' },
  ...{ contractSize: '1 USD', priceScale: 4, ratioScale: 8, valueScale: 8, fundingInterval: 8, type: 'Perpetual' },
};
const PHEMEX_LISTS = (perpProductsV2: readonly object[]) => ({
  '/public/products': {
    code: 0,
    msg: 'OK',
    data: { currencies: [], products: [PHEMEX_BTCUSD], perpProductsV2, riskLimits: [], riskLimitsV2: [] },
  },
  '/v1/exchange/public/products': { code: 0, msg: 'OK', data: [PHEMEX_OLDER] },
});

describe.skipIf(!hasRecordings)('Phemex', () => {
  test('the interval is that of its list, in seconds or in hours; of a product that states none it is unknown', async () => {
    const ticker = recorded('phemex', 'fetchFundingRate') as { result: object };
    const products = [PHEMEX_PRODUCT('BTC', 28_800), PHEMEX_PRODUCT('PIPPIN', 14_400), PHEMEX_PRODUCT('OLD', undefined)];
    const { venue, io } = at('ccxt-phemex', 1_672_142_790_000, {
      ...PHEMEX_LISTS(products),
      '/md/v2/ticker/24hr': ({ query }: { query: URLSearchParams }) => ({
        ...ticker,
        result: { ...ticker.result, symbol: query.get('symbol') },
      }),
      '/v1/md/ticker/24hr': {
        ...{ error: null, id: 0 },
        result: {
          symbol: 'BTCUSD',
          fundingRateEr: 10_000,
          predFundingRateEr: 19_921,
          markEp: 168_309_754,
          timestamp: '1672142789065593096',
        },
      },
    });
    const { snapshots } = await venue.poll(io);
    expect(snapshots.map(({ symbol, rate, intervalH }) => ({ symbol, rate, intervalH }))).toEqual([
      { symbol: 'BTCUSD', rate: 0.0001, intervalH: 8 },
      { symbol: 'BTCUSDT', rate: 0.0001, intervalH: 8 },
      { symbol: 'PIPPINUSDT', rate: 0.0001, intervalH: 4 },
      { symbol: 'OLDUSDT', rate: 0.0001, intervalH: null },
    ]);
  });

  test('of many contracts one poll asks the watched ones, then those that waited longest, within seven tenths of its limit', async () => {
    const ticker = recorded('phemex', 'fetchFundingRate') as { result: object };
    const coins = Array.from({ length: 100 }, (_, n) => `C${n}`);
    const lists = PHEMEX_LISTS(coins.map((coin) => PHEMEX_PRODUCT(coin, 28_800)));
    const bodies: Record<string, unknown> = {
      ...lists,
      '/public/products': { ...lists['/public/products'], data: { perpProductsV2: lists['/public/products'].data.perpProductsV2 } },
    };
    const asked: string[] = [];
    let units = 0;
    const venue = venueOf('ccxt-phemex');
    const poll = async (now: number) => {
      [asked.length, units] = [0, 0];
      const { snapshots } = await venue.poll({
        now,
        watched: ['C98USDT', 'C99USDT', 'GONEUSDT'],
        request({ path, cost }) {
          const { pathname, searchParams } = new URL(path, 'https://api.phemex.com');
          const symbol = searchParams.get('symbol');
          if (symbol === null) return Promise.resolve(JSON.stringify(bodies[pathname]));
          asked.push(symbol);
          units += cost['units'] ?? 0;
          return Promise.resolve(JSON.stringify({ ...ticker, result: { ...ticker.result, symbol } }));
        },
      });
      return snapshots.length;
    };
    const start = 1_672_142_790_000;
    // ccxt counts 120.5 ms a unit (82 in 10 s) and 5 for a ticker (phemex.js): 164 units in the 20 s of a sweep, of which 114 are 22 tickers.
    expect([await poll(start), asked.length, units]).toEqual([22, 22, 110]);
    expect(asked.slice(0, 4)).toEqual(['C98USDT', 'C99USDT', 'C0USDT', 'C1USDT']);
    // The watched ones again, and the others where they were left: C0 to C19 were asked.
    expect([await poll(start + 30_000), asked.length]).toEqual([42, 22]);
    expect(asked.slice(0, 3)).toEqual(['C98USDT', 'C99USDT', 'C20USDT']);
  });

  test('a settlement states its own interval, and its history has the name that the product gives it', async () => {
    const history = recorded('phemex', 'fetchFundingRateHistory') as { data: { rows: object[] } };
    const asked: unknown[] = [];
    const { venue, io } = at('ccxt-phemex', 1_682_064_000_000 + HOUR, {
      ...PHEMEX_LISTS([PHEMEX_PRODUCT('BTC', 28_800), PHEMEX_PRODUCT('PIPPIN', 14_400, { fundingRate8hSymbol: '.PIPPINFR' })]),
      '/api-data/public/data/funding-rate-history': ({ query }: { query: URLSearchParams }) => {
        asked.push(query.get('symbol'));
        return {
          ...history,
          data: { rows: history.data.rows.map((row) => (asked.length > 1 ? { ...row, intervalSeconds: '14400' } : row)) },
        };
      },
    });
    const settled = async (symbol: string) =>
      (await all(venue.settled(io, symbol, 1_682_064_000_000 - HOUR, 1_682_064_000_000 + HOUR))).flatMap(({ rows }) => rows);
    expect(await settled('BTCUSDT')).toMatchObject([{ stamp: 1_682_064_000_000, rate: 0.0001, intervalH: 8 }]);
    expect(await settled('PIPPINUSDT')).toMatchObject([{ stamp: 1_682_064_000_000, rate: 0.0001, intervalH: 4 }]);
    expect([...new Set(asked)]).toEqual(['.BTCUSDTFR8H', '.PIPPINFR']);
  });
});

/** Rows of the examples in ccxt's source: xt.js and grvt.js (fetchFundingRateHistory), deepcoin.js; of Bybit: https://bybit-exchange.github.io/docs/v5/market/tickers. */
test('what other exchanges state beside a rate or a settlement is read in its unit, and 0 is no interval', () => {
  const settledH = (id: string, row: object) => asInterval(WAYS[id]?.history?.statedH?.(row as Row) ?? null);
  expect(settledH('xt', { symbol: 'btc_usdt', fundingRate: '0.000057', collectionInternal: 28800 })).toBe(8);
  expect(settledH('grvt', { instrument: 'BTC_USDT_Perp', funding_interval_hours: '0' })).toBeNull();
  expect(settledH('deepcoin', { instrumentID: 'ETHUSD', rate: '0.00046493', ratePeriodSec: 0 })).toBeNull();
  const row = {
    fundingRate: '0.0001',
    interval: '8h',
    timestamp: 1_700_000_000_000,
    info: { symbol: 'BTCUSDT', fundingIntervalHour: '4' },
  };
  const way = WAYS['bybitid'];
  expect(way && readRate(row, way, row.timestamp)?.intervalH).toBe(4);
  expect(way && readRate({ ...row, info: {} }, way, row.timestamp)?.intervalH).toBe(8);
});

/*
 * Pacifica writes all markets in capitals but for the k of thousands, kBONK and kPEPE: https://docs.pacifica.fi/api-documentation/api/market-symbols.
 * A price of kBONK is that of 1000 BONK.
 */
test('Pacifica: kBONK is 1000 BONK, which ccxt calls KBONK; KAVA and KSM are coins', async () => {
  const market = { tick_size: '0.000001', min_tick: '0', max_tick: '1000', lot_size: '1', max_leverage: 20, isolated_only: false };
  const size = { min_order_size: '10', max_order_size: '5000000', created_at: 1_750_000_000_000 };
  const names = ['kBONK', 'KAVA', 'KSM'];
  const price = { funding: '0.00001', next_funding: '0.0000125', mark: '0.02', oracle: '0.02', timestamp: 1_759_222_968_000 };
  const { venue, io } = at('ccxt-pacifica', 1_759_222_968_000, {
    '/api/v1/info': { success: true, data: names.map((symbol) => ({ symbol, ...market, ...size })) },
    '/api/v1/info/prices': { success: true, data: names.map((symbol) => ({ symbol, ...price })), error: null, code: null },
  });
  const { instruments } = await venue.poll(io);
  expect(instruments.map(({ symbol, asset, multiplier }) => ({ symbol, asset, multiplier }))).toEqual([
    { symbol: 'kBONK', asset: 'BONK', multiplier: 1000 },
    { symbol: 'KAVA', asset: 'KAVA', multiplier: 1 },
    { symbol: 'KSM', asset: 'KSM', multiplier: 1 },
  ]);
  expect((await venue.orderRules(io, 'kBONK')).notes[0]).toBe('One contract is 1000 BONK; quantities and prices are in this unit.');
  expect((await venue.orderRules(io, 'KAVA')).notes).toHaveLength(1);
});

test('Extended: the running rate of the list of markets, whose `nextFundingRate` is a time', async () => {
  const config = {
    minOrderSize: '0.0001',
    minOrderSizeChange: '0.00001',
    minPriceChange: '1',
    maxLeverage: '50.00',
    maxLimitOrderValue: '10000000',
  };
  const stats = {
    dailyVolume: '1',
    lastPrice: '90000',
    markPrice: '90010',
    indexPrice: '90005',
    fundingRate: '-0.00000000',
    nextFundingRate: 1_777_507_200_000,
  };
  const { venue, io } = at('ccxt-extended', 1_777_505_000_000, {
    '/api/v1/info/markets': {
      status: 'OK',
      data: [
        {
          name: 'BTC-USD',
          assetName: 'BTC',
          collateralAssetName: 'USD',
          active: true,
          status: 'ACTIVE',
          type: 'PERPETUAL',
          marketStats: stats,
          tradingConfig: config,
        },
      ],
    },
  });
  const { snapshots } = await venue.poll(io);
  expect(snapshots).toMatchObject([
    { symbol: 'BTC-USD', rate: 0, intervalH: 1, nextFundingAt: 1_777_507_200_000, mark: 90010, index: 90005 },
  ]);
  // Zero has no sign.
  expect(Object.is(snapshots[0]?.rate, 0)).toBe(true);
});

test('Nado: a rate of 24 hours, paid every hour; the coin stands in the name of the contract alone', async () => {
  const market = {
    type: 'perp',
    product_id: 2,
    symbol: 'BTC-PERP',
    price_increment_x18: '1000000000000000000',
    size_increment: '50000000000000',
    min_size: '100000000000000000000',
    trading_status: 'live',
  };
  const { venue, io } = at('ccxt-nado', 1_777_505_000_000, {
    '/v1/symbols': [market, { ...market, product_id: 4, symbol: 'kPEPE-PERP' }],
    '/v2/pairs': [
      { product_id: 2, ticker_id: 'BTC-PERP_USDT0', base: 'BTC-PERP', quote: 'USDT0' },
      { product_id: 4, ticker_id: 'kPEPE-PERP_USDT0', base: 'kPEPE-PERP', quote: 'USDT0' },
    ],
    '/v2/assets': [],
    '/v2/contracts': {
      'BTC-PERP_USDT0': {
        product_id: 2,
        ticker_id: 'BTC-PERP_USDT0',
        mark_price: 90010,
        index_price: 90005,
        funding_rate: 0.00024,
        next_funding_rate_timestamp: 1_777_507_200,
      },
      'kPEPE-PERP_USDT0': {
        product_id: 4,
        ticker_id: 'kPEPE-PERP_USDT0',
        mark_price: 0.009,
        index_price: 0.009,
        funding_rate: 0.00024,
        next_funding_rate_timestamp: 1_777_507_200,
      },
    },
  });
  const { instruments, snapshots } = await venue.poll(io);
  expect(instruments).toMatchObject([
    { asset: 'BTC', multiplier: 1 },
    { asset: 'PEPE', multiplier: 1000 },
  ]);
  expect(snapshots[0]?.rate).toBeCloseTo(0.00001, 12);
  expect(snapshots[0]).toMatchObject({ intervalH: 1, nextFundingAt: 1_777_507_200_000 });
});

/** Its answers, and which contracts were asked for: https://exchange-docs.crypto.com/exchange/v1/rest-ws/index.html#public-get-valuations. */
const CRYPTOCOM = (coins: readonly string[], asked: string[]): Pick<VenueIo, 'request'> => ({
  request({ path }) {
    const symbol = new URL(path, 'https://api.crypto.com').searchParams.get('instrument_name');
    if (symbol !== null) asked.push(symbol);
    const listing = { inst_type: 'PERPETUAL_SWAP', display_name: 'x', quote_ccy: 'USD', quote_decimals: 1, quantity_decimals: 4 };
    const steps = { price_tick_size: '0.1', qty_tick_size: '0.0001', max_leverage: '50', tradable: true, expiry_timestamp_ms: 0 };
    const data =
      symbol === null
        ? coins.map((base_ccy) => ({ symbol: `${base_ccy}USD-PERP`, base_ccy, ...listing, ...steps }))
        : [{ v: '-0.000001884', t: 1_691_164_800_000 }];
    return Promise.resolve(JSON.stringify({ id: 1, method: 'x', code: 0, result: { data, instrument_name: symbol } }));
  },
});

test('from their worker they answer the same, and one worker is enough for all', async () => {
  const now = 1_691_165_059_000;
  const { venue, io } = at('ccxt-whitebit', now, {
    '/api/v4/public/markets': [WHITEBIT_MARKET('ADA_PERP', 'ADA')],
    '/api/v4/public/futures': {
      success: true,
      result: [{ ticker_id: 'ADA_PERP', funding_rate: '0.0001', next_funding_rate_timestamp: '1691193600000' }],
    },
  });
  const apart = inWorkers(createViaCcxt());
  try {
    const [there, other] = ['ccxt-whitebit', 'ccxt-bitflyer'].map((id) => apart.find((one) => one.id === id));
    expect(await there?.poll(io)).toEqual(await venue.poll(io));
    // What is watched goes along: of Crypto.com's two contracts it is asked first.
    const asked: string[] = [];
    const told = apart
      .find(({ id }) => id === 'ccxt-cryptocom')
      ?.poll({ ...CRYPTOCOM(['BTC', 'ETH'], asked), now, watched: ['ETHUSD-PERP'] });
    expect((await told)?.snapshots).toHaveLength(2);
    expect(asked).toEqual(['ETHUSD-PERP', 'BTCUSD-PERP']);
    // What another of them asks goes its own way at the same time.
    await expect(other?.poll(io)).rejects.toMatchObject({
      kind: 'malformed',
      message: expect.stringContaining('/v1/getmarkets') as unknown,
    });
    expect(await there?.orderRules(io, 'ADA_PERP')).toEqual(await venue.orderRules(io, 'ADA_PERP'));
  } finally {
    await Promise.all(apart.map((one) => one.close()));
  }
});

test('the usual interval is assumed where settlements or announced ones could refute it, and nowhere else', () => {
  const at = 1_700_000_000_000;
  const row = { fundingRate: 0.0001, timestamp: at };
  const way = { url: 'https://x.invalid', rates: { kind: 'bulk' }, usualH: 8, history: null } as const;
  expect(readRate(row, way, at)).toMatchObject({ intervalH: null, isGuess: false, nextFundingAt: null });
  expect(readRate({ ...row, fundingTimestamp: at + 1 }, way, at)).toMatchObject({ intervalH: 8, isGuess: true });
  expect(readRate(row, { ...way, history: { kind: 'window', limit: 100 } }, at)).toMatchObject({ intervalH: 8, isGuess: true });
  expect(readRate({ ...row, interval: '4h' }, { ...way, interval: 'row' }, at)).toMatchObject({ intervalH: 4, isGuess: false });
});

test('an interval of the list is held against the next settlement: none where that lies beyond it, and no guess in its place', () => {
  const at = 1_700_000_000_000;
  // Bybit's list as ccxt reads it, one that said 1 h before the contract went to 8 h (docs/v5/market/instrument: fundingInterval in minutes).
  const row = { fundingRate: 0.0001, timestamp: at, interval: '1h' };
  const way = WAYS['bybitid'];
  if (way === undefined) throw new Error('no bybitid');
  const read = (nextH: number, isOld = false) =>
    readRate({ ...row, fundingTimestamp: at + nextH * HOUR }, way, at, { market: null, isOld });
  expect(read(8)).toMatchObject({ intervalH: null, isGuess: false, nextFundingAt: at + 8 * HOUR });
  expect(read(1)).toMatchObject({ intervalH: 1, isGuess: true });
  // Where none is announced the list is the exchange's word, as long as it could be read.
  expect(readRate(row, way, at)).toMatchObject({ intervalH: 1, isGuess: false });
  expect(readRate(row, way, at, { market: null, isOld: true })).toMatchObject({ intervalH: 1, isGuess: true });
});

describe('settlements', () => {
  const T = 1_773_648_000;
  const H8 = 28_800;
  const NOW = (T + 600) * 1000;
  const settled = (fundingTime: number, fundingRate = '0.0001') => ({
    fundingTime: String(fundingTime),
    fundingRate,
    market: 'ETH_PERP',
    settlementPrice: '2248.47',
    rateCalculatedTime: String(fundingTime - H8),
  });
  const whitebit = (history: unknown) =>
    at('ccxt-whitebit', NOW, {
      '/api/v4/public/markets': [WHITEBIT_MARKET('ETH_PERP', 'ETH')],
      '/api/v4/public/funding-history/ETH_PERP': history,
    });
  /** As its documentation says it: rows of [startDate, endDate], seconds, the newest first, `limit` of them. */
  const served =
    (rows: readonly { fundingTime: string }[]) =>
    ({ query }: { query: URLSearchParams }) =>
      rows
        .filter(
          ({ fundingTime }) =>
            Number(fundingTime) >= Number(query.get('startDate')) && Number(fundingTime) <= Number(query.get('endDate') ?? Infinity),
        )
        .toSorted((a, b) => Number(b.fundingTime) - Number(a.fundingTime))
        .slice(0, Number(query.get('limit')));

  test.skipIf(!hasRecordings)('a recorded one: seconds become ms, the rate is the one that was paid then', async () => {
    const { venue, io } = whitebit(recorded('whitebit', 'fetchFundingRateHistory'));
    const pages = await all(venue.settled(io, 'ETH_PERP', NOW - HOUR, NOW));
    expect(pages.flatMap(({ rows }) => rows)).toEqual([{ stamp: T * 1000, rate: -0.00004593, intervalH: null, mark: null, premium: null }]);
  });

  test('a year of them in pages of four days loses none, and the end goes under the name that the exchange knows', async () => {
    const rows = Array.from({ length: 3 * 365 }, (_, n) => settled(T - n * H8));
    const { venue, io } = whitebit(served(rows));
    const from = (T - 364 * 86_400) * 1000;
    const pages = await all(venue.settled(io, 'ETH_PERP', from, NOW));
    const stamps = pages.flatMap((page) => page.rows.map(({ stamp }) => stamp)).sort((a, b) => a - b);
    expect(new Set(stamps).size).toBe(stamps.length);
    expect(stamps).toEqual(
      rows
        .map(({ fundingTime }) => Number(fundingTime) * 1000)
        .filter((stamp) => stamp > from)
        .reverse(),
    );
    const last = exchange.requests.at(-1)?.query;
    expect([last?.has('endDate'), last?.has('until_timestamp')]).toEqual([true, false]);
    expect(await venue.oldest(io, 'ETH_PERP')).toBe((T - (3 * 365 - 1) * H8) * 1000);
  });

  test('an exchange that gives the oldest rows of a stretch first loses none either: no stretch holds more than a page', async () => {
    const rows = Array.from({ length: 400 }, (_, n) => settled(T - n * 3_600));
    const { venue, io } = whitebit(({ query }: { query: URLSearchParams }) =>
      rows
        .filter(
          ({ fundingTime }) => Number(fundingTime) >= Number(query.get('startDate')) && Number(fundingTime) <= Number(query.get('endDate')),
        )
        .toSorted((a, b) => Number(a.fundingTime) - Number(b.fundingTime))
        .slice(0, Number(query.get('limit'))),
    );
    const pages = await all(venue.settled(io, 'ETH_PERP', (T - 400 * 3_600) * 1000, NOW));
    expect(new Set(pages.flatMap((page) => page.rows.map(({ stamp }) => stamp))).size).toBe(400);
  });

  test('a page proves what its rows show: where one is left out, the stretch around it stays open', async () => {
    const rows = Array.from({ length: 8 }, (_, n) => settled(T - n * H8)).filter((_, n) => n !== 4);
    const { venue, io } = whitebit(served(rows));
    const [page] = await all(venue.settled(io, 'ETH_PERP', (T - 8 * H8) * 1000, NOW));
    expect(page?.rows).toHaveLength(7);
    expect(page?.open).toEqual([{ from: (T - 5 * H8) * 1000, to: (T - 3 * H8) * 1000 }]);
  });

  test('a change of the interval is no hole', async () => {
    const rows = [0, 1, 2, 3, 4, 8, 12, 16].map((n) => settled(T - n * 3_600));
    const { venue, io } = whitebit(served(rows));
    const [page] = await all(venue.settled(io, 'ETH_PERP', (T - 20 * 3_600) * 1000, NOW));
    expect(page?.rows).toHaveLength(8);
    expect(page?.open).toBeUndefined();
  });

  test('a page that repeats itself ends the walk and proves nothing more', async () => {
    const { venue, io } = whitebit([0, 1, 2].map((n) => settled(T - n * H8)));
    const pages = await all(venue.settled(io, 'ETH_PERP', (T - 90 * 86_400) * 1000, NOW));
    expect(pages.flatMap(({ rows }) => rows)).toHaveLength(3);
    expect(pages.at(-1)?.proven).toBeNull();
    expect(exchange.count('/api/v4/public/funding-history/ETH_PERP')).toBeLessThan(4);
  });
});

describe('faults', () => {
  const NOW = 1_691_165_059_000;
  const listed = { '/api/v4/public/markets': [WHITEBIT_MARKET('ADA_PERP', 'ADA')] };
  const future = { ticker_id: 'ADA_PERP', funding_rate: '0.0001', next_funding_rate_timestamp: '1691193600000' };
  const failureOf = async (venue: Venue, io: VenueIo): Promise<VenueError> => {
    const error = await venue.poll(io).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(VenueError);
    return error as VenueError;
  };

  test.each([
    ['429', { kind: 'status', status: 429, headers: { 'retry-after': '7' } }, 'rate-limited'],
    ['451', { kind: 'status', status: 451 }, 'blocked'],
    ['503', { kind: 'status', status: 503 }, 'server'],
    ['a web page with 200', { kind: 'html' }, 'malformed'],
    ['half a body', { kind: 'truncate' }, 'malformed'],
    ['a bomb', { kind: 'bomb', bytes: 60 * 1024 * 1024 }, 'too-large'],
    ['a reset', { kind: 'reset' }, 'network'],
  ] as const)('%s is what it is, whatever ccxt would make of it', async (_, fault, kind) => {
    const { venue, io } = at('ccxt-whitebit', NOW, { ...listed, '/api/v4/public/futures': { success: true, result: [future] } });
    await venue.poll(io);
    exchange.fail(fault, { path: '/api/v4/public/futures' });
    const error = await failureOf(venue, io);
    expect(error.kind).toBe(kind);
    expect(error.user).not.toMatch(/Error|ccxt fetch|\bat /u);
    exchange.heal();
  });

  test('an answer without rows is a failure, not an empty market', async () => {
    const { venue, io } = at('ccxt-whitebit', NOW, { ...listed, '/api/v4/public/futures': { success: true, result: [] } });
    expect((await failureOf(venue, io)).kind).toBe('empty');
  });

  test('a contract that the list does not hold is left out; one that does not trade any more is closed', async () => {
    const { venue, io } = at('ccxt-whitebit', NOW, {
      '/api/v4/public/markets': [WHITEBIT_MARKET('ADA_PERP', 'ADA'), WHITEBIT_MARKET('OLD_PERP', 'OLD', { tradesEnabled: false })],
      '/api/v4/public/futures': {
        success: true,
        result: [future, { ...future, ticker_id: 'OLD_PERP' }, { ...future, ticker_id: 'NEW_PERP' }],
      },
    });
    const { snapshots, closed, unlisted } = await venue.poll(io);
    expect(snapshots.map(({ symbol }) => symbol)).toEqual(['ADA_PERP']);
    expect(closed).toEqual(['OLD_PERP']);
    expect(unlisted).toHaveLength(1);
  });

  test('what an exchange says in a body of status 200 keeps its kind', async () => {
    const { venue, io } = at('ccxt-myokx', NOW, {
      '/api/v5/public/instruments': { code: '50011', msg: 'Too Many Requests', data: [] },
    });
    expect((await failureOf(venue, io)).kind).toBe('rate-limited');
  });
});

describe('the way of its requests', () => {
  const linkOf = (name: string, url: string) =>
    createCcxtLink({ exchange: name, name, url, options: {}, maxUnits: 40, dropped: 'It is gone.' });

  test('each costs what ccxt weighs it, in whole units: a list of Bitfinex 2.7', async () => {
    const costs: VenueRequest['cost'][] = [];
    const io: VenueIo = {
      now: 1_691_165_059_000,
      request({ cost }) {
        costs.push(cost);
        return Promise.resolve('[[]]');
      },
    };
    await linkOf('bitfinex', 'https://api-pub.bitfinex.com').ask(io, (client) => client.fetchMarkets());
    expect(costs).toEqual([{ units: 3 }]);
  });

  test('an answer of which a part failed is none, though ccxt goes on without it', async () => {
    const failure = new VenueError('server', 'WhiteBIT has trouble of its own (503).', 'status 503');
    const io: VenueIo = { now: 1_691_165_059_000, request: () => Promise.reject(failure) };
    const asking = linkOf('whitebit', 'https://whitebit.com').ask(
      io,
      async (client) => (await client.fetchMarkets().catch(() => null)) ?? [],
    );
    await expect(asking).rejects.toBe(failure);
  });

  test('a list of 5 MB is read, though a poll of other venues is never so large', async () => {
    const { venue, io } = at('ccxt-whitebit', 1_691_165_059_000, {
      '/api/v4/public/markets': [WHITEBIT_MARKET('ADA_PERP', 'ADA', { padding: 'x'.repeat(5_000_000) })],
      '/api/v4/public/futures': { success: true, result: [{ ticker_id: 'ADA_PERP', funding_rate: '0.0001' }] },
    });
    expect((await venue.poll(io)).snapshots).toHaveLength(1);
  });
});
