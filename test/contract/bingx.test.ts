import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseContracts } from '#node/venues/bingx/contracts.ts';
import { parseDepth, parseFundingRate, parseMarkKlines } from '#node/venues/bingx/history.ts';
import { BINGX } from '#node/venues/bingx/host.ts';
import { createBingx } from '#node/venues/bingx/perpetuals.ts';
import { type BingxKnown, parseOpenInterest, parseVolumes, readPoll, readPremiumIndex } from '#node/venues/bingx/rates.ts';
import { body, hasRecordings, sample } from '#test/support/bodies.ts';
import { type FakeExchange, startFakeExchange } from '#test/support/fake-exchange.ts';
import { ioOf } from '#test/support/venue-io.ts';

/*
 * Unverified: but for those that are called recorded, the bodies are made after the fields and examples of
 * https://bingx-api.github.io/docs-v3/#/en/Swap/Market%20Data ("USDT-M Perp Futures symbols", "Mark Price and Funding Rate", "Get Funding
 * Rate History", "Order Book", "Open Interest Statistics", "24hr Ticker Price Change Statistics") and
 * https://github.com/BingX-API/BingX-swap-api-v2-doc (a book in contracts, settlements oldest first).
 */
const NOW = 1_790_127_596_258;
const NEXT = 1_790_150_400_000;
const HOUR = 3_600_000;
const saying = (text: string): unknown => expect.stringContaining(text);

const listings = parseContracts(body('bingx/contracts.json'), NOW);
const known: BingxKnown = { listings, volumes: parseVolumes(body('bingx/ticker.json'), NOW), lacks: () => true };
const rows = readPremiumIndex(body('bingx/premiumIndex.json'), NOW);
const poll = readPoll(rows, known, NOW);
const row = (symbol: string, of = poll) => of.snapshots.find((snapshot) => snapshot.symbol === symbol);
const instrument = (symbol: string) => poll.instruments.find((one) => one.symbol === symbol);

describe('rates', () => {
  test('a row whole: the running rate of the interval, its hours and limits, turnover in USDT, no open interest', () => {
    expect(row('BTC-USDT')).toEqual({
      symbol: 'BTC-USDT',
      rate: 0.000013,
      intervalH: 8,
      nextFundingAt: NEXT,
      mark: 86_646.4,
      index: 86_677.4,
      openInterest: null,
      volume24h: 3_646_423_412.55,
      interestPer8h: 0.0001,
      cap: 0.003,
      floor: -0.003,
    });
    expect(row('LSK-USDT')).toMatchObject({ rate: -0.001152, intervalH: 1, nextFundingAt: 1_790_128_800_000, volume24h: 1_765_449.53 });
  });

  test('updateTime is that of the last settlement: no row is old, and the answer says no time', () => {
    expect(poll.venueTime).toBeNull();
    expect(poll.snapshots.filter(({ ageMs }) => ageMs !== undefined)).toEqual([]);
  });

  test('settled in what it is priced in; multipliers, and classes by the names that are no coins', () => {
    expect(instrument('BTC-USDC')).toMatchObject({ id: 'bingx:BTC-USDC', asset: 'BTC', quote: 'USDC', settle: 'USDC', contractSize: 1 });
    expect(instrument('1000PEPE-USDT')).toMatchObject({ asset: 'PEPE', multiplier: 1_000, assetClass: 'crypto' });
    expect(instrument('NCSKTSLA2USD-USDT')).toMatchObject({ asset: 'TSLA', assetClass: 'equity', delistedAt: 1_790_218_800_000 });
    expect(instrument('NCFXUSDBRL2USD-USDT')).toMatchObject({ asset: 'USDBRL', assetClass: 'currency' });
    expect(instrument('NCCOGOLD2USD-USDT')).toMatchObject({ asset: 'GOLD', assetClass: 'commodity', listedAt: 1_586_275_200_000 });
  });

  test('interest by class, as its notice says it; zero has no sign', () => {
    expect(['BTC-USDT', 'NCFXUSDBRL2USD-USDT', 'NCSKTSLA2USD-USDT'].map((symbol) => row(symbol)?.interestPer8h)).toEqual([
      0.0001,
      0.00004,
      null,
    ]);
    expect(Object.is(row('NCCOGOLD2USD-USDT')?.rate, 0)).toBe(true);
  });

  test('an interval that is not stated, or is 0, is none; a settlement that has passed is none to come; a limit of 0 is none', () => {
    expect(row('OLD-USDT')).toMatchObject({ intervalH: null, nextFundingAt: NEXT });
    expect(row('PAST-USDT')).toMatchObject({ intervalH: null, nextFundingAt: null });
    expect(row('PAST-USDT')).not.toHaveProperty('cap');
  });

  test('what has ended is closed, what is paused or not listed is left out, a bad row costs itself', () => {
    expect(poll.closed).toEqual(['GONE-USDT']);
    expect(poll.unlisted).toEqual(['STRANGE-USDT']);
    expect(row('PAUSED-USDT')).toBeUndefined();
    expect(poll.refused).toEqual([
      { symbol: 'MUTE-USDT', reason: 'no rate' },
      { symbol: 'WILD-USDT', reason: saying('beyond 10 % per hour') },
      { symbol: 'NOPRICE-USDT', reason: 'mark price 0 is not above 0' },
      { symbol: 'no symbol', reason: 'a row without a symbol' },
      { symbol: 'no symbol', reason: 'a row without a symbol' },
    ]);
  });

  test('without the list of contracts names tell the coins', () => {
    const without = readPoll(rows, { listings: null, volumes: null, lacks: () => true }, NOW);
    expect(row('BTC-USDC', without)).toMatchObject({ rate: 0.0000128, intervalH: 8, volume24h: null });
    expect(without.instruments.find(({ symbol }) => symbol === 'BTC-USDC')).toMatchObject({ quote: 'USDC', settle: 'USDC' });
  });
});

