import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseBook, parseBuckets, parseFunding } from '#node/venues/bitmex/history.ts';
import { BITMEX } from '#node/venues/bitmex/host.ts';
import { createBitmex } from '#node/venues/bitmex/perpetuals.ts';
import { parseActive, readRates } from '#node/venues/bitmex/rates.ts';
import { body } from '#test/support/bodies.ts';
import { type FakeExchange, startFakeExchange } from '#test/support/fake-exchange.ts';
import { ioOf } from '#test/support/venue-io.ts';

/*
 * active.json: XBTUSD is recorded (2024-11-24, crates/adapters/bitmex/test_data/http_get_instrument_xbtusd.json of
 * github.com/nautechsystems/nautilus_trader); XRPUSDT and LTCUSDT are recorded (comments of clients of BitMEX) with their times moved; all
 * else is made. Fields are those of https://www.bitmex.com/api/explorer/#!/Instrument/Instrument_getActive, -/Funding_get,
 * -/Trade_getBucketed and -/OrderBook_getL2; funding is told of in https://www.bitmex.com/app/perpetualContractsGuide. Unverified:
 * settlements, candles and the book.
 */
const AT = Date.UTC(2024, 10, 24, 23, 33, 20, 307);
const NOW = AT + 400;
const HOUR = 3_600_000;
const saying = (text: string): unknown => expect.stringContaining(text);

const poll = readRates(parseActive(body('bitmex/active.json')), NOW);
const row = (symbol: string) => poll.snapshots.find((snapshot) => snapshot.symbol === symbol);
const instrument = (symbol: string) => poll.instruments.find((one) => one.symbol === symbol);

describe('rates', () => {
  test('an inverse row: the rate that is paid next, not the indicative one after it; XBT is BTC; contracts of 1 USD', () => {
    expect(row('XBTUSD')).toEqual({
      symbol: 'XBTUSD',
      rate: 0.00011,
      intervalH: 8,
      nextFundingAt: Date.UTC(2024, 10, 25, 4),
      mark: 97_849.76,
      index: 97_843.77,
      openInterest: 411_647_400 / 97_849.76,
      convertedByMark: ['openInterest'],
      volume24h: 419_742_700,
      // (0.06 % - 0.03 %) / 3.
      interestPer8h: 0.0001,
      // 75 % of (1 % - 0.5 %).
      cap: 0.00375,
      floor: -0.00375,
    });
    // By the venue's own value of it, in satoshis.
    expect(row('XBTUSD')?.openInterest).toBeCloseTo(420_691_293_378 / 1e8, 0);
    expect(instrument('XBTUSD')).toMatchObject({ asset: 'BTC', aliases: ['XBT'], quote: 'USD', settle: 'BTC', contract: 'inverse' });
    expect(instrument('XBTUSD')).toMatchObject({ contractSize: 1, assetClass: 'crypto', listedAt: Date.UTC(2016, 4, 13, 12) });
    expect(Math.abs((poll.venueTime ?? 0) - AT)).toBeLessThan(1_500);
  });

  test('linear rows: contracts of so much coin, which the venue values the same', () => {
    expect(instrument('XRPUSDT')).toMatchObject({ quote: 'USDT', settle: 'USDT', contract: 'linear', contractSize: 0.01 });
    expect(row('XRPUSDT')?.openInterest).toBeCloseTo(1_218_790, 6);
    expect((row('XRPUSDT')?.openInterest ?? 0) * 3.1081).toBeCloseTo(3_788_121_199_000 / 1e6, 3);
    expect(row('XRPUSDT')?.volume24h).toBeCloseTo(2_417.707, 6);
    expect(instrument('LTCUSDT')?.contractSize).toBe(0.0001);
    expect((row('LTCUSDT')?.openInterest ?? 0) * 143.811).toBeCloseTo(547_963_053_300 / 1e6, 3);
  });

  test('an interval of two hours; a row without the interest of its coins states none; a cap of its own margins', () => {
    expect(row('LTCUSDT')).toMatchObject({ intervalH: 2, rate: -0.0112, interestPer8h: null, interestUnread: true, cap: 0.01125 });
    expect(row('EURUSDT')).toMatchObject({ interestPer8h: 0 });
  });

  test('another coin, another class; a listing of the year 2200 is none', () => {
    expect(instrument('ETHUSD_ETH')).toMatchObject({ contract: 'inverse', settle: 'ETH', contractSize: 1, listedAt: null });
    expect(row('ETHUSD_ETH')?.openInterest).toBe(100);
    expect(instrument('EURUSDT')?.assetClass).toBe('currency');
  });

  test('quanto is refused with its reason; spot, indices and dated contracts are left out; what is settled is closed', () => {
    expect(poll.refused).toEqual([
      { symbol: 'ETHUSD', reason: saying('a quanto contract') },
      { symbol: 'ODDUSD', reason: saying('settles in ODd') },
      { symbol: 'MUTEUSDT', reason: 'no rate' },
    ]);
    expect(poll.closed).toEqual(['GONEUSDT']);
    expect(poll.snapshots.map(({ symbol }) => symbol)).toEqual(['XBTUSD', 'XRPUSDT', 'LTCUSDT', 'ETHUSD_ETH', 'EURUSDT']);
  });
});

