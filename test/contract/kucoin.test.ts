import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { VenuePoll } from '#core/venue.ts';
import { readMaintenance } from '#domain/decisions/maintenance.ts';
import { Reader } from '#domain/decisions/reader.ts';
import { restingRate, termsAt, theoreticalRate } from '#domain/metrics/venue-terms.ts';
import { listOf } from '#node/venues/common/read.ts';
import { parseData } from '#node/venues/kucoin/body.ts';
import { parseBook } from '#node/venues/kucoin/book.ts';
import { contractsBySymbol, rulesOf } from '#node/venues/kucoin/contracts.ts';
import { parseFundingRates, parseKlines } from '#node/venues/kucoin/history.ts';
import { KUCOIN } from '#node/venues/kucoin/host.ts';
import { createKucoin } from '#node/venues/kucoin/perpetuals.ts';
import { readRates } from '#node/venues/kucoin/rates.ts';
import { parseRiskLimits } from '#node/venues/kucoin/risk-limits.ts';
import { body, hasRecordings, recording, sample } from '#test/support/bodies.ts';
import { type FakeExchange, startFakeExchange } from '#test/support/fake-exchange.ts';
import { instrumentOf } from '#test/support/made-year.ts';
import { ioOf } from '#test/support/venue-io.ts';
import { createAsker, NOW as DEMO_NOW } from '../unit/node/demo/support.ts';

/*
 * Fields are those of https://www.kucoin.com/docs-new/rest/futures-trading/market-data/get-all-symbols, -/get-full-orderbook,
 * -/get-klines, https://www.kucoin.com/docs-new/rest/futures-trading/funding-fees/get-public-funding-history and
 * https://www.kucoin.com/docs-new/rest/futures-trading/positions/get-isolated-margin-risk-limit.
 * contracts-active: values of the first ten rows are what the venue answered on 2026-10-03 at 22:26:44 UTC (as the tests of
 * github.com/tigusigalpa/kucoin-go keep it), fields that nothing reads left out; the rows after them are made. funding-rates and
 * snapshot-linear are of that day too. Unverified, for no body was recorded: risk-limit, snapshot-inverse (examples of those pages), and
 * klines (an index: only its form is documented).
 */
const AT = 1_790_982_404_161;
const NOW = AT + 339;
const NEXT = 1_790_985_600_000;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const saying = (text: string): unknown => expect.stringContaining(text);

const list = listOf('KuCoin', parseData(body('kucoin/contracts-active.json')), 'contracts');
const contracts = contractsBySymbol(list, NOW);
const poll = readRates(list, contracts, NOW);
const row = (symbol: string, of: VenuePoll = poll) => of.snapshots.find((snapshot) => snapshot.symbol === symbol);
const instrument = (symbol: string, of: VenuePoll = poll) => of.instruments.find((one) => one.symbol === symbol);
const answer = (data: unknown): string => JSON.stringify({ code: '200000', data });

