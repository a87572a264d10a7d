import { isNumberText, MAX_NUMBER_CHARS } from '../number-text.ts';
import { quoted } from '../shown-text.ts';
import { meantBy, THOUSANDS, type Factors } from '../typed-number.ts';
import { readTime, TIME_RIGHT } from '../typed-time.ts';
import { Exact, ZERO, type Amount } from './exact.ts';

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
  /** What it is ("fee") where 1 is 100 %, so that a percentage may have been meant. Then `right` says "as a decimal". */
  readonly percent?: string;
  /** Units that may stand behind it by mistake; left out: thousands and millions. */
  readonly units?: Factors;
  readonly right: string;
}

export type Given = Amount | null | undefined;

export const OF_ONE: Factors = { k: null, m: null, b: null, '%': 0.01, bp: 0.0001, bps: 0.0001 };
const HOURS: Factors = { ...THOUSANDS, m: null, d: 24, day: 24, days: 24 };
const DECIMAL = (what: string): Pick<NumberRule, 'percent' | 'units'> => ({ percent: what, units: OF_ONE });

/** Beyond these a percentage was typed as a decimal: no market charges, pays or risks so much. */
export const MAX_FEE = '0.01';
export const MAX_RISK = '0.25';
export const MAX_RATE_PER_HOUR = '0.1';
export const MAX_BORROW_APR = '2';
/** Of one rate that is typed; tiers of a venue go up to 1. */
export const MAX_TYPED_MAINTENANCE = '0.2';
/** Slippage below it (but for 0) was typed as a decimal, basis points. */
export const LEAST_BPS = '0.01';

export const PRICE: NumberRule = { above: 0, right: 'Enter a price above 0, such as 64250.5.' };
export const FEE: NumberRule = {
  ...DECIMAL('fee'),
  min: `-${MAX_FEE}`,
  max: MAX_FEE,
  right: 'Enter a fee as a decimal, from -0.01 to 0.01: 0.05 % is 0.0005.',
};
export const RATE: NumberRule = {
  ...DECIMAL('rate'),
  min: -1,
  max: 1,
  right: 'Enter a rate per interval as a decimal: 0.01 % is 0.0001.',
};
export const RATE_PER_HOUR: NumberRule = {
  ...DECIMAL('rate'),
  min: `-${MAX_RATE_PER_HOUR}`,
  max: MAX_RATE_PER_HOUR,
  right: 'Enter a rate per hour as a decimal: 0.00125 % is 0.0000125.',
};
export const INTERVAL: NumberRule = {
  min: 1,
  max: 24,
  units: HOURS,
  right: 'Enter the hours between settlements, from 1 to 24, such as 8.',
};
export const HOLD: NumberRule = {
  min: 0,
  max: 87_600,
  units: HOURS,
  right: 'Enter the hours to hold, 0 or more and at most 87600 (ten years).',
};
export const LEVERAGE: NumberRule = { min: 1, max: 1000, right: 'Enter a leverage from 1 to 1000, such as 10.' };
export const STEP: NumberRule = { above: 0, right: 'Enter the smallest step of an order, above 0, such as 0.001.' };
export const AMOUNT: NumberRule = { min: 0, right: 'Enter 0 or more.' };
export const POSITIVE: NumberRule = { above: 0, right: 'Enter a number above 0.' };
export const MONEY: NumberRule = { right: 'Enter an amount; a minus sign means received.' };
export const RISK: NumberRule = {
  ...DECIMAL('risk'),
  above: 0,
  max: MAX_RISK,
  right: 'Enter the share of equity to risk as a decimal, above 0 and at most 0.25: 1 % is 0.01.',
};
/** Of 1 that is 100 %. */
export const SHARE: NumberRule = {
  ...DECIMAL('share'),
  min: 0,
  max: 1,
  right: 'Enter a share as a decimal, from 0 to 1: 50 % is 0.5.',
};
export const BPS: NumberRule = {
  min: 0,
  max: 1000,
  units: { ...THOUSANDS, '%': 100, bp: 1, bps: 1 },
  right: 'Enter slippage in basis points, 0 to 1000: 2 is 0.02 %.',
};
export const BORROW: NumberRule = {
  ...DECIMAL('yearly cost'),
  min: 0,
  max: MAX_BORROW_APR,
  right: "Enter a year's borrowing cost as a decimal, from 0 to 2: 5 % is 0.05.",
};
/** Volatility per day. */
export const DAILY: NumberRule = {
  ...DECIMAL('volatility'),
  above: 0,
  max: 2,
  right: 'Enter a volatility per day as a decimal, above 0 and at most 2: 3 % is 0.03.',
};

