import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseAnswer } from '#node/venues/woo/body.ts';
import { parseInstruments } from '#node/venues/woo/contracts.ts';
import { parseBook, parseFundingHistory, parseKlines } from '#node/venues/woo/history.ts';
import { createWoo } from '#node/venues/woo/perpetuals.ts';
import { parseFutures, readPoll, type WooKnown } from '#node/venues/woo/rates.ts';
import { body, hasRecordings, sample } from '#test/support/bodies.ts';
import { type FakeExchange, startFakeExchange } from '#test/support/fake-exchange.ts';
import { ioOf } from '#test/support/venue-io.ts';

/*
 * Unverified: but for those that are called recorded, the bodies are made after the fields of
 * https://developer.woox.io/api-reference/endpoint/public_data/fundingRate, -/futures, -/instruments, -/fundingRateHistory, -/klineHistory
 * and -/orderbook.
 */
const ANSWERED = 1_751_624_037_798;
const NOW = ANSWERED + 200;
const PAID = 1_751_616_000_000;
const NEXT = 1_751_644_800_000;
const HOUR = 3_600_000;
const saying = (text: string): unknown => expect.stringContaining(text);

const listings = parseInstruments(body('woo/instruments.json'));
const known: WooKnown = { listings, futures: parseFutures(body('woo/futures.json')), lacks: () => true };
const answer = parseAnswer(body('woo/fundingRate.json'));
const poll = readPoll(answer, known, NOW);
const row = (symbol: string, of = poll) => of.snapshots.find((snapshot) => snapshot.symbol === symbol);

describe('rates', () => {
  test('a row whole: the estimate until the next settlement, its interval, prices and sizes in coins and USDT', () => {
    expect(row('PERP_BTC_USDT')).toEqual({
      symbol: 'PERP_BTC_USDT',
      rate: -0.00000441,
      intervalH: 8,
      nextFundingAt: NEXT,
      mark: 108_708,
      index: 108_711,
      openInterest: 221.3498,
      volume24h: 756_000_000,
      interestPer8h: 0.0001,
      cap: 0.00375,
      floor: -0.00375,
    });
    expect(poll.venueTime).toBe(ANSWERED);
  });

  test('the interval is that of the rate that runs, not that of the one before nor the one of the list', () => {
    expect(row('PERP_TAO_USDT')).toMatchObject({ rate: 0.00005, intervalH: 4, nextFundingAt: PAID + 4 * HOUR, cap: 0.02, floor: -0.02 });
  });

  test('an estimate of the last minute is of now; one that stands still for hours is as old as it is', () => {
    expect(row('PERP_BTC_USDT')).not.toHaveProperty('ageMs');
    expect(row('PERP_EWT_USDT')).toMatchObject({ ageMs: ANSWERED - (PAID - 6 * HOUR), nextFundingAt: null });
  });

  test('a floor that is written above 0 is none; an index of null and an interval of 0 are not said; zero has no sign', () => {
    expect(row('PERP_EWT_USDT')?.cap).toBe(0.02);
    expect(row('PERP_EWT_USDT')).not.toHaveProperty('floor');
    expect(row('PERP_SOLV_USDT')).toMatchObject({ index: null, mark: 0.00418, intervalH: null });
    expect(Object.is(row('PERP_SOLV_USDT')?.rate, 0)).toBe(true);
  });

  test('what is suspended or not listed is left out, a bad row costs itself', () => {
    expect(poll.instruments.map(({ symbol }) => symbol)).toEqual(['PERP_BTC_USDT', 'PERP_TAO_USDT', 'PERP_EWT_USDT', 'PERP_SOLV_USDT']);
    expect(poll.instruments[0]).toMatchObject({ id: 'woo:PERP_BTC_USDT', asset: 'BTC', quote: 'USDT', settle: 'USDT', contractSize: 1 });
    expect(poll.unlisted).toEqual(['PERP_STRANGE_USDT', 'PERP_SPLIT']);
    expect(poll.refused).toEqual([
      { symbol: 'PERP_MUTE_USDT', reason: 'no rate' },
      { symbol: 'PERP_WILD_USDT', reason: saying('beyond 10 % per hour') },
      { symbol: 'no symbol', reason: 'a row without a symbol' },
      { symbol: 'no symbol', reason: 'a row without a symbol' },
    ]);
  });

  test('without the lists the rates come; of a name of another form nothing is made up', () => {
    const bare = readPoll(answer, { listings: null, futures: null, lacks: () => true }, NOW);
    expect(row('PERP_BTC_USDT', bare)).toMatchObject({ rate: -0.00000441, intervalH: 8, mark: null, openInterest: null });
    expect(bare.refused).toContainEqual({ symbol: 'PERP_SPLIT', reason: saying('its coins are not known') });
  });
});

