import { describe, expect, it } from 'vitest';
import type { Scenario } from '#bridge/scenario.ts';
import type { CarryInput } from '#domain/decisions/carry-input.ts';
import { carry } from '#domain/decisions/carry.ts';
import { sizePosition } from '#domain/decisions/size.ts';
import { beyondText, rowsOf } from '#renderer/charts/outcome-option.ts';
import { flat, textIn } from '#renderer/features/calculators/fields.ts';
import { carryGroups, carryRulesNotes } from '#renderer/features/calculators/carry.ts';
import { moneyDecimals, shownFigure, sizeGroups } from '#renderer/features/calculators/figures.ts';
import { carryOutcome, profitOutcome } from '#renderer/features/calculators/outcomes.ts';
import { compare, typedOf } from '#renderer/features/calculators/scenarios.ts';
import { sizeInput } from '#renderer/features/calculators/size.ts';
import { summaryText } from '#renderer/features/calculators/summary.ts';
import { basis, facts, fields, HOUR, live, constants, pair, row } from '../calculator.ts';

describe('figures', () => {
  const groups = sizeGroups(sizePosition(sizeInput(basis, {}, live())), 'you pay', false);
  it('of one group share their decimals, and each is there once', () => {
    for (const group of groups) {
      const decimals = moneyDecimals(group.rows);
      for (const each of group.rows.filter(({ style }) => style === 'money')) {
        expect(shownFigure(each, decimals).text.split('.')[1]).toHaveLength(decimals);
      }
    }
    expect(new Set(groups.flatMap(({ rows }) => rows.map(({ id }) => id))).size).toBe(groups.flatMap(({ rows }) => rows).length);
  });
  it('say who pays instead of a sign, and nothing where there is nothing', () => {
    const figure = { value: '-3.41', unit: 'USDT', formula: '', worked: '', inputs: {}, reason: null };
    expect(shownFigure({ figure, style: 'paid', direction: 'you receive' }, 2)).toEqual({ text: '3.41', unit: 'USDT' });
    expect(shownFigure({ figure: { ...figure, value: null }, style: 'money' }).text).toBe('\u2013');
    expect(shownFigure({ figure: { ...figure, value: '1234567.000001' }, style: 'quantity' }).text).toBe('1,234,567.000001');
    expect(shownFigure({ figure: { ...figure, value: '0.18572', unit: '' }, style: 'percent' })).toEqual({ text: '18.57', unit: '%' });
    const hourly = { figure: { ...figure, value: '0.0000125', unit: 'per hour' }, style: 'rate' } as const;
    expect(shownFigure({ ...hourly, rateUnit: '8h' })).toEqual({ text: '+0.0100', unit: '%/8h' });
    expect(shownFigure({ ...hourly, rateUnit: 'apr' })).toEqual({ text: '+10.95', unit: '% APR' });
  });
  it('are all in the summary, with where each input comes from', () => {
    const text = summaryText({
      title: 'Position size: TAO',
      time: 'now',
      head: 'Buy',
      fields,
      typed: { stop: '90' },
      live: live(),
      unitOf: ({ unit }) => unit,
      groups,
      problems: [],
    });
    expect(text).toContain('Stop: 90 {quote} (typed)');
    expect(text).toContain('Equity: 10000 {equity} (saved)');
    expect(text).toContain('Entry: 100 {quote} (mark of Binance USD-M, on the tick)');
    for (const { name } of groups.flatMap(({ rows }) => rows)) expect(text).toContain(`  ${name}: `);
  });
  it('of two contracts of one venue have their rules told apart', () => {
    const rules = facts.rules && { ...facts.rules, notes: ['A market order holds at most 100 SOL.'] };
    const leg = pair({ facts: { ...facts, rules }, venue: 'Binance USD-M' }).legs.long;
    const notes = carryRulesNotes({
      ...pair().legs,
      long: { ...leg, name: 'SOL/USDT Binance USD-M' },
      short: { ...leg, name: 'SOL/USDC Binance USD-M' },
    });
    expect(notes).toEqual([
      'SOL/USDT Binance USD-M: A market order holds at most 100 SOL.',
      'SOL/USDC Binance USD-M: A market order holds at most 100 SOL.',
    ]);
  });
  it('are copied with the leg that an input belongs to, and only with what was read', () => {
    const legs = flat(carryGroups('perp', 'perp', { long: 'TAO Alpha', short: 'TAO Beta' }));
    const texts = { 'long.slipBps': '2', 'short.slipBps': '3', 'long.from': 'book', 'short.from': 'bps', 'short.maintenance': '2 tiers' };
    const text = summaryText({
      title: '',
      time: '',
      head: '',
      fields: legs,
      typed: texts,
      live: {},
      unitOf: ({ unit }) => unit,
      groups: [],
      problems: [],
    });
    expect(text).toContain('  Slippage, short: 3 bps (typed)');
    expect(text).not.toContain('Slippage, long');
    expect(text).toContain('  Maintenance, short: 2 tiers (typed)');
  });
});