describe('contracts', () => {
  test('three kinds of margin: a linear contract is so many coins, an inverse one an amount of USD; XBT is BTC, also as what is settled in', () => {
    const terms = (symbol: string) => {
      const found = instrument(symbol);
      return found && [found.asset, found.quote, found.settle, found.contract, found.contractSize];
    };
    expect(terms('XBTUSDTM')).toEqual(['BTC', 'USDT', 'USDT', 'linear', 0.001]);
    expect(terms('SOLUSDCM')).toEqual(['SOL', 'USDC', 'USDC', 'linear', 0.01]);
    expect(terms('XBTUSDM')).toEqual(['BTC', 'USD', 'BTC', 'inverse', 1]);
    expect(terms('ODDUSDTM')).toEqual(['ODD', 'USDT', 'USDT', 'linear', null]);
    expect(instrument('XBTUSDTM')?.aliases).toEqual(['XBT']);
  });

  test('what a contract holds is not what its price is of: both multipliers', () => {
    expect(instrument('1000PEPEUSDTM')).toMatchObject({ asset: 'PEPE', multiplier: 1_000, contractSize: 1_000 });
    expect(instrument('1MBABYDOGEUSDTM')).toMatchObject({ asset: 'BABYDOGE', multiplier: 1_000_000, contractSize: 100 });
    expect(instrument('DOGEUSDTM')).toMatchObject({ asset: 'DOGE', multiplier: 1, contractSize: 100 });
  });

  test('a coin of a Chinese name is called as everybody calls it', () => {
    expect(instrument('NIULAIUSDTM')?.asset).toBe('牛来');
  });

  test('what it is of, since when, until when', () => {
    const classes = ['XBTUSDTM', 'AAOIUSDTM', 'PAXGUSDTM', 'NATGASUSDTM', 'BPUSDTM', 'OLDUSDTM'].map(
      (symbol) => instrument(symbol)?.assetClass,
    );
    expect(classes).toEqual(['crypto', 'equity', 'commodity', 'commodity', 'pre-market', 'equity']);
    expect(instrument('XBTUSDM')).toMatchObject({ listedAt: 1_552_638_575_000, delistedAt: null });
    // Its expiry is announced, and it is a perpetual until then.
    expect(instrument('PROMPTUSDTM')?.delistedAt).toBe(1_791_183_600_000);
  });

  test('a dated future and what does not trade yet are left out, what does not any more is closed', () => {
    for (const symbol of ['XBTMZ26', 'XBTMH27', 'SOONUSDTM', 'PAUSEDUSDTM', 'SETTLINGUSDTM', 'GONEUSDTM'])
      expect(row(symbol)).toBeUndefined();
    expect(poll.closed).toEqual(['PAUSEDUSDTM', 'SETTLINGUSDTM', 'GONEUSDTM']);
    expect(row('CANCELUSDTM')).toBeDefined();
  });

  test('one bad row costs that row alone, a bad price itself', () => {
    expect(poll.refused).toEqual([
      { symbol: 'ODDUSDTM', reason: 'mark price 0 is not above 0' },
      { symbol: 'MUTEUSDTM', reason: 'no rate' },
      { symbol: 'WILDUSDTM', reason: saying('rate') },
      { symbol: 'LATERUSDTM', reason: saying('is not a time within two days') },
      { symbol: 'NAMELESSM', reason: 'its coins are not named' },
      { symbol: 'XBTUSDTM', reason: 'the same symbol twice in one answer' },
      { symbol: 'no symbol', reason: 'a row without a symbol' },
      { symbol: 'no symbol', reason: 'a row without a symbol' },
    ]);
    expect(poll.snapshots).toHaveLength(20);
  });
});

