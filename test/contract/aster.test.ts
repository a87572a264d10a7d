import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { restingRate } from '#domain/metrics/venue-terms.ts';
import { parseExchangeInfo } from '#node/venues/aster/contracts.ts';
import { parseDepth, parseFundingRate, parseOpenInterest } from '#node/venues/aster/history.ts';
import { createAster } from '#node/venues/aster/perpetuals.ts';
import { type AsterKnown, parseFundingInfo, parsePremiumIndex, parseVolumes } from '#node/venues/aster/rates.ts';
import { readRowKlines } from '#node/venues/common/klines.ts';
import { body, hasRecordings, sample } from '#test/support/bodies.ts';
import { type FakeExchange, startFakeExchange } from '#test/support/fake-exchange.ts';
import { instrumentOf } from '#test/support/made-year.ts';
import { ioOf } from '#test/support/venue-io.ts';
import { sure } from '../unit/node/demo/support.ts';

/*
 * Fields are those of "V3(Recommended)/EN/aster-finance-futures-api-v3.md" of https://github.com/asterdex/api-docs: the bodies are its
 * examples (BTCUSDT is recorded), and rows made after them. Unverified: exchangeInfo, ticker/24hr, depth and klines.
 */
const AT = 1_750_146_970_000;
const NOW = AT + 300;
const NEXT = 1_750_147_200_000;
const HOUR = 3_600_000;
const saying = (text: string): unknown => expect.stringContaining(text);

const known: AsterKnown = {
  listings: parseExchangeInfo(body('aster/exchangeInfo.json')),
  funding: parseFundingInfo(body('aster/fundingInfo.json')),
  fundingIsOld: false,
  volumes: parseVolumes(body('aster/ticker.json')),
  lacks: () => true,
};
const poll = parsePremiumIndex(body('aster/premiumIndex.json'), known, NOW);
const row = (symbol: string, of = poll) => of.snapshots.find((snapshot) => snapshot.symbol === symbol);
const instrument = (symbol: string) => poll.instruments.find((one) => one.symbol === symbol);

/**
 * Unverified: its documentation does not name the call; programs of others ask https://fapi.asterdex.com/fapi/v1/openInterest?symbol=BTCUSDT
 * and read "5599.890" in `openInterest`. The rest is as on Binance:
 * https://developers.binance.com/docs/derivatives/usds-margined-futures/market-data/rest-api/Open-Interest
 */
describe('open interest', () => {
  const said = (more: object = {}): string => JSON.stringify({ openInterest: '5599.890', symbol: 'BTCUSDT', time: AT, ...more });
  test('coins, with the time of its own', () => {
    expect(parseOpenInterest(said(), 'BTCUSDT', NOW)).toEqual({ amount: 5_599.89, counted: 'base', at: AT });
    expect(parseOpenInterest(said({ time: undefined }), 'BTCUSDT', NOW).at).toBeNull();
  });
  test.each([
    ['another contract', { symbol: 'ETHUSDT' }, 'is about ETHUSDT'],
    ['no number', { openInterest: 'many' }, 'is many'],
    ['less than none', { openInterest: '-1' }, 'is -1'],
    ['of the future', { time: NOW + HOUR }, 'in the future'],
    ['a code', { code: -1121, msg: 'Invalid symbol.' }, 'Invalid symbol.'],
  ])('%s is refused', (_name, more, message) => {
    expect(() => parseOpenInterest(said(more), 'BTCUSDT', NOW)).toThrow(message);
  });
  test('it is asked for of one contract', async () => {
    const exchange = await startFakeExchange();
    try {
      exchange.route('GET', '/fapi/v1/openInterest', ({ query }) => said({ symbol: query.get('symbol') }));
      const venue = createAster();
      expect(
        await venue.openInterest?.(
          ioOf(venue, exchange.url, () => NOW),
          '1000PEPEUSDT',
        ),
      ).toEqual({ amount: 5_599.89, counted: 'base', at: AT });
    } finally {
      await exchange.close();
    }
  });
});

describe('rates', () => {
  test('a row whole; the next settlement is in nextFundingTime; open interest has a call of its own', () => {
    expect(row('BTCUSDT')).toEqual({
      symbol: 'BTCUSDT',
      rate: 0.0001,
      intervalH: 8,
      nextFundingAt: NEXT,
      mark: 106_729.840_478_26,
      index: 106_775.726_739_13,
      openInterest: null,
      volume24h: 15.3,
      interestPer8h: 0.0001,
      cap: 0.03,
      floor: -0.03,
    });
    expect(instrument('BTCUSDT')).toMatchObject({ settle: 'USDT', contract: 'linear', assetClass: 'crypto', listedAt: 1_598_252_400_000 });
  });

  test('the interest is that of the interval: a contract of 4 h that says 0.00005 has 0.0001 per 8 h, and rests at 0.00005', () => {
    const zora = sure(row('ZORAUSDT'));
    expect(zora).toMatchObject({ rate: -0.00012, intervalH: 4, interestPer8h: 0.0001, cap: 0.02, floor: -0.02 });
    const terms = { ...instrumentOf('aster', 'ZORAUSDT'), interestPer8h: zora.interestPer8h };
    expect(restingRate(terms, 4, NOW)).toBeCloseTo(0.00005, 12);
    expect(row('BNBUSDT')?.interestPer8h).toBe(0);
    expect(Object.is(row('BNBUSDT')?.rate, 0)).toBe(true);
  });

  test('8 h is a guess where the list does not hold the symbol; null without the list, and where the settlement is further off', () => {
    expect(row('NEWUSDT')).toMatchObject({ intervalH: 8, intervalIsGuess: true, interestUnread: true });
    expect(row('FASTUSDT')).toMatchObject({ intervalH: null });
    const without = parsePremiumIndex(body('aster/premiumIndex.json'), { ...known, funding: null, volumes: null }, NOW);
    expect(row('BTCUSDT', without)).toMatchObject({ intervalH: null, interestPer8h: null, volume24h: null });
    const old = parsePremiumIndex(body('aster/premiumIndex.json'), { ...known, fundingIsOld: true }, NOW);
    expect(row('ZORAUSDT', old)).toMatchObject({ intervalH: 4, intervalIsGuess: true });
  });

  test('a row that stands still has its own time; classes; a multiplier; caps of 0 say nothing', () => {
    expect(row('1000BONKUSDT')).toMatchObject({ ageMs: 400_000 });
    expect(row('1000BONKUSDT')).not.toHaveProperty('cap');
    expect(instrument('1000BONKUSDT')).toMatchObject({ asset: 'BONK', multiplier: 1_000 });
    expect(instrument('NEWUSDT')?.assetClass).toBe('equity');
  });

  test('what is settled is closed, what is not listed is left out, a bad row costs itself', () => {
    expect(poll.closed).toEqual(['GONEUSDT']);
    expect(poll.unlisted).toEqual(['FROZENUSDT']);
    expect(poll.refused).toEqual([
      { symbol: 'MUTEUSDT', reason: 'no rate' },
      { symbol: 'no symbol', reason: 'a row without a symbol' },
    ]);
  });
});

