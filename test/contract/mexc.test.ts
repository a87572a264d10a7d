import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseData } from '#node/venues/mexc/body.ts';
import { parseDepth } from '#node/venues/mexc/book.ts';
import { parseDetail } from '#node/venues/mexc/contracts.ts';
import { historyOf, parseHistoryPage, parseKlines } from '#node/venues/mexc/history.ts';
import { createMexc } from '#node/venues/mexc/perpetuals.ts';
import { type MexcKnown, parseRates, readPoll, readTickers } from '#node/venues/mexc/rates.ts';
import { body, hasRecordings, sample } from '#test/support/bodies.ts';
import { type FakeExchange, startFakeExchange } from '#test/support/fake-exchange.ts';
import { ioOf } from '#test/support/venue-io.ts';

/*
 * Unverified: but for those that are called recorded, the bodies are the examples of the documentation (BTC_USDT, ETH_USDT) and rows made
 * after it: https://www.mexc.com/api-docs/futures/market-endpoints/get-ticker-contract-market-data, -/get-contract-info,
 * -/get-funding-rate, -/get-index-price-candles, -/get-order-book-depth.
 */
const AT = 1_761_883_095_759;
const NOW = AT + 300;
const NEXT = 1_761_897_600_000;
const HOUR = 3_600_000;
const saying = (text: string): unknown => expect.stringContaining(text);

const listings = parseDetail(body('mexc/detail.json'));
const known: MexcKnown = { listings, rates: parseRates(body('mexc/funding-rate.json')), ratesAreOld: false, lacks: () => true };
const tickers = readTickers(body('mexc/ticker.json'));
const poll = readPoll(tickers, known, NOW);
const row = (symbol: string, of = poll) => of.snapshots.find((snapshot) => snapshot.symbol === symbol);
const instrument = (symbol: string) => poll.instruments.find((one) => one.symbol === symbol);

describe('rates', () => {
  test('a linear row whole: contracts of 0.0001 BTC, turnover in USDT, rate, interval and limits of the list of rates', () => {
    expect(row('BTC_USDT')).toEqual({
      symbol: 'BTC_USDT',
      rate: 0.000018,
      intervalH: 8,
      nextFundingAt: NEXT,
      mark: 109_168.9,
      index: 109_235,
      openInterest: 38_148.5808,
      volume24h: 10_374_579_341.002_11,
      interestPer8h: 0.0001,
      cap: 0.0018,
      floor: -0.0018,
    });
    expect(row('ETH_USDT')).toMatchObject({ rate: 0.000063, intervalH: 4, openInterest: 58_329.46 });
  });

  test('an inverse row: contracts of 100 USD are coins by the mark, and money as they stand', () => {
    expect(row('BTC_USD')).toMatchObject({ rate: -0.0002, volume24h: 12_000_000, convertedByMark: ['openInterest'] });
    expect(row('BTC_USD')?.openInterest).toBeCloseTo(5_400_000 / 109_168.9, 9);
    expect(instrument('BTC_USD')).toMatchObject({ asset: 'BTC', quote: 'USD', settle: 'BTC', contract: 'inverse', contractSize: 100 });
  });

  test('both multipliers, classes and dates', () => {
    expect(instrument('1000BONK_USDT')).toMatchObject({ asset: 'BONK', multiplier: 1_000, contractSize: 10 });
    expect(row('1000BONK_USDT')?.openInterest).toBe(10_000);
    expect(['BTC_USDT', 'TSLASTOCK_USDT', 'PAUSED_USDT'].map((symbol) => instrument(symbol)?.assetClass)).toEqual([
      'crypto',
      'equity',
      null,
    ]);
    expect(row('TSLASTOCK_USDT')?.interestPer8h).toBeNull();
    expect(instrument('BTC_USDT')?.listedAt).toBe(1_591_242_684_000);
    expect(instrument('ETH_USDT')?.listedAt).toBe(1_600_000_000_000);
  });

  test('a contract of another name than its coin: the coin is what the list calls it, so that it meets those of other venues', () => {
    const [btc] = (JSON.parse(body('mexc/detail.json')) as { data: object[] }).data;
    const filecoin = { ...btc, symbol: 'FILECOIN_USDT', baseCoin: 'FILECOIN', baseCoinName: 'FIL' };
    const inverse = { ...btc, symbol: 'BTC_USD', quoteCoin: 'USD', settleCoin: 'BTC', baseCoinName: undefined };
    const read = parseDetail(JSON.stringify({ success: true, code: 0, data: [filecoin, inverse] }));
    expect(read.get('FILECOIN_USDT')).toMatchObject({
      base: 'FIL',
      contract: 'linear',
      rules: { notes: expect.arrayContaining([saying('contracts of 0.0001 FIL')]) as unknown },
    });
    expect(read.get('BTC_USD')).toMatchObject({ base: 'BTC', contract: 'inverse' });
  });

  test('the time of a ticker is that of its last trade, and makes no row older; a settlement that has passed is none to come', () => {
    expect(poll.venueTime).toBe(AT);
    expect(row('1000BONK_USDT')).not.toHaveProperty('ageMs');
    expect(row('1000BONK_USDT')).toMatchObject({ intervalH: 1, nextFundingAt: null });
  });

  test('an interval of 0 and a limit of 0 say nothing; a list that is old is a guess, one that was never read says nothing', () => {
    expect(row('PAUSED_USDT')).toMatchObject({ intervalH: null, floor: -0.0018 });
    expect(row('PAUSED_USDT')).not.toHaveProperty('cap');
    // The rate of a list that could not be read lately is not the one that runs: the ticker's is.
    expect(row('BTC_USDT', readPoll(tickers, { ...known, ratesAreOld: true }, NOW))).toMatchObject({
      rate: 0,
      intervalH: 8,
      intervalIsGuess: true,
    });
    const without = readPoll(tickers, { ...known, rates: null, listings: null }, NOW);
    expect(row('BTC_USDT', without)).toMatchObject({ intervalH: null, nextFundingAt: null, openInterest: null, interestUnread: true });
    expect(without.refused).toContainEqual({ symbol: 'BTC_USD', reason: saying('its coins are not known') });
  });

  test('what has ended is closed, what is dated or not listed is left out, a bad row costs itself', () => {
    expect(poll.closed).toEqual(['GONE_USDT']);
    expect(poll.unlisted).toEqual(['STRANGE_USDT']);
    expect(row('BTCQ_USDT')).toBeUndefined();
    expect(poll.refused).toEqual([
      { symbol: 'MUTE_USDT', reason: 'no rate' },
      { symbol: 'NOPRICE_USDT', reason: 'mark price 0 is not above 0' },
      { symbol: 'no symbol', reason: 'a row without a symbol' },
      { symbol: 'no symbol', reason: 'a row without a symbol' },
    ]);
    expect(row('NOPRICE_USDT')).toMatchObject({ mark: null, openInterest: null, unconverted: { openInterest: 'no-contract-size' } });
  });
});

