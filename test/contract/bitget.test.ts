import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { VenuePoll, SettledPage } from '#core/venue.ts';
import { estimateLiquidation } from '#domain/decisions/liquidation.ts';
import { readMaintenance } from '#domain/decisions/maintenance.ts';
import { Reader } from '#domain/decisions/reader.ts';
import { theoreticalRate } from '#domain/metrics/venue-terms.ts';
import { parseBook } from '#node/venues/bitget/book.ts';
import { parseClasses, parseContracts } from '#node/venues/bitget/contracts.ts';
import { serveBitgetHistory } from '#node/venues/bitget/fake.ts';
import { createBitget } from '#node/venues/bitget/futures.ts';
import { historyOf, parseCandles, parseHistoryPage, readHistory } from '#node/venues/bitget/history.ts';
import { parsePositionTiers } from '#node/venues/bitget/position-tiers.ts';
import type { Product } from '#node/venues/bitget/products.ts';
import { parseRates, parseTickers, type ProductAnswers, readPoll } from '#node/venues/bitget/rates.ts';
import { askByPages } from '#node/venues/common/numbered-pages.ts';
import { walkBackward } from '#node/venues/common/paging.ts';
import { body, hasRecordings, sample } from '#test/support/bodies.ts';
import { type FakeExchange, startFakeExchange } from '#test/support/fake-exchange.ts';
import { instrumentOf } from '#test/support/made-year.ts';
import { ioOf } from '#test/support/venue-io.ts';
import { sure } from '../unit/node/demo/support.ts';

/*
 * Unverified: but for those that are called recorded, the bodies are built from the documentation of each field, at
 * https://www.bitget.com/api-doc/contract/market/Get-All-Symbols-Contracts, /Get-All-Symbol-Ticker, /Get-Current-Funding-Rate,
 * /Get-History-Funding-Rate, /Get-History-Mark-Candle-Data, /Get-History-Index-Candle-Data, /Get-Merge-Depth and
 * https://www.bitget.com/api-doc/contract/position/Get-Query-Position-Lever. `symbolType` of
 * https://www.bitget.com/api-doc/uta/public/Instruments is documented as a kind of contract, and told by people who asked it as a
 * class (stock, metal, crypto). What is odd in the rows is made.
 */
const NOW = 1_794_770_400_500;
const NEXT_8H = 1_794_787_200_000;
const NEXT_4H = 1_794_772_800_000;
const HOUR = 3_600_000;
const SHORT: Readonly<Record<Product, string>> = { 'USDT-FUTURES': 'usdt', 'USDC-FUTURES': 'usdc', 'COIN-FUTURES': 'coin' };
const saying = (text: string): unknown => expect.stringContaining(text);
const createPages = (...args: Parameters<typeof historyOf>) => askByPages(historyOf(...args));

test('rows as they were recorded on 2026-09-15: prices of the ticker; rate, interval and settlement of the list of rates', () => {
  // https://github.com/nemanull/arbitrage-observatory, its profile of Bitget.
  const ticker = {
    ...{ symbol: 'BTCUSDT', lastPr: '77202.1', askPr: '77202.1', bidPr: '77202', ts: '1789456276886', indexPrice: '77237.976' },
    ...{ fundingRate: '0.00009', markPrice: '77202.1' },
  };
  const rate = {
    ...{ symbol: 'BTCUSDT', fundingRate: '0.0001', fundingRateInterval: '8', nextUpdate: '1789459200000' },
    ...{ minFundingRate: '-0.003', maxFundingRate: '0.003' },
  };
  const answer = (data: unknown): string => JSON.stringify({ code: '00000', msg: 'success', requestTime: 1_789_456_276_900, data });
  const product = 'USDT-FUTURES' as const;
  const read = readPoll(
    [
      {
        ...{ product, tickers: parseTickers(answer([ticker]), product), rates: parseRates(answer([rate])) },
        ...{ isFresh: true, isLate: false, listings: null, lacks: () => false },
      },
    ],
    null,
    1_789_456_277_000,
  );
  expect(read.snapshots[0]).toMatchObject({
    ...{
      rate: 0.0001,
      intervalH: 8,
      nextFundingAt: Date.UTC(2026, 8, 15, 8),
      mark: 77_202.1,
      index: 77_237.976,
      cap: 0.003,
      floor: -0.003,
    },
  });
});

const answersOf = (product: Product, part: Partial<ProductAnswers> = {}): ProductAnswers => ({
  product,
  tickers: parseTickers(body(`bitget/tickers-${SHORT[product]}.json`), product),
  rates: parseRates(body(`bitget/current-fund-rate-${SHORT[product]}.json`)),
  isFresh: true,
  isLate: false,
  listings: parseContracts(body(`bitget/contracts-${SHORT[product]}.json`), product),
  lacks: () => true,
  ...part,
});
const classes = parseClasses(body('bitget/instruments.json'));
const poll = readPoll([answersOf('USDT-FUTURES'), answersOf('USDC-FUTURES'), answersOf('COIN-FUTURES')], classes, NOW);
const row = (of: VenuePoll, symbol: string) => of.snapshots.find((snapshot) => snapshot.symbol === symbol);
const instrument = (of: VenuePoll, symbol: string) => of.instruments.find((one) => one.symbol === symbol);

