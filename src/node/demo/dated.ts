const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Delivery instants of quarterly futures: last Friday of March, June, September and December, 08:00 UTC; the next `count`. */
export function quarterEnds(now: number, count: number): number[] {
  const ends: number[] = [];
  const first = new Date(now);
  for (let month = first.getUTCMonth() - (first.getUTCMonth() % 3) + 3; ends.length < count; month += 3) {
    const lastDay = Date.UTC(first.getUTCFullYear(), month, 0);
    const end = lastDay - ((new Date(lastDay).getUTCDay() + 2) % 7) * DAY + 8 * HOUR;
    if (end > now) ends.push(end);
  }
  return ends;
}

/** Contango of a dated future, 5 % a year. */
export const datedPremium = (end: number, now: number): number => (0.05 * (end - now)) / (365 * DAY);
