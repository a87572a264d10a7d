import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { VenuePoll } from '#core/venue.ts';
import { readMaintenance } from '#domain/decisions/maintenance.ts';
import { Reader } from '#domain/decisions/reader.ts';
import { theoreticalRate } from '#domain/metrics/venue-terms.ts';
import { asRow, inLists } from '#node/venues/common/read.ts';
import { parseData, rowsById } from '#node/venues/okx/body.ts';
import { parseBook } from '#node/venues/okx/book.ts';
import { parseCandles, parseFundingHistory } from '#node/venues/okx/history.ts';
import { parseInstruments } from '#node/venues/okx/instruments.ts';
import { parsePositionTiers } from '#node/venues/okx/position-tiers.ts';
import { type Beside, readRates } from '#node/venues/okx/rates.ts';
import { createOkx } from '#node/venues/okx/swaps.ts';
import { body, hasRecordings, recording, sample } from '#test/support/bodies.ts';
import { type FakeExchange, startFakeExchange } from '#test/support/fake-exchange.ts';
import { instrumentOf } from '#test/support/made-year.ts';
import { ioOf } from '#test/support/venue-io.ts';

/*
 * Unverified: but for those that are called recorded, the bodies are built from the documentation of each field, at
 * https://www.okx.com/docs-v5/en/#public-data-rest-api-get-instruments, -get-funding-rate, -get-funding-rate-history,
 * -get-mark-price, -get-index-tickers, -get-open-interest, -get-position-tiers, -get-mark-price-candlesticks-history and
 * #order-book-trading-market-data-get-tickers, -get-full-order-book. What is odd in them is made.
 */
const NOW = 1_794_770_400_500;
const HOUR = 3_600_000;
const saying = (text: string): unknown => expect.stringContaining(text);
const rowsOf = (name: string) => rowsById(parseData(body(`okx/${name}.json`), name));

const listings = parseInstruments(body('okx/instruments.json'), NOW);
const rates = parseData(body('okx/funding-rate.json'), 'rates');
const beside: Beside = {
  marks: rowsOf('mark-price'),
  indexOf: inLists([rowsOf('index-tickers')]),
  openInterest: rowsOf('open-interest'),
  tickers: rowsOf('tickers'),
};
const nothing: Beside = { marks: null, indexOf: () => undefined, openInterest: null, tickers: null };

const row = (poll: VenuePoll, symbol: string) => poll.snapshots.find((snapshot) => snapshot.symbol === symbol);
const instrument = (poll: VenuePoll, symbol: string) => poll.instruments.find((one) => one.symbol === symbol);
const poll = readRates(rates, listings, beside, NOW, [], () => true);