describe('contracts', () => {
  test('three product types: two linear ones settled in their money, one inverse settled in the coin', () => {
    const terms = (symbol: string) => {
      const found = instrument(poll, symbol);
      return found && [found.asset, found.multiplier, found.quote, found.settle, found.contract, found.contractSize];
    };
    expect(terms('BTCUSDT')).toEqual(['BTC', 1, 'USDT', 'USDT', 'linear', 1]);
    expect(terms('BTCPERP')).toEqual(['BTC', 1, 'USDC', 'USDC', 'linear', 1]);
    // Sized in coins: one contract is no fixed amount of money.
    expect(terms('BTCUSD')).toEqual(['BTC', 1, 'USD', 'BTC', 'inverse', null]);
    expect(terms('1000BONKUSDT')).toEqual(['BONK', 1000, 'USDT', 'USDT', 'linear', 1]);
    expect(terms('1000BONKPERP')).toEqual(['BONK', 1000, 'USDC', 'USDC', 'linear', 1]);
    expect(terms('PEPEUSDT')).toEqual(['PEPE', 1, 'USDT', 'USDT', 'linear', 1]);
    expect(terms('龙虾USDT')).toEqual(['龙虾', 1, 'USDT', 'USDT', 'linear', 1]);
  });

  test('shares, metals and goods are classes of their own, with the interest of theirs', () => {
    const kinds = ['BTC', 'AAPL', 'XAU', 'CL', 'KUAISHOU'].map((base) => [
      instrument(poll, `${base}USDT`)?.assetClass,
      row(poll, `${base}USDT`)?.interestPer8h,
    ]);
    // KUAISHOU is of the old world by `isRwa` though the other list calls it a coin.
    expect(kinds).toEqual([
      ['crypto', 0.0001],
      ['equity', 0],
      ['commodity', null],
      ['commodity', null],
      ['equity', 0],
    ]);
    // Without that list metals go by their names, and of the others it is not known what they are, nor their interest.
    const alone = readPoll([answersOf('USDT-FUTURES')], null, NOW);
    expect(['AAPL', 'XAU'].map((base) => instrument(alone, `${base}USDT`)?.assetClass)).toEqual([null, 'commodity']);
    expect(row(alone, 'AAPLUSDT')).toMatchObject({ interestPer8h: null, interestUnread: true });
  });

  test('what is not listed yet or has a day of delivery is left out, what is off is closed, what no list holds is unlisted', () => {
    expect(poll.closed).toEqual(['GONEUSDT', 'PASTUSDT']);
    expect(poll.unlisted).toEqual(['STRANGEUSDT']);
    for (const symbol of ['SOONUSDT', 'GONEUSDT', 'PASTUSDT', 'STRANGEUSDT', 'BTCUSDZ26']) expect(row(poll, symbol)).toBeUndefined();
    expect(instrument(poll, 'LASTUSDT')?.delistedAt).toBe(1_795_334_400_000);
    expect(instrument(poll, '1000BONKUSDT')).toMatchObject({ listedAt: 1_701_936_000_000, delistedAt: null });
    // What is maintained still pays.
    expect(row(poll, 'MAINTUSDT')?.rate).toBe(0.0001);
  });
});

