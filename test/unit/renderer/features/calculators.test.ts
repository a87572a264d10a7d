import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SearchHit } from '#bridge/contract.ts';
import type { CalculatorFacts } from '#bridge/facts.ts';
import type { Scenario } from '#bridge/scenario.ts';
import type { CalculatorSettings } from '#bridge/settings.ts';
import { defaultSettings } from '#core/default-settings.ts';
import type { CarryInput } from '#domain/decisions/carry-input.ts';
import { carry } from '#domain/decisions/carry.ts';
import { exact } from '#domain/decisions/exact.ts';
import { sizePosition } from '#domain/decisions/size.ts';
import { beyondText, rowsOf } from '#renderer/charts/outcome-option.ts';
import { type Basis, liveOf, namesOf, onTick } from '#renderer/features/calculators/basis.ts';
import { flat, type LiveMap, listOf, problemsAt, textIn, textsOf, timeOf, timeText } from '#renderer/features/calculators/fields.ts';
import { bookFreshMs, bookWarnings, withoutDeadBook } from '#renderer/features/calculators/book-age.ts';
import { type CarryBasis, carryGroups, carryInput, carryLive, type LegBasis } from '#renderer/features/calculators/carry.ts';
import { carryCautions, cautioned, singleCaution } from '#renderer/features/calculators/cautions.ts';
import { carryGroupsOf, moneyDecimals, shownFigure, sizeGroups } from '#renderer/features/calculators/figures.ts';
import { fundingInput } from '#renderer/features/calculators/funding.ts';
import { liquidationInput, withSize } from '#renderer/features/calculators/liquidation.ts';
import { canKeep } from '#renderer/features/calculators/own.ts';
import { carryOutcome, profitOutcome } from '#renderer/features/calculators/outcomes.ts';
import { deadQuote, missingOf } from '#renderer/features/calculators/missing.ts';
import { partnersOf, pickPartner, SPOT } from '#renderer/features/calculators/partners.ts';
import { fromPercent, toPercent } from '#renderer/features/calculators/percent.ts';
import { compare, typedOf } from '#renderer/features/calculators/scenarios.ts';
import { SIZE_GROUPS, sizeInput } from '#renderer/features/calculators/size.ts';
import { summaryText } from '#renderer/features/calculators/summary.ts';
import { rowOf } from '../row.ts';

const HOUR = 3_600_000;
const row = rowOf({ mark: 100.003, nextFundingAt: 8 * HOUR });
const own: CalculatorSettings = defaultSettings(['binance']).calculators;
const facts: CalculatorFacts = {
  instrument: row.instrument,
  observedAt: 0,
  mark: 100.003,
  index: 100,
  rate: 0.0001,
  intervalH: 8,
  nextFundingAt: 8 * HOUR,
  openInterest: 1000,
  openInterestAt: 0,
  d: -0.00025,
  theta: 0.0005,
  rules: {
    lotStep: '0.001',
    tickSize: '0.01',
    minQuantity: '0.001',
    minNotional: '5',
    contractSize: '1',
    maxLeverage: '50',
    liquidationFee: null,
    maintenance: { kind: 'flat', rate: '0.005' },
    notes: [],
    at: 0,
  },
  book: { bids: [['99.99', '400']], asks: [['100.01', '300']], at: 0 },
  swing: { long: { value: 95, known: 24, of: 24 }, short: { value: 105, known: 24, of: 24 } },
  volatility: { value: 0.05, known: 72, of: 72 },
  closesTo: 0,
  reversion: { meanPerHour: 0.00001, halfLifeH: 24 },
  missing: [],
};
const basis: Basis = { row, facts, own, venue: 'Binance USD-M', freshMs: 65_000, bookFreshMs: 12_000, now: 0 };
const fields = flat(SIZE_GROUPS);
const live = (typed: Readonly<Record<string, string>> = {}): LiveMap => liveOf(basis, typed);