describe('rates', () => {
  test('a linear row whole: the rate of now and not the last one; lots of 0.001 BTC; turnover is money', () => {
    expect(row('XBTUSDTM')).toEqual({
      symbol: 'XBTUSDTM',
      rate: 0.000081,
      intervalH: 8,
      nextFundingAt: NEXT,
      mark: 84_478.9,
      index: 84_526.25,
      openInterest: 9_622.772,
      volume24h: 684_515_104.4888,
      interestPer8h: 0.0001,
      cap: 0.003,
      floor: -0.003,
    });
  });

  test('an inverse row: lots of 1 USD are coins by the mark, and their volume is money as it stands', () => {
    const found = row('XBTUSDM');
    expect(found).toMatchObject({
      rate: 0.0001,
      mark: 84_485.4,
      index: 84_508.63,
      volume24h: 4_320_446,
      convertedByMark: ['openInterest'],
    });
    expect(found?.openInterest).toBeCloseTo(53_666_852 / 84_485.4, 8);
    // Its turnover is told in coins, and is the same at a price of that day.
    expect(4_320_446 / 50.326_731_21).toBeCloseTo(85_848, 0);
  });

  test('open interest is in units of the price', () => {
    expect(row('1000PEPEUSDTM')?.openInterest).toBe(5_000_000);
    expect(row('1MBABYDOGEUSDTM')?.openInterest).toBe(2_000_000);
    expect(row('ODDUSDTM')).toMatchObject({ openInterest: null, unconverted: { openInterest: 'no-contract-size' } });
  });

  test('the time of the answer is the next settlement less what is left until then; a row that stands still has its own', () => {
    expect(poll.venueTime).toBe(AT);
    expect(row('STUCKUSDTM')?.ageMs).toBe(400_000);
    expect(row('XBTUSDTM')).not.toHaveProperty('ageMs');
  });

  test('the interval is the one in progress: stated, else the one that is set if it holds already, else not known', () => {
    const intervals = Object.fromEntries(poll.snapshots.map(({ symbol, intervalH }) => [symbol.replace('USDTM', ''), intervalH]));
    expect(intervals).toMatchObject({ PROMPT: 4, PAXG: 4, DOGE: 8, OLD: 8, FASTER: 4, AHEAD: null, FAR: null, ODD: null });
  });

  test('older bodies say only how long it is until the next settlement', () => {
    expect(row('OLDUSDTM')?.nextFundingAt).toBe(NEXT);
    const old = [{ ...(list[0] as object), nextFundingRateDateTime: undefined, nextFundingRateTime: 21_031_525 }];
    const at = Date.UTC(2024, 1, 27, 14, 9, 28, 475);
    const read = readRates(old, contractsBySymbol(old, at), at);
    expect(read.venueTime).toBeNull();
    expect(row('XBTUSDTM', read)?.nextFundingAt).toBe(Date.UTC(2024, 1, 27, 20));
  });

  test('the interest of a day is told per 8 h; 0 of a share; null where it is not stated', () => {
    const interest = (symbol: string) => row(symbol)?.interestPer8h;
    expect(['XBTUSDTM', 'PROMPTUSDTM', 'BPUSDTM', 'AAOIUSDTM', 'ODDUSDTM'].map(interest)).toEqual([0.0001, 0.0001, 0.00005, 0, null]);
  });

  test('caps and floors of each; text numbers; zero without a sign', () => {
    expect(row('SOLUSDCM')).toMatchObject({ cap: 0.00525, floor: -0.00525 });
    expect(row('ODDUSDTM')).not.toHaveProperty('cap');
    expect(row('ODDUSDTM')).not.toHaveProperty('floor');
    expect(row('1MBABYDOGEUSDTM')).toMatchObject({ rate: -0.000032, mark: 0.0012 });
    expect(Object.is(row('1000PEPEUSDTM')?.rate, 0)).toBe(true);
  });

  test('nothing at all is a fault', () => {
    expect(() => readRates([], new Map(), NOW)).toThrow(/empty list/u);
    expect(() => parseData('[]')).toThrow(/without a code/u);
  });
});

describe('history', () => {
  test('settlements: newest first, stamps in `timepoint`, the symbol as it was asked for', () => {
    const { rows } = parseFundingRates(body('kucoin/funding-rates.json'), 'XBTUSDTM', NOW);
    expect(rows.map(({ stamp, rate }) => [stamp, rate])).toEqual([
      [1_790_956_800_000, 0.000034],
      [1_790_928_000_000, 0.0001],
      [1_790_899_200_000, -0.000034],
      [1_790_870_400_000, 0.000042],
    ]);
    expect(() => parseFundingRates(body('kucoin/funding-rates.json'), 'ETHUSDTM', NOW)).toThrow(/told of XBTUSDTM/u);
    // The page of the documentation calls it `timePoint` in its table, and answers with another code.
    const older = {
      success: true,
      code: '200',
      msg: 'success',
      retry: false,
      data: [{ symbol: 'X', fundingRate: '0.01875', timePoint: 1_702_310_700_000 }],
    };
    expect(parseFundingRates(JSON.stringify(older), 'X', NOW).rows).toMatchObject([{ stamp: 1_702_310_700_000, rate: 0.01875 }]);
  });

  test('the last settlement that the list tells is the newest of the history, and not what runs', () => {
    const [newest] = parseFundingRates(body('kucoin/funding-rates.json'), 'XBTUSDTM', NOW).rows;
    expect(newest?.rate).toBe(0.000034);
    expect(row('XBTUSDTM')?.rate).not.toBe(newest?.rate);
    expect(newest?.stamp).toBe(NEXT - 8 * HOUR);
  });

  test('hours of an index: the close is the fifth field, and hours beside those asked for are left out', () => {
    const window = { firstOpen: 1_790_974_800_000, lastOpen: 1_790_978_400_000 };
    const { closes, refused } = parseKlines(body('kucoin/klines.json'), 'XBTUSDTM', window);
    expect([...closes]).toEqual([
      [1_790_978_400_000, 84_533.21],
      [1_790_982_000_000, 84_521.9],
    ]);
    expect(refused).toEqual([]);
    // KuCoin's spot writes the close before high and low: that is told by a close beyond them.
    const spot = answer([[1_790_974_800_000, 84_510.11, 84_533.21, 84_560, 84_470.5, 0, 0]]);
    expect(parseKlines(spot, 'XBTUSDTM', window).refused).toEqual([{ symbol: 'XBTUSDTM', reason: saying('beyond its high or low') }]);
  });
});

