import type { SignalParams } from '#bridge/settings.ts';
import { MAX_RATE_PER_HOUR } from '#domain/decisions/reader.ts';
import { inUnit } from '#domain/units.ts';
import { perUnit, type Scale, shownThetaDecimals } from '../../format/numbers.ts';
import { readTyped, type TypedNumber } from '../../format/typed.ts';
import { inField } from '../../format/notation.ts';

/** What a person gives as an example, percent per hour. */
const SUCH_PERCENT = 0.05;

/** Percent of the scale's unit in a rate per hour of 1. */
const factorOf = ({ unit, intervalH }: Scale): number => inUnit(1, intervalH ?? Number.NaN, unit) * 100;
/** Multiplication would leave 0.40000000000000002 behind. */
const exactly = (value: number): number => Number(value.toPrecision(12));

/** Theta is typed in percent of the unit that rates are shown in, and kept as a decimal per hour. A rate beyond the bound is refused wherever one is read. */
export function parseTheta(text: string, scale: Scale): TypedNumber {
  const factor = factorOf(scale);
  const max = exactly(Number(MAX_RATE_PER_HOUR) * factor);
  const right = `Enter percent ${perUnit(scale.unit, scale.intervalH)}, above 0 and at most ${max}, such as ${exactly((SUCH_PERCENT / 100) * factor)}.`;
  const read = readTyped(text, { above: 0, max, right });
  return read.ok ? { ok: true, value: exactly(read.value / factor) } : read;
}

const bounds: Record<'k' | 'n', { min: number; max: number; what: string }> = {
  k: { min: 1, max: 240, what: 'closed hours in a row' },
  n: { min: 2, max: 2160, what: 'hours of the average' },
};

export function parseCount(field: 'k' | 'n', text: string): TypedNumber {
  const { min, max, what } = bounds[field];
  return readTyped(text, { min, max, whole: true, right: `Enter a whole number of ${what}, ${min} to ${max}.` });
}

export const parseField = (field: keyof SignalParams, text: string, scale: Scale): TypedNumber =>
  field === 'theta' ? parseTheta(text, scale) : parseCount(field, text);

const percentText = (percent: number): string => {
  const plain = exactly(percent)
    .toFixed(12)
    .replace(/(?<!0)0+$/u, '');
  const [whole = '0', part = ''] = plain.split('.');
  return inField(`${whole}.${part.padEnd(4, '0')}`);
};

/** A field's value as it stands in the field; theta in percent of the scale's unit, as short as it can be read back exactly. */
export const fieldText = (field: keyof SignalParams, value: number, scale: Scale): string =>
  field === 'theta' ? percentText(value * factorOf(scale)) : String(value);

/** The threshold that "Use" means: the figure as it is shown beside the button, not one that reads differently. */
export function takenTheta(value: number, scale: Scale): number {
  const percent = value * factorOf(scale);
  const shown = exactly(Number(percent.toFixed(shownThetaDecimals(percent))) / factorOf(scale));
  return shown > 0 && shown <= Number(MAX_RATE_PER_HOUR) ? shown : Number(value.toPrecision(4));
}

/** One step of the arrow keys: of theta half the unit of the leading digit that is shown, of counts one. */
export function stepped(field: keyof SignalParams, value: number, direction: 1 | -1, scale: Scale): number {
  if (field !== 'theta') return value + direction;
  const percent = exactly(value * factorOf(scale));
  const power = 10 ** Math.floor(Math.log10(percent) - 1e-9);
  return exactly((percent + (direction * power) / 2) / factorOf(scale));
}
