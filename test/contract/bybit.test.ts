import { describe, expect, test } from 'vitest';
import type { VenuePoll } from '#core/venue.ts';
import { parseFundingHistory, parseKlines } from '#node/venues/bybit/history.ts';
import { parseInstruments } from '#node/venues/bybit/instruments.ts';
import { LINEAR } from '#node/venues/bybit/linear.ts';
import { parseTickers } from '#node/venues/bybit/tickers.ts';
import { body, hasRecordings, sample } from '#test/support/bodies.ts';

const saying = (text: string): unknown => expect.stringContaining(text);
const NOW = 1_794_770_400_500;
const tickers = body('bybit/tickers.json');
const pages = [parseInstruments(LINEAR, body('bybit/instruments-1.json')), parseInstruments(LINEAR, body('bybit/instruments-2.json'))];
const listings = new Map(pages.flatMap((page) => [...page.listings]));

const row = (poll: VenuePoll, symbol: string) => poll.snapshots.find((snapshot) => snapshot.symbol === symbol);
const coins = (poll: VenuePoll, symbol: string) => {
  const found = poll.instruments.find((instrument) => instrument.symbol === symbol);
  return found && [found.asset, found.multiplier, found.quote, found.settle, found.contract];
};
const refused = (poll: VenuePoll) => Object.fromEntries(poll.refused.map(({ symbol, reason }) => [symbol, reason]));

test('instruments-info: coins, hours from minutes, cursor', () => {
  expect(pages.map(({ cursor }) => cursor)).toEqual(['first%3DINJPERP%26last%3DINJUSDT', null]);
  expect(listings.get('1000000MOGUSDT')).toMatchObject({ base: '1000000MOG', intervalH: 4, live: true });
  expect(listings.get('INJPERP')).toMatchObject({
    base: 'INJ',
    quote: 'USDC',
    settle: 'USDC',
    intervalH: 1,
    listedAt: 1_690_000_000_000,
    live: true,
  });
  expect(listings.get('BTC-25DEC26')).toMatchObject({ intervalH: null, live: false });
  expect(listings.get('GONEUSDT')?.live).toBe(false);
});