describe.runIf(hasRecordings)('recorded bodies', () => {
  test('settlements', () => {
    const { rows } = parseFundingRates(sample('kucoinfutures', 'fetchFundingRateHistory'), 'IDUSDTM', NOW);
    expect(rows).toEqual([{ stamp: 1_702_296_000_000, rate: 0.000226, intervalH: null, mark: null, premium: null }]);
  });

  test('what other lists of the venue call the running rate, its interval and its limits agrees with the list of contracts', () => {
    const samples = JSON.parse(recording('venue-samples/kucoinfutures.json')) as {
      readonly url: string;
      readonly httpResponse: { readonly data: unknown };
    }[];
    const current = samples.find(({ url }) => url.endsWith('/ETHUSDTM/current'))?.httpResponse.data as Record<string, number>;
    // One body of a rate in the fields of the list: the interval goes from `timePoint` to `fundingTime`, of which the rate is.
    const one = {
      ...(list[0] as object),
      fundingFeeRate: current['value'],
      fundingRateGranularity: current['granularity'],
      currentFundingRateGranularity: null,
      effectiveFundingRateCycleStartTime: null,
      dailyInterestRate: current['dailyInterestRate'],
      fundingRateCap: current['fundingRateCap'],
      fundingRateFloor: current['fundingRateFloor'],
      nextFundingRateDateTime: current['fundingTime'],
      nextFundingRateTime: HOUR,
    };
    const read = readRates([one], contractsBySymbol([one], NOW), NOW);
    const limits = { cap: 0.00375, floor: -0.00375 };
    expect(read.snapshots[0]).toMatchObject({
      rate: -0.000032,
      intervalH: 8,
      interestPer8h: 0.0001,
      ...limits,
      nextFundingAt: 1_776_700_800_000,
    });
    expect((current['fundingTime'] ?? 0) - (current['timePoint'] ?? 0)).toBe(8 * HOUR);
  });
});

