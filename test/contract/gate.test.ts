import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { VenuePoll } from '#core/venue.ts';
import { readMaintenance, tierAt } from '#domain/decisions/maintenance.ts';
import { exact } from '#domain/decisions/exact.ts';
import { Reader } from '#domain/decisions/reader.ts';
import { restingRate, theoreticalRate } from '#domain/metrics/venue-terms.ts';
import { asRow, inLists, type Row } from '#node/venues/common/read.ts';
import { parseList, readSeconds } from '#node/venues/gate/body.ts';
import { parseBook } from '#node/venues/gate/book.ts';
import { listingsOf } from '#node/venues/gate/contracts.ts';
import { serveGateHistory } from '#node/venues/gate/fake.ts';
import { parseCandles, parseFundingHistory } from '#node/venues/gate/history.ts';
import { createGate } from '#node/venues/gate/perpetuals.ts';
import { contractList, readRates } from '#node/venues/gate/rates.ts';
import { parseRiskLimits } from '#node/venues/gate/risk-limits.ts';
import { body, hasRecordings, sample } from '#test/support/bodies.ts';
import { type FakeExchange, startFakeExchange } from '#test/support/fake-exchange.ts';
import { instrumentOf } from '#test/support/made-year.ts';
import { ioOf } from '#test/support/venue-io.ts';

/*
 * Unverified: but for those that are called recorded, the bodies are built from the documentation of each field: of contracts at
 * https://github.com/gate/gateapi-python/blob/master/docs/Contract.md, of the rest in FuturesApi.md, FuturesTicker.md,
 * FuturesOrderBook.md, FundingRateRecord.md, FuturesCandlestick.md and FuturesLimitRiskTiers.md beside it, and at
 * https://www.gate.com/docs/developers/apiv4/en/#futures. funding_rate_limit: https://www.gate.com/announcements/article/46587;
 * sizes as texts and enable_decimal: https://www.gate.com/announcements/article/49639. What is odd in them is made.
 */
const NOW = 1_789_898_130_372;
const HOUR = 3_600_000;
const saying = (text: string): unknown => expect.stringContaining(text);
const listOf = (name: string) => parseList(body(`gate/${name}.json`), name);
const tickersOf = (name: string) =>
  new Map(listOf(name).flatMap((item) => (asRow(item) === null ? [] : [[String(asRow(item)?.['contract']), asRow(item) as Row] as const])));

const lists = [contractList('usdt', listOf('contracts-usdt'), NOW), contractList('btc', listOf('contracts-btc'), NOW)] as const;
const poll = readRates(lists, inLists([tickersOf('tickers-usdt'), tickersOf('tickers-btc')]), NOW);
const row = (of: VenuePoll, symbol: string) => of.snapshots.find((snapshot) => snapshot.symbol === symbol);
const instrument = (symbol: string) => poll.instruments.find((one) => one.symbol === symbol);

