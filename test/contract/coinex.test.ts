import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { settlementKey } from '#domain/time.ts';
import { parseLevels, parseMarkets } from '#node/venues/coinex/contracts.ts';
import { coarserInterval, inUnits, parseDepth, parseFundingHistory, parseKlines } from '#node/venues/coinex/history.ts';
import { createCoinex } from '#node/venues/coinex/perpetuals.ts';
import { type CoinexKnown, parseTickers, readPoll, readRates } from '#node/venues/coinex/rates.ts';
import { body, hasRecordings, sample } from '#test/support/bodies.ts';
import { type FakeExchange, startFakeExchange } from '#test/support/fake-exchange.ts';
import { ioOf } from '#test/support/venue-io.ts';

/*
 * Unverified: but for those that are called recorded, the bodies are made after the fields and examples of
 * https://docs.coinex.com/api/v2/futures/market/http/list-market, -/list-market-ticker, -/list-market-funding-rate,
 * -/list-market-funding-rate-history, -/list-market-depth, -/list-market-kline and -/list-market-position-level.
 */
const PAID = 1_715_731_200_000;
const NEXT = 1_715_760_000_000;
const NOW = 1_715_740_000_000;
const HOUR = 3_600_000;
const saying = (text: string): unknown => expect.stringContaining(text);

const listings = parseMarkets(body('coinex/market.json'), NOW);
const known: CoinexKnown = { listings, tickers: parseTickers(body('coinex/ticker.json')), lacks: () => true };
const rates = readRates(body('coinex/funding-rate.json'));
const poll = readPoll(rates, known, NOW);
const row = (symbol: string, of = poll) => of.snapshots.find((snapshot) => snapshot.symbol === symbol);
const instrument = (symbol: string) => poll.instruments.find((one) => one.symbol === symbol);