describe.runIf(hasRecordings)('recorded bodies', () => {
  test('rates, the list of intervals and settlements', () => {
    const recorded = parsePremiumIndex(sample('aster', 'fetchFundingRates'), { ...known, volumes: null }, NOW);
    expect(recorded.snapshots).toMatchObject([{ symbol: 'BTCUSDT', rate: 0.0001, nextFundingAt: NEXT, mark: 106_729.840_478_26 }]);
    expect([...parseFundingInfo(sample('aster', 'fetchFundingIntervals'))]).toEqual([
      ['INJUSDT', { intervalH: 8, interestPer8h: 0.0001, cap: 0.03, floor: -0.03 }],
    ]);
    const { rows } = parseFundingRate(sample('aster', 'fetchFundingRateHistory'), 'BTCUSDT', NOW);
    expect(rows).toEqual([{ stamp: 1_747_209_600_000, rate: 0.0001, intervalH: null, mark: null, premium: null }]);
  });
});

describe('through HTTP', () => {
  let exchange: FakeExchange;
  beforeEach(async () => {
    exchange = await startFakeExchange();
    exchange.route('GET', '/fapi/v3/premiumIndex', () => body('aster/premiumIndex.json'));
    exchange.route('GET', '/fapi/v3/exchangeInfo', () => body('aster/exchangeInfo.json'));
    exchange.route('GET', '/fapi/v3/fundingInfo', () => body('aster/fundingInfo.json'));
    exchange.route('GET', '/fapi/v3/ticker/24hr', () => body('aster/ticker.json'));
  });
  afterEach(() => exchange.close());
  const opened = () => {
    const venue = createAster();
    return { venue, io: ioOf(venue, exchange.url, () => NOW) };
  };

  test('a round is one request; the lists beside it are kept', async () => {
    const { venue, io } = opened();
    await venue.poll(io);
    await venue.poll(io);
    expect(exchange.requests.map(({ path }) => path.slice('/fapi/v3/'.length))).toEqual([
      'premiumIndex',
      'exchangeInfo',
      'fundingInfo',
      'ticker/24hr',
      'premiumIndex',
    ]);
  });

  test.each([
    [-1003, 'rate-limited', 'asks for a pause'],
    [-1001, 'server', 'a fault of its own'],
    [-1121, 'malformed', 'does not know the contract'],
    [-1130, 'malformed', 'cannot read'],
  ])('code %i in a body of status 200 is %s', async (code, kind, user) => {
    exchange.fail({ kind: 'garbage', body: JSON.stringify({ code, msg: 'said' }) });
    const { venue, io } = opened();
    await expect(venue.poll(io)).rejects.toMatchObject({ kind, user: saying(user), message: saying(`${code} said`) });
  });

  test('rules of an order; books are in coins; hours of marks', async () => {
    exchange.route('GET', '/fapi/v3/depth', () => body('aster/depth.json'));
    const { venue, io } = opened();
    expect(await venue.orderRules(io, 'BTCUSDT')).toMatchObject({
      lotStep: '1',
      minQuantity: '1',
      maxQuantity: '590119',
      tickSize: '0.0001',
      minNotional: '1',
      contractSize: '1',
      maintenance: null,
      liquidationFee: '0.010000',
    });
    await expect(venue.orderRules(io, 'GONEUSDT')).rejects.toMatchObject({ user: 'Aster does not list GONEUSDT now.' });
    const asked = parseDepth(body('aster/depth.json'), 'BTCUSDT', NOW);
    expect(await venue.book(io, 'BTCUSDT')).toEqual(asked);
    expect(asked).toEqual({ bids: [['4.00000000', '431.00000000']], asks: [['4.00000200', '12.00000000']], at: 1_589_436_922_972 });
    const open = 1_591_254_000_000;
    const window = { firstOpen: open, lastOpen: open };
    expect([...readRowKlines('Aster', 'BTCUSDT', JSON.parse(body('aster/klines.json')) as unknown[], window).closes]).toEqual([
      [open + HOUR, 9_651.5],
    ]);
  });
});
