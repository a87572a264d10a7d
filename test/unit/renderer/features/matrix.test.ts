import { expect, it } from 'vitest';
import type { MatrixRow } from '#bridge/contract.ts';
import { cellWords, netWords, markWords } from '#renderer/features/matrix/cell-words.ts';
import {
  bestNet,
  cellsOf,
  columnName,
  exchangesOf,
  isSpreadLeg,
  leftOutWords,
  netLeftOutWords,
  ordered,
  quoteOf,
} from '#renderer/features/matrix/matrix.ts';
import { scrollTo, stretchOf } from '#renderer/features/matrix/stretch.ts';

const cell = (instrument: string): MatrixRow['cells'][number] => ({
  instrument,
  venue: instrument.slice(0, instrument.indexOf(':')),
  f: 0,
  d: null,
  observedAt: null,
  left: null,
  openInterest: null,
  volume24h: null,
  least: null,
  greatest: null,
  isOutlier: false,
  slippage: null,
  noSlippage: 'no-book',
});
const row = (asset: string, ...instruments: string[]): MatrixRow => ({
  asset,
  cells: instruments.map(cell),
  spread: null,
  short: instruments[0] ?? null,
  long: null,
  reason: null,
  median: null,
  dispersion: null,
});
/** `name` of venues and of the exchanges that they are markets of. */
const NAMES = new Map([
  ['binance', { name: 'Binance USD-M', exchange: 'Binance' }],
  ['binance-coin', { name: 'Binance COIN-M', exchange: 'Binance' }],
  ['bybit', { name: 'Bybit', exchange: 'Bybit' }],
]);

it('a venue has a column for each quote, in the order of the venues, frequent quotes first', () => {
  const rows = [
    row('BTC', 'bybit:BTCPERP', 'bybit:BTCUSDT', 'hyperliquid:BTC', 'binance:BTCUSDT'),
    row('PEPE', 'bybit:1000PEPEUSDT', 'bybit:PEPE1000USDT', 'hyperliquid:kPEPE', 'okx:PEPE-USDT-SWAP'),
  ];
  const health = [{ id: 'binance' }, { id: 'bybit' }, { id: 'hyperliquid' }, { id: 'gate' }];
  const columns = exchangesOf(rows, health, NAMES).flatMap((group) => group.columns);
  // A venue that lists an asset twice with one quote has two columns of it.
  expect(columns.map(({ key }) => key)).toEqual([
    'binance USDT 0',
    'bybit USDT 0',
    'bybit PERP 0',
    'bybit USDT 1',
    'hyperliquid  0',
    'okx USDT-SWAP 0',
  ]);
  const shown = rows.map((each) => columns.flatMap(({ key }) => cellsOf(each).get(key)?.instrument ?? []));
  expect(shown.flat().sort()).toEqual(rows.flatMap(({ cells }) => cells.map(({ instrument }) => instrument)).sort());
  expect(quoteOf('okx:NEW', 'OTHER')).toBe('');
});

it('venues of one exchange stand beside each other under its name, and are told apart by the rest of theirs', () => {
  const rows = [row('BTC', 'binance:BTCUSDT', 'bybit:BTCUSDT', 'binance-coin:BTCUSD_PERP')];
  const groups = exchangesOf(rows, [{ id: 'binance' }, { id: 'bybit' }, { id: 'binance-coin' }], NAMES);
  const names = groups.map((group) => [group.exchange, ...group.columns.map((column) => columnName(group, column, NAMES))]);
  expect(names).toEqual([
    ['Binance', 'USD-M USDT', 'COIN-M USD_PERP'],
    ['Bybit', 'USDT'],
  ]);
});