describe('rates', () => {
  test('a row whole: what runs is next_funding_rate, until next_funding_time; the latest one was paid', () => {
    expect(row('BTCUSDT')).toEqual({
      symbol: 'BTCUSDT',
      rate: 0.00021074,
      intervalH: 8,
      nextFundingAt: NEXT,
      mark: 62_443.05,
      index: 62_443.05,
      openInterest: 552.725,
      volume24h: 180_226_025.697_917_13,
      interestPer8h: 0,
      cap: 0.00375,
      floor: -0.00375,
    });
  });

  test('the interval is how far the settlement before and the one to come are apart, also when stamps are late', () => {
    expect(row('1000PEPEUSDT')).toMatchObject({ rate: 0.0015, intervalH: 4, nextFundingAt: PAID + 4 * HOUR, cap: 0.015 });
    expect(row('DAILYUSDT')?.intervalH).toBe(24);
    expect(row('ODDUSDT')).toMatchObject({ intervalH: null });
    expect(row('ODDUSDT')).not.toHaveProperty('cap');
    expect(Object.is(row('ODDUSDT')?.rate, 0)).toBe(true);
  });

  test('a row between two settlements, which names the next one and not yet the latest, states no interval of 16 h', () => {
    const rowOf = (latest_funding_time: number) => ({
      ...{ market: 'BTCUSDT', latest_funding_rate: '0', latest_funding_time, mark_price: '61602.22' },
      ...{ next_funding_rate: '0.0001', next_funding_time: NEXT + 8 * HOUR },
    });
    const read = (latest: number) =>
      readPoll([rowOf(latest)], { listings: null, tickers: null, lacks: () => true }, NEXT + 5_000).snapshots[0];
    expect(read(PAID)).toMatchObject({ rate: 0.0001, intervalH: null, nextFundingAt: NEXT + 8 * HOUR });
    expect(read(NEXT)?.intervalH).toBe(8);
  });

  test('a settlement that has passed is none to come', () => {
    expect(row('STUCKUSDT')).toMatchObject({ intervalH: 8, nextFundingAt: null });
  });

  test('an inverse row: contracts of 1 USD are coins by the mark, and money as they stand; older tickers do not tell the open interest', () => {
    expect(row('BTCUSD')).toMatchObject({ rate: -0.00012, volume24h: 3_387_000, convertedByMark: ['openInterest'], openInterestAt: NOW });
    expect(row('BTCUSD')?.openInterest).toBeCloseTo(2_566_879 / 61_590, 9);
    expect(instrument('BTCUSD')).toMatchObject({ asset: 'BTC', quote: 'USD', settle: 'BTC', contract: 'inverse', contractSize: 1 });
  });

  test('what is priced in USDC is settled in it', () => {
    expect(instrument('BTCUSDC')).toMatchObject({ asset: 'BTC', quote: 'USDC', settle: 'USDC', contract: 'linear' });
    expect(row('BTCUSDC')).toMatchObject({ openInterest: 12.5, openInterestAt: NOW, volume24h: 5_000 });
    expect(instrument('1000PEPEUSDT')).toMatchObject({ asset: 'PEPE', multiplier: 1_000 });
    expect(instrument('DAILYUSDT')?.delistedAt).toBe(1_819_704_600_000);
  });

  test('what has ended is closed, what is not open or not listed is left out, a bad row costs itself', () => {
    expect(poll.closed).toEqual(['GONEUSDT']);
    expect(poll.unlisted).toEqual(['STRANGEUSDT']);
    expect(row('SHUTUSDT')).toBeUndefined();
    expect(poll.refused).toEqual([
      { symbol: 'MUTEUSDT', reason: 'no rate' },
      { symbol: 'WILDUSDT', reason: saying('beyond 10 % per hour') },
      { symbol: 'NOPRICEUSDT', reason: 'mark price 0 is not above 0' },
      { symbol: 'no symbol', reason: 'a row without a market' },
      { symbol: 'no symbol', reason: 'a row without a market' },
    ]);
  });

  test('without the lists the rates come, with the mark beside them; of a name that may be inverse nothing is made up', () => {
    const bare = readPoll(rates, { listings: null, tickers: null, lacks: () => true }, NOW);
    expect(row('BTCUSDT', bare)).toMatchObject({ rate: 0.00021074, mark: 61_602.22, index: null, openInterest: null, volume24h: null });
    expect(bare.refused).toContainEqual({ symbol: 'BTCUSD', reason: saying('its coins are not known') });
  });
});

describe.runIf(hasRecordings)('recorded bodies', () => {
  test('rates: the one that runs, not the 0 that was paid', () => {
    const bare = readPoll(readRates(sample('coinex', 'fetchFundingRates')), { listings: null, tickers: null, lacks: () => true }, NOW);
    expect(bare.snapshots).toMatchObject([
      { symbol: 'BTCUSDT', rate: 0.00021074, intervalH: 8, nextFundingAt: NEXT, mark: 61_602.22, cap: 0.00375, floor: -0.00375 },
    ]);
  });

  test('the settlement: its stamp as it came, 21 s late, under the hour that it is of', () => {
    const { rows } = parseFundingHistory(sample('coinex', 'fetchFundingRateHistory'), 'BTCUSDT', NOW);
    expect(rows).toEqual([{ stamp: 1_715_731_221_761, rate: 0, intervalH: null, mark: null, premium: null }]);
    expect(settlementKey(1_715_731_221_761)).toBe(PAID);
  });
});