describe.runIf(hasRecordings)('recorded bodies', () => {
  test('settlements: a page of two, newest first; what is beyond the last page is nothing', () => {
    const text = sample('mexc', 'fetchFundingRateHistory');
    const { rows } = historyOf(
      'BTC_USDT',
      () => Promise.resolve([]),
      () => NOW,
    ).read(parseHistoryPage(text, 1));
    expect(rows.map(({ stamp, rate }) => [stamp, rate])).toEqual([
      [1_609_804_800_000, 0.000266],
      [1_609_776_000_000, 0.00029],
    ]);
    // It is page 1 of 11: asked for another one, the venue told the first again.
    expect(parseHistoryPage(text, 2)).toEqual([]);
    expect(parseHistoryPage(text.replace('"currentPage":1', '"currentPage":12'), 12)).toEqual([]);
  });

  test('the rate of one contract has the fields of the list of all', () => {
    const one = parseData(sample('mexc', 'fetchFundingRate'));
    const rates = parseRates(JSON.stringify({ success: true, code: 0, data: [one] }));
    const then = 1_643_240_373_359;
    const old = readPoll([{ ...(tickers[0] as object), timestamp: then, fundingRate: null }], { ...known, rates }, then);
    const limits = { cap: 0.003, floor: -0.003 };
    expect(row('BTC_USDT', old)).toMatchObject({ rate: 0.000014, intervalH: 8, nextFundingAt: 1_643_241_600_000, ...limits });
  });
});

