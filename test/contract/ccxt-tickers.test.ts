import { afterEach, beforeEach, expect, test } from 'vitest';
import type { SettledRow, Venue, VenueIo } from '#core/venue.ts';
import { createViaCcxt } from '#node/venues/ccxt/index.ts';
import { type FakeExchange, startFakeExchange } from '#test/support/fake-exchange.ts';
import { ioOf } from '#test/support/venue-io.ts';

/*
 * Exchanges of which ccxt has no call for a running rate, though their tickers state it. Bodies are the examples of their documentation, as
 * ccxt's source repeats them too (https://api-docs.omni.apex.exchange, https://api-docs.grvt.io/market_data_api,
 * https://docs.cdp.coinbase.com/international-exchange, https://docs.derive.xyz, https://api.exchange.bullish.com/docs/api/rest), with times
 * that fit each other. What a field means is the word of that documentation.
 */
const HOUR = 3_600_000;

let exchange: FakeExchange;
beforeEach(async () => {
  exchange = await startFakeExchange();
});
afterEach(() => exchange.close());

function venueAt(id: string, now: number): { venue: Venue; io: VenueIo } {
  const venue = createViaCcxt().find((one) => one.id === id);
  if (venue === undefined) throw new Error(`no venue ${id}`);
  return { venue, io: ioOf(venue, exchange.url, () => now) };
}
async function settled(venue: Venue, io: VenueIo, symbol: string, from: number, to: number): Promise<SettledRow[]> {
  const rows: SettledRow[] = [];
  for await (const page of venue.settled(io, symbol, from, to)) rows.push(...page.rows);
  return rows.toSorted((a, b) => a.stamp - b.stamp);
}

test('ApeX: fundingRate is paid at nextFundingTime, and predictedFundingRate an hour later; a contract is one coin', async () => {
  const now = Date.UTC(2026, 4, 28, 9, 20);
  const contract = (coin: string, minOrderSize: string) => ({
    crossSymbolName: `${coin}USDT`,
    symbol: `${coin}-USDT`,
    baseTokenId: coin,
    settleAssetId: 'USDT',
    l2PairId: '50001',
    enableTrade: true,
    ...{ minOrderSize, maxOrderSize: '50', stepSize: '0.001', tickSize: '0.1', displayMinLeverage: '1', displayMaxLeverage: '100' },
  });
  exchange.route('GET', '/api/v3/symbols', () => ({
    data: { contractConfig: { perpetualContract: [contract('BTC', '0.0010'), contract('1000PEPE', '100')] } },
  }));
  const ticker = {
    highPrice24h: '76138.9',
    lowPrice24h: '72692.1',
    openInterest: '1541.044',
    turnover24h: '5626085.2',
    volume24h: '169.3',
  };
  const BTC = { lastPrice: '73319.7', markPrice: '73325.96', indexPrice: '73369.06', fundingRate: '-0.00000594' };
  const PEPE = { lastPrice: '0.01', markPrice: '0.01', indexPrice: '0.01', fundingRate: '0.0000125' };
  const next = { predictedFundingRate: '0.0001', nextFundingTime: '2026-05-28T10:00:00Z' };
  exchange.route('GET', '/api/v3/data/all-ticker-info', () => ({
    data: [
      { symbol: 'BTCUSDT', ...ticker, ...BTC, ...next },
      { symbol: '1000PEPEUSDT', ...ticker, ...PEPE, ...next },
      { symbol: 'NEWUSDT', ...ticker, ...PEPE, ...next },
    ],
  }));
  exchange.route('GET', '/api/v3/depth', () => ({ data: { s: 'BTCUSDT', u: 1, a: [['73319.6', '7.299']], b: [['73319.5', '2.1']] } }));
  const { venue, io } = venueAt('ccxt-apex', now);
  const { instruments, snapshots, unlisted } = await venue.poll(io);
  expect(instruments).toMatchObject([
    { symbol: 'BTC-USDT', asset: 'BTC', multiplier: 1, settle: 'USDT', contract: 'linear', contractSize: 1 },
    { symbol: '1000PEPE-USDT', asset: 'PEPE', multiplier: 1000, contractSize: 1 },
  ]);
  const times = { nextFundingAt: Date.UTC(2026, 4, 28, 10), intervalH: 1, intervalIsGuess: true };
  expect(snapshots).toMatchObject([
    { symbol: 'BTC-USDT', rate: -0.00000594, ...times, mark: 73325.96, index: 73369.06 },
    { symbol: '1000PEPE-USDT', rate: 0.0000125, ...times },
  ]);
  expect(unlisted).toEqual(['NEWUSDT']);
  expect(exchange.count('/api/v3/data/all-ticker-info')).toBe(1);
  // Two coins are two, not two thousandths of one.
  expect((await venue.book(io, 'BTC-USDT')).bids).toEqual([['73319.5', '2.1']]);
});

