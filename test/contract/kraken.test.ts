import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseInstruments } from '#node/venues/kraken/contracts.ts';
import { parseBook, parseCandles, parseHistory, readHistory } from '#node/venues/kraken/history.ts';
import { createKraken } from '#node/venues/kraken/perpetuals.ts';
import { type KrakenKnown, parseTickers } from '#node/venues/kraken/rates.ts';
import { body, hasRecordings, recording } from '#test/support/bodies.ts';
import { type FakeExchange, startFakeExchange } from '#test/support/fake-exchange.ts';
import { ioOf } from '#test/support/venue-io.ts';

/*
 * tickers: PF_ENJUSD and PF_BANUSD are recorded, PI_XBTUSD is of 2022-01-24; rows beside them are made. Fields are those of
 * https://docs.kraken.com/api/docs/futures-api/trading/get-tickers, -/get-instruments, -/get-orderbook, -/historical-funding-rates and
 * https://docs.kraken.com/api/docs/futures-api/charts/candles. Unverified: instruments, orderbook and candles.
 */
const AT = Date.UTC(2025, 9, 22, 11, 2, 26);
const NOW = AT + 300;
const HOUR = 3_600_000;
const saying = (text: string): unknown => expect.stringContaining(text);

const known: KrakenKnown = { listings: parseInstruments(body('kraken/instruments.json')), lacks: () => true };
const poll = parseTickers(body('kraken/tickers.json'), known, NOW);
const row = (symbol: string, of = poll) => of.snapshots.find((snapshot) => snapshot.symbol === symbol);
const instrument = (symbol: string) => poll.instruments.find((one) => one.symbol === symbol);

describe('rates', () => {
  test('a linear row: the amount divided by the index; coins; every hour on the hour by the server time', () => {
    expect(row('PF_ENJUSD')).toEqual({
      symbol: 'PF_ENJUSD',
      rate: -7.564_147_170_67e-7 / 0.043391,
      intervalH: 1,
      nextFundingAt: Date.UTC(2025, 9, 22, 12),
      mark: 0.0434,
      index: 0.043391,
      openInterest: 72_513,
      volume24h: 73.5216,
      interestPer8h: null,
      cap: 0.005,
      floor: -0.005,
    });
    expect(poll.venueTime).toBe(AT);
  });

  test('not by the mark: where it and the index part, that overshoots the limit of the contract', () => {
    expect(row('PF_BANUSD')?.rate).toBeCloseTo(-0.002_442_94, 8);
    expect(-0.000_332_662_867_745_574 / 0.126_640_89).toBeLessThan(-0.0025);
  });

  test('limits are those of the contract, not one for all; beyond its own the price has moved since it was set', () => {
    expect(row('PF_TUSD')).toMatchObject({ cap: 0.02, floor: -0.019 });
    expect(row('PF_TUSD')?.rate).toBe(-0.019);
    expect(row('PF_HIGHUSD')?.rate).toBe(0.0025);
    const without = parseTickers(body('kraken/tickers.json'), { listings: null, lacks: () => false }, NOW);
    expect(row('PF_HIGHUSD', without)).toMatchObject({ rate: 0.01 });
    expect(row('PF_HIGHUSD', without)).not.toHaveProperty('cap');
  });

  test('an inverse row: coins per dollar times the index; contracts of 1 USD', () => {
    const found = row('PI_XBTUSD');
    expect(found?.rate).toBeCloseTo(3.554_443_48e-10 * 36_300, 12);
    expect(found?.openInterest).toBeCloseTo(89_423_744 / 36_339.5, 6);
    expect(found).toMatchObject({ volume24h: 341_903_278, convertedByMark: ['openInterest'] });
    expect(instrument('PI_XBTUSD')).toMatchObject({ asset: 'BTC', settle: 'BTC', contract: 'inverse', contractSize: 1 });
    expect(instrument('PF_XBTUSD')).toMatchObject({ asset: 'BTC', aliases: ['XBT'], quote: 'USD', settle: 'USD', contract: 'linear' });
  });

  test('classes and dates', () => {
    expect(instrument('PF_AAPLXUSD')?.assetClass).toBe('equity');
    expect(instrument('PF_XBTUSD')).toMatchObject({ assetClass: 'crypto', listedAt: Date.UTC(2022, 2, 22, 15) });
  });

  test('indices and dated contracts are left out; what ended is closed; without an index there is no rate', () => {
    expect(poll.closed).toEqual(['PF_GONEUSD']);
    expect(poll.unlisted).toEqual(['PF_UNKNOWNUSD']);
    expect(poll.refused).toEqual([
      { symbol: 'PF_NOINDEXUSD', reason: saying('there is no index to divide it by') },
      { symbol: 'PV_XRPXBT', reason: saying('neither a linear contract') },
      { symbol: 'PF_MUTEUSD', reason: 'no rate' },
      { symbol: 'no symbol', reason: 'a row without a symbol' },
    ]);
  });
});

