import { readNumber, type NumberRule } from '#domain/decisions/reader.ts';

/** A number as a person typed it, or why it cannot be used, with what to type. */
export type TypedNumber = { readonly ok: true; readonly value: number } | { readonly ok: false; readonly why: string };

/** The calculators' reader and words for every other field; a true minus sign and a percent sign behind the number are taken. */
export function readTyped(text: string, rule: NumberRule): TypedNumber {
  const read = readNumber(text.trim().replaceAll('\u2212', '-').replace(/\s?%$/u, ''), rule);
  return 'wrong' in read ? { ok: false, why: `${read.wrong} ${read.right}` } : { ok: true, value: read.toNumber() + 0 };
}