describe('instruments', () => {
  test('linear contracts are quanto_multiplier coins; of inverse ones it is 0, and one is 1 USD', () => {
    const terms = (symbol: string) => {
      const found = instrument(symbol);
      return found && [found.asset, found.quote, found.settle, found.contract, found.contractSize, found.multiplier];
    };
    expect(terms('BTC_USDT')).toEqual(['BTC', 'USDT', 'USDT', 'linear', 0.0001, 1]);
    expect(terms('PEPE_USDT')).toEqual(['PEPE', 'USDT', 'USDT', 'linear', 10_000_000, 1]);
    expect(terms('1000RATS_USDT')).toEqual(['RATS', 'USDT', 'USDT', 'linear', 10, 1000]);
    expect(terms('ODD_USDT')).toEqual(['ODD', 'USDT', 'USDT', 'linear', null, 1]);
    // https://github.com/gateio/gateapi-python/issues/137
    expect(terms('BTC_USD')).toEqual(['BTC', 'USD', 'BTC', 'inverse', 1, 1]);
  });

  test('XBT is BTC by another name', () => {
    expect(instrument('XBT_USDT')).toMatchObject({ asset: 'BTC', aliases: ['XBT'] });
  });

  test.each([
    ['BTC_USDT', 'crypto'],
    ['AAPL_USDT', 'equity'],
    ['XAU_USDT', 'commodity'],
    ['NAS100_USDT', 'index'],
    ['EUR_USDT', 'currency'],
    ['EARLY_USDT', 'pre-market'],
    ['NEWKIND_USDT', null],
    ['UNSAID_USDT', null],
  ])('%s is on %s', (symbol, assetClass) => expect(instrument(symbol)?.assetClass).toBe(assetClass));

  test('what does not trade yet is left out; in delisting it still settles while there are positions, and is over without', () => {
    expect(poll.closed).toEqual(['GONE_USDT', 'OVER_USDT']);
    for (const symbol of ['SOON_USDT', 'GONE_USDT', 'OVER_USDT']) expect(row(poll, symbol)).toBeUndefined();
    expect(row(poll, 'LAST_USDT')?.rate).toBe(0.0001);
    expect(row(poll, 'HALT_USDT')?.rate).toBe(0.0001);
  });

  test('since when and until when: seconds, 0 is never, and no end behind what trades', () => {
    expect(instrument('BTC_USDT')).toMatchObject({ listedAt: 1_575_158_400_000, delistedAt: null });
    expect(instrument('LAST_USDT')?.delistedAt).toBe(1_789_907_400_000);
    // As the documentation's own example has it.
    expect(instrument('PAST_USDT')?.delistedAt).toBeNull();
    expect(instrument('EARLY_USDT')?.listedAt).toBeNull();
  });

  test('a contract whose end has come is over, whatever positions it has left', () => {
    const rows = [{ name: 'X_USDT', in_delisting: true, position_size: 5, delisted_time: 1_789_898_000 }];
    expect(listingsOf(rows, 'usdt', NOW).get('X_USDT')?.state).toBe('over');
    expect(listingsOf(rows, 'usdt', NOW - HOUR).get('X_USDT')?.state).toBe('live');
  });
});

describe('contracts and tickers', () => {
  test('a linear row whole: seconds, contracts of 0.0001 BTC on one side, money of the tickers', () => {
    const found = row(poll, 'BTC_USDT');
    // Half of the ticker's total_size, which counts both sides.
    expect(found?.openInterest).toBeCloseTo(31_979.9551, 9);
    expect({ ...found, openInterest: null }).toEqual({
      symbol: 'BTC_USDT',
      rate: 0.000097,
      intervalH: 8,
      nextFundingAt: 1_789_920_000_000,
      mark: 80_445.79,
      index: 80_481.38,
      openInterest: null,
      volume24h: 2_957_921_620,
      interestPer8h: 0.0001,
      cap: 0.003,
      floor: -0.003,
    });
    expect(poll.venueTime).toBeNull();
  });

  test('an inverse row: contracts of 1 USD are money, and coins by the mark', () => {
    expect(row(poll, 'BTC_USD')).toMatchObject({ rate: -0.000012, intervalH: 8, volume24h: 5_400_000, convertedByMark: ['openInterest'] });
    expect(row(poll, 'BTC_USD')?.openInterest).toBeCloseTo(8_044_010 / 80_440.1, 9);
  });

  test('the rate is funding_rate, not the deprecated indicative one, with its own limit on both sides', () => {
    expect(row(poll, 'TAO_USDT')).toMatchObject({ rate: -0.00041, cap: 0.02, floor: -0.02, openInterest: 5187.25 });
    expect(row(poll, 'XAU_USDT')).not.toHaveProperty('cap');
    expect(row(poll, 'XAU_USDT')).not.toHaveProperty('floor');
  });

  test('intervals are seconds; one that the next settlement does not fit, or that is none, is not known', () => {
    const intervals = Object.fromEntries(poll.snapshots.map(({ symbol, intervalH }) => [symbol.replace(/_USDT$/u, ''), intervalH]));
    expect(intervals).toMatchObject({ BTC: 8, TAO: 4, XAU: 1, FAST: 2, SHIFT: null, WEEK: null });
    expect(row(poll, 'FAST_USDT')?.nextFundingAt).toBe(1_789_898_400_000);
    expect(row(poll, 'WAIT_USDT')).toMatchObject({ rate: 0.0001, nextFundingAt: null });
  });

  test('interest_rate is per day: 0.0003 rests at 0.0001 in 8 h and at 0.00005 in 4 h; 0 where it is 0, null where it is not stated', () => {
    const interest = (name: string) => row(poll, `${name}_USDT`)?.interestPer8h;
    expect([interest('BTC'), interest('TAO'), interest('AAPL'), interest('XAU')]).toEqual([0.0001, 0.0001, 0, null]);
    // TAO_USDT of 2025-04-04: funding_interval 14400, interest_rate 0.0003, funding_rate 0.00005.
    const terms = { ...instrumentOf('gate', 'TAO_USDT'), interestPer8h: 0.0001 };
    expect(restingRate(terms, 4, Date.UTC(2025, 3, 4))).toBeCloseTo(0.00005, 12);
  });

  test('zero has no sign', () => expect(Object.is(row(poll, 'AAPL_USDT')?.rate, 0)).toBe(true));

  test('a size in contracts of unknown size is not told, and why; an empty volume is none', () => {
    expect(row(poll, 'ODD_USDT')).toMatchObject({ openInterest: null, unconverted: { openInterest: 'no-contract-size' } });
    expect(row(poll, 'PEPE_USDT')).toMatchObject({ openInterest: 40_000_000_000, volume24h: null });
  });

  test('a bad price costs itself, a bad row that row', () => {
    expect(row(poll, 'XAU_USDT')).toMatchObject({ rate: 0.0001, mark: null, index: 2 });
    expect(poll.refused).toEqual([
      { symbol: 'XAU_USDT', reason: 'mark price 0 is not above 0' },
      { symbol: 'MILLI_USDT', reason: 'next settlement 1789920000000000 is not a time within two days' },
      { symbol: 'EMPTY_USDT', reason: 'no rate' },
      { symbol: 'NULL_USDT', reason: 'no rate' },
      { symbol: 'WILD_USDT', reason: saying('rate') },
      { symbol: 'ETH_USD', reason: 'a contract of type quanto that settles in USDT' },
      { symbol: 'SWAPPED_USDT', reason: 'a contract of type inverse that settles in USDT' },
      { symbol: 'BTC_USDT', reason: 'the same symbol twice in one answer' },
      { symbol: '""', reason: 'a row without a contract' },
      { symbol: 'no symbol', reason: 'a row without a contract' },
      { symbol: 'ETH_USD', reason: 'a contract of type quanto that settles in BTC' },
    ]);
  });
});