test('ApeX: settlements of a window whose end is left out by the exchange', async () => {
  const now = Date.UTC(2026, 4, 28, 9, 20);
  const contract = { crossSymbolName: 'BTCUSDT', symbol: 'BTC-USDT', baseTokenId: 'BTC', settleAssetId: 'USDT', enableTrade: true };
  exchange.route('GET', '/api/v3/symbols', () => ({ data: { contractConfig: { perpetualContract: [contract] } } }));
  const rates = [9, 8, 7].map((hour) => ({ at: Date.UTC(2026, 4, 28, hour), rate: `0.0000${hour}` }));
  exchange.route('GET', '/api/v3/history-funding', ({ query }) => ({
    data: {
      historyFunds: rates
        .filter(({ at }) => at >= Number(query.get('beginTimeInclusive')) && at < Number(query.get('endTimeExclusive')))
        .map(({ at, rate }) => ({ symbol: 'BTC-USDT', rate, price: '31297.5', fundingTime: at, fundingTimestamp: at })),
      totalSize: 3,
    },
  }));
  const { venue, io } = venueAt('ccxt-apex', now);
  const to = Date.UTC(2026, 4, 28, 9);
  expect(await settled(venue, io, 'BTC-USDT', to - 3 * HOUR, to)).toMatchObject([
    { stamp: to - 2 * HOUR, rate: 0.00007 },
    { stamp: to - HOUR, rate: 0.00008 },
    { stamp: to, rate: 0.00009 },
  ]);
});

const GRVT_CONTRACT = (base: string, hours: number) => ({
  instrument: `${base}_USDT_Perp`,
  instrument_hash: '0x030501',
  ...{ base, quote: 'USDT', kind: 'PERPETUAL', venues: ['ORDERBOOK', 'RFQ'], settlement_period: 'PERPETUAL' },
  ...{ base_decimals: 9, quote_decimals: 6, tick_size: '0.1', min_size: '0.001', create_time: '1768040726362828205' },
  ...{ max_position_size: '1000.0', funding_interval_hours: hours, min_notional: '100.0' },
});

