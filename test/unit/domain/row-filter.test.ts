import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type FieldKind, type FilteredRow, isExpression, parseFilter, passes } from '#domain/row-filter.ts';

const kinds: Record<string, FieldKind> = {
  d: 'percent',
  rate: 'percent',
  oi: 'money',
  age: 'time',
  int: 'hours',
  pctl: 'number',
  asset: 'text',
  venue: 'text',
  class: 'text',
};
const fields = new Map(Object.entries(kinds).map(([key, kind]) => [key, { key, kind }]));
const row = (numbers: Record<string, number>, words: Record<string, string[]> = {}): FilteredRow => ({
  text: Object.values(words).flat().join(' '),
  number: (key) => numbers[key] ?? NaN,
  words: (key) => words[key] ?? [],
});
function ask(text: string, of: FilteredRow): boolean | null {
  const { filter, fault } = parseFilter(text, fields);
  if (fault) throw new Error(`${fault.at}: ${fault.message}`);
  return passes(filter, of);
}
const faultOf = (text: string) => parseFilter(text, fields).fault;
const tao = row({ d: 0.06, rate: -0.2, oi: 25e6, age: 90, int: 4, pctl: 97 }, { asset: ['tao'], venue: ['binance', 'binance usd-m'] });

describe('a filter', () => {
  test.each([
    ['d > 0.05 and oi > 20m', true],
    ['d > 0.05 and oi > 30m', false],
    ['d>0.05 oi>=25M', true],
    ['d > 6bp', false],
    ['d >= 6bp', true],
    ['rate < -0.1%', true],
    ['rate > 0.1', false],
    ['|rate| > 0.1', true],
    ['|rate| > d', true],
    ['rate > d', false],
    ['oi = 25,000,000', true],
    ['oi < 0.03b', true],
    ['oi > 24999.9k', true],
    ['age < 2m', true],
    ['age < 1.5m', false],
    ['age <= 90s', true],
    ['int = 4h', true],
    ['int != 4', false],
    ['pctl >= 95', true],
    ['asset = TAO', true],
    ['asset = TA', false],
    ['asset ~ ta', true],
    ['venue != okx', true],
    ['venue = "Binance USD-M"', true],
    ['venue !~ usd', false],
    ['not asset = tao', false],
    ['asset = eth or d > 0 and oi > 1b', false],
    ['(asset = eth or d > 0) and oi > 1m', true],
    ['not (asset = eth or venue = okx)', true],
    ['binance d > 0', true],
    ['okx or tao', true],
    ['not okx', true],
    ['"usd-m" and tao', true],
    ['d > -1', true],
    ['d > \u22121', true],
  ])('%s: %s', (text, expected) => {
    expect(isExpression(text)).toBe(true);
    expect(ask(text, tao)).toBe(expected);
  });

  test('what is not known leaves it open, unless another part decides', () => {
    const unknown = row({ d: 0.06 }, { asset: ['tao'] });
    expect(ask('oi > 1m', unknown)).toBeNull();
    expect(ask('not oi > 1m', unknown)).toBeNull();
    expect(ask('oi > 1m and d > 0', unknown)).toBeNull();
    expect(ask('oi > 1m and d < 0', unknown)).toBe(false);
    expect(ask('oi > 1m or d > 0', unknown)).toBe(true);
    expect(ask('oi > 1m or d < 0', unknown)).toBeNull();
    // A venue may state no class of its contracts.
    for (const text of ['class = equity', 'class != equity', 'class !~ equity', 'not class = equity', 'class = equity and d > 0'])
      expect(ask(text, unknown)).toBeNull();
    expect(ask('class != equity and d < 0', unknown)).toBe(false);
  });

  test('words alone are no expression: a coin may be called NOT', () => {
    expect(['btc', 'not', 'or', 'and', 'btc binance', 'usd-m', 'not '].map(isExpression)).toEqual(Array(7).fill(false));
  });
});

describe('what cannot be read is said where it stands', () => {
  test.each([
    ['d >', 3, /value is missing/u],
    ['d > and', 4, /“and” is not a number/u],
    ['foo > 1', 0, /no column “foo”/u],
    ['d > 0.05 and in > 4', 13, /Did you mean int\?/u],
    ['0.05 < d', 0, /column first/u],
    ['(d > 1', 0, /not closed/u],
    ['d > 1)', 5, /No parenthesis is open/u],
    ['d > 1 and', 9, /Something is missing/u],
    ['and d > 1', 0, /missing before “and”/u],
    ['age < 30', 6, /30s, 5m or 2h/u],
    ['oi > 20q', 5, /20m, 1.5b or 500k/u],
    ['d > 1m', 4, /0.05 or 5bp/u],
    ['asset > a', 6, /Words are compared/u],
    ['d ~ 5', 2, /for words/u],
    ['|d > 1', 0, /not closed/u],
    ['|asset| = a', 0, /no size/u],
    ['d > oi', 4, /not of one unit/u],
    ['venue = "okx', 8, /quotation mark/u],
    ['d 1 > 2', 2, /column first/u],
    ['> 5', 0, /column before/u],
    ['()', 1, /missing before this parenthesis/u],
  ])('%s at %i', (text, at, message) => {
    const fault = faultOf(text);
    expect(fault?.at).toBe(at);
    expect(fault?.message).toMatch(message);
  });

  test('any text is a filter or has a fault within it', () => {
    const piece = fc.constantFrom('d', 'oi', '>', '<=', '~', '(', ')', 'and', 'or', 'not', '20m', '|', '"', ' ', '!', 'btc', '0.05');
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ maxLength: 30 }),
          fc.array(piece, { maxLength: 12 }).map((all) => all.join(' ')),
        ),
        (text) => {
          const { filter, fault } = parseFilter(text, fields);
          if (fault) return fault.at >= 0 && fault.at <= text.length && fault.message !== '';
          return [true, false, null].includes(passes(filter, tao));
        },
      ),
    );
  });
});