describe('rules and books', () => {
  test('levels of a risk limit: the rate of a level is that of the whole position', () => {
    const levels = parseRiskLimits(body('kucoin/risk-limit.json'), 'XBTUSDTM');
    expect(levels).toEqual([
      { limit: '100000', rate: '0.004', maxLeverage: '125' },
      { limit: '500000', rate: '0.005', maxLeverage: '100' },
      { limit: '1000000', rate: '0.007', maxLeverage: '75' },
    ]);
  });

  test.each([
    ['of another contract', (text: string) => text.replaceAll('XBTUSDTM', 'ETHUSDTM'), 'told of ETHUSDTM'],
    ['twice the same', (text: string) => text.replace('"maxRiskLimit":500000', '"maxRiskLimit":100000'), 'a level twice'],
    [
      'without a rate',
      (text: string) => text.replace('"maintainMargin":0.005', '"maintainMargin":null'),
      'without maxRiskLimit, maintainMargin',
    ],
  ])('levels %s are a fault', (_, change, what) => {
    expect(() => parseRiskLimits(change(body('kucoin/risk-limit.json')), 'XBTUSDTM')).toThrow(what);
  });

  test('books are in contracts, and of nanoseconds', () => {
    const linear = parseBook(body('kucoin/snapshot-linear.json'), 'XBTUSDTM', { contract: 'linear', contractSize: 0.001 }, NOW + DAY);
    expect(linear).toEqual({
      bids: [
        ['84476.9', '0.488'],
        ['84476.8', '0.004'],
        ['84474', '1.468'],
      ],
      asks: [
        ['84477', '0.03'],
        ['84477.5', '0.035'],
        ['84478.4', '0.029'],
      ],
      at: 1_790_982_408_137,
    });
    const inverse = parseBook(body('kucoin/snapshot-inverse.json'), 'XBTUSDM', { contract: 'inverse', contractSize: 1 }, NOW);
    const [first, second] = inverse.bids.map(([, quantity]) => Number(quantity));
    expect(first).toBeCloseTo(2 / 66_968, 15);
    expect(second).toBeCloseTo(25_596 / 66_964.8, 12);
    expect(inverse.at).toBe(1_729_168_101_216);
    expect(() => parseBook(body('kucoin/snapshot-linear.json'), 'ETHUSDTM', { contract: 'linear', contractSize: 1 }, NOW)).toThrow(
      /told of XBT/u,
    );
    expect(() => parseBook(body('kucoin/snapshot-linear.json'), 'XBTUSDTM', { contract: 'linear', contractSize: null }, NOW)).toThrow(
      /contracts/u,
    );
  });

  test('a price of small coins is written with all its digits; of a book without an end its best 5,000 levels are read', () => {
    const far = Array.from({ length: 6_000 }, (_, n): [number, number] => [1.5e-7 + n * 1e-11, 10]);
    const deep = parseBook(answer({ bids: [[1.234e-7, 7]], asks: far, ts: NOW * 1e6 }), 'X', { contract: 'linear', contractSize: 1 }, NOW);
    expect(deep.bids).toEqual([['0.0000001234', '7']]);
    expect(deep.asks).toHaveLength(5_000);
  });

  test('steps and sizes in contracts, without exponents', () => {
    const rules = (symbol: string): unknown => {
      const contract = contracts.get(symbol);
      return contract && rulesOf(contract);
    };
    expect(rules('1000PEPEUSDTM')).toMatchObject({ tickSize: '0.0000001', lotStep: '1', contractSize: '1000' });
    expect(rules('YFIUSDTM')).toMatchObject({ contractSize: '0.0001', maxQuantity: '100000', tickSize: '1' });
    expect(rules('XBTUSDM')).toMatchObject({
      contractSize: '1',
      notes: [saying('contracts of 1 USD'), saying('left out')],
    });
  });
});