describe.runIf(hasRecordings)('recorded bodies', () => {
  test('contracts, of January 2021', () => {
    const rows = parseList(sample('gate', 'fetchFundingRates'), 'contracts');
    const recorded = readRates([contractList('usdt', rows, 1_610_021_000_000)], inLists([]), 1_610_021_000_000);
    expect(recorded.refused).toEqual([]);
    expect(recorded.instruments[0]).toMatchObject({ asset: 'BTC', settle: 'USDT', contractSize: 0.0001, assetClass: null, listedAt: null });
    expect(recorded.snapshots).toEqual([
      {
        symbol: 'BTC_USDT',
        rate: 0.002053,
        intervalH: 8,
        nextFundingAt: 1_610_035_200_000,
        mark: 37_985.6,
        index: 37_954.92,
        openInterest: 522.3816,
        volume24h: null,
        interestPer8h: 0.0001,
      },
    ]);
  });

  test('settlements', () => {
    const { rows, items } = parseFundingHistory(sample('gate', 'fetchFundingRateHistory'), 'BTC_USDT', 0, NOW, NOW);
    expect(rows).toEqual([{ stamp: 1_543_968_000_000, rate: 0.000157, intervalH: null, mark: null, premium: null }]);
    expect(items).toEqual([{ stamp: 1_543_968_000_000, whole: true }]);
  });
});

describe('history', () => {
  test('settlements of the window alone, newest first whichever way they came, one that cannot be read among them', () => {
    const [newest, bad, zero] = [1_789_891_200_000, 1_789_833_600_000, 1_789_862_400_000];
    const read = (text: string) => parseFundingHistory(text, 'BTC_USDT', bad, newest, NOW);
    const answer = read(body('gate/funding-rate.json'));
    expect(answer.rows.map(({ stamp, rate }) => [stamp, rate])).toEqual([
      [newest, 0.000031],
      [zero, 0],
    ]);
    expect(Object.is(answer.rows[1]?.rate, 0)).toBe(true);
    expect(answer.refused).toEqual([{ symbol: 'BTC_USDT', reason: `settlement ${bad}: no rate` }]);
    const turned = JSON.stringify(parseList(body('gate/funding-rate.json'), 'rows').toReversed());
    expect(read(turned)).toEqual(answer);
  });

  test('hours of mark prices: those asked for, one without a close told', () => {
    const first = 1_789_887_600_000;
    const window = { firstOpen: first, lastOpen: first + HOUR };
    const { closes, refused } = parseCandles(body('gate/candlesticks-mark.json'), 'BTC_USDT', window);
    expect([...closes]).toEqual([[first + HOUR, 80_310.75]]);
    expect(refused).toEqual([{ symbol: 'BTC_USDT', reason: saying('no price') }]);
  });

  test('a time is seconds with a fraction or without, as a number or as text', () => {
    expect(['1596531048.285', 1_596_531_048.285, 1_596_531_048, '0', '', null].map(readSeconds)).toEqual([
      ...[1_596_531_048_285, 1_596_531_048_285, 1_596_531_048_000],
      ...[null, null, null],
    ]);
  });
});