it('draws what is seen and a little beside it, the rest as room', () => {
  const sizes = [10, 20, 30, 40, 50];
  expect(stretchOf(sizes, 0, 25, 0)).toEqual({ first: 0, end: 2, before: 0, after: 120 });
  expect(stretchOf(sizes, 35, 30, 0)).toEqual({ first: 2, end: 4, before: 30, after: 50 });
  expect(stretchOf(sizes, 35, 30, 6)).toEqual({ first: 1, end: 4, before: 10, after: 50 });
  expect(stretchOf(sizes, 500, 30, 0)).toEqual({ first: 5, end: 5, before: 150, after: 0 });
  expect([scrollTo(sizes, 3, 0, 60), scrollTo(sizes, 1, 20, 60), scrollTo(sizes, 1, 0, 60)]).toEqual([40, 10, null]);
  // A table that was behind another tab has no room yet: its first row stays at its top.
  expect([scrollTo(sizes, 0, 0, -5), scrollTo(sizes, 4, 0, 30)]).toEqual([0, 100]);
});

it('the best pair is that which leaves most after four fills, not the widest', () => {
  const leg = (venue: string, f: number, slippage: number | null, over: Partial<MatrixRow['cells'][number]> = {}) => ({
    ...cell(`${venue}:BTC`),
    ...{ f, slippage, noSlippage: slippage === null ? ('no-book' as const) : null },
    ...over,
  });
  const fees: Readonly<Record<string, number>> = { a: 0.0005, b: 0.0005, c: 0.0001 };
  const feeOf = (venue: string): number | null => fees[venue] ?? null;
  const cells = [leg('a', 0.0003, 0.0004), leg('b', 0.0001, 0.0002), leg('c', 0.00015, null)];
  // 24 h: a-b brings 0.0048 and costs 2 x 0.0005 + 0.0004 + 2 x 0.0005 + 0.0002 = 0.0026; a-c brings 0.0036 and costs 0.0014 + 0.0002 = 0.0016.
  const day = bestNet({ ...row('BTC'), cells }, 24, feeOf);
  expect([day?.short, day?.long, day?.feesOnly]).toEqual(['a:BTC', 'b:BTC', []]);
  expect([day?.income, day?.cost, day?.net].map((share) => Number(share?.toFixed(12)))).toEqual([0.0048, 0.0026, 0.0022]);
  // 8 h: a-b leaves 0.0016 - 0.0026 = -0.001, a-c 0.0012 - 0.0016 = -0.0004.
  const third = bestNet({ ...row('BTC'), cells }, 8, feeOf);
  expect([third?.long, Number(third?.net.toFixed(12)), third?.feesOnly]).toEqual(['c:BTC', -0.0004, ['c:BTC']]);
  expect(netWords(third, 8, (id) => id)).toBe(
    'Short a:BTC, long c:BTC: +0.1200 % of funding in 8 h at the rates that stand, \u22120.1600 % for the round trip; even after 10.7 h. Fees alone of c:BTC: no order book of now.',
  );
  // Without a say, a fee or a book that holds the size there is no leg.
  const others = [
    leg('a', 0.0003, 0.0004),
    leg('b', 0.0001, null, { noSlippage: 'too-thin' }),
    leg('d', 0, 0),
    leg('c', 0, 0, { left: 'stale' }),
  ];
  expect(bestNet({ ...row('BTC'), cells: others }, 24, feeOf)).toBeNull();
  // Counted in words, but for what has no say at all, which is counted beside.
  const named = new Map([['d', { name: 'MEXC', exchange: 'MEXC' }]]);
  expect(
    netLeftOutWords(
      [
        { ...row('BTC'), cells: others },
        { ...row('ETH'), cells: [leg('d', 0, 0)] },
      ],
      feeOf,
      named,
    ),
  ).toBe('Net leaves out 3 rates: 2 of unknown fees (MEXC), 1 whose order book ends before the size');
  expect(netLeftOutWords([{ ...row('BTC'), cells }], feeOf, named)).toBeNull();
});