describe('scenarios', () => {
  const typed = {
    stop: '94',
    targets: '110 120',
    byVolatility: 'on',
    'funding.rate': '0.02',
    maintenance: '0.7',
    slipFrom: 'book',
    openAt: '2026-01-01 08:00',
  };
  const scenario: Scenario = {
    id: '1',
    name: 'one',
    kind: 'size',
    instruments: [row.instrument.id],
    typed: [...Object.keys(typed), 'equity', 'risk'],
    input: sizeInput(basis, typed, live(typed)),
    savedAt: 0,
    position: null,
  };
  it('bring back every field that was typed, in its own unit, and none that was live', () => {
    expect(typedOf(scenario, constants)).toEqual(typed);
    expect(typedOf(scenario, { ...constants, equity: '5000' })).toEqual({ ...typed, equity: '10000' });
    const again = typedOf(scenario, constants);
    expect(sizeInput(basis, again, live(again))).toEqual(scenario.input);
  });
  it('read each field of an input', () => {
    const read = Object.fromEntries(fields.map((field) => [field.key, textIn(scenario.input, field)]));
    expect(read).toMatchObject({ side: 'long', entry: '100', 'funding.rate': '0.02', slipFrom: 'book', bySignal: null });
  });
  it('stand side by side with what differs marked', () => {
    const other = { ...typed, stop: '96' };
    const groups = compare(scenario, { ...scenario, id: '2', input: sizeInput(basis, other, live(other)) }, '8h');
    const pairs = groups.flatMap((group) => group.rows);
    expect(pairs.find(({ name }) => name === 'Stop')).toMatchObject({ left: '94 USDT', right: '96 USDT', differs: true });
    expect(pairs.find(({ name }) => name === 'Leverage')?.left).toMatch(/^\d+ x$/u);
    expect(pairs.find(({ name }) => name === 'Side')?.left).toBe('Long');
    expect(pairs.find(({ name }) => name === 'Equity')?.differs).toBe(false);
    expect(pairs.find(({ name }) => name === 'Quantity')?.differs).toBe(true);
  });
});

describe('the drawing', () => {
  it('marks entry, stop, targets, break-even and liquidation', () => {
    const outcome = profitOutcome(sizeInput(basis, { targets: '110' }, live()));
    expect(outcome?.marks.map(({ text }) => text).sort()).toEqual(['break-even', 'entry', 'liquidation, est.', 'stop', 'target']);
    expect(profitOutcome(sizeInput(basis, { stop: '101' }, live()))).toBeNull();
  });
  it('says what is marked beyond its edges', () => {
    const of = (typed: Readonly<Record<string, string>>) => {
      const outcome = profitOutcome(sizeInput(basis, typed, live(typed)));
      return outcome && beyondText(outcome);
    };
    expect(of({ leverage: '2' })).toMatch(/^\u2190 liquidation, est\. 50\.\d+$/u);
    expect(of({ leverage: '2', side: 'short', stop: '105' })).toMatch(/^liquidation, est\. 149\.\d+ \u2192$/u);
    expect(of({ leverage: '15' })).toBe('');
  });
  it('of a carry ends at its funding over the hold, and at what is expected of it', () => {
    const perp = {
      kind: 'perp',
      price: '100',
      feeIn: '0',
      feeOut: '0',
      lotStep: '0.001',
      intervalH: 8,
      nextFundingAt: 8 * HOUR,
      leverage: 5,
    } as const;
    const input: CarryInput = {
      long: { ...perp, rate: '-0.0001' },
      short: { ...perp, rate: '0.0003' },
      quantity: 10,
      openAt: 1,
      holdH: 72,
      reversion: { meanPerHour: 0, halfLifeH: 24 },
    };
    const result = carry(input);
    const lines = carryOutcome(input, result.figures)?.lines ?? [];
    expect(lines[0]?.y.at(-1)).toBeCloseTo(Number(result.figures.funding.value), 9);
    expect(lines[1]?.y.at(-1)).toBeCloseTo(Number(result.figures.expectedFunding.value), 9);
    expect(lines[1]?.x.at(-1)).toBe(lines[0]?.x.at(-1));
  });
  it('names neighbours in rows of their own', () => {
    const mark = (x: number) => ({ x, y: 0, text: 'break-even' });
    const rows = rowsOf([mark(50), mark(50.1), mark(90)], { min: 0, max: 100 }, 500);
    expect(rows[0]).not.toBe(rows[1]);
    expect(rows[2]).toBe(0);
  });
});
