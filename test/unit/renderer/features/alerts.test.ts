import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AlertState } from '#bridge/alert.ts';
import { alertRule, type AlertRule, type AlertTelling } from '#bridge/settings.ts';
import { USUAL_TELLING } from '#core/read/alerts/rule-terms.ts';
import { type AnyMetric, findMetric, METRICS } from '#domain/metrics/index.ts';
import { levelText, levelUnit, parseLevel, tailsOf, takenText } from '#renderer/features/alerts/alert-level.ts';
import { conditionsText, saidBefore, standingOf } from '#renderer/features/alerts/alert-words.ts';
import { type Draft, draftCondition, draftFrom, draftOf, readDraft } from '#renderer/features/alerts/draft.ts';
import { newTelling, readTelling, tellingDraft } from '#renderer/features/alerts/telling-draft.ts';
import { at } from '#test/support/at.ts';
import { rowOf } from '../row.ts';

function metricOf(name: string): AnyMetric {
  const metric = findMetric(name);
  if (metric === undefined) throw new Error(`no metric ${name}`);
  return metric;
}
const D = metricOf('ema-divergence');
const MONEY = metricOf('funding-money');
const units = ['interval', '1h', '8h', 'day', 'apr'] as const;

describe('a level', () => {
  test.each([
    ['0.4', 0.0005],
    ['\u22120.4 %', -0.0005],
    ['+.8', 0.001],
    ['8e-1', 0.001],
  ])('%s %%/8h is %d per hour', (text, value) => {
    expect(parseLevel(D, 'above', text, '8h')).toEqual({ ok: true, value });
  });
  test.each([
    ['1.5M', 1_500_000],
    ['2 k', 2000],
    ['250000', 250_000],
    ['.5b', 500_000_000],
  ])('%s of money is %d', (text, value) => {
    expect(parseLevel(MONEY, 'above', text, '8h')).toEqual({ ok: true, value });
  });
  test.each([
    ['', 'above', /^Missing\. Enter a level, such as 0\.05\.$/u],
    ['much', 'above', /^"much" is not a number\. Enter a level/u],
    ['1.2.3', 'above', /^"1\.2\.3" is not a number\. Enter a level/u],
    ['1e999', 'above', /beyond any market\. Enter/u],
    ['0', 'outside', /^0 is not above 0\. Enter a level above 0/u],
    ['-1', 'outside', /^-1 is not above 0\. Enter a level above 0/u],
    [
      '0,05',
      'above',
      /^"0,05" is not a number\. Type 0\.05\. Enter a level, .* Use a point for decimals and nothing between thousands\.$/u,
    ],
    ['1,250', 'above', /^"1,250" is not a number\. Type 1250, or 1\.25 if the comma is a decimal point\. /u],
    ["1'000", 'outside', /^"1'000" is not a number\. Type 1000\. /u],
    ['10k', 'above', /^"10k" is not a number\. Type 10000\. /u],
  ] as const)('"%s" %s says what would be right', (text, op, why) => {
    const read = parseLevel(D, op, text, '8h');
    expect(read.ok ? '' : read.why).toMatch(why);
  });
  test('of money asks too which comma is meant', () => {
    const why = (text: string): string => {
      const read = parseLevel(MONEY, 'above', text, '8h');
      return read.ok ? `is ${read.value}` : read.why;
    };
    expect(why('1,250')).toMatch(
      /^"1,250" is not a number\. Type 1250, or 1\.25 if the comma is a decimal point\. Enter a level, such as 250000 or 1\.5M\./u,
    );
    expect(why('1,5M')).toMatch(/^"1,5M" is not a number\. Type 1500000\. /u);
    // It cannot be read otherwise.
    expect(why('1,250,000.5')).toBe('is 1250000.5');
    expect(why('M')).toMatch(/^"M" is not a number\. Enter/u);
  });
  test('per interval is typed per 8 h: a rule holds for many instruments', () => {
    expect([levelUnit(D, 'interval'), levelText(D, 0.0005, 'interval')]).toEqual(['%/8h', '0.4']);
  });
  test('what is written reads back as the same level, of every metric and in every unit', () => {
    const level = fc.double({ min: -1e6, max: 1e6, noNaN: true }).map((value) => Number(value.toPrecision(6)) + 0);
    fc.assert(
      fc.property(fc.constantFrom(...METRICS), fc.constantFrom(...units), level, (metric, unit, value) => {
        fc.pre(value === 0 || Math.abs(value) > 1e-9);
        const read = parseLevel(metric, 'above', levelText(metric, value, unit), unit);
        expect(read.ok && read.value).toBeCloseTo(value, 15 - Math.max(0, Math.ceil(Math.log10(Math.abs(value) || 1)) + 3));
      }),
    );
  });
  test('what is taken is the figure beside the button', () => {
    expect(takenText(D, 0.000415_5123, '8h')).toBe('0.3324');
  });
});

