import { exact, plainText } from '#domain/decisions/exact.ts';
import { adviceOn, COMMA, MISSING, type Problem } from '#domain/decisions/reader.ts';
import { isNumberText } from '#domain/number-text.ts';

/** Rates, fees and risk are percent on the screen and decimals inside: moved by two places exactly, never as binary floats. */

const isShort = (text: string): boolean => isNumberText(text) && !/e[+-]?\d{4}/iu.test(text);

/** What stands in a percent field, without the sign that its unit says already. */
const withoutSign = (text: string): string => text.trim().replace(/ ?%$/u, '');

/** What is no number stays as it is typed: the calculator says what is wrong with it. */
export function fromPercent(text: string): string {
  const typed = withoutSign(text);
  return isShort(typed) ? plainText(exact(typed).div(100)) : typed;
}

export const toPercent = (decimal: string | number): string => {
  const text = String(decimal);
  return isShort(text) ? plainText(exact(text).times(100)) : text;
};

const BOUND = /^\S+ is (not above|below|above) (\S+)\.$/u;
const DECIMALS = /\b\d+(?:\.\d+)?\b(?= of the equity)/u;

/** A problem of a field that is typed in percent, in percent. `right`: what would be right, in the field's own words. */
export function problemInPercent(problem: Problem, typed: string, right: string): Problem {
  const ofEquity = DECIMALS.exec(problem.right);
  if (ofEquity) return { ...problem, right: problem.right.replace(DECIMALS, `${toPercent(ofEquity[0])} %`) };
  const text = withoutSign(typed);
  const bound = BOUND.exec(problem.wrong);
  if (bound) return { ...problem, wrong: `${text} % is ${bound[1] ?? ''} ${toPercent(bound[2] ?? '')} %.`, right };
  if (problem.wrong.endsWith('is not a number.')) {
    const comma = text.includes(',') ? COMMA : '';
    return { ...problem, right: `${adviceOn(text, {})}${right}${comma}` };
  }
  return problem.wrong === MISSING || problem.right.includes('as a decimal') ? { ...problem, right } : problem;
}
