import { exact, plainText } from '#domain/decisions/exact.ts';
import type { Problem } from '#domain/decisions/reader.ts';
import { isNumberText } from '#domain/number-text.ts';

/** Rates, fees and risk are percent on the screen and decimals inside: moved by two places exactly, never as binary floats. */

const isShort = (text: string): boolean => isNumberText(text) && !/e[+-]?\d{4}/iu.test(text);

/** What is no number stays as it is typed: the calculator says what is wrong with it. */
export function fromPercent(text: string): string {
  const typed = text.trim();
  return isShort(typed) ? plainText(exact(typed).div(100)) : typed;
}

export const toPercent = (decimal: string | number): string => {
  const text = String(decimal);
  return isShort(text) ? plainText(exact(text).times(100)) : text;
};

const BOUND = /^\S+ is (not above|below|above) (\S+)\.$/u;
const COMMA = / Use a point for decimals.*$/su;
const DECIMALS = /\b\d+(?:\.\d+)?\b(?= of the equity)/u;

/** A problem of a field that is typed in percent, in percent. `right`: what would be right, in the field's own words. */
export function problemInPercent(problem: Problem, typed: string, right: string): Problem {
  const bound = BOUND.exec(problem.wrong);
  const wrong = bound ? `${typed.trim()} % is ${bound[1] ?? ''} ${toPercent(bound[2] ?? '')} %.` : problem.wrong;
  const ofEquity = DECIMALS.exec(problem.right);
  if (ofEquity) return { ...problem, wrong, right: problem.right.replace(DECIMALS, `${toPercent(ofEquity[0])} %`) };
  const comma = COMMA.exec(problem.right)?.[0] ?? '';
  return { ...problem, wrong, right: problem.wrong === wrong && !isOwnRule(problem) ? problem.right : right + comma };
}

/** A rule of the number itself speaks in decimals; anything else (a wrong side, a cap) reads the same in any unit. */
const isOwnRule = ({ wrong, right }: Problem): boolean =>
  wrong === 'Nothing is entered.' || wrong.endsWith('is not a number.') || /\b(?:as a decimal|is 0\.0)/u.test(right);
