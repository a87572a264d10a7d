import { afterEach, describe, expect, it } from 'vitest';
import {
  forMachines,
  inField,
  inWords,
  type Notation,
  notation,
  notationOf,
  systemNotation,
  takeNotationFrom,
} from '#renderer/format/notation.ts';
import { formatCount, formatFixed, formatPrice, formatQuantity, formatRate, formatTheta } from '#renderer/format/numbers.ts';
import { plainNumber } from '#renderer/format/metric-text.ts';

const [point, comma, space, plain] = (['point', 'comma', 'space', 'plain'] as const).map((format) => notationOf(format)) as [
  Notation,
  Notation,
  Notation,
  Notation,
];
const write = (kept: Notation): void => takeNotationFrom({ notation: kept });
afterEach(() => write(point));

describe('numbers in each format', () => {
  it.each([
    ['point', point, '\u22121,234,567.50', '+0.0000125', '64,250.50', '12,400'],
    ['comma', comma, '\u22121.234.567,50', '+0,0000125', '64.250,50', '12.400'],
    ['space', space, '\u22121\u202F234\u202F567,50', '+0,0000125', '64\u202F250,50', '12\u202F400'],
    ['plain', plain, '\u22121234567.50', '+0.0000125', '64250.50', '12400'],
  ])('%s', (_, kept, negative, tiny, price, count) => {
    write(kept);
    expect(formatFixed(-1_234_567.5, 2)).toBe(negative);
    expect(formatFixed(0.0000125, 7, true)).toBe(tiny);
    expect(formatPrice(64_250.5)).toBe(price);
    expect(formatCount(12_400)).toBe(count);
    // No group is begun by three digits, and none stands behind the mark.
    expect(formatFixed(999, 0)).toBe('999');
    expect(formatFixed(-0.00001, 2)).toBe(`0${kept.decimal}00`);
  });

  it('writes rates, thresholds, quantities and fields with the mark of the format', () => {
    write(comma);
    expect(formatRate(0.0000125, 8, '8h')).toBe('+0,0100');
    expect(formatTheta(0.0005, { unit: '8h', intervalH: 8 })).toBe('0,4000');
    expect(formatQuantity(1_240_000)).toBe('1,24M');
    expect(plainNumber(-1250.5)).toBe('\u22121250,5');
    expect(inField('64250.5 0.001')).toBe('64250,5 0,001');
    // What is no number stays: a time, a name, half a word.
    expect(inField('1,234 5')).toBe('1.234 5');
    expect(inField('2026-01-31 08:00 v1.2.3 TAO')).toBe('2026-01-31 08:00 v1.2.3 TAO');
  });
});

describe('the system', () => {
  // CLDR: de 1.234,5; fr 1 234,5 (U+202F); pl and es write no group into four digits, but into seven; de-CH 1’234.5; en-IN groups by lakhs.
  it.each([
    ['en-US', '.', ','],
    ['de-DE', ',', '.'],
    ['es-ES', ',', '.'],
    ['fr-FR', ',', '\u202F'],
    // Of old tables ', of new ones ’.
    ['de-CH', '.', expect.stringMatching(/^['\u2019]$/u) as string],
    ['en-IN', '.', ','],
  ])('%s has its marks', (locale, decimal, group) => {
    expect(systemNotation(locale)).toEqual({ decimal, group });
  });

  it('takes Western digits where the locale has its own', () => {
    expect(formatFixed(1234.5, 1)).toBe('1,234.5');
    write(systemNotation('ar-EG'));
    expect(formatFixed(1234.5, 1)).toMatch(/^1\D?234\D5$/u);
  });
});

describe('sentences of the calculators', () => {
  it('have their numbers rewritten and nothing else', () => {
    expect(inWords('The budget is 1,250,000.5 USDT: type 0.0005, or -12.5 % at 2026-01-31 08:00.', comma)).toBe(
      'The budget is 1.250.000,5 USDT: type 0,0005, or -12,5 % at 2026-01-31 08:00.',
    );
    expect(inWords('Up to 50,000 USDT. Enter 64250.5.', space)).toBe('Up to 50\u202F000 USDT. Enter 64250,5.');
    expect(inWords('Up to 50,000 USDT.', plain)).toBe('Up to 50000 USDT.');
    expect(inWords('version 1.2.3, address 127.0.0.1, v2.5, 10,20', comma)).toBe('version 1.2.3, address 127.0.0.1, v2.5, 10,20');
    expect(inWords('1,234.5', point)).toBe('1,234.5');
  });
});

describe('what leaves the screen', () => {
  it('is written for machines, and the page goes on as it was', () => {
    write(comma);
    expect(forMachines(() => formatFixed(1234.5, 2))).toBe('1234.50');
    expect(notation()).toEqual(comma);
    expect(() =>
      forMachines(() => {
        throw new Error('no table');
      }),
    ).toThrow('no table');
    expect(formatFixed(1234.5, 2)).toBe('1.234,50');
  });
});
