import type { SignalParams } from '#bridge/settings.ts';
import { isNumberText } from '#domain/number-text.ts';
import { meantBy } from '#domain/typed-number.ts';
import { formatTheta } from '../../format/numbers.ts';

/** What a field of the panel says, or why it cannot be used. */
export type Parsed = { readonly ok: true; readonly value: number } | { readonly ok: false; readonly why: string };

const typedOf = (text: string): string => text.trim().replace(/ ?%$/u, '').trim();
/** No sign and no exponent: nobody types a threshold so. */
const numberOf = (typed: string): number => (/^[\d.]+$/u.test(typed) && isNumberText(typed) ? Number(typed) : Number.NaN);
/** "; type 0.05" where it can be told what was meant; a threshold is never in the thousands, so a comma is a decimal one. */
function meantIn(typed: string, isDecimal: boolean): string {
  const meant = meantBy(typed);
  const plain = isDecimal ? (meant?.or ?? meant?.plain) : meant?.plain;
  return plain === undefined || plain.startsWith('-') ? '' : `; for ${typed} type ${plain}`;
}

/** Theta is typed in percent per hour and kept as a decimal. */
export function parseTheta(text: string): Parsed {
  const typed = typedOf(text);
  const percent = numberOf(typed);
  if (Number.isNaN(percent)) return { ok: false, why: `Type percent per hour, such as 0.05${meantIn(typed, true)}` };
  if (percent <= 0) return { ok: false, why: 'The threshold must be above zero' };
  if (percent > 100) return { ok: false, why: 'The threshold can be at most 100 % per hour' };
  // Division would leave 0.00005000000000000001 behind.
  return { ok: true, value: Number((percent / 100).toPrecision(12)) };
}

const bounds: Record<'k' | 'n', { least: number; most: number; what: string }> = {
  k: { least: 1, most: 240, what: 'closed hours in a row' },
  n: { least: 2, most: 2160, what: 'hours of the average' },
};

export function parseCount(field: 'k' | 'n', text: string): Parsed {
  const typed = text.trim();
  const value = numberOf(typed);
  const { least, most, what } = bounds[field];
  if (!Number.isInteger(value)) return { ok: false, why: `Type a whole number of ${what}${meantIn(typed, false)}` };
  if (value < least || value > most) return { ok: false, why: `Between ${least} and ${most} ${what}` };
  return { ok: true, value };
}

export const parseField = (field: keyof SignalParams, text: string): Parsed =>
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
