import { VenueError } from '#core/venue-error.ts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import fc from 'fast-check';
import type { OrderBook } from '#core/venue.ts';
import { parseDepth, parseOpenInterest } from '#node/venues/binance/book.ts';
import { parseExchangeInfo } from '#node/venues/binance/exchange-info.ts';
import { USD_M, createBinance } from '#node/venues/binance/usd-m.ts';
import { parseOrderBook } from '#node/venues/bybit/book.ts';
import { createBybit, LINEAR } from '#node/venues/bybit/linear.ts';
import { createHyperliquid } from '#node/venues/hyperliquid/perpetuals.ts';
import { coarserFigures, joinBooks, parseL2Book } from '#node/venues/hyperliquid/book.ts';
import { parseUniverse } from '#node/venues/hyperliquid/contexts.ts';
import { rulesIn } from '#node/venues/hyperliquid/rules.ts';
import { body } from '#test/support/bodies.ts';
import { type FakeExchange, startFakeExchange } from '#test/support/fake-exchange.ts';
import { ioOf } from '#test/support/venue-io.ts';
import { marketOrderNotes } from '#node/venues/common/rules.ts';

/*
 * ETHUSDC of exchangeInfo, the fields of instruments-info, orderbook and depth, and Hyperliquid's tables 52 and 56 are as the
 * venues publish them; tiers of risk-limit follow its documented fields with deductions worked out; everything odd is made.
 */
const NOW = 1_794_770_400_500;
const saying = (text: string): unknown => expect.stringContaining(text);

let exchange: FakeExchange;
beforeEach(async () => void (exchange = await startFakeExchange({ prefix: '/relay/venue' })));
afterEach(() => exchange.close());

