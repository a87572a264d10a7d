import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createDydx } from '#node/venues/dydx/perpetuals.ts';
import { parseBook, parseCandles, parseFunding } from '#node/venues/dydx/history.ts';
import { parseMarkets, readRates, rulesOf } from '#node/venues/dydx/rates.ts';
import { body, hasRecordings, sample } from '#test/support/bodies.ts';
import { type FakeExchange, startFakeExchange } from '#test/support/fake-exchange.ts';
import { ioOf } from '#test/support/venue-io.ts';

/**
 * Bodies after https://docs.dydx.xyz/indexer-client/http (perpetualMarkets, historicalFunding, candles, orderbooks); BTC, ETH, LINK and
 * MATIC, and the settlements, hold what the indexer said on 11 September 2026; margins and steps are made.
 */
const NOW = 1_789_146_300_000;
const HOUR = 3_600_000;
const saying = (text: string): unknown => expect.stringContaining(text);

let exchange: FakeExchange;
beforeEach(async () => void (exchange = await startFakeExchange()));
afterEach(() => exchange.close());

describe('perpetualMarkets', () => {
  const poll = readRates(parseMarkets(body('dydx/perpetualMarkets.json')), NOW);
  const rowOf = (symbol: string) => poll.snapshots.find((row) => row.symbol === symbol);

  test('a row whole: nextFundingRate is of one hour, the oracle is the index, and there is no mark', () => {
    expect(rowOf('LINK-USD')).toEqual({
      symbol: 'LINK-USD',
      rate: 0.00001665625,
      intervalH: 1,
      nextFundingAt: 1_789_149_600_000,
      mark: null,
      index: 11.775911208,
      openInterest: 28_956,
      volume24h: 26_888.834,
      interestPer8h: 0,
      // 600 % of (0.05 - 0.03), for 8 h.
      cap: 0.015,
      floor: -0.015,
    });
    expect(rowOf('ETH-USD')?.rate).toBe(-0.00000022767857142857);
    expect(rowOf('BTC-USD')).toMatchObject({ rate: 0, cap: 0.006, floor: -0.006 });
  });

  test('linear, priced in USD and settled in USDC; what it is of is not said', () => {
    expect(poll.instruments.find(({ symbol }) => symbol === 'LINK-USD')).toMatchObject({
      id: 'dydx:LINK-USD',
      asset: 'LINK',
      quote: 'USD',
      settle: 'USDC',
      contract: 'linear',
      contractSize: 1,
      multiplier: 1,
      assetClass: null,
    });
  });

  test('interest of an hour told for 8; where margins or interest are not said nothing is made of them', () => {
    expect(rowOf('EUR-USD')?.interestPer8h).toBeCloseTo(0.0001, 15);
    expect(rowOf('NOSAY-USD')).toMatchObject({ interestPer8h: null, interestUnread: true, index: 1e-9 });
    expect(rowOf('NOSAY-USD')).not.toHaveProperty('cap');
  });

  test('ended, not begun, and unusable ones', () => {
    expect(poll.closed).toEqual(['MATIC-USD']);
    expect(rowOf('NEW-USD')).toBeUndefined();
    expect(poll.refused).toEqual([
      { symbol: 'WILD-USD', reason: saying('beyond 10 % per hour') },
      { symbol: 'NORATE-USD', reason: 'no rate' },
      { symbol: saying('BUFFI'), reason: 'no market by that name' },
    ]);
  });

  test.each([
    ['{}', 'malformed'],
    ['{"markets":[]}', 'malformed'],
    ['{"markets":{}}', 'empty'],
    ['{"markets":{"A-USD":null}}', 'malformed'],
    ['{"errors":[{"msg":"Too many requests"}]}', 'malformed'],
  ])('%s is no market', (text, kind) => {
    expect(() => readRates(parseMarkets(text), NOW)).toThrow(expect.objectContaining({ name: 'VenueError', kind }));
  });
});

test('historicalFunding: rates of an hour, newest first, the oracle price beside them no mark; rows of before the window left out', () => {
  const [from, to] = [Date.UTC(2026, 8, 11, 14), Date.UTC(2026, 8, 11, 17, 0, 1)];
  const { rows, refused, items } = parseFunding(body('dydx/historicalFunding.json'), 'LINK-USD', from, to, NOW);
  const row = (at: string, rate: number) => ({ stamp: Date.parse(at), rate, intervalH: 1, mark: null, premium: null });
  expect(rows).toEqual([
    row('2026-09-11T17:00:00.234Z', 0.000004125),
    row('2026-09-11T16:00:00.622Z', 0.000114),
    row('2026-09-11T15:00:00.494Z', 0),
    row('2026-09-11T14:00:00.541Z', 0),
  ]);
  expect([refused, items.length]).toEqual([[], 4]);
  expect(() => parseFunding(body('dydx/historicalFunding.json'), 'BTC-USD', from, to, NOW)).toThrow(
    expect.objectContaining({ kind: 'malformed' }),
  );
});