test('GRVT: funding_rate is in percent and for the interval of the contract, whatever a name of the ticker says of 8 h; times are ns', async () => {
  // event_time of its example is 2025-12-03 15:12:10, next_funding_time 16:00.
  const now = 1_764_774_731_000;
  exchange.route('POST', '/full/v1/all_instruments', () => ({ result: [GRVT_CONTRACT('BTC', 8), GRVT_CONTRACT('AAVE', 4)] }));
  const prices = { mark_price: '92697.300078773', index_price: '92727.818122278', last_price: '92683.0', open_interest: '1523.2' };
  const asked: unknown[] = [];
  exchange.route('POST', '/full/v1/ticker', ({ body }) => {
    const { instrument } = body as { instrument: string };
    asked.push(instrument);
    const rate = instrument.startsWith('BTC') ? '0.0037' : '-0.0125';
    return {
      result: {
        event_time: '1764774730025055205',
        instrument,
        ...prices,
        ...{ funding_rate_8h_curr: '0.01', funding_rate_8h_avg: '0.01', funding_rate: rate, next_funding_time: '1764777600000000000' },
      },
    };
  });
  const { venue, io } = venueAt('ccxt-grvt', now);
  const { snapshots } = await venue.poll(io);
  const told = { nextFundingAt: 1_764_777_600_000, mark: 92697.300078773, index: 92727.818122278, intervalIsGuess: true };
  expect(snapshots).toMatchObject([
    { symbol: 'BTC_USDT_Perp', rate: 0.000037, intervalH: 8, ...told },
    { symbol: 'AAVE_USDT_Perp', rate: -0.000125, intervalH: 4, ...told },
  ]);
  expect(asked).toEqual(['BTC_USDT_Perp', 'AAVE_USDT_Perp']);
});

test('GRVT: an interval of the list is unknown once the next settlement lies beyond it, until the list is read again', async () => {
  // The example's time, 15:12:10; the contract was listed with 1 h and settles at 23:00, 7 h 48 min ahead.
  let [now, hours] = [1_764_774_731_000, 1];
  exchange.route('POST', '/full/v1/all_instruments', () => ({ result: [GRVT_CONTRACT('BTC', hours)] }));
  exchange.route('POST', '/full/v1/ticker', () => ({
    result: {
      ...{ event_time: `${now}000000`, instrument: 'BTC_USDT_Perp', mark_price: '92697.3', index_price: '92727.8' },
      ...{ funding_rate: '0.0037', next_funding_time: `${Date.UTC(2025, 11, 3, 23)}000000` },
    },
  }));
  const venue = createViaCcxt().find(({ id }) => id === 'ccxt-grvt');
  if (venue === undefined) throw new Error('no GRVT');
  const io = ioOf(venue, exchange.url, () => now);
  expect((await venue.poll(io)).snapshots).toMatchObject([{ rate: 0.000037, intervalH: null, nextFundingAt: Date.UTC(2025, 11, 3, 23) }]);
  // Sooner than the list's hour is over.
  hours = 8;
  now += 5 * 60_000;
  expect((await venue.poll(io)).snapshots).toMatchObject([{ rate: 0.000037, intervalH: 8 }]);
});

test('GRVT: settlements are asked for by interval, in ns, and read out of percent', async () => {
  const now = Date.UTC(2025, 9, 15, 9);
  exchange.route('POST', '/full/v1/all_instruments', () => ({ result: [GRVT_CONTRACT('BTC', 8)] }));
  const asked: unknown[] = [];
  exchange.route('POST', '/full/v1/funding', ({ body }) => {
    asked.push(body);
    const row = { instrument: 'BTC_USDT_Perp', mark_price: '112721.159060304', funding_interval_hours: '8' };
    return { result: [{ ...row, funding_rate: '-0.0034', funding_time: `${Date.UTC(2025, 9, 15, 8)}000000` }], next: '' };
  });
  const { venue, io } = venueAt('ccxt-grvt', now);
  const from = now - 10 * HOUR;
  expect(await settled(venue, io, 'BTC_USDT_Perp', from, now)).toMatchObject([
    { stamp: Date.UTC(2025, 9, 15, 8), rate: -0.000034, intervalH: 8 },
  ]);
  expect(asked[0]).toMatchObject({ instrument: 'BTC_USDT_Perp', agg_type: 'FUNDING_INTERVAL', end_time: `${now}000000` });
});

const INTX = (symbol: string, funding_interval: string, quote: object) => ({
  ...{ instrument_id: '149264164756389888', symbol, type: 'PERP', base_asset_name: symbol.split('-')[0], quote_asset_name: 'USDC' },
  ...{ base_increment: '0.0001', quote_increment: '0.01', open_interest: '1270.749', position_limit_qty: '1831.9527', base_imf: '0.1' },
  ...{ min_notional_value: '10', funding_interval, trading_state: 'TRADING', quote },
});

