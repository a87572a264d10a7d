/** The value of n rows before; NaN where that row has none or is before the first. */
export class Lag {
  readonly #ring: Float64Array;
  #slot = 0;
  #rows = 0;

  constructor(n: number) {
    this.#ring = new Float64Array(n).fill(NaN);
  }

  copy(): Lag {
    const other = new Lag(this.#ring.length);
    other.#ring.set(this.#ring);
    other.#slot = this.#slot;
    other.#rows = this.#rows;
    return other;
  }

  /** The row that was pushed last had one n rows before it. */
  get reaches(): boolean {
    return this.#rows > this.#ring.length;
  }

  /** n rows before the row that comes next. */
  get value(): number {
    return this.#ring[this.#slot]!;
  }

  /** Takes in the row, returns the value n rows before it. */
  push(x: number): number {
    const before = this.#ring[this.#slot]!;
    this.#ring[this.#slot] = x;
    this.#rows++;
    this.#slot = this.#slot + 1 === this.#ring.length ? 0 : this.#slot + 1;
    return before;
  }
}