describe('tickers and current-fund-rate', () => {
  test('a linear row whole: the rate with its interval, sizes in coins, money of the volume', () => {
    expect(row(poll, 'BTCUSDT')).toEqual({
      symbol: 'BTCUSDT',
      rate: 0.0000683,
      intervalH: 8,
      nextFundingAt: NEXT_8H,
      mark: 97_205.3,
      index: 97_240.512,
      openInterest: 52_234.134,
      volume24h: 7_776_088_000.25,
      interestPer8h: 0.0001,
      cap: 0.003,
      floor: -0.003,
    });
    expect(poll.venueTime).toBe(1_794_770_400_120);
  });

  test('an inverse row counts coins too', () => {
    expect(row(poll, 'BTCUSD')).toMatchObject({ rate: -0.0000152, mark: 97_150.5, index: 97_180.25, openInterest: 125.6844 });
    expect(row(poll, 'BTCUSD')).toMatchObject({ volume24h: 12_000_000, intervalH: 8 });
    expect(row(poll, 'ETHUSD')?.openInterest).toBe(9_488.49);
  });

  test('intervals are those of current-fund-rate, whatever the list of contracts says', () => {
    const intervals = Object.fromEntries(poll.snapshots.map(({ symbol, intervalH }) => [symbol, intervalH]));
    expect(intervals).toMatchObject({ WLDUSDT: 1, IOUSDT: 2, '1000BONKUSDT': 4, '1000BONKPERP': 4 });
    expect(row(poll, 'WLDUSDT')).not.toHaveProperty('intervalIsGuess');
    // Its settlement lies further off than an hour: the stated one is not in force.
    expect(row(poll, 'SHIFTUSDT')).toMatchObject({ intervalH: 8, nextFundingAt: NEXT_8H, intervalIsGuess: true });
    // A settlement that is past is not the next one.
    expect(row(poll, 'OLDUSDT')).toMatchObject({ rate: 0.00007, intervalH: 8, nextFundingAt: null });
  });

  test('caps and floors of each as decimals, none where none is stated; zero without a sign', () => {
    expect(row(poll, '1000BONKUSDT')).toMatchObject({ rate: -0.00041, cap: 0.0132, floor: -0.0066 });
    expect(row(poll, 'KUAISHOUUSDT')).not.toHaveProperty('cap');
    expect(Object.is(row(poll, 'AAPLUSDT')?.rate, 0)).toBe(true);
  });

  test('a size that is not told is null, a row that stands still is old by its own time', () => {
    expect(row(poll, 'IOUSDT')).toMatchObject({ rate: 0.00003, openInterest: null, volume24h: null });
    expect(row(poll, 'LASTUSDT')?.ageMs).toBe(400_020);
    expect(row(poll, 'BTCUSDT')).not.toHaveProperty('ageMs');
  });

  test('a bad price costs itself, a bad row that row', () => {
    expect(row(poll, 'XAUUSDT')).toMatchObject({ rate: 0.00001, mark: null, index: 4_100 });
    expect(poll.refused).toEqual([
      { symbol: 'XAUUSDT', reason: 'mark price 0 is not above 0' },
      { symbol: 'BADUSDT', reason: 'no rate' },
      { symbol: 'EMPTYUSDT', reason: 'no rate' },
      { symbol: 'BTCUSDT', reason: 'the same symbol twice in one answer' },
      { symbol: 'no symbol', reason: 'a row without a symbol' },
      { symbol: 'no symbol', reason: 'a row without a symbol' },
    ]);
  });

  test('rates of before: the ticker’s rate of now with the interval that was known, which a failure makes a guess', () => {
    const kept = readPoll([answersOf('USDT-FUTURES', { isFresh: false })], classes, NOW);
    expect(row(kept, 'BTCUSDT')).toMatchObject({ rate: 0.000068, intervalH: 8, nextFundingAt: NEXT_8H, cap: 0.003 });
    expect(row(kept, 'BTCUSDT')).not.toHaveProperty('intervalIsGuess');
    const late = readPoll([answersOf('USDT-FUTURES', { isFresh: false, isLate: true })], classes, NOW);
    expect(row(late, 'BTCUSDT')).toMatchObject({ intervalH: 8, intervalIsGuess: true });
  });

  test('without the lists a name tells the coins, a ticker the rate, and dated contracts say that they are', () => {
    const bare = { rates: null, listings: null, isFresh: false, isLate: true } as const;
    const found = readPoll([answersOf('USDT-FUTURES', bare), answersOf('USDC-FUTURES', bare), answersOf('COIN-FUTURES', bare)], null, NOW);
    expect(instrument(found, 'BTCUSD')).toMatchObject({ asset: 'BTC', quote: 'USD', settle: 'BTC', contract: 'inverse', assetClass: null });
    expect(instrument(found, '1000BONKPERP')).toMatchObject({ asset: 'BONK', multiplier: 1000, settle: 'USDC' });
    expect(row(found, 'BTCUSDT')).toMatchObject({ rate: 0.000068, intervalH: null, nextFundingAt: null, interestPer8h: null });
    expect(row(found, 'BTCUSDT')).not.toHaveProperty('cap');
    expect(row(found, 'BTCUSDZ26')).toBeUndefined();
    expect(found.refused.map(({ symbol }) => symbol)).not.toContain('BTCUSDZ26');
    // Without a list an empty rate is a contract that pays none.
    expect(found.refused.map(({ symbol }) => symbol)).not.toContain('EMPTYUSDT');
  });
});

