import { HOUR_MS } from '#domain/time.ts';

/**
 * Hours of [start, end], for venues that cut a longer answer short on a side that is not documented: so many are asked for at once that none is
 * left out. The newest window that holds any, as `ask` gives it; an empty list where none does.
 */
export async function newestWindow<T>(
  ask: (from: number, to: number) => Promise<readonly T[]>,
  start: number,
  end: number,
  pageHours: number,
): Promise<readonly T[]> {
  for (let to = end; ; to -= pageHours * HOUR_MS) {
    const from = Math.max(start, to - pageHours * HOUR_MS + 1);
    const found = await ask(from, to);
    if (found.length > 0 || from <= start) return found;
  }
}
