import { describe, expect, test } from 'vitest';
import type { PositionView } from '#bridge/scenario.ts';
import { change } from '#renderer/features/calculators/change.ts';
import { crossGroups, crossInput, type CrossLeg, crossLive, crossTable, firstLegs } from '#renderer/features/calculators/cross.ts';
import { flat, type Typed } from '#renderer/features/calculators/fields.ts';
import { profit } from '#renderer/features/calculators/profit.ts';
import { scale } from '#renderer/features/calculators/scale.ts';
import type { SingleCalculator } from '#renderer/features/calculators/single.ts';
import { sizeInput } from '#renderer/features/calculators/size.ts';
import { answerOut, summaryText } from '#renderer/features/calculators/summary.ts';
import { crossMargin } from '#domain/decisions/cross.ts';
import { sizePosition } from '#domain/decisions/size.ts';
import { basis, facts, live, row } from '../calculator.ts';

const figure = (value: string | null) => ({ value, unit: 'USDT', formula: '', worked: '', inputs: {}, reason: null });
const held: PositionView = {
  ...{ scenario: 'a', leg: 0, name: 'Long TAO', kind: 'size', instrument: row.instrument, side: 'short', contracts: '4', entry: '120' },
  ...{
    openAt: 0,
    mark: 100,
    observedAt: 0,
    profit: figure('80'),
    nextPayment: null,
    liquidation: figure(null),
    distance: figure(null),
    alerts: [],
  },
  fundingSince: { paid: figure('-1.5'), direction: 'you receive', settlements: 3, atEntry: 0 },
};
const answer = (calculator: SingleCalculator, typed: Typed, positions: readonly PositionView[] = []) => {
  const of = calculator.live(basis, typed, positions);
  return { of, ...calculator.answer(basis, typed, of) };
};
const valueOf = (groups: ReturnType<typeof answer>['groups'], id: string): string | null | undefined =>
  groups.flatMap(({ rows }) => rows).find((each) => each.id === id)?.figure.value;

describe('profit on the screen', () => {
  test('takes the size over and has a table at once', () => {
    const { problems, table, verdict, of } = answer(profit, {});
    expect(problems).toEqual([]);
    expect(of['contracts']?.from).toBe('Size');
    expect(table?.rows).toHaveLength(7);
    expect(table?.rows[3]?.name).toBe('100.000');
    expect(table?.columns.map(({ name }) => name)).toEqual(['0 h', '8 h', '24 h', '72 h', '168 h']);
    expect(verdict).toMatch(/^Makes .+ USDT net at .+ 2? ?.*R\); breaks even at /u);
  });

  test('an open position stands in the fields, with its funding so far, until another is typed', () => {
    const { of, groups, problems } = answer(profit, { holdH: '0', slipBps: '0', feeIn: '0', feeOut: '0', exit: '100' }, [held]);
    expect(problems).toEqual([]);
    expect([of['side']?.text, of['entry']?.text, of['filled']?.text, of['fundingPaid']?.text]).toEqual(['short', '120', 'filled', '-1.5']);
    // 4 × 20 and 1.5 received.
    expect(valueOf(groups, 'net')).toBe('81.5');
    expect(Number(of['stop']?.text)).toBeGreaterThan(120);
    expect(answer(profit, { contracts: '2', exit: '100' }, [held]).of['contracts']?.text).toBe('4');
  });

  test('leaves as rows of a file: inputs with their source, figures with their formula, cells of the table', () => {
    const typed = { exit: '110' };
    const { of, groups, table, problems, verdict } = answer(profit, typed);
    const parts = {
      ...{ title: 'Profit and return: TAO/USDT', time: 'now', head: verdict, fields: flat(profit.groups), typed, live: of },
      ...{ unitOf: () => 'USDT', groups, table, problems },
    };
    const { columns, name } = answerOut(parts);
    const lines = (columns[0]?.values ?? []).map((_, i) => Object.fromEntries(columns.map((column) => [column.name, column.values[i]])));
    expect(name).toBe('Profit and return  TAO USDT');
    expect(lines.find((line) => line['name'] === 'Exit')).toMatchObject({ part: 'Inputs', value: 110, says: 'typed' });
    const net = lines.find((line) => line['part'] === 'Profit at the exit' && line['name'] === 'Net');
    expect(net?.['value']).toBe(Number(valueOf(groups, 'net')));
    expect(net?.['formula']).toMatch(/^Q × \[/u);
    expect(lines.filter((line) => line['part'] === table?.name)).toHaveLength(35);
    expect(summaryText(parts)).toContain('Net by price and hours held, USDT');
  });
});

