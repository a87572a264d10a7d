import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type SettledRates } from '#domain/series.ts';
import { settlementKey } from '#domain/time.ts';

/** Recorded venue data lies beside the project, never in it: without it its tests say so and are skipped. */
const shared = resolve(import.meta.dirname, '../../../../shared');
export const haveRecorded = existsSync(join(shared, 'data')) && existsSync(join(shared, 'golden/metrics.json'));
if (!haveRecorded) console.warn(`Skipping tests on recorded data: ${shared} is not there.`);

/** A file of settlements (ts_ms, rate[, interval_h, mark]) as the store keeps it: keyed, ascending, the first of a key. */
export function recorded(path: string): SettledRates {
  const rows = new Map<number, { rate: number; intervalH: number }>();
  const lines = readFileSync(join(shared, 'data', path), 'utf8')
    .trim()
    .split('\n')
    .slice(1);
  for (const line of lines) {
    const [stamp, rate, intervalH] = line.split(',');
    const key = settlementKey(Number(stamp));
    if (!rows.has(key)) rows.set(key, { rate: Number(rate), intervalH: intervalH ? Number(intervalH) : NaN });
  }
  const sorted = [...rows].sort(([a], [b]) => a - b);
  return {
    key: Float64Array.from(sorted, ([key]) => key),
    rate: Float64Array.from(sorted, ([, row]) => row.rate),
    intervalH: Float64Array.from(sorted, ([, row]) => row.intervalH),
  };
}

interface Case {
  readonly venue: string;
  readonly symbol: string;
}
export interface Golden {
  readonly ema_divergence: readonly (Case & {
    n: number;
    hours: number;
    gaps: number;
    points: readonly { t: number; d: number | null }[];
  })[];
  readonly signals: readonly (Case & { n: number; theta_per_hour: number; k: number; entries: readonly { t: number; side: number }[] })[];
  readonly cumulative: readonly (Case & { settlements: number; sum: number })[];
}
export const golden = (): Golden => JSON.parse(readFileSync(join(shared, 'golden/metrics.json'), 'utf8')) as Golden;
