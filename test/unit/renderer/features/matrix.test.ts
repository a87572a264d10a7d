import { expect, it } from 'vitest';
import type { MatrixRow } from '#bridge/contract.ts';
import { cellsIn, columnsOf, isSpreadLeg, leftOutWords, ordered, quoteOf } from '#renderer/features/matrix/matrix.ts';

const cell = (instrument: string): MatrixRow['cells'][number] => ({
  instrument,
  venue: instrument.slice(0, instrument.indexOf(':')),
  f: 0,
  d: null,
  observedAt: null,
  left: null,
});
const row = (asset: string, ...instruments: string[]): MatrixRow => ({
  asset,
  cells: instruments.map(cell),
  spread: null,
  short: instruments[0] ?? null,
  long: null,
  reason: null,
});

it('a venue has a column for each quote, in the order of the venues, frequent quotes first', () => {
  const rows = [
    row('BTC', 'bybit:BTCPERP', 'bybit:BTCUSDT', 'hyperliquid:BTC', 'binance:BTCUSDT'),
    row('PEPE', 'bybit:1000PEPEUSDT', 'bybit:PEPE1000USDT', 'hyperliquid:kPEPE', 'okx:PEPE-USDT-SWAP'),
  ];
  const columns = columnsOf(rows, [{ id: 'binance' }, { id: 'bybit' }, { id: 'hyperliquid' }, { id: 'gate' }]);
  expect(columns.map(({ venue, quote }) => `${venue} ${quote}`)).toEqual([
    'binance USDT',
    'bybit USDT',
    'bybit PERP',
    'hyperliquid ',
    'okx USDT-SWAP',
  ]);
  const shown = rows.map((each) => columns.map((column) => cellsIn(each, column).map(({ instrument }) => instrument)));
  expect(shown.flat(2).sort()).toEqual(rows.flatMap(({ cells }) => cells.map(({ instrument }) => instrument)).sort());
  expect(quoteOf('okx:NEW', 'OTHER')).toBe('');
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

it('rows go by the size of a venue, those without a rate there last; else they stay as they came', () => {
  const rated = (asset: string, f: number | null): MatrixRow => {
    const one = row(asset, `bybit:${asset}USDT`);
    return { ...one, cells: one.cells.map((each) => ({ ...each, f })) };
  };
  const rows = [rated('TAO', 0.001), rated('FET', -0.004), rated('IO', null), row('NEAR', 'okx:NEAR')];
  expect(ordered(rows, 'bybit').map(({ asset }) => asset)).toEqual(['FET', 'TAO', 'IO', 'NEAR']);
  expect(ordered(rows, 'spread')).toBe(rows);
});