describe('Binance', () => {
  const listings = parseExchangeInfo(USD_M, body('binance/exchangeInfo-rules.json'), NOW);
  const rules = (symbol: string) => listings.get(symbol)?.rules;

  test('filters as published; precision fields are not steps', () => {
    expect(rules('ETHUSDC')).toEqual({
      lotStep: '0.001',
      minQuantity: '0.001',
      maxQuantity: '700',
      tickSize: '0.01',
      minNotional: '20',
      maxNotional: null,
      contractSize: '1',
      maxLeverage: null,
      maintenance: { kind: 'flat', rate: '0.005' },
      liquidationFee: '0.012500',
      notes: [saying('only with an API key: 0.5 % maintenance is an assumption'), 'A market order holds at most 700 ETH.'],
    });
  });

  test('a multiplied contract says its unit, and market orders their own steps', () => {
    // Its market orders state no most of their own: that of any order holds.
    expect(rules('1000PEPEUSDT')).toMatchObject({ lotStep: '1', maxQuantity: '100000000', contractSize: '1' });
    expect(rules('1000PEPEUSDT')?.notes).toEqual([
      'One contract is 1000 PEPE; quantities and prices are in this unit.',
      saying('API key'),
      'Market orders go in steps of 10, at least 10.',
    ]);
  });

  test('what cannot be read is not said', () => {
    const unsaid = {
      lotStep: null,
      minQuantity: null,
      tickSize: null,
      minNotional: null,
      liquidationFee: null,
      maxQuantity: null,
      maxNotional: null,
    };
    expect(rules('ODDUSDT')).toMatchObject(unsaid);
    expect(rules('BAREUSDT')).toMatchObject(unsaid);
  });

  test('through HTTP: one list for all, one call a book', async () => {
    exchange.route('GET', '/fapi/v1/exchangeInfo', () => body('binance/exchangeInfo-rules.json'));
    exchange.route('GET', '/fapi/v1/depth', ({ query }) =>
      query.get('limit') === '500' ? body('binance/depth.json') : { code: -4021, msg: 'limit' },
    );
    const venue = createBinance();
    const io = ioOf(venue, exchange.url, () => NOW);
    const [a, b] = await Promise.all([venue.orderRules(io, 'ETHUSDC'), venue.orderRules(io, '1000PEPEUSDT')]);
    expect([a.minNotional, b.minNotional, exchange.count('/fapi/v1/exchangeInfo')]).toEqual(['20', '5', 1]);
    await expect(venue.orderRules(io, 'NOSUCH')).rejects.toMatchObject({ user: 'Binance USD-M does not list NOSUCH now.' });
    expect((await venue.book(io, 'BTCUSDT')).bids).toHaveLength(3);
  });

  test.each<[string, Parameters<typeof exchange.fail>[0], string, string]>([
    ['an address that is wrong', { kind: 'status', status: 404 }, 'malformed', 'did not accept the request (404)'],
    ['a connection that breaks', { kind: 'reset' }, 'network', 'cannot be reached'],
    ['trouble of the venue', { kind: 'status', status: 503 }, 'server', 'trouble of its own (503)'],
    ['a country that it does not serve', { kind: 'status', status: 451 }, 'blocked', 'refuses this connection (451)'],
    ['a web page', { kind: 'html' }, 'malformed', 'a web page instead of data'],
  ])('without the list there are no rules; %s keeps its own reason, also when it is not asked again', async (_, fault, kind, user) => {
    exchange.fail(fault, { path: '/fapi/v1/exchangeInfo', times: Infinity });
    const venue = createBinance();
    const reason = { name: 'VenueError', kind, user: saying(user) };
    await expect(
      venue.orderRules(
        ioOf(venue, exchange.url, () => NOW),
        'ETHUSDC',
      ),
    ).rejects.toMatchObject(reason);
    await expect(
      venue.orderRules(
        ioOf(venue, exchange.url, () => NOW + 1000),
        'ETHUSDC',
      ),
    ).rejects.toMatchObject(reason);
    expect(exchange.count('/fapi/v1/exchangeInfo')).toBe(1);
  });

  test('a pause that the list asked for is asked about anew, and ends with it', async () => {
    exchange.fail({ kind: 'status', status: 429 }, { path: '/fapi/v1/exchangeInfo', times: 1 });
    exchange.route('GET', '/fapi/v1/exchangeInfo', () => body('binance/exchangeInfo-rules.json'));
    const venue = createBinance();
    await expect(
      venue.orderRules(
        ioOf(venue, exchange.url, () => NOW),
        'ETHUSDC',
      ),
    ).rejects.toMatchObject({ kind: 'rate-limited' });
    expect(
      (
        await venue.orderRules(
          ioOf(venue, exchange.url, () => NOW + 1000),
          'ETHUSDC',
        )
      ).minNotional,
    ).toBe('20');
  });

  test('a list that was cancelled is asked for again at once', async () => {
    exchange.route('GET', '/fapi/v1/exchangeInfo', () => body('binance/exchangeInfo-rules.json'));
    const venue = createBinance();
    const cancelled = { now: NOW, request: () => Promise.reject(new VenueError('cancelled', 'The request was cancelled.', 'cancelled')) };
    await expect(venue.orderRules(cancelled, 'ETHUSDC')).rejects.toMatchObject({ kind: 'cancelled' });
    expect(
      (
        await venue.orderRules(
          ioOf(venue, exchange.url, () => NOW),
          'ETHUSDC',
        )
      ).minNotional,
    ).toBe('20');
  });
});

describe('depth', () => {
  const depth = (change: object) => JSON.stringify({ ...(JSON.parse(body('binance/depth.json')) as object), ...change });

  test('levels as written, emptied places left out, the time it was sent', () => {
    expect(parseDepth(USD_M, body('binance/depth.json'), 'BTCUSDT', NOW)).toEqual({
      bids: [
        ['56865.62', '0.501'],
        ['56865.00', '0.003'],
        ['56851.92', '1.250'],
      ],
      asks: [
        ['56865.63', '3.972'],
        ['56865.64', '0.023'],
        ['56882.96', '0.400'],
      ],
      at: 1_794_770_400_858,
    });
  });

  test.each<[string, string, string]>([
    ['a side without orders', depth({ asks: [] }), 'empty'],
    ['a crossed book', depth({ asks: [['56865.62', '1']] }), 'malformed'],
    [
      'levels out of order',
      depth({
        bids: [
          ['1', '1'],
          ['2', '1'],
        ],
      }),
      'malformed',
    ],
    [
      'a price twice',
      depth({
        bids: [
          ['2', '1'],
          ['2', '1'],
        ],
      }),
      'malformed',
    ],
    ['a price that is none', depth({ bids: [['NaN', '1']] }), 'malformed'],
    ['a price below 0', depth({ bids: [['-5', '1']] }), 'malformed'],
    ['a size below 0', depth({ bids: [['5', '-1']] }), 'malformed'],
    ['a size without end', depth({ bids: [['5', '1e999']] }), 'malformed'],
    ['a level that is none', depth({ bids: [null] }), 'malformed'],
    ['a side that is none', depth({ bids: { 0: ['5', '1'] } }), 'malformed'],
    ['a number of a thousand digits', depth({ bids: [[`1.${'0'.repeat(1000)}1`, '1']] }), 'malformed'],
    ['more levels than asked for', depth({ asks: Array.from({ length: 5001 }, (_, i) => [String(57_000 + i), '1']) }), 'malformed'],
    ['no book at all', '[]', 'malformed'],
    ['an error in disguise', '{"code":-1121,"msg":"Invalid symbol."}', 'malformed'],
    ['a book from the future', depth({ E: NOW + 3_600_000 }), 'malformed'],
  ])('%s is refused', (_, text, kind) => {
    expect(() => parseDepth(USD_M, text, 'BTCUSDT', NOW)).toThrow(expect.objectContaining({ name: 'VenueError', kind }));
  });
});

