/**
 * Mean and sample sd of the last n rows; NaN is a row without a value. Windows are cut at every n-th row: the older part is
 * an aggregate of a block's tail, the newer one grows, and the two are merged (Chan, Golub, LeVeque). Nothing is ever
 * subtracted, so nothing drifts, and equal values have an sd of exactly 0.
 */
export class RollingMoments {
  readonly n: number;
  readonly #ring: Float64Array;
  /** Of the block before this one, from each slot to its end. */
  readonly #tailCount: Int32Array;
  readonly #tailMean: Float64Array;
  readonly #tailM2: Float64Array;
  #hasTail = false;
  #slot = 0;
  #headCount = 0;
  #headMean = 0;
  #headM2 = 0;
  #count = 0;
  #mean = 0;
  #m2 = 0;

  constructor(n: number) {
    if (!Number.isInteger(n) || n < 1) throw new RangeError(`a window is a whole number of rows from 1 up, not ${n}`);
    this.n = n;
    this.#ring = new Float64Array(n);
    this.#tailCount = new Int32Array(n);
    this.#tailMean = new Float64Array(n);
    this.#tailM2 = new Float64Array(n);
  }

  /** Values in the window. */
  get count(): number {
    return this.#count;
  }

  /** 0 of none: look at `count` first. */
  get mean(): number {
    return this.#mean;
  }

  /** Divisor count - 1; 0 below two values. */
  get sd(): number {
    return this.#count < 2 ? 0 : Math.sqrt(this.#m2 / (this.#count - 1));
  }

  push(x: number): void {
    const slot = this.#slot;
    this.#ring[slot] = x;
    if (x === x) {
      const delta = x - this.#headMean;
      this.#headCount++;
      this.#headMean += delta / this.#headCount;
      this.#headM2 += delta * (x - this.#headMean);
    }
    this.#merge(slot + 1);
    if (slot + 1 === this.n) this.#cut();
    else this.#slot = slot + 1;
  }

  clear(): void {
    this.#hasTail = false;
    this.#slot = 0;
    this.#headCount = 0;
    this.#headMean = 0;
    this.#headM2 = 0;
    this.#count = 0;
    this.#mean = 0;
    this.#m2 = 0;
  }

  #merge(from: number): void {
    const older = this.#hasTail && from < this.n ? this.#tailCount[from]! : 0;
    const newer = this.#headCount;
    if (older === 0) {
      this.#count = newer;
      this.#mean = this.#headMean;
      this.#m2 = this.#headM2;
      return;
    }
    const count = older + newer;
    const olderMean = this.#tailMean[from]!;
    const delta = this.#headMean - olderMean;
    const share = newer / count;
    this.#count = count;
    this.#mean = newer === 0 ? olderMean : olderMean + delta * share;
    this.#m2 = newer === 0 ? this.#tailM2[from]! : this.#tailM2[from]! + this.#headM2 + delta * delta * older * share;
  }

  #cut(): void {
    const ring = this.#ring;
    let count = 0;
    let mean = 0;
    let m2 = 0;
    for (let slot = this.n - 1; slot >= 0; slot--) {
      const x = ring[slot]!;
      if (x === x) {
        const delta = x - mean;
        count++;
        mean += delta / count;
        m2 += delta * (x - mean);
      }
      this.#tailCount[slot] = count;
      this.#tailMean[slot] = mean;
      this.#tailM2[slot] = m2;
    }
    this.#hasTail = true;
    this.#slot = 0;
    this.#headCount = 0;
    this.#headMean = 0;
    this.#headM2 = 0;
  }
}
