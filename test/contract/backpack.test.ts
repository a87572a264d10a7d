import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseMarkets } from '#node/venues/backpack/contracts.ts';
import { historyOf, parseDepth, parseFundingRates, parseKlines, withoutRunning } from '#node/venues/backpack/history.ts';
import { createBackpack } from '#node/venues/backpack/perpetuals.ts';
import { type BackpackKnown, bySymbol, readPoll, readMarkPrices } from '#node/venues/backpack/rates.ts';
import { body, hasRecordings, sample } from '#test/support/bodies.ts';
import { type FakeExchange, startFakeExchange } from '#test/support/fake-exchange.ts';
import { ioOf } from '#test/support/venue-io.ts';

/*
 * Unverified: but for those that are called recorded, the bodies are made after the fields of https://docs.backpack.exchange
 * (#tag/Markets/operation/get_markets, -/get_mark_prices, -/get_open_interest, -/get_tickers, -/get_funding_interval_rates, -/get_klines
 * and -/get_depth).
 */
const NOW = 1_790_133_798_064;
const NEXT = 1_790_136_000_000;
const HOUR = 3_600_000;
const saying = (text: string): unknown => expect.stringContaining(text);

const listings = parseMarkets(body('backpack/markets.json'));
const known: BackpackKnown = {
  listings,
  listingsAreOld: false,
  interests: bySymbol(body('backpack/openInterest.json'), 'openInterest'),
  tickers: bySymbol(body('backpack/tickers.json'), 'tickers'),
  lacks: () => true,
};
const NOTHING: BackpackKnown = { listings: null, listingsAreOld: true, interests: null, tickers: null, lacks: () => true };
const rows = readMarkPrices(body('backpack/markPrices.json'));
const poll = readPoll(rows, known, NOW);
const row = (symbol: string, of = poll) => of.snapshots.find((snapshot) => snapshot.symbol === symbol);
const instrument = (symbol: string) => poll.instruments.find((one) => one.symbol === symbol);
const pages = historyOf(
  'BTC_USDC_PERP',
  () => Promise.resolve([]),
  () => NOW,
);

describe('rates', () => {
  test('a row whole: the rate of the hour in progress, limits of basis points, open interest in coins', () => {
    expect(row('BTC_USDC_PERP')).toEqual({
      symbol: 'BTC_USDC_PERP',
      rate: 0.0000125,
      intervalH: 1,
      nextFundingAt: NEXT,
      mark: 86_646,
      index: 86_677.440_944_42,
      openInterest: 1_273.852_14,
      volume24h: 48_000_000.5,
      interestPer8h: 0.0001,
      cap: 0.01,
      floor: -0.01,
    });
    expect(row('KMNO_USDC_PERP')).toMatchObject({ rate: Number('0.0002438565367033305404731178'), cap: 0.015, floor: -0.015 });
  });

  test('open interest that is minutes old has its own time; what is not said is null', () => {
    expect(row('KMNO_USDC_PERP')).toMatchObject({ openInterest: 9_000, openInterestAt: 1_790_133_000_000, volume24h: null });
    expect(row('BTC_USDC_PERP')).not.toHaveProperty('openInterestAt');
    expect(row('kPEPE_USDC_PERP')?.openInterest).toBeNull();
  });

  test('priced and settled in USDC, by the thousand with a k, shares and indices a class of their own under their plain names', () => {
    expect(instrument('BTC_USDC_PERP')).toMatchObject({
      id: 'backpack:BTC_USDC_PERP',
      asset: 'BTC',
      quote: 'USDC',
      settle: 'USDC',
      assetClass: 'crypto',
      contractSize: 1,
      listedAt: Date.UTC(2025, 0, 21, 6, 34, 54, 691),
    });
    expect(instrument('kPEPE_USDC_PERP')).toMatchObject({ asset: 'PEPE', multiplier: 1_000 });
    expect(instrument('AAPL.US_USDC_PERP')).toMatchObject({ asset: 'AAPL', assetClass: 'equity' });
    expect(instrument('SPY.US_USDC_PERP')).toMatchObject({ asset: 'SPY', assetClass: 'index' });
    expect(row('AAPL.US_USDC_PERP')?.interestPer8h).toBeNull();
  });

  test('an interval that is too short for the next settlement has changed since; one of 8 h is stated in milliseconds too', () => {
    expect(row('OLD_USDC_PERP')).toMatchObject({ intervalH: null, nextFundingAt: NEXT + 7 * HOUR });
    expect(row('LATE_USDC_PERP')).toMatchObject({ intervalH: 8, nextFundingAt: null });
    expect(row('LATE_USDC_PERP')).not.toHaveProperty('cap');
    expect(Object.is(row('LATE_USDC_PERP')?.rate, 0)).toBe(true);
    expect(row('BTC_USDC_PERP', readPoll(rows, { ...known, listingsAreOld: true }, NOW))).toMatchObject({ intervalIsGuess: true });
  });

  test('what is closed is closed, what takes no takers has a rate, what is not listed is left out, a bad row costs itself', () => {
    expect(poll.closed).toEqual(['TON_USDC_PERP']);
    expect(row('MSFT.US_USDC_PERP')?.rate).toBe(0.0000125);
    expect(poll.unlisted).toEqual(['STRANGE_USDC_PERP']);
    expect(poll.refused).toEqual([
      { symbol: 'MUTE_USDC_PERP', reason: 'no rate' },
      { symbol: 'WILD_USDC_PERP', reason: saying('beyond 10 % per hour') },
      { symbol: 'NOPRICE_USDC_PERP', reason: 'mark price 0 is not above 0' },
      { symbol: 'no symbol', reason: 'a row without a symbol' },
      { symbol: 'no symbol', reason: 'a row without a symbol' },
    ]);
  });

  test('without the lists the rates come, with no interval made up', () => {
    const bare = readPoll(rows, NOTHING, NOW);
    expect(row('BTC_USDC_PERP', bare)).toMatchObject({ rate: 0.0000125, intervalH: null, openInterest: null, interestUnread: true });
    expect(bare.instruments.find(({ symbol }) => symbol === 'AAPL.US_USDC_PERP')).toMatchObject({ asset: 'AAPL', assetClass: null });
  });
});

