import { isNumberText } from '../number-text.ts';
import { meantBy } from '../typed-number.ts';

export interface NumberParam {
  readonly kind: 'number';
  readonly default: number;
  readonly min: number;
  readonly max: number;
  readonly whole: boolean;
  /** What it is counted in ("h", "d", "settlements", "per hour"); empty for a plain number. */
  readonly unit: string;
  readonly says: string;
  /** Values that people ask for beside the default. */
  readonly usual: readonly number[];
}

export interface ChoiceParam<O extends string = string> {
  readonly kind: 'choice';
  readonly default: O;
  readonly options: readonly O[];
  readonly says: string;
}

export type ParamSpec = NumberParam | ChoiceParam;
export type ParamSpecs = Readonly<Record<string, ParamSpec>>;
export type ParamValues<P extends ParamSpecs> = { readonly [K in keyof P]: P[K] extends ChoiceParam<infer O> ? O : number };
/** Values that were checked against their specs. */
export type Params = Readonly<Record<string, number | string>>;

interface NumberOptions {
  readonly default: number;
  readonly min: number;
  readonly max: number;
  readonly unit?: string;
  readonly usual?: readonly number[];
}

export const whole = (says: string, options: NumberOptions): NumberParam => ({
  kind: 'number',
  whole: true,
  unit: '',
  usual: [],
  says,
  ...options,
});
export const decimal = (says: string, options: NumberOptions): NumberParam => ({ ...whole(says, options), whole: false });

/** The first option is the default. */
export const choice = <const O extends string>(says: string, options: readonly [O, ...O[]]): ChoiceParam<O> => ({
  kind: 'choice',
  default: options[0],
  options,
  says,
});

/** Defaults where nothing is given; numbers may come as text. Throws a RangeError that names the parameter and what it takes. */
export function resolveParams(specs: ParamSpecs, given: Readonly<Record<string, unknown>>): Params {
  const names = Object.keys(specs);
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(specs, name)) {
      throw new RangeError(`there is no parameter "${name}"; ${names.length === 0 ? 'it takes none' : `it takes ${names.join(', ')}`}`);
    }
  }
  return Object.fromEntries(Object.entries(specs).map(([name, spec]) => [name, resolve(name, spec, given[name])]));
}

function resolve(name: string, spec: ParamSpec, given: unknown): number | string {
  if (given === undefined) return spec.default;
  if (spec.kind === 'choice') {
    const option = spec.options.find((known) => known === given);
    if (option === undefined) throw new RangeError(`${name} is one of ${spec.options.join(', ')}, not ${JSON.stringify(given)}`);
    return option;
  }
  const text = typeof given === 'string' ? given.trim() : '';
  const value = isNumberText(text) ? Number(text) : given;
  if (typeof value === 'number' && value >= spec.min && value <= spec.max && (!spec.whole || Number.isInteger(value))) return value + 0;
  const unit = spec.unit === '' ? '' : ` ${spec.unit}`;
  const meant = isNumberText(text) ? undefined : meantBy(text)?.plain;
  throw new RangeError(
    `${name} is a ${spec.whole ? 'whole ' : ''}number from ${spec.min} to ${spec.max}${unit}, not ${JSON.stringify(given)}${meant === undefined ? '' : `: type ${meant}`}`,
  );
}
