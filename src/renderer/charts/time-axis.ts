import { formatTime, type Zone } from '../format/time.ts';
import { dateOf, midnight } from '../format/zone-time.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const HOURS = [1, 2, 3, 6, 12, 24];
const DAYS = [1, 2, 3, 7, 14, 28, 56];
const MONTHS = [1, 2, 3, 6, 12, 24, 60];

type Grain = 'hour' | 'day' | 'month';

/** What labels tell apart: only days once they fill the axis, only months where a year does. */
const grainOf = (spanMs: number): Grain => (spanMs > 300 * DAY_MS ? 'month' : spanMs > 6 * DAY_MS ? 'day' : 'hour');

/** Axis label of a time: the day at midnight of the zone, else the time of day. */
export function timeLabel(t: number, spanMs: number, zone: Zone): string {
  const grain = grainOf(spanMs);
  if (grain === 'month') return formatTime(t, 'month', zone);
  const clock = formatTime(t, 'minute', zone);
  return grain === 'day' || clock === '00:00' ? formatTime(t, 'day', zone) : clock;
}

const fitting = (steps: readonly number[], least: number): number => steps.find((step) => step >= least) ?? steps.at(-1) ?? 1;

/** Times for about `wanted` labels in [from, to], evenly apart on the zone's calendar and the same ones however the view moves. */
export function timeTicks(from: number, to: number, wanted: number, zone: Zone): number[] {
  const span = to - from;
  const [year, month, day] = dateOf(from, zone);
  const ticks: number[] = [];
  if (grainOf(span) === 'month') {
    const step = fitting(MONTHS, span / wanted / (30.4 * DAY_MS));
    for (let n = Math.ceil((year * 12 + month) / step) * step; ; n += step) {
      const t = midnight(zone, Math.floor(n / 12), n % 12, 1);
      if (t > to) return ticks;
      if (t >= from) ticks.push(t);
    }
  }
  const first = Date.UTC(year, month, day) / DAY_MS;
  if (grainOf(span) === 'day') {
    const step = fitting(DAYS, span / wanted / DAY_MS);
    for (let n = Math.ceil(first / step) * step; ; n += step) {
      const t = midnight(zone, 1970, 0, 1 + n);
      if (t > to) return ticks;
      if (t >= from) ticks.push(t);
    }
  }
  // Counted from each midnight anew: a day of 23 or 25 hours does not shift those after it.
  const stepMs = fitting(HOURS, span / wanted / HOUR_MS) * HOUR_MS;
  for (let n = first; ; n += 1) {
    const start = midnight(zone, 1970, 0, 1 + n);
    const end = midnight(zone, 1970, 0, 2 + n);
    for (let t = start; t < end - HOUR_MS / 2; t += stepMs) {
      if (t > to) return ticks;
      if (t >= from) ticks.push(t);
    }
  }
}