describe('through HTTP', () => {
  let exchange: FakeExchange;
  beforeEach(async () => void (exchange = await startFakeExchange()));
  afterEach(() => exchange.close());

  const inverseLevels = [
    { symbol: 'XBTUSDM', level: 1, maxRiskLimit: 5, minRiskLimit: 0, maxLeverage: 75, initialMargin: 0.014, maintainMargin: 0.007 },
  ];
  function serve(): void {
    exchange.route('GET', '/api/v1/contracts/active', () => body('kucoin/contracts-active.json'));
    exchange.route('GET', '/api/v1/contracts/risk-limit/XBTUSDTM', () => body('kucoin/risk-limit.json'));
    exchange.route('GET', '/api/v1/contracts/risk-limit/XBTUSDM', () => answer(inverseLevels));
    exchange.route('GET', '/api/v1/level2/snapshot', ({ query }) =>
      body(`kucoin/snapshot-${query.get('symbol') === 'XBTUSDM' ? 'inverse' : 'linear'}.json`),
    );
    exchange.route('GET', '/api/v1/kline/query', () => body('kucoin/klines.json'));
  }
  const opened = () => {
    const venue = createKucoin();
    return { venue, io: ioOf(venue, exchange.url, () => NOW) };
  };

  test('a round is one request of weight 3, and what it says of contracts is not asked for again', async () => {
    serve();
    const { venue, io } = opened();
    expect((await venue.poll(io)).snapshots).toHaveLength(20);
    await venue.book(io, 'XBTUSDM');
    expect(exchange.requests.map(({ path }) => path)).toEqual(['/api/v1/contracts/active', '/api/v1/level2/snapshot']);
    expect(venue.host.limits).toEqual([{ bucket: 'public', max: 2_000, perMs: 30_000 }]);
  });

  test.each([
    ['429000', 'rate-limited', 30_000, 'asks for a pause'],
    ['200002', 'rate-limited', 10_000, 'asks for a pause'],
    ['1015', 'rate-limited', 30_000, 'asks for a pause'],
    ['400301', 'blocked', null, 'does not serve this region'],
    ['500000', 'server', null, 'a fault of its own'],
    ['404000', 'malformed', null, 'does not know the contract'],
    ['300000', 'malformed', null, 'cannot read'],
  ])('code %s in a body of status 200 is %s', async (code, kind, retryAfterMs, user) => {
    serve();
    exchange.fail({ kind: 'garbage', body: JSON.stringify({ code, msg: 'said' }) });
    const { venue, io } = opened();
    const failure = { name: 'VenueError', kind, retryAfterMs, user: saying(user), message: saying(`${code} said`) };
    await expect(venue.poll(io)).rejects.toMatchObject(failure);
  });

  test('rules: what is demanded of an order, and maintenance by the value of the whole position', async () => {
    serve();
    const { venue, io } = opened();
    const rules = await venue.orderRules(io, 'XBTUSDTM');
    expect(rules).toMatchObject({
      lotStep: '1',
      minQuantity: '1',
      maxQuantity: '1000000',
      tickSize: '0.1',
      minNotional: null,
      maxNotional: '1000000',
      contractSize: '0.001',
      maxLeverage: '125',
      liquidationFee: null,
    });
    expect(rules.notes).toEqual([
      'KuCoin counts in contracts of 0.001 BTC.',
      'What KuCoin charges for a liquidation itself is left out.',
      'The largest position that KuCoin allows is worth 1,000,000 USDT.',
      'Maintenance margins are those of isolated margin, at the lowest risk limit that holds the position.',
    ]);
    const read = rules.maintenance && readMaintenance(new Reader(), '', rules.maintenance, null);
    expect(read?.by).toBe('notional');
    expect(read?.tiers.map(({ floor, rate, cum }) => [floor.toNumber(), rate.toNumber(), cum.toNumber()])).toEqual([
      [0, 0.004, 0],
      [100_000, 0.005, 0],
      [500_000, 0.007, 0],
    ]);
    await expect(venue.orderRules(io, 'NOSUCHUSDTM')).rejects.toMatchObject({ user: 'KuCoin does not list NOSUCHUSDTM now.' });
  });

  test('risk limits of an inverse contract are coins, which are no amount of quote money', async () => {
    serve();
    const { venue, io } = opened();
    const rules = await venue.orderRules(io, 'XBTUSDM');
    expect(rules).toMatchObject({
      maxNotional: null,
      contractSize: '1',
      maintenance: { charge: 'whole', tiers: [{ floor: '0', rate: '0.007' }] },
    });
    expect(rules.notes).toContain('The largest position that KuCoin allows is worth 5 BTC.');
  });

  test('where the risk limits cannot be had the first of them bounds what is worked out, and the person is told', async () => {
    serve();
    exchange.fail(
      { kind: 'status', status: 401, body: '{"code":"400001","msg":"Please check the header"}' },
      { path: '/api/v1/contracts/risk-limit/XBTUSDTM' },
    );
    const { venue, io } = opened();
    const rules = await venue.orderRules(io, 'XBTUSDTM');
    expect(rules).toMatchObject({ maxNotional: '250000', maintenance: { tiers: [{ floor: '0', rate: '0.004', maxLeverage: '125' }] } });
    expect(rules.notes).toContain('KuCoin did not tell its risk limits; positions up to the first one, 250,000 USDT, are worked out.');
    // Where it cannot be asked, what it said before is not replaced.
    exchange.fail({ kind: 'status', status: 500 }, { path: '/api/v1/contracts/risk-limit/XBTUSDTM' });
    await expect(venue.orderRules(io, 'XBTUSDTM')).rejects.toMatchObject({ kind: 'server' });
    exchange.fail({ kind: 'status', status: 429 }, { path: '/api/v1/contracts/risk-limit/XBTUSDTM' });
    await expect(venue.orderRules(io, 'XBTUSDTM')).rejects.toMatchObject({ kind: 'rate-limited' });
  });

  test('hours of prices are those of the index that the contract follows', async () => {
    serve();
    const { venue, io } = opened();
    const from = 1_790_974_800_000;
    const pages = [];
    for await (const page of venue.prices(io, 'XBTUSDTM', from, from + 2 * HOUR)) pages.push(page);
    expect(pages.flatMap(({ rows }) => rows)).toEqual([
      { close: 1_790_978_400_000, mark: null, index: 84_533.21, last: null },
      { close: 1_790_982_000_000, mark: null, index: 84_521.9, last: null },
    ]);
    const asked = exchange.requests.find(({ path }) => path.endsWith('kline/query'));
    expect(Object.fromEntries(asked?.query ?? [])).toEqual({
      symbol: '.KXBTUSDT',
      granularity: '60',
      from: String(from),
      to: String(from + 2 * HOUR - 1),
    });
  });

  test('the day of its listing makes the search for the first settlement one question', async () => {
    serve();
    const first = { symbol: 'YFIUSDTM', fundingRate: 1e-4, timepoint: 1_601_280_000_000 + 4 * HOUR };
    exchange.route('GET', '/api/v1/contract/funding-rates', () => answer([first]));
    const { venue, io } = opened();
    await venue.poll(io);
    expect(await venue.oldest(io, 'YFIUSDTM')).toBe(first.timepoint);
    expect(exchange.count('/api/v1/contract/funding-rates')).toBe(1);
  });
});