describe.runIf(hasRecordings)('recorded bodies', () => {
  const then = 1_753_105_735_301;

  test('rates and open interest', () => {
    const list = { ...NOTHING, interests: bySymbol(sample('backpack', 'fetchOpenInterest'), 'openInterest') };
    const read = readPoll(readMarkPrices(sample('backpack', 'fetchFundingRate')), list, then);
    expect(read.snapshots).toMatchObject([
      {
        symbol: 'BTC_USDC_PERP',
        rate: 0.0001,
        nextFundingAt: 1_753_113_600_000,
        mark: 118_343.518_537_41,
        index: 118_333.186_431_95,
        openInterest: 1_273.852_14,
      },
    ]);
  });

  test('a time without a zone is UTC; while that interval runs its row is no settlement', () => {
    const text = sample('backpack', 'fetchFundingRateHistory');
    const end = Date.UTC(2025, 6, 22);
    const at = (now: number) =>
      historyOf(
        'BTC_USDC_PERP',
        () => Promise.resolve([]),
        () => now,
      ).read(withoutRunning(parseFundingRates(text), 1, now));
    expect(at(end + HOUR).rows).toEqual([{ stamp: end, rate: 0.0001, intervalH: null, mark: null, premium: null }]);
    expect(at(end - 60_000)).toEqual({ rows: [], refused: [], items: [] });
  });
});

describe('history, books and rules', () => {
  test('settlements, newest first; the hour in progress is none, and spoils none', () => {
    const list = parseFundingRates(body('backpack/fundingRates.json'));
    const { rows: settled, refused } = pages.read(withoutRunning(list, 1, NOW));
    expect(settled.map(({ stamp, rate }) => [stamp, rate])).toEqual([
      [NEXT - HOUR, 0.000010077],
      [NEXT - 2 * HOUR, -0.00000312],
    ]);
    expect(refused).toEqual([]);
  });

  test('the first row of all stays the running one until another interval stands before it, also by a clock that is ten minutes fast', () => {
    const list = parseFundingRates(body('backpack/fundingRates.json'));
    for (const now of [NEXT, NEXT + 10 * 60_000]) expect(withoutRunning(list, 1, now)).toHaveLength(2);
    const following = { ...(list[0] as object), intervalEndTimestamp: '2026-09-23T05:00:00', fundingRate: '0.00002' };
    expect(withoutRunning([following, ...list], 1, NEXT + 4_000)).toEqual(list);
    // It has ended: none follows. On later pages no row is the first of all.
    expect(withoutRunning(list, 1, NEXT + HOUR)).toHaveLength(3);
    expect(withoutRunning(list, 2, NEXT)).toHaveLength(3);
  });

  test('klines: times with a space in them, those beside the window left out', () => {
    const firstOpen = Date.UTC(2025, 6, 19, 12);
    const { closes, refused } = parseKlines(body('backpack/klines.json'), 'BTC_USDC_PERP', { firstOpen, lastOpen: firstOpen + HOUR });
    expect([...closes]).toEqual([
      [firstOpen + HOUR, 118_238],
      [firstOpen + 2 * HOUR, 118_294.6],
    ]);
    expect(refused).toEqual([]);
  });

  test('a book: bids come worst first, its time in microseconds', () => {
    expect(parseDepth(body('backpack/depth.json'), 'BTC_USDC_PERP', NOW)).toEqual({
      bids: [
        ['118310.1', '0.25'],
        ['118300', '1.5'],
        ['1.0', '0.38647'],
      ],
      asks: [
        ['118318.3', '0.00633'],
        ['118567.2', '0.08450'],
      ],
      at: 1_753_102_447_307,
    });
  });

  test('rules: the margin that holds up to where its root begins to count', () => {
    expect(listings.get('BTC_USDC_PERP')?.rules).toMatchObject({
      lotStep: '0.00001',
      minQuantity: '0.00001',
      maxQuantity: null,
      tickSize: '0.1',
      contractSize: '1',
      maxLeverage: '75',
      maintenance: { kind: 'flat', rate: '0.00666667' },
      // (0.00666667 / 0.00001496) squared.
      notes: [saying('positions up to 198,588 USDC'), saying('1 %')],
    });
    expect(listings.get('MSFT.US_USDC_PERP')?.rules.notes).toContainEqual(saying('no ordinary orders here now (PostOnly)'));
    expect(listings.get('LATE_USDC_PERP')?.rules).toMatchObject({ maintenance: null, notes: [saying('does not state'), saying('1 %')] });
    expect([...listings.keys()]).not.toContain('BTC_USDC');
  });
});

