import { formulaOf } from '#test/support/formulas.ts';
import { describe, expect, test } from 'vitest';
import type { VenuePoll } from '#core/venue.ts';
import type { FrameInstrument } from '#domain/metrics/frames/frames.ts';
import { restingRate } from '#domain/metrics/venue-terms.ts';
import { BINANCE } from '#node/venues/binance/host.ts';
import { parseExchangeInfo } from '#node/venues/binance/exchange-info.ts';
import { parseFundingInfo } from '#node/venues/binance/funding-info.ts';
import { parseFundingRate, parseKlines } from '#node/venues/binance/history.ts';
import { parsePremiumIndex } from '#node/venues/binance/premium-index.ts';
import { USD_M } from '#node/venues/binance/usd-m.ts';
import { parseVolumes } from '#node/venues/binance/volumes.ts';
import { answerTime } from '#node/venues/common/poll.ts';
import { body, hasRecordings, sample, settlements } from '#test/support/bodies.ts';

const saying = (text: string): unknown => expect.stringContaining(text);
const NOW = 1_794_770_400_500;
const premiumIndex = body('binance/premiumIndex.json');
const listings = parseExchangeInfo(USD_M, body('binance/exchangeInfo.json'), NOW);
const adjusted = parseFundingInfo(USD_M, body('binance/fundingInfo.json'), NOW);
const BTC: FrameInstrument = {
  id: 'binance:BTCUSDT',
  venue: 'binance',
  asset: 'BTC',
  money: 'USDT',
  contract: 'linear',
  multiplier: 1,
  formula: formulaOf('binance'),
};
const nothing = { listings: null, adjusted: null };

const row = (poll: VenuePoll, symbol: string) => poll.snapshots.find((snapshot) => snapshot.symbol === symbol);
const coins = (poll: VenuePoll, symbol: string) => {
  const found = poll.instruments.find((instrument) => instrument.symbol === symbol);
  return found && [found.id, found.asset, found.multiplier, found.quote, found.settle, found.contract];
};
const refused = (poll: VenuePoll) => Object.fromEntries(poll.refused.map(({ symbol, reason }) => [symbol, reason]));

