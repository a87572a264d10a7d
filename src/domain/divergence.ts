import { KIND_INTERVAL_UNKNOWN } from './series.ts';

/** 'ema': exponential, alpha 2/(n+1), seeded with the mean of the first n values; 'simple': mean of the n values before. */
export type Average = 'ema' | 'simple';

/**
 * The average of the closed hours so far, one more at a time. A gap (NaN) restarts the warm-up; a change of interval does
 * not, the values are per hour.
 */
export class ClosedAverage {
  readonly n: number;
  readonly #alpha: number;
  /** The last n values, for the simple mean only. */
  readonly #ring: Float64Array | null;
  #value = 0;
  #count = 0;

  constructor(n: number, average: Average = 'ema') {
    if (!Number.isInteger(n) || n < 1) throw new RangeError(`n must be a whole number of hours from 1 up, not ${n}`);
    this.n = n;
    this.#alpha = 2 / (n + 1);
    this.#ring = average === 'simple' ? new Float64Array(n) : null;
  }

  /** Another one that goes on from here. */
  copy(): ClosedAverage {
    const other = new ClosedAverage(this.n, this.#ring === null ? 'ema' : 'simple');
    other.#value = this.#value;
    other.#count = this.#count;
    if (this.#ring !== null) other.#ring?.set(this.#ring);
    return other;
  }

  /** Closed hours since the last gap; warm from n on. */
  get count(): number {
    return this.#count;
  }

  /** NaN while warming up. */
  get value(): number {
    return this.#count < this.n ? NaN : this.#value + 0;
  }

  /** D of `f` (a closing hour or the hour in progress) against the hours closed before it; NaN while warming up. Never -0. */
  divergence(f: number): number {
    return this.#count < this.n ? NaN : f - this.#value + 0;
  }

  /** Takes in the hour that has just closed. */
  close(f: number): void {
    if (Number.isNaN(f)) {
      this.#count = 0;
      this.#value = 0;
      return;
    }
    this.#count++;
    // A running mean and differences keep a plateau exact: D of a flat rate is 0, not rounding noise.
    if (this.#count <= this.n) this.#value += (f - this.#value) / this.#count;
    else if (this.#ring === null) this.#value += this.#alpha * (f - this.#value);
    else this.#value += (f - this.#ring[(this.#count - 1) % this.n]!) / this.n;
    if (this.#ring !== null) this.#remember(this.#ring, f);
  }

  /** The mean is taken afresh once every n hours, so that its running sum cannot drift. */
  #remember(ring: Float64Array, f: number): void {
    const slot = (this.#count - 1) % this.n;
    ring[slot] = f;
    if (slot === this.n - 1) this.#value = meanOf(ring);
  }
}

function meanOf(values: Float64Array): number {
  let mean = 0;
  for (let i = 0; i < values.length; i++) mean += (values[i]! - mean) / (i + 1);
  return mean;
}

export interface DivergenceColumns {
  /** The average of the hours before each hour; NaN while warming up. */
  readonly ema: Float64Array;
  /** f - ema; NaN while warming up and in a gap. */
  readonly d: Float64Array;
}

/** D_i = f_i - EMA_n(f_0 .. f_(i-1)) over hourly closes, all per hour, NaN = gap (domain 3.1). */
export function emaDivergence(f: Float64Array, n: number, average: Average = 'ema'): DivergenceColumns {
  const columns = { ema: new Float64Array(f.length), d: new Float64Array(f.length) };
  const closed = new ClosedAverage(n, average);
  for (let i = 0; i < f.length; i++) {
    // A warm average is carried on without asking at every hour whether it is warm: the same arithmetic, several times faster.
    if (average === 'ema' && closed.count >= n) {
      i = runWarm(f, i, closed, columns);
      closed.close(NaN);
      continue;
    }
    columns.ema[i] = closed.value;
    columns.d[i] = closed.divergence(f[i]!);
    closed.close(f[i]!);
  }
  return columns;
}

/** Writes the columns from `i` on through the next gap, or to the end; returns where it stopped. */
function runWarm(f: Float64Array, i: number, { n, value: seed }: ClosedAverage, { ema, d }: DivergenceColumns): number {
  const alpha = 2 / (n + 1);
  let value = seed;
  for (; i < f.length; i++) {
    const x = f[i]!;
    ema[i] = value + 0;
    d[i] = x - value + 0;
    if (x !== x) break;
    value += alpha * (x - value);
  }
  return i;
}

export type WhyNoDivergence = 'gap' | 'interval-unknown' | 'warming-up';

/** Why a point of the series has no D; null where it has one. `kind` as in an hourly series. */
export function whyNoDivergence(kind: number, f: number, d: number): WhyNoDivergence | null {
  if (!Number.isNaN(d)) return null;
  if (!Number.isNaN(f)) return 'warming-up';
  return kind === KIND_INTERVAL_UNKNOWN ? 'interval-unknown' : 'gap';
}