describe('history, books and rules', () => {
  const window = { firstOpen: 1_761_876_000_000, lastOpen: 1_761_879_600_000 };

  test('klines: a list for each field, in seconds; hours beside the window are left out, lists of other lengths a fault', () => {
    const { closes, refused } = parseKlines(body('mexc/kline.json'), 'BTC_USDT', window);
    expect([...closes]).toEqual([
      [1_761_876_000_000 + HOUR, 109_358.4],
      [1_761_879_600_000 + HOUR, 108_788.3],
    ]);
    expect(refused).toEqual([]);
    const short = { success: true, code: 0, data: { time: [1], open: [], high: [1], low: [1], close: [1] } };
    expect(() => parseKlines(JSON.stringify(short), 'BTC_USDT', window)).toThrow(/differ in length/u);
  });

  test('books are in contracts', () => {
    const book = parseDepth(body('mexc/depth.json'), 'ETH_USDT', { contract: 'linear', contractSize: 0.01 }, NOW);
    expect(book.bids[0]).toEqual(['3445.55', '440.81']);
    expect(book.asks).toEqual([
      ['3445.72', '483.79'],
      ['3445.75', '349.94'],
    ]);
    expect(book.at).toBe(1_634_117_846_232);
  });

  test('risk levels: each by the contracts of the whole position; one level where it states no step; none by value', () => {
    expect(listings.get('ETH_USDT')?.rules).toMatchObject({
      lotStep: '1',
      minQuantity: '1',
      maxQuantity: '400000',
      tickSize: '0.1',
      contractSize: '0.01',
      maxLeverage: '125',
      maintenance: {
        kind: 'tiers',
        charge: 'whole',
        by: 'contracts',
        tiers: [
          { floor: '0', rate: '0.004', maxLeverage: '125.00' },
          { floor: '150000', rate: '0.008', maxLeverage: '83.33' },
          { floor: '300000', rate: '0.012', maxLeverage: '62.50' },
          { floor: '450000', rate: '0.016', maxLeverage: '50.00' },
          { floor: '600000', rate: '0.02', maxLeverage: '41.67' },
        ],
      },
    });
    expect(listings.get('ETH_USDT')?.rules.notes).toContain("The largest position that MEXC's risk levels hold is 750,000 contracts.");
    expect(listings.get('BTC_USDT')?.rules.maintenance).toMatchObject({ tiers: [{ floor: '0', rate: '0.001', maxLeverage: '500.00' }] });
    expect(listings.get('TSLASTOCK_USDT')?.rules).toMatchObject({
      maintenance: null,
      notes: expect.arrayContaining([saying('no maintenance')]) as unknown,
    });
  });
});

describe('through HTTP', () => {
  let exchange: FakeExchange;
  beforeEach(async () => {
    exchange = await startFakeExchange();
    exchange.route('GET', '/api/v1/contract/ticker', () => body('mexc/ticker.json'));
    exchange.route('GET', '/api/v1/contract/detail', () => body('mexc/detail.json'));
    exchange.route('GET', '/api/v1/contract/funding_rate', () => body('mexc/funding-rate.json'));
  });
  afterEach(() => exchange.close());

  test('a round is two requests, and the list of contracts once an hour', async () => {
    const venue = createMexc();
    const io = ioOf(venue, exchange.url, () => NOW);
    await venue.poll(io);
    await venue.poll(io);
    expect(exchange.requests.map(({ path }) => path.split('/').at(-1))).toEqual([
      'ticker',
      'detail',
      'funding_rate',
      'ticker',
      'funding_rate',
    ]);
  });

  test('without the list of rates the rates come, and it says so', async () => {
    exchange.fail({ kind: 'status', status: 503 }, { path: '/api/v1/contract/funding_rate' });
    const venue = createMexc();
    const first = await venue.poll(ioOf(venue, exchange.url, () => NOW));
    expect(first.notes).toEqual([saying('contract/funding_rate failed')]);
    expect(row('ETH_USDT', first)).toMatchObject({ rate: 0.000063, intervalH: null });
  });

  test.each([
    [510, 'rate-limited', 'asks for a pause'],
    [501, 'server', 'a fault of its own'],
    [406, 'blocked', 'does not serve this region'],
    [600, 'malformed', 'cannot read'],
  ])('code %i in a body of status 200 is %s', async (code, kind, user) => {
    exchange.fail({ kind: 'garbage', body: JSON.stringify({ success: false, code, message: 'said' }) });
    const venue = createMexc();
    const failure = { name: 'VenueError', kind, user: saying(user), message: saying(`${code} said`) };
    await expect(venue.poll(ioOf(venue, exchange.url, () => NOW))).rejects.toMatchObject(failure);
  });

  test('rules of what it does not list', async () => {
    const venue = createMexc();
    const io = ioOf(venue, exchange.url, () => NOW);
    await expect(venue.orderRules(io, 'NONE_USDT')).rejects.toMatchObject({ user: 'MEXC does not list NONE_USDT now.' });
    await expect(venue.orderRules(io, 'GONE_USDT')).rejects.toMatchObject({ user: 'MEXC does not list GONE_USDT now.' });
  });
});
