import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { SettledPage } from '#core/venue.ts';
import { exact } from '#domain/decisions/exact.ts';
import { HOUR_MS } from '#domain/time.ts';
import { accrualOf, type FundingPoint, parsePoint } from '#node/venues/paradex/accrual.ts';
import { parseBook, parseKlines } from '#node/venues/paradex/history.ts';
import { parseMarkets } from '#node/venues/paradex/markets.ts';
import { parseSummary } from '#node/venues/paradex/rates.ts';
import { fakePrice } from '#node/venues/common/fake.ts';
import { serveParadexHistory } from '#node/venues/paradex/fake.ts';
import { PARADEX } from '#node/venues/paradex/host.ts';
import { createParadex } from '#node/venues/paradex/perpetuals.ts';
import { body, hasRecordings, sample } from '#test/support/bodies.ts';
import { type FakeExchange, startFakeExchange } from '#test/support/fake-exchange.ts';
import { ioOf } from '#test/support/venue-io.ts';

/*
 * summary.json and the first rows of markets.json are recorded (2026-09-11, packages/adapters/__fixtures__/paradex of
 * github.com/belyjelli/ai-rates), BODEN's is of a client's comment; all else is made. Fields are those of
 * https://docs.paradex.trade/api/prod/markets/get-markets, -/get-markets-summary, -/get-funding-data, -/klines and -/get-orderbook, and what
 * accrues is told of in https://docs.paradex.trade/risk/funding-mechanism. Unverified: margins, candles and the book.
 */
const AT = 1_789_147_120_003;
const NOW = AT + 300;
const markets = parseMarkets(body('paradex/markets.json'));
const poll = parseSummary(body('paradex/summary.json'), markets, () => true, NOW);
const row = (symbol: string) => poll.snapshots.find((snapshot) => snapshot.symbol === symbol);
const instrument = (symbol: string) => poll.instruments.find((one) => one.symbol === symbol);

describe('rates', () => {
  test('a quote for the funding period, without a settlement to come; the cap of the hour that accrues', () => {
    expect(row('BTC-USD-PERP')).toEqual({
      symbol: 'BTC-USD-PERP',
      rate: 0.000_076_881_026_42,
      intervalH: 8,
      nextFundingAt: null,
      mark: 77_804.851_417_26,
      index: 77_788.241_959_27,
      openInterest: 50.4599,
      volume24h: 4_273_947.632_803_999,
      interestPer8h: 0.0001,
      cap: 0.0025,
      floor: -0.0025,
    });
    expect(poll.venueTime).toBe(AT);
    expect(instrument('BTC-USD-PERP')).toMatchObject({ asset: 'BTC', quote: 'USD', settle: 'USDC', contract: 'linear', contractSize: 1 });
  });

  test('a market of 4 h, by the thousand; an older one that states no period is of 8 h; an interest that is not stated is none', () => {
    expect(row('kPEPE-USD-PERP')).toMatchObject({ intervalH: 4, interestPer8h: 0.0001, cap: 0.01 });
    expect(instrument('kPEPE-USD-PERP')).toMatchObject({ asset: 'PEPE', multiplier: 1000 });
    expect(row('BODEN-USD-PERP')).toMatchObject({ intervalH: 8, interestPer8h: null, cap: 0.00625 });
  });

  test('options are left out, what is not listed too; what has no rate is refused', () => {
    expect(poll.snapshots.map(({ symbol }) => symbol)).toEqual(['BTC-USD-PERP', 'ETH-USD-PERP', 'BODEN-USD-PERP', 'kPEPE-USD-PERP']);
    expect(poll.unlisted).toEqual(['GONE-USD-PERP']);
    expect(poll.refused).toEqual([{ symbol: 'MUTE-USD-PERP', reason: 'no rate' }]);
  });

  test('rules: margins, and the largest position', () => {
    expect(markets.get('BODEN-USD-PERP')?.rules).toMatchObject({
      lotStep: '1',
      maxQuantity: '520000',
      tickSize: '0.00001',
      minNotional: '200',
      maxLeverage: '5',
      maintenance: { kind: 'flat', rate: '0.1' },
    });
    expect(markets.get('BODEN-USD-PERP')?.rules.notes[0]).toContain('2,000,000 BODEN');
  });
});