describe('premiumIndex with both lists', () => {
  const poll = parsePremiumIndex(USD_M, premiumIndex, { listings, adjusted }, NOW);

  test('a row whole, numbers from text', () => {
    expect(row(poll, 'BTCUSDT')).toEqual({
      symbol: 'BTCUSDT',
      rate: 0.00004312,
      intervalH: 8,
      intervalIsGuess: true,
      nextFundingAt: 1_794_787_200_000,
      mark: 97201.1,
      index: 97240.52318841,
      openInterest: null,
      volume24h: null,
      interestPer8h: 0.0001,
      cap: null,
      floor: null,
    });
    expect(poll.venueTime).toBe(1_794_770_400_003);
  });

  test('an instrument says what it is of and when it was listed; the year 2100 is no end', () => {
    const identity = (symbol: string) => poll.instruments.find((one) => one.symbol === symbol);
    expect(identity('BTCUSDT')).toMatchObject({ assetClass: 'crypto', listedAt: 1_569_398_400_000, delistedAt: null, contractSize: 1 });
    expect(identity('TSLAUSDT')).toMatchObject({ assetClass: 'equity', listedAt: 1_769_500_800_000, delistedAt: 1_795_000_000_000 });
    expect(identity('INJUSDT')).toMatchObject({ assetClass: null, listedAt: null, delistedAt: null });
  });

  test('the same from numbers and from times as text, unknown fields aside', () => {
    expect(row(poll, 'BTCUSDC')).toMatchObject({ rate: -0.00001, mark: 97199.5, nextFundingAt: 1_794_787_200_000 });
  });

  test('the interval is the stated one; 8 h only for what fundingInfo does not list', () => {
    expect(row(poll, 'INJUSDT')?.intervalH).toBe(4);
    expect(row(poll, '龙虾USDT')?.intervalH).toBe(1);
    expect(row(poll, 'ETHBTC')?.intervalH).toBe(8);
    expect(row(poll, '1000PEPEUSDT')?.intervalH).toBeNull();
  });

  test('interest is said per 8 h whatever the interval: on 4 h and on 1 h a rate rests at its part of it', () => {
    const restsAt = (symbol: string): number | null => {
      const known = row(poll, symbol);
      if (!known) throw new Error(`no ${symbol}`);
      return restingRate({ ...BTC, id: `binance:${symbol}`, interestPer8h: known.interestPer8h }, known.intervalH ?? NaN, NOW);
    };
    expect(row(poll, 'INJUSDT')).toMatchObject({ intervalH: 4, interestPer8h: 0.0001 });
    expect(['BTCUSDT', 'INJUSDT', '龙虾USDT', 'ETHBTC'].map(restsAt)).toEqual([0.0001, 0.00005, 0.0000125, 0]);
    // Whether the interval is known or not.
    expect(row(poll, '1000PEPEUSDT')).toMatchObject({ intervalH: null, interestPer8h: 0.0001 });
  });

  test('cap and floor that fundingInfo states are read, per paid interval; what it does not list states none', () => {
    expect(row(poll, 'INJUSDT')).toMatchObject({ cap: 0.02, floor: -0.02 });
    expect(row(poll, '1000PEPEUSDT')).toMatchObject({ intervalH: null, cap: 0.03, floor: -0.03 });
    expect(row(poll, 'BTCUSDT')).toMatchObject({ cap: null, floor: null });
    const odd = parseFundingInfo(
      USD_M,
      JSON.stringify([
        { symbol: 'A', fundingIntervalHours: 4, adjustedFundingRateCap: '', adjustedFundingRateFloor: '0.02' },
        { symbol: 'B', fundingIntervalHours: 4, adjustedFundingRateCap: '1e308', adjustedFundingRateFloor: null },
        { symbol: 'C', fundingIntervalHours: 4, adjustedFundingRateCap: 0, adjustedFundingRateFloor: -0.004 },
      ]),
      NOW,
    );
    expect([...odd.values()].map(({ cap, floor }) => [cap, floor])).toEqual([
      [undefined, undefined],
      [undefined, undefined],
      [undefined, -0.004],
    ]);
  });

  test('zero has no sign', () => {
    expect(Object.is(row(poll, '1000PEPEUSDT')?.rate, 0)).toBe(true);
  });

  test('coins, multiplier and margin apart', () => {
    expect(coins(poll, '1000PEPEUSDT')).toEqual(['binance:1000PEPEUSDT', 'PEPE', 1000, 'USDT', 'USDT', 'linear']);
    expect(coins(poll, 'ETHBTC')).toEqual(['binance:ETHBTC', 'ETH', 1, 'BTC', 'BTC', 'linear']);
    expect(coins(poll, '龙虾USDT')).toEqual(['binance:龙虾USDT', '龙虾', 1, 'USDT', 'USDT', 'linear']);
    expect(coins(poll, 'TSLAUSDT')?.[1]).toBe('TSLA');
  });

  test('what is no name of a coin is none: the margin is then the quote', () => {
    const known = (change: object) => {
      const symbol = { symbol: 'BTCUSDT', baseAsset: 'BTC', quoteAsset: 'USDT', marginAsset: '-1e308', ...change };
      return parseExchangeInfo(USD_M, JSON.stringify({ symbols: [symbol, { ...symbol, symbol: 'ETHUSDT', baseAsset: 'ETH' }] }), NOW).get(
        'BTCUSDT',
      );
    };
    expect(known({})).toMatchObject({ base: 'BTC', quote: 'USDT', settle: 'USDT' });
    for (const baseAsset of ['9'.repeat(5000), '-1e308', '<b>', ' ', '', 7]) expect(known({ baseAsset })).toBeUndefined();
  });

  test('dated futures and contracts being wound up are left out without a word', () => {
    for (const symbol of ['BTCUSDT_261225', 'OLDUSDT', 'HALTUSDT']) {
      expect(row(poll, symbol)).toBeUndefined();
      expect(refused(poll)).not.toHaveProperty([symbol]);
    }
  });

  test('each bad row costs itself and says why', () => {
    expect(poll.snapshots.map(({ symbol }) => symbol)).toEqual([
      'BTCUSDT',
      'BTCUSDC',
      'INJUSDT',
      '1000PEPEUSDT',
      'ETHBTC',
      '龙虾USDT',
      'TSLAUSDT',
      'ZEROUSDT',
    ]);
    expect(refused(poll)).toEqual({
      NANUSDT: 'no rate',
      WILDUSDT: saying('beyond 10 % per hour'),
      ZEROUSDT: saying('mark price 0'),
      LATEUSDT: saying('in the future'),
      SECSUSDT: saying('next settlement 1794787200'),
      BTCUSDT: saying('twice'),
      '"<img src=x>"': 'a row without a symbol',
      ODDEUR: saying('coins are not known'),
      'no symbol': 'a row without a symbol',
    });
  });

  test('a bad price costs itself, not the rate beside it', () => {
    expect(row(poll, 'ZEROUSDT')).toMatchObject({ mark: null, rate: expect.any(Number) as number });
  });
});