describe('percent', () => {
  it('moves the point both ways without losing a digit', () => {
    const decimal = fc.tuple(fc.integer({ min: -1_000_000, max: 1_000_000 }), fc.integer({ min: 0, max: 8 }));
    fc.assert(
      fc.property(decimal, ([digits, places]) => {
        const text = exact(digits).div(exact(10).pow(places)).toFixed();
        expect(exact(fromPercent(toPercent(text))).eq(text)).toBe(true);
      }),
    );
    expect(fromPercent('0.05')).toBe('0.0005');
    expect(toPercent('0.1')).toBe('10');
  });
  it('leaves what is no number to the calculator', () => {
    for (const text of ['', 'much', '1,5', '--1', '1e9999']) expect(fromPercent(text)).toBe(text);
  });
});

describe('a calculator fills itself', () => {
  it('with the mark on its tick, the fees of the tier, the steps and a stop on the right side', () => {
    const text = textsOf({}, live());
    expect(text('entry')).toBe('100');
    expect(text('feeIn')).toBe('0.05');
    expect(text('lotStep')).toBe('0.001');
    expect(text('funding.rate')).toBe('0.01');
    expect(Number(text('stop'))).toBeCloseTo(95, 6);
    expect(Number(textsOf({ side: 'short' }, live({ side: 'short' }))('stop'))).toBeCloseTo(105, 6);
    expect(sizePosition(sizeInput(basis, {}, live())).problems).toEqual([]);
  });
  it('gives the reference position of the definitions once its inputs are typed', () => {
    const typed = { entry: '100', stop: '95', holdH: '0', leverage: '10' };
    const { figures } = sizePosition(sizeInput(basis, typed, live(typed)));
    expect(figures.quantity.value).toBe('19.468');
    expect(figures.lossAtStop.value).toBe('99.997382');
    expect(figures.breakEven.value?.slice(0, 10)).toBe('100.140098');
  });
  it('passes what is typed through, and takes the venue\u2019s rule until a flat rate is typed', () => {
    expect(sizeInput(basis, {}, live()).maintenance).toEqual({ kind: 'flat', rate: '0.005' });
    expect(sizeInput(basis, { maintenance: '1' }, live()).maintenance).toEqual({ kind: 'flat', rate: '0.01' });
    expect(sizeInput(basis, { maintenance: ' ' }, live()).maintenance).toBeNull();
    expect(sizeInput(basis, { slipFrom: 'book' }, live()).book?.asks).toEqual([['100.01', '300']]);
    expect(sizeInput(basis, {}, live()).scale).toEqual({ volatility: null, signal: null });
    expect(sizeInput(basis, { bySignal: 'on' }, live()).scale?.signal).toEqual({ d: '0.00025', theta: '0.0005' });
  });
  it('hands the size on to liquidation and funding', () => {
    const shared = withSize(basis, {}, live());
    const size = sizePosition(sizeInput(basis, {}, live())).figures;
    expect(liquidationInput(basis, {}, shared).contracts).toBe(size.contracts.value);
    expect(fundingInput(basis, {}, shared)).toMatchObject({ notional: size.notional.value, rate: '0.0001', intervalH: '8' });
    expect(withSize(basis, { stop: '200' }, live({ stop: '200' }))['contracts']).toBeUndefined();
  });
  it('says nothing of what is not known', () => {
    const bare = liveOf({ ...basis, facts: null }, {});
    expect(bare['lotStep']).toBeUndefined();
    expect(bare['stop']).toBeUndefined();
    expect(liquidationInput({ ...basis, facts: null }, {}, bare).maintenance).toEqual({ kind: 'flat', rate: '' });
  });
  it('puts a stop on the tick, never nearer than it was meant', () => {
    expect(onTick(95.019, '0.05', 'long')).toBe('95');
    expect(onTick(105.01, '0.05', 'short')).toBe('105.05');
    expect(onTick(0.000123456789, null, 'long')).toBe('0.000123457');
  });
});