describe('open interest of Binance', () => {
  // The documented example of GET /fapi/v1/openInterest, with a time of here.
  const example = { openInterest: '10659.509', symbol: 'BTCUSDT', time: NOW - 900 };

  test('in base coins, with the venue\u2019s time, at weight 1', async () => {
    exchange.route('GET', '/fapi/v1/openInterest', ({ query }) =>
      query.get('symbol') === 'BTCUSDT' ? body('binance/openInterest.json') : { code: -1121, msg: 'Invalid symbol.' },
    );
    const venue = createBinance();
    const io = ioOf(venue, exchange.url, () => NOW);
    expect(await venue.openInterest?.(io, 'BTCUSDT')).toEqual({ amount: 10659.509, counted: 'base', at: 1_794_770_399_600 });
    await expect(venue.openInterest?.(io, 'NOSUCH')).rejects.toMatchObject({ name: 'VenueError', kind: 'malformed' });
  });

  test.each<[string, object]>([
    ['another symbol', { symbol: 'ETHUSDT' }],
    ['no symbol', { symbol: undefined }],
    ['nothing', { openInterest: '' }],
    ['less than nothing', { openInterest: '-1' }],
    ['without end', { openInterest: '1e999' }],
    ['of the future', { time: NOW + 3_600_000 }],
  ])('%s is refused', (_, change) => {
    const text = JSON.stringify({ ...example, ...change });
    expect(() => parseOpenInterest(USD_M, text, 'BTCUSDT', NOW)).toThrow(expect.objectContaining({ kind: 'malformed' }));
  });

  test('none at all is 0, and a time that it does not say is null', () => {
    expect(parseOpenInterest(USD_M, JSON.stringify({ ...example, openInterest: '0', time: 0 }), 'BTCUSDT', NOW)).toEqual({
      amount: 0,
      counted: 'base',
      at: null,
    });
  });
});