test('a size by quantity says what it risks; the risk is not asked for', () => {
  const typed = { sizeBy: 'quantity', contracts: '3', stop: '95' };
  const { figures, problems, warnings } = sizePosition(sizeInput(basis, typed, live(typed)));
  expect([problems, warnings]).toEqual([[], []]);
  expect(figures.contracts.value).toBe('3');
  const missing = { ...typed, contracts: '' };
  expect(sizePosition(sizeInput(basis, missing, live(missing))).problems.map(({ field, wrong }) => [field, wrong])).toEqual([
    ['contracts', 'Missing.'],
  ]);
});

describe('scale on the screen', () => {
  test('has a plan at once, and reads typed lists with their weights and shares', () => {
    expect(answer(scale, {}).problems).toEqual([]);
    const typed = { 'scale.entries': '100 98', 'scale.weights': '1 3', 'scale.exits': '104 108', 'scale.shares': '75 25', stop: '94' };
    const { groups, table, problems } = answer(scale, { ...typed, sizeBy: 'quantity', contracts: '4' });
    expect(problems).toEqual([]);
    expect(valueOf(groups, 'averageEntry')).toBe('98.5');
    expect(table?.rows.map(({ cells }) => cells[0]?.text)).toEqual(['1', '3', '3', '1']);
  });

  test('shows its plan whether the size comes of the risk or of a quantity', () => {
    for (const sizeBy of ['risk', 'quantity'])
      for (const key of ['scale.entries', 'scale.weights', 'scale.exits', 'scale.shares'])
        expect(scale.isHidden(key, (of) => (of === 'sizeBy' ? sizeBy : ''), 'linear')).toBe(false);
    // What scales a risk has no place where there is none.
    expect(scale.isHidden('scale.signal.d', (of) => (of === 'sizeBy' ? 'quantity' : 'on'), 'linear')).toBe(true);
  });

  test('a weight without its price is said', () => {
    const { problems } = answer(scale, { 'scale.entries': '100', 'scale.weights': '1 3', stop: '94' });
    expect(problems.map(({ field }) => field)).toEqual(['entries.1.price']);
  });
});

test('a change starts with half of what is held, at the mark', () => {
  const { of, groups, problems, table } = answer(change, { feeIn: '0', slipBps: '0' }, [held]);
  expect(problems).toEqual([]);
  expect([of['change.by']?.text, of['change.price']?.text]).toEqual(['2', '100.003']);
  // 2 × (120 − 100.003).
  expect(valueOf(groups, 'net')).toBe('39.994');
  expect(table?.rows[1]?.cells.map(({ value }) => value)).toEqual(['4', '2']);
  expect(answer(change, { change: 'flip' }, [held]).verdict).toMatch(/leaves a long of 4 contracts at 100\.003/u);
});

test('cross begins with the open positions of the account, each with the rules of its own', () => {
  expect(firstLegs(row, [held])).toEqual([row.instrument.id]);
  const leg: CrossLeg = { instrument: row.instrument, mark: 100, observedAt: 0, freshMs: 1000, facts, held, name: 'TAO/USDT' };
  const other: CrossLeg = {
    ...leg,
    instrument: { ...row.instrument, id: 'binance:FETUSDT', symbol: 'FETUSDT' },
    held: undefined,
    name: 'FET/USDT',
  };
  const typed = { 'binance:FETUSDT.contracts': '5' };
  const legs = [leg, other];
  const of = crossLive(legs, '1000');
  const result = crossMargin(crossInput(row, legs, typed, of));
  expect(result.problems).toEqual([]);
  // 0.5 % of 400 and of 500.
  expect(result.figures.maintenance.value).toBe('4.5');
  expect(crossTable(result, 'USDT', 'USDT').rows.map(({ name }) => name)).toEqual(['TAO/USDT short', 'FET/USDT long']);
  // Worth 1000 with 80 of profit inside; the long asks for 2.5, the short for 0.5 % of its own.
  expect(Number(result.positions[0]?.figures.liquidation.value)).toBeCloseTo((1000 - 2.5 + 400) / (4 * 1.005), 8);
  expect(flat(crossGroups(legs)).map(({ at }) => at)).toContain('positions.1.maintenance');
  // The saved equity is quote money; an account in coin holds what it is worth at the mark, and nothing is known without one.
  const inCoin = { ...leg, instrument: { ...leg.instrument, contract: 'inverse' as const }, mark: 250 };
  expect(crossLive([inCoin], '1000')['cross.equity']).toMatchObject({ text: '4', from: 'saved equity, at the mark' });
  expect(crossLive([{ ...inCoin, mark: null }], '1000')['cross.equity']).toBeUndefined();
});
