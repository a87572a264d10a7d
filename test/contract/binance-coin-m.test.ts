import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { withOpenInterest } from '#core/venue.ts';
import { parseDepth, parseOpenInterest } from '#node/venues/binance/book.ts';
import { COIN_M, createBinanceCoinM } from '#node/venues/binance/coin-m.ts';
import { parseExchangeInfo } from '#node/venues/binance/exchange-info.ts';
import { parseFundingInfo } from '#node/venues/binance/funding-info.ts';
import { parseFundingRate } from '#node/venues/binance/history.ts';
import { parsePremiumIndex } from '#node/venues/binance/premium-index.ts';
import { parseVolumes } from '#node/venues/binance/volumes.ts';
import { createBinance } from '#node/venues/binance/usd-m.ts';
import { body, hasRecordings, sample } from '#test/support/bodies.ts';
import { type FakeExchange, startFakeExchange } from '#test/support/fake-exchange.ts';
import { ioOf } from '#test/support/venue-io.ts';

/*
 * Built from the examples of https://developers.binance.com/docs/derivatives/coin-margined-futures/market-data: the first two rows of
 * premiumIndex (Index-Price-and-Mark-Price), fundingRate and the shape of depth and exchangeInfo stand there as they are here; the
 * other rows have their fields. A contract of BTC is 100 USD, any other one 10 USD.
 */
const NOW = 1_596_094_043_000;
const lists = {
  listings: parseExchangeInfo(COIN_M, body('binance-coin-m/exchangeInfo.json'), NOW),
  adjusted: parseFundingInfo(COIN_M, body('binance-coin-m/fundingInfo.json'), NOW),
};
const premiumIndex = body('binance-coin-m/premiumIndex.json');
const poll = parsePremiumIndex(COIN_M, premiumIndex, lists, NOW);
const row = (symbol: string) => poll.snapshots.find((snapshot) => snapshot.symbol === symbol);
const instrument = (symbol: string) => poll.instruments.find((one) => one.symbol === symbol);

let exchange: FakeExchange;
beforeEach(async () => void (exchange = await startFakeExchange()));
afterEach(() => exchange.close());

describe('premiumIndex', () => {
  test('a row whole: 8 h is a guess where fundingInfo does not list it', () => {
    expect(row('BTCUSD_PERP')).toEqual({
      symbol: 'BTCUSD_PERP',
      rate: 0.00071003,
      intervalH: 8,
      intervalIsGuess: true,
      nextFundingAt: 1_596_096_000_000,
      mark: 11029.69574559,
      index: 10979.144375,
      openInterest: null,
      volume24h: null,
      interestPer8h: 0.0001,
      cap: null,
      floor: null,
    });
    expect(row('ADAUSD_PERP')).toMatchObject({ intervalH: 4, cap: 0.025, floor: -0.025 });
    expect(row('ADAUSD_PERP')).not.toHaveProperty('intervalIsGuess');
  });

  test('dated futures are left out without a word, delivered ones told of', () => {
    expect(poll.snapshots.map(({ symbol }) => symbol)).toEqual(['BTCUSD_PERP', 'ETHUSD_PERP', 'BNBUSD_PERP', 'ADAUSD_PERP']);
    expect([poll.refused, poll.closed, poll.unlisted]).toEqual([[], ['OLDUSD_PERP'], []]);
  });

  test('inverse, quoted in USD, settled in the coin, 100 and 10 dollars a contract', () => {
    expect(instrument('BTCUSD_PERP')).toMatchObject({
      id: 'binance-coin-m:BTCUSD_PERP',
      asset: 'BTC',
      quote: 'USD',
      settle: 'BTC',
      contract: 'inverse',
      contractSize: 100,
      assetClass: 'crypto',
      listedAt: 1_595_300_400_000,
      delistedAt: null,
    });
    expect(instrument('ETHUSD_PERP')?.contractSize).toBe(10);
  });

  test('without the lists: coins by the name, and no size of a contract is made up, nor an interval', () => {
    const alone = parsePremiumIndex(COIN_M, premiumIndex, { listings: null, adjusted: null }, NOW);
    expect(alone.instruments[0]).toMatchObject({ asset: 'BTC', settle: 'BTC', contract: 'inverse', contractSize: null });
    expect(alone.snapshots.map(({ symbol, intervalH }) => [symbol, intervalH])).toEqual(
      ['BTCUSD_PERP', 'ETHUSD_PERP', 'BNBUSD_PERP', 'ADAUSD_PERP'].map((symbol) => [symbol, null]),
    );
    expect(alone.refused).toEqual([]);
  });

  test('an empty fundingInfo says that nothing was adjusted', () => {
    const adjusted = parseFundingInfo(COIN_M, '[]', NOW);
    const none = parsePremiumIndex(COIN_M, premiumIndex, { ...lists, adjusted }, NOW);
    expect(none.snapshots.map(({ intervalH, intervalIsGuess }) => [intervalH, intervalIsGuess])).toEqual(
      Array.from({ length: 4 }, () => [8, true]),
    );
    expect(() => parseFundingInfo(COIN_M, '{"code":-1121,"msg":"why"}', NOW)).toThrow(expect.objectContaining({ kind: 'malformed' }));
  });
});