describe('Bybit', () => {
  function serve(risk: string = body('bybit/risk-limit.json')): void {
    exchange.route('GET', '/v5/market/instruments-info', () => body('bybit/instruments-rules.json'));
    exchange.route('GET', '/v5/market/risk-limit', ({ query }) =>
      query.get('symbol') === 'BTCUSDT' && query.get('category') === 'linear' ? risk : { retCode: 10001, retMsg: 'symbol', result: {} },
    );
  }
  const rulesOf = async (risk?: string, symbol = 'BTCUSDT') => {
    serve(risk);
    const venue = createBybit();
    return venue.orderRules(
      ioOf(venue, exchange.url, () => NOW),
      symbol,
    );
  };
  const row = (change: object) => ({
    symbol: 'BTCUSDT',
    riskLimitValue: '100',
    maintenanceMargin: '0.005',
    initialMargin: '0.01',
    maxLeverage: '100',
    mmDeduction: '',
    ...change,
  });
  const risk = (...rows: object[]) => JSON.stringify({ retCode: 0, result: { list: rows }, time: NOW });

  test('filters, and the tiers in rising order with the venue’s own deductions', async () => {
    expect(await rulesOf()).toEqual({
      lotStep: '0.001',
      minQuantity: '0.001',
      maxQuantity: '500.000',
      tickSize: '0.10',
      minNotional: '5',
      maxNotional: '5200000',
      contractSize: '1',
      maxLeverage: '100.00',
      maintenance: {
        kind: 'tiers',
        tiers: [
          { floor: '0', rate: '0.005', maxLeverage: '100' },
          { floor: '2000000', rate: '0.0056', maxLeverage: '90', cum: '1200' },
          { floor: '2600000', rate: '0.0066', maxLeverage: '75', cum: '7320' },
        ],
      },
      liquidationFee: null,
      notes: ['A market order holds at most 500 BTC.', 'The largest position that Bybit allows is worth 5,200,000 in the quote currency.'],
    });
  });

  test('margins in percent are told from shares by the leverage beside them', async () => {
    const { maintenance } = await rulesOf(risk(row({ maintenanceMargin: '0.5', initialMargin: '1' })));
    expect(maintenance).toMatchObject({ tiers: [{ floor: '0', rate: '0.005' }] });
  });

  test.each<[string, string]>([
    ['another symbol', risk(row({ symbol: 'ETHUSDT' }))],
    ['a rate that is none', risk(row({ maintenanceMargin: '' }))],
    ['a limit of 0', risk(row({ riskLimitValue: '0' }))],
    ['a margin that its leverage denies', risk(row({ initialMargin: '0.2' }))],
    ['a tier twice', risk(row({}), row({}))],
    ['a row that is none', JSON.stringify({ retCode: 0, result: { list: [4] } })],
    ['no list', JSON.stringify({ retCode: 0, result: {} })],
  ])('risk limits with %s are refused', async (_, text) => {
    await expect(rulesOf(text)).rejects.toMatchObject({ name: 'VenueError', kind: 'malformed' });
  });

  test('no risk limits: the rest is told, and why there is no maintenance', async () => {
    expect(await rulesOf(risk())).toMatchObject({
      lotStep: '0.001',
      maintenance: null,
      maxNotional: null,
      notes: [saying('500'), saying('no risk limits')],
    });
  });

  test('a venue that asks for a pause is heard', async () => {
    await expect(rulesOf(JSON.stringify({ retCode: 10006, retMsg: 'Too many visits!' }))).rejects.toMatchObject({ kind: 'rate-limited' });
  });

  test('the book of another symbol is no answer', () => {
    expect(parseOrderBook(LINEAR, body('bybit/orderbook.json'), 'BTCUSDT', NOW)).toEqual({
      bids: [
        ['62710.2', '5.52'],
        ['62710.1', '0.4'],
      ],
      asks: [
        ['62710.3', '0.01'],
        ['62711.0', '2'],
      ],
      at: 1_794_770_400_071,
    });
    expect(() => parseOrderBook(LINEAR, body('bybit/orderbook.json'), 'BTCPERP', NOW)).toThrow(
      expect.objectContaining({ kind: 'malformed' }),
    );
  });
});

