import type { Database } from 'better-sqlite3';
import type { RateRanges } from '#core/ports/history-facts.ts';
import type { AsOf } from '#core/ports/history.ts';
import type { InstrumentId } from '#domain/instrument.ts';
import { HOUR_MS } from '#domain/time.ts';
import { bound } from './checks.ts';
import type { NewestReader } from './newest.ts';

interface Wanted {
  readonly numbers: string;
  readonly from: number;
  readonly to: number;
  readonly known: number;
}
interface Found {
  readonly i: number;
  readonly least: number | null;
  readonly greatest: number | null;
  /** Of the hours and of the one before them. */
  readonly shortestH: number | null;
  readonly longestH: number | null;
}

/** Reads the least and the greatest running rate per hour of many instruments over hours that are over at `now`, one statement for each table. */
export function rateRangesReader(db: Database, newest: NewestReader) {
  const numbers = db.prepare<[string], { i: number; number: number }>(
    'SELECT j.key AS i, number FROM json_each(?) AS j JOIN instruments ON instruments.id = j.value',
  );
  /** In the order in which the table is kept. Hours of unknown interval have no rate per hour. */
  const reader = (joined: string) =>
    db.prepare<[Wanted], Found>(
      `WITH wanted(i, n) AS (SELECT key, value FROM json_each(@numbers))
       SELECT i, min(rate_min / interval_h) FILTER (WHERE close > @from) AS least, max(rate_max / interval_h) FILTER (WHERE close > @from) AS greatest,
         min(interval_h) AS shortestH, max(interval_h) AS longestH
       FROM ${joined} ON instrument = n WHERE close > @from - ${HOUR_MS} AND close <= @to AND close + late_ms <= @known GROUP BY i`,
    );
  const tables = [reader('wanted CROSS JOIN hour_cold'), reader('hour_hot CROSS JOIN wanted')];
  /**
   * Of one whose interval changed: the hour of the change holds rates of both, which no one interval makes rates per hour; of it
   * only the last rate counts.
   */
  const hours = 'SELECT close, rate, rate_min, rate_max, interval_h, late_ms FROM';
  const changed = db.prepare<[{ readonly n: number } & Omit<Wanted, 'numbers'>], Pick<Found, 'least' | 'greatest'>>(
    `WITH RECURSIVE closes(at) AS (SELECT @from UNION ALL SELECT at + ${HOUR_MS} FROM closes WHERE at < @to),
     stored AS (
       ${hours} hour_cold WHERE instrument = @n AND close >= @from AND close <= @to
       UNION ALL ${hours} closes CROSS JOIN hour_hot ON close = at AND instrument = @n),
     told AS (
       SELECT close, rate, rate_min, rate_max, interval_h, interval_h <> lag(interval_h) OVER (ORDER BY close) AS isMixed
       FROM stored WHERE close + late_ms <= @known)
     SELECT min(iif(isMixed, rate, rate_min) / interval_h) AS least, max(iif(isMixed, rate, rate_max) / interval_h) AS greatest
     FROM told WHERE close > @from`,
  );

  return (ids: readonly InstrumentId[], from: number, to: number, asOf: AsOf, now: number): RateRanges => {
    const [least, greatest] = [new Float64Array(ids.length).fill(NaN), new Float64Array(ids.length).fill(NaN)];
    const [shortest, longest] = [new Float64Array(ids.length).fill(Infinity), new Float64Array(ids.length).fill(0)];
    function take(i: number, low: number | null, high: number | null): void {
      if (low === null || high === null) return;
      const [before, after] = [least[i] ?? NaN, greatest[i] ?? NaN];
      least[i] = Number.isNaN(before) ? low : Math.min(low, before);
      greatest[i] = Number.isNaN(after) ? high : Math.max(high, after);
    }
    const known = asOf === null ? Number.MAX_SAFE_INTEGER : bound(asOf, 'asOf');
    // No instrument has the number -1.
    const list = ids.map(() => -1);
    for (const { i, number } of numbers.all(JSON.stringify(ids))) list[i] = number;
    const wanted: Wanted = { numbers: JSON.stringify(list), from: bound(from, 'from'), to: bound(to, 'to'), known };
    for (const table of tables)
      for (const { i, least: low, greatest: high, shortestH, longestH } of table.all(wanted)) {
        take(i, low, high);
        shortest[i] = Math.min(shortest[i] ?? Infinity, shortestH ?? Infinity);
        longest[i] = Math.max(longest[i] ?? 0, longestH ?? 0);
      }
    for (const [i, n] of list.entries()) {
      if ((shortest[i] ?? Infinity) >= (longest[i] ?? 0)) continue;
      const told = changed.get({ n, from: wanted.from, to: wanted.to, known });
      [least[i], greatest[i]] = [told?.least ?? NaN, told?.greatest ?? NaN];
    }
    // The hour of the newest observation, where it is over, though no later poll has closed it yet.
    const observed = newest.all();
    for (const [i, number] of list.entries()) {
      const pending = observed.get(number);
      const hours = pending?.snapshot.intervalH ?? null;
      if (!pending || hours === null || pending.close <= from || pending.close > Math.min(to, now, known) || pending.learntAt > known)
        continue;
      const isMixed = longest[i] !== 0 && (shortest[i] !== hours || longest[i] !== hours);
      take(i, (isMixed ? pending.snapshot.rate : pending.rateMin) / hours, (isMixed ? pending.snapshot.rate : pending.rateMax) / hours);
    }
    return { least, greatest };
  };
}
