import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Venue, VenueIo, VenuePoll } from '#core/venue.ts';
import { VenueError } from '#core/venue-error.ts';
import { createViaCcxt } from '#node/venues/ccxt/index.ts';
import { type FakeExchange, type Fault, startFakeExchange } from '#test/support/fake-exchange.ts';
import { ioOf } from '#test/support/venue-io.ts';

/*
 * Exchanges that are read through ccxt in five ways (one list of rates; a list by name; all symbols named; tickers; one request a contract),
 * each meets every fault at its rates, at the list of contracts beside them and in a page of its history. Bodies are the examples of their
 * documentation, as ccxt's source repeats them (see ccxt.test.ts and ccxt-tickers.test.ts).
 */
const HOUR = 3_600_000;
const NOW = Date.UTC(2026, 4, 28, 9, 20);
const SETTLED = Date.UTC(2026, 4, 28, 8);
const iso = (ms: number): string => new Date(ms).toISOString();

interface Example {
  readonly id: string;
  readonly symbol: string;
  /** Paths of its list of contracts, of its rates, and of its settlements where it serves some. */
  readonly list: string;
  readonly rates: string;
  readonly history: string | null;
  /** By path; a function of what was asked and when. */
  readonly answers: Readonly<Record<string, object | ((query: URLSearchParams, now: number) => object)>>;
  readonly rate: number;
}

const EXAMPLES: Readonly<Record<string, Example>> = {
  'WhiteBIT: one list of rates': {
    ...{ id: 'ccxt-whitebit', symbol: 'ADA_PERP', rate: 0.0001 },
    list: '/api/v4/public/markets',
    rates: '/api/v4/public/futures',
    history: '/api/v4/public/funding-history/ADA_PERP',
    answers: {
      '/api/v4/public/markets': [
        {
          ...{ name: 'ADA_PERP', stock: 'ADA', money: 'USDT', stockPrec: '0', moneyPrec: '6', feePrec: '6', makerFee: '0.01' },
          ...{ takerFee: '0.055', minAmount: '1', minTotal: '5.05', maxTotal: '10000000', tradesEnabled: true, isCollateral: true },
          type: 'futures',
        },
      ],
      '/api/v4/public/futures': {
        success: true,
        result: [{ ticker_id: 'ADA_PERP', funding_rate: '0.0001', next_funding_rate_timestamp: String(SETTLED + 8 * HOUR) }],
      },
      '/api/v4/public/funding-history/ADA_PERP': [
        {
          ...{ fundingTime: String(SETTLED / 1000), fundingRate: '0.0002', market: 'ADA_PERP', settlementPrice: '0.7' },
          rateCalculatedTime: String(SETTLED / 1000 - 28_800),
        },
      ],
    },
  },
  'HitBTC: a list by name': {
    ...{ id: 'ccxt-hitbtc', symbol: 'BTCUSDT_PERP', rate: 0.0001 },
    list: '/api/3/public/symbol',
    rates: '/api/3/public/futures/info',
    history: '/api/3/public/futures/history/funding',
    answers: {
      '/api/3/public/symbol': {
        BTCUSDT_PERP: {
          ...{ type: 'futures', expiry: null, underlying: 'BTC', base_currency: null, quote_currency: 'USDT' },
          ...{ quantity_increment: '0.0001', tick_size: '0.01', take_rate: '0.0005', make_rate: '0.0002', fee_currency: 'USDT' },
          ...{ margin_trading: true, max_initial_leverage: '50.00' },
        },
      },
      '/api/3/public/futures/info': {
        BTCUSDT_PERP: {
          ...{ contract_type: 'perpetual', mark_price: '30897.68', index_price: '30895.29', funding_rate: '0.0001' },
          ...{ open_interest: '93.7128', next_funding_time: iso(SETTLED + 8 * HOUR), indicative_funding_rate: '0.0001' },
          timestamp: iso(NOW),
        },
      },
      '/api/3/public/futures/history/funding': {
        BTCUSDT_PERP: [{ timestamp: iso(SETTLED), funding_rate: '0.0002', avg_premium_index: '0.0001', next_funding_time: iso(SETTLED) }],
      },
    },
  },
  'Bitfinex: all symbols named': {
    ...{ id: 'ccxt-bitfinex', symbol: 'tBTCF0:USTF0', rate: 0.00014548 },
    list: '/v2/conf/pub:info:pair,pub:info:pair:futures,pub:list:pair:securities,pub:list:pair:margin',
    rates: '/v2/status/deriv',
    history: null,
    answers: {
      '/v2/conf/pub:info:pair,pub:info:pair:futures,pub:list:pair:securities,pub:list:pair:margin': [
        [],
        [['BTCF0:USTF0', [null, null, null, '0.0001', '100.0', null, null, null, 0.01, 0.005, null, null]]],
        [],
        [],
      ],
      // KEY, MTS, _, DERIV_PRICE, SPOT_PRICE, _, INSURANCE, _, NEXT_FUNDING_MS, ACCRUED, STEP, _, CURRENT_FUNDING, _, _, MARK_PRICE, …
      '/v2/status/deriv': [
        [
          ...['tBTCF0:USTF0', NOW, null, 29_279, 29_297.85, null, 1_000_000, null, SETTLED + 8 * HOUR, 0.0001, 100, null],
          ...[0.00014548, null, null, 29_278.89, null, null, 1_500, null, null, null, 0.0005, 0.0025],
        ],
      ],
    },
  },
  'ApeX: tickers': {
    ...{ id: 'ccxt-apex', symbol: 'BTC-USDT', rate: -0.00000594 },
    list: '/api/v3/symbols',
    rates: '/api/v3/data/all-ticker-info',
    history: '/api/v3/history-funding',
    answers: {
      '/api/v3/symbols': {
        data: {
          contractConfig: {
            perpetualContract: [
              {
                ...{ crossSymbolName: 'BTCUSDT', symbol: 'BTC-USDT', baseTokenId: 'BTC', settleAssetId: 'USDT', l2PairId: '50001' },
                ...{ enableTrade: true, minOrderSize: '0.001', maxOrderSize: '50', stepSize: '0.001', tickSize: '0.1' },
              },
            ],
          },
        },
      },
      '/api/v3/data/all-ticker-info': {
        data: [
          {
            ...{ symbol: 'BTCUSDT', lastPrice: '73319.7', markPrice: '73325.96', indexPrice: '73369.06', fundingRate: '-0.00000594' },
            ...{ predictedFundingRate: '0.0001', nextFundingTime: '2026-05-28T10:00:00Z', openInterest: '1541.044' },
          },
        ],
      },
      '/api/v3/history-funding': {
        data: {
          historyFunds: [{ symbol: 'BTC-USDT', rate: '0.00002', price: '73319', fundingTime: SETTLED, fundingTimestamp: SETTLED }],
          totalSize: 1,
        },
      },
    },
  },
  'Crypto.com: one request a contract': {
    ...{ id: 'ccxt-cryptocom', symbol: 'BTCUSD-PERP', rate: -0.000001884 },
    list: '/exchange/v1/public/get-instruments',
    rates: '/exchange/v1/public/get-valuations',
    history: '/exchange/v1/public/get-valuations',
    answers: {
      '/exchange/v1/public/get-instruments': {
        ...{ id: 1, method: 'public/get-instruments', code: 0 },
        result: {
          data: [
            {
              ...{
                symbol: 'BTCUSD-PERP',
                inst_type: 'PERPETUAL_SWAP',
                display_name: 'BTCUSD Perpetual',
                base_ccy: 'BTC',
                quote_ccy: 'USD',
              },
              ...{ quote_decimals: 1, quantity_decimals: 4, price_tick_size: '0.1', qty_tick_size: '0.0001', max_leverage: '50' },
              ...{ tradable: true, expiry_timestamp_ms: 0 },
            },
          ],
        },
      },
      // The running rate is of this minute, history of the hours.
      '/exchange/v1/public/get-valuations': (query, now) => ({
        ...{ id: -1, method: 'public/get-valuations', code: 0 },
        result: {
          data: [{ v: '-0.000001884', t: query.get('valuation_type') === 'funding_hist' ? SETTLED : now - 30_000 }],
          instrument_name: 'BTCUSD-PERP',
        },
      }),
    },
  },
};

