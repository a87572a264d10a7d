import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exact } from '#domain/decisions/exact.ts';
import { sizePosition } from '#domain/decisions/size.ts';
import { liveOf, onTick } from '#renderer/features/calculators/basis.ts';
import { askedDecimals } from '#renderer/features/calculators/cautions.ts';
import { listOf, problemsAt, textsOf, timeOf, timeText } from '#renderer/features/calculators/fields.ts';
import { fundingInput } from '#renderer/features/calculators/funding.ts';
import { liquidationInput, withSize } from '#renderer/features/calculators/liquidation.ts';
import { canKeep } from '#renderer/features/calculators/constants.ts';
import { deadQuote } from '#renderer/features/calculators/missing.ts';
import { fromPercent, toPercent } from '#renderer/features/calculators/percent.ts';
import { sizeInput } from '#renderer/features/calculators/size.ts';
import { basis, fields, HOUR, live } from '../calculator.ts';

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
      wrong: '150 % is above 25 %.',
      right: 'Enter percent above 0 and at most 25, such as 1.',
    });
    expect(at({ feeIn: 'x' }).get('feeIn')?.[0]?.right).toContain('percent');
  });
  it('also for one of several prices, a path that calculators name otherwise, and a rule', () => {
    expect(at({ targets: '120 80' }).get('targets')?.[0]?.wrong).toContain('80');
    expect(at({ 'funding.intervalH': '' }).get('funding.intervalH')).toHaveLength(1);
    expect(at({ maintenance: '200' }).get('maintenance')?.[0]?.wrong).toBe('200 % is above 20 %.');
    expect(at({ stop: '101' }).get('stop')?.[0]?.right).toBe('Enter a stop below 100.');
  });
  it('a time in the way that times are typed', () => {
    expect(at({ openAt: 'tomorrow' }).get('openAt')?.[0]).toEqual({
      field: 'hold.openAt',
      wrong: '"tomorrow" is not a time.',
      right: 'Enter a time in UTC before the year 2100, such as 2026-01-31 08:00.',
    });
    expect(at({ 'funding.nextFundingAt': '' }).get('funding.nextFundingAt')?.[0]?.wrong).toBe('Missing.');
    expect(at({ openAt: '2026-02-30 08:00' }).get('openAt')?.[0]?.wrong).toBe('There is no 30 February 2026: it has 28 days.');
    expect(at({ openAt: '2026-01-31' }).get('openAt')?.[0]?.right).toBe('For its start in UTC type 2026-01-31 00:00.');
    expect(at({ openAt: '1769846400' }).get('openAt')?.[0]?.wrong).toContain('looks like seconds');
  });
  it('and says what to type, in percent where percent is typed', () => {
    expect(at({ feeIn: '2' }).get('feeIn')?.[0]).toEqual({
      field: 'feeIn',
      wrong: '2 % is above 1 %.',
      right: 'Enter a fee in percent, from -1 to 1, such as 0.05.',
    });
    expect(at({ feeIn: '0,05' }).get('feeIn')?.[0]?.right).toMatch(/^Type 0\.05\. Enter a fee in percent.* Use a point for decimals/u);
    expect(at({ feeIn: '0.05 %' }).get('feeIn')).toBeUndefined();
    expect(at({ 'funding.rate': '81' }).get('funding.rate')?.[0]).toEqual({
      field: 'funding.rate',
      wrong: '81 % in 8 h is more than 10 % an hour.',
      right: 'Enter the rate per interval in percent, such as 0.01; at most 10 an hour.',
    });
    expect(at({ equity: '10k' }).get('equity')?.[0]?.right).toBe('Type 10000. Enter a number above 0.');
    expect(at({ slipBps: '0.0002' }).get('slipBps')?.[0]?.wrong).toContain('no market is so tight');
  });
  it('and a risk that is too small for the venue is asked for in percent', () => {
    const right = at({ risk: '0.0001' }).get('risk')?.[0]?.right ?? '';
    expect(right).toMatch(/^Risk at least [\d.]+ % of the equity/u);
    const needed = right.split(' ')[3] ?? '';
    expect(at({ risk: needed }).size).toBe(0);
  });
});

it('warns of dead quotes that are not typed over', () => {
  expect(deadQuote(fields, live(), {}, 299_000)).toEqual([]);
  expect(deadQuote(fields, live(), {}, 480_000)[0]?.wrong).toBe('The venue has not renewed its values for 8 min.');
  const typed = { entry: '1', 'funding.rate': '0', 'funding.intervalH': '8', 'funding.nextFundingAt': '2026-01-01 08:00' };
  expect(deadQuote(fields, live(typed), typed, 480_000)).toEqual([]);
});

describe('a decimal typed in percent', () => {
  const asked = (typed: Readonly<Record<string, string>>) => {
    const [known, text] = [live(typed), textsOf(typed, live(typed))];
    return askedDecimals(fields, { text, live: (key) => known[key] ?? null, isTyped: (key) => typed[key] !== undefined });
  };
  it('is asked about, with what it would be', () => {
    expect(asked({ risk: '0.01' })).toEqual([
      { field: 'risk', wrong: '0.01 % is 0.0001 as a decimal: unusually little.', right: 'If 0.01 is the decimal, enter 1.' },
    ]);
    expect(asked({ feeIn: '0.0005' })[0]?.right).toBe('If 0.0005 is the decimal, enter 0.05.');
    expect(asked({ maintenance: '0.005' })[0]?.right).toBe('If 0.005 is the decimal, enter 0.5.');
  });
  it('but not where it is usual, nothing, or the venue\u2019s', () => {
    expect(asked({ risk: '0.5', feeIn: '0', feeOut: '-0.005', 'funding.rate': '0.0001' })).toEqual([]);
    expect(asked({})).toEqual([]);
  });
});

describe('the next settlement of a venue', () => {
  const next = (typed: Readonly<Record<string, string>>, change: Partial<typeof basis> = {}) =>
    liveOf({ ...basis, ...change }, typed)['funding.nextFundingAt'];
  it('is the first after the opening, also before the next poll and for an opening of another day', () => {
    expect(next({})).toMatchObject({ text: '1970-01-01 08:00', from: 'next settlement of Binance USD-M' });
    expect(next({}, { now: 8 * HOUR })).toMatchObject({
      text: '1970-01-01 16:00',
      from: 'next settlement of Binance USD-M, by its interval from there',
    });
    expect(next({ openAt: '1970-01-03 09:00' })?.text).toBe('1970-01-03 16:00');
    expect(sizePosition(sizeInput(basis, { openAt: '1970-01-03 09:00' }, live({ openAt: '1970-01-03 09:00' }))).problems).toEqual([]);
  });
  it('stays as it is said where it does not fit the interval, which the calculator refuses', () => {
    const odd = { ...basis, row: { ...basis.row, intervalH: 1 }, facts: null };
    expect(liveOf(odd, {})['funding.nextFundingAt']?.text).toBe('1970-01-01 08:00');
  });
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
  for (const text of ['', 'x', '-1', '1e3', '1,000', '0']) expect(canKeep('equity', text)).toBe(false);
  expect([canKeep('risk', '25'), canKeep('risk', '26'), canKeep('leverage', '0'), canKeep('borrowApr', '500')]).toEqual([
    true,
    false,
    false,
    false,
  ]);
  expect(canKeep('leverageCap', '')).toBe(true);
  expect(canKeep('margin', 'cross')).toBe(true);
});
