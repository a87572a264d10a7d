import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { SettledPage } from '#core/venue.ts';
import { HOUR_MS } from '#domain/time.ts';
import { fakePrice } from '#node/venues/common/fake.ts';
import { serveLighterHistory } from '#node/venues/lighter/fake.ts';
import { parseCandles, parseFundings, parseOrders, readFundings } from '#node/venues/lighter/history.ts';
import { parseDetails, rulesOf } from '#node/venues/lighter/markets.ts';
import { createLighter } from '#node/venues/lighter/perpetuals.ts';
import { parseRates, readRates } from '#node/venues/lighter/rates.ts';
import { body } from '#test/support/bodies.ts';
import { type FakeExchange, startFakeExchange } from '#test/support/fake-exchange.ts';
import { ioOf } from '#test/support/venue-io.ts';

/*
 * Rates, BTC, ETH and PIPPIN of details.json, and the settlements below are recorded (packages/adapters/__fixtures__/lighter of
 * github.com/belyjelli/ai-rates; margins, the book and candles: crates/adapters/lighter/test_data of github.com/nautechsystems/nautilus_trader);
 * all else is made. Units: https://docs.rs/df-lighter-core (markets/funding.rs), fields: https://apidocs.lighter.xyz/reference/funding-rates,
 * -/fundings, -/orderbookdetails, -/candles and -/orderbookorders.
 */
const NOW = Date.UTC(2026, 8, 11, 17, 18, 40);
const saying = (text: string): unknown => expect.stringContaining(text);
const details = parseDetails(body('lighter/details.json'));
const poll = readRates(parseRates(body('lighter/funding-rates.json')), details, NOW);
const row = (symbol: string, of = poll) => of.snapshots.find((snapshot) => snapshot.symbol === symbol);

describe('rates', () => {
  test('an eighth of the quote for 8 h, paid at the end of the hour; rates of other exchanges are none of its own', () => {
    expect(row('BTC')).toEqual({
      symbol: 'BTC',
      // 0.00009599999999999999 / 8, as the venue writes it.
      rate: expect.closeTo(0.000_012, 15) as number,
      intervalH: 1,
      nextFundingAt: Date.UTC(2026, 8, 11, 18),
      mark: 77_758.9,
      index: 77_791.3,
      openInterest: 2_092.765_07,
      volume24h: 850_015_955.986_308,
      interestPer8h: null,
    });
    expect(poll.snapshots.map(({ symbol }) => symbol)).toEqual(['ETH', 'BTC', '1000PEPE', 'SOL']);
    expect(row('1000PEPE')?.rate).toBe(-0.000_04);
    expect(poll.instruments[2]).toMatchObject({ asset: 'PEPE', multiplier: 1000, quote: 'USD', settle: 'USDC', contract: 'linear' });
  });

  test('what is inactive is closed, what is not listed left out, without a rate refused', () => {
    expect([poll.closed, poll.unlisted]).toEqual([['PIPPIN'], ['STRANGE']]);
    expect(poll.refused).toEqual([{ symbol: 'MUTE', reason: 'no rate' }]);
  });

  test('without the list of markets rates stand alone', () => {
    const without = readRates(parseRates(body('lighter/funding-rates.json')), null, NOW);
    expect(row('BTC', without)).toMatchObject({ mark: null, openInterest: null, intervalH: 1 });
  });

  test('rules: margins in hundredths of a percent, steps as decimals', () => {
    const eth = details.get('ETH');
    expect(eth && rulesOf('ETH', eth)).toMatchObject({
      lotStep: '0.0001',
      minQuantity: '0.0050',
      tickSize: '0.01',
      minNotional: '10.000000',
      maxLeverage: '50',
      maintenance: { kind: 'flat', rate: '0.012' },
      liquidationFee: '0.01',
    });
  });
});