test('Coinbase International: predicted_funding, for the interval of its list in ns; the time of a quote is its own', async () => {
  const now = Date.UTC(2024, 1, 10, 16, 7, 40);
  const quote = { best_bid_price: '2490.8', best_ask_price: '2490.81', index_price: '2490.5', mark_price: '2490.8' };
  const told = { ...quote, predicted_funding: '0.000009', timestamp: '2024-02-10T16:07:39.454Z' };
  exchange.route('GET', '/api/v1/instruments', () => [INTX('ETH-PERP', '3600000000000', told), INTX('SOL-PERP', '28800000000000', told)]);
  const { venue, io } = venueAt('ccxt-coinbaseinternational', now);
  const { snapshots, venueTime } = await venue.poll(io);
  expect(venueTime).toBe(Date.UTC(2024, 1, 10, 16, 7, 39, 454));
  expect(snapshots).toMatchObject([
    { symbol: 'ETH-PERP', rate: 0.000009, intervalH: 1, mark: 2490.8, index: 2490.5, nextFundingAt: null },
    { symbol: 'SOL-PERP', rate: 0.000009, intervalH: 8 },
  ]);
  // No settlement is announced that could tell against its list.
  for (const snapshot of snapshots) expect(snapshot).not.toHaveProperty('intervalIsGuess');
});

test('Coinbase International: settlements by pages, the second begins behind the first', async () => {
  const now = Date.UTC(2024, 1, 10, 16, 7, 40);
  const last = Date.UTC(2024, 1, 10, 16);
  exchange.route('GET', '/api/v1/instruments', () => [INTX('ETH-PERP', '3600000000000', {})]);
  const all = Array.from({ length: 150 }, (_, n) => ({
    instrument_id: '149264167780483072',
    funding_rate: '0.000011',
    mark_price: '47388.1',
    event_time: new Date(last - n * HOUR).toISOString().replace('.000', ''),
  }));
  exchange.route('GET', '/api/v1/instruments/ETH-PERP/funding', ({ query }) => {
    const [offset, limit] = [Number(query.get('result_offset')), Number(query.get('result_limit'))];
    return { pagination: { result_limit: String(limit), result_offset: String(offset) }, results: all.slice(offset, offset + limit) };
  });
  const { venue, io } = venueAt('ccxt-coinbaseinternational', now);
  const rows = await settled(venue, io, 'ETH-PERP', last - 120 * HOUR, now);
  expect(rows.map(({ stamp }) => stamp)).toEqual(Array.from({ length: 120 }, (_, n) => last - (119 - n) * HOUR));
  expect(rows.every(({ rate }) => rate === 0.000011)).toBe(true);
});

test('Derive: the rate of an hour as it is now, not the last one of its history; nothing of that is a payment', async () => {
  const now = 1_736_140_984_500;
  const details = { index: 'BTC-USD', max_rate_per_hour: '0.004', min_rate_per_hour: '-0.004', static_interest_rate: '0.0000125' };
  const perpetual = {
    ...{ instrument_type: 'perp', instrument_name: 'BTC-PERP', is_active: true, tick_size: '0.1', minimum_amount: '0.01' },
    ...{ maximum_amount: '10000', amount_step: '0.001', base_currency: 'BTC', quote_currency: 'USD' },
  };
  exchange.route('POST', '/public/get_all_instruments', ({ body }) => {
    const { instrument_type } = body as { instrument_type: string };
    const listed = { ...perpetual, perp_details: { ...details, aggregate_funding: '10538.5', funding_rate: '0.0000125' } };
    return { result: { instruments: instrument_type === 'perp' ? [listed] : [] } };
  });
  const row = { ...perpetual, perp_details: { ...details, aggregate_funding: '10512.5', funding_rate: '-0.000022223906766867' } };
  const prices = { index_price: '99577.2', mark_price: '99543.642926357933902181684970855712890625', timestamp: 1_736_140_984_000 };
  exchange.route('POST', '/public/get_ticker', () => ({ result: { ...row, ...prices, stats: { open_interest: '72.8' } } }));
  const { venue, io } = venueAt('ccxt-derive', now);
  const { snapshots } = await venue.poll(io);
  expect(snapshots).toMatchObject([{ symbol: 'BTC-PERP', rate: -0.000022223906766867, intervalH: 1, nextFundingAt: null, index: 99577.2 }]);
  expect(snapshots[0]).not.toHaveProperty('intervalIsGuess');
  expect(await settled(venue, io, 'BTC-PERP', 0, now)).toEqual([]);
  expect(await venue.oldest(io, 'BTC-PERP')).toBeNull();
});

