import { HOUR_MS, MINUTE_MS } from './time.ts';

/** How well what was known before each settlement foretold it. Rates are decimals per paid interval. */

/** Moments before a settlement, in minutes; null: one interval before. */
export const RECORD_MOMENTS = [null, 60, 15, 5] as const;
export type RecordMoment = (typeof RECORD_MOMENTS)[number];

/** What foretells: our forecast, the venue's running rate, the settlement before, the mean of the settlements of the day before. */
export const FORETELLERS = ['forecast', 'running', 'no-change', 'last-day'] as const;
export type Foreteller = (typeof FORETELLERS)[number];

/** With fewer settlements nothing is said but their number. */
export const LEAST_SETTLEMENTS = 30;

export interface RecordScore {
  readonly moment: RecordMoment;
  readonly by: Foreteller;
  /** Settlements of which it said something then. */
  readonly n: number;
  /** Mean of |foretold - settled|; null, as all below, of fewer than 30. */
  readonly error: number | null;
  /** Mean of foretold - settled. */
  readonly bias: number | null;
  /** Share of the settlements other than 0 of which it told who pays. */
  readonly side: number | null;
  /** Share of those that changed of which it told up or down; null for "no change", which tells neither. */
  readonly turn: number | null;
  /** 1 - its error / that of "no change", over the settlements that both foretold. */
  readonly skill: number | null;
}

export interface ForecastRecord {
  readonly settlements: number;
  /** Times of the first and the last of them; null: there is none. */
  readonly from: number | null;
  readonly to: number | null;
  readonly scores: readonly RecordScore[];
}

export interface RecordInputs {
  /** Settlements, oldest first, with the running rates that polls saw before each; NaN: not known. */
  readonly settled: {
    readonly key: Float64Array;
    readonly rate: Float64Array;
    readonly intervalH: Float64Array;
    readonly seen60: Float64Array;
    readonly seen15: Float64Array;
    readonly seen5: Float64Array;
  };
  /** The forecast at hour closes, oldest first; NaN: it had no value. */
  readonly forecast: { readonly time: Float64Array; readonly value: Float64Array };
}

/** So much of the last day has to be covered by settlements. */
const LEAST_OF_DAY = 0.8;

class Tally {
  n = 0;
  #sum = 0;
  #signed = 0;
  #sides = [0, 0];
  #turns = [0, 0];
  #both = [0, 0];

  add(foretold: number, settled: number, before: number): void {
    this.n++;
    this.#sum += Math.abs(foretold - settled);
    this.#signed += foretold - settled;
    if (settled !== 0) count(this.#sides, Math.sign(foretold) === Math.sign(settled));
    if (Number.isNaN(before)) return;
    this.#both = [(this.#both[0] ?? 0) + Math.abs(foretold - settled), (this.#both[1] ?? 0) + Math.abs(before - settled)];
    if (settled !== before) count(this.#turns, Math.sign(foretold - before) === Math.sign(settled - before));
  }

  score(moment: RecordMoment, by: Foreteller): RecordScore {
    const enough = this.n >= LEAST_SETTLEMENTS;
    const share = ([hits = 0, of = 0]: number[]): number | null => (enough && of >= LEAST_SETTLEMENTS ? hits / of : null);
    const [own = 0, unchanged = 0] = this.#both;
    return {
      ...{ moment, by, n: this.n },
      error: enough ? this.#sum / this.n : null,
      bias: enough ? this.#signed / this.n : null,
      side: share(this.#sides),
      turn: by === 'no-change' ? null : share(this.#turns),
      skill: enough && unchanged > 0 ? 1 - own / unchanged : null,
    };
  }
}

const count = (counts: number[], isHit: boolean): void => {
  counts[0] = (counts[0] ?? 0) + Number(isHit);
  counts[1] = (counts[1] ?? 0) + 1;
};

/** The record over all settlements that are given. A settlement of another interval than the one before is compared per hour of its own. */
export function forecastRecord({ settled, forecast }: RecordInputs): ForecastRecord {
  const { key, rate, intervalH } = settled;
  const tallies = new Map<string, Tally>();
  const tally = (moment: RecordMoment, by: Foreteller): Tally => {
    const name = `${moment ?? ''} ${by}`;
    const found = tallies.get(name) ?? new Tally();
    tallies.set(name, found);
    return found;
  };
  let hour = 0;
  for (let i = 0; i < key.length; i++) {
    const [at = NaN, due = NaN, hours = NaN] = [key[i], rate[i], intervalH[i]];
    if (Number.isNaN(due) || !(hours > 0)) continue;
    const began = at - hours * HOUR_MS;
    while (hour < forecast.time.length && (forecast.time[hour] ?? Infinity) < began) hour++;
    for (const moment of RECORD_MOMENTS) {
      const then = moment === null ? began : at - moment * MINUTE_MS;
      if (then < began) continue;
      const before = unchanged(settled, i, then);
      const said: Record<Foreteller, number> = {
        forecast: heldAt(forecast, hour, then),
        running: moment === null ? NaN : (settled[`seen${moment}`][i] ?? NaN),
        'no-change': before,
        'last-day': lastDay(settled, i, then),
      };
      for (const by of FORETELLERS) if (!Number.isNaN(said[by])) tally(moment, by).add(said[by], due, before);
    }
  }
  return {
    settlements: key.length,
    from: key[0] ?? null,
    to: key.at(-1) ?? null,
    scores: RECORD_MOMENTS.flatMap((moment) => FORETELLERS.map((by) => tally(moment, by).score(moment, by))),
  };
}

/** The newest close at or before a moment, at most an hour old; from a place on. */
function heldAt({ time, value }: RecordInputs['forecast'], from: number, then: number): number {
  let found = NaN;
  for (let i = from; i < time.length && (time[i] ?? Infinity) <= then; i++) if ((time[i] ?? 0) > then - HOUR_MS) found = value[i] ?? NaN;
  return found;
}

/** The settlement before, at the interval of this one; NaN where the one that was due is not known. */
function unchanged({ key, rate, intervalH }: RecordInputs['settled'], i: number, then: number): number {
  const [before = NaN, hours = NaN, own = NaN] = [key[i - 1], intervalH[i - 1], intervalH[i]];
  const isNext = before <= then && before >= (key[i] ?? NaN) - own * HOUR_MS;
  return isNext && hours > 0 ? ((rate[i - 1] ?? NaN) / hours) * own : NaN;
}

/** Mean of the rates settled in the day before a moment, by their hours. */
function lastDay({ key, rate, intervalH }: RecordInputs['settled'], i: number, then: number): number {
  let [sum, covered] = [0, 0];
  for (let j = i - 1; j >= 0 && (key[j] ?? 0) > then - 24 * HOUR_MS; j--) {
    const hours = intervalH[j] ?? NaN;
    if ((key[j] ?? 0) > then || !(hours > 0) || Number.isNaN(rate[j] ?? NaN)) continue;
    sum += rate[j] ?? 0;
    covered += hours;
  }
  return covered >= LEAST_OF_DAY * 24 ? (sum / covered) * (intervalH[i] ?? NaN) : NaN;
}