describe('Hyperliquid', () => {
  const rules = rulesIn(parseUniverse(body('hyperliquid/meta-rules.json')));

  test('lots by size decimals, five figures of the price, tiers by notional', () => {
    expect(rules.get('BTC')).toMatchObject({
      lotStep: '0.00001',
      minQuantity: null,
      tickSize: '1',
      minNotional: '10',
      contractSize: '1',
      maxLeverage: '40',
      maintenance: {
        kind: 'half-initial',
        tiers: [
          { floor: '0', maxLeverage: '40' },
          { floor: '150000000.0', maxLeverage: '20' },
        ],
      },
      liquidationFee: null,
    });
    expect(rules.get('kPEPE')).toMatchObject({ lotStep: '1', tickSize: '0.000001' });
    expect(rules.get('kPEPE')?.notes[0]).toBe('One contract is 1000 PEPE; quantities and prices are in this unit.');
    expect(rules.get('XMR')).toMatchObject({ lotStep: '0.1', tickSize: '0.01' });
    expect(rules.get('XMR')?.notes[0]).toBe('Hyperliquid allows isolated margin only here.');
  });

  test('a table that is not listed is flat at the most leverage, one that cannot be read too', () => {
    expect(rules.get('XMR')?.maintenance).toEqual({ kind: 'half-initial', tiers: [{ floor: '0', maxLeverage: '5' }] });
    expect(rules.get('NOMARK')?.maintenance).toEqual({ kind: 'half-initial', tiers: [{ floor: '0', maxLeverage: '3' }] });
    expect(rules.get('ODD')).toMatchObject({ lotStep: null, tickSize: null, maxLeverage: null, maintenance: null });
    expect(rules.get('NOMARK')?.tickSize).toBeNull();
    expect(rules.has('MATIC')).toBe(false);
  });

  test('a fine book that ends early is joined with a coarse one: no order twice, none lost', async () => {
    const asked: unknown[] = [];
    exchange.route('POST', '/info', ({ body: asking }) => {
      const question = asking as { type: string; nSigFigs?: number };
      asked.push(question);
      return body(question.nSigFigs === undefined ? 'hyperliquid/l2Book.json' : 'hyperliquid/l2Book-coarse.json');
    });
    const venue = createHyperliquid();
    const book = await venue.book(
      ioOf(venue, exchange.url, () => NOW),
      'ETH',
    );
    expect(asked).toEqual([
      { type: 'l2Book', coin: 'ETH' },
      { type: 'l2Book', coin: 'ETH', nSigFigs: 3 },
    ]);
    // 47.5 from 3990 up to 4000, of which 20 stand among the fine ones.
    expect(book.bids.slice(19)).toEqual([
      ['3998.0', '1'],
      ['3990.0', '27.5'],
      ['3980.0', '30'],
      ['3970.0', '20.25'],
    ]);
    // 4000.1 to 4000.4 are within (4000, 4010].
    expect(book.asks).toEqual([
      ['4000.1', '2.5'],
      ['4000.4', '0.5'],
      ['4010.0', '7'],
      ['4020.0', '8'],
    ]);
    expect(book.at).toBe(1_794_770_400_123);
  });

  test('a book that reaches far enough, or holds every order, is asked for once', () => {
    const few: OrderBook = { bids: [['99', '1']], asks: [['101', '1']], at: null };
    expect(coarserFigures(few)).toBeNull();
    const side = (sign: number) => Array.from({ length: 20 }, (_, i) => [String(100 + sign * (i + 1) * 0.05), '1'] as const);
    expect(coarserFigures({ bids: side(-1), asks: side(1), at: null })).toBeNull();
    const near = (sign: number) => Array.from({ length: 20 }, (_, i) => [String(100 + sign * (i + 1) * 0.01), '1'] as const);
    expect(coarserFigures({ bids: near(-1), asks: near(1), at: null })).toBe(4);
  });

  test('however orders lie, joining keeps each once and the prices in order', () => {
    const order = fc.record({ tick: fc.integer({ min: 1, max: 4000 }), size: fc.integer({ min: 1, max: 1000 }) });
    fc.assert(
      fc.property(fc.array(order, { minLength: 1, maxLength: 200 }), (orders) => {
        const mid = 4000;
        const grouped = (step: number): Map<number, number> => {
          const levels = new Map<number, number>();
          for (const { tick, size } of orders) {
            const price = Math.floor((mid * 10 - tick) / (step * 10)) * step;
            levels.set(price, (levels.get(price) ?? 0) + size);
          }
          return levels;
        };
        const side = (levels: Map<number, number>, most: number) =>
          [...levels]
            .sort((a, b) => b[0] - a[0])
            .slice(0, most)
            .map(([price, size]) => [String(price), String(size)] as const);
        const asks = [['4001', '1']] as const;
        const fine = { bids: side(grouped(1), 20), asks, at: null };
        const coarse = { bids: side(grouped(10), 400), asks, at: null };
        const joined = joinBooks(fine, coarse, 3).bids;
        const total = (levels: readonly (readonly [string, string])[]) => levels.reduce((sum, [, size]) => sum + Number(size), 0);
        expect(total(joined)).toBe(orders.reduce((sum, { size }) => sum + size, 0));
        const prices = joined.map(([price]) => Number(price));
        expect(prices).toEqual([...new Set(prices)].sort((a, b) => b - a));
      }),
    );
  });

  test.each<[string, unknown]>([
    ['null', null],
    ['another coin', { coin: 'BTC', levels: [[], []], time: NOW }],
    ['no levels', { coin: 'ETH', time: NOW }],
    ['one side', { coin: 'ETH', levels: [[{ px: '1', sz: '1' }]], time: NOW }],
    ['levels of another kind', { coin: 'ETH', levels: [[['1', '1']], [['2', '1']]], time: NOW }],
  ])('a book that is %s is refused', (_, answer) => {
    expect(() => parseL2Book('Hyperliquid', JSON.stringify(answer), 'ETH', NOW)).toThrow(expect.objectContaining({ kind: 'malformed' }));
  });
});

test('the most of a market order has its thousands apart and its unit, which of a multiple is the contract', () => {
  expect(marketOrderNotes('120000.050', 'TAO')).toEqual(['A market order holds at most 120,000.05 TAO.']);
  expect(marketOrderNotes('120000', '1000PEPE')).toEqual(['A market order holds at most 120,000 contracts.']);
  expect(marketOrderNotes(null, 'TAO')).toEqual([]);
});
