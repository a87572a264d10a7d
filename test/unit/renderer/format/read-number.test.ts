import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { PRICE } from '#domain/decisions/reader.ts';
import { formatFixed } from '#renderer/format/numbers.ts';
import { notationOf, type Notation, systemNotation, takeNotationFrom } from '#renderer/format/notation.ts';
import { forCalculators, readNumberIn } from '#renderer/format/read-number.ts';
import { readTyped } from '#renderer/format/typed.ts';

const point = notationOf('point');
const comma = notationOf('comma');
const space = notationOf('space');
const plain = notationOf('plain');
const swiss = systemNotation('de-CH');
const write = (kept: Notation): void => takeNotationFrom({ notation: kept });
afterEach(() => write(point));

describe('a typed number', () => {
  it.each([
    // By the definition of each format.
    ['1.5', point, '1.5'],
    ['1.234', point, '1.234'],
    ['1,234.5', point, '1234.5'],
    ['1,234,567', point, '1234567'],
    ['1,5', comma, '1.5'],
    ['1,234', comma, '1.234'],
    ['0,000125', comma, '0.000125'],
    ['-1.234,5', comma, '-1234.5'],
    ['\u22121.234.567,25', comma, '-1234567.25'],
    ['1.234.567', comma, '1234567'],
    ['1 234,5', space, '1234.5'],
    ['1\u202F234\u00A0567', space, '1234567'],
    ['1\u2019234.5', swiss, '1234.5'],
    ["1'234", swiss, '1234'],
    ['1234.5', plain, '1234.5'],
    // With points, as exchanges and this program's own copies write it, where that can be nothing else.
    ['64250.5', comma, '64250.5'],
    ['0.001', comma, '0.001'],
    ['1,234.5', comma, '1234.5'],
    ['1e-7', comma, '1e-7'],
  ])('%s is one number', (text, kept, means) => {
    expect(readNumberIn(text, kept)).toEqual({ plain: means });
  });

  it.each([
    ['1.234', '1234', '1,234'],
    ['-64.250', '-64250', '-64,250'],
    ['999.999', '999999', '999,999'],
  ])('%s may be two where the comma is the decimal mark', (text, many, few) => {
    expect(readNumberIn(text, comma)).toEqual({ either: [many, few] });
    expect(readNumberIn(text, space)).toEqual({ either: [many, few] });
  });

  it.each([
    ['1,234', point],
    ['1,5', point],
    ['1.234,5', point],
    ["1'234", point],
    ['1 234', comma],
    ['1,234', plain],
    ['1,2,3', comma],
    ['1.2.3', comma],
    ['12,34.5', point],
    ['0,123,456', point],
    ['1,', point],
    ['', comma],
    ['TAO', comma],
  ])('%s is none', (text, kept) => {
    expect(readNumberIn(text, kept)).toBeNull();
  });

  it('is never one number in one format and another in the next', () => {
    const formats = [point, comma, space, plain, swiss];
    const texts = fc.oneof(
      fc.string({ unit: fc.constantFrom('0', '1', '2', '3', '4', '.', ',', '-', ' ', '\u202F', '\u2019'), maxLength: 12 }),
      fc.tuple(fc.nat(999), fc.constantFrom('.', ',', ' '), fc.integer({ min: 100, max: 999 })).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const means = formats.flatMap((kept) => {
          const read = readNumberIn(text, kept);
          return read !== null && 'plain' in read ? [Number(read.plain)] : [];
        });
        // The mark of the format itself is what a person chose it for.
        if (!/^-?[1-9]\d{0,2}[.,]\d{3}$/u.test(text)) expect(new Set(means).size).toBeLessThanOrEqual(1);
        else expect(means.every((value) => Math.abs(value) < 1000)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('is read back as it was written, in every format', () => {
    const formats = [point, comma, space, swiss];
    fc.assert(
      fc.property(fc.integer({ min: -1_000_000_000, max: 1_000_000_000 }), fc.integer({ min: 1, max: 5 }), (whole, decimals) => {
        for (const kept of formats) {
          write(kept);
          const text = formatFixed(whole / 10 ** decimals, decimals);
          const read = readNumberIn(text, kept);
          if (read === null || !('plain' in read)) throw new Error(`${text} is not read`);
          expect(Number(read.plain)).toBe(Number((whole / 10 ** decimals).toFixed(decimals)));
        }
      }),
    );
  });
});

describe('what is said of it', () => {
  it('refuses two readings with both, in the words of the format', () => {
    write(comma);
    expect(readTyped('1.234', PRICE)).toEqual({ ok: false, why: '1.234 can be 1234 or 1,234. Type 1234 or 1,234.' });
    expect(readTyped('1,234', PRICE)).toEqual({ ok: true, value: 1.234 });
    expect(readTyped('12,5 %', PRICE)).toEqual({ ok: true, value: 12.5 });
    expect(readTyped('1,2,3', PRICE)).toEqual({
      ok: false,
      why: '"1,2,3" is not a number. Enter a price above 0, such as 64250,5. Use a comma for decimals and nothing between thousands.',
    });
    expect(readTyped('-0,5', PRICE)).toMatchObject({ why: '-0,5 is not above 0. Enter a price above 0, such as 64250,5.' });
  });

  it('gives the calculators nothing that they could read as one of the two', () => {
    write(comma);
    expect(forCalculators('1.234')).toBe('1,234');
    expect(forCalculators('1,234')).toBe('1.234');
    expect(forCalculators('half')).toBe('half');
  });
});