describe('history, books and rules', () => {
  test('settlements: what was paid, not the theoretical rate; newest first whichever way they come', () => {
    const text = body('coinex/history.json');
    const { rows } = parseFundingHistory(text, 'BTCUSDT', NOW);
    expect(rows.map(({ stamp, rate }) => [stamp, rate])).toEqual([
      [1_715_731_221_761, 0],
      [1_715_702_420_123, -0.00027732],
    ]);
    const turned = JSON.parse(text) as { data: unknown[] };
    turned.data.reverse();
    expect(parseFundingHistory(JSON.stringify(turned), 'BTCUSDT', NOW).rows).toEqual(rows);
    expect(() => parseFundingHistory(text, 'ETHUSDT', NOW)).toThrow(/told of BTCUSDT/u);
  });

  test('klines: those beside the window are left out', () => {
    const window = { firstOpen: 1_713_931_200_000, lastOpen: 1_713_934_800_000 };
    expect([...parseKlines(body('coinex/kline.json'), 'BTCUSDT', window).closes]).toEqual([
      [1_713_931_200_000 + HOUR, 66_988.53],
      [1_713_934_800_000 + HOUR, 66_999.95],
    ]);
  });

  test('books: coins of a linear contract, USD of an inverse one', () => {
    expect(inUnits(parseDepth(body('coinex/depth.json'), 'BTCUSDT', NOW), 'BTCUSDT', { contract: 'linear', contractSize: 1 })).toEqual({
      bids: [
        ['70851.93', '1.0314'],
        ['70850.93', '0.0021'],
      ],
      asks: [
        ['70851.94', '0.2119'],
        ['70851.95', '0.0004'],
      ],
      at: 1_712_824_003_252,
    });
    const raw = parseDepth(body('coinex/depth-inverse.json'), 'BTCUSD', NOW);
    const inverse = inUnits(raw, 'BTCUSD', { contract: 'inverse', contractSize: 1 });
    expect(Number(inverse.bids[0]?.[1])).toBeCloseTo(0.02, 12);
    expect(() => parseDepth(body('coinex/depth.json'), 'ETHUSDT', NOW)).toThrow(/told of BTCUSDT/u);
  });

  test('a book that does not reach half a percent asks for wider levels, of a power of ten', () => {
    const side = (from: number, step: number) => Array.from({ length: 50 }, (_, i) => [String(from + i * step), '1'] as const);
    const book = (mid: number, step: number) => ({ bids: side(mid - step, -step), asks: side(mid + step, step), at: null });
    // 0.5 % of 60,000 is 300, over 49 steps: more than 1.
    expect([coarserInterval(book(60_000, 1)), coarserInterval(book(60_000, 10)), coarserInterval(book(2, 0.0001))]).toEqual([
      '10',
      null,
      '0.001',
    ]);
    expect(coarserInterval(parseDepth(body('coinex/depth.json'), 'BTCUSDT', NOW))).toBeNull();
  });

  test('levels: each up to its amount of contracts, the whole position at the rate of its level', () => {
    expect(parseLevels(body('coinex/position-level.json'), 'BTCUSDT')).toEqual({
      maintenance: {
        kind: 'tiers',
        charge: 'whole',
        by: 'contracts',
        tiers: [
          { floor: '0', rate: '0.005', maxLeverage: '100' },
          { floor: '20', rate: '0.01', maxLeverage: '50' },
          { floor: '50', rate: '0.03', maxLeverage: '10' },
        ],
      },
      maxQuantity: '1000',
      notes: ["The largest position that CoinEx's levels hold is 1,000 contracts."],
    });
    expect(() => parseLevels(body('coinex/position-level.json'), 'ETHUSDT')).toThrow(/not in the answer/u);
  });

  test('rules of a market, with its tick where the list says it', () => {
    expect(listings.get('BTCUSDT')?.rules).toMatchObject({
      lotStep: '0.0001',
      minQuantity: '0.0001',
      tickSize: '0.5',
      contractSize: '1',
      maxLeverage: '100',
    });
    expect(listings.get('BTCUSD')?.rules).toMatchObject({ lotStep: '1', minQuantity: '10', tickSize: '0.01' });
    expect([...listings.keys()]).not.toContain('DATED');
  });
});