const FAULTS: Readonly<Record<string, readonly [Fault, RegExp]>> = {
  '429 with Retry-After': [{ kind: 'status', status: 429, headers: { 'retry-after': '7' } }, /^rate-limited$/u],
  '418': [{ kind: 'status', status: 418 }, /^banned$/u],
  '451': [{ kind: 'status', status: 451 }, /^blocked$/u],
  '503 with JSON': [{ kind: 'status', status: 503, body: '{"code":1}' }, /^server$/u],
  'a web page with 200': [{ kind: 'html' }, /^malformed$/u],
  'half a body': [{ kind: 'truncate' }, /^malformed$/u],
  'a body that is cut off': [{ kind: 'cut' }, /^network$/u],
  'a bomb': [{ kind: 'bomb', bytes: 60 * 1024 * 1024 }, /^too-large$/u],
  'a reset': [{ kind: 'reset' }, /^network$/u],
  'an empty list': [{ kind: 'garbage', body: '[]' }, /^(?:empty|malformed)$/u],
  'an empty object': [{ kind: 'garbage', body: '{}' }, /^(?:empty|malformed)$/u],
  null: [{ kind: 'garbage', body: 'null' }, /^(?:empty|malformed)$/u],
  'a word': [{ kind: 'garbage', body: '"soon"' }, /^(?:empty|malformed)$/u],
};

let exchange: FakeExchange;
beforeEach(async () => {
  exchange = await startFakeExchange();
});
afterEach(() => exchange.close());

