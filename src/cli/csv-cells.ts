import { isNumberText, MAX_NUMBER_CHARS } from '#domain/number-text.ts';
import { HOUR_MS, MINUTE_MS } from '#domain/time.ts';
import { shown } from './csv-columns.ts';
import { UsageError } from './usage.ts';

/** What programs write where they have no number. */
const NOTHING = new Set(['', '-', 'nan', 'na', 'n/a', 'null', 'none', '#n/a']);
export const isNothing = (cell: string): boolean => NOTHING.has(cell.toLowerCase());

/** A number as programs write it. `where` begins the sentence of the UsageError for any other text. */
export function numberOf(cell: string, column: string, where: string): number {
  const value = isNumberText(cell) ? Number(cell) : NaN;
  if (Number.isFinite(value)) return value;
  const grouped =
    cell.length <= MAX_NUMBER_CHARS && /^[+-]?\d{1,3}(?:[,' ]\d{3})+(?:\.\d*)?$/u.test(cell) ? cell.replace(/[,' ]/gu, '') : null;
  const comma = cell.length <= MAX_NUMBER_CHARS && /^[+-]?\d*,\d+$/u.test(cell) ? cell.replace(',', '.') : null;
  const right =
    grouped !== null && comma !== null
      ? ` Write ${grouped} or ${comma}.`
      : (grouped ?? comma) !== null
        ? ` Write ${grouped ?? comma}.`
        : '';
  throw new UsageError(`${where}: ${column} is a number, not ${shown(cell)}.${right}`);
}

/** A rate as a decimal; "0.01 %" and, in a column of percent, "0.01" are 0.0001. */
export function rateOf(cell: string, isPercent: boolean, where: string): { readonly rate: number; readonly sign: boolean } {
  const sign = cell.endsWith('%');
  const text = sign ? cell.slice(0, -1).trimEnd() : cell;
  const value = numberOf(text, 'rate', where);
  // Shifted in the text: a division by 100 would round a second time.
  const [digits = '', exponent = '0'] = text.toLowerCase().split('e');
  const shifted = Number(`${digits}e${Number(exponent) - 2}`);
  return { rate: sign || isPercent ? shifted : value, sign };
}

/** Hours; "8h" and "480min" are what they say. */
export function intervalOf(cell: string, where: string): number {
  const unit = /(?<!\s)\s*(h|hours?|m|min|minutes?)$/iu.exec(cell.slice(-12));
  if (unit === null) return numberOf(cell, 'interval_h', where);
  const value = numberOf(cell.slice(0, cell.length - unit[0].length), 'interval_h', where);
  return /^m/iu.test(unit[1] ?? '') ? (value * MINUTE_MS) / HOUR_MS : value;
}

/** How the times of a file are written. `local`: in words without a zone. */
export type TimeForm = 'seconds' | 'milliseconds' | 'microseconds' | 'words' | 'local';

const DATE = /^(\d{4})[-/](\d{2})[-/](\d{2})(?:[T ]+(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?$/iu;

/**
 * Epoch ms and how it was written: a number by its size (seconds are 2001 to 2286, milliseconds and microseconds the same years),
 * or ISO words; those without a zone are in `zoneMs` east of UTC. Throws UsageError that says what to write.
 */
export function timeOf(cell: string, zoneMs: number, where: string): { readonly ms: number; readonly form: TimeForm } {
  if (isNumberText(cell)) return numericTime(Number(cell), where);
  const found = cell.length <= MAX_NUMBER_CHARS ? DATE.exec(cell) : null;
  if (found === null)
    throw new UsageError(`${where}: a time is a number since 1970 or written as 2026-01-31 08:00:00, not ${shown(cell)}.`);
  const [, year, month, day, hour = '00', minute = '00', second = '00', fraction = '0', zone] = found;
  const clock = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  const local = Date.parse(`${clock}Z`);
  // 30 February: JavaScript would take it for 2 March.
  if (Number.isNaN(local) || new Date(local).toISOString().slice(0, 19) !== clock)
    throw new UsageError(`${where}: ${shown(cell)} is no day and time of the calendar.`);
  const ms = local + Math.floor(Number(`0.${fraction}`) * 1000);
  return zone === undefined ? { ms: ms - zoneMs, form: 'local' } : { ms: ms - offsetOf(zone), form: 'words' };
}

function numericTime(value: number, where: string): { ms: number; form: TimeForm } {
  if (value >= 1e9 && value < 1e10) return { ms: value * 1000, form: 'seconds' };
  if (value >= 1e12 && value < 1e13) return { ms: value, form: 'milliseconds' };
  if (value >= 1e15 && value < 1e16) return { ms: Math.floor(value / 1000), form: 'microseconds' };
  throw new UsageError(`${where}: ${value} is no time in seconds, milliseconds or microseconds since 1970.`);
}

/** Ms east of UTC of "Z", "UTC" or "+05:30". NaN for any other text. */
export function offsetOf(zone: string): number {
  if (/^(?:Z|UTC|GMT)$/iu.test(zone)) return 0;
  const found = /^([+-])(\d{2}):?(\d{2})$/u.exec(zone);
  if (found === null) return NaN;
  const ms = Number(found[2]) * HOUR_MS + Number(found[3]) * MINUTE_MS;
  return ms > 14 * HOUR_MS ? NaN : found[1] === '-' ? -ms : ms;
}
