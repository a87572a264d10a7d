import { describe, expect, it } from 'vitest';
import type { SearchHit } from '#bridge/contract.ts';
import type { CalculatorFacts } from '#bridge/facts.ts';
import { carry } from '#domain/decisions/carry.ts';
import { sizePosition } from '#domain/decisions/size.ts';
import { liveOf, namesOf } from '#renderer/features/calculators/basis.ts';
import { flat, type LiveMap, problemsAt, textsOf } from '#renderer/features/calculators/fields.ts';
import { bookFreshMs, bookWarnings, withoutDeadBook } from '#renderer/features/calculators/book-age.ts';
import { carryGroups, carryInput } from '#renderer/features/calculators/carry.ts';
import { carryCautions, cautioned, singleCaution } from '#renderer/features/calculators/cautions.ts';
import { carryGroupsOf } from '#renderer/features/calculators/figures.ts';
import { deadQuote, missingOf } from '#renderer/features/calculators/missing.ts';
import { partnersOf, pickPartner, SPOT } from '#renderer/features/calculators/partners.ts';
import { sizeInput } from '#renderer/features/calculators/size.ts';
import { summaryText } from '#renderer/features/calculators/summary.ts';
import { rowOf } from '../row.ts';
import { basis, facts, fields, live, pair, row } from '../calculator.ts';

describe('a walked book', () => {
  const formAt = (now: number, typed: Readonly<Record<string, string>>, of: LiveMap, from: CalculatorFacts | null = facts) => ({
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
    const of = (now: number, typed: Readonly<Record<string, string>>) => bookWarnings(fields, formAt(now, typed, live(typed)));
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
    const form = formAt(360_000, {}, of, dead);
    expect(carryInput(legs, {}, of).long.book).toBeNull();
    expect(bookWarnings(flat(carryGroups('perp', 'perp', { long: '', short: '' })), form)).toEqual([
      {
        field: 'long.book',
        wrong: 'The order book is 6 min old: too old to work out a fill from it.',
        right: 'Slippage is taken as typed until there is a book.',
      },
      expect.objectContaining({ field: 'short.book', wrong: 'The order book is 6 min old: the market may have moved.' }),
    ]);
  });
});

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
    const groups = cautioned(carryGroupsOf(result, '8h'), carryCautions(legs, { 'short.maintenance': '2' }, result));
    const found = groups.flatMap(({ rows }) => rows).filter(({ caution }) => caution !== null);
    expect(found.map(({ id }) => id)).toEqual(['longLiquidation']);
    const text = summaryText({ title: '', time: '', head: '', fields: [], typed: {}, live: {}, unitOf: () => '', groups, problems: [] });
    expect(text).toMatch(/Long leg: .+USDT \(Assumes 0\.5 % maintenance/u);
  });
});

describe('the other leg of a carry', () => {
  const hit = (id: string, perInterval: number, over: Partial<SearchHit> = {}): SearchHit => ({
    instrument: { ...row.instrument, id, venue: id.split(':')[0] ?? '', symbol: id.split(':')[1] ?? '' },
    rate: perInterval,
    intervalH: 8,
    observedAt: null,
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
