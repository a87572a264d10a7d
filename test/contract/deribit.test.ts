import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { HOUR_MS } from '#domain/time.ts';
import { parseBook, parseHours, readAccruals, readIndex } from '#node/venues/deribit/history.ts';
import { parseInstruments } from '#node/venues/deribit/instruments.ts';
import { createDeribit } from '#node/venues/deribit/perpetuals.ts';
import { parseSummary, readRates } from '#node/venues/deribit/rates.ts';
import { body, hasRecordings, sample } from '#test/support/bodies.ts';
import { type FakeExchange, startFakeExchange } from '#test/support/fake-exchange.ts';
import { ioOf } from '#test/support/venue-io.ts';

/*
 * BTC-PERPETUAL is recorded: of the summary 2025-11-20, of the list and the book in crates/adapters/deribit/test_data of
 * github.com/nautechsystems/nautilus_trader; all else is made. Fields are those of
 * https://docs.deribit.com/api-reference/market-data/public-get_book_summary_by_currency, -/public-get_instruments,
 * -/public-get_funding_rate_history and -/public-get_order_book. Unverified: contracts settled in USDC.
 */
const AT = 1_763_674_177_068;
const NOW = AT + 400;
const saying = (text: string): unknown => expect.stringContaining(text);

const listings = parseInstruments(body('deribit/instruments.json'));
const summaries = ['btc', 'eth', 'usdc'].map((name) => parseSummary(body(`deribit/summary-${name}.json`)));
const poll = readRates(summaries, { listings, lacks: () => true }, NOW);
const row = (symbol: string, of = poll) => of.snapshots.find((snapshot) => snapshot.symbol === symbol);
const instrument = (symbol: string, of = poll) => of.instruments.find((one) => one.symbol === symbol);

describe('rates', () => {
  test('the quote of now for 8 h, not what the last eight hours came to; dollars of an inverse contract', () => {
    expect(row('BTC-PERPETUAL')).toEqual({
      symbol: 'BTC-PERPETUAL',
      rate: 0.000_129_66,
      intervalH: 8,
      nextFundingAt: null,
      mark: 87_102.01,
      index: 87_047.2,
      openInterest: 9_978_911_260 / 87_102.01,
      convertedByMark: ['openInterest'],
      volume24h: 661_040_250,
      interestPer8h: null,
    });
    expect(poll.venueTime).toBe(AT);
    expect(instrument('BTC-PERPETUAL')).toMatchObject({ asset: 'BTC', quote: 'USD', settle: 'BTC', contract: 'inverse', contractSize: 10 });
    expect(row('ETH-PERPETUAL')?.openInterest).toBe(100);
  });

  test('settled in USDC: coins', () => {
    expect(row('SOL_USDC-PERPETUAL')).toMatchObject({ rate: 0.000_03, intervalH: 8, openInterest: 5_000, volume24h: 7_001 });
    expect(instrument('SOL_USDC-PERPETUAL')).toMatchObject({
      asset: 'SOL',
      quote: 'USDC',
      settle: 'USDC',
      contract: 'linear',
      contractSize: 0.1,
    });
    expect(row('BTC_USDC-PERPETUAL')).toMatchObject({ rate: 0, openInterest: 12.5, volume24h: 10 });
  });

  test('dated futures are left out, what is over is closed; no rate is no row', () => {
    expect(poll.snapshots).toHaveLength(4);
    expect(poll.closed).toEqual(['OVER_USDC-PERPETUAL']);
    expect(poll.refused).toEqual([{ symbol: 'MUTE_USDC-PERPETUAL', reason: 'no rate' }]);
  });

  test('names tell the coins where the list is not there', () => {
    const without = readRates(summaries, { listings: null, lacks: () => false }, NOW);
    expect(instrument('BTC-PERPETUAL', without)).toMatchObject({ contract: 'inverse', settle: 'BTC', contractSize: null });
    expect(row('BTC-PERPETUAL', without)?.openInterest).toBe(row('BTC-PERPETUAL')?.openInterest);
    expect(instrument('SOL_USDC-PERPETUAL', without)).toMatchObject({ contract: 'linear', settle: 'USDC' });
  });

  test('rules: steps of a contract, amounts of the venue in contracts', () => {
    expect(listings.get('BTC-PERPETUAL')?.rules).toMatchObject({
      lotStep: '1',
      minQuantity: '1',
      contractSize: '10',
      tickSize: '0.5',
      maxLeverage: '50',
      maintenance: null,
      liquidationFee: '0.0075',
    });
    expect(listings.get('SOL_USDC-PERPETUAL')?.rules).toMatchObject({ minQuantity: '5', contractSize: '0.1' });
  });
});