describe.runIf(hasRecordings)('recorded bodies', () => {
  test('rates', () => {
    const bare = readPoll(parseAnswer(sample('woo', 'fetchFundingRates')), { listings: null, futures: null, lacks: () => true }, NOW);
    expect(bare.venueTime).toBe(ANSWERED);
    expect(bare.snapshots).toMatchObject([{ symbol: 'PERP_BTC_USDT', rate: -0.00000441, intervalH: 8, nextFundingAt: NEXT }]);
  });

  test('the settlement, with the mark that was paid on; the time of the one after it is no interval of its own', () => {
    expect(parseFundingHistory(sample('woo', 'fetchFundingRateHistory'), 'PERP_BTC_USDT', 1_751_632_390_031).rows).toEqual([
      { stamp: PAID, rate: -0.00004953, intervalH: null, mark: 108_708, premium: null },
    ]);
  });
});

describe('history, books and rules', () => {
  test('settlements, newest first whichever way they come', () => {
    const text = body('woo/history.json');
    const { rows } = parseFundingHistory(text, 'PERP_BTC_USDT', NOW);
    expect(rows.map(({ stamp, rate, mark }) => [stamp, rate, mark])).toEqual([
      [PAID, -0.00004953, 108_708],
      [PAID - 8 * HOUR, 0.0001, 108_500],
    ]);
    const turned = JSON.parse(text) as { data: { rows: unknown[] } };
    turned.data.rows.reverse();
    expect(parseFundingHistory(JSON.stringify(turned), 'PERP_BTC_USDT', NOW).rows).toEqual(rows);
    expect(() => parseFundingHistory(text, 'PERP_ETH_USDT', NOW)).toThrow(/told of PERP_BTC_USDT/u);
  });

  test('klines: closes of trades; those beside the window are left out', () => {
    const window = { firstOpen: PAID, lastOpen: PAID + HOUR };
    expect([...parseKlines(body('woo/klines.json'), 'PERP_BTC_USDT', window).closes]).toEqual([
      [PAID + HOUR, 108_994],
      [PAID + 2 * HOUR, 109_050],
    ]);
  });

  test('a book of objects, its asks turned where they come worst first, as they are documented', () => {
    expect(parseBook(body('woo/orderbook.json'), 'PERP_BTC_USDT', NOW)).toEqual({
      bids: [
        ['108924.85', '1.714147'],
        ['108920', '2'],
      ],
      asks: [
        ['108924.86', '0.032126'],
        ['108930', '0.5'],
      ],
      at: 1_751_620_923_344,
    });
  });

  test('rules, and that the maintenance margin is not published', () => {
    expect(listings.get('PERP_TAO_USDT')?.rules).toMatchObject({
      lotStep: '0.01',
      minQuantity: '0.01',
      maxQuantity: '100',
      tickSize: '0.1',
      minNotional: '10',
      contractSize: '1',
      maintenance: null,
    });
    expect(listings.get('PERP_TAO_USDT')?.rules.notes).toContainEqual(saying('does not publish its maintenance margin'));
    expect([...listings.keys()]).not.toContain('SPOT_AAVE_USDT');
  });
});

describe('through HTTP', () => {
  let exchange: FakeExchange;
  beforeEach(async () => {
    exchange = await startFakeExchange();
    for (const list of ['fundingRate', 'futures', 'instruments'])
      exchange.route('GET', `/v3/public/${list}`, () => body(`woo/${list}.json`));
  });
  afterEach(() => exchange.close());

  test('a round is two requests, and the list of instruments once an hour', async () => {
    const venue = createWoo();
    const io = ioOf(venue, exchange.url, () => NOW);
    await venue.poll(io);
    await venue.poll(io);
    const asked = exchange.requests.map(({ path }) => path.split('/').at(-1));
    expect(asked).toEqual(['fundingRate', 'instruments', 'futures', 'fundingRate', 'futures']);
  });

  test('without prices the rates come, and it says so', async () => {
    exchange.fail({ kind: 'status', status: 503 }, { path: '/v3/public/futures' });
    const venue = createWoo();
    const first = await venue.poll(ioOf(venue, exchange.url, () => NOW));
    expect(first.notes).toEqual([saying('futures failed')]);
    expect(row('PERP_BTC_USDT', first)).toMatchObject({ rate: -0.00000441, mark: null });
  });

  test.each([
    [-1_003, 'rate-limited', 'asks for a pause'],
    [-1_000, 'server', 'a fault of its own'],
    [-1_005, 'malformed', 'cannot read'],
  ])('code %i in a body of status 200 is %s', async (code, kind, user) => {
    exchange.fail({ kind: 'garbage', body: JSON.stringify({ success: false, code, message: 'said' }) });
    const venue = createWoo();
    const failure = { name: 'VenueError', kind, user: saying(user), message: saying('said') };
    await expect(venue.poll(ioOf(venue, exchange.url, () => NOW))).rejects.toMatchObject(failure);
  });

  test('rules of what it does not list, or has suspended', async () => {
    const venue = createWoo();
    const io = ioOf(venue, exchange.url, () => NOW);
    await expect(venue.orderRules(io, 'PERP_NONE_USDT')).rejects.toMatchObject({ user: 'WOO X does not list PERP_NONE_USDT now.' });
    await expect(venue.orderRules(io, 'PERP_HALT_USDT')).rejects.toMatchObject({ user: 'WOO X does not list PERP_HALT_USDT now.' });
  });
});