// The headers beside the pools of https://www.kucoin.com/docs-new/rate-limit
const ACTIVE = '/api/v1/contracts/active';
test('what KuCoin says is left of its pool in this window is told as spent', () => {
  expect(KUCOIN.spent?.({ 'gw-ratelimit-limit': '2000', 'gw-ratelimit-remaining': '1997', 'gw-ratelimit-reset': '29412' }, ACTIVE)).toEqual(
    {
      public: 3,
    },
  );
  for (const headers of [{}, { 'gw-ratelimit-limit': '2000' }, { 'gw-ratelimit-limit': '2000', 'gw-ratelimit-remaining': 'some' }])
    expect(KUCOIN.spent?.(headers, ACTIVE)).toEqual({});
  expect(KUCOIN.spent?.({ 'gw-ratelimit-limit': '2000', 'gw-ratelimit-remaining': '2001' }, ACTIVE)).toEqual({});
});

/** https://www.kucoin.com/announcement/en-important-funding-rate-calculation-update-for-xrpusdc-suiusdc-solusd-penguusdt-nmrusdt-and-zrcusdt-2025-11-27 */
describe('the formula of 2025-11-27', () => {
  const contract = { ...instrumentOf('kucoin', 'X'), interestPer8h: 0.0001 };
  const after = Date.UTC(2026, 9, 3);

  test('clamp of the mean premium and the interest of the interval, not divided; of before, no rate is worked out', () => {
    expect(theoreticalRate(contract, -0.000419, 8, after)).toBeCloseTo(0.000081, 12);
    expect(theoreticalRate(contract, 0.001, 4, after)).toBeCloseTo(0.0005, 12);
    expect(theoreticalRate(contract, 0, 4, after)).toBeCloseTo(0.00005, 12);
    expect(theoreticalRate(contract, 0, 8, Date.UTC(2025, 10, 27, 7, 59))).toBeNaN();
    expect(termsAt(contract, after)).toMatchObject({ weighting: 'rising', divides: false });
    // "0.05 %, -0.05 %", by the minute's number: (1 x P1 + 2 x P2 + ... + n x Pn) / (1 + 2 + ... + n).
    expect(termsAt(contract, after)?.clamp).toBe(0.0005);
  });

  test('of the contracts of 2026-10-03 those within the clamp rest at the interest of their interval', () => {
    for (const symbol of ['XBTUSDM', 'PROMPTUSDTM', 'BPUSDTM', 'AAOIUSDTM', 'DOGEUSDTM', 'PAXGUSDTM', 'SOLUSDCM']) {
      const found = row(symbol);
      const resting = restingRate({ ...contract, interestPer8h: found?.interestPer8h ?? null }, found?.intervalH ?? 0, after);
      expect(found?.rate, symbol).toBeCloseTo(resting ?? NaN, 9);
    }
  });
});