describe('recorded on 2026-09-19 at 13:17 UTC', () => {
  /** Rows of funding-rate?instId=ANY: [instId, rate, fundingTime, prevFundingTime, nextFundingTime, limit, premium, ts]. */
  const RECORDED = [
    ['BTC-USDT-SWAP', '0.0001000000000000', 1789833600000, 1789804800000, 1789862400000, '0.00375', '-0.0001969158061855', 1789824243998],
    ['OKB-USDT-SWAP', '0.0000500000000000', 1789833600000, 1789819200000, 1789848000000, '0.01', '0.0001016353286903', 1789824245867],
    ['ONE-USDT-SWAP', '-0.0018087460514744', 1789826400000, 1789822800000, 1789830000000, '0.01', '-0.0151184578313896', 1789824245248],
    [
      'XAU-USD_UM_XPERP-310502',
      '0.0000000000000000',
      1789833600000,
      1789804800000,
      1789862400000,
      '0.0075',
      '-0.0001392818081975',
      1789824243487,
    ],
  ] as const;
  const list = RECORDED.map(([instId, fundingRate, fundingTime, prevFundingTime, nextFundingTime, limit, premium, ts]) => ({
    ...{ formulaType: 'withRate', fundingRate, fundingTime: String(fundingTime), impactValue: '20000.0000000000000000', instId },
    ...{ instType: instId.includes('XPERP') ? 'FUTURES' : 'SWAP', interestRate: '0.0001000000000000', method: 'current_period' },
    ...{ maxFundingRate: limit, minFundingRate: `-${limit}`, nextFundingRate: '', nextFundingTime: String(nextFundingTime), premium },
    ...{ prevFundingTime: String(prevFundingTime), settState: 'settled', ts: String(ts) },
    settFundingRate: instId.startsWith('ONE') ? '-0.0020913845892044' : fundingRate,
  }));
  const recorded = readRates(list, null, nothing, 1_789_824_246_000);

  test('swaps that settle every 8, 4 and 1 h: the settlement to come, its interval, what bounds it and where it rests', () => {
    const of = (symbol: string) => {
      const { rate, intervalH, nextFundingAt, premium, cap, floor, interestPer8h } = row(recorded, `${symbol}-USDT-SWAP`) ?? {};
      return [rate, intervalH, new Date(nextFundingAt ?? 0).toISOString(), premium, cap, floor, interestPer8h];
    };
    expect(of('BTC')).toEqual([0.0001, 8, '2026-09-19T16:00:00.000Z', -0.0001969158061855, 0.00375, -0.00375, 0.0001]);
    expect(of('OKB')).toEqual([0.00005, 4, '2026-09-19T16:00:00.000Z', 0.0001016353286903, 0.01, -0.01, 0.0001]);
    expect(of('ONE')).toEqual([-0.0018087460514744, 1, '2026-09-19T14:00:00.000Z', -0.0151184578313896, 0.01, -0.01, 0.0001]);
    expect(recorded.snapshots).toHaveLength(3);
    expect(recorded.refused).toEqual([]);
  });

  /** https://www.okx.com/docs-v5/en/#public-data-rest-api-get-funding-rate: settFundingRate, settState and prevFundingTime. */
  test('the last settlement of each, and none while one is under way', () => {
    expect(recorded.settled).toEqual([
      { symbol: 'BTC-USDT-SWAP', stamp: Date.UTC(2026, 8, 19, 8), rate: 0.0001 },
      { symbol: 'OKB-USDT-SWAP', stamp: Date.UTC(2026, 8, 19, 12), rate: 0.00005 },
      { symbol: 'ONE-USDT-SWAP', stamp: Date.UTC(2026, 8, 19, 13), rate: -0.0020913845892044 },
    ]);
    const [first, second, third] = list.map((one, i) => ({
      ...one,
      ...[{ settState: 'processing' }, { settFundingRate: '' }, { prevFundingTime: '' }][i],
    }));
    expect(readRates([first, second, third], null, nothing, 1_789_824_246_000).settled).toEqual([]);
  });
});

