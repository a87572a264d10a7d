import { plainText, workedText, type Exact } from './exact.ts';

/** One number of a decision with where it comes from. */
export interface Figure {
  /** Decimal text, exact up to 20 digits; null where a number would mislead. */
  readonly value: string | null;
  /** 'USDT', 'BTC', 'contracts', 'x', 'h'; '' is a plain ratio (0.01 is 1 %). */
  readonly unit: string;
  /** "{E} × {q}" with the names, then with the numbers and the result. */
  readonly formula: string;
  readonly worked: string;
  /** The formula's inputs by name. */
  readonly inputs: Readonly<Record<string, string>>;
  /** Why there is no value, in words; null when there is one. */
  readonly reason: string | null;
}

export type Inputs = Readonly<Record<string, Exact | number | string>>;

const shown = (input: Exact | number | string): string => (typeof input === 'object' ? workedText(input) : String(input));
const kept = (input: Exact | number | string): string => (typeof input === 'object' ? plainText(input) : String(input));

const PLACE = /\{([^{}]+)\}/gu;
const names = (template: string): string => template.replace(PLACE, '$1');
const numbers = (template: string, inputs: Inputs): string =>
  template.replace(PLACE, (_, name: string) => {
    const text = shown(inputs[name] ?? name);
    return text.startsWith('-') ? `(${text})` : text;
  });
const keep = (inputs: Inputs): Record<string, string> =>
  Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, kept(input)]));

/** `template` is the formula with its inputs in braces: figure('USDT', '{E} × {q}', { E, q }, budget). */
export const figure = (unit: string, template: string, inputs: Inputs, value: Exact): Figure => ({
  value: plainText(value),
  unit,
  formula: names(template),
  worked: `${numbers(template, inputs)} = ${workedText(value)}`,
  inputs: keep(inputs),
  reason: null,
});

/** A figure that cannot be given, with the formula it would have had where that helps. */
export const noFigure = (unit: string, reason: string, template = '', inputs: Inputs = {}): Figure => ({
  value: null,
  unit,
  formula: names(template),
  worked: numbers(template, inputs),
  inputs: keep(inputs),
  reason,
});

/** The same figure without its number: what it stands on does not hold. */
export const withhold = (given: Figure, reason: string): Figure => ({ ...given, value: null, worked: '', reason });

/** The reason of every figure while an input is wrong. */
export const SHOWN_FIRST = 'An input has to be put right first.';
