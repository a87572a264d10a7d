import { Decimal } from 'decimal.js';
import { MAX_NUMBER_CHARS } from './number-text.ts';

/** What a text that is no plain number is meant to be, as plain decimal text. */
export interface Meant {
  readonly plain: string;
  /** The other reading, where one comma may part thousands or decimals; else null. */
  readonly or: string | null;
}

/** What a unit behind a number multiplies it by; null: such a unit has no place there. A unit that is not named counts as 1. */
export type Factors = Readonly<Record<string, number | null>>;

export const THOUSANDS: Factors = { k: 1e3, m: 1e6, mio: 1e6, mn: 1e6, b: 1e9, bn: 1e9, '%': null, bp: null, bps: null };

const SHAPE = /^([+-]?)(?:[$€£¥₿] ?)?([\d.,'’_][\d.,'’_ ]*)([a-z%$€£¥₿]{0,12})$/iu;
const GROUPED = /^[1-9]\d{0,2}(?:[,.'’_ ]\d{3})+$/u;

/** "1'000", "1 000,5", "$100", "10x", "10k" as what they stand for; null where that cannot be told. */
export function meantBy(text: string, factors: Factors = THOUSANDS): Meant | null {
  if (text.length > MAX_NUMBER_CHARS) return null;
  const trimmed = text.trim().replaceAll('\u2212', '-').replace(/\s/gu, ' ');
  const [, sign = '', body = '', unit = ''] = SHAPE.exec(trimmed) ?? [];
  const [first, second] = readings(body.trim());
  const name = unit.toLowerCase();
  const factor = Object.hasOwn(factors, name) ? (factors[name] ?? null) : 1;
  if (first === undefined || factor === null) return null;
  const scaled = (digits: string): string => new Decimal(digits).times(sign === '-' ? -factor : factor).toFixed();
  return { plain: scaled(first), or: second === undefined ? null : scaled(second) };
}

/** Digits with marks between them as plain decimals, the likelier first. */
function readings(body: string): [first?: string, second?: string] {
  const last = Math.max(body.lastIndexOf(','), body.lastIndexOf('.'));
  const mark = body[last] ?? '';
  const marks = [...new Set(body.replace(/\d/gu, ''))];
  const isOne = last >= 0 && body.indexOf(mark) === last;
  const [whole, part] = isOne ? [body.slice(0, last), body.slice(last + 1)] : [body, ''];
  const bare = (digits: string): string => digits.replace(/\D/gu, '');
  const grouped = GROUPED.test(body) && marks.length === 1 ? bare(body) : undefined;
  const isDecimal = isOne && /^\d*$/u.test(part) && /\d/u.test(body) && (/^\d*$/u.test(whole) || GROUPED.test(whole));
  const decimal = isDecimal ? `${bare(whole) || '0'}${part === '' ? '' : `.${part}`}` : undefined;
  if (/^\d+$/u.test(body)) return [body];
  // A single point is a decimal point; a single comma before three digits may be either.
  if ((mark === '.' && isOne) || grouped === undefined) return decimal === undefined ? [] : [decimal];
  return decimal === undefined ? [grouped] : [grouped, decimal];
}