describe('instruments', () => {
  test('four kinds of margin: linear contracts are ctVal x ctMult of ctValCcy, inverse ones an amount of USD', () => {
    const terms = (symbol: string) => {
      const found = instrument(poll, symbol);
      return found && [found.asset, found.quote, found.settle, found.contract, found.contractSize];
    };
    expect(terms('BTC-USDT-SWAP')).toEqual(['BTC', 'USDT', 'USDT', 'linear', 0.01]);
    expect(terms('BTC-USDC-SWAP')).toEqual(['BTC', 'USDC', 'USDC', 'linear', 0.0001]);
    expect(terms('BTC-USD-SWAP')).toEqual(['BTC', 'USD', 'BTC', 'inverse', 100]);
    // Settled in USDⓈ, which the list writes USD: https://www.okx.com/docs-v5/en/#overview-general-info
    expect(terms('BTC-USD_UM-SWAP')).toEqual(['BTC', 'USD', 'USD', 'linear', 0.01]);
    expect(terms('PEPE-USDT-SWAP')).toEqual(['PEPE', 'USDT', 'USDT', 'linear', 10_000_000]);
    expect(terms('OPT-USDT-SWAP')).toEqual(['OPT', 'USDT', 'USDT', 'linear', 0.1]);
    // ctVal in something that is neither its coin nor, for an inverse one, its quote.
    expect(terms('ODD-USDT-SWAP')).toEqual(['ODD', 'USDT', 'USDT', 'linear', null]);
  });

  test('what it is of, since when, until when', () => {
    expect(instrument(poll, 'BTC-USD-SWAP')).toMatchObject({ assetClass: 'crypto', listedAt: 1_535_424_203_000, delistedAt: null });
    expect(instrument(poll, 'AAPL-USDT-SWAP')?.assetClass).toBe('equity');
    expect(instrument(poll, 'XAU-USDT-SWAP')?.assetClass).toBe('commodity');
    expect(instrument(poll, 'EARLY-USDT-SWAP')?.assetClass).toBe('pre-market');
    expect(instrument(poll, 'LAST-USDT-SWAP')?.delistedAt).toBe(1_795_334_400_000);
  });

  test('what does not trade yet is left out, what does not any more is closed, what the list lacks is unlisted', () => {
    expect(poll.closed).toEqual(['PAUSED-USDT-SWAP', 'GONE-USDT-SWAP']);
    expect(poll.unlisted).toEqual(['STRANGE-USDT-SWAP']);
    for (const symbol of ['SOON', 'PAUSED', 'GONE', 'STRANGE']) expect(row(poll, `${symbol}-USDT-SWAP`)).toBeUndefined();
    expect(listings.has('NONAME-USDT-SWAP')).toBe(false);
    // ANY holds the dated contracts that pay funding too: they are no perpetuals, and nothing of them is a fault.
    expect(JSON.stringify(poll)).not.toContain('XPERP');
  });
});