test('symbols that the list says to be over, and those that it no longer holds, are told of and have no row', () => {
  const time = NOW - 500;
  const row = (symbol: string, at = time) => ({
    symbol,
    lastFundingRate: '0.0001',
    markPrice: '1',
    nextFundingTime: NOW + 3_600_000,
    time: at,
  });
  const text = JSON.stringify([
    row('BTCUSDT'),
    row('HALTUSDT'),
    row('EOSUSDT'),
    row('ETHBTC', time - 60_000),
    row('TSLAUSDT', time - 4000),
  ]);
  const poll = parsePremiumIndex(USD_M, text, { listings, adjusted, lacks: () => true }, NOW);
  expect(poll.snapshots.map(({ symbol, ageMs }) => [symbol, ageMs])).toEqual([
    ['BTCUSDT', undefined],
    ['ETHBTC', 60_000],
    ['TSLAUSDT', undefined],
  ]);
  expect([poll.closed, poll.unlisted, poll.refused]).toEqual([['HALTUSDT'], ['EOSUSDT'], []]);
  expect(parsePremiumIndex(USD_M, text, { listings, adjusted, lacks: () => false }, NOW).snapshots.map(({ symbol }) => symbol)).toContain(
    'EOSUSDT',
  );
});

test.each([
  [[5], 5],
  [[1, 5], 5],
  [[1, 5, 99], 5],
  [[5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 99], 5],
  [[1, 1, 1, 1, 1, 1, 1, 1, 5, 5], 5],
  [[], null],
])('the time of an answer with rows of %j is %j', (times, time) => {
  expect(answerTime(times)).toBe(time);
});

