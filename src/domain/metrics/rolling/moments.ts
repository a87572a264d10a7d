/**
 * Mean and sample sd of the last n rows; NaN is a row without a value. Windows are cut at every n-th row: the older part is
 * an aggregate of a block's tail, the newer one grows, and the two are merged (Chan, Golub, LeVeque). Nothing is ever
 * subtracted, so nothing drifts, and equal values have an sd of exactly 0.
 */
export class RollingMoments {
  readonly n: number;
  readonly #tables: Tables;
  readonly #ring: Float64Array;
  /** By HEAD_MEAN and so on: numbers in an array are changed in place, in fields and arguments they may be allocated anew. */
  readonly #state = new Float64Array(5);
  #slot = 0;
  #headCount = 0;
  #count = 0;

  constructor(n: number) {
    if (!Number.isInteger(n) || n < 1) throw new RangeError(`a window is a whole number of rows from 1 up, not ${n}`);
    this.n = n;
    this.#tables = newTables(n);
    this.#ring = new Float64Array(n);
  }

  copy(): RollingMoments {
    const other = new RollingMoments(this.n);
    for (const name of ['count', 'mean', 'm2'] as const) other.#tables[name].set(this.#tables[name]);
    other.#ring.set(this.#ring);
    other.#state.set(this.#state);
    other.#slot = this.#slot;
    other.#headCount = this.#headCount;
    other.#count = this.#count;
    return other;
  }

  /** Values in the window. */
  get count(): number {
    return this.#count;
  }

  /** 0 of none: look at `count` first. */
  get mean(): number {
    return this.#state[MEAN]!;
  }

  /** Divisor count - 1; 0 below two values. */
  get sd(): number {
    return this.#count < 2 ? 0 : Math.sqrt(this.#state[M2]! * this.#tables.inverse[this.#count - 1]!);
  }

  push(x: number): void {
    this.#state[X] = x;
    this.#take();
  }

  clear(): void {
    this.#tables.count.fill(0);
    this.#state.fill(0);
    this.#slot = 0;
    this.#headCount = 0;
    this.#count = 0;
  }