test('fundingRate has no mark, and lacks nothing by that', () => {
  const { rows, items, refused } = parseFundingRate(COIN_M, body('binance-coin-m/fundingRate.json'), 'BTCUSD_PERP', NOW);
  expect(rows).toEqual(
    [1_596_038_400_000, 1_596_067_200_000].map((stamp) => ({ stamp, rate: -0.003, intervalH: null, mark: null, premium: null })),
  );
  expect(refused).toEqual([]);
  // Also today: none is documented.
  const today = JSON.stringify([{ symbol: 'BTCUSD_PERP', fundingTime: 1_794_700_800_000, fundingRate: '0.0001' }]);
  expect(parseFundingRate(COIN_M, today, 'BTCUSD_PERP', 1_794_770_400_500).items).toEqual([{ stamp: 1_794_700_800_000, whole: true }]);
  expect(items.every(({ whole }) => whole)).toBe(true);
});

test('book: contracts of 100 dollars, each level at its own price', async () => {
  expect(parseDepth(COIN_M, body('binance-coin-m/depth.json'), 'BTCUSD_PERP', NOW, 100)).toEqual({
    bids: [
      ['9638.0', '4.47188213322266030296742'],
      ['9600.0', '1'],
    ],
    asks: [
      ['10000.0', '0.12'],
      ['12500.0', '0.04'],
    ],
    at: 1_596_094_042_370,
  });
  expect(() => parseDepth(COIN_M, body('binance-coin-m/depth.json'), 'ETHUSD_PERP', NOW, 10)).toThrow(
    expect.objectContaining({ kind: 'malformed' }),
  );
  exchange.route('GET', '/dapi/v1/exchangeInfo', () => body('binance-coin-m/exchangeInfo.json'));
  exchange.route('GET', '/dapi/v1/depth', () => body('binance-coin-m/depth.json'));
  const venue = createBinanceCoinM();
  const io = ioOf(venue, exchange.url, () => NOW);
  expect((await venue.book(io, 'BTCUSD_PERP')).asks[0]).toEqual(['10000.0', '0.12']);
});

test('rules: contracts, no least money, and what the brackets would say is an assumption', async () => {
  exchange.route('GET', '/dapi/v1/exchangeInfo', () => body('binance-coin-m/exchangeInfo.json'));
  const venue = createBinanceCoinM();
  const io = ioOf(venue, exchange.url, () => NOW);
  expect(await venue.orderRules(io, 'BTCUSD_PERP')).toEqual({
    lotStep: '1',
    minQuantity: '1',
    maxQuantity: '60000',
    tickSize: '0.1',
    minNotional: null,
    maxNotional: null,
    contractSize: '100',
    maxLeverage: null,
    maintenance: { kind: 'flat', rate: '0.005' },
    liquidationFee: '0.010000',
    notes: [
      'Binance counts in contracts of 100 USD.',
      expect.stringContaining('only with an API key') as string,
      'A market order holds at most 60,000 contracts.',
    ],
  });
  await expect(venue.orderRules(io, 'NOSUCH')).rejects.toMatchObject({ user: 'Binance COIN-M does not list NOSUCH now.' });
});