describe('premiumIndex alone', () => {
  const poll = parsePremiumIndex(USD_M, premiumIndex, nothing, NOW);

  test('what can be known is known: rate and coins from the symbol; the interval is not', () => {
    expect(row(poll, 'INJUSDT')).toMatchObject({ rate: -0.001215, intervalH: null, interestPer8h: 0.0001, mark: 8.412 });
    expect(coins(poll, '1000PEPEUSDT')).toEqual(['binance:1000PEPEUSDT', 'PEPE', 1000, 'USDT', 'USDT', 'linear']);
    expect(coins(poll, 'ETHBTC')).toEqual(['binance:ETHBTC', 'ETH', 1, 'BTC', 'BTC', 'linear']);
  });

  test('what has no funding to come still stays out', () => {
    expect(row(poll, 'OLDUSDT')).toBeUndefined();
    expect(row(poll, 'BTCUSDT_261225')).toBeUndefined();
  });

  test('an old recording is as good as a new one; its next settlement stays in the past', () => {
    const later = parsePremiumIndex(USD_M, premiumIndex, nothing, NOW + 3 * 365 * 86_400_000);
    expect(row(later, 'BTCUSDT')?.nextFundingAt).toBe(1_794_787_200_000);
    expect(later.snapshots.length).toBe(poll.snapshots.length);
  });

  test('a machine whose clock is behind refuses nothing for it', () => {
    expect(row(parsePremiumIndex(USD_M, premiumIndex, nothing, NOW - 600_000), 'BTCUSDT')?.rate).toBe(0.00004312);
  });

  test('an answer all of whose times are absurd is not believed of its time, and costs its rows only', () => {
    const rows = (JSON.parse(premiumIndex) as (Record<string, unknown> | null)[]).map((one) => one && { ...one, time: '1e308' });
    expect(() => parsePremiumIndex(USD_M, JSON.stringify(rows), nothing, NOW)).toThrow(expect.objectContaining({ kind: 'malformed' }));
    const one = parsePremiumIndex(USD_M, JSON.stringify([...rows.slice(1), { ...rows[0], time: NOW }]), nothing, NOW);
    expect([one.venueTime, one.snapshots.map(({ symbol }) => symbol)]).toEqual([NOW, ['BTCUSDT']]);
  });

  test('one object instead of a list', () => {
    const one = parsePremiumIndex(USD_M, JSON.stringify({ symbol: 'BTCUSDT', lastFundingRate: '0.0001' }), nothing, NOW);
    expect(one.snapshots).toMatchObject([{ symbol: 'BTCUSDT', rate: 0.0001, nextFundingAt: null, mark: null, index: null }]);
  });
});

test('an interval that the next settlement contradicts has changed and is not known', () => {
  const now = 1_794_770_400_000;
  const text = JSON.stringify([{ symbol: 'INJUSDT', lastFundingRate: '0.0001', nextFundingTime: now + 4 * 3_600_000, time: now }]);
  const poll = (hours: number) =>
    parsePremiumIndex(
      USD_M,
      text,
      { listings, adjusted: new Map([['INJUSDT', { intervalH: hours, cap: undefined, floor: undefined }]]) },
      now,
    );
  expect(poll(1).snapshots[0]?.intervalH).toBeNull();
  expect(poll(4).snapshots[0]?.intervalH).toBe(4);
});

describe('answers that are no market', () => {
  test.each([
    ['[]', 'empty'],
    ['[{"symbol":"BTCUSDT_261225","lastFundingRate":"","nextFundingTime":0}]', 'empty'],
    ['null', 'malformed'],
    ['{}', 'malformed'],
    ['"ok"', 'malformed'],
    ['[1,2]', 'malformed'],
    [premiumIndex.slice(0, 900), 'malformed'],
    ['{"code":-1121,"msg":"Invalid symbol."}', 'malformed'],
    ['{"code":-1001,"msg":"Internal error; unable to process your request."}', 'server'],
    ['{"code":-1003,"msg":"Too many requests; current limit of IP(1.2.3.4) is 2400 requests per minute."}', 'rate-limited'],
  ])('case %#', (text, kind) => {
    expect(() => parsePremiumIndex(USD_M, text, nothing, NOW)).toThrow(expect.objectContaining({ name: 'VenueError', kind }));
  });

  test('a ban says until when', () => {
    const text = `{"code":-1003,"msg":"Way too much request weight used; IP banned until ${NOW + 120_000}. Please use the websocket"}`;
    expect(() => parsePremiumIndex(USD_M, text, nothing, NOW)).toThrow(expect.objectContaining({ kind: 'banned', retryAfterMs: 120_000 }));
  });

  test('lists that say nothing', () => {
    expect(() => parseExchangeInfo(USD_M, '{"symbols":[]}', NOW)).toThrow(expect.objectContaining({ kind: 'empty' }));
    expect(() => parseExchangeInfo(USD_M, '{"timezone":"UTC"}', NOW)).toThrow(expect.objectContaining({ kind: 'malformed' }));
    expect(() => parseFundingInfo(USD_M, '[]', NOW)).toThrow(expect.objectContaining({ kind: 'empty' }));
  });
});