test('Bullish: the rate of a ticker is a percentage, one that was settled a fraction; it serves ninety days', async () => {
  const now = Date.UTC(2026, 8, 22, 12, 30);
  const market = {
    ...{ marketId: '20069', symbol: 'BTC-USDC-PERP', quoteSymbol: 'USDC', baseSymbol: 'BTC', marketType: 'PERPETUAL' },
    ...{ settlementAssetSymbol: 'USDC', underlyingBaseSymbol: 'BTC', underlyingQuoteSymbol: 'USDC', contractMultiplier: '1' },
    ...{ marketEnabled: true, tickSize: '0.1000', quantityPrecision: '8', minQuantityLimit: '0.00050000', maxQuantityLimit: '200' },
    ...{ quotePrecision: '4', basePrecision: '8', pricePrecision: '4', costPrecision: '4' },
  };
  exchange.route('GET', '/trading-api/v1/markets', () => [market]);
  exchange.route('GET', '/trading-api/v1/markets/BTC-USDC-PERP/tick', () => ({
    ...{ createdAtDatetime: new Date(now - 1_000).toISOString(), createdAtTimestamp: String(now - 1_000), symbol: 'BTC-USDC-PERP' },
    ...{ last: '65927.0', markPrice: '65927.25', fundingRate: '-0.006250', openInterest: '100000.32452' },
  }));
  const earliest = now - 90 * 24 * HOUR;
  const stamps = Array.from({ length: 100 * 24 }, (_, n) => Date.UTC(2026, 8, 22, 11, 59, 59, 999) - n * HOUR);
  exchange.route('GET', '/trading-api/v1/history/markets/BTC-USDC-PERP/funding-rate', ({ query }) => {
    const [from, to] = ['gte', 'lte'].map((end) => Date.parse(query.get(`updatedAtDatetime[${end}]`) ?? ''));
    return stamps
      .filter((at) => at >= Math.max(from ?? 0, earliest) && at <= (to ?? 0))
      .slice(0, Number(query.get('_pageSize')))
      .map((at) => ({ fundingRate: '-0.0000625', updatedAtDatetime: new Date(at).toISOString() }));
  });
  const { venue, io } = venueAt('ccxt-bullish', now);
  const { snapshots } = await venue.poll(io);
  expect(snapshots).toMatchObject([{ symbol: 'BTC-USDC-PERP', rate: -0.0000625, intervalH: 1, mark: 65927.25, index: null }]);
  const rows = await settled(venue, io, 'BTC-USDC-PERP', now - 200 * HOUR, now);
  expect(rows).toHaveLength(200);
  expect(rows.every(({ rate }) => rate === -0.0000625)).toBe(true);
  expect(await venue.oldest(io, 'BTC-USDC-PERP')).toBe(Math.min(...stamps.filter((at) => at >= earliest)));
  // Nothing before them is asked for.
  const asked = exchange.requests.flatMap(({ query }) => query.get('updatedAtDatetime[gte]') ?? []);
  expect(Math.min(...asked.map((at) => Date.parse(at)))).toBeGreaterThanOrEqual(earliest);
});