test('one host for both markets, and a weight of its own below its own address', async () => {
  const venue = createBinanceCoinM();
  expect(venue.host).toBe(createBinance().host);
  expect([venue.url, venue.onByDefault, venue.bookCost]).toEqual(['https://dapi.binance.com', false, { 'coin-weight': 10 }]);
  const asked: [string, object][] = [];
  const io = {
    now: NOW,
    request: ({ path, cost }: { path: string; cost: object }) => {
      asked.push([path, cost]);
      return Promise.resolve(path.includes('premiumIndex') ? premiumIndex : '[]');
    },
  };
  await venue.poll(io);
  expect(asked).toEqual([
    ['/dapi/v1/premiumIndex', { 'coin-weight': 10 }],
    ['/dapi/v1/exchangeInfo', { 'coin-weight': 1 }],
    ['/dapi/v1/fundingInfo', { 'coin-weight': 1 }],
    ['/dapi/v1/ticker/24hr', { 'coin-weight': 40 }],
  ]);
});

test('hourly prices of the index are asked for by the pair, also before the list was read', async () => {
  const venue = createBinanceCoinM();
  const asked: string[] = [];
  const io = { now: NOW, request: ({ path }: { path: string }) => (asked.push(path), Promise.resolve('[]')) };
  for await (const page of venue.prices(io, 'BTCUSD_PERP', NOW - 3 * 3_600_000, NOW)) expect(page.rows).toEqual([]);
  expect(asked.map((path) => path.split('&')[0])).toEqual([]);
  const later = NOW + 90 * 86_400_000;
  const now = { ...io, now: later };
  for await (const page of venue.prices(now, 'BTCUSD_PERP', later - 3 * 3_600_000, later)) expect(page.rows).toEqual([]);
  expect(asked.map((path) => path.split('&')[0])).toEqual([
    '/dapi/v1/markPriceKlines?symbol=BTCUSD_PERP',
    '/dapi/v1/indexPriceKlines?pair=BTCUSD',
  ]);
});

test.skipIf(!hasRecordings)('recorded open interest: 26,542,436 contracts of 10 USD are what they are at the mark', () => {
  const told = parseOpenInterest(COIN_M, sample('binancecoinm', 'fetchOpenInterest'), 'ETHUSD_PERP', Date.now());
  expect(told).toEqual({ amount: 26_542_436, counted: 'contracts', at: 1_677_360_272_224 });
  const [snapshot, terms] = [row('ETHUSD_PERP'), instrument('ETHUSD_PERP')];
  if (snapshot === undefined || terms === undefined) throw new Error('no ETHUSD_PERP');
  expect(withOpenInterest({ ...snapshot, mark: 1600 }, told, terms)).toMatchObject({
    openInterest: 165_890.225,
    convertedByMark: ['openInterest'],
  });
});

/*
 * https://developers.binance.com/docs/derivatives/coin-margined-futures/market-data/rest-api/24hr-Ticker-Price-Change-Statistics: the row of its
 * example under the names of perpetuals. `volume` counts contracts (494,109 of 100 USD at 9,547.3 are some 5,190 coins, its `baseVolume`).
 */
test('the volume of a day is in contracts of 100 and 10 dollars, and needs no price', () => {
  const volumes = parseVolumes(COIN_M, body('binance-coin-m/ticker.json'), NOW);
  const { snapshots } = parsePremiumIndex(COIN_M, premiumIndex, { ...lists, volumes }, NOW);
  const of = (symbol: string) => snapshots.find((one) => one.symbol === symbol);
  expect([of('BTCUSD_PERP'), of('ETHUSD_PERP'), of('BNBUSD_PERP')].map((one) => one?.volume24h)).toEqual([49_410_900, 4_941_090, null]);
  expect(of('BTCUSD_PERP')).not.toHaveProperty('convertedByMark');
});