describe('what is wrong stands at its field', () => {
  const at = (typed: Readonly<Record<string, string>>) => {
    const { problems } = sizePosition(sizeInput(basis, typed, live(typed)));
    return problemsAt(problems, fields, textsOf(typed, live(typed)));
  };
  it('in the unit it was typed in', () => {
    expect(at({ risk: '150' }).get('risk')?.[0]).toEqual({
      field: 'risk',
      wrong: '150 % is above 100 %.',
      right: 'Enter percent above 0 and at most 100, such as 1.',
    });
    expect(at({ feeIn: 'x' }).get('feeIn')?.[0]?.right).toContain('percent');
  });
  it('also for one of several prices, a path that calculators name otherwise, and a rule', () => {
    expect(at({ targets: '120 80' }).get('targets')?.[0]?.wrong).toContain('80');
    expect(at({ 'funding.intervalH': '' }).get('funding.intervalH')).toHaveLength(1);
    expect(at({ maintenance: '200' }).get('maintenance')?.[0]?.wrong).toBe('200 % is above 99 %.');
    expect(at({ stop: '101' }).get('stop')?.[0]?.right).toBe('Enter a stop below 100.');
  });
  it('a time in the way that times are typed', () => {
    expect(at({ openAt: 'tomorrow' }).get('openAt')?.[0]).toEqual({
      field: 'openAt',
      wrong: '"tomorrow" is not a time.',
      right: 'Enter a time in UTC before the year 2100, such as 2026-01-31 08:00.',
    });
    expect(at({ 'funding.nextFundingAt': '' }).get('funding.nextFundingAt')?.[0]?.wrong).toBe('Nothing is entered.');
  });
  it('and a risk that is too small for the venue is asked for in percent', () => {
    const right = at({ risk: '0.0001' }).get('risk')?.[0]?.right ?? '';
    expect(right).toMatch(/^Risk at least [\d.]+ % of the equity/u);
    const needed = right.split(' ')[3] ?? '';
    expect(at({ risk: needed }).size).toBe(0);
  });
});

it('warns of dead quotes that nobody has typed over', () => {
  expect(deadQuote(fields, live(), {}, 299_000)).toEqual([]);
  expect(deadQuote(fields, live(), {}, 480_000)[0]?.wrong).toBe('The venue has not answered for 8 min.');
  const typed = { entry: '1', 'funding.rate': '0', 'funding.intervalH': '8', 'funding.nextFundingAt': '2026-01-01 08:00' };
  expect(deadQuote(fields, live(typed), typed, 480_000)).toEqual([]);
});

describe('a walked book', () => {
  const sheetAt = (now: number, typed: Readonly<Record<string, string>>, of: LiveMap, from: CalculatorFacts | null = facts) => ({
    now,
    text: textsOf(typed, of),
    live: (key: string) => of[key] ?? null,
    isTyped: (key: string) => typed[key] !== undefined,
    missing: (key: string) => missingOf(from, null, key),
    type: () => undefined,
    reset: () => undefined,
    keep: () => undefined,
    unit: () => '',
    options: () => [],
  });
  const walked = { slipFrom: 'book' };
  it('is fresh for three refreshes of real time, whatever the speed of the clock, and then says its age', () => {
    expect(bookFreshMs(1)).toBe(12_000);
    expect(bookFreshMs(60)).toBe(720_000);
    const of = (now: number, typed: Readonly<Record<string, string>>) => bookWarnings(fields, sheetAt(now, typed, live(typed)));
    expect(of(12_000, walked)).toEqual([]);
    expect(of(14_000, {})).toEqual([]);
    expect(of(14_000, walked)).toEqual([
      {
        field: 'book',
        wrong: 'The order book is 14 s old: the market may have moved.',
        right: 'Type the slippage, or wait for the venue.',
      },
    ]);
    expect(problemsAt(of(14_000, walked), fields, textsOf(walked, live(walked))).get('slipFrom')).toHaveLength(1);
    // Not the same as a dead quote.
    const quoteless = { ...live(walked), entry: undefined, mark: undefined };
    expect(
      deadQuote(
        fields.filter(({ key }) => key === 'slipFrom' || key === 'topOfBook'),
        quoteless,
        walked,
        900_000,
      ),
    ).toEqual([]);
  });
  it('is none after five minutes of real time: no slippage, and the reason', () => {
    expect(withoutDeadBook(facts, 300_000, 1)).toBe(facts);
    expect(withoutDeadBook(facts, 300_000 * 60, 60)).toBe(facts);
    expect(withoutDeadBook(null, 0, 1)).toBeNull();
    const dead = withoutDeadBook(facts, 360_000, 1);
    expect(dead?.book).toBeNull();
    expect(missingOf(dead, null, 'slipFrom')).toBe('The order book is 6 min old: too old to work out a fill from it.');
    const input = sizeInput({ ...basis, facts: dead }, walked, liveOf({ ...basis, facts: dead }, walked));
    const { problems, figures } = sizePosition(input);
    expect(problems.map(({ field }) => field)).toEqual(['book']);
    expect(figures.quantity.value).toBeNull();
  });
  it('of a carry that is dead leaves the typed slippage, and says so at the leg', () => {
    const dead = withoutDeadBook(facts, 360_000, 1);
    const { legs, of } = pair({ facts: dead });
    const sheet = sheetAt(360_000, {}, of, dead);
    expect(carryInput(legs, {}, of).long.book).toBeNull();
    expect(bookWarnings(flat(carryGroups('perp', 'perp', { long: '', short: '' })), sheet)).toEqual([
      {
        field: 'long.book',
        wrong: 'The order book is 6 min old: too old to work out a fill from it.',
        right: 'Slippage is taken as typed until there is a book.',
      },
      expect.objectContaining({ field: 'short.book', wrong: 'The order book is 6 min old: the market may have moved.' }),
    ]);
  });
});