describe.runIf(hasRecordings)('recorded bodies', () => {
  const bare = { listings: null, lacks: () => false, isLate: false } as const;

  test('current-fund-rate: rate, hours as text, the coming settlement, limits', () => {
    const tickers = parseTickers(body('bitget/tickers-usdt.json'), 'USDT-FUTURES');
    for (const [method, rate, next] of [
      ['fetchFundingRate', -0.000013, 1_745_510_400_000],
      ['fetchFundingIntervals', -0.000024, 1_761_667_200_000],
    ] as const) {
      const text = sample('bitget', method);
      const at = (JSON.parse(text) as { requestTime: number }).requestTime;
      const ofThen = { data: [{ symbol: 'BTCUSDT', ts: String(at), fundingRate: '0.5' }], time: at };
      const found = readPoll(
        [{ ...bare, product: 'USDT-FUTURES', tickers: ofThen, rates: parseRates(text), isFresh: true }],
        null,
        at + 500,
      );
      expect(found.venueTime).toBe(at);
      expect(row(found, 'BTCUSDT')).toMatchObject({ rate, intervalH: 8, nextFundingAt: next, cap: 0.003, floor: -0.003, mark: null });
    }
    expect(tickers.time).toBe(1_794_770_400_120);
  });

  test('a ticker: the rate per interval, prices, open interest in coins, the time of the row', () => {
    const tickers = parseTickers(sample('bitget', 'fetchFundingRates'), 'COIN-FUTURES');
    const found = readPoll([{ ...bare, product: 'COIN-FUTURES', tickers, rates: null, isFresh: false }], null, 1_700_533_774_000);
    expect(found.venueTime).toBe(1_700_533_773_477);
    expect(instrument(found, 'BTCUSD')).toMatchObject({ contract: 'inverse', settle: 'BTC' });
    expect(row(found, 'BTCUSD')).toMatchObject({ rate: -0.0007, mark: 12_345, index: 29_132.353333, openInterest: 125.6844 });
    // The row is weeks older than the answer.
    expect(row(found, 'BTCUSD')?.ageMs).toBe(1_700_533_773_477 - 1_695_794_271_400);
  });

  test('a settlement', () => {
    const page = parseHistoryPage(sample('bitget', 'fetchFundingRateHistory'));
    expect(readHistory('BTCUSDT', page, NOW).rows).toEqual([
      { stamp: 1_652_396_400_000, rate: -0.0003, intervalH: null, mark: null, premium: null },
    ]);
  });
});

describe('history', () => {
  const start = Date.UTC(2026, 0, 1);
  const settled = (count: number, from = start) =>
    Array.from({ length: count }, (_, n) => ({ symbol: 'X', fundingRate: '0.0001', fundingTime: String(from + n * HOUR) }));
  /** Pages of what the venue holds when each is asked for, newest first. */
  const pagesOf = (held: () => readonly object[], asked: number[] = [], size = 100) => ({
    asked,
    ask: (page: number) => {
      asked.push(page);
      return Promise.resolve(
        held()
          .toReversed()
          .slice((page - 1) * size, page * size),
      );
    },
  });
  const stamps = (answer: { items: readonly { stamp: number | null }[] }) =>
    answer.items.map(({ stamp }) => ((stamp ?? NaN) - start) / HOUR);

  test('a settlement of another symbol is no answer', () => {
    const page = parseHistoryPage(body('bitget/history-fund-rate.json'));
    expect(readHistory('BTCUSDT', page, NOW).rows.map(({ rate }) => rate)).toEqual([0.0005, 0.000013]);
    expect(() => readHistory('ETHUSDT', page, NOW)).toThrow(/told of BTCUSDT/u);
  });

  test('a stretch long ago is found by halving, and each page is asked for once', async () => {
    const { ask, asked } = pagesOf(() => settled(5_000));
    const pages = createPages('X', ask, () => start + 5_000 * HOUR);
    const end = start + 1_234 * HOUR;
    const answer = await pages(start + 1_200 * HOUR, end);
    expect(stamps(answer)).toEqual(Array.from({ length: 35 }, (_, n) => 1_234 - n));
    expect(asked.length).toBeLessThanOrEqual(2 * Math.ceil(Math.log2(50)) + 1);
    expect(new Set(asked).size).toBe(asked.length);
  });

  test('a settlement that comes between two pages moves the rows: none is lost, none comes twice', async () => {
    const held = settled(250);
    const { ask } = pagesOf(() => held);
    const pages = createPages('X', ask, () => start + 300 * HOUR);
    const first = stamps(await pages(start, start + 249 * HOUR));
    held.push(...settled(2, start + 250 * HOUR));
    const second = stamps(await pages(start, start + ((first.at(-1) ?? 0) - 1) * HOUR));
    expect([...first, ...second]).toEqual(Array.from({ length: 250 }, (_, n) => 249 - n));
  });

  test('neither within one answer that takes several short pages', async () => {
    const held = settled(250);
    const { ask } = pagesOf(() => held, [], 30);
    const answer = await createPages(
      'X',
      async (page) => {
        const rows = await ask(page);
        held.push(...settled(1, start + held.length * HOUR));
        return rows;
      },
      () => start + 300 * HOUR,
    )(start, start + 249 * HOUR);
    const got = stamps(answer);
    expect(got).toEqual(Array.from({ length: got.length }, (_, n) => 249 - n));
    expect(got.length).toBeGreaterThanOrEqual(100);
  });

  test('rows that lay closer together before a page’s end are not taken for none', async () => {
    // Every hour for ten hours, then every 8 h: the newest page ends with an interval of 8 h, five hours after the window begins.
    const everyEight = Array.from({ length: 100 }, (_, n) => ({
      symbol: 'X',
      fundingRate: '0.0001',
      fundingTime: String(start + (10 + 8 * n) * HOUR),
    }));
    const { ask } = pagesOf(() => [...settled(10), ...everyEight]);
    const end = start + 802 * HOUR;
    const walk = walkBackward({
      venue: 'Bitget',
      symbol: 'X',
      from: start + 5 * HOUR,
      to: end,
      limit: Infinity,
      now: () => end,
      ask: createPages('X', ask, () => end),
    });
    const rows: number[] = [];
    for await (const page of walk) rows.push(...page.rows.map(({ stamp }) => stamp));
    expect(rows).toHaveLength(104);
  });

  test('a row without a time that can be is refused and leaves a hole; the pages go on', async () => {
    const held: object[] = settled(250);
    // Seconds.
    held[200] = { symbol: 'X', fundingRate: '0.0001', fundingTime: String((start + 200 * HOUR) / 1000) };
    const { ask } = pagesOf(() => held);
    const end = start + 249 * HOUR;
    const walk = walkBackward({
      venue: 'Bitget',
      symbol: 'X',
      from: start - 1,
      to: end,
      limit: Infinity,
      now: () => end,
      ask: createPages('X', ask, () => end),
    });
    const pages: SettledPage[] = [];
    for await (const page of walk) pages.push(page);
    expect(pages.flatMap(({ rows }) => rows)).toHaveLength(249);
    expect(pages.flatMap(({ refused }) => refused)).toHaveLength(1);
    const open = pages.flatMap((page) => page.open ?? []);
    expect(open).toEqual([{ from: start + 199 * HOUR, to: start + 201 * HOUR - 1 }]);
  });

  test('a page that is not in order proves nothing, also where a row of another time would only be left out', async () => {
    const sorted = settled(50).toReversed();
    const mixed = [...sorted.slice(0, 3), ...settled(1, Date.UTC(2019, 5, 1)), ...sorted.slice(4)];
    const end = start + 60 * HOUR;
    const ask = (page: number) => Promise.resolve(page === 1 ? mixed : []);
    const walk = walkBackward({
      venue: 'Bitget',
      symbol: 'X',
      from: start,
      to: end,
      limit: Infinity,
      now: () => end,
      ask: createPages('X', ask, () => end),
    });
    const page = await walk.next();
    expect(page).toMatchObject({ done: false, value: { proven: null } });
    expect(page.done === true ? [] : page.value.rows).toHaveLength(50);
  });

  test('the oldest settlement is on the last page', async () => {
    const exchange = await startFakeExchange();
    try {
      serveBitgetHistory(exchange, { X: settled(4_321).map(({ fundingTime }) => ({ stamp: Number(fundingTime), rate: '0.0001' })) });
      const venue = createBitget();
      const io = ioOf(venue, exchange.url, () => start + 5_000 * HOUR);
      expect(await venue.oldest(io, 'X')).toBe(start);
      expect(exchange.requests.length).toBeLessThan(15);
      expect(await venue.oldest(io, 'NONE')).toBeNull();
    } finally {
      await exchange.close();
    }
  });

  test('a server that gives the same page for ever does not keep the search', async () => {
    const same = settled(100).toReversed();
    const venue = createPages(
      'X',
      () => Promise.resolve(same),
      () => start + 200 * HOUR,
    );
    await expect(venue(start - 20 * HOUR, start - 10 * HOUR)).rejects.toMatchObject({ kind: 'malformed' });
  });

  test('hours of mark prices: those asked for, whichever ends the venue adds; a close beyond its high is none', () => {
    const window = { firstOpen: 1_794_758_400_000, lastOpen: 1_794_758_400_000 + 2 * HOUR };
    const { closes, refused } = parseCandles(body('bitget/history-mark-candles.json'), 'BTCUSDT', window);
    expect([...closes]).toEqual([
      [1_794_758_400_000 + HOUR, 96_900],
      [1_794_758_400_000 + 2 * HOUR, 97_100],
    ]);
    expect(refused).toEqual([{ symbol: 'BTCUSDT', reason: saying('beyond its high or low') }]);
  });
});

