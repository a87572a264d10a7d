import { isNumberText, MAX_NUMBER_CHARS } from '../number-text.ts';
import { HOUR_MS, MINUTE_MS } from '../time.ts';

/** Why a cell cannot be what its column says, in a sentence that says what to write. */
export class CellError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'CellError';
  }
}

/** So much of a cell that is not understood is shown. */
const SHOWN = 80;
/** Enough of it to be recognised, without what a terminal would act on. */
export const shown = (text: string): string => JSON.stringify(text.length > SHOWN ? `${text.slice(0, SHOWN)}...` : text);

/** What programs write where they have no number. */
const NOTHING = new Set(['', '-', 'nan', 'na', 'n/a', 'null', 'none', '#n/a']);
export const isNothing = (cell: string): boolean => cell === '' || (cell.length <= 4 && NOTHING.has(cell.toLowerCase()));

/** A number as programs write it. Throws CellError for any other text. */
export function numberOf(cell: string, column: string): number {
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
  throw new CellError(`${column} is a number, not ${shown(cell)}.${right}`);
}

/** A rate as a decimal; "0.01 %" and, in a column of percent, "0.01" are 0.0001. `sign`: the cell says % itself. */
export function rateOf(cell: string, isPercent: boolean): { readonly rate: number; readonly sign: boolean } {
  const sign = cell.endsWith('%');
  const text = sign ? cell.slice(0, -1).trimEnd() : cell;
  const value = numberOf(text, 'rate');
  if (!sign && !isPercent) return { rate: value, sign };
  // Shifted in the text: a division by 100 would round a second time.
  const [digits = '', exponent = '0'] = text.toLowerCase().split('e');
  return { rate: Number(`${digits}e${Number(exponent) - 2}`), sign };
}

/** Hours; "8h" and "480min" are what they say. */
export function intervalOf(cell: string): number {
  const unit = /(?<!\s)\s*(h|hours?|m|min|minutes?)$/iu.exec(cell.slice(-12));
  if (unit === null) return numberOf(cell, 'interval_h');
  const value = numberOf(cell.slice(0, cell.length - unit[0].length), 'interval_h');
  return /^m/iu.test(unit[1] ?? '') ? (value * MINUTE_MS) / HOUR_MS : value;
}

/** How a time is written. `local`: in words without a zone. */
export type TimeForm = 'seconds' | 'milliseconds' | 'microseconds' | 'nanoseconds' | 'words' | 'local';

/** Which of 01/02/2024 is the day; null: it was not said, and such a time is refused. */
export type DateOrder = 'day-first' | 'month-first' | null;

const DATE = /^(\d{4})[-/](\d{2})[-/](\d{2})(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?$/iu;
const SHORT_DATE =
  /^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?:[T ,]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?$/iu;

/** The two numbers that a day and a month may be, where the year stands last; null: it is no such date. */
export function shortDateOf(cell: string): readonly [number, number] | null {
  const found = cell.length <= MAX_NUMBER_CHARS ? SHORT_DATE.exec(cell) : null;
  return found === null ? null : [Number(found[1]), Number(found[2])];
}

/**
 * Epoch ms and how it was written: a number by its size (seconds are 2001 to 2286, milliseconds, microseconds and nanoseconds the same
 * years), or words; those without a zone are in `zoneMs` east of UTC. Throws CellError that says what to write.
 */
export function timeOf(cell: string, zoneMs: number, order: DateOrder = null): { readonly ms: number; readonly form: TimeForm } {
  if (isNumberText(cell)) return numericTime(cell);
  const short = cell.length <= MAX_NUMBER_CHARS ? cell : '';
  const iso = DATE.exec(short);
  const found = iso ?? SHORT_DATE.exec(short);
  if (found === null) throw new CellError(`a time is a number since 1970 or written as 2026-01-31 08:00:00, not ${shown(cell)}.`);
  const [, first = '', second = '', third = '', hour = '00', minute = '00', sec = '00', fraction = '0', zone] = found;
  if (iso === null && order === null)
    throw new CellError(
      `a time is a number since 1970 or written as 2026-01-31 08:00:00; of ${shown(cell)} nothing says which number is the day.`,
    );
  const two = (text: string): string => text.padStart(2, '0');
  const date =
    iso !== null
      ? `${first}-${second}-${third}`
      : order === 'day-first'
        ? `${third}-${two(second)}-${two(first)}`
        : `${third}-${two(first)}-${two(second)}`;
  const clock = `${date}T${two(hour)}:${minute}:${sec}`;
  const local = Date.parse(`${clock}Z`);
  // 30 February: JavaScript would take it for 2 March.
  if (Number.isNaN(local) || new Date(local).toISOString().slice(0, 19) !== clock)
    throw new CellError(`${shown(cell)} is no day and time of the calendar.`);
  const ms = local + Math.floor(Number(`0.${fraction}`) * 1000);
  return zone === undefined ? { ms: ms - zoneMs, form: 'local' } : { ms: ms - offsetOf(zone), form: 'words' };
}

function numericTime(cell: string): { ms: number; form: TimeForm } {
  const value = Number(cell);
  if (value >= 1e12 && value < 1e13 && Number.isInteger(value) && !/e/iu.test(cell)) return { ms: value, form: 'milliseconds' };
  // 1.57784E+12 is what spreadsheets leave of 1577836800000: the digits that are gone are hours.
  if (/e/iu.test(cell) && value >= 1e9)
    throw new CellError(`${cell} is written with an exponent and may have lost digits. Write all of them.`);
  if (value >= 1e9 && value < 1e10) return { ms: Math.floor(value * 1000), form: 'seconds' };
  if (value >= 1e12 && value < 1e13) return { ms: Math.floor(value), form: 'milliseconds' };
  if (value >= 1e15 && value < 1e16) return { ms: Math.floor(value / 1000), form: 'microseconds' };
  // A double cannot hold its last digits, and a millisecond has none of them.
  if (value >= 1e18 && value < 1e19) return { ms: Number(cell.split('.')[0]?.slice(0, -6)), form: 'nanoseconds' };
  throw new CellError(`${cell} is no time in seconds, milliseconds, microseconds or nanoseconds since 1970.`);
}

/** Ms east of UTC of "Z", "UTC" or "+05:30". NaN for any other text. */
export function offsetOf(zone: string): number {
  if (/^(?:Z|UTC|GMT)$/iu.test(zone)) return 0;
  const found = /^([+-])(\d{2}):?(\d{2})$/u.exec(zone);
  if (found === null) return NaN;
  const ms = Number(found[2]) * HOUR_MS + Number(found[3]) * MINUTE_MS;
  return ms > 14 * HOUR_MS ? NaN : found[1] === '-' ? -ms : ms;
}
