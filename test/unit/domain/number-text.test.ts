import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isNumberText } from '#domain/number-text.ts';
import { Reader } from '#domain/decisions/reader.ts';
import { parseJson, readAmount, readNumber, readTime } from '#node/venues/common/read.ts';
import { readRows } from '../../../src/cli/csv-rows.ts';

const LONG = '1'.repeat(1_000_000);
const FORTY = `0.${'1'.repeat(38)}`;

test('what a number is', () => {
  expect(['1', '-0.5', '.5', '5.', '+1e-7', '1E5', FORTY].filter((text) => !isNumberText(text))).toEqual([]);
  expect(['', ' 1', '1 ', '.', 'e5', '1e', '0x1', '1,5', 'NaN', 'Infinity', `${FORTY}1`, LONG].filter(isNumberText)).toEqual([]);
});

test('more than 40 characters of a venue are no number', () => {
  expect(readNumber(FORTY)).toBeCloseTo(1 / 9, 15);
  expect(readAmount(FORTY)).toBe(FORTY);
  for (const text of [LONG, `${LONG}x`, `${FORTY}1`, `0.${LONG}`])
    expect([readNumber(text), readTime(text), readAmount(text)]).toEqual([null, null, null]);
});

test('nor as a number of its JSON; what stands beside it is read', () => {
  const read = parseJson('A', `[{"mark":${FORTY}1,"rate":0.0001},{"mark":${LONG},"rate":-0.${LONG}},{"mark":${FORTY}}]`);
  expect(read).toEqual([{ mark: null, rate: 0.0001 }, { mark: null, rate: null }, { mark: Number(FORTY) }]);
  expect(parseJson('A', `{"id":"${LONG}","rate":1e-4}`)).toEqual({ id: LONG, rate: 1e-4 });
});

test('nor of a person, who is told so', () => {
  const reader = new Reader();
  expect(reader.number('rate', LONG, { right: 'Enter a rate.' }).isNaN()).toBe(true);
  expect(reader.problems).toEqual([
    { field: 'rate', wrong: '11111111111111111111... is 1000000 characters long; a number has at most 40.', right: 'Enter a rate.' },
  ]);
});

test('nor of a file', () => {
  expect(() => readRows(`ts_ms,rate\n1767225600000,${LONG}x\n`, 'a.csv', { symbol: null, zoneMs: 0 })).toThrow('a.csv, line 2');
  expect(() => readRows(`ts_ms,rate\n1767225600000,${FORTY}1\n`, 'a.csv', { symbol: null, zoneMs: 0 })).toThrow('a.csv, line 2');
});

test('it is what the pattern of a decimal number says, whatever the characters', () => {
  const pattern = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/iu;
  const text = fc.string({ unit: fc.constantFrom(...Array.from('0123456789.+-eE x')), maxLength: 12 });
  fc.assert(fc.property(text, (one) => isNumberText(one) === pattern.test(one)));
});