describe('through HTTP', () => {
  let exchange: FakeExchange;
  beforeEach(async () => {
    exchange = await startFakeExchange();
    for (const list of ['funding-rate', 'market', 'ticker', 'position-level'])
      exchange.route('GET', `/v2/futures/${list}`, () => body(`coinex/${list}.json`));
  });
  afterEach(() => exchange.close());

  test('a round is two requests, and the list of markets every five minutes', async () => {
    const venue = createCoinex();
    const io = ioOf(venue, exchange.url, () => NOW);
    await venue.poll(io);
    await venue.poll(io);
    const asked = exchange.requests.map(({ path }) => path.split('/').at(-1));
    expect(asked).toEqual(['funding-rate', 'market', 'ticker', 'funding-rate', 'ticker']);
  });

  test('without the tickers the rates come, and it says so', async () => {
    exchange.fail({ kind: 'status', status: 503 }, { path: '/v2/futures/ticker' });
    const venue = createCoinex();
    const first = await venue.poll(ioOf(venue, exchange.url, () => NOW));
    expect(first.notes).toEqual([saying('futures/ticker failed')]);
    expect(row('BTCUSDT', first)).toMatchObject({ rate: 0.00021074, index: null, openInterest: 7 });
  });

  test('where no market is open it has no rates', async () => {
    const closed = body('coinex/market.json').replaceAll('"is_market_available": true', '"is_market_available": false');
    exchange.route('GET', '/v2/futures/market', () =>
      closed.replace('"market": "BTCUSD",', '"is_market_available": false, "market": "BTCUSD",'),
    );
    exchange.route('GET', '/v2/futures/funding-rate', () => ({ code: 0, data: rates.slice(0, 3), message: 'OK' }));
    const venue = createCoinex();
    await expect(venue.poll(ioOf(venue, exchange.url, () => NOW))).rejects.toMatchObject({ kind: 'empty' });
  });

  test('a book of two answers: the coarse one counts from where the fine one ends, and a width that is refused costs nothing', async () => {
    const levels = (from: number, step: number, size: string) => Array.from({ length: 50 }, (_, i) => [String(from + i * step), size]);
    const depth = (bids: string[][], asks: string[][]) => ({
      code: 0,
      data: { market: 'BTCUSDT', depth: { bids, asks, updated_at: NOW } },
    });
    exchange.route('GET', '/v2/futures/depth', ({ query }) =>
      query.get('interval') === '0'
        ? depth(levels(59_999, -1, '1'), levels(60_001, 1, '1'))
        : depth(levels(59_990, -10, '12'), levels(60_010, 10, '12')),
    );
    const venue = createCoinex();
    const io = ioOf(venue, exchange.url, () => NOW);
    const { bids } = await venue.book(io, 'BTCUSDT');
    expect(bids.slice(48, 52)).toEqual([
      ['59951', '1'],
      ['59950', '1'],
      ['59940', '12'],
      ['59930', '12'],
    ]);
    exchange.route('GET', '/v2/futures/depth', ({ query }) =>
      query.get('interval') === '0' ? depth(levels(59_999, -1, '1'), levels(60_001, 1, '1')) : { code: 4_004, data: {}, message: 'said' },
    );
    expect((await venue.book(io, 'BTCUSDT')).bids).toHaveLength(50);
  });

  test.each([
    [4_213, 'rate-limited', 'asks for a pause'],
    [3_008, 'server', 'a fault of its own'],
    [4_007, 'blocked', 'does not serve this region'],
    [4_004, 'malformed', 'cannot read'],
  ])('code %i in a body of status 200 is %s', async (code, kind, user) => {
    exchange.fail({ kind: 'garbage', body: JSON.stringify({ code, data: {}, message: 'said' }) });
    const venue = createCoinex();
    const failure = { name: 'VenueError', kind, user: saying(user), message: saying(`${code} said`) };
    await expect(venue.poll(ioOf(venue, exchange.url, () => NOW))).rejects.toMatchObject(failure);
  });

  test('rules are of the market and its levels; what it does not list has none', async () => {
    const venue = createCoinex();
    const io = ioOf(venue, exchange.url, () => NOW);
    expect(await venue.orderRules(io, 'BTCUSDT')).toMatchObject({ tickSize: '0.5', maxQuantity: '1000', maintenance: { kind: 'tiers' } });
    await expect(venue.orderRules(io, 'NONE')).rejects.toMatchObject({ user: 'CoinEx does not list NONE now.' });
  });
});