function open({ id, answers }: Example, now: () => number = () => NOW): { venue: Venue; io: VenueIo } {
  for (const [path, answer] of Object.entries(answers))
    exchange.route('GET', path, ({ query }) => (typeof answer === 'function' ? (answer(query, now()) as object) : answer));
  const venue = createViaCcxt().find((one) => one.id === id);
  if (venue === undefined) throw new Error(`no venue ${id}`);
  return { venue, io: ioOf(venue, exchange.url, now) };
}
async function failureOf(work: Promise<unknown>): Promise<VenueError> {
  const error = await work.then(
    (answer) => expect.fail(`it was answered: ${JSON.stringify(answer)}`),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(VenueError);
  expect((error as VenueError).user).not.toMatch(/Error\b|ccxt fetch|\bat \//u);
  return error as VenueError;
}
async function settled({ venue, io }: { venue: Venue; io: VenueIo }, symbol: string): Promise<readonly number[]> {
  const stamps: number[] = [];
  for await (const { rows } of venue.settled(io, symbol, SETTLED - 4 * HOUR, NOW)) stamps.push(...rows.map(({ stamp }) => stamp));
  return stamps;
}
const ratesOf = ({ snapshots }: VenuePoll): readonly number[] => snapshots.map(({ rate }) => rate);

describe.each(Object.entries(EXAMPLES))('%s', (_way, example) => {
  const { symbol, list, rates, history, rate } = example;

  describe.each(Object.entries(FAULTS))('%s', (_fault, [fault, kind]) => {
    test('at its rates the poll fails as what it is, and the next one is right again', async () => {
      const { venue, io } = open(example);
      expect(ratesOf(await venue.poll(io))).toEqual([rate]);
      exchange.fail(fault, { path: rates });
      expect((await failureOf(venue.poll(io))).kind).toMatch(kind);
      exchange.heal();
      // As once the silence that it wished is over.
      expect(ratesOf(await venue.poll(open(example).io))).toEqual([rate]);
    });

    test('at the first list of contracts there are no rates without units; an hour later the rates go on with the list from before', async () => {
      let now = NOW;
      const { venue, io } = open(example, () => now);
      exchange.fail(fault, { path: list });
      expect((await failureOf(venue.poll(io))).kind).toMatch(kind);
      exchange.heal();
      const later = open(example, () => now);
      expect(ratesOf(await later.venue.poll(later.io))).toEqual([rate]);
      now += HOUR;
      exchange.fail(fault, { path: list });
      const poll = later.venue.poll(later.io);
      // A wish for silence is obeyed, and so is a refusal of this connection.
      if (/rate-limited|banned|blocked/u.test(kind.source)) expect((await failureOf(poll)).kind).toMatch(kind);
      else {
        const { notes = [], ...told } = await poll;
        expect(notes).toEqual([expect.stringMatching(/^instruments failed, going on with the one from before: /u)]);
        expect(ratesOf(told)).toEqual([rate]);
      }
    });

    test.skipIf(history === null)('in a page of its history nothing is proven by it, and what is asked again comes', async () => {
      const opened = open(example);
      expect(await settled(opened, symbol)).toEqual([SETTLED]);
      exchange.fail(fault, { path: history ?? '' });
      const pages: unknown[] = [];
      const walk = (async () => {
        for await (const page of opened.venue.settled(opened.io, symbol, SETTLED - 4 * HOUR, NOW)) pages.push([page.rows, page.proven]);
      })();
      // A list without rows is an answer; it proves nothing.
      const failed = await walk.then(
        () => null,
        (thrown: unknown) => thrown,
      );
      if (failed !== null) expect(failed).toMatchObject({ name: 'VenueError', kind: expect.stringMatching(kind) as string });
      else expect([kind.source, pages.filter((page) => JSON.stringify(page) !== '[[],null]')]).toEqual(['^(?:empty|malformed)$', []]);
      exchange.heal();
      expect(await settled(open(example), symbol)).toEqual([SETTLED]);
    });
  });
});

test('a sweep of which three contracts cannot be read goes on with the others, and fails where none can', async () => {
  const example = EXAMPLES['Crypto.com: one request a contract'];
  if (example === undefined) expect.fail('no such example');
  const { venue, io } = open(example);
  const [row] = (example.answers[example.list] as { result: { data: object[] } }).result.data;
  const names = ['BTC', 'C1', 'C2', 'C3', 'C4'];
  exchange.route('GET', example.list, () => ({
    ...{ id: 1, method: 'public/get-instruments', code: 0 },
    result: { data: names.map((base_ccy) => ({ ...row, base_ccy, symbol: `${base_ccy}USD-PERP` })) },
  }));
  const good = new Set(['C3USD-PERP', 'C4USD-PERP']);
  exchange.route('GET', example.rates, ({ query }) => {
    const instrument_name = query.get('instrument_name') ?? '';
    if (!good.has(instrument_name)) return {};
    return { id: -1, method: 'public/get-valuations', code: 0, result: { data: [{ v: '0.00001', t: NOW }], instrument_name } };
  });
  const { snapshots, notes = [] } = await venue.poll(io);
  expect(snapshots.map(({ symbol }) => symbol)).toEqual([...good]);
  expect(notes).toHaveLength(3);
  good.clear();
  expect((await failureOf(venue.poll(io))).kind).toBe('malformed');
});
