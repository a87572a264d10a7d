import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hasLongNumber, isSymbol, parseJson, readName } from '#node/venues/common/read.ts';

const before = (n: number): string => `{"a":"${'x'.repeat(n)}","b":`;

test('a number of 41 characters is found wherever it stands, one of 40 nowhere', () => {
  for (let n = 0; n < 90; n++) {
    for (const digits of ['1'.repeat(41), `-0.${'1'.repeat(38)}`, `1.5E+${'1'.repeat(36)}`, `1e-${'0'.repeat(38)}`])
      expect(hasLongNumber(`${before(n)}${digits}}`), `${digits} behind ${n}`).toBe(true);
    for (const digits of ['1'.repeat(40), `-0.${'1'.repeat(37)}`, `"${'1'.repeat(40)}"`])
      expect(hasLongNumber(`${before(n)}${digits}}`), `${digits} behind ${n}`).toBe(false);
  }
  expect([hasLongNumber(''), hasLongNumber('1'.repeat(40)), hasLongNumber('1'.repeat(41)), hasLongNumber('1'.repeat(500))]).toEqual([
    false,
    false,
    true,
    true,
  ]);
});

test('what is written with more digits than any number says nothing, and what stands beside it is read', () => {
  expect(parseJson('test', `{"a":${'9'.repeat(41)},"b":${'9'.repeat(15)}}`)).toEqual({ a: null, b: 999_999_999_999_999 });
});

test('a symbol and a name are what their patterns say, in Latin letters as in others', () => {
  const text = fc.string({ unit: fc.constantFrom(...Array.from('aZ09_.:/- @[`{¹É币龙\n')), maxLength: 42 });
  fc.assert(
    fc.property(text, (one) => {
      const isOne = /^[\p{L}\p{N}_.:/-]{1,40}$/u.test(one);
      return isSymbol(one) === isOne && readName(one) === (isOne && /^[\p{L}\p{N}]/u.test(one) ? one : null);
    }),
  );
});