test('a time without a zone is none', () => {
  const text = body('dydx/historicalFunding.json').replace('17:00:00.234Z', '17:00:00.234');
  expect(parseFunding(text, 'LINK-USD', 0, NOW, NOW).refused).toEqual([{ symbol: 'LINK-USD', reason: 'a settlement without a time' }]);
});

test.skipIf(!hasRecordings)('the recorded settlement', () => {
  const at = Date.parse('2025-07-25T11:00:00.013Z');
  expect(parseFunding(sample('dydx', 'fetchFundingRateHistory'), 'BTC-USD', 0, NOW, NOW).rows).toEqual([
    { stamp: at, rate: 0, intervalH: 1, mark: null, premium: null },
  ]);
});

test('candles: closes of trades', () => {
  const firstOpen = Date.UTC(2025, 6, 25, 9);
  const { closes } = parseCandles(body('dydx/candles.json'), 'BTC-USD', { firstOpen, lastOpen: firstOpen + HOUR });
  expect([...closes]).toEqual([
    [firstOpen + HOUR, 116_099],
    [firstOpen + 2 * HOUR, 116_150],
  ]);
});

test('a crossed book is uncrossed as if what crosses had been filled', () => {
  expect(parseBook(body('dydx/orderbook.json'), 'X-USD', NOW)).toEqual({
    // 2 at 101 meet 0.5 at 100, then 1.5 of the 2 at 100.5.
    bids: [
      ['100', '1.5'],
      ['99', '4'],
    ],
    asks: [
      ['100.5', '0.5'],
      ['102', '3'],
    ],
    at: null,
  });
  const all = JSON.stringify({ bids: [{ price: '5', size: '1' }], asks: [{ price: '4', size: '1' }] });
  expect(() => parseBook(all, 'X-USD', NOW)).toThrow(expect.objectContaining({ kind: 'empty' }));
});

test('rules: steps and margins as the market states them', () => {
  const markets = parseMarkets(body('dydx/perpetualMarkets.json'));
  expect(rulesOf(markets, 'BTC-USD')).toMatchObject({
    lotStep: '0.0001',
    minQuantity: '0.0001',
    tickSize: '1',
    contractSize: '1',
    maxLeverage: '50',
    maintenance: { kind: 'flat', rate: '0.012' },
    notes: [saying('initial margin grows')],
  });
  expect(rulesOf(markets, 'EUR-USD')?.notes).toEqual([
    saying('initial margin grows'),
    'dYdX allows isolated margin only here.',
    'dYdX takes no ordinary orders here now (POST_ONLY).',
  ]);
  expect([rulesOf(markets, 'MATIC-USD'), rulesOf(markets, 'NONE-USD')]).toEqual([null, null]);
});

test('what is asked: pages back by their end, candles to before the next hour', async () => {
  const to = Date.UTC(2026, 8, 11, 17, 0, 1);
  exchange.route('GET', '/v4/historicalFunding/LINK-USD', () => body('dydx/historicalFunding.json'));
  exchange.route('GET', '/v4/candles/perpetualMarkets/LINK-USD', () => ({ candles: [] }));
  const venue = createDydx();
  const io = ioOf(venue, exchange.url, () => to);
  for await (const page of venue.settled(io, 'LINK-USD', to - 4 * HOUR, to))
    expect(page.proven).toEqual({ from: to - 4 * HOUR, to: 1_789_146_000_234 });
  for await (const page of venue.prices(io, 'LINK-USD', to - 2 * HOUR, to)) expect(page.rows).toEqual([]);
  expect(exchange.requests.map(({ query }) => Object.fromEntries(query))).toEqual([
    { limit: '1000', effectiveBeforeOrAt: '2026-09-11T17:00:01.000Z' },
    { resolution: '1HOUR', fromISO: '2026-09-11T15:00:00.000Z', toISO: '2026-09-11T17:00:00.000Z', limit: '1000' },
  ]);
});
