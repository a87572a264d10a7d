import { importWishes, type ImportWishes, type RefusedLine } from '#bridge/import.ts';
import { columnOf, type OutTable } from '../exports/out.ts';
import { ROLES, type Role } from '#domain/import/columns.ts';

/** What can be said of a file besides what it asks, with an example each. */
export const FIELDS: readonly { readonly field: keyof ImportWishes; readonly name: string; readonly example: string }[] = [
  { field: 'venue', name: 'Venue', example: 'its short name, as in the list' },
  { field: 'symbols', name: 'Instrument', example: 'as the venue spells it; FILE=VENUE where the file spells it otherwise' },
  { field: 'columns', name: 'Columns', example: 'time=Date, rate=3' },
  { field: 'zone', name: 'Zone of times', example: 'UTC or +08:00' },
  { field: 'dates', name: 'Dates', example: 'day-first or month-first' },
  { field: 'rates', name: 'Rates', example: 'decimal or percent' },
  { field: 'interval', name: 'Interval', example: 'stated, derived or hours' },
  { field: 'price', name: 'Closes are', example: 'mark, index or last' },
  { field: 'candleMinutes', name: 'Minutes of a candle', example: '60, or 0 where times are closes' },
  { field: 'interest', name: 'Open interest in', example: 'base, contracts or quote' },
  { field: 'asset', name: 'Coin', example: 'of a new instrument' },
  { field: 'quote', name: 'Priced in', example: 'of a new instrument' },
  { field: 'settle', name: 'Settled in', example: 'of a new instrument' },
];

const isRole = (word: string): word is Role => ROLES.some((role) => role === word);

/** Roles and columns of `time=Date, rate=3`; null where it is written otherwise. */
function columnsOf(text: string): Partial<Record<Role, string>> | null {
  const columns: Partial<Record<Role, string>> = {};
  for (const part of text.split(',').map((one) => one.trim())) {
    const at = part.indexOf('=');
    const role = part.slice(0, Math.max(0, at)).trim();
    if (!isRole(role)) return null;
    columns[role] = part.slice(at + 1).trim();
  }
  return columns;
}

const valueOf = (field: string, text: string): unknown =>
  field === 'symbols'
    ? text.split(',').map((one) => one.trim())
    : field === 'columns'
      ? columnsOf(text)
      : field === 'candleMinutes' || (field === 'interval' && !Number.isNaN(Number(text)))
        ? Number(text)
        : text;

/** The wishes with one more; '' takes it back. A sentence where it cannot be meant so. */
export function withAnswer(wishes: ImportWishes, field: string, text: string): ImportWishes | string {
  const others = Object.fromEntries(Object.entries(wishes).filter(([name]) => name !== field));
  if (text.trim() === '') return others;
  const read = importWishes.safeParse({ ...others, [field]: valueOf(field, text.trim()) });
  if (read.success) return read.data;
  return `Write ${FIELDS.find((one) => one.field === field)?.example ?? 'it otherwise'}.`;
}

/** What was said, as it is typed. */
export function answerText(wishes: ImportWishes, field: keyof ImportWishes): string {
  const value = wishes[field];
  if (value === undefined) return '';
  if (Array.isArray(value)) return value.join(', ');
  if (typeof value === 'object')
    return Object.entries(value)
      .map(([role, column]) => `${role}=${column}`)
      .join(', ');
  return String(value);
}

/** Refused lines as a table that leaves the app like every other one: by a dialog on the desktop, where a page downloads nothing. */
export const refusedTable = (file: string, lines: readonly RefusedLine[]): OutTable => ({
  name: `${file.slice(-60)} refused`,
  columns: [
    columnOf.number(
      'line',
      '',
      lines.map(({ line }) => line),
      'measured',
    ),
    columnOf.text(
      'left_out',
      lines.map(({ kept }) => (kept ? 'cell' : 'line')),
    ),
    columnOf.text(
      'reason',
      lines.map(({ reason }) => reason.slice(0, 500)),
    ),
  ],
});