describe('fundingRate', () => {
  const answer = parseFundingRate(USD_M, body('binance/fundingRate.json'), 'INJUSDT', NOW);

  test('stamps as given, marks where given, zero without a sign', () => {
    expect(answer.rows).toEqual([
      { stamp: 1_794_744_000_000, rate: 0.00005, intervalH: null, mark: null, premium: null },
      { stamp: 1_794_758_400_007, rate: 0, intervalH: null, mark: 8.3911, premium: null },
      { stamp: 1_794_769_200_011, rate: -0.00121, intervalH: null, mark: 8.41, premium: null },
    ]);
    expect(Object.is(answer.rows[1]?.rate, 0)).toBe(true);
  });

  test('a settlement stands where its mark is none', () => {
    const text = '[{"symbol":"INJUSDT","fundingTime":1794744000000,"fundingRate":"0.0002","markPrice":"0.00000000"}]';
    const { rows, refused: left } = parseFundingRate(USD_M, text, 'INJUSDT', NOW);
    expect(rows).toEqual([{ stamp: 1_794_744_000_000, rate: 0.0002, intervalH: null, mark: null, premium: null }]);
    expect(left.map(({ reason }) => reason)).toEqual([saying('mark price 0')]);
  });

  test('a bad row is refused, and still moves the page on', () => {
    expect(answer.refused.map(({ reason }) => reason)).toEqual(['settlement 1794762000000: no rate', saying('beyond 10 % per hour')]);
    expect(answer.items.map(({ whole }) => whole)).toEqual([false, true, false, false, true]);
  });

  test('a settlement without a mark is whole only where the venue had none then', () => {
    const bare = (time: number) =>
      parseFundingRate(USD_M, JSON.stringify([{ symbol: 'X', fundingTime: time, fundingRate: '0.0001' }]), 'X', NOW);
    expect(bare(Date.UTC(2021, 0, 1))).toMatchObject({ rows: [{ mark: null }], items: [{ whole: true }] });
    expect(bare(Date.UTC(2026, 0, 1))).toMatchObject({ rows: [{ mark: null }], items: [{ whole: false }] });
  });

  test('rows of another symbol answer another question', () => {
    expect(() => parseFundingRate(USD_M, body('binance/fundingRate.json'), 'BTCUSDT', NOW)).toThrow(
      expect.objectContaining({ kind: 'malformed' }),
    );
  });
});

test('klines: the close of the hour that they open, what is no price left out', () => {
  const hour = 3_600_000;
  const open = 1_794_700_800_000;
  const text = JSON.stringify([
    [open, '1', '2', '0.5', '1.5', '0', open + hour - 1, '0', 60, '0', '0', '0'],
    [open + hour, '1', '2', '0.5', '0.00000000', '0', open + 2 * hour - 1],
  ]);
  const { closes, refused: left } = parseKlines(USD_M, text, 'BTCUSDT', { firstOpen: open, lastOpen: open + hour }, NOW);
  expect([...closes]).toEqual([[open + hour, 1.5]]);
  expect(left).toHaveLength(1);
  expect(() => parseKlines(USD_M, text, 'BTCUSDT', { firstOpen: open + hour, lastOpen: open + hour }, NOW)).toThrow(
    expect.objectContaining({ kind: 'malformed' }),
  );
});

