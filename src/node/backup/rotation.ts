import type { BackupsKept } from '#core/settings.ts';

const DAY_MS = 86_400_000;
/** 5 January 1970 was a Monday. */
const MONDAY = 4;

const day = (at: number): number => Math.floor(at / DAY_MS);
const week = (at: number): number => Math.floor((day(at) - MONDAY) / 7);
const month = (at: number): number => new Date(at).getUTCFullYear() * 12 + new Date(at).getUTCMonth();

/**
 * Of backups made at these times (ms), those that go: kept is the newest of each of the last days, weeks (from Monday) and months, UTC,
 * of which there is one, and always the newest of all.
 */
export function outlived(times: readonly number[], { days, weeks, months }: BackupsKept): number[] {
  const newestFirst = [...times].sort((a, b) => b - a);
  const keep = new Set(newestFirst.slice(0, 1));
  for (const [periodOf, most] of [
    [day, days],
    [week, weeks],
    [month, months],
  ] as const) {
    const seen = new Set<number>();
    for (const at of newestFirst) {
      if (seen.size >= most) break;
      if (seen.has(periodOf(at))) continue;
      seen.add(periodOf(at));
      keep.add(at);
    }
  }
  return newestFirst.filter((at) => !keep.has(at));
}
