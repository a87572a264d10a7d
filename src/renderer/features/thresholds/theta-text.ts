import type { SignalParams } from '#bridge/settings.ts';
import { MAX_RATE_PER_HOUR } from '#domain/decisions/reader.ts';
import { formatTheta } from '../../format/numbers.ts';
import { readTyped, type TypedNumber } from '../../format/typed.ts';

/** A rate beyond this is refused wherever one is read, so no divergence would pass a threshold beyond it. */
const MOST_PERCENT = Number(MAX_RATE_PER_HOUR) * 100;

/** Theta is typed in percent per hour and kept as a decimal. */
export function parseTheta(text: string): TypedNumber {
  const right = `Enter percent per hour, above 0 and at most ${MOST_PERCENT}, such as 0.05.`;
  const read = readTyped(text, { above: 0, max: MOST_PERCENT, right });
  // Division would leave 0.00005000000000000001 behind.
  return read.ok ? { ok: true, value: Number((read.value / 100).toPrecision(12)) } : read;
}

const bounds: Record<'k' | 'n', { min: number; max: number; what: string }> = {
  k: { min: 1, max: 240, what: 'closed hours in a row' },
  n: { min: 2, max: 2160, what: 'hours of the average' },
};

export function parseCount(field: 'k' | 'n', text: string): TypedNumber {
  const { min, max, what } = bounds[field];
  return readTyped(text, { min, max, whole: true, right: `Enter a whole number of ${what}, ${min} to ${max}.` });
}

export const parseField = (field: keyof SignalParams, text: string): TypedNumber =>
  field === 'theta' ? parseTheta(text) : parseCount(field, text);

/** Theta in percent as short as it can be read back exactly. */
export const thetaText = (theta: number): string => {
  const percent = Number((theta * 100).toPrecision(12));
  const plain = percent.toFixed(12).replace(/(?<!0)0+$/u, '');
  const [whole = '0', part = ''] = plain.split('.');
  return `${whole}.${part.padEnd(4, '0')}`;
};

/** The threshold that "Take" means: the figure as it is shown beside the button, not one that reads differently. */
export function takenTheta(value: number): number {
  const shown = parseTheta(formatTheta(value));
  return shown.ok ? shown.value : Number(value.toPrecision(4));
}

/** One step of the arrow keys: a tenth of the leading digit's unit for theta, one for counts. */
export function stepped(field: keyof SignalParams, value: number, direction: 1 | -1): number {
  if (field !== 'theta') return value + direction;
  const power = 10 ** Math.floor(Math.log10(value) - 1e-9);
  return Number((value + (direction * power) / 2).toPrecision(12));
}
