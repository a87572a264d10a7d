import { isNumberText, MAX_NUMBER_CHARS } from '../number-text.ts';
import { Exact, type Amount } from './exact.ts';

/** Something about an input that the person can put right. */
export interface Problem {
  /** Path of the field: 'stop', 'targets.1', 'long.fee'. */
  readonly field: string;
  readonly wrong: string;
  readonly right: string;
}

/** What a number may be. `right` says in words what would be. */
export interface NumberRule {
  readonly above?: Amount;
  readonly min?: Amount;
  readonly max?: Amount;
  readonly whole?: true;
  readonly right: string;
}

export type Given = Amount | null | undefined;

export const PRICE: NumberRule = { above: 0, right: 'Enter a price above 0, such as 64250.5.' };
export const FEE: NumberRule = { min: -0.01, max: 0.02, right: 'Enter a fee as a decimal, from -0.01 to 0.02: 0.05 % is 0.0005.' };
export const RATE: NumberRule = { min: -1, max: 1, right: 'Enter a rate per interval as a decimal: 0.01 % is 0.0001.' };
export const INTERVAL: NumberRule = { above: 0, max: 24, right: 'Enter the hours between settlements, from above 0 to 24, such as 8.' };
export const HOLD: NumberRule = { min: 0, max: 87_600, right: 'Enter the hours to hold, 0 or more and at most 87600 (ten years).' };
export const LEVERAGE: NumberRule = { min: 1, max: 1000, right: 'Enter a leverage from 1 to 1000, such as 10.' };
export const TIME: NumberRule = {
  min: 0,
  max: 4_102_444_800_000,
  whole: true,
  right: 'Enter a time before the year 2100 in whole milliseconds since 1970 UTC.',
};
export const STEP: NumberRule = { above: 0, right: 'Enter the smallest step of an order, above 0, such as 0.001.' };
export const AMOUNT: NumberRule = { min: 0, right: 'Enter 0 or more.' };
export const POSITIVE: NumberRule = { above: 0, right: 'Enter a number above 0.' };
export const MONEY: NumberRule = { right: 'Enter an amount; a minus sign means received.' };
/** A decimal where 1 is 100 %. */
export const SHARE: NumberRule = { above: 0, max: 1, right: 'Enter a decimal above 0 and at most 1: 1 % is 0.01.' };

const MAX_DIGITS = 20;
const MAX_EXPONENT = 20;
const NOTHING = new Exact(NaN);

/** Reads inputs and collects every problem; what cannot be read is NaN and stops the calculator, never a figure. */
export class Reader {
  readonly problems: Problem[] = [];

  ok(): boolean {
    return this.problems.length === 0;
  }

  refuse(field: string, wrong: string, right: string): void {
    this.problems.push({ field, wrong, right });
  }

  number(field: string, given: Given, rule: NumberRule): Exact {
    if (isBlank(given)) {
      this.refuse(field, 'Nothing is entered.', rule.right);
      return NOTHING;
    }
    const text = String(given).trim();
    const value = isNumberText(text) ? new Exact(text) : NOTHING;
    const wrong = faultOf(text, value, rule);
    if (wrong === null) return value;
    this.refuse(field, wrong, text.includes(',') ? `${rule.right} Use a point for decimals and nothing between thousands.` : rule.right);
    return NOTHING;
  }

  /** Null where nothing is given: a problem only when what is given cannot be read. */
  optional(field: string, given: Given, rule: NumberRule): Exact | null {
    return isBlank(given) ? null : this.number(field, given, rule);
  }

  /** `fallback` where nothing is given. */
  or(field: string, given: Given, rule: NumberRule, fallback: Exact): Exact {
    return this.optional(field, given, rule) ?? fallback;
  }
}

const isBlank = (given: Given): given is null | undefined | '' =>
  given === null || given === undefined || (typeof given === 'string' && given.trim() === '');

function faultOf(text: string, value: Exact, rule: NumberRule): string | null {
  if (text.length > MAX_NUMBER_CHARS)
    return `${text.slice(0, 20)}... is ${text.length} characters long; a number has at most ${MAX_NUMBER_CHARS}.`;
  if (!value.isFinite()) return `"${text.slice(0, 40)}" is not a number.`;
  if (value.precision() > MAX_DIGITS || (!value.isZero() && Math.abs(value.e) > MAX_EXPONENT)) {
    return `${text.slice(0, 40)} has more than ${MAX_DIGITS} digits or is beyond any market.`;
  }
  if (rule.whole === true && !value.isInteger()) return `${text} is not a whole number.`;
  if (rule.above !== undefined && !value.gt(rule.above)) return `${text} is not above ${rule.above}.`;
  if (rule.min !== undefined && value.lt(rule.min)) return `${text} is below ${rule.min}.`;
  if (rule.max !== undefined && value.gt(rule.max)) return `${text} is above ${rule.max}.`;
  return null;
}