describe('rules and books', () => {
  const rules = (product: Product, symbol: string) =>
    parseContracts(body(`bitget/contracts-${SHORT[product]}.json`), product).get(symbol)?.rules;

  test('steps of a linear contract are in coins; a tick is so many of the last decimal', () => {
    expect(rules('USDT-FUTURES', 'BTCUSDT')).toMatchObject({
      lotStep: '0.0001',
      minQuantity: '0.0001',
      maxQuantity: '220',
      tickSize: '0.1',
      minNotional: '5',
      contractSize: '1',
      maxLeverage: '125',
    });
    expect(rules('USDT-FUTURES', '1000BONKUSDT')).toMatchObject({ lotStep: '10', tickSize: '0.000005' });
    expect(rules('USDT-FUTURES', '1000BONKUSDT')?.notes[0]).toContain('1000 BONK');
    // No largest market order is stated: that of a limit order.
    expect(rules('USDT-FUTURES', 'PEPEUSDT')).toMatchObject({ maxQuantity: '40000000000', tickSize: '0.0000000001' });
  });

  test('an inverse contract is planned in money, and how its orders are counted is told', () => {
    expect(rules('COIN-FUTURES', 'BTCUSD')).toMatchObject({
      lotStep: '1',
      contractSize: '1',
      minQuantity: null,
      maxQuantity: null,
      minNotional: null,
      tickSize: '0.1',
      maintenance: null,
    });
    expect(rules('COIN-FUTURES', 'BTCUSD')?.notes[0]).toBe(
      'Sizes are in whole USD here. Bitget takes orders of it in BTC, at least 0.0001 and in steps of 0.0001: divide by the price.',
    );
  });

  test('tiers are of position value, each rate is of what lies in its tier', () => {
    const { maintenance, maxNotional, notes } = parsePositionTiers(body('bitget/query-position-lever.json'), 'BTCUSDT');
    expect(maintenance).toEqual({
      kind: 'tiers',
      charge: 'marginal',
      by: 'notional',
      tiers: [
        { floor: '0', rate: '0.004', maxLeverage: '125' },
        { floor: '150000', rate: '0.005', maxLeverage: '100' },
        { floor: '900000', rate: '0.01', maxLeverage: '50' },
      ],
    });
    expect([maxNotional, notes]).toEqual(['12000000', []]);
    const read = maintenance && readMaintenance(new Reader(), '', maintenance, null);
    // 150,000 x (0.5 % - 0.4 %), and 900,000 x (1 % - 0.5 %) more.
    expect(read?.tiers.map(({ cum }) => cum.toNumber())).toEqual([0, 150, 4_650]);
  });

  /** https://www.bitget.com/support/articles/12560603808759: (margin + offset - size x entry x side) / (size x (MMR + taker fee - side)). */
  test('a liquidation price is what Bitget’s own formula gives', () => {
    const { maintenance } = parsePositionTiers(body('bitget/query-position-lever.json'), 'BTCUSDT');
    const liquidationFee = rules('USDT-FUTURES', 'BTCUSDT')?.liquidationFee ?? null;
    const position = { contract: 'linear', side: 'long', margin: 'isolated', entry: 100_000, contracts: 5, leverage: 10 } as const;
    const { figures, problems } = estimateLiquidation({ ...position, maintenance: sure(maintenance), liquidationFee });
    expect(problems).toEqual([]);
    expect(Number(figures.liquidation.value)).toBeCloseTo((50_000 + 150 - 5 * 100_000) / (5 * (0.005 + 0.0006 - 1)), 4);
  });

  test.each([
    ['of another symbol', (text: string) => text.replaceAll('BTCUSDT', 'ETHUSDT'), 'told of ETHUSDT'],
    ['with a hole', (text: string) => text.replace('"startUnit":"900000"', '"startUnit":"1000000"'), 'do not follow upon each other'],
    ['without a rate', (text: string) => text.replace('"keepMarginRate":"0.01"', '"keepMarginRate":""'), 'one without'],
  ])('tiers %s are a fault', (_, change, what) => {
    expect(() => parsePositionTiers(change(body('bitget/query-position-lever.json')), 'BTCUSDT')).toThrow(what);
  });

  test('levels are numbers of coins', () => {
    expect(parseBook(body('bitget/merge-depth.json'), 'BTCUSDT', NOW)).toEqual({
      asks: [
        ['97201.2', '1.5'],
        ['97201.5', '0.0001'],
      ],
      bids: [
        ['97201.1', '0.2025'],
        ['97199.9', '10'],
      ],
      at: 1_794_770_400_300,
    });
  });
});

