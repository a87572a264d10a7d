import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fieldText, parseCount, parseField, parseTheta, stepped, takenTheta } from '#renderer/features/thresholds/theta-text.ts';
import { formatTheta, type Scale, thetaPhrase, thetaScale } from '#renderer/format/numbers.ts';

const RIGHT = 'Enter percent per 1h, above 0 and at most 10, such as 0.05.';
const hourly: Scale = { unit: '1h', intervalH: null };
const scales = [hourly, thetaScale('8h', 4), thetaScale('interval', 4), thetaScale('day', 8), thetaScale('apr', 8)];

describe('theta', () => {
  it('is typed in percent per hour and kept as a decimal', () => {
    expect(parseTheta('0.05', hourly)).toEqual({ ok: true, value: 0.0005 });
    expect(parseTheta(' 0.05 % ', hourly)).toEqual({ ok: true, value: 0.0005 });
    expect(parseTheta('0,05 %', hourly)).toEqual({
      ok: false,
      why: `"0,05" is not a number. Type 0.05. ${RIGHT} Use a point for decimals and nothing between thousands.`,
    });
    // The bound says which of the two it was.
    expect(parseTheta('1,250', hourly)).toMatchObject({
      why: expect.stringMatching(/^"1,250" is not a number\. Type 1\.25\. /u) as string,
    });
    expect(parseTheta('10', hourly)).toEqual({ ok: true, value: 0.1 });
    expect(parseTheta('10.1', hourly)).toEqual({ ok: false, why: `10.1 is above 10. ${RIGHT}` });
    expect(parseTheta('.1', hourly)).toEqual({ ok: true, value: 0.001 });
  });

  it('says what is wrong with what cannot be used', () => {
    for (const text of ['', 'much', '-0.05', '0', '1e5', '101', 'NaN', '0.05 0.06']) {
      const parsed = parseTheta(text, hourly);
      expect(parsed.ok, text).toBe(false);
      expect(parsed.ok ? '' : parsed.why).toContain(RIGHT);
    }
  });

  it('reads back what it writes', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 99_999 }),
        fc.integer({ min: -9, max: -6 }),
        fc.constantFrom(...scales),
        (digits, power, scale) => {
          const theta = Number(`${digits}e${power}`);
          const parsed = parseTheta(fieldText('theta', theta, scale), scale);
          expect(parsed.ok && parsed.value).toBe(theta);
        },
      ),
    );
    expect(fieldText('theta', 0.0005, hourly)).toBe('0.0500');
    expect(fieldText('theta', 0.000_007_79, hourly)).toBe('0.000779');
  });

  it('steps by half of the leading unit and never sticks at a power of ten', () => {
    expect(stepped('theta', 0.0005, 1, hourly)).toBeCloseTo(0.00055, 12);
    expect(stepped('theta', 0.001, -1, hourly)).toBeLessThan(0.001);
    expect(stepped('k', 3, -1, hourly)).toBe(2);
  });
});

it('counts are whole and in their bounds', () => {
  expect(parseCount('k', '3')).toEqual({ ok: true, value: 3 });
  expect(parseCount('k', '0').ok).toBe(false);
  // A thousand is not one.
  expect(parseCount('n', '1,000')).toEqual({
    ok: false,
    why: '"1,000" is not a number. Type 1000. Enter a whole number of hours of the average, 2 to 2160. Use a point for decimals and nothing between thousands.',
  });
  expect(parseCount('n', '1').ok).toBe(false);
  expect(parseCount('n', '12.5').ok).toBe(false);
  expect(parseField('n', '2160', hourly)).toEqual({ ok: true, value: 2160 });
  expect(parseField('k', '241', hourly).ok).toBe(false);
});

it('what is taken reads as what was shown', () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-7, max: 0.1, noNaN: true }), fc.constantFrom(...scales), (value, scale) => {
      expect(takenTheta(value, scale)).toBeGreaterThan(0);
      expect(formatTheta(takenTheta(value, scale), scale)).toBe(formatTheta(value, scale));
    }),
  );
  expect(takenTheta(0.000_021_451, hourly)).toBe(0.000_021_5);
});

describe('theta stands in the unit of the rates beside it', () => {
  it.each([
    ['1h', 4, '0.0500', '0.0500 % per 1h'],
    ['8h', 4, '0.4000', '0.4000 % per 8h'],
    ['interval', 4, '0.2000', '0.2000 % per 4h'],
    // Of all instruments, or of one whose interval is not known.
    ['interval', null, '0.4000', '0.4000 % per 8h'],
    ['day', 8, '1.2000', '1.2000 % per day'],
    ['apr', 8, '438.0000', '438.00 % a year'],
  ] as const)('0.05 %% per hour in %s of %s h', (unit, intervalH, field, phrase) => {
    const scale = thetaScale(unit, intervalH);
    expect(fieldText('theta', 0.0005, scale)).toBe(field);
    expect(thetaPhrase(0.0005, scale)).toBe(phrase);
    expect(parseTheta(field, scale)).toEqual({ ok: true, value: 0.0005 });
  });

  it('the bound and the example are of the same unit, and a step is one of what is shown', () => {
    const scale = thetaScale('8h', 4);
    expect(parseTheta('81', scale)).toEqual({
      ok: false,
      why: '81 is above 80. Enter percent per 8h, above 0 and at most 80, such as 0.4.',
    });
    expect(fieldText('theta', stepped('theta', 0.0005, 1, scale), scale)).toBe('0.4500');
  });
});