describe.skipIf(!hasRecordings)('recorded bodies', () => {
  test('premiumIndex, all and one, times as text', () => {
    for (const method of ['fetchFundingRates', 'fetchFundingRate']) {
      const poll = parsePremiumIndex(USD_M, sample('binanceusdm', method), nothing, Date.now());
      expect(poll.snapshots).toMatchObject([
        { symbol: 'BTCUSDT', rate: 0.00063521, nextFundingAt: 1_621_267_200_000, mark: 45802.81129892 },
      ]);
      expect(poll.venueTime).toBe(1_621_252_344_001);
    }
  });

  test('what it settled at most often is what its interest says, on 8 h and on 4 h', () => {
    // premiumIndex says 0.0001 for both of them.
    const interestPer8h = parsePremiumIndex(USD_M, premiumIndex, { listings, adjusted }, NOW).snapshots[0]?.interestPer8h ?? null;
    for (const [file, hours] of [
      ['BTCUSDT', 8],
      ['TONUSDT', 4],
    ] as const) {
      const times = new Map<number, number>();
      for (const { rate } of settlements(`funding-1y/binance/${file}.csv`)) times.set(Number(rate), (times.get(Number(rate)) ?? 0) + 1);
      const [[most]] = [...times].sort(([, a], [, b]) => b - a) as [[number, number]];
      expect(restingRate({ ...BTC, id: `binance:${file}`, interestPer8h }, hours, NOW), file).toBe(most);
    }
  });

  test('fundingRate and fundingInfo', () => {
    expect(parseFundingRate(USD_M, sample('binanceusdm', 'fetchFundingRateHistory'), 'BTCUSDT', Date.now()).rows).toMatchObject([
      { stamp: 1_621_267_200_000, rate: 0.00063521 },
    ]);
    expect([...parseFundingInfo(USD_M, sample('binanceusdm', 'fetchFundingIntervals'), Date.now())]).toEqual([
      ['BLZUSDT', { intervalH: 4, cap: 0.03, floor: -0.03 }],
    ]);
  });
});

test('a clock a year ahead: what comes next by it is not told, the rate beside it is', () => {
  const time = NOW + 365 * 86_400_000;
  const text = JSON.stringify([
    {
      symbol: 'BTCUSDT',
      markPrice: '100',
      indexPrice: '100',
      lastFundingRate: '0.0001',
      interestRate: '0.0001',
      nextFundingTime: time + 3_600_000,
      time,
    },
  ]);
  const poll = parsePremiumIndex(USD_M, text, nothing, NOW);
  expect(row(poll, 'BTCUSDT')).toMatchObject({ rate: 0.0001, nextFundingAt: null });
  expect(refused(poll)).toEqual({ BTCUSDT: saying('more than two days ahead of this machine') });
  // One that stands in the past, as a recording does, is told by its own time.
  expect(row(parsePremiumIndex(USD_M, text, nothing, time + 400 * 86_400_000), 'BTCUSDT')?.nextFundingAt).toBe(time + 3_600_000);
});

// https://developers.binance.com/docs/derivatives/usds-margined-futures/general-info, "IP Limits"
test('the weight that Binance says is used up in this minute is read from the header it documents', () => {
  expect(BINANCE.spent?.({ 'x-mbx-used-weight-1m': '2399', 'x-mbx-order-count-1m': '3' }, '/fapi/v1/premiumIndex')).toEqual({
    weight: 2399,
  });
  // Each address counts by itself.
  expect(BINANCE.spent?.({ 'x-mbx-used-weight-1m': '31' }, '/dapi/v1/premiumIndex')).toEqual({ 'coin-weight': 31 });
  for (const headers of [{}, { 'x-mbx-used-weight-1m': '' }, { 'x-mbx-used-weight-1m': 'many' }])
    expect(BINANCE.spent?.(headers, '/fapi/v1/premiumIndex')).toEqual({});
});

/*
 * https://developers.binance.com/docs/derivatives/usds-margined-futures/market-data/rest-api/24hr-Ticker-Price-Change-Statistics: its example
 * with another `quoteVolume`, and rows made after it. `volume` is in coins, `quoteVolume` in quote money.
 */
test('the volume of a day is the quoteVolume of ticker/24hr: nothing traded is 0, what is no amount is not known', () => {
  const volumes = parseVolumes(USD_M, body('binance/ticker.json'), NOW);
  const poll = parsePremiumIndex(USD_M, premiumIndex, { listings, adjusted, volumes }, NOW);
  const volumeOf = (symbol: string) => row(poll, symbol)?.volume24h;
  expect(['BTCUSDT', '1000PEPEUSDT', 'INJUSDT', 'BTCUSDC'].map(volumeOf)).toEqual([15_300_000_000, 0, null, null]);
  expect(row(poll, 'BTCUSDT')).not.toHaveProperty('convertedByMark');
});