describe('through HTTP', () => {
  let exchange: FakeExchange;
  beforeEach(async () => void (exchange = await startFakeExchange()));
  afterEach(() => exchange.close());
  const BASE = '/api/v2/mix/market';

  function serve(): void {
    for (const list of ['contracts', 'tickers', 'current-fund-rate'])
      exchange.route('GET', `${BASE}/${list}`, ({ query }) =>
        body(`bitget/${list}-${(query.get('productType') ?? '').split('-')[0]?.toLowerCase() ?? ''}.json`),
      );
    exchange.route('GET', '/api/v3/market/instruments', () => body('bitget/instruments.json'));
    exchange.route('GET', `${BASE}/query-position-lever`, () => body('bitget/query-position-lever.json'));
    exchange.route('GET', `${BASE}/merge-depth`, () => body('bitget/merge-depth.json'));
  }
  /** What was asked for since the last time. */
  function createAsked(): () => string[] {
    let told = 0;
    return () => {
      const since = exchange.requests.slice(told);
      told = exchange.requests.length;
      return since.map(({ path, query }) => `${path.split('/').at(-1) ?? ''} ${query.get('productType') ?? ''}`.trim());
    };
  }

  test('a round is four requests: tickers of each product and the rates of the main one; the others’ rates once a settlement has passed', async () => {
    serve();
    const venue = createBitget();
    let now = NOW;
    const io = ioOf(venue, exchange.url, () => now);
    const asked = createAsked();
    const first = await venue.poll(io);
    expect(first.notes).toEqual([]);
    expect(['BTCUSDT', 'BTCPERP', 'BTCUSD'].map((symbol) => row(first, symbol)?.rate)).toEqual([0.0000683, 0.0000312, -0.0000152]);
    expect(asked()).toHaveLength(10);
    const round = ['current-fund-rate USDT-FUTURES', 'tickers COIN-FUTURES', 'tickers USDC-FUTURES', 'tickers USDT-FUTURES'];
    now += 60_000;
    // The small products' rate is that of the ticker, with the interval that was told.
    expect(row(await venue.poll(io), 'BTCPERP')).toMatchObject({ rate: 0.000031, intervalH: 8, nextFundingAt: NEXT_8H });
    expect(asked().sort()).toEqual(round);
    now += 5 * 60_000;
    await venue.poll(io);
    const rates = (all: readonly string[]): string[] => all.filter((one) => one.startsWith('current-fund-rate'));
    expect(rates(asked())).toHaveLength(3);
    now = NEXT_4H + 1_000;
    await venue.poll(io);
    const afterSettlement = asked();
    expect(afterSettlement).toContain('current-fund-rate USDC-FUTURES');
    // No contract of COIN-FUTURES has settled, but five minutes are over.
    expect(rates(afterSettlement)).toHaveLength(3);
  });

  test('a contract that stands still in the list does not have it asked for at every poll', async () => {
    serve();
    const frozen = body('bitget/current-fund-rate-coin.json').replace(
      '"8","nextUpdate":"1794787200000"',
      '"8","nextUpdate":"1794700800000"',
    );
    exchange.route('GET', `${BASE}/current-fund-rate`, ({ query }) =>
      query.get('productType') === 'USDT-FUTURES' ? body('bitget/current-fund-rate-usdt.json') : frozen,
    );
    const venue = createBitget();
    let now = NOW;
    const io = ioOf(venue, exchange.url, () => now);
    const asked = createAsked();
    await venue.poll(io);
    asked();
    now += 60_000;
    await venue.poll(io);
    expect(asked()).toHaveLength(4);
  });

  test('a list that still names the settlement of a minute ago is asked for again', async () => {
    serve();
    const venue = createBitget();
    let now = NEXT_8H + 30_000;
    const io = ioOf(venue, exchange.url, () => now);
    const asked = createAsked();
    await venue.poll(io);
    asked();
    now += 30_000;
    await venue.poll(io);
    expect(asked()).toContain('current-fund-rate COIN-FUTURES');
  });

  test('between two readings of the list a contract ends, or begins, by its own time', async () => {
    serve();
    const venue = createBitget();
    let now = NOW;
    const io = ioOf(venue, exchange.url, () => now);
    const begins = body('bitget/contracts-usdt.json').replace('"launchTime":"1795334400000"', `"launchTime":"${NOW + 60_000}"`);
    const ends = begins.replace('"offTime":"1795334400000"', `"offTime":"${NOW + 60_000}"`);
    exchange.route('GET', `${BASE}/contracts`, ({ query }) =>
      query.get('productType') === 'USDT-FUTURES'
        ? ends
        : body(`bitget/contracts-${query.get('productType') === 'COIN-FUTURES' ? 'coin' : 'usdc'}.json`),
    );
    const before = await venue.poll(io);
    expect([row(before, 'SOONUSDT'), row(before, 'LASTUSDT')?.rate]).toEqual([undefined, 0.0002]);
    now += 120_000;
    const after = await venue.poll(io);
    expect([row(after, 'SOONUSDT')?.rate, row(after, 'LASTUSDT')]).toEqual([0, undefined]);
    expect(after.closed).toContain('LASTUSDT');
  });

  test('an interval that changes is seen at the next poll', async () => {
    serve();
    const venue = createBitget();
    let now = NOW;
    const io = ioOf(venue, exchange.url, () => now);
    expect(row(await venue.poll(io), 'BTCUSDT')?.intervalH).toBe(8);
    const changed = body('bitget/current-fund-rate-usdt.json').replace(
      '"8","nextUpdate":"1794787200000"',
      '"4","nextUpdate":"1794772800000"',
    );
    exchange.route('GET', `${BASE}/current-fund-rate`, () => changed);
    now += 30_000;
    expect(row(await venue.poll(io), 'BTCUSDT')).toMatchObject({ intervalH: 4, nextFundingAt: NEXT_4H });
  });

  test('a small product that fails costs its own rows and is told; its contracts are not closed', async () => {
    serve();
    const venue = createBitget();
    const io = ioOf(venue, exchange.url, () => NOW);
    exchange.route('GET', `${BASE}/tickers`, ({ query }) =>
      query.get('productType') === 'COIN-FUTURES'
        ? '<html>'
        : body(`bitget/tickers-${query.get('productType') === 'USDC-FUTURES' ? 'usdc' : 'usdt'}.json`),
    );
    const found = await venue.poll(io);
    expect(row(found, 'BTCPERP')?.rate).toBe(0.0000312);
    expect(row(found, 'BTCUSD')).toBeUndefined();
    expect(found.closed).not.toContain('BTCUSD');
    expect(found.notes).toEqual([saying('tickers of COIN-FUTURES failed')]);
    expect(found.untold).toEqual([{ contract: 'inverse' }]);
  });

  test('rates that fail leave those of the tickers, and say so', async () => {
    serve();
    exchange.fail({ kind: 'status', status: 500 }, { path: `${BASE}/current-fund-rate`, times: 3 });
    const venue = createBitget();
    let now = NOW;
    const io = ioOf(venue, exchange.url, () => now);
    const found = await venue.poll(io);
    expect(row(found, 'BTCUSDT')).toMatchObject({ rate: 0.000068, intervalH: 8, intervalIsGuess: true, nextFundingAt: null });
    expect(found.notes).toHaveLength(3);
    now += 61_000;
    expect(row(await venue.poll(io), 'BTCUSDT')).toMatchObject({ rate: 0.0000683, nextFundingAt: NEXT_8H });
  });

  test.each([
    ['429', 'rate-limited', 'asks for a pause'],
    ['40725', 'server', 'a fault of its own'],
    ['40200', 'server', 'is being upgraded'],
    ['45001', 'server', 'a fault of its own'],
    ['40034', 'malformed', 'cannot read'],
  ])('code %s in a body of status 200 is %s', async (code, kind, user) => {
    serve();
    exchange.fail({ kind: 'garbage', body: JSON.stringify({ code, msg: 'said', requestTime: NOW, data: null }) });
    const venue = createBitget();
    const io = ioOf(venue, exchange.url, () => NOW);
    await expect(venue.poll(io)).rejects.toMatchObject({ name: 'VenueError', kind, user: saying(user), message: saying(`${code} said`) });
  });

  test('a pause that a list beside the tickers asks for is heard', async () => {
    serve();
    exchange.fail({ kind: 'status', status: 429 }, { path: `${BASE}/contracts` });
    const venue = createBitget();
    await expect(venue.poll(ioOf(venue, exchange.url, () => NOW))).rejects.toMatchObject({ kind: 'rate-limited' });
  });

  test('rules join the tiers, a book is asked whole, each of the product that lists the symbol', async () => {
    serve();
    const venue = createBitget();
    const io = ioOf(venue, exchange.url, () => NOW);
    expect(await venue.orderRules(io, 'BTCUSDT')).toMatchObject({
      lotStep: '0.0001',
      maxNotional: '12000000',
      maintenance: { charge: 'marginal', by: 'notional' },
      liquidationFee: '0.0006',
    });
    const query = (path: string) => Object.fromEntries(exchange.requests.findLast((one) => one.path.endsWith(path))?.query ?? []);
    expect(query('query-position-lever')).toEqual({ symbol: 'BTCUSDT', productType: 'USDT-FUTURES' });
    expect(await venue.orderRules(io, 'BTCUSD')).toMatchObject({ contractSize: '1', maintenance: null });
    await expect(venue.orderRules(io, 'NOSUCHUSDT')).rejects.toMatchObject({ user: 'Bitget does not list NOSUCHUSDT now.' });
    expect((await venue.book(io, 'BTCPERP')).bids[0]).toEqual(['97201.1', '0.2025']);
    expect(query('merge-depth')).toEqual({ symbol: 'BTCPERP', productType: 'USDC-FUTURES', precision: 'scale0', limit: 'max' });
  });

  test('candles are asked for with an hour more on either side', async () => {
    serveBitgetHistory(exchange, {});
    const venue = createBitget();
    const now = NOW - (NOW % HOUR) + 60_000;
    const io = ioOf(venue, exchange.url, () => now);
    const closes: number[] = [];
    for await (const page of venue.prices(io, 'BTCUSD', now - 400 * HOUR, now)) closes.push(...page.rows.map(({ close }) => close));
    expect(new Set(closes).size).toBe(closes.length);
    expect(closes.length).toBeGreaterThanOrEqual(400);
    for (const { query } of exchange.requests) {
      expect(Object.fromEntries(query)).toMatchObject({ symbol: 'BTCUSD', productType: 'COIN-FUTURES', granularity: '1H', limit: '200' });
      // "The maximum time query range is 90 days"; at most 200 candles whether or not both ends count.
      expect((Number(query.get('endTime')) - Number(query.get('startTime'))) / HOUR).toBeLessThanOrEqual(199);
    }
  });
});

/** https://www.bitget.com/support/articles/12560603838070: before it the interest of the interval, after it all divided by 8/N; TON is paid every 4 h. */
test('the formula of 2025-09-22: an average premium of 0.2 % over 4 h made 0.15 %, and makes 0.075 %; at rest half of 0.01 % either way', () => {
  const ton = { ...instrumentOf('bitget', 'TONUSDT'), interestPer8h: 0.0001 };
  const [before, after] = [Date.UTC(2025, 8, 22, 8, 0), Date.UTC(2025, 8, 22, 8, 1)];
  expect(theoreticalRate(ton, 0.002, 4, before)).toBeCloseTo(0.0015, 12);
  expect(theoreticalRate(ton, 0.002, 4, after)).toBeCloseTo(0.00075, 12);
  for (const t of [before, after]) expect(theoreticalRate(ton, 0.0001, 4, t)).toBeCloseTo(0.00005, 12);
  // 0.00125 % for an hour.
  expect(theoreticalRate(ton, 0, 1, before)).toBeCloseTo(0.0000125, 12);
});