describe('accrual', () => {
  const key = Date.UTC(2026, 8, 11, 17);
  const point = (at: number, index: string, premium: string, price: string | null): FundingPoint => ({
    at,
    index: exact(index),
    premium: exact(premium),
    periodH: 8,
    price: price === null ? null : exact(price),
  });

  test('of an hour: what the index advanced by, over the price; both ends told by the premium from when they were observed', () => {
    // 10 s before the ends: 8 x 3600 / 10 = 2880 parts of a premium are still to come.
    const before = point(key - HOUR_MS - 10_000, '100', '28.8', '50000');
    const after = point(key - 10_000, '104', '57.6', '60000');
    // (104 + 57.6/2880) - (100 + 28.8/2880) = 4.01, over 60,000.
    expect(accrualOf(before, after, key)).toBeCloseTo(4.01 / 60_000, 15);
    // Standing at the end the price is told by the beginning where the rate is 0 there.
    expect(accrualOf(before, { ...after, price: null, premium: exact(0) }, key)).toBeCloseTo((104 - 100.01) / 50_000, 15);
    expect(accrualOf(before, before, key + 20 * HOUR_MS)).not.toBeNaN();
  });

  test('an index that jumps beyond what any hour pays is none', () => {
    expect(accrualOf(point(key - HOUR_MS, '100', '0', '50'), point(key, '200', '0', '50'), key)).toBeNull();
    expect(accrualOf(point(key - HOUR_MS, '100', '0', null), point(key, '100', '0', null), key)).toBe(0);
  });

  test.runIf(hasRecordings)('a recorded row: the price is the one of premium and rate by the other', () => {
    const text = sample('paradex', 'fetchFundingRateHistory');
    const found = parsePoint(text, 'BTC-USD-PERP', 1_764_160_400_000);
    expect(found).toMatchObject({ at: 1_764_160_327_843, periodH: 8 });
    // 6.0464 / 0.0000699: bitcoin in November 2025.
    expect(found?.price?.toNumber()).toBeCloseTo(86_469.5, 0);
    expect(found?.index.toFixed()).toBe('20511.93608234044552');
    expect(() => parsePoint(text, 'ETH-USD-PERP', 1_764_160_400_000)).toThrow();
  });
});

test('what its headers say is left of the minute is told as spent; of another limit nothing', () => {
  const spent = (limit: string, remaining: string) =>
    PARADEX.spent?.({ 'x-ratelimit-limit': limit, 'x-ratelimit-remaining': remaining }, '/v1/markets');
  expect([spent('1500', '1488'), spent('1500', '0')]).toEqual([{ ip: 12 }, { ip: 1_500 }]);
  expect([spent('600', '588'), spent('1500', '1501'), spent('1500', 'many'), PARADEX.spent?.({}, '/v1/markets')]).toEqual([{}, {}, {}, {}]);
});

test('candles and books', () => {
  const open = Date.UTC(2026, 8, 11, 16);
  const text = JSON.stringify({ results: [[open, 58_961.3, 58_970, 58_900, 58_950.5, 1591]] });
  expect([...parseKlines(text, 'BTC-USD-PERP', { firstOpen: open, lastOpen: open }).closes]).toEqual([[open + HOUR_MS, 58_950.5]]);
  const levels = { asks: [['30130.15', '0.05']], bids: [['30112.22', '0.04']] };
  const book = parseBook(JSON.stringify({ market: 'BTC-USD-PERP', seq_no: 20_784, last_updated_at: AT, ...levels }), 'BTC-USD-PERP', NOW);
  expect(book).toEqual({ ...levels, at: AT });
  expect(() => parseBook(JSON.stringify({ market: 'ETH-USD-PERP', ...levels }), 'BTC-USD-PERP', NOW)).toThrow();
});

