import { type HourColumns, type SettledColumns, unknownColumns } from './columns.ts';
import { gapInterval, LONGEST_INTERVAL_H } from './interval.ts';
import { HOUR_MS, hourClose } from './time.ts';
import { perHour } from './units.ts';

/** What stands behind a point of an hourly series; the numbers are the wire's. */
export const KIND_GAP = 0;
/** The rate of the latest settlement, for as long as its interval lasts: through the close at which the next is due. */
export const KIND_STEP = 1;
/** A running rate that was observed in that hour. */
export const KIND_RUNNING = 2;
/** A gap because it is not known over how many hours a rate counts. */
export const KIND_INTERVAL_UNKNOWN = 3;

/** The hourly funding series: contiguous hour closes, each with its rate per hour and where that came from. */
export interface HourlySeries {
  /** Hour closes, ms. */
  readonly time: Float64Array;
  /** Rate per hour, NaN in a gap. */
  readonly f: Float64Array;
  readonly kind: Uint8Array;
  /** Time of the observation behind the value: settlement key or time of the snapshot; NaN in a gap. */
  readonly observation: Float64Array;
  /** Hours of the interval that the value is quoted for; NaN in a gap. */
  readonly intervalH: Float64Array;
}

export type SettledRates = Pick<SettledColumns, 'key' | 'rate' | 'intervalH'>;
export type ObservedHours = Pick<HourColumns, 'close' | 'observedAt' | 'rate' | 'intervalH'>;

/** So many hours of which nothing is known, not even the time. */
export function emptySeries(rows: number): HourlySeries {
  const unknown = unknownColumns(3, rows);
  return { time: new Float64Array(rows), f: unknown(), kind: new Uint8Array(rows), observation: unknown(), intervalH: unknown() };
}

/**
 * Hour closes in (from, to], none before the first thing known (from null: all). A value at t uses rows with key <= t and
 * observations of the hour that closes at t, nothing later. Give it the settlements and the observed hours of the two days before
 * `from`, and the newest of each before them, and a tail equals the same part of the whole. An interval that observations state is
 * refuted while settlements under it follow one another at shorter, equal distances (domain 2). Only the label of a gap looks back: the stretch before the
 * first settlement of a longer interval is told from a missing settlement when that settlement has come. `accrues`: what is observed is quoted
 * for some hours and accrues by the hour, which refutes nothing; points of it are told for the hour, as its settlements are.
 */
export function hourlySeries(settled: SettledRates, hours: ObservedHours, from: number | null, to: number, accrues = false): HourlySeries {
  const firstKnown = Math.min(hourClose(settled.key[0] ?? Infinity), hours.close[0] ?? Infinity);
  const start = Math.max(firstKnown, from === null ? -Infinity : Math.floor(from / HOUR_MS) * HOUR_MS + HOUR_MS);
  const count = start <= to ? Math.floor((to - start) / HOUR_MS) + 1 : 0;
  const series = emptySeries(count);
  let row = -1;
  let hour = -1;
  // The interval in force: the newest that a snapshot or a settled row knows.
  let knownH = NaN;
  let knownAt = -Infinity;
  /** What the observations state, when they did so last, and since when; after a day's silence it is stated anew. */
  let statedH = NaN;
  let statedAt = NaN;
  let statedSince = NaN;
  const see = (at: number, intervalH: number): void => {
    if (at < knownAt) return;
    knownAt = at;
    knownH = intervalH;
  };
  for (let i = 0; i < count; i++) {
    const t = start + i * HOUR_MS;
    series.time[i] = t;
    while (hour + 1 < hours.close.length && hours.close[hour + 1]! <= t) {
      hour++;
      const said = hours.intervalH[hour]!;
      if (!(said > 0)) continue;
      see(hours.observedAt[hour]!, said);
      if (said !== statedH || !(hours.observedAt[hour]! - statedAt <= LONGEST_INTERVAL_H * HOUR_MS)) statedSince = hours.observedAt[hour]!;
      statedH = said;
      statedAt = hours.observedAt[hour]!;
    }
    while (row + 1 < settled.key.length && settled.key[row + 1]! <= t) {
      row++;
      see(settled.key[row]!, settled.intervalH[row]!);
    }
    if (hour >= 0 && hours.close[hour] === t && !Number.isNaN(hours.rate[hour]!)) {
      const said = hours.intervalH[hour]!;
      if (accrues) put(series, i, KIND_RUNNING, perHour(hours.rate[hour]!, said), said > 0 ? 1 : NaN, hours.observedAt[hour]!);
      else {
        const intervalH = said > 0 ? (refutation(settled, row, said, statedSince, t) ?? said) : knownH;
        put(series, i, KIND_RUNNING, hours.rate[hour]!, intervalH, hours.observedAt[hour]!);
      }
    } else if (row >= 0) {
      const key = settled.key[row]!;
      const intervalH = settled.intervalH[row]!;
      const lasts = Number.isNaN(intervalH) ? LONGEST_INTERVAL_H : intervalH;
      if (t - key <= lasts * HOUR_MS) put(series, i, KIND_STEP, settled.rate[row]!, intervalH, key);
      else if (knownAt <= key && lengthens(settled, row)) series.kind[i] = KIND_INTERVAL_UNKNOWN;
    }
  }
  return series;
}

/**
 * The distance (hours) of the settlements up to `row` where it refutes the stated interval at t; null where it does not. Both of the
 * last two came while it was stated, the three lie at one shorter distance, and the next one is not due before t.
 */
function refutation({ key }: SettledRates, row: number, statedH: number, since: number, t: number): number | null {
  if (row < 2 || !(t - key[row]! < statedH * HOUR_MS) || !(key[row - 1]! > since)) return null;
  const distance = gapInterval(key[row]! - key[row - 1]!);
  const isRefuted = distance < statedH && distance === gapInterval(key[row - 1]! - key[row - 2]!) && t - key[row]! < distance * HOUR_MS;
  return isRefuted ? distance : null;
}

type Writable = { -readonly [K in keyof HourlySeries]: HourlySeries[K] };

function put(series: Writable, i: number, kind: number, rate: number, intervalH: number, observation: number): void {
  if (Number.isNaN(intervalH)) {
    series.kind[i] = KIND_INTERVAL_UNKNOWN;
    return;
  }
  series.f[i] = perHour(rate, intervalH);
  series.kind[i] = kind;
  series.observation[i] = observation;
  series.intervalH[i] = intervalH;
}

/** The silence after `row` is explained by a longer (or unknown) interval of the next row, not by a missing settlement. */
function lengthens(settled: SettledRates, row: number): boolean {
  const next = settled.key[row + 1];
  if (next === undefined) return false;
  const nextH = settled.intervalH[row + 1]!;
  const longestH = Number.isNaN(nextH) ? LONGEST_INTERVAL_H : nextH;
  return !(longestH <= settled.intervalH[row]!) && next - settled.key[row]! <= longestH * HOUR_MS;
}
