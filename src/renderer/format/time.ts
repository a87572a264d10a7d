import { age } from '#domain/time.ts';
import { timeZoneOf, type Zone } from './zone-time.ts';

export { age };
export type { Zone } from './zone-time.ts';
export type TimeStyle = 'minute' | 'second' | 'day' | 'full' | 'month';

const styles: Record<TimeStyle, Intl.DateTimeFormatOptions> = {
  minute: { hour: '2-digit', minute: '2-digit' },
  second: { hour: '2-digit', minute: '2-digit', second: '2-digit' },
  day: { day: '2-digit', month: 'short' },
  month: { month: 'short', year: 'numeric' },
  full: { weekday: 'short', day: '2-digit', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' },
};

const cache = new Map<string, Intl.DateTimeFormat>();

function formatter(style: TimeStyle, zone: Zone): Intl.DateTimeFormat {
  const key = `${style} ${zone}`;
  const known = cache.get(key);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-GB', { ...styles[style], hourCycle: 'h23', timeZone: timeZoneOf(zone) });
  cache.set(key, made);
  return made;
}

/** `t` in epoch ms. */
export const formatTime = (t: number, style: TimeStyle, zone: Zone): string => formatter(style, zone).format(t).replace(',', '');

/** "UTC", or the name of the zone at `t` ("GMT+2"). */
export function zoneName(zone: Zone, t: number): string {
  if (zone === 'utc') return 'UTC';
  const parts = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', timeZoneName: 'short', timeZone: timeZoneOf(zone) }).formatToParts(t);
  return parts.find((part) => part.type === 'timeZoneName')?.value ?? 'local';
}

const two = (value: number): string => String(value).padStart(2, '0');

/** Time left as h:mm:ss ("01:12:09"); "due" once it has passed. */
export function countdown(leftMs: number): string {
  if (!(leftMs > 0)) return 'due';
  const seconds = Math.floor(leftMs / 1000);
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

/** "38m", "5h": an age where there is little room. */
export const shortAge = (ms: number): string => age(ms).replace(' min', 'm').replace(' ', '');