describe('rules and books', () => {
  /** The tiers and the rule of https://www.gate.com/help/futures/futures-logic/22162. */
  test('tiers are of position value, and only what is above a tier’s start pays its rate', () => {
    const { maintenance, maxNotional, notes } = parseRiskLimits(body('gate/risk-limit-tiers-usdt.json'), 'BTC_USDT', 'USDT', 'USDT');
    expect(maxNotional).toBe('5000000');
    expect(notes).toEqual(['The largest position that Gate allows is worth 5,000,000 USDT.']);
    const read = maintenance && readMaintenance(new Reader(), '', maintenance, null);
    const tiers = read?.tiers ?? [];
    expect(tiers.map(({ floor }) => floor.toNumber())).toEqual([0, 20_000, 50_000, 100_000, 200_000, 1_000_000, 2_000_000, 3_000_000]);
    expect(tiers.map(({ maxLeverage }) => maxLeverage?.toNumber())).toEqual([125, 111, 100, 75, 50, 25, 10, 1.05]);
    const tier = tiers[tierAt(tiers, exact(60_000))];
    // 20,000 at 0.4 %, 30,000 at 0.45 %, 10,000 at 0.5 %.
    expect(tier?.rate.times(60_000).minus(tier.cum).toNumber()).toBe(80 + 135 + 50);
    // What it states is what the rates make.
    const stated = tiers.map(({ cum }) => cum.toNumber());
    const unstated = body('gate/risk-limit-tiers-usdt.json').replaceAll('"deduction"', '"unsaid"');
    const made = parseRiskLimits(unstated, 'BTC_USDT', 'USDT', 'USDT').maintenance;
    expect(made && readMaintenance(new Reader(), '', made, null)?.tiers.map(({ cum }) => cum.toNumber())).toEqual(stated);
  });

  test('of a coin-settled contract they are coins, and no quote money', () => {
    const { maintenance, maxNotional, notes } = parseRiskLimits(body('gate/risk-limit-tiers-btc.json'), 'BTC_USD', 'BTC', 'USD');
    expect(maxNotional).toBeNull();
    expect(notes).toEqual(['The largest position that Gate allows is worth 50 BTC.']);
    expect(maintenance).toEqual({
      kind: 'tiers',
      tiers: [
        { floor: '0', rate: '0.005', maxLeverage: '100' },
        { floor: '10', rate: '0.01', maxLeverage: '50' },
      ],
    });
  });

  test.each([
    ['of another contract', (text: string) => text.replace('"tier": 1', '"contract":"ETH_USDT"'), 'told of ETH_USDT'],
    ['twice the same', (text: string) => text.replace('"risk_limit": "50000"', '"risk_limit": "20000"'), 'a tier twice'],
    ['without a rate', (text: string) => text.replace('"maintenance_rate": "0.004"', '"maintenance_rate": ""'), 'without risk_limit'],
  ])('tiers %s are a fault', (_, change, what) => {
    expect(() => parseRiskLimits(change(body('gate/risk-limit-tiers-usdt.json')), 'BTC_USDT', 'USDT', 'USDT')).toThrow(what);
  });

  test('levels are contracts: coins of a linear one, money at the level’s own price of an inverse one', () => {
    const linear = parseBook(body('gate/order-book-usdt.json'), 'BTC_USDT', { contract: 'linear', contractSize: 0.0001 }, NOW);
    expect(linear).toEqual({
      asks: [
        ['80436.8', '2.2079'],
        ['80437', '0.015'],
      ],
      bids: [
        ['80436.7', '1.658'],
        ['80430.1', '0.004'],
      ],
      at: 1_789_898_130_361,
    });
    const inverse = parseBook(body('gate/order-book-btc.json'), 'BTC_USD', { contract: 'inverse', contractSize: 1 }, NOW);
    expect([inverse.bids, inverse.asks].map(([level]) => Number(level?.[1]))).toEqual([1, 2]);
    expect(() => parseBook(body('gate/order-book-usdt.json'), 'X', { contract: 'linear', contractSize: null }, NOW)).toThrow(/contracts/u);
  });
});