describe('funding-rate of ANY, and what is asked beside it', () => {
  test('a linear row whole: fundingTime is the settlement to come, contracts are 0.01 BTC', () => {
    const found = row(poll, 'BTC-USDT-SWAP');
    expect({ ...found, volume24h: null }).toEqual({
      symbol: 'BTC-USDT-SWAP',
      rate: 0.0000341625964238,
      intervalH: 8,
      nextFundingAt: 1_794_787_200_000,
      mark: 97_201.1,
      index: 97_240.5,
      openInterest: 25_000,
      volume24h: null,
      convertedByMark: ['volume24h'],
      premium: -0.000201,
      interestPer8h: 0.0001,
      cap: 0.00375,
      floor: -0.00375,
    });
    expect(found?.volume24h).toBeCloseTo(7_776_088_000, 3);
    expect(poll.venueTime).toBe(1_794_770_400_120);
  });

  test('an inverse row: contracts of 100 USD are money, and coins by the mark', () => {
    const found = row(poll, 'BTC-USD-SWAP');
    expect(found).toMatchObject({ rate: -0.0000152, mark: 97_150, index: 97_180.25 });
    expect(found).toMatchObject({ volume24h: 300_000_000, convertedByMark: ['openInterest'] });
    // Its own oiCcy says 6176.0165.
    expect(found?.openInterest).toBeCloseTo(6_176.0165, 3);
  });

  test('the index is that of the quote', () => {
    expect(row(poll, 'BTC-USDC-SWAP')).toMatchObject({ index: 97_233, mark: 97_190.5, premium: null });
    expect(row(poll, 'BTC-USD_UM-SWAP')).toMatchObject({ index: 97_180.25, mark: 97_160, openInterest: 200 });
  });

  test('a size in contracts of unknown size is not told, and why', () => {
    expect(row(poll, 'ODD-USDT-SWAP')).toMatchObject({ openInterest: null, unconverted: { openInterest: 'no-contract-size' } });
  });

  test('the interval is the one in progress', () => {
    const intervals = Object.fromEntries(poll.snapshots.map(({ symbol, intervalH }) => [symbol.split('-')[0] ?? '', intervalH]));
    // OPT goes from 8 h to 4 h at the coming settlement; of XAU only the next interval is told; EARLY's is further off than it is long.
    expect(intervals).toMatchObject({ WLD: 4, PEPE: 4, OPT: 8, XAU: 1, EARLY: null });
  });

  /*
   * https://www.okx.com/help/important-update-revision-of-the-funding-rate-formula-for-okx-perpetual: the interest was 0.03 % / (24 / N), N h
   * the interval, and is 0.01 % for 8 h whatever the interval since: what a row states is read by the time of the row, not by its size.
   */
  test('the interest is told per 8 h: as stated since the formula divides; 0 where it is 0, null where it is not stated', () => {
    const interest = (name: string) => row(poll, `${name}-USDT-SWAP`)?.interestPer8h;
    expect([interest('WLD'), interest('PEPE'), interest('AAPL'), interest('XAU')]).toEqual([0.0001, 0.00005, 0, null]);
    expect(row(poll, 'EARLY-USDT-SWAP')).toMatchObject({ intervalH: null, interestPer8h: 0.0001 });
    // The formula of before the interest.
    const old = rates.map((item) => ({ ...asRow(item), formulaType: 'noRate' }));
    expect(row(readRates(old, listings, beside, NOW), 'WLD-USDT-SWAP')?.interestPer8h).toBeNull();
  });

  test.each([
    [1, '0.0000125'],
    [2, '0.000025'],
    [4, '0.00005'],
    [8, '0.0001'],
  ])('before, what a contract of %i h states is the share of its interval: %s is 0.0001 for 8 h', (hours, stated) => {
    const change = Date.UTC(2026, 5, 1);
    const at = (ts: number, interestRate: string) => {
      const next = ts - (ts % (hours * HOUR)) + hours * HOUR;
      const times = {
        fundingTime: String(next),
        prevFundingTime: String(next - hours * HOUR),
        nextFundingTime: String(next + hours * HOUR),
      };
      const one = { ...asRow(rates[0]), instId: 'X-USDT-SWAP', ...times, interestRate, ts: String(ts) };
      return readRates([one], null, nothing, ts).snapshots.map(({ intervalH, interestPer8h }) => [intervalH, interestPer8h]);
    };
    expect(at(change - 1, stated)).toEqual([[hours, 0.0001]]);
    // Twice the usual is twice the usual.
    expect(at(change - 1, '0.0001')).toEqual([[hours, 0.0008 / hours]]);
    expect(at(change - 1, '0')).toEqual([[hours, 0]]);
    expect(at(change, stated)).toEqual([[hours, Number(stated)]]);
    expect(at(change, '0.0001')).toEqual([[hours, 0.0001]]);
  });

  test('caps and floors of each, zero without a sign, a row that stands still by its own time', () => {
    expect(row(poll, 'WLD-USDT-SWAP')).toMatchObject({ rate: -0.00041, cap: 0.015, floor: -0.01 });
    expect(Object.is(row(poll, 'AAPL-USDT-SWAP')?.rate, 0)).toBe(true);
    expect(row(poll, 'LAST-USDT-SWAP')?.ageMs).toBe(400_000);
    expect(row(poll, 'BTC-USDT-SWAP')).not.toHaveProperty('ageMs');
  });

  test('a bad price costs itself, a bad row that row', () => {
    expect(row(poll, 'XAU-USDT-SWAP')).toMatchObject({ rate: 0.00001, mark: null });
    expect(poll.refused).toEqual([
      { symbol: 'XAU-USDT-SWAP', reason: 'mark price 0 is not above 0' },
      { symbol: 'WLD-USDT-SWAP', reason: 'the same symbol twice in one answer' },
      { symbol: '""', reason: 'a row without an instrument' },
    ]);
  });

  test('without the list a name tells the coins, and no size; without the lists beside them rates stand alone', () => {
    const bare = readRates(rates, null, nothing, NOW);
    const inverse = { asset: 'BTC', quote: 'USD', settle: 'BTC', contract: 'inverse', contractSize: null };
    expect(instrument(bare, 'BTC-USD-SWAP')).toMatchObject(inverse);
    expect(instrument(bare, 'BTC-USDT-SWAP')).toMatchObject({ settle: 'USDT', contract: 'linear', contractSize: null });
    expect(instrument(bare, 'BTC-USD_UM-SWAP')).toMatchObject({ quote: 'USD', settle: 'USD', contract: 'linear', contractSize: null });
    const alone = { rate: 0.0000341625964238, intervalH: 8, mark: null, index: null, openInterest: null };
    expect(row(bare, 'BTC-USDT-SWAP')).toMatchObject(alone);
  });
});