test('rare values lie at the end that the comparison looks at', () => {
  const q = (sign: number) => ({ p1: sign, p5: 2 * sign, p90: 2.5 * sign, p95: 3 * sign, p99: 4 * sign });
  const known = { n: 4, of: q(1), ofSize: q(10), least: 0, most: 0, now: null, why: null };
  const values = (op: 'above' | 'below' | 'outside' | 'is') => tailsOf(op, known).map(({ value }) => value);
  expect([values('above'), values('below'), values('outside'), values('is')]).toEqual([[3, 4], [2, 1], [30, 40], []]);
  expect(tailsOf('above', { ...known, of: null })).toEqual([]);
});

describe('a draft', () => {
  const row = rowOf();
  test('from here is the signal of the selected instrument', () => {
    const save = readDraft(draftFrom(row, null, 'ai', 'day'), 'day', 'utc');
    const { theta, k, n } = row.params;
    expect(save).toMatchObject({ id: null, on: { instrument: row.instrument.id }, k, enabled: true });
    expect(save?.conditions).toEqual([{ choice: { metric: 'ema-divergence', params: { n } }, op: 'outside', level: theta }]);
  });
  test('on one instrument says within which list a metric over a basket compares, and of others none', () => {
    const draft = draftFrom(row, { metric: 'basket-divergence', params: {} }, 'ai', '8h');
    const level = draft.conditions.map((one) => ({ ...one, level: '1' }));
    expect(readDraft({ ...draft, conditions: level }, '8h', 'utc')?.on).toEqual({ instrument: row.instrument.id, among: 'ai' });
    expect(readDraft(draftFrom(row, null, 'ai', '8h'), '8h', 'utc')?.on).toEqual({ instrument: row.instrument.id, among: null });
  });
  test('from a pane of another metric waits for a level', () => {
    const draft = draftFrom(row, { metric: 'score', params: { w: 6 } }, 'ai', '8h');
    expect(draft.conditions).toEqual([{ choice: { metric: 'score', params: { w: 6 } }, op: 'outside', level: '' }]);
    expect(readDraft(draft, '8h', 'utc')).toBeNull();
  });
  test('of words compares words', () => {
    expect(draftCondition({ metric: 'regime', params: {} })).toMatchObject({ op: 'is', level: expect.stringMatching(/^\d+$/u) as string });
  });
  test('an alert that is opened and kept is the same alert', () => {
    const condition = fc.record({
      choice: fc.constantFrom(
        { metric: 'ema-divergence', params: { n: 24 } },
        { metric: 'stress', params: {} },
        { metric: 'regime', params: {} },
      ),
      op: fc.constantFrom('above', 'below', 'outside'),
      level: fc.integer({ min: 1, max: 5 }),
    });
    const rule: fc.Arbitrary<AlertRule> = fc.record({
      id: fc.constant('a1'),
      name: fc.constantFrom('Mine', 'Other'),
      on: fc.constantFrom<AlertRule['on']>({ instrument: 'alpha:BTCUSDT', among: null }, { list: 'ai' }),
      conditions: fc.array(condition, { minLength: 1, maxLength: 4 }),
      k: fc.integer({ min: 1, max: 240 }),
      enabled: fc.boolean(),
      since: fc.constant(5),
    });
    fc.assert(
      fc.property(rule, fc.constantFrom(...units), (one, unit) => {
        const again = readDraft(draftOf(one, 'alpha:ETHUSDT', 'majors', unit), unit, 'utc');
        expect({ ...again, since: one.since }).toEqual(alertRule.parse(one));
      }),
    );
  });
  test('is called what it asks unless it has a name; periods are whole', () => {
    const draft: Draft = draftFrom(row, null, 'ai', '8h');
    expect(readDraft(draft, '8h', 'utc')?.name).toMatch(/^EMA divergence.* outside \u00b1[\d.]+ %\/8h$/u);
    expect(readDraft({ ...draft, name: ' Mine ' }, '8h', 'utc')?.name).toBe('Mine');
    expect(['0', '1.5', '', '241'].map((k) => readDraft({ ...draft, k }, '8h', 'utc'))).toEqual([null, null, null, null]);
  });
});