  #take(): void {
    const state = this.#state;
    const x = state[X]!;
    const { inverse, count: tailCount, mean: tailMean, m2: tailM2 } = this.#tables;
    this.#ring[this.#slot++] = x;
    if (x === x) {
      const delta = x - state[HEAD_MEAN]!;
      this.#headCount++;
      state[HEAD_MEAN]! += delta * inverse[this.#headCount]!;
      state[HEAD_M2]! += delta * (x - state[HEAD_MEAN]!);
    }
    const newer = this.#headCount;
    const older = tailCount[this.#slot]!;
    const count = older + newer;
    const delta = state[HEAD_MEAN]! - tailMean[this.#slot]!;
    this.#count = count;
    state[MEAN] = older === 0 ? state[HEAD_MEAN]! : tailMean[this.#slot]! + delta * newer * inverse[count]!;
    state[M2] = older === 0 ? state[HEAD_M2]! : tailM2[this.#slot]! + state[HEAD_M2]! + delta * delta * (older * newer * inverse[count]!);
    if (this.#slot === this.n) {
      cutTails(this.#ring, 0, this.#tables);
      this.#slot = 0;
      this.#headCount = 0;
      state[HEAD_MEAN] = 0;
      state[HEAD_M2] = 0;
    }
  }
}

const HEAD_MEAN = 0;
const HEAD_M2 = 1;
const MEAN = 2;
const M2 = 3;
const X = 4;

interface Tables {
  /** 1/k. */
  readonly inverse: Float64Array;
  /** Of the block before this one, from each slot to its end; 0 values at n. */
  readonly count: Int32Array;
  readonly mean: Float64Array;
  readonly m2: Float64Array;
}

const newTables = (n: number): Tables => ({
  inverse: Float64Array.from({ length: n + 1 }, (_, k) => 1 / k),
  count: new Int32Array(n + 1),
  mean: new Float64Array(n + 1),
  m2: new Float64Array(n + 1),
});

/** Aggregates of a whole block's tails; the block begins at `start`. */
function cutTails(values: Float64Array, start: number, tables: Tables): void {
  const { inverse, count: tailCount, mean: tailMean, m2: tailM2 } = tables;
  let count = 0;
  let mean = 0;
  let m2 = 0;
  for (let slot = tailCount.length - 2; slot >= 0; slot--) {
    const x = values[start + slot]!;
    if (x === x) {
      const delta = x - mean;
      count++;
      mean += delta * inverse[count]!;
      m2 += delta * (x - mean);
    }
    tailCount[slot] = count;
    tailMean[slot] = mean;
    tailM2[slot] = m2;
  }
}

/** RollingMoments' mean at every row, gaps skipped; NaN where the window has fewer than `need`. */
export function rollingMean(values: Float64Array, n: number, need = 1): Float64Array {
  const tables = newTables(n);
  const { inverse, count: tailCount, mean: tailMean } = tables;
  const out = new Float64Array(values.length);
  for (let start = 0; start < values.length; start += n) {
    const end = Math.min(start + n, values.length);
    let newer = 0;
    let mean = 0;
    for (let i = start, slot = 1; i < end; i++, slot++) {
      const x = values[i]!;
      if (x === x) mean += (x - mean) * inverse[++newer]!;
      const older = tailCount[slot]!;
      const all = older + newer;
      const merged = older === 0 ? mean : tailMean[slot]! + (mean - tailMean[slot]!) * newer * inverse[all]!;
      out[i] = all < need ? NaN : merged;
    }
    if (end === start + n) cutTails(values, start, tables);
  }
  return out;
}

/** RollingMoments' sd at every row, gaps skipped; NaN where the window has fewer than `need`. */
export function rollingSd(values: Float64Array, n: number, need = 1, out = new Float64Array(values.length)): Float64Array {
  const tables = newTables(n);
  const weights = Float64Array.from({ length: n + 1 }, (_, slot) => (n - slot) * slot * tables.inverse[n]!);
  for (let start = 0; start < values.length; start += n) {
    const end = Math.min(start + n, values.length);
    const wholeBefore = n > 1 && tables.count[0] === n;
    if (!wholeBefore || !sdOfWhole(values, start, end, tables, weights, out)) sdWithGaps(values, start, end, tables, need, out);
    if (end === start + n) cutTails(values, start, tables);
  }
  return out;
}

/**
 * A block without a gap after one without: every window has n values, and what the two parts weigh is known before. False
 * where the block has one after all (it shows in the sums): then nothing that was written counts.
 */
function sdOfWhole(
  values: Float64Array,
  start: number,
  end: number,
  { inverse, mean: tailMean, m2: tailM2 }: Tables,
  weights: Float64Array,
  sd: Float64Array,
): boolean {
  const ofAll = inverse[weights.length - 2]!;
  let mean = 0;
  let m2 = 0;
  for (let i = start, slot = 1; i < end; i++, slot++) {
    const x = values[i]!;
    const step = x - mean;
    mean += step * inverse[slot]!;
    m2 += step * (x - mean);
    const delta = mean - tailMean[slot]!;
    sd[i] = Math.sqrt((tailM2[slot]! + m2 + delta * delta * weights[slot]!) * ofAll);
  }
  return m2 === m2;
}

function sdWithGaps(
  values: Float64Array,
  start: number,
  end: number,
  { inverse, count: tailCount, mean: tailMean, m2: tailM2 }: Tables,
  need: number,
  sd: Float64Array,
): void {
  let newer = 0;
  let mean = 0;
  let m2 = 0;
  for (let i = start, slot = 1; i < end; i++, slot++) {
    const x = values[i]!;
    if (x === x) {
      const step = x - mean;
      newer++;
      mean += step * inverse[newer]!;
      m2 += step * (x - mean);
    }
    const older = tailCount[slot]!;
    const all = older + newer;
    const delta = mean - tailMean[slot]!;
    const squares = older === 0 ? m2 : tailM2[slot]! + m2 + delta * delta * (older * newer * inverse[all]!);
    sd[i] = all < need ? NaN : all < 2 ? 0 : Math.sqrt(squares * inverse[all - 1]!);
  }
}
