import { toSettlement } from '../telling.ts';
import { HOUR_MS, MINUTE_MS } from '../time.ts';
import type { Signal, SignalEvent } from './signal-events.ts';

/** Settlements of one instrument, times (ms) ascending. */
export interface SettledTimes {
  readonly time: Float64Array;
  readonly intervalH: Float64Array;
}

/**
 * The signal as its alert tells it, where that tells only within so many minutes of a settlement: what enters near one then, what
 * enters elsewhere when the next one comes near, and only if it still holds. With `every`, each period near one.
 */
export function toldNear(signal: Signal, nearMin: number, settled: SettledTimes, until: number, events: 'entries' | 'every'): Signal {
  const told = signal.events.flatMap((event): SignalEvent[] => {
    const wait = waitMs(event.at, nearMin * MINUTE_MS, settled);
    if (wait === 0) return [event];
    const at = event.at + wait;
    // A comparison with NaN is false: what holds to the end of the rows has not ended.
    if (events === 'every' || !(at <= until) || at >= event.endAt) return [];
    const period = lastAt(signal.periods, at);
    const { lasts, halvesAfterH } = event;
    return [
      {
        ...event,
        at,
        period,
        lasts: lasts - (period - event.period),
        halvesAfterH: Math.max(0, halvesAfterH - wait / HOUR_MS),
      },
    ];
  });
  return { ...signal, events: told };
}

/** Until a settlement is near, 0 where one is; NaN where none is known. Between two that are stored others were due by their interval. */
function waitMs(at: number, nearMs: number, { time, intervalH }: SettledTimes): number {
  const before = lastAt(time, at);
  const next = time[before + 1];
  const interval = intervalH[before + 1] ?? intervalH[before] ?? NaN;
  const known = time[before] ?? next ?? null;
  const distance = toSettlement(at, known, Number.isNaN(interval) ? null : interval);
  if (known === null || distance === null) return NaN;
  if (distance <= nearMs) return 0;
  const every = interval * HOUR_MS;
  const due = known + (Math.floor((at - known) / every) + 1) * every;
  return due - nearMs - at;
}

/** Index of the last one at or before; -1: all are later. */
function lastAt(times: Float64Array, at: number): number {
  let [from, to] = [0, times.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (times[middle]! <= at) from = middle + 1;
    else to = middle;
  }
  return from - 1;
}
