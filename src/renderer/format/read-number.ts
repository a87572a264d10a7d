import { isNumberText } from '#domain/number-text.ts';
import { type Notation, notation } from './notation.ts';

/**
 * What a typed number is. `plain`: with a point for decimals. `either`: it has two readings, a thousand times apart, and is refused.
 * Null: no number of this notation; what is wrong is said by those that take plain numbers only.
 */
export type ReadNumber = { readonly plain: string } | { readonly either: readonly [string, string] } | null;

/** "1.234": a point for decimals, or between thousands. */
const TWOFOLD = /^([+-]?[1-9]\d{0,2})\.(\d{3})$/u;
const SPACES = /[ \u00A0\u202F]/gu;
const BY_COMMAS = /^[+-]?[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?$/u;
const BY_POINTS = /^[+-]?[1-9]\d{0,2}(?:\.\d{3})+(?:,\d+)?$/u;
const BY_MARKS = /^[+-]?[1-9]\d{0,2}(?:_\d{3})+(?:[.,]\d+)?$/u;

/**
 * A text is one number in every notation that takes it, never another one: a lone mark before three digits is taken only as the decimal
 * mark of the notation.
 */
export function readNumberIn(text: string, { decimal, group }: Notation = notation()): ReadNumber {
  const typed = text.trim().replaceAll('\u2212', '-');
  const [, whole = '', part = ''] = decimal === ',' ? (TWOFOLD.exec(typed) ?? []) : [];
  if (whole !== '') return { either: [whole + part, `${whole},${part}`] };
  if (isNumberText(typed)) return { plain: typed };
  if (decimal === ',' && !typed.includes('.') && isNumberText(typed.replace(',', '.'))) return { plain: typed.replace(',', '.') };
  const isTwofold = typed.indexOf(',') === typed.lastIndexOf(',') && !typed.includes('.');
  if (BY_COMMAS.test(typed) && !isTwofold) return { plain: typed.replaceAll(',', '') };
  if (decimal === ',' && BY_POINTS.test(typed)) return { plain: typed.replaceAll('.', '').replace(',', '.') };
  return ownGroups(typed, decimal, group);
}

/** Thousands between spaces or apostrophes, where that is how the notation writes them. */
function ownGroups(typed: string, decimal: string, group: string): ReadNumber {
  if (group === '' || group === '.' || group === ',') return null;
  const marked = /^\s$/u.test(group) ? typed.replace(SPACES, '_') : typed.replaceAll(/[\u2019']/gu, '_');
  if (!BY_MARKS.test(marked) || marked.includes(decimal === ',' ? '.' : ',')) return null;
  return { plain: marked.replaceAll('_', '').replace(decimal, '.') };
}

/** What is typed as what the calculators take: they refuse a comma, so a number with two readings goes to them with one. */
export function forCalculators(text: string): string {
  const read = readNumberIn(text);
  if (read === null) return text;
  return 'plain' in read ? read.plain : read.either[1];
}

/** Why a number with two readings is none; null where it is one, or none at all. */
export function twofold(text: string): { readonly wrong: string; readonly right: string } | null {
  const read = readNumberIn(text);
  if (read === null || 'plain' in read) return null;
  const [many, few] = read.either;
  return { wrong: `${text.trim()} can be ${many} or ${few}.`, right: `Type ${many} or ${few}.` };
}
