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

  /** Takes in what the column has at the row, if anything. Keeps ascending order; groups are small. */
  add(column: Float64Array, row: number): void {
    const x = column[row]!;
    if (x !== x) return;
    if (this.#count === this.#sorted.length) this.#grow();
    const sorted = this.#sorted;
    let at = this.#count++;
    for (; at > 0 && sorted[at - 1]! > x; at--) sorted[at] = sorted[at - 1]!;
    sorted[at] = x;
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

  #grow(): void {
    const grown = new Float64Array(2 * this.#count);
    grown.set(this.#sorted);
    this.#sorted = grown;
  }
}