export const MISSING = 'Missing.';
export const COMMA = ' Use a point for decimals and nothing between thousands.';
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
    const read = readNumber(given, rule);
    if (!('wrong' in read)) return read;
    this.refuse(field, read.wrong, read.right);
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

  /** Slippage per fill as a share; 0 where nothing is given. */
  slippage(field: string, given: Given): Exact {
    const bps = this.or(field, given, BPS, ZERO);
    if (bps.gt(0) && bps.lt(LEAST_BPS)) {
      const [asDecimal, asPercent] = [bps.times(10_000), bps.times(100)].map((meant) => meant.toFixed());
      this.refuse(
        field,
        `${bps.toFixed()} bps is ${bps.div(100).toFixed()} %: no market is so tight.`,
        `Slippage is in basis points: if ${bps.toFixed()} is a decimal, enter ${asDecimal}; if it is percent, ${asPercent}; none is 0.`,
      );
    }
    return bps.div(10_000);
  }

  /** A time in ms: a number of them, or text with its zone. */
  time(field: string, given: Given): Exact {
    if (isBlank(given)) {
      this.refuse(field, MISSING, TIME_RIGHT);
      return NOTHING;
    }
    const ms = readTime(String(given));
    if (typeof ms === 'number') return new Exact(ms);
    this.refuse(field, ms.wrong, ms.right === '' ? TIME_RIGHT : ms.right);
    return NOTHING;
  }
}

export const isBlank = (given: Given): given is null | undefined | '' =>
  given === null || given === undefined || (typeof given === 'string' && given.trim() === '');

interface Fault {
  readonly wrong: string;
  readonly right: string;
}

/** The number, or what is wrong with what is given and what to type. */
export function readNumber(given: Given, rule: NumberRule): Exact | Fault {
  if (isBlank(given)) return { wrong: MISSING, right: rule.right };
  const text = String(given).trim();
  if (text.length > MAX_NUMBER_CHARS) {
    const wrong = `${quoted(text.slice(0, 20)).slice(1, -1)}... is ${text.length} characters long; a number has at most ${MAX_NUMBER_CHARS}.`;
    return { wrong, right: rule.right };
  }
  if (!isNumberText(text)) {
    const comma = text.includes(',') ? COMMA : '';
    return { wrong: `${quoted(text)} is not a number.`, right: `${adviceOn(text, rule)}${rule.right}${comma}` };
  }
  const value = new Exact(text);
  const wrong = faultOf(text, value, rule);
  if (wrong === null) return value;
  const hundredth = value.div(100);
  if (rule.percent === undefined || faultOf('', hundredth, rule) !== null) return { wrong, right: rule.right };
  const plain = value.toFixed();
  return { wrong, right: `${plain} is ${value.times(100).toFixed()} %; a ${rule.percent} of ${plain} % is ${hundredth.toFixed()}.` };
}

const SHOWN = 40;

/** "Type 1000. " where it can be told what was meant; else ''. `units`: what may stand behind it. */
export function adviceOn(text: string, rule: Omit<NumberRule, 'right'>): string {
  const meant = meantBy(text, rule.units);
  const fits = (plain: string | null): plain is string => plain !== null && faultOf(plain, new Exact(plain), rule) === null;
  if (meant === null || !fits(meant.plain)) return meant !== null && fits(meant.or) ? `Type ${meant.or}. ` : '';
  const other = fits(meant.or) ? `, or ${meant.or} if the comma is a decimal point` : '';
  return `Type ${meant.plain}${other}. `;
}

function faultOf(text: string, value: Exact, rule: Omit<NumberRule, 'right'>): string | null {
  if (value.precision() > MAX_DIGITS || (!value.isZero() && Math.abs(value.e) > MAX_EXPONENT)) {
    return `${text.slice(0, SHOWN)} has more than ${MAX_DIGITS} digits or is beyond any market.`;
  }
  if (rule.whole === true && !value.isInteger()) return `${text} is not a whole number.`;
  if (rule.above !== undefined && !value.gt(rule.above)) return `${text} is not above ${rule.above}.`;
  if (rule.min !== undefined && value.lt(rule.min)) return `${text} is below ${rule.min}.`;
  if (rule.max !== undefined && value.gt(rule.max)) return `${text} is above ${rule.max}.`;
  return null;
}