/** A carry of two venues; the short leg's book is alive. */
function pair(over: Partial<LegBasis> = {}, typed: Readonly<Record<string, string>> = {}) {
  const leg = {
    kind: 'perp',
    instrument: 'binance:TAOUSDT',
    name: 'TAO',
    venueId: 'binance',
    venue: 'Binance',
    facts,
    freshMs: 65_000,
  } as const;
  const legs: CarryBasis = {
    long: { ...leg, bookFreshMs: 12_000, ...over },
    short: { ...leg, bookFreshMs: 12_000, venueId: 'bybit' },
    spread: null,
    own,
    now: 0,
    asset: 'TAO',
    quote: 'USDT',
  };
  return { legs, of: carryLive(legs, typed) };
}

describe('an assumed maintenance rate', () => {
  const flatRate = 'Assumes 0.5 % maintenance';
  it('is said beside the liquidation price, louder for a large position, and not where it is typed or the venue\u2019s table', () => {
    expect(singleCaution(basis, {}, '49999', 'USDT')).toMatchObject({ strong: false, text: expect.stringContaining(flatRate) as unknown });
    expect(singleCaution(basis, {}, '50001', 'USDT')).toMatchObject({
      strong: true,
      text: expect.stringContaining('50,000 USDT') as unknown,
    });
    expect(singleCaution(basis, { maintenance: '1' }, '50001', 'USDT')).toBeNull();
    const rule = { kind: 'half-initial', tiers: [{ floor: '0', maxLeverage: '40' }] } as const;
    const tiered = { ...facts, rules: facts.rules && { ...facts.rules, maintenance: { kind: rule.kind, tiers: [...rule.tiers] } } };
    expect(singleCaution({ ...basis, facts: tiered }, {}, '50001', 'USDT')).toBeNull();
  });
  it('stands at the figure of each leg of a carry, and goes into what is copied', () => {
    const { legs, of } = pair();
    const result = carry(carryInput(legs, { 'short.maintenance': '2' }, of));
    const groups = cautioned(carryGroupsOf(result), carryCautions(legs, { 'short.maintenance': '2' }, result));
    const found = groups.flatMap(({ rows }) => rows).filter(({ caution }) => caution !== null);
    expect(found.map(({ id }) => id)).toEqual(['longLiquidation']);
    const text = summaryText({ title: '', time: '', head: '', fields: [], typed: {}, live: {}, unitOf: () => '', groups, problems: [] });
    expect(text).toMatch(/Long leg: .+USDT \(Assumes 0\.5 % maintenance/u);
  });
});

it('names its money with one word, the settle currency of a linear contract', () => {
  const instrument = { ...row.instrument, quote: 'USD', settle: 'USDC' };
  expect(namesOf({ instrument }).quote).toBe('USDC');
  expect(namesOf({ instrument: { ...instrument, contract: 'inverse', settle: 'BTC' } }).quote).toBe('USD');
});

it('a carry below a minimum is wrong at the field that gives its size', () => {
  const legFields = flat(carryGroups('perp', 'perp', { long: '', short: '' }));
  const at = (typed: Readonly<Record<string, string>>) => {
    const { legs, of } = pair({}, typed);
    return problemsAt(carry(carryInput(legs, typed, of)).problems, legFields, textsOf(typed, of));
  };
  expect([...at({ notional: '1' }).keys()]).toEqual(['notional']);
  expect(at({ notional: '1' }).get('notional')?.[0]?.right).toBe('Enter at least 5 per leg.');
  expect([...at({ quantity: '0.0001' }).keys()]).toEqual(['quantity']);
});

it('reads times and lists as they are typed', () => {
  expect(timeOf('2026-11-21 16:00')).toBe(String(Date.UTC(2026, 10, 21, 16)));
  expect(timeText(Number(timeOf('2026-11-21 16:00')))).toBe('2026-11-21 16:00');
  expect(timeOf('')).toBeNull();
  expect(timeOf('soon')).toBe('soon');
  expect(listOf(' 105, 110;120 ')).toEqual(['105', '110', '120']);
  expect(listOf('1,050')).toEqual(['1,050']);
});

it('remembers only what can be a constant', () => {
  expect(canKeep('equity', '12500.5')).toBe(true);
  for (const text of ['', 'x', '-1', '1e3', '1,000']) expect(canKeep('equity', text)).toBe(false);
  expect(canKeep('leverageCap', '')).toBe(true);
  expect(canKeep('margin', 'cross')).toBe(true);
});

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
    expect(text).toContain('Equity: 10000 {money} (yours)');
    expect(text).toContain('Entry: 100 {quote} (mark of Binance USD-M, on the tick)');
    for (const { name } of groups.flatMap(({ rows }) => rows)) expect(text).toContain(`  ${name}: `);
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
    expect(typedOf(scenario, own)).toEqual(typed);
    expect(typedOf(scenario, { ...own, equity: '5000' })).toEqual({ ...typed, equity: '10000' });
    const again = typedOf(scenario, own);
    expect(sizeInput(basis, again, live(again))).toEqual(scenario.input);
  });
  it('read each field of an input', () => {
    const read = Object.fromEntries(fields.map((field) => [field.key, textIn(scenario.input, field)]));
    expect(read).toMatchObject({ side: 'long', entry: '100', 'funding.rate': '0.02', slipFrom: 'book', bySignal: null });
  });
  it('stand side by side with what differs marked', () => {
    const other = { ...typed, stop: '96' };
    const groups = compare(scenario, { ...scenario, id: '2', input: sizeInput(basis, other, live(other)) });
    const pairs = groups.flatMap((group) => group.pairs);
    expect(pairs.find(({ name }) => name === 'Stop')).toMatchObject({ left: '94 USDT', right: '96 USDT', differs: true });
    expect(pairs.find(({ name }) => name === 'Leverage')?.left).toMatch(/^\d+ x$/u);
    expect(pairs.find(({ name }) => name === 'Side')?.left).toBe('Long');
    expect(pairs.find(({ name }) => name === 'Equity')?.differs).toBe(false);
    expect(pairs.find(({ name }) => name === 'Quantity')?.differs).toBe(true);
  });
});

describe('the other leg of a carry', () => {
  const hit = (id: string, perInterval: number, over: Partial<SearchHit> = {}): SearchHit => ({
    instrument: { ...row.instrument, id, venue: id.split(':')[0] ?? '', symbol: id.split(':')[1] ?? '' },
    rate: perInterval,
    intervalH: 8,
    listed: true,
    ...over,
  });
  it('is spot or any other linear perpetual of the asset, and the one that pays most is first choice', () => {
    const hits = [hit('bybit:TAOUSDT', -0.0008), hit('binance:TAOUSDT', 0.1), hit('bybit:OLD', 0.9, { listed: false })];
    const partners = partnersOf(row, [row], hits, (venue) => venue);
    expect(partners.map(({ id }) => id)).toEqual([SPOT, 'bybit:TAOUSDT']);
    expect(pickPartner(row, partners)).toEqual({ other: 'bybit:TAOUSDT', side: 'short' });
    expect(pickPartner(rowOf({ f: -0.001 }), partners)).toEqual({ other: SPOT, side: 'long' });
    expect(pickPartner(rowOf({ f: null }), partners)).toEqual({ other: SPOT, side: 'short' });
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