describe('history and books', () => {
  test.runIf(hasRecordings)('a recorded hour: what it accrued, not the rate of eight hours beside it; the index at its end', () => {
    const hours = parseHours(sample('deribit', 'fetchFundingRateHistory'));
    const stamp = Date.UTC(2019, 9, 1, 1);
    expect(readAccruals(hours, 'BTC-PERPETUAL', NOW).rows).toEqual([
      { stamp, rate: -4.739_622_041_017_375e-7, intervalH: 1, mark: null, premium: null },
    ]);
    const window = { firstOpen: stamp - HOUR_MS, lastOpen: stamp - HOUR_MS };
    expect([...readIndex(hours, 'BTC-PERPETUAL', window).closes]).toEqual([[stamp, 8_222.87]]);
  });

  test('a book of dollars, and one of coins', () => {
    const book = (instrument_name: string) => ({
      jsonrpc: '2.0',
      result: {
        instrument_name,
        timestamp: AT,
        asks: [
          [87_003, 125_090],
          [87_003.5, 10_000],
        ],
        bids: [[87_002.5, 199_190]],
      },
    });
    const inverse = parseBook(JSON.stringify(book('BTC-PERPETUAL')), 'BTC-PERPETUAL', { contract: 'inverse', contractSize: 10 }, NOW);
    expect(Number(inverse.asks[0]?.[1])).toBeCloseTo(125_090 / 87_003, 12);
    expect(inverse.at).toBe(AT);
    const linear = parseBook(JSON.stringify(book('X_USDC-PERPETUAL')), 'X_USDC-PERPETUAL', { contract: 'linear', contractSize: 0.1 }, NOW);
    expect(linear.bids).toEqual([['87002.5', '199190']]);
    expect(() =>
      parseBook(JSON.stringify(book('ETH-PERPETUAL')), 'BTC-PERPETUAL', { contract: 'inverse', contractSize: 10 }, NOW),
    ).toThrow();
  });
});

describe('through HTTP', () => {
  let exchange: FakeExchange;
  beforeEach(async () => {
    exchange = await startFakeExchange();
    exchange.route('GET', '/api/v2/public/get_instruments', () => body('deribit/instruments.json'));
    exchange.route('GET', '/api/v2/public/get_book_summary_by_currency', ({ query }) =>
      body(`deribit/summary-${(query.get('currency') ?? '').toLowerCase()}.json`),
    );
  });
  afterEach(() => exchange.close());

  test('a round is a request for each money that is settled in; one that fails costs its contracts, which are not missing', async () => {
    const venue = createDeribit();
    const io = ioOf(venue, exchange.url, () => NOW);
    await venue.poll(io);
    await venue.poll(io);
    expect(exchange.count('/api/v2/public/get_book_summary_by_currency')).toBe(6);
    expect(exchange.count('/api/v2/public/get_instruments')).toBe(1);
    exchange.route('GET', '/api/v2/public/get_book_summary_by_currency', ({ query }) =>
      query.get('currency') === 'USDC'
        ? { jsonrpc: '2.0', error: { code: 13_028, message: 'temporarily_unavailable' } }
        : body('deribit/summary-btc.json'),
    );
    const partial = await venue.poll(ioOf(venue, exchange.url, () => NOW));
    expect(partial.untold).toEqual([{ settle: 'USDC' }]);
    expect(partial.notes).toEqual([saying('book summary of USDC failed')]);
  });

  test.each([
    [10_028, 'rate-limited', 'asks for a pause'],
    [10_047, 'server', 'a fault of its own'],
    [-32_602, 'malformed', 'cannot read'],
  ])('error %s in a body of status 200 is %s', async (code, kind, user) => {
    exchange.fail({ kind: 'garbage', body: JSON.stringify({ jsonrpc: '2.0', error: { code, message: 'x' } }) });
    const venue = createDeribit();
    await expect(venue.poll(ioOf(venue, exchange.url, () => NOW))).rejects.toMatchObject({ kind, user: saying(user) });
  });
});
