import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseOrderBook } from '#node/venues/bybit/book.ts';
import { BYBIT } from '#node/venues/bybit/host.ts';
import { parseInstruments } from '#node/venues/bybit/instruments.ts';
import { createBybitInverse, INVERSE } from '#node/venues/bybit/inverse.ts';
import { createBybit, LINEAR } from '#node/venues/bybit/linear.ts';
import { parseTickers } from '#node/venues/bybit/tickers.ts';
import { body, hasRecordings, sample } from '#test/support/bodies.ts';
import { type FakeExchange, startFakeExchange } from '#test/support/fake-exchange.ts';
import { ioOf } from '#test/support/venue-io.ts';

/*
 * BTCUSD of tickers is the example of https://bybit-exchange.github.io/docs/v5/market/tickers as it stands there, the first tier of
 * risk-limit that of https://bybit-exchange.github.io/docs/v5/market/risk-limit; instruments have the fields of
 * https://bybit-exchange.github.io/docs/v5/market/instrument. One contract is one US dollar, paid in the coin:
 * https://www.bybit.com/en/help-center/article/Inverse-Perpetual-Contract-Introduction
 */
const NOW = 1_672_376_497_000;
const { listings } = parseInstruments(INVERSE, body('bybit-inverse/instruments.json'));
const poll = parseTickers(INVERSE, body('bybit-inverse/tickers.json'), listings, NOW);
const row = (symbol: string) => poll.snapshots.find((snapshot) => snapshot.symbol === symbol);

let exchange: FakeExchange;
beforeEach(async () => void (exchange = await startFakeExchange()));
afterEach(() => exchange.close());

describe('tickers', () => {
  test('open interest in dollars becomes coins: what the venue itself says they are worth', () => {
    // openInterest 373504107 USD, openInterestValue 22505.67 BTC.
    expect(row('BTCUSD')?.openInterest).toBeCloseTo(22505.67, 2);
  });

  test('a row as it was recorded on 2026-09-25: dollars of both sides where one side is not stated, and a limit beside the rate', () => {
    const recorded = {
      ...{ symbol: 'BTCUSD', lastPrice: '83807.60', markPrice: '83822.10', indexPrice: '83876.10', openInterest: '462590534' },
      ...{ openInterestValue: '5518.71', fundingIntervalHour: '8', fundingCap: '0.005', nextFundingTime: '1790380800000' },
      fundingRate: '-0.0000392',
    };
    const text = JSON.stringify({ retCode: 0, result: { category: 'inverse', list: [recorded] }, time: 1_790_373_926_264 });
    const [snapshot] = parseTickers(INVERSE, text, null, 1_790_373_926_300).snapshots;
    expect(snapshot).toMatchObject({ rate: -0.0000392, intervalH: 8, mark: 83_822.1, index: 83_876.1, cap: 0.005, floor: -0.005 });
    expect(new Date(snapshot?.nextFundingAt ?? 0).toISOString()).toBe('2026-09-26T00:00:00.000Z');
    // What the venue itself says that they are worth in coins.
    expect(snapshot?.openInterest).toBeCloseTo(5_518.71, 1);
  });

  test('a row whole: the volume is its dollars, the rate of 8 h by the list', () => {
    expect(row('BTCUSD')).toEqual({
      symbol: 'BTCUSD',
      rate: -0.001034,
      intervalH: 8,
      nextFundingAt: 1_672_387_200_000,
      mark: 16_596,
      index: 16_598.54,
      openInterest: 373_504_107 / 16_596,
      convertedByMark: ['openInterest'],
      volume24h: 49_337_318,
      interestPer8h: 0.0001,
      cap: 0.00375,
      floor: -0.00375,
    });
  });

  test('one side of the open interest where the row states it, for the other counts each contract twice', () => {
    expect(row('ETHUSD')?.openInterest).toBeCloseTo(83_612.04, 2);
    expect(row('ETHUSD')).toMatchObject({ cap: 0.00375, floor: -0.00375, intervalH: 8 });
    const linear = { symbol: 'BTCUSDT', fundingRate: '0.0001', nextFundingTime: '1672387200000', markPrice: '84457.3' };
    const text = JSON.stringify({
      retCode: 0,
      result: { category: 'linear', list: [{ ...linear, openInterest: '56562.078', singleOpenInterest: '28281.039' }] },
      time: NOW,
    });
    expect(parseTickers(LINEAR, text, null, NOW).snapshots[0]?.openInterest).toBe(28_281.039);
  });

  test('without a mark dollars cannot be told as coins, and the row says so', () => {
    expect(row('XRPUSD')).toMatchObject({ openInterest: null, unconverted: { openInterest: 'no-price' }, volume24h: 275_600 });
  });

  test('dated futures are left out without a word, closed ones told of', () => {
    expect(poll.snapshots.map(({ symbol }) => symbol)).toEqual(['BTCUSD', 'ETHUSD', 'XRPUSD']);
    expect([poll.refused, poll.closed, poll.unlisted]).toEqual([[], ['OLDUSD'], []]);
    const alone = parseTickers(INVERSE, body('bybit-inverse/tickers.json'), null, NOW);
    expect(alone.snapshots.map(({ symbol }) => symbol)).toEqual(['BTCUSD', 'ETHUSD', 'XRPUSD', 'OLDUSD']);
    expect(alone.refused).toEqual([]);
  });

  test('inverse, quoted in USD, settled in the coin, a dollar a contract; also where the list is not there', () => {
    const alone = parseTickers(INVERSE, body('bybit-inverse/tickers.json'), null, NOW);
    for (const { instruments } of [poll, alone])
      expect(instruments[0]).toMatchObject({
        id: 'bybit-inverse:BTCUSD',
        asset: 'BTC',
        quote: 'USD',
        settle: 'BTC',
        contract: 'inverse',
        contractSize: 1,
      });
    expect(poll.instruments[0]).toMatchObject({ listedAt: 1_542_153_600_000, delistedAt: null, assetClass: 'crypto' });
  });

  test('the list of another category answers another question', () => {
    expect(() => parseTickers(INVERSE, body('bybit/tickers.json'), null, NOW)).toThrow(
      expect.objectContaining({
        kind: 'malformed',
        message: expect.stringContaining('Bybit inverse: asked for the tickers of inverse') as string,
      }),
    );
  });
});

