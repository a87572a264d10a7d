/** A sum kept as two doubles (Knuth's TwoSum): adding and taking away for years leaves it within one rounding of a fresh one. */
export class ExactSum {
  #high = 0;
  #low = 0;

  copy(): ExactSum {
    const other = new ExactSum();
    other.#high = this.#high;
    other.#low = this.#low;
    return other;
  }

  get value(): number {
    return this.#high + this.#low + 0;
  }

  add(x: number): void {
    const sum = this.#high + x;
    const added = sum - this.#high;
    const low = this.#low + (this.#high - (sum - added) + (x - added));
    this.#high = sum + low;
    this.#low = low - (this.#high - sum);
  }

  clear(): void {
    this.#high = 0;
    this.#low = 0;
  }
}