describe('through HTTP', () => {
  let exchange: FakeExchange;
  beforeEach(async () => void (exchange = await startFakeExchange()));
  afterEach(() => exchange.close());
  const at = (settle: string, what: string): string => `/api/v4/futures/${settle}/${what}`;

  function serve(): void {
    for (const settle of ['usdt', 'btc']) {
      exchange.route('GET', at(settle, 'contracts'), () => body(`gate/contracts-${settle}.json`));
      exchange.route('GET', at(settle, 'tickers'), () => body(`gate/tickers-${settle}.json`));
      exchange.route('GET', at(settle, 'risk_limit_tiers'), () => body(`gate/risk-limit-tiers-${settle}.json`));
      exchange.route('GET', at(settle, 'order_book'), () => body(`gate/order-book-${settle}.json`));
    }
  }

  test('a round is two requests, and the tickers once in five minutes', async () => {
    serve();
    const venue = createGate();
    let now = NOW;
    const io = () => ioOf(venue, exchange.url, () => now);
    expect(row(await venue.poll(io()), 'BTC_USD')).toMatchObject({ volume24h: 5_400_000 });
    expect(exchange.requests.map(({ path }) => path).sort()).toEqual([
      ...[at('btc', 'contracts'), at('btc', 'tickers'), at('usdt', 'contracts'), at('usdt', 'tickers')],
    ]);
    now += 60_000;
    expect(row(await venue.poll(io()), 'BTC_USDT')).toMatchObject({ volume24h: 2_957_921_620 });
    expect(exchange.requests).toHaveLength(6);
    now += 5 * 60_000;
    await venue.poll(io());
    expect(exchange.requests).toHaveLength(10);
    // A volume of a while ago does not stand for that of now.
    exchange.fail({ kind: 'status', status: 500 }, { path: at('usdt', 'tickers') });
    now += 5 * 60_000;
    const found = await venue.poll(io());
    expect([row(found, 'BTC_USDT')?.volume24h, row(found, 'BTC_USD')?.volume24h]).toEqual([null, 5_400_000]);
    now += 60_000;
    expect(row(await venue.poll(io()), 'BTC_USDT')?.volume24h).toBe(2_957_921_620);
  });

  /**
   * The documentation has 100 in a page by default and 1,000 at most. Asked without a limit it gave all 983 on 2026-09-15, and 100 where 100
   * were asked for (venue profiles of https://github.com/nemanull/arbitrage-observatory).
   */
  test.each([
    ['all where no limit is given, as it answers', Infinity, 1_000, 1_734, 1],
    ['100 where no limit is given, 1,000 at most', 100, 1_000, 1_734, 3],
    ['fewer in a page than are asked for', 100, 100, 234, 3],
    ['a number of them that ends with a page', 100, 1_000, 1_000, 3],
    ['one page that holds all, whatever is asked for', Infinity, Infinity, 1_200, 2],
  ])('%s: every contract, and no page twice', async (_, usual, most, count, requests) => {
    const all = Array.from({ length: count }, (_item, i) => ({
      ...{ name: `C${i}_USDT`, quanto_multiplier: '1', funding_rate: '0.0001', funding_interval: 28_800, mark_price: '1' },
    }));
    serve();
    exchange.route('GET', at('usdt', 'contracts'), ({ query }) => {
      const limit = query.has('limit') ? Math.min(Number(query.get('limit')), most) : usual;
      const offset = most === Infinity ? 0 : Number(query.get('offset'));
      return all.slice(offset, offset + limit);
    });
    const venue = createGate();
    const found = await venue.poll(ioOf(venue, exchange.url, () => NOW));
    expect(found.snapshots.filter(({ symbol }) => symbol.endsWith('_USDT'))).toHaveLength(count);
    expect(found.refused.filter(({ symbol }) => symbol.startsWith('C'))).toEqual([]);
    expect(exchange.count(at('usdt', 'contracts'))).toBe(requests);
  });

  test('a list beside the rates in USDT that fails costs its own values and is told', async () => {
    serve();
    exchange.fail({ kind: 'status', status: 500 }, { path: at('btc', 'contracts') });
    exchange.fail({ kind: 'html' }, { path: at('usdt', 'tickers') });
    const venue = createGate();
    const found = await venue.poll(ioOf(venue, exchange.url, () => NOW));
    expect(row(found, 'BTC_USDT')).toMatchObject({ rate: 0.000097, volume24h: null, interestPer8h: 0.0001 });
    expect(row(found, 'BTC_USD')).toBeUndefined();
    expect(found.closed).not.toContain('BTC_USD');
    expect(found.untold).toEqual([{ settle: 'BTC' }]);
    for (const list of ['contracts in btc', 'tickers in usdt']) expect(found.notes).toContainEqual(saying(`${list} failed`));
    expect(found.notes).toHaveLength(2);
  });

  test('without contracts in USDT there is no poll', async () => {
    serve();
    exchange.route('GET', at('usdt', 'contracts'), () => []);
    const venue = createGate();
    await expect(venue.poll(ioOf(venue, exchange.url, () => NOW))).rejects.toMatchObject({ kind: 'empty' });
  });

  /** https://www.gate.com/docs/developers/apiv4/en/#label-list */
  test.each([
    ['TOO_MANY_REQUESTS', 'rate-limited', 'asks for a pause'],
    ['INTERNAL', 'server', 'has a fault of its own'],
    ['SERVER_ERROR', 'server', 'has a fault of its own'],
    ['TOO_BUSY', 'server', 'is busy'],
    ['CONTRACT_NOT_FOUND', 'malformed', 'cannot read'],
  ])('label %s in a body of status 200 is %s', async (label, kind, user) => {
    serve();
    exchange.fail({ kind: 'garbage', body: JSON.stringify({ label, message: 'said' }) });
    const venue = createGate();
    const io = ioOf(venue, exchange.url, () => NOW);
    await expect(venue.poll(io)).rejects.toMatchObject({ name: 'VenueError', kind, user: saying(user), message: saying(`${label} said`) });
  });

  test('a pause that a list beside the rates asks for is heard', async () => {
    serve();
    exchange.fail({ kind: 'status', status: 429 }, { path: at('btc', 'contracts') });
    const venue = createGate();
    await expect(venue.poll(ioOf(venue, exchange.url, () => NOW))).rejects.toMatchObject({ kind: 'rate-limited' });
  });

  test('rules of a contract: whole contracts, the most of a market order, its tiers; parts of a contract where it takes them', async () => {
    serve();
    const venue = createGate();
    const io = ioOf(venue, exchange.url, () => NOW);
    expect(await venue.orderRules(io, 'BTC_USDT')).toMatchObject({
      lotStep: '1',
      minQuantity: '1',
      maxQuantity: '10000000',
      tickSize: '0.1',
      minNotional: null,
      maxNotional: '5000000',
      contractSize: '0.0001',
      maxLeverage: '200',
      // Its taker_fee_rate, which its formula of the liquidation price adds to the maintenance rate.
      liquidationFee: '0.00075',
      notes: [saying('contracts of 0.0001 BTC'), saying('a taker fee of 0.075 %'), saying('5,000,000 USDT')],
    });
    const asked = exchange.requests.find(({ path }) => path.endsWith('risk_limit_tiers'));
    expect([asked?.path, Object.fromEntries(asked?.query ?? [])]).toEqual([at('usdt', 'risk_limit_tiers'), { contract: 'BTC_USDT' }]);
    // market_order_size_max is 0: bounded like other orders.
    expect(await venue.orderRules(io, 'TAO_USDT')).toMatchObject({
      lotStep: '1',
      maxQuantity: '1000000',
      contractSize: '0.01',
      liquidationFee: null,
    });
    const parts = await venue.orderRules(io, 'AAPL_USDT');
    expect(parts).toMatchObject({ lotStep: '0.1', minQuantity: '0.1' });
    expect(parts.notes).toContainEqual(saying('does not state their step'));
    expect(await venue.orderRules(io, 'BTC_USD')).toMatchObject({
      contractSize: '1',
      maxNotional: null,
      notes: [saying('contracts of 1 USD'), saying('liquidation'), saying('50 BTC')],
    });
    for (const symbol of ['NOSUCH_USDT', 'GONE_USDT'])
      await expect(venue.orderRules(io, symbol)).rejects.toMatchObject({ user: `Gate does not list ${symbol} now.` });
    // The list of contracts was asked for once in each currency.
    expect([exchange.count(at('usdt', 'contracts')), exchange.count(at('btc', 'contracts'))]).toEqual([1, 1]);
  });

  test('a book: 300 levels, none of them joined, in the units of its contract', async () => {
    serve();
    const venue = createGate();
    const io = ioOf(venue, exchange.url, () => NOW);
    expect((await venue.book(io, 'BTC_USDT')).bids[0]).toEqual(['80436.7', '1.658']);
    expect(Number((await venue.book(io, 'BTC_USD')).bids[0]?.[1])).toBe(1);
    const asked = exchange.requests.find(({ path }) => path.endsWith('order_book'));
    expect(Object.fromEntries(asked?.query ?? [])).toEqual({ contract: 'BTC_USDT', interval: '0', limit: '300' });
  });

  test('hourly prices: nothing is asked before the newest 10,000 hours, and `limit` not beside `from` and `to`', async () => {
    serveGateHistory(exchange, {});
    const venue = createGate();
    const io = ioOf(venue, exchange.url, () => NOW);
    const from = NOW - 20_000 * HOUR;
    const first = await venue.prices(io, 'BTC_USDT', from, NOW)[Symbol.asyncIterator]().next();
    const start = Math.floor(NOW / HOUR) * HOUR - 9_998 * HOUR;
    expect(first.value).toEqual({ rows: [], proven: { from, to: start } });
    for await (const page of venue.prices(io, 'BTC_USD', start, NOW)) if (page.rows.length > 0) break;
    const asked = exchange.requests.map(({ path, query }) => [path, Object.fromEntries(query)]);
    const window = { interval: '1h', from: String(start / 1_000), to: String(start / 1_000 + 1_000 * 3_600 - 1) };
    expect(asked).toEqual(['mark_BTC_USD', 'index_BTC_USD'].map((contract) => [at('btc', 'candlesticks'), { contract, ...window }]));
  });

  test('settlements on either edge of a window count, whether the venue means its edges themselves or not', async () => {
    const rows = [1, 2, 3, 4, 5].map((n) => ({ r: '0.0001', t: (NOW - (NOW % HOUR)) / 1_000 - n * 3_600 }));
    const edges = { from: (rows[3]?.t ?? 0) * 1_000, to: (rows[1]?.t ?? 0) * 1_000 };
    for (const inclusive of [true, false]) {
      exchange.route('GET', at('usdt', 'funding_rate'), ({ query }) => {
        const [start, end] = [Number(query.get('from')), Number(query.get('to'))];
        return rows.filter(({ t }) => (inclusive ? t >= start && t <= end : t > start && t < end));
      });
      const venue = createGate();
      const pages = [];
      const io = ioOf(venue, exchange.url, () => NOW);
      for await (const page of venue.settled(io, 'X_USDT', edges.from, edges.to)) pages.push(page);
      expect(pages.flatMap((page) => page.rows.map(({ stamp }) => stamp))).toEqual([rows[2], rows[1]].map((one) => (one?.t ?? 0) * 1_000));
      expect(pages.at(-1)?.proven).toEqual(edges);
    }
  });
});

/** https://gate.io/futures/introduction/funding-rate-history, and the news of the announcement of 2026-05-27. */
test('the formula of 2026-05-27 divides by 8/N: a premium of 0.16 % over 1 h made 0.11 %, and makes 0.01375 %', () => {
  const hourly = { ...instrumentOf('gate', 'X_USDT'), interestPer8h: 0.0001 };
  const rate = (t: number, hours = 1) => theoreticalRate(hourly, 0.0016, hours, t);
  expect(rate(Date.UTC(2026, 4, 26))).toBeCloseTo(0.0011, 12);
  expect(rate(Date.UTC(2026, 4, 28))).toBeCloseTo(0.0001375, 12);
  expect(rate(Date.UTC(2026, 4, 28), 8)).toBeCloseTo(rate(Date.UTC(2026, 4, 26), 8), 15);
});
