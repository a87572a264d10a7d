import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatBytes,
  formatFixed,
  formatPrice,
  formatQuantity,
  formatRate,
  formatTheta,
  intervalText,
  perUnit,
  ratePercent,
  unitHeader,
} from '#renderer/format/numbers.ts';

const plain = (text: string): number => Number(text.replaceAll(',', '').replace('\u2212', '-'));

describe('formatFixed', () => {
  it('never writes a negative zero, nor a sign on zero', () => {
    expect(formatFixed(-0, 4, true)).toBe('0.0000');
    expect(formatFixed(-0.000_04, 4, true)).toBe('0.0000');
    expect(formatFixed(0.000_04, 4, true)).toBe('0.0000');
    expect(formatFixed(-0.000_06, 4, true)).toBe('\u22120.0001');
  });

  it('groups thousands and signs with a true minus', () => {
    expect(formatFixed(1234567.891, 2)).toBe('1,234,567.89');
    expect(formatFixed(-1095, 2, true)).toBe('\u22121,095.00');
    expect(formatFixed(12.5, 1, true)).toBe('+12.5');
    expect(formatFixed(999, 0)).toBe('999');
  });

  it('reads back to within half a unit of its last digit', () => {
    fc.assert(
      fc.property(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.integer({ min: 0, max: 8 }), (value, decimals) => {
        expect(Math.abs(plain(formatFixed(value, decimals, true)) - value)).toBeLessThanOrEqual(0.5 * 10 ** -decimals + 1e-9);
      }),
    );
  });
});

describe('formatRate', () => {
  const perHour = 0.000_012_5;

  it('shows one rate in every unit', () => {
    expect(formatRate(perHour, 8, 'interval')).toBe('+0.0100');
    expect(formatRate(perHour, 8, '1h')).toBe('+0.00125');
    expect(formatRate(perHour, 4, '8h')).toBe('+0.0100');
    expect(formatRate(perHour, 8, 'day')).toBe('+0.030');
    expect(formatRate(perHour, 8, 'apr')).toBe('+10.95');
  });

  it('is a dash where there is no value or no interval to state it in', () => {
    expect(formatRate(null, 8, '8h')).toBe('\u2013');
    expect(formatRate(Number.NaN, 8, '8h')).toBe('\u2013');
    expect(formatRate(perHour, null, 'interval')).toBe('\u2013');
    expect(formatRate(perHour, null, '8h')).toBe('+0.0100');
    expect(ratePercent(perHour, null, 'interval')).toBeNull();
  });

  it('names the unit in headers and sentences', () => {
    expect([unitHeader('interval'), unitHeader('1h'), unitHeader('apr')]).toEqual(['%/int', '%/1h', '% APR']);
    expect([perUnit('interval', 4), perUnit('interval', null), perUnit('8h', 4), perUnit('apr', 4)]).toEqual([
      'per 4h',
      'per interval',
      'per 8h',
      'a year',
    ]);
    expect([intervalText(8), intervalText(null), intervalText(0.5)]).toEqual(['8h', '\u2013', '0.5h']);
  });
});

describe('formatPrice', () => {
  it('keeps six significant digits below a thousand and cents above', () => {
    expect(formatPrice(95143.274)).toBe('95,143.27');
    expect(formatPrice(1234.5)).toBe('1,234.50');
    expect(formatPrice(0.35111)).toBe('0.351110');
    expect(formatPrice(12.3456789)).toBe('12.3457');
    expect(formatPrice(0.000_012_345_67)).toBe('0.0000123457');
    expect(formatPrice(0)).toBe('0');
    expect(formatPrice(null)).toBe('\u2013');
  });
});

const hourly = { unit: '1h', intervalH: null } as const;
it('formats thresholds, bytes and quantities for people', () => {
  expect([formatTheta(0.0005, hourly), formatTheta(0.000_012, hourly), formatTheta(0.000_001, hourly)]).toEqual([
    '0.0500',
    '0.00120',
    '0.000100',
  ]);
  expect([formatBytes(0), formatBytes(999), formatBytes(1000), formatBytes(12_600_000), formatBytes(1_234_000_000)]).toEqual([
    '0 B',
    '999 B',
    '1.0 kB',
    '12.6 MB',
    '1.2 GB',
  ]);
  expect([formatQuantity(62_150_000), formatQuantity(null)]).toEqual(['62.15M', '\u2013']);
});

it('annual rates of hundreds of percent keep to their column', () => {
  const apr = (percent: number): string => formatRate(percent / 100 / 8760, 8, 'apr');
  expect([10.95, 99.99, 123.456, 1131.531, -12_345.6].map(apr)).toEqual(['+10.95', '+99.99', '+123.5', '+1,132', '\u221212,346']);
});

it('a rate of an hour keeps its digits', () => {
  expect(formatRate(0.000_012_5, 1, 'interval')).toBe('+0.00125');
  expect(formatRate(0.000_012_5, 8, 'interval')).toBe('+0.0100');
});