describe('tickers with instruments-info', () => {
  const poll = parseTickers(LINEAR, tickers, listings, NOW);

  test('an instrument says what it is of and since when it trades', () => {
    const identity = (symbol: string) => poll.instruments.find((one) => one.symbol === symbol);
    const known = { contractSize: 1, aliases: [], delistedAt: null };
    expect(identity('BTCUSDT')).toMatchObject({ ...known, assetClass: 'crypto', listedAt: 1_584_230_400_000 });
    expect(identity('AAPLUSDT')).toMatchObject({ ...known, assetClass: 'equity', listedAt: 1_750_000_000_000 });
    expect(identity('XAUUSDT')).toMatchObject({ ...known, assetClass: 'commodity' });
    const early = new Map(
      parseInstruments(LINEAR, body('bybit/instruments-2.json').replace('"symbolType":"stock"', '"symbolType":"stock","isPreListing":true'))
        .listings,
    );
    expect(early.get('AAPLUSDT')).toMatchObject({ assetClass: 'pre-market', interestPer8h: 0 });
    expect(parseTickers(LINEAR, tickers, null, NOW).instruments[0]).toMatchObject({ assetClass: null, listedAt: null });
  });

  test('a row whole', () => {
    expect(row(poll, 'BTCUSDT')).toEqual({
      symbol: 'BTCUSDT',
      rate: 0.00001938,
      intervalH: 8,
      nextFundingAt: 1_794_787_200_000,
      mark: 97201.1,
      index: 97240.52,
      openInterest: 50923.331,
      volume24h: 10983940889.69,
      interestPer8h: 0.0001,
      cap: 0.005,
      floor: -0.005,
    });
    expect(poll.venueTime).toBe(1_794_770_400_123);
  });

  test('the interval of the ticker wins over the older list; the list serves where the ticker is silent', () => {
    expect(row(poll, 'INJUSDT')?.intervalH).toBe(1);
    expect(row(poll, 'INJPERP')?.intervalH).toBe(1);
    // The list says 4 h, the next settlement is 4 h 40 min away: it has changed since.
    expect(row(poll, '1000000MOGUSDT')?.intervalH).toBeNull();
  });

  test('what is not said is null, and zero has no sign', () => {
    expect(row(poll, '1000000MOGUSDT')).toMatchObject({ openInterest: null, volume24h: null });
    expect(Object.is(row(poll, '1000000MOGUSDT')?.rate, 0)).toBe(true);
  });

  test('USDT- and USDC-margined contracts of one coin stay two instruments of one asset', () => {
    expect(coins(poll, 'INJUSDT')).toEqual(['INJ', 1, 'USDT', 'USDT', 'linear']);
    expect(coins(poll, 'INJPERP')).toEqual(['INJ', 1, 'USDC', 'USDC', 'linear']);
    expect(coins(poll, '1000000MOGUSDT')).toEqual(['MOG', 1_000_000, 'USDT', 'USDT', 'linear']);
  });

  test('coins rest at 0.01 % per 8 h and shares at 0; what metals rest at is not sourced, and without the list nothing is known', () => {
    const interest = (one: VenuePoll) => Object.fromEntries(one.snapshots.map(({ symbol, interestPer8h }) => [symbol, interestPer8h]));
    const coin = 0.0001;
    expect(interest(poll)).toMatchObject({ BTCUSDT: coin, '1000000MOGUSDT': coin, INJPERP: coin, AAPLUSDT: 0, XAUUSDT: null });
    expect(interest(parseTickers(LINEAR, tickers, null, NOW))).toMatchObject({ BTCUSDT: null, AAPLUSDT: null });
    expect(parseTickers(LINEAR, tickers, null, NOW).snapshots.every(({ interestUnread }) => interestUnread === true)).toBe(true);
  });

  test('the cap of the ticker holds on both sides; the limits of the list serve where it is silent', () => {
    expect(row(poll, 'AAPLUSDT')).toMatchObject({ cap: 0.0075, floor: -0.0075 });
    expect(row(poll, 'XAUUSDT')).toMatchObject({ cap: 0.003, floor: -0.003 });
    expect(row(poll, 'INJUSDT')).not.toHaveProperty('cap');
  });

  test('dated futures, contracts before launch and closed ones are left out; bad rows say why', () => {
    expect(poll.snapshots.map(({ symbol }) => symbol)).toEqual([
      'BTCUSDT',
      'INJUSDT',
      'INJPERP',
      '1000000MOGUSDT',
      'AAPLUSDT',
      'XAUUSDT',
      'BADUSDT',
      'DEBTUSDT',
    ]);
    expect(row(poll, 'BADUSDT')).toMatchObject({ rate: 0.0001, mark: 0.11, index: null });
    expect(row(poll, 'DEBTUSDT')).toMatchObject({ rate: 0.0001, openInterest: null });
    expect(refused(poll)).toEqual({
      BADUSDT: saying('index price -1'),
      DEBTUSDT: saying('open interest -7'),
      NORATEUSDT: 'no rate',
    });
  });
});

test('what the list says to be over is told of; a list that is whole leaves out what it does not hold', () => {
  const poll = parseTickers(LINEAR, tickers, listings, NOW);
  expect(poll.closed).toEqual(['GONEUSDT']);
  const few = new Map([...listings].filter(([symbol]) => symbol !== 'INJUSDT'));
  const without = parseTickers(LINEAR, tickers, few, NOW, [], () => true);
  expect(row(without, 'INJUSDT')).toBeUndefined();
  expect(without.unlisted).toContain('INJUSDT');
  expect(
    row(
      parseTickers(LINEAR, tickers, few, NOW, [], () => false),
      'INJUSDT',
    ),
  ).toBeDefined();
});