describe.runIf(hasRecordings)('recorded bodies', () => {
  test('a swap of coins, without a time of the row', () => {
    const list = parseData(sample('okx', 'fetchFundingRates'), 'rates');
    const recorded = readRates(list, null, nothing, 1_634_250_000_000);
    expect(recorded.venueTime).toBeNull();
    const told = { rate: 0.00027815, nextFundingAt: 1_634_256_000_000, intervalH: 8, premium: null };
    expect(row(recorded, 'BTC-USD-SWAP')).toMatchObject(told);
  });

  test('the current period: the rate to come, its limits, the time of the row', () => {
    const samples = JSON.parse(recording('venue-samples/okx.json')) as { readonly url: string; readonly httpResponse: unknown }[];
    const found = samples.find(({ url }) => url.includes('XRP-USDT-SWAP'));
    const recorded = readRates(parseData(JSON.stringify(found?.httpResponse), 'rates'), null, nothing, 1_704_802_263_000);
    expect(recorded.venueTime).toBe(1_704_802_262_047);
    expect(row(recorded, 'XRP-USDT-SWAP')).toMatchObject({
      rate: 0.0000728992871126,
      nextFundingAt: 1_704_816_000_000,
      intervalH: 8,
      cap: 0.0075,
      floor: -0.0075,
    });
  });

  test('the next period: the rate of the coming settlement is fixed, and not what is estimated for the one after it', () => {
    const samples = JSON.parse(recording('venue-samples/okx.json')) as { readonly httpResponse: unknown }[];
    const found = samples.map(({ httpResponse }) => JSON.stringify(httpResponse)).find((text) => text.includes('next_period')) ?? '';
    const recorded = readRates(parseData(found, 'rates'), null, nothing, 1_700_724_676_000);
    expect(row(recorded, 'BTC-USD-SWAP')).toMatchObject({
      rate: 0.0001875391284828,
      nextFundingAt: 1_700_726_400_000,
      intervalH: 8,
      premium: 0.0001233824646391,
      cap: 0.00375,
      floor: -0.00375,
    });
  });

  test('settlements: what was realized, not what had been predicted', () => {
    const { rows } = parseFundingHistory(sample('okx', 'fetchFundingRateHistory'), 'BTC-USDT-SWAP', 0, NOW);
    expect(rows[0]).toEqual({ stamp: 1_597_026_383_085, rate: 0.017, intervalH: null, mark: null, premium: null });
  });

  test('a settlement that is recorded twice in one answer comes once, and its stretch is proven', async () => {
    const exchange = await startFakeExchange();
    try {
      // The recording answers any question: what is older than its settlement is not told.
      exchange.route('GET', '/api/v5/public/funding-rate-history', () =>
        exchange.requests.length === 1 ? sample('okx', 'fetchFundingRateHistory') : { code: '0', msg: '', data: [] },
      );
      const venue = createOkx();
      const stamp = 1_597_026_383_085;
      const io = ioOf(venue, exchange.url, () => stamp + HOUR);
      const pages = [];
      for await (const page of venue.settled(io, 'BTC-USDT-SWAP', stamp - HOUR, stamp + HOUR / 2)) pages.push(page);
      expect(pages.flatMap(({ rows }) => rows.map(({ stamp: at, rate }) => [at, rate]))).toEqual([[stamp, 0.017]]);
      expect(pages[0]?.proven?.from).toBe(stamp - 1);
    } finally {
      await exchange.close();
    }
  });

  test('open interest in contracts is its own oiCcy in coins', () => {
    const openInterest = rowsById(parseData(sample('okx', 'fetchOpenInterests'), 'open interest'));
    const found = readRates(rates, listings, { ...nothing, openInterest }, NOW);
    expect(row(found, 'BTC-USDT-SWAP')?.openInterest).toBeCloseTo(21_254.19, 9);
  });
});

