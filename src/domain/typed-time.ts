import { quoted } from './shown-text.ts';
import { HOUR_MS, MINUTE_MS } from './time.ts';

/** What is wrong with a time, and what would be right where that can be told (else ''). */
export interface TimeFault {
  readonly wrong: string;
  readonly right: string;
}

/** How a field takes times: without a zone they are UTC only where the field itself says so; a day alone is its start in UTC. */
export interface TimeForm {
  readonly zone?: 'UTC';
  readonly day?: true;
}

/** 2100-01-01. */
const LATEST_MS = 4_102_444_800_000;
/** Counted in seconds, what lies between is 2001 to 2049; counted in milliseconds it is 1970, where only relative times lie. */
const SECONDS_FROM = 1e9;
const SECONDS_TO = 2.5e9;
const EARLIEST_MS = 1e11;
const WRITTEN =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:(?:T|\s+)(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?\s*(Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?)?$/iu;
const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];

export const TIME_RIGHT = 'Enter a time with its zone, such as 2026-01-31T08:00Z, or whole milliseconds since 1970 UTC.';

/** "2026-01-31T08:00Z": a time as it can be typed again, UTC; seconds only where there are some. */
export function timeWritten(ms: number): string {
  const iso = new Date(ms).toISOString();
  return ms % MINUTE_MS === 0 ? `${iso.slice(0, 16)}Z` : ms % 1000 === 0 ? `${iso.slice(0, 19)}Z` : iso;
}

/** Epoch ms of a typed time, or what is wrong with it. */
export function readTime(text: string, form: TimeForm = {}): number | TimeFault {
  const typed = text.trim();
  const shown = quoted(typed);
  if (typed.length <= 40 && /^[+-]?\d+(?:\.\d*)?$/u.test(typed)) return readNumber(typed);
  const parts = typed.length <= 40 ? WRITTEN.exec(typed) : null;
  if (parts === null) return { wrong: `${shown} is not a time.`, right: '' };
  const [, year = '', month = '', day = '', hour, minute = '', second = '0', fraction = '', zone] = parts;
  const name = MONTHS[Number(month) - 1];
  if (name === undefined) return { wrong: `${shown}: there is no month ${month}.`, right: '' };
  const days = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
  if (Number(day) < 1 || Number(day) > days) {
    return { wrong: `There is no ${Number(day)} ${name} ${year}: it has ${days} days.`, right: '' };
  }
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const midnight = Date.parse(`${date}T00:00Z`);
  if (hour === undefined) {
    if (form.day === true) return midnight;
    return {
      wrong: `${shown} does not say the time of day.`,
      right: `For its start in UTC type ${date}${form.zone ? ' 00:00' : 'T00:00Z'}.`,
    };
  }
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59)
    return { wrong: `${shown}: there is no such time of day.`, right: '' };
  if (zone === undefined && form.zone === undefined) {
    const clock = typed
      .slice(typed.search(/\d{1,2}:/u))
      .trim()
      .padStart(5, '0');
    return { wrong: `${shown} does not say its zone.`, right: `For UTC type ${date}T${clock}Z; other zones as +02:00 in place of the Z.` };
  }
  const seconds = Number(second) * 1000 + Number(fraction.slice(0, 3).padEnd(3, '0'));
  const ms = midnight + Number(hour) * HOUR_MS + Number(minute) * MINUTE_MS + seconds - offsetMs(zone ?? 'Z');
  return ms >= 0 && ms < LATEST_MS ? ms : { wrong: `${shown} does not lie between 1970 and 2100.`, right: '' };
}

function offsetMs(zone: string): number {
  const digits = zone.replace(/\D/gu, '').padEnd(4, '0');
  const size = Number(digits.slice(0, 2)) * HOUR_MS + Number(digits.slice(2, 4)) * MINUTE_MS;
  return zone.startsWith('-') ? -size : size;
}

function readNumber(typed: string): number | TimeFault {
  const ms = Number(typed);
  const meant = (unit: string, at: number): TimeFault => ({
    wrong: `${typed} looks like ${unit}; times count in milliseconds.`,
    right: `In milliseconds it is ${Math.floor(at)}, that is ${timeWritten(Math.floor(at / 1000) * 1000)}.`,
  });
  if (ms >= SECONDS_FROM && ms < SECONDS_TO) return meant('seconds', Math.round(ms * 1000));
  if (ms >= LATEST_MS && ms / 1000 >= EARLIEST_MS && ms / 1000 < LATEST_MS) return meant('microseconds', ms / 1000);
  if (ms >= LATEST_MS && ms / 1e6 >= EARLIEST_MS && ms / 1e6 < LATEST_MS) return meant('nanoseconds', ms / 1e6);
  if (!Number.isInteger(ms)) return { wrong: `${typed} is not a whole number of milliseconds.`, right: '' };
  if (ms < 0 || ms > LATEST_MS) return { wrong: `${typed} ms since 1970 does not lie between 1970 and 2100.`, right: '' };
  return ms + 0;
}