describe.runIf(hasRecordings)('recorded bodies', () => {
  const then = 1_672_026_617_364;
  const none: BingxKnown = { listings: null, volumes: null, lacks: () => true };

  test('rates: one contract with its interval, all of them without', () => {
    const one = readPoll(readPremiumIndex(sample('bingx', 'fetchFundingRate'), then), none, then);
    expect(one.snapshots).toMatchObject([
      { symbol: 'BTC-USDT', rate: 0.0001, intervalH: 8, nextFundingAt: 1_672_041_600_000, mark: 16_884.5, index: 16_886.9 },
    ]);
    const all = readPoll(readPremiumIndex(sample('bingx', 'fetchFundingRates'), then), none, then);
    expect(all.snapshots).toMatchObject([{ symbol: 'BTC-USDT', rate: 0.0001, intervalH: null }]);
  });

  test('the settlement, and open interest in money', () => {
    expect(parseFundingRate(sample('bingx', 'fetchFundingRateHistory'), 'BTC-USDT', then).rows).toEqual([
      { stamp: 1_585_684_800_000, rate: 0.0001, intervalH: null, mark: null, premium: null },
    ]);
    expect(parseOpenInterest(sample('bingx', 'fetchOpenInterest'), 'BTC-USDT', then)).toEqual({
      amount: 3_289_641_547.1,
      counted: 'quote',
      at: then,
    });
  });
});

describe('history, books and rules', () => {
  test('settlements in either order', () => {
    const stamps = (name: string, symbol: string) =>
      parseFundingRate(body(`bingx/${name}.json`), symbol, NOW).rows.map(({ stamp }) => stamp);
    expect(stamps('fundingRate', 'QNT-USDT')).toEqual([1_702_684_800_000, 1_702_713_600_000]);
    expect(stamps('fundingRate-oldest', 'BTC-USDT')).toEqual([1_585_684_800_000, 1_585_713_600_000]);
    expect(() => stamps('fundingRate', 'BTC-USDT')).toThrow(/told of QNT-USDT/u);
  });

  test('hours of the mark, newest first; those beside the window are left out', () => {
    const window = { firstOpen: 1_706_508_000_000, lastOpen: 1_706_511_600_000 };
    const { closes, refused } = parseMarkKlines(body('bingx/mark-klines.json'), 'BTC-USDT', window, NOW);
    expect([...closes]).toEqual([
      [1_706_508_000_000 + HOUR, 42_191.7],
      [1_706_511_600_000 + HOUR, 42_300.1],
    ]);
    expect(refused).toEqual([]);
  });

  test('a book is in coins where it says so, and its asks are turned', () => {
    expect(parseDepth(body('bingx/depth.json'), 'SHIB-USDT', '1', NOW)).toEqual({
      bids: [
        ['0.000009854', '483909000'],
        ['0.000009853', '824851000'],
        ['0.000009852', '539085000'],
      ],
      asks: [
        ['0.000009856', '687669000'],
        ['0.000009857', '976049000'],
        ['0.000009858', '501588000'],
      ],
      at: 1_702_719_083_983,
    });
  });

  test('a book without them is in contracts of the size that the list states, and no book where it states none', () => {
    const text = body('bingx/depth-contracts.json');
    const { bids, asks } = parseDepth(text, 'BTC-USDT', '0.0001', NOW);
    expect([bids[0]?.[1], asks[0]?.[1]].map(Number)).toEqual([108.3739, 151.8457]);
    expect(() => parseDepth(text, 'BTC-USDT', null, NOW)).toThrow(/what one contract is is not known/u);
  });

  test('open interest of another contract is none', () => {
    expect(parseOpenInterest(body('bingx/openInterest.json'), 'EOS-USDT', NOW).amount).toBe(7_409_966.52);
    expect(() => parseOpenInterest(body('bingx/openInterest.json'), 'BTC-USDT', NOW)).toThrow(/no open interest of BTC-USDT/u);
  });

  test('orders are in coins, whatever size says', () => {
    expect(listings.get('BTC-USDT')?.rules).toMatchObject({
      lotStep: '0.0001',
      minQuantity: '0.0001',
      tickSize: '0.1',
      minNotional: '2',
      contractSize: '1',
      maxLeverage: '125',
      maintenance: null,
    });
    expect(listings.get('LSK-USDT')?.rules.maxLeverage).toBe('20');
    expect(listings.get('BTC-USDT')?.rules.notes).toContainEqual(saying('only with an API key'));
  });
});