describe('history', () => {
  test('hours of mark prices: those asked for, the one in progress without a close', () => {
    const window = { firstOpen: 1_794_758_400_000, lastOpen: 1_794_758_400_000 + 2 * HOUR };
    const { closes, refused } = parseCandles(body('okx/mark-candles.json'), 'BTC-USDT-SWAP', window);
    expect([...closes]).toEqual([
      [1_794_758_400_000 + HOUR, 96_900],
      [1_794_758_400_000 + 2 * HOUR, 97_100],
    ]);
    expect(refused).toEqual([{ symbol: 'BTC-USDT-SWAP', reason: saying('no price') }]);
  });

  test('a settlement of another instrument is no answer', () => {
    const data = [{ instId: 'ETH-USDT-SWAP', realizedRate: '0.0001', fundingTime: '1794758400000' }];
    const other = JSON.stringify({ code: '0', msg: '', data });
    expect(() => parseFundingHistory(other, 'BTC-USDT-SWAP', 0, NOW)).toThrow(/told of ETH-USDT-SWAP/u);
  });
});

describe('rules and books', () => {
  test('tiers are of whole positions in contracts: each starts where the one before ends, and nothing is taken off', () => {
    const { maintenance, mostContracts, notes } = parsePositionTiers(body('okx/position-tiers.json'), 'BTC-USDT');
    expect(maintenance).toEqual({
      kind: 'tiers',
      charge: 'whole',
      by: 'contracts',
      tiers: [
        { floor: '0', rate: '0.004', maxLeverage: '100' },
        { floor: '1000', rate: '0.005', maxLeverage: '75' },
        { floor: '5000', rate: '0.01', maxLeverage: '50' },
      ],
    });
    expect(mostContracts).toBe('20000');
    expect(notes).toEqual(['The largest position that OKX allows is 20,000 contracts.']);
    const read = maintenance && readMaintenance(new Reader(), '', maintenance, null);
    expect(read?.tiers.map(({ cum }) => cum.toNumber())).toEqual([0, 0, 0]);
  });

  test.each([
    ['of another family', (text: string) => text.replaceAll('BTC-USDT', 'ETH-USDT'), 'told of ETH-USDT'],
    ['twice the same', (text: string) => text.replace('"maxSz":"5000"', '"maxSz":"1000"'), 'a tier twice'],
    ['without a rate', (text: string) => text.replace('"mmr":"0.01"', '"mmr":""'), 'without maxSz, mmr or maxLever'],
  ])('tiers %s are a fault', (_, change, what) => {
    expect(() => parsePositionTiers(change(body('okx/position-tiers.json')), 'BTC-USDT')).toThrow(what);
  });

  test('levels are contracts: coins of a linear one, money at the level’s own price of an inverse one', () => {
    const linear = parseBook(body('okx/books-full-linear.json'), 'BTC-USDT-SWAP', { contract: 'linear', contractSize: 0.01 }, NOW);
    expect(linear).toEqual({
      asks: [
        ['97201.2', '1.5'],
        ['97201.5', '0.005'],
      ],
      bids: [
        ['97201.1', '0.2025'],
        ['97199.9', '10'],
      ],
      at: 1_794_770_400_300,
    });
    const inverse = parseBook(body('okx/books-full-inverse.json'), 'BTC-USD-SWAP', { contract: 'inverse', contractSize: 100 }, NOW);
    expect(inverse.bids.map(([, quantity]) => Number(quantity))).toEqual([194_300 / 97_150, 971_400 / 97_140]);
    expect(() => parseBook(body('okx/books-full-linear.json'), 'X', { contract: 'linear', contractSize: null }, NOW)).toThrow(/contracts/u);
  });
});