it('a cell says how old it is where it is stale, and what it is beside its row', () => {
  const at = 1_000_000;
  const of = { ...row('BTC'), median: 0.00001 };
  const stale = { ...cell('bybit:BTCUSDT'), f: 0.00002, observedAt: at - 240_000, left: 'stale', openInterest: 2_500_000 };
  expect(markWords(stale, at)).toBe('4m');
  expect(markWords({ ...stale, left: 'excluded' }, at)).toBe('');
  const pinned = { since: at - 31 * 24 * 3_600_000, rate: 0.00016 };
  expect(markWords(stale, at, pinned)).toBe('4m');
  expect(markWords({ ...stale, left: null }, at, pinned)).toBe('pinned 31d');
  expect(cellWords({ ...stale, left: null }, of, 'Bybit', '8h', at, pinned)).toContain(
    '+0.0160 % per 8h, pinned 31d: every settlement has charged the same, observed 4 min ago',
  );
  expect(cellWords({ ...stale, left: 'illiquid', isOutlier: true }, of, 'Bybit', '8h', at)).toBe(
    'Bybit BTCUSDT: +0.0160 % per 8h, observed 4 min ago, +0.0080 beside the median, far from the others, OI 2.5M USD, ' +
      'no say in the spread: smaller than the liquidity that is asked for',
  );
});

it('marks the two legs of the spread', () => {
  const btc = row('BTC', 'binance:BTCUSDT', 'bybit:BTCUSDT');
  expect([isSpreadLeg(btc, 'binance:BTCUSDT'), isSpreadLeg(btc, 'bybit:BTCUSDT')]).toEqual([true, false]);
});

it('the ranking by spread says what it leaves out: assets without one, rates without a say', () => {
  const ranked = { ...row('BTC', 'a:BTC', 'b:BTC'), spread: 1e-5 };
  expect(leftOutWords([ranked])).toBeNull();
  const old = { ...ranked, cells: ranked.cells.map((one) => ({ ...one, left: 'stale' })), spread: null };
  const other = { ...ranked, cells: [...ranked.cells, { ...cell('c:BTC'), left: 'excluded' }] };
  expect(leftOutWords([old, other, ranked])).toBe(
    '1 of 3 assets not ranked, for it has no spread; 3 rates have no say: 2 stale, 1 of another coin',
  );
  expect(
    leftOutWords([
      { ...row('X', 'a:X'), spread: null },
      { ...row('Y', 'a:Y'), spread: null },
    ]),
  ).toBe('2 of 2 assets not ranked, for they have no spread');
});

it('rows go by the size of an exchange, those without a rate there last; else they stay as they came', () => {
  const rated = (asset: string, f: number | null): MatrixRow => {
    const one = row(asset, `bybit:${asset}USDT`);
    return { ...one, cells: one.cells.map((each) => ({ ...each, f })) };
  };
  const rows = [rated('TAO', 0.001), rated('FET', -0.004), rated('IO', null), row('NEAR', 'okx:NEAR')];
  expect(ordered(rows, 'Bybit', NAMES).map(({ asset }) => asset)).toEqual(['FET', 'TAO', 'IO', 'NEAR']);
  expect(ordered(rows, 'spread', NAMES)).toBe(rows);

  // A rate of 0 is one; what is not there, and what is stale, is left out and counted.
  const stale = { ...rated('OLD', 0.02), cells: rated('OLD', 0.02).cells.map((each) => ({ ...each, left: 'stale' as const })) };
  const more = [stale, rated('IO', null), rated('NIL', 0), ...rows.slice(0, 2)];
  expect(ordered(more, 'Bybit', NAMES).map(({ asset }) => asset)).toEqual(['FET', 'TAO', 'NIL', 'OLD', 'IO']);
  expect(leftOutWords(more, 'Bybit', NAMES)).toMatch(/^2 of 5 assets not ranked, for Bybit has no rate of them that is not stale; /u);
  expect(leftOutWords([rated('TAO', 0.001)], 'Bybit', NAMES)).toBeNull();
});