test('what the exchange counts as spent is of the endpoint that answered', () => {
  const spent = (left: string, path: string) => BINGX.spent?.({ 'x-ratelimit-requests-remain': left }, path);
  expect(spent('480', '/openApi/swap/v2/quote/depth?symbol=BTC-USDT')).toEqual({ depth: 20 });
  expect([spent('501', '/openApi/swap/v2/quote/depth'), spent('', '/openApi/swap/v2/quote/depth'), spent('4', '/other')]).toEqual([
    {},
    {},
    {},
  ]);
});

describe('through HTTP', () => {
  let exchange: FakeExchange;
  beforeEach(async () => {
    exchange = await startFakeExchange();
    for (const list of ['premiumIndex', 'contracts', 'ticker'])
      exchange.route('GET', `/openApi/swap/v2/quote/${list}`, () => body(`bingx/${list}.json`));
  });
  afterEach(() => exchange.close());

  test('a round is one request, the list of contracts once an hour, turnover every five minutes', async () => {
    let now = NOW;
    const venue = createBingx();
    const io = ioOf(venue, exchange.url, () => now);
    await venue.poll(io);
    await venue.poll(io);
    now += 5 * 60_000;
    await venue.poll(io);
    const asked = exchange.requests.map(({ path }) => path.split('/').at(-1));
    expect(asked).toEqual(['premiumIndex', 'contracts', 'ticker', 'premiumIndex', 'premiumIndex', 'ticker']);
  });

  test.each([
    [100_410, 'rate limited', 'rate-limited', 300_000],
    [
      100_410,
      `code:100410:The endpoint trigger frequency limit rule is in the disabled period and will be unblocked after ${NOW + 90_000}`,
      'rate-limited',
      90_000,
    ],
    [109_429, 'Too many invalid requests', 'rate-limited', 300_000],
    [100_500, 'The current system is busy', 'server', null],
    [109_425, 'X-USDT not exist', 'malformed', null],
    [109_400, 'Invalid parameters', 'malformed', null],
  ])('code %i "%s" in a body of status 200 is %s', async (code, msg, kind, retryAfterMs) => {
    exchange.fail({ kind: 'garbage', body: JSON.stringify({ code, msg, data: {} }) });
    const venue = createBingx();
    await expect(venue.poll(ioOf(venue, exchange.url, () => NOW))).rejects.toMatchObject({ name: 'VenueError', kind, retryAfterMs });
  });

  test('rules of what it does not list, or has paused', async () => {
    const venue = createBingx();
    const io = ioOf(venue, exchange.url, () => NOW);
    await expect(venue.orderRules(io, 'NONE-USDT')).rejects.toMatchObject({ user: 'BingX does not list NONE-USDT now.' });
    await expect(venue.orderRules(io, 'PAUSED-USDT')).rejects.toMatchObject({ user: 'BingX does not list PAUSED-USDT now.' });
  });
});