describe('through HTTP', () => {
  let exchange: FakeExchange;
  beforeEach(async () => void (exchange = await startFakeExchange()));
  afterEach(() => exchange.close());

  function serve(): void {
    const lists = { 'public/funding-rate': 'funding-rate', 'public/instruments': 'instruments', 'public/mark-price': 'mark-price' };
    const more = { 'public/open-interest': 'open-interest', 'market/tickers': 'tickers', 'public/position-tiers': 'position-tiers' };
    for (const [path, name] of Object.entries({ ...lists, ...more }))
      exchange.route('GET', `/api/v5/${path}`, () => body(`okx/${name}.json`));
    exchange.route('GET', '/api/v5/market/books-full', ({ query }) =>
      body(`okx/books-full-${query.get('instId') === 'BTC-USD-SWAP' ? 'inverse' : 'linear'}.json`),
    );
    // Each quote has a list of its own.
    exchange.route('GET', '/api/v5/market/index-tickers', ({ query }) => ({
      code: '0',
      msg: '',
      data: parseData(body('okx/index-tickers.json'), 'indexes').filter((item) =>
        String(asRow(item)?.['instId']).endsWith(`-${query.get('quoteCcy') ?? ''}`),
      ),
    }));
  }

  test('with three quotes a round is six requests, and the lists of instruments and of volumes once in a while', async () => {
    serve();
    const venue = createOkx();
    const io = ioOf(venue, exchange.url, () => NOW);
    expect(row(await venue.poll(io), 'BTC-USD-SWAP')).toMatchObject({ index: 97_180.25, volume24h: 300_000_000 });
    expect(exchange.requests).toHaveLength(8);
    await venue.poll(io);
    expect(exchange.requests).toHaveLength(14);
    expect(exchange.requests[0]?.query.get('instId')).toBe('ANY');
  });

  test('a quote that no swap has is not asked for: five requests', async () => {
    serve();
    const data = parseData(body('okx/instruments.json'), 'instruments').filter((item) => asRow(item)?.['uly'] !== 'BTC-USDC');
    exchange.route('GET', '/api/v5/public/instruments', () => ({ code: '0', msg: '', data }));
    const venue = createOkx();
    const io = ioOf(venue, exchange.url, () => NOW);
    await venue.poll(io);
    const before = exchange.requests.length;
    await venue.poll(io);
    const quotes = exchange.requests.slice(before).flatMap(({ query }) => query.get('quoteCcy') ?? []);
    expect([exchange.requests.length - before, quotes.toSorted()]).toEqual([5, ['USD', 'USDT']]);
  });

  test('a list beside the rates that fails costs its own values and is told', async () => {
    serve();
    exchange.fail({ kind: 'status', status: 500 }, { path: '/api/v5/public/mark-price' });
    exchange.fail({ kind: 'html' }, { path: '/api/v5/market/tickers' });
    const venue = createOkx();
    const found = await venue.poll(ioOf(venue, exchange.url, () => NOW));
    expect(row(found, 'BTC-USDT-SWAP')).toMatchObject({ rate: 0.0000341625964238, mark: null, index: 97_240.5, openInterest: 25_000 });
    for (const list of ['public/mark-price?instType=SWAP', 'market/tickers']) expect(found.notes).toContainEqual(saying(`${list} failed`));
    expect(found.notes).toHaveLength(2);
  });

  test.each([
    ['50011', 'rate-limited', 'asks for a pause'],
    ['50061', 'rate-limited', 'asks for a pause'],
    ['50001', 'server', 'out of service'],
    ['50013', 'server', 'is busy'],
    ['51001', 'malformed', 'cannot read'],
  ])('code %s in a body of status 200 is %s', async (code, kind, user) => {
    serve();
    exchange.fail({ kind: 'garbage', body: JSON.stringify({ code, msg: 'said', data: [] }) });
    const venue = createOkx();
    const io = ioOf(venue, exchange.url, () => NOW);
    await expect(venue.poll(io)).rejects.toMatchObject({ name: 'VenueError', kind, user: saying(user), message: saying(`${code} said`) });
  });

  test('a pause that a list beside the rates asks for is heard', async () => {
    serve();
    exchange.fail({ kind: 'status', status: 429 }, { path: '/api/v5/public/open-interest' });
    const venue = createOkx();
    await expect(venue.poll(ioOf(venue, exchange.url, () => NOW))).rejects.toMatchObject({ kind: 'rate-limited' });
  });

  test('rules of a contract: sizes in contracts, its family’s tiers, no order above the largest position', async () => {
    serve();
    const venue = createOkx();
    const io = ioOf(venue, exchange.url, () => NOW);
    expect(await venue.orderRules(io, 'BTC-USDT-SWAP')).toMatchObject({
      lotStep: '0.01',
      minQuantity: '0.01',
      maxQuantity: '12000',
      tickSize: '0.1',
      minNotional: null,
      maxNotional: null,
      contractSize: '0.01',
      maxLeverage: '100',
      maintenance: { charge: 'whole', by: 'contracts' },
      // A new account's taker fee: https://www.okx.com/help/v-tiered-maintenance-margin-ratio-rules
      liquidationFee: '0.0005',
    });
    const limit = 'OKX allows a position of 2,500,000 USD in it, or 30 % of its open interest where that is more.';
    expect(listings.get('BTC-USD_UM-SWAP')).toMatchObject({ family: 'BTC-USD_UM', rules: { contractSize: '0.01' } });
    expect(listings.get('BTC-USD_UM-SWAP')?.rules.notes).toContain(limit);
    const asked = exchange.requests.find(({ path }) => path.endsWith('position-tiers'));
    expect(Object.fromEntries(asked?.query ?? [])).toEqual({ instType: 'SWAP', tdMode: 'isolated', instFamily: 'BTC-USDT' });
    await expect(venue.orderRules(io, 'NOSUCH-USDT-SWAP')).rejects.toMatchObject({ user: 'OKX does not list NOSUCH-USDT-SWAP now.' });
    expect(Number((await venue.book(io, 'BTC-USD-SWAP')).bids[0]?.[1])).toBe(2);
  });

  test('no order is larger than the end of the last tier', async () => {
    serve();
    const lower = body('okx/position-tiers.json').replace('"maxSz":"20000"', '"maxSz":"7000"');
    exchange.route('GET', '/api/v5/public/position-tiers', () => lower);
    const venue = createOkx();
    expect(
      (
        await venue.orderRules(
          ioOf(venue, exchange.url, () => NOW),
          'BTC-USDT-SWAP',
        )
      ).maxQuantity,
    ).toBe('7000');
  });
});

/** https://www.okx.com/help/important-update-revision-of-the-funding-rate-formula-for-okx-perpetual, its worked example. */
test('the formula that was announced on 2026-05-29: an average premium of 0.10 % over 1 h made 0.05 %, and makes 0.00625 %', () => {
  const hourly = { ...instrumentOf('okx', 'X-USDT-SWAP'), interestPer8h: 0.0001 };
  const at = (t: number) => theoreticalRate(hourly, 0.001, 1, t);
  expect(at(Date.UTC(2026, 4, 31))).toBeCloseTo(0.0005, 12);
  expect(at(Date.UTC(2026, 10, 1))).toBeCloseTo(0.0000625, 12);
  expect(theoreticalRate(hourly, 0.001, 8, Date.UTC(2026, 10, 1))).toBeCloseTo(theoreticalRate(hourly, 0.001, 8, Date.UTC(2026, 4, 1)), 15);
});