test('book: dollars of each level at its own price', () => {
  expect(parseOrderBook(INVERSE, body('bybit-inverse/orderbook.json'), 'BTCUSD', NOW)).toEqual({
    bids: [
      ['16000.00', '10'],
      ['15999.50', '2'],
    ],
    asks: [
      ['16000.50', '0.5'],
      ['20000.00', '0.0025'],
    ],
    at: 1_672_376_495_990,
  });
});

test('rules: contracts of a dollar, tiers in the coin, margins in percent as shares', async () => {
  exchange.route('GET', '/v5/market/instruments-info', () => body('bybit-inverse/instruments.json'));
  exchange.route('GET', '/v5/market/risk-limit', () => body('bybit-inverse/risk-limit.json'));
  const venue = createBybitInverse();
  expect(
    await venue.orderRules(
      ioOf(venue, exchange.url, () => NOW),
      'BTCUSD',
    ),
  ).toEqual({
    lotStep: '1',
    minQuantity: '1',
    maxQuantity: '5000000',
    tickSize: '0.50',
    minNotional: null,
    maxNotional: null,
    contractSize: '1',
    maxLeverage: '100.00',
    maintenance: {
      kind: 'tiers',
      tiers: [
        { floor: '0', rate: '0.005', maxLeverage: '100' },
        { floor: '150', rate: '0.01', maxLeverage: '66.67', cum: '0.75' },
      ],
    },
    liquidationFee: null,
    notes: [
      'Bybit inverse counts in contracts of 1 USD.',
      'A market order holds at most 5,000,000 contracts.',
      'The largest position that Bybit inverse allows is worth 300 BTC.',
    ],
  });
});

test('every question names its category, and both markets have one host', async () => {
  for (const path of ['tickers', 'instruments-info', 'funding/history', 'mark-price-kline', 'index-price-kline', 'orderbook'])
    exchange.route('GET', `/v5/market/${path}`, () => ({ retCode: 10001, retMsg: 'no', result: {} }));
  const venue = createBybitInverse();
  const io = ioOf(venue, exchange.url, () => NOW);
  await expect(venue.poll(io)).rejects.toMatchObject({ kind: 'malformed' });
  for (const method of ['oldest', 'book', 'orderRules'] as const)
    await expect(venue[method](io, 'BTCUSD')).rejects.toMatchObject({ kind: 'malformed' });
  for (const method of ['settled', 'prices'] as const) {
    const pages = venue[method](io, 'BTCUSD', NOW - 5 * 3_600_000, NOW)[Symbol.asyncIterator]();
    await expect(pages.next()).rejects.toMatchObject({ kind: 'malformed' });
  }
  expect(exchange.requests.map(({ path }) => path)).toHaveLength(6);
  expect(new Set(exchange.requests.map(({ query }) => query.get('category')))).toEqual(new Set(['inverse']));
  expect([venue.host, createBybit().host]).toEqual([BYBIT, BYBIT]);
  expect(venue.onByDefault).toBe(false);
});

test.skipIf(!hasRecordings)('recorded open interest of BTCUSD is of the size of the example: dollars', () => {
  const { result } = JSON.parse(sample('bybit', 'fetchOpenInterest')) as { result: { list: { openInterest: string }[] } };
  const list = [{ symbol: 'BTCUSD', fundingRate: '0.0001', nextFundingTime: '1672387200000', markPrice: '16500', ...result.list[0] }];
  const text = JSON.stringify({ retCode: 0, result: { category: 'inverse', list }, time: NOW });
  expect(parseTickers(INVERSE, text, null, NOW).snapshots[0]?.openInterest).toBe(461_134_384 / 16_500);
});