describe('the demo speaks as the venue does', () => {
  const { ask, read } = createAsker(1);
  const data = (path: string): unknown => (read('kucoin', path) as { readonly data: unknown }).data;

  test('the list of contracts: types and units of the recorded one, without what nothing reads', () => {
    const demo = data('/api/v1/contracts/active') as Readonly<Record<string, unknown>>[];
    const recorded = list as Readonly<Record<string, unknown>>[];
    for (const symbol of ['XBTUSDTM', 'XBTUSDM', 'SOLUSDCM']) {
      const [made, real] = [demo, recorded].map((rows) => rows.find((one) => one['symbol'] === symbol) ?? {});
      const typesOf = (one: Readonly<Record<string, unknown>> = {}) =>
        Object.fromEntries(Object.keys(real ?? {}).map((key) => [key, typeof one[key]]));
      // Whether it is said of these is the venue's choice.
      const open = { effectiveFundingRateCycleStartTime: 'number', currentFundingRateGranularity: 'number' };
      expect({ ...typesOf(made), ...open }).toEqual({ ...typesOf(real), ...open });
      for (const key of [
        'type',
        'baseCurrency',
        'quoteCurrency',
        'settleCurrency',
        'isInverse',
        'indexSymbol',
        'fundingRateGranularity',
        'dailyInterestRate',
      ])
        expect([symbol, key, made?.[key]]).toEqual([symbol, key, key === 'dailyInterestRate' ? expect.closeTo(0.0003, 12) : real?.[key]]);
      expect(Number(made?.['nextFundingRateTime'])).toBe(Number(made?.['nextFundingRateDateTime']) - DEMO_NOW);
    }
    expect(demo.find((one) => one['symbol'] === 'XBTUSDM')?.['multiplier']).toBe(-1);
    expect(demo.filter((one) => one['type'] === 'FFICSX')).toMatchObject([
      { fundingFeeRate: null, nextFundingRateDateTime: null, isInverse: true },
    ]);
  });

  test('pages: 100 settlements newest first, 200 klines oldest first, both ends to be asked for', () => {
    const window = `from=${DEMO_NOW - 80 * DAY}&to=${DEMO_NOW}`;
    const rates = data(`/api/v1/contract/funding-rates?symbol=XBTUSDTM&${window}`) as { readonly timepoint: number }[];
    expect(rates).toHaveLength(100);
    expect(rates[0]?.timepoint).toBeGreaterThan(DEMO_NOW - 9 * HOUR);
    expect(rates.every(({ timepoint }, i) => i === 0 || timepoint < (rates[i - 1]?.timepoint ?? 0))).toBe(true);
    const hours = data(`/api/v1/kline/query?symbol=.KXBTUSDT&granularity=60&${window}`) as number[][];
    expect(hours).toHaveLength(200);
    expect(hours[0]).toHaveLength(7);
    expect(hours[1]?.[0]).toBe((hours[0]?.[0] ?? 0) + HOUR);
    expect(ask('kucoin', '/api/v1/contract/funding-rates?symbol=XBTUSDTM').status).toBe(400);
    expect(read('kucoin', `/api/v1/contract/funding-rates?symbol=NOSUCH&${window}`)).toMatchObject({ code: '404000' });
  });
});
