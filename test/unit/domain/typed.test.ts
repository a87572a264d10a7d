import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isNumberText } from '#domain/number-text.ts';
import { meantBy } from '#domain/typed-number.ts';
import { readTime, timeWritten } from '#domain/typed-time.ts';

describe('a text that is no plain number stands for', () => {
  test.each([
    ["1'000", '1000', null],
    ['1’000.50', '1000.5', null],
    ['1 000', '1000', null],
    ['1\u00a0000\u202f000', '1000000', null],
    ['1_000', '1000', null],
    ['1,000,000', '1000000', null],
    ['1.000.000', '1000000', null],
    ['1,000.50', '1000.5', null],
    ['1.000,50', '1000.5', null],
    ['1,5', '1.5', null],
    ['0,001', '0.001', null],
    // The two readings of one comma before three digits.
    ['1,000', '1000', '1'],
    ['$100', '100', null],
    ['-$100', '-100', null],
    ['100 USDT', '100', null],
    ['€1.5', '1.5', null],
    ['10x', '10', null],
    ['10k', '10000', null],
    ['1.1K', '1100', null],
    ['2.5M', '2500000', null],
    ['\u22125', '-5', null],
  ])('%s: %s', (text, plain, or) => {
    expect(isNumberText(text)).toBe(false);
    expect(meantBy(text)).toEqual({ plain, or });
  });

  test.each(['', 'much', '--1', '1-2', '0x10', '1e5e', '1,2,3', '1 0', '5%', '2 bps', 'NaN', '1/3', '9'.repeat(41)])(
    '%s: unobserved can say',
    (text) => expect(meantBy(text)).toBeNull(),
  );

  test('a share takes its percent sign and basis points, slippage its own', () => {
    expect(meantBy('5%', { '%': 0.01 })?.plain).toBe('0.05');
    expect(meantBy('2bps', { bps: 0.0001 })?.plain).toBe('0.0002');
  });

  test('in time that does not depend on the digits, whatever is sent', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('1', '0', ',', '.', "'", ' ', 'e', 'k', '%', '$', '+', '-'), maxLength: 80 }),
        (text) => {
          const meant = meantBy(text);
          if (meant !== null) expect(isNumberText(meant.plain)).toBe(true);
        },
      ),
    );
    const long = '1'.repeat(2_000_000);
    expect(isNumberText(`${long}x`)).toBe(false);
    expect(meantBy(`${long}x`)).toBeNull();
    expect(readTime(`${long}x`)).toMatchObject({ wrong: expect.stringContaining('is not a time.') as string });
  });
});

describe('a time', () => {
  const at = Date.UTC(2026, 0, 31, 8);
  test.each([
    ['2026-01-31T08:00Z', at],
    ['2026-01-31T08:00:00Z', at],
    ['2026-01-31 08:00:00.250 UTC', at + 250],
    ['2026-01-31T10:00+02:00', at],
    ['2026-01-31T03:00-0500', at],
    ['2024-02-29T00:00Z', Date.UTC(2024, 1, 29)],
    [String(at), at],
    // Times of a sheet that counts from an opening at 0.
    ['0', 0],
    ['3600000', 3_600_000],
    ['3600000000', 3_600_000_000],
  ])('%s', (text, ms) => expect(readTime(text)).toBe(ms));

  test.each([
    ['2026-02-30T00:00Z', 'There is no 30 February 2026: it has 28 days.', ''],
    ['2025-02-29', 'There is no 29 February 2025: it has 28 days.', ''],
    ['2026-04-31T00:00Z', 'There is no 31 April 2026: it has 30 days.', ''],
    ['2026-13-01T00:00Z', '"2026-13-01T00:00Z": there is no month 13.', ''],
    ['2026-01-31T24:00Z', '"2026-01-31T24:00Z": there is no such time of day.', ''],
    [
      '2026-01-31T08:00',
      '"2026-01-31T08:00" does not say its zone.',
      'For UTC type 2026-01-31T08:00Z; other zones as +02:00 in place of the Z.',
    ],
    ['2026-01-31', '"2026-01-31" does not say the time of day.', 'For its start in UTC type 2026-01-31T00:00Z.'],
    [
      '1769846400',
      '1769846400 looks like seconds; times count in milliseconds.',
      'In milliseconds it is 1769846400000, that is 2026-01-31T08:00Z.',
    ],
    [
      '1769846400000000',
      '1769846400000000 looks like microseconds; times count in milliseconds.',
      'In milliseconds it is 1769846400000, that is 2026-01-31T08:00Z.',
    ],
    [
      '1769846400000000000',
      '1769846400000000000 looks like nanoseconds; times count in milliseconds.',
      'In milliseconds it is 1769846400000, that is 2026-01-31T08:00Z.',
    ],
    ['-1', '-1 ms since 1970 does not lie between 1970 and 2100.', ''],
    ['1769846400000.5', '1769846400000.5 is not a whole number of milliseconds.', ''],
    ['soon', '"soon" is not a time.', ''],
    ['31.01.2026 08:00', '"31.01.2026 08:00" is not a time.', ''],
  ])('%s is refused', (text, wrong, right) => expect(readTime(text)).toEqual({ wrong, right }));

  test('without a zone where the field says UTC, a day alone where days are asked for', () => {
    expect(readTime('2026-01-31 08:00', { zone: 'UTC' })).toBe(at);
    expect(readTime('2026-01-31', { day: true })).toBe(at - 8 * 3_600_000);
    expect(readTime('2026-02-30', { zone: 'UTC', day: true })).toMatchObject({ wrong: 'There is no 30 February 2026: it has 28 days.' });
  });

  test('is written so that it can be typed again', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_102_444_799_999 }), (ms) => {
        expect(readTime(timeWritten(ms))).toBe(ms);
      }),
    );
  });
});