describe('history through HTTP', () => {
  const start = Date.UTC(2026, 0, 1);
  const hourly = Array.from({ length: 120 }, (_, n) => ({ stamp: start + n * HOUR_MS, rate: (((n % 9) - 3) / 1e6).toFixed(8) }));
  const end = start + 119 * HOUR_MS;
  let exchange: FakeExchange;
  beforeEach(async () => void (exchange = await startFakeExchange()));
  afterEach(() => exchange.close());

  async function walk(from: number, to: number, now: number): Promise<SettledPage[]> {
    const venue = createParadex();
    const pages: SettledPage[] = [];
    for await (const page of venue.settled(
      ioOf(venue, exchange.url, () => now),
      'X',
      from,
      to,
    ))
      pages.push(page);
    return pages;
  }

  test('an accrual for every clock hour, of one hour, each observation asked for once', async () => {
    serveParadexHistory(exchange, { X: hourly });
    const pages = await walk(start - 1, end, end + 10 * 60_000);
    const rows = pages.flatMap((page) => page.rows);
    expect(rows.map(({ stamp }) => stamp)).toEqual(hourly.map(({ stamp }) => stamp));
    expect(rows.every(({ rate }, i) => Math.abs(rate - Number(hourly[i]?.rate)) < 1e-12)).toBe(true);
    expect(rows.every(({ intervalH }) => intervalH === 1)).toBe(true);
    expect(pages.at(-1)?.proven?.to).toBe(end);
    expect(exchange.requests).toHaveLength(121);
  });

  test('a window in the middle; the hour in progress has not accrued', async () => {
    serveParadexHistory(exchange, { X: hourly });
    const [page] = await walk(start + 9.5 * HOUR_MS, start + 12.5 * HOUR_MS, start + 12.5 * HOUR_MS);
    expect(page?.rows.map(({ stamp }) => stamp)).toEqual([10, 11, 12].map((hour) => start + hour * HOUR_MS));
    expect(page?.proven).toEqual({ from: start + 9.5 * HOUR_MS, to: start + 12.5 * HOUR_MS - 5 * 60_000 });
  });

  test('an hour that ended seconds ago is not told of: an observation of its last moments may still come, and make another rate of it', async () => {
    const end = start + 12 * HOUR_MS;
    const hoursAt = async (now: number): Promise<number[]> =>
      (await walk(start + 9.5 * HOUR_MS, now, now)).flatMap(({ rows }) => rows.map(({ stamp }) => (stamp - start) / HOUR_MS));
    const lagging = hourly.filter(({ stamp }) => stamp !== end);
    serveParadexHistory(exchange, { X: [...lagging, { stamp: end - 20_000, rate: '0.00000100' }].sort((a, b) => a.stamp - b.stamp) });
    expect(await hoursAt(end + 4_000)).toEqual([10, 11]);
    serveParadexHistory(exchange, { X: hourly });
    expect(await hoursAt(end + 60_000)).toEqual([10, 11, 12]);
  });

  test('hours without an observation are refused and prove nothing', async () => {
    serveParadexHistory(exchange, { X: hourly.filter((_, n) => n < 20 || n > 22) });
    const pages = await walk(start + 15 * HOUR_MS, start + 30 * HOUR_MS, end);
    const rows = pages.flatMap((page) => page.rows.map(({ stamp }) => (stamp - start) / HOUR_MS));
    expect(rows).toEqual([16, 17, 18, 19, 24, 25, 26, 27, 28, 29, 30]);
    expect(pages.flatMap(({ refused }) => refused)).toHaveLength(4);
    expect(pages.flatMap(({ open = [] }) => open)).toEqual([{ from: start + 19 * HOUR_MS, to: start + 23 * HOUR_MS }]);
  });

  test('of hours of which nothing is told a page asks no more than of others, and goes on from there', async () => {
    serveParadexHistory(exchange, { X: hourly.slice(100) });
    const venue = createParadex();
    const io = ioOf(venue, exchange.url, () => end + 10 * 60_000);
    const told: { readonly asked: number; readonly refused: number; readonly rows: readonly number[] }[] = [];
    for await (const { rows, refused } of venue.settled(io, 'X', start - 1, end))
      told.push({ asked: exchange.requests.length, refused: refused.length, rows: rows.map(({ stamp }) => (stamp - start) / HOUR_MS) });
    expect(told[0]).toEqual({ asked: 49, refused: 1, rows: [] });
    expect(told.flatMap(({ rows }) => rows)).toEqual(Array.from({ length: 20 }, (_, n) => 100 + n));
  });

  test('the first accrual, by halving; none where there is none', async () => {
    serveParadexHistory(exchange, { X: hourly });
    const venue = createParadex();
    const io = ioOf(venue, exchange.url, () => end + 30 * 24 * HOUR_MS);
    expect(await venue.oldest(io, 'X')).toBe(start);
    expect(await venue.oldest(io, 'NONE')).toBeNull();
  });

  test('hourly prices: mark and index', async () => {
    serveParadexHistory(exchange, {});
    const venue = createParadex();
    const pages = [];
    for await (const page of venue.prices(
      ioOf(venue, exchange.url, () => end),
      'X',
      start,
      end,
    ))
      pages.push(page);
    const rows = pages.flatMap((page) => page.rows);
    expect(rows).toHaveLength(119);
    const close = start + HOUR_MS;
    expect(rows[0]).toEqual({ close, mark: fakePrice('mark', close), index: fakePrice('index', close), last: null });
  });
});
