import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCount, parseField, parseTheta, stepped, takenTheta, thetaText } from '#renderer/features/thresholds/theta-text.ts';
import { formatTheta } from '#renderer/format/numbers.ts';

const RIGHT = 'Enter percent per hour, above 0 and at most 10, such as 0.05.';

describe('theta', () => {
  it('is typed in percent per hour and kept as a decimal', () => {
    expect(parseTheta('0.05')).toEqual({ ok: true, value: 0.0005 });
    expect(parseTheta(' 0.05 % ')).toEqual({ ok: true, value: 0.0005 });
    expect(parseTheta('0,05 %')).toEqual({
      ok: false,
      why: `"0,05" is not a number. Type 0.05. ${RIGHT} Use a point for decimals and nothing between thousands.`,
    });
    // The bound says which of the two it was.
    expect(parseTheta('1,250')).toMatchObject({ why: expect.stringMatching(/^"1,250" is not a number\. Type 1\.25\. /u) as string });
    expect(parseTheta('10')).toEqual({ ok: true, value: 0.1 });
    expect(parseTheta('10.1')).toEqual({ ok: false, why: `10.1 is above 10. ${RIGHT}` });
    expect(parseTheta('.1')).toEqual({ ok: true, value: 0.001 });
  });

  it('says what is wrong with what cannot be used', () => {
    for (const text of ['', 'much', '-0.05', '0', '1e5', '101', 'NaN', '0.05 0.06']) {
      const parsed = parseTheta(text);
      expect(parsed.ok, text).toBe(false);
      expect(parsed.ok ? '' : parsed.why).toContain(RIGHT);
    }
  });

  it('reads back what it writes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 99_999 }), fc.integer({ min: -9, max: -6 }), (digits, power) => {
        const theta = Number(`${digits}e${power}`);
        const parsed = parseTheta(thetaText(theta));
        expect(parsed.ok && parsed.value).toBeCloseTo(theta, 14);
      }),
    );
    expect(thetaText(0.0005)).toBe('0.0500');
    expect(thetaText(0.000_007_79)).toBe('0.000779');
  });

  it('steps by half of the leading unit and never sticks at a power of ten', () => {
    expect(stepped('theta', 0.0005, 1)).toBeCloseTo(0.00055, 12);
    expect(stepped('theta', 0.001, -1)).toBeLessThan(0.001);
    expect(stepped('k', 3, -1)).toBe(2);
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
  expect(parseField('n', '2160')).toEqual({ ok: true, value: 2160 });
  expect(parseField('k', '241').ok).toBe(false);
});

it('what is taken reads as what was shown', () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-9, max: 0.1, noNaN: true }), (value) => {
      expect(takenTheta(value)).toBeGreaterThan(0);
      expect(formatTheta(takenTheta(value))).toBe(formatTheta(value));
    }),
  );
  expect(takenTheta(0.000_021_451)).toBe(0.000_021_5);
});