describe('when it tells', () => {
  const own: AlertTelling = {
    severity: 'critical',
    repeat: { everyH: 4 },
    expiresAt: Date.UTC(2026, 9, 25, 6, 30),
    snoozedUntil: 5,
    cooldownMin: 0,
    quiet: { from: 1320, to: 420, zone: 'Europe/Berlin' },
    nearSettlementMin: 15,
    noDataH: 3,
  };
  test('is kept as it was when a rule is opened and kept, in either zone', () => {
    for (const zone of ['utc', 'local'] as const) expect(readTelling(tellingDraft(own), zone, own)).toEqual({ ok: true, value: own });
    expect(readTelling(newTelling, 'utc', undefined)).toEqual({ ok: true, value: USUAL_TELLING });
  });
  test('until when it tells is typed as every time is, in UTC', () => {
    const until = (expires: string) => readTelling({ ...newTelling, expires }, 'local', undefined);
    for (const typed of ['2026-10-25 06:30', '2026-10-25T08:30+02:00'])
      expect(until(typed)).toMatchObject({ value: { expiresAt: Date.UTC(2026, 9, 25, 6, 30) } });
    expect(until('2026-10-25')).toMatchObject({ ok: false, why: expect.stringContaining('2026-10-25 00:00') as string });
  });
  test('own hours that are changed go by the clocks that the person reads', () => {
    const read = readTelling({ ...tellingDraft(own), from: '23:00' }, 'utc', own);
    expect(read).toMatchObject({ value: { quiet: { from: 1380, to: 420, zone: 'UTC' } } });
  });
  test.each([
    [{ near: '0' }, 'near'],
    [{ cooldown: '1.5' }, 'cooldown'],
    [{ repeat: 'hours', everyH: '' }, 'everyH'],
    [{ quiet: 'own', from: '22:00', to: '22:00' }, 'to'],
    [{ quiet: 'own', from: '', to: '22:00' }, 'from'],
    [{ expires: 'soon' }, 'expires'],
    [{ noData: '999' }, 'noData'],
  ] as const)('%o cannot be used, and says where', (part, field) => {
    expect(readTelling({ ...newTelling, ...part }, 'utc', undefined)).toMatchObject({ ok: false, field });
  });
});

test('conditions in words', () => {
  expect(
    conditionsText(
      [
        { choice: { metric: 'ema-divergence', params: {} }, op: 'below', level: -0.0005 },
        { choice: { metric: 'regime', params: {} }, op: 'is', level: 1 },
        { choice: { metric: 'of-tomorrow', params: {} }, op: 'above', level: 1 },
      ],
      '1h',
    ),
  ).toMatch(/^EMA divergence.* \u2264 \u22120\.05 %\/1h and Regime.* is [a-z ]+ and of-tomorrow$/u);
});

