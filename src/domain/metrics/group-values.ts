import type { GroupFrame } from './frames/frames.ts';
import { once } from './shared.ts';

/** Scratch for one row's values over a group, kept between rows: no allocation per row. */
export class GroupValues {
  #sorted = new Float64Array(8);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  clear(): void {
    this.#count = 0;
  }

  /** Keeps ascending order; groups are small. */
  add(x: number): void {
    if (this.#count === this.#sorted.length) {
      const grown = new Float64Array(2 * this.#count);
      grown.set(this.#sorted);
      this.#sorted = grown;
    }
    let at = this.#count++;
    while (at > 0 && this.#sorted[at - 1]! > x) {
      this.#sorted[at] = this.#sorted[at - 1]!;
      at--;
    }
    this.#sorted[at] = x;
  }

  /** Mean of the middle two of an even count; NaN of none. */
  get median(): number {
    if (this.#count === 0) return NaN;
    const half = this.#count >> 1;
    const high = this.#sorted[half]!;
    return this.#count % 2 === 1 ? high : this.#sorted[half - 1]! + (high - this.#sorted[half - 1]!) / 2;
  }

  get lowest(): number {
    return this.#count === 0 ? NaN : this.#sorted[0]!;
  }

  get highest(): number {
    return this.#count === 0 ? NaN : this.#sorted[this.#count - 1]!;
  }

  /** Sample sd; 0 below two. */
  get sd(): number {
    let mean = 0;
    for (let i = 0; i < this.#count; i++) mean += (this.#sorted[i]! - mean) / (i + 1);
    let squares = 0;
    for (let i = 0; i < this.#count; i++) squares += (this.#sorted[i]! - mean) ** 2;
    return this.#count < 2 ? 0 : Math.sqrt(squares / (this.#count - 1));
  }
}

/** Median and sample sd of the legs' f in every row; NaN of fewer than two legs. */
export const rateColumns = once(({ time, legs }: GroupFrame): { readonly median: Float64Array; readonly sd: Float64Array } => {
  const out = { median: new Float64Array(time.length), sd: new Float64Array(time.length) };
  const values = new GroupValues();
  for (let row = 0; row < time.length; row++) {
    values.clear();
    for (let leg = 0; leg < legs.length; leg++) {
      const f = legs[leg]!.f[row]!;
      if (f === f) values.add(f);
    }
    out.median[row] = values.count < 2 ? NaN : values.median;
    out.sd[row] = values.count < 2 ? NaN : values.sd;
  }
  return out;
});