describe('history and books', () => {
  test('recorded settlements: seconds, percent of the hour, paid by the side that is named', () => {
    const fundings = [
      { timestamp: 1_778_702_400, value: '0.02707872', rate: '0.0012', direction: 'long' },
      { timestamp: 1_778_706_000, value: '0.00452778', rate: '0.0002', direction: 'short' },
      { timestamp: 1_778_709_600, value: '0', rate: '0.0002', direction: 'sideways' },
    ];
    const text = JSON.stringify({ code: 200, resolution: '1h', fundings });
    const { rows, refused } = readFundings(parseFundings(text, 0, NOW), 'ETH', NOW);
    expect(rows.map(({ stamp, rate, intervalH }) => [stamp, rate, intervalH])).toEqual([
      [1_778_702_400_000, 0.000_012, 1],
      [1_778_706_000_000, -0.000_002, 1],
    ]);
    // What one ether paid, over the share: its price, the same in both hours but for what it moved.
    expect(0.027_078_72 / 0.000_012).toBeCloseTo(2_256.56, 2);
    expect(refused).toEqual([{ symbol: 'ETH', reason: saying('no rate') }]);
  });

  test('candles of trades', () => {
    const open = Date.UTC(2026, 8, 11, 16);
    const text = JSON.stringify({
      code: 200,
      r: '1h',
      c: [{ t: open, o: 2361.11, h: 2362.22, l: 2360, c: 2361.31, v: 1.2, V: 2914, i: 1 }],
    });
    expect([...parseCandles(text, 'ETH', { firstOpen: open, lastOpen: open }).closes]).toEqual([[open + HOUR_MS, 2361.31]]);
  });

  test('orders of one price are one level, best first', () => {
    const order = (price: string, remaining_base_amount: string) => ({ price, remaining_base_amount, initial_base_amount: '9' });
    const asks = [order('2361.32', '0.0317'), order('2361.32', '0.0003'), order('2362', '1')];
    const bids = [order('2361.17', '3.4125'), order('2361', '0')];
    const book = parseOrders(JSON.stringify({ code: 200, total_asks: 3, asks, total_bids: 2, bids }), 'ETH', NOW);
    expect(book).toEqual({
      asks: [
        ['2361.32', '0.032'],
        ['2362', '1'],
      ],
      bids: [['2361.17', '3.4125']],
      at: null,
    });
  });
});

describe('through HTTP', () => {
  const start = Date.UTC(2026, 0, 1);
  const hourly = Array.from({ length: 1_500 }, (_, n) => ({ stamp: start + n * HOUR_MS, rate: (((n % 9) - 3) / 1e6).toFixed(6) }));
  const end = start + 1_499 * HOUR_MS;
  let exchange: FakeExchange;
  beforeEach(async () => void (exchange = await startFakeExchange()));
  afterEach(() => exchange.close());

  test('all settlements of a window once, over more than one page and a long silence', async () => {
    serveLighterHistory(exchange, { X: hourly.filter((_, n) => n < 40 || n > 800) });
    const venue = createLighter();
    const pages: SettledPage[] = [];
    for await (const page of venue.settled(
      ioOf(venue, exchange.url, () => end + HOUR_MS / 2),
      'X',
      start - 1,
      end,
    ))
      pages.push(page);
    const rows = pages.flatMap((page) => page.rows).toSorted((a, b) => a.stamp - b.stamp);
    expect(rows.map(({ stamp, rate }) => [stamp, rate])).toEqual(
      hourly.filter((_, n) => n < 40 || n > 800).map(({ stamp, rate }) => [stamp, Number(rate) + 0]),
    );
  });

  test('the first settlement; none of a market without any, nor of one that is not listed', async () => {
    serveLighterHistory(exchange, { X: hourly });
    const venue = createLighter();
    const io = ioOf(venue, exchange.url, () => end + 100 * HOUR_MS);
    expect(await venue.oldest(io, 'X')).toBe(start);
    expect(await venue.oldest(io, 'NONE')).toBeNull();
    await expect(venue.oldest(io, 'GONE')).rejects.toMatchObject({ user: 'Lighter does not list GONE now.' });
  });

  test('hourly prices: last trades', async () => {
    serveLighterHistory(exchange, {});
    const venue = createLighter();
    const rows = [];
    for await (const page of venue.prices(
      ioOf(venue, exchange.url, () => end),
      'X',
      end - 600 * HOUR_MS,
      end,
    ))
      rows.push(...page.rows);
    expect(rows).toHaveLength(600);
    expect(rows.at(-1)).toEqual({ close: end, mark: null, index: null, last: fakePrice('last', end) });
    // An hour alone: it refuses an end that is not later than the start.
    const io = ioOf(venue, exchange.url, () => end);
    const last = [];
    for await (const page of venue.prices(io, 'X', end - HOUR_MS, end)) last.push(...page.rows);
    expect(last).toEqual(rows.slice(-1));
  });

  test.each([
    [23_000, 'rate-limited', 'asks for a pause'],
    [20_001, 'malformed', 'cannot read'],
  ])('code %s in a body of status 200 is %s', async (code, kind, user) => {
    exchange.fail({ kind: 'garbage', body: JSON.stringify({ code, message: 'x' }) });
    const venue = createLighter();
    await expect(venue.poll(ioOf(venue, exchange.url, () => NOW))).rejects.toMatchObject({ kind, user: saying(user) });
  });
});
