import { COMMA, readNumber, type NumberRule } from '#domain/decisions/reader.ts';
import { inWords, notation } from './notation.ts';
import { forCalculators, twofold } from './read-number.ts';

/** A number as a person typed it, or why it cannot be used, with what to type. */
export type TypedNumber = { readonly ok: true; readonly value: number } | { readonly ok: false; readonly why: string };

/** What is said of typed numbers, in the notation that they are typed in. */
export const adviceInWords = (right: string): string =>
  inWords(notation().decimal === ',' ? right.replace(COMMA, ' Use a comma for decimals and nothing between thousands.') : right);

/** The calculators' reader and words for every other field; a true minus sign and a percent sign behind the number are taken. */
export function readTyped(text: string, rule: NumberRule): TypedNumber {
  const typed = text.trim().replaceAll('\u2212', '-').replace(/\s?%$/u, '');
  const two = twofold(typed);
  if (two !== null) return { ok: false, why: `${two.wrong} ${two.right}` };
  const read = readNumber(forCalculators(typed), rule);
  return 'wrong' in read
    ? { ok: false, why: `${inWords(read.wrong)} ${adviceInWords(read.right)}` }
    : { ok: true, value: read.toNumber() + 0 };
}