test('an identical alert, and a level that is passed already, are said before it is saved', () => {
  const on = { instrument: 'alpha:BTCUSDT', among: null };
  const conditions = [{ choice: { metric: 'funding', params: {} }, op: 'above' as const, level: 0.001 }];
  const rules: AlertRule[] = [{ id: 'r1', name: 'High', on, conditions, k: 1, enabled: false, since: 0 }];
  const save = { id: null, on, conditions, k: 1 };
  const none = { holding: 0, instruments: 1 };
  expect(saidBefore(save, rules, none)).toBe('The alert \u201cHigh\u201d asks the same, and is switched off.');
  expect([saidBefore({ ...save, id: 'r1' }, rules, none), saidBefore({ ...save, k: 2 }, rules, null)]).toEqual([null, null]);
  expect(saidBefore(save, [], { holding: 1, instruments: 1 })).toMatch(/^The level is passed already: it tells once/u);
  expect(saidBefore(save, [], { holding: 2, instruments: 9 })).toContain('already on 2 of 9 instruments');
});

describe('how an alert stands', () => {
  const rule = alertRule.parse({
    id: 'r',
    name: 'R',
    on: { list: 'ai' },
    conditions: [{ choice: { metric: 'funding', params: {} }, op: 'above', level: 1 }],
    k: 3,
    enabled: true,
    since: 0,
  });
  const state = (phase: AlertState['phase'], why: string | null = null): AlertState => ({
    rule: 'r',
    instrument: 'alpha:BTCUSDT',
    phase,
    periods: 2,
    enteredAt: phase === 'active' ? 0 : null,
    at: 0,
    values: [why === null ? 1 : null],
    why: [why],
  });
  const said = (states: readonly AlertState[], change: Partial<AlertRule> = {}, isStale = false) =>
    standingOf({ ...rule, ...change }, states, {
      now: 7_200_000,
      unit: '8h',
      zone: 'utc',
      nameOf: () => 'BTC Alpha',
      isStale: () => isStale,
    });
  test('on one instrument', () => {
    expect(said([state('quiet')]).text).toBe('quiet');
    expect(said([state('building')]).text).toBe('building 2/3');
    expect(said([state('active')]).text).toBe('active 2h');
    expect(said([state('active')], {}, true).text).toBe('active 2h, stale');
    expect(said([state('no-data', 'warming-up')])).toMatchObject({
      kind: 'no-data',
      text: 'no data',
      title: expect.stringMatching(/^Warming up/u) as string,
    });
    expect(said([state('quiet')], { enabled: false }).text).toBe('off');
  });
  test('what keeps it from telling is said first', () => {
    const tells = { ...USUAL_TELLING, snoozedUntil: 7_200_000 + 3_600_000 };
    expect(said([state('active')], { tells })).toMatchObject({ kind: 'snoozed', text: 'snoozed 1h' });
    expect(said([state('active')], { tells: { ...tells, expiresAt: 7_000_000 } }).text).toBe('expired');
    expect(said([{ ...state('recovering'), spent: true }]).text).toBe('told once');
    expect(said([state('recovering')]).text).toBe('recovering');
    expect(said([state('error', 'unknown-metric')]).text).toBe('error');
  });
  test('on a list', () => {
    const many = [state('active'), state('building'), state('quiet'), state('no-data', 'gap')];
    expect(said(many)).toEqual({
      kind: 'active',
      text: '1 active of 4',
      title: '1 active, 1 building, 1 no data of 4 instruments: BTC Alpha',
    });
    expect(said(many, {}, true).text).toBe('1 active of 4, 1 stale');
    expect(said([state('quiet'), state('quiet')])).toMatchObject({ kind: 'quiet', text: 'quiet of 2' });
    expect(said([]).text).toBe('empty list');
    expect(at(said(many.slice(1, 3)).text.split(' '), 1)).toBe('building');
  });
});