describe('through HTTP', () => {
  let exchange: FakeExchange;
  beforeEach(async () => {
    exchange = await startFakeExchange();
    for (const list of ['markPrices', 'markets', 'openInterest', 'tickers'])
      exchange.route('GET', `/api/v1/${list}`, () => body(`backpack/${list}.json`));
  });
  afterEach(() => exchange.close());

  test('a round is two requests, the list of markets once an hour, volumes every five minutes', async () => {
    const venue = createBackpack();
    const io = ioOf(venue, exchange.url, () => NOW);
    await venue.poll(io);
    await venue.poll(io);
    const asked = exchange.requests.map(({ path }) => path.split('/').at(-1));
    expect(asked).toEqual(['markPrices', 'markets', 'openInterest', 'tickers', 'markPrices', 'openInterest']);
    expect(exchange.requests[1]?.query.get('marketType')).toBe('PERP');
  });

  test('without open interest the rates come, and it says so', async () => {
    exchange.fail({ kind: 'status', status: 503 }, { path: '/api/v1/openInterest' });
    const venue = createBackpack();
    const first = await venue.poll(ioOf(venue, exchange.url, () => NOW));
    expect(first.notes).toEqual([saying('openInterest failed')]);
    expect(row('BTC_USDC_PERP', first)).toMatchObject({ rate: 0.0000125, intervalH: 1, openInterest: null });
  });

  test('what is asked: settlements by offset, candles in seconds and by kind', async () => {
    exchange.route('GET', '/api/v1/fundingRates', ({ query }) => (query.get('offset') === '0' ? body('backpack/fundingRates.json') : []));
    exchange.route('GET', '/api/v1/klines', () => []);
    const venue = createBackpack();
    const io = ioOf(venue, exchange.url, () => NOW);
    const from = NEXT - 2 * HOUR - 1;
    for await (const page of venue.settled(io, 'BTC_USDC_PERP', from, NOW)) {
      expect(page.rows.map(({ stamp }) => stamp)).toEqual([NEXT - 2 * HOUR, NEXT - HOUR]);
      expect(page.proven).toEqual({ from, to: NOW - 300_000 });
    }
    for await (const page of venue.prices(io, 'BTC_USDC_PERP', NEXT - 2 * HOUR, NOW)) expect(page.rows).toEqual([]);
    const asked = exchange.requests.map(({ query }) => Object.fromEntries(query));
    const span = { symbol: 'BTC_USDC_PERP', interval: '1h', startTime: '1790128800', endTime: '1790132400' };
    expect(asked[0]).toEqual({ symbol: 'BTC_USDC_PERP', limit: '1000', offset: '0' });
    expect(asked.slice(-2)).toEqual([
      { ...span, priceType: 'Mark' },
      { ...span, priceType: 'Index' },
    ]);
  });

  test('rules of what it does not list, or has closed', async () => {
    const venue = createBackpack();
    const io = ioOf(venue, exchange.url, () => NOW);
    await expect(venue.orderRules(io, 'NONE_USDC_PERP')).rejects.toMatchObject({ user: 'Backpack does not list NONE_USDC_PERP now.' });
    await expect(venue.orderRules(io, 'TON_USDC_PERP')).rejects.toMatchObject({ user: 'Backpack does not list TON_USDC_PERP now.' });
  });
});