test('tickers alone: coins from the symbol, the interval where the ticker says it', () => {
  const poll = parseTickers(LINEAR, tickers, null, NOW);
  expect(row(poll, 'BTCUSDT')?.intervalH).toBe(8);
  expect(row(poll, 'INJPERP')?.intervalH).toBeNull();
  expect(coins(poll, 'INJPERP')).toEqual(['INJ', 1, 'USDC', 'USDC', 'linear']);
  expect(coins(poll, '1000000MOGUSDT')).toEqual(['MOG', 1_000_000, 'USDT', 'USDT', 'linear']);
  expect(row(poll, 'SOONUSDT')).toBeUndefined();
  expect(row(poll, 'BTC-25DEC26')).toBeUndefined();
});

test('an answer of an absurd time goes by the clock of here', () => {
  const told = JSON.parse(tickers) as object;
  for (const time of ['1e308', -5, 1_794_770_400]) {
    const poll = parseTickers(LINEAR, JSON.stringify({ ...told, time }), listings, NOW);
    expect(poll.venueTime).toBeNull();
    expect(row(poll, 'BTCUSDT')?.rate).toBe(0.00001938);
  }
});

describe('answers that are no market', () => {
  const answer = (retCode: unknown) => JSON.stringify({ retCode, retMsg: 'why', result: {}, time: NOW });
  test.each([
    [answer(10006), 'rate-limited', null],
    [answer(10018), 'rate-limited', 600_000],
    [answer(10009), 'banned', 1_800_000],
    [answer(10024), 'blocked', null],
    [answer(10016), 'server', null],
    [answer(10001), 'malformed', null],
    [answer(0), 'malformed', null],
    [answer('ok'), 'malformed', null],
    ['[]', 'malformed', null],
    ['null', 'malformed', null],
    [tickers.slice(0, 500), 'malformed', null],
    ['{"retCode":0,"retMsg":"OK","result":{"category":"linear","list":[]},"time":1}', 'empty', null],
    ['{"retCode":0,"result":null}', 'malformed', null],
  ])('case %#', (text, kind, retryAfterMs) => {
    expect(() => parseTickers(LINEAR, text, null, NOW)).toThrow(expect.objectContaining({ name: 'VenueError', kind, retryAfterMs }));
  });
});

test('funding/history: newest first, bad rows refused', () => {
  const answer = parseFundingHistory(LINEAR, body('bybit/funding-history.json'), 'INJUSDT', NOW);
  expect(answer.rows).toEqual([
    { stamp: 1_794_769_200_000, rate: -0.00055, intervalH: null, mark: null, premium: null },
    { stamp: 1_794_762_000_000, rate: 0, intervalH: null, mark: null, premium: null },
  ]);
  expect(answer.refused).toHaveLength(2);
  expect(() => parseFundingHistory(LINEAR, body('bybit/funding-history.json'), 'INJPERP', NOW)).toThrow(
    expect.objectContaining({ kind: 'malformed' }),
  );
});

test('klines: newest first, the close of the hour', () => {
  const open = 1_794_700_800_000;
  const list = [
    [String(open + 3_600_000), '1', '2', '0.5', '1.7'],
    [String(open), '1', '2', '0.5', '1.5'],
  ];
  const text = JSON.stringify({ retCode: 0, result: { symbol: 'BTCUSDT', category: 'linear', list }, time: NOW });
  expect([...parseKlines(LINEAR, text, 'BTCUSDT', { firstOpen: open, lastOpen: open + 3_600_000 }).closes]).toEqual([
    [open + 3_600_000, 1.5],
    [open + 7_200_000, 1.7],
  ]);
});

describe.skipIf(!hasRecordings)('recorded bodies', () => {
  test('tickers of before fundingIntervalHour: the interval is not said', () => {
    const poll = parseTickers(LINEAR, sample('bybit', 'fetchFundingRates'), null, Date.now());
    expect(poll.snapshots).toMatchObject([
      { symbol: 'BTCUSDT', rate: 0.0001, intervalH: null, nextFundingAt: 1_663_689_600_000, mark: 19255, openInterest: 48069.549 },
    ]);
    expect(poll.venueTime).toBe(1_663_670_053_454);
  });

  test('funding/history', () => {
    expect(parseFundingHistory(LINEAR, sample('bybit', 'fetchFundingRateHistory'), 'ETHPERP', Date.now()).rows).toMatchObject([
      { stamp: 1_672_041_600_000, rate: 0.0001 },
    ]);
  });
});