describe.runIf(hasRecordings)('recorded bodies', () => {
  interface Sample {
    readonly method: string;
    readonly httpResponse: unknown;
  }
  const samples = (): readonly Sample[] => JSON.parse(recording('venue-samples/krakenfutures.json')) as Sample[];

  test('rates of two days, as numbers and as text', () => {
    const [first, , second] = samples().map(({ httpResponse }) => JSON.stringify(httpResponse));
    const rateIn = (text = '{}') => parseTickers(text, { listings: null, lacks: () => false }, NOW).snapshots[0]?.rate;
    expect(rateIn(first)).toBeCloseTo(-0.000_017_432_5, 10);
    expect(rateIn(second)).toBeCloseTo(-0.002_442_943, 9);
  });

  test('settlements: the share, not the amount', () => {
    const text = JSON.stringify(samples().find(({ method }) => method === 'fetchFundingRateHistory')?.httpResponse);
    const { rows } = readHistory(parseHistory(text), 'PF_ENJUSD', NOW);
    expect(rows).toEqual([{ stamp: Date.UTC(2018, 7, 31, 16), rate: 0.000_060_779_96, intervalH: null, mark: null, premium: null }]);
  });
});

describe('history, books and rules', () => {
  test('candles in milliseconds; hours beside the window are left out', () => {
    const window = { firstOpen: 1_645_196_400_000, lastOpen: 1_645_196_400_000 };
    expect([...parseCandles(body('kraken/candles.json'), 'PF_ETHUSD', window).closes]).toEqual([[1_645_196_400_000 + HOUR, 308.85]]);
  });

  test('books: coins of linear contracts, dollars of inverse ones', () => {
    const linear = parseBook(body('kraken/orderbook.json'), 'PF_XBTUSD', { contract: 'linear', contractSize: 1 }, NOW);
    expect(linear.bids[0]).toEqual(['4213', '2000']);
    expect(linear.at).toBe(Date.UTC(2016, 1, 25, 9, 45, 53, 818));
    const inverse = parseBook(body('kraken/orderbook.json'), 'PI_XBTUSD', { contract: 'inverse', contractSize: 1 }, NOW);
    expect(Number(inverse.asks[0]?.[1])).toBeCloseTo(4_000 / 4_218, 12);
  });

  test('margin levels: by dollars, or by contracts of an inverse one; lots of so many decimals', () => {
    expect(known.listings?.get('PF_XBTUSD')?.rules).toMatchObject({
      lotStep: '0.0001',
      tickSize: '0.0001',
      maxQuantity: '1200',
      maxLeverage: '50.00',
      maintenance: {
        charge: 'whole',
        by: 'notional',
        tiers: [
          { floor: '0', rate: '0.01', maxLeverage: '50.00' },
          { floor: '500000', rate: '0.02', maxLeverage: '25.00' },
        ],
      },
    });
    expect(known.listings?.get('PI_XBTUSD')?.rules).toMatchObject({ lotStep: '1', maintenance: { by: 'contracts', charge: 'whole' } });
    expect(known.listings?.get('PF_AAPLXUSD')?.rules.maintenance).toBeNull();
  });
});

describe('through HTTP', () => {
  let exchange: FakeExchange;
  beforeEach(async () => {
    exchange = await startFakeExchange();
    for (const list of ['tickers', 'instruments']) exchange.route('GET', `/derivatives/api/v3/${list}`, () => body(`kraken/${list}.json`));
  });
  afterEach(() => exchange.close());

  test('a round is one request; what does not trade has no rules', async () => {
    const venue = createKraken();
    const io = ioOf(venue, exchange.url, () => NOW);
    await venue.poll(io);
    await venue.poll(io);
    expect(exchange.requests.map(({ path }) => path.split('/').at(-1))).toEqual(['tickers', 'instruments', 'tickers']);
    await expect(venue.orderRules(io, 'PF_GONEUSD')).rejects.toMatchObject({ user: 'Kraken does not list PF_GONEUSD now.' });
  });

  test('all settlements are one request, however many pages they make', async () => {
    const start = Date.UTC(2025, 0, 1);
    const rates = Array.from({ length: 5_000 }, (_, n) => ({
      timestamp: new Date(start + n * HOUR).toISOString(),
      relativeFundingRate: '0.00001',
    }));
    exchange.route('GET', '/derivatives/api/v4/historicalfundingrates', () => ({ rates }));
    const venue = createKraken();
    let rows = 0;
    for await (const page of venue.settled(
      ioOf(venue, exchange.url, () => start + 5_000 * HOUR),
      'PF_XBTUSD',
      start - 1,
      start + 5_000 * HOUR,
    ))
      rows += page.rows.length;
    expect(rows).toBe(5_000);
    expect(exchange.requests).toHaveLength(1);
  });

  test.each([
    ['apiLimitExceeded', 'rate-limited', 'asks for a pause'],
    ['Unavailable', 'server', 'a fault of its own'],
    ['requiredArgumentMissing', 'malformed', 'cannot read'],
  ])('%s in a body of status 200 is %s', async (error, kind, user) => {
    exchange.fail({ kind: 'garbage', body: JSON.stringify({ result: 'error', error, serverTime: '2025-10-22T11:02:26.000Z' }) });
    const venue = createKraken();
    await expect(venue.poll(ioOf(venue, exchange.url, () => NOW))).rejects.toMatchObject({ kind, user: saying(user) });
  });
});