describe('history and books', () => {
  test('a settlement with the interval of its own', () => {
    const text = JSON.stringify([
      {
        timestamp: '2024-11-25T04:00:00.000Z',
        symbol: 'XBTUSD',
        fundingInterval: '2000-01-01T08:00:00.000Z',
        fundingRate: 0.0001,
        fundingRateDaily: 0.0003,
      },
    ]);
    const stamp = Date.UTC(2024, 10, 25, 4);
    expect(parseFunding(text, 'XBTUSD', stamp + HOUR).rows).toEqual([{ stamp, rate: 0.0001, intervalH: 8, mark: null, premium: null }]);
    expect(() => parseFunding(text, 'ETHUSDT', stamp + HOUR)).toThrow();
  });

  test('an hour is stamped with its end, and opens where the one before closed, beyond its own high', () => {
    const open = Date.UTC(2024, 10, 25, 9);
    const hour = { timestamp: '2024-11-25T10:00:00.000Z', symbol: 'XBTUSD', open: 98_990, high: 98_980.5, low: 98_890, close: 98_950 };
    const { closes, refused } = parseBuckets(JSON.stringify([hour]), 'XBTUSD', { firstOpen: open, lastOpen: open });
    expect([...closes]).toEqual([[open + HOUR, 98_950]]);
    expect(refused).toEqual([]);
  });

  test('a book in contracts, both sides in one list, in coins of an inverse one at each price', () => {
    const level = (side: string, price: number, size: number) => ({ symbol: 'XBTUSD', id: price, side, size, price });
    const text = JSON.stringify([level('Sell', 200, 4_000), level('Sell', 110, 1_100), level('Buy', 100, 500), level('Buy', 50, 200)]);
    const book = parseBook(text, 'XBTUSD', { contract: 'inverse', contractSize: 1 }, NOW);
    expect(book.asks).toEqual([
      ['110', '10'],
      ['200', '20'],
    ]);
    expect(book.bids).toEqual([
      ['100', '5'],
      ['50', '4'],
    ]);
    expect(parseBook(text, 'XBTUSD', { contract: 'linear', contractSize: 0.01 }, NOW).asks[0]).toEqual(['110', '11']);
    expect(() => parseBook(text, 'ETHUSDT', { contract: 'linear', contractSize: 1 }, NOW)).toThrow();
  });
});

describe('through HTTP', () => {
  let exchange: FakeExchange;
  beforeEach(async () => {
    exchange = await startFakeExchange();
    exchange.route('GET', '/api/v1/instrument/active', () => body('bitmex/active.json'));
  });
  afterEach(() => exchange.close());

  test('a round is one request; rules of what a contract is', async () => {
    const venue = createBitmex();
    const io = ioOf(venue, exchange.url, () => NOW);
    await venue.poll(io);
    expect(exchange.requests).toHaveLength(1);
    expect(await venue.orderRules(io, 'XBTUSD')).toMatchObject({
      lotStep: '100',
      maxQuantity: '10000000',
      tickSize: '0.1',
      contractSize: '1',
      maxLeverage: '100',
      maintenance: { kind: 'flat', rate: '0.005' },
      notes: ['BitMEX asks for more margin of a position worth more than 200 BTC; here it is the least.'],
    });
    expect(await venue.orderRules(io, 'XRPUSDT')).toMatchObject({ contractSize: '0.01', lotStep: '1000' });
    for (const symbol of ['ETHUSD', 'GONEUSDT', 'NOSUCH'])
      await expect(venue.orderRules(io, symbol)).rejects.toMatchObject({ user: `BitMEX does not list ${symbol} now.` });
  });

  test.each([
    [{ message: 'Rate limit exceeded, retry in 1 seconds.', name: 'RateLimitError' }, 'rate-limited', 'asks for a pause'],
    [{ message: 'The system is currently overloaded. Please try again later.', name: 'HTTPError' }, 'server', 'a fault of its own'],
    [{ message: 'Invalid symbol.', name: 'HTTPError' }, 'malformed', 'cannot read'],
  ])('%s in a body of status 200 is %s', async (error, kind, user) => {
    exchange.fail({ kind: 'garbage', body: JSON.stringify({ error }) });
    const venue = createBitmex();
    await expect(venue.poll(ioOf(venue, exchange.url, () => NOW))).rejects.toMatchObject({ kind, user: saying(user) });
  });

  test('what its headers count is heard', () => {
    expect(BITMEX.spent?.({ 'x-ratelimit-limit': '30', 'x-ratelimit-remaining': '12' }, '/api/v1/funding')).toEqual({ ip: 18 });
    expect(BITMEX.spent?.({ 'x-ratelimit-limit': '30' }, '/api/v1/funding')).toEqual({});
  });
});
