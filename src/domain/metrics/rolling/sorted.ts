/**
 * The values of the last n rows in ascending order; NaN is a row without a value. One row in and one out is a shift of what
 * lies between them, and a row that equals the one it replaces costs nothing (on steps and plateaus nearly every row).
 */
export class SortedWindow {
  readonly n: number;
  readonly #ring: Float64Array;
  readonly #sorted: Float64Array;
  /** The value that comes and the one that goes. */
  readonly #swap = new Float64Array(2);
  #rows = 0;
  #slot = 0;
  #count = 0;
  /** Where the last row's value stands, as far as it was looked for; else -1. */
  #at = -1;
  /** Where the values nearest to the median began when they were last asked for. */
  #low = 0;

  constructor(n: number) {
    if (!Number.isInteger(n) || n < 1) throw new RangeError(`a window is a whole number of rows from 1 up, not ${n}`);
    this.n = n;
    this.#ring = new Float64Array(n);
    this.#sorted = new Float64Array(n);
  }

  copy(): SortedWindow {
    const other = new SortedWindow(this.n);
    other.#ring.set(this.#ring);
    other.#sorted.set(this.#sorted);
    other.#rows = this.#rows;
    other.#slot = this.#slot;
    other.#count = this.#count;
    other.#at = this.#at;
    other.#low = this.#low;
    return other;
  }

  /** Values in the window. */
  get count(): number {
    return this.#count;
  }

  push(x: number): void {
    // Numbers that pass from call to call may be allocated anew at each; numbers in an array are not.
    this.#swap[NEW] = x;
    this.#take();
  }

  /** (below + equal/2)/n of the values; 0.5 of a plateau. NaN of none. */
  rank(x: number): number {
    return this.#rankAt(x, this.#below(x));
  }

  /** What the rank is made of; NaN of no value. */
  standing(x: number): { readonly below: number; readonly equal: number } {
    if (x !== x) return { below: NaN, equal: NaN };
    const below = this.#below(x);
    return { below, equal: this.#through(x, below) - below };
  }

  /** The rank of the row that was pushed last, which has a value. */
  lastRank(): number {
    const x = this.#ring[this.#slot === 0 ? this.n - 1 : this.#slot - 1]!;
    return this.#rankAt(x, this.#at < 0 ? this.#below(x) : this.#at);
  }

  /** Type 7; NaN of none. */
  quantile(p: number): number {
    if (this.#count === 0) return NaN;
    const position = (this.#count - 1) * p;
    const low = Math.floor(position);
    const a = this.#sorted[low]!;
    const b = this.#sorted[Math.min(low + 1, this.#count - 1)]!;
    return a + (position - low) * (b - a);
  }

  /** Mean of the middle two of an even count; NaN of none. */
  median(): number {
    const half = this.#count >> 1;
    if (this.#count === 0) return NaN;
    return this.#count % 2 === 1 ? this.#sorted[half]! : middle(this.#sorted[half - 1]!, this.#sorted[half]!);
  }

  /** Median of |x - median| (no factor); NaN of none. */
  medianDeviation(): number {
    const sorted = this.#sorted;
    const count = this.#count;
    if (count === 0) return NaN;
    const m = this.median();
    // The values nearest to m, as many as lie up to the (lower) middle deviation, are neighbours in the order: from `low` on.
    const near = (count + 1) >> 1;
    // They move little from row to row.
    const most = count - near;
    let low = Math.min(this.#low, most);
    while (low < most && m - sorted[low]! > sorted[low + near]! - m) low++;
    while (low > 0 && m - sorted[low - 1]! <= sorted[low - 1 + near]! - m) low--;
    this.#low = low;
    const middleOne = Math.max(m - sorted[low]!, sorted[low + near - 1]! - m);
    if (count % 2 === 1) return middleOne;
    const left = low > 0 ? m - sorted[low - 1]! : Infinity;
    const right = low + near < count ? sorted[low + near]! - m : Infinity;
    return middle(middleOne, Math.min(left, right));
  }

  /** Mean of |x - median|; NaN of none. */
  meanDeviation(): number {
    const median = this.median();
    const sorted = this.#sorted;
    // A plateau at the median adds nothing: only what lies outside it is visited.
    const below = this.#below(median);
    let sum = 0;
    for (let i = 0; i < below; i++) sum += median - sorted[i]!;
    for (let i = this.#through(median, below); i < this.#count; i++) sum += sorted[i]! - median;
    return sum / this.#count;
  }

  clear(): void {
    this.#rows = 0;
    this.#slot = 0;
    this.#count = 0;
    this.#at = -1;
  }

  #rankAt(x: number, below: number): number {
    const sorted = this.#sorted;
    let end = below;
    while (end < this.#count && end < below + 3 && sorted[end] === x) end++;
    // The value itself and perhaps one more, or a plateau.
    if (end === below + 3) end = this.#through(x, end);
    return (below + (end - below) / 2) / this.#count;
  }

  #take(): void {
    const pair = this.#swap;
    const slot = this.#slot;
    pair[OLD] = this.#rows < this.n ? NaN : this.#ring[slot]!;
    if (this.#rows < this.n) this.#rows++;
    this.#ring[slot] = pair[NEW]!;
    this.#slot = slot + 1 === this.n ? 0 : slot + 1;
    this.#at = -1;
    if (pair[OLD] === pair[NEW]) return;
    if (Number.isNaN(pair[NEW])) {
      if (!Number.isNaN(pair[OLD])) this.#remove();
    } else if (Number.isNaN(pair[OLD])) this.#insert();
    else this.#replace();
  }

  /** How many values lie below x. Halving without a branch: which half it is cannot be foretold. */
  #below(x: number): number {
    const sorted = this.#sorted;
    let base = 0;
    let length = this.#count;
    while (length > 1) {
      const half = length >>> 1;
      base += half & -Number(sorted[base + half - 1]! < x);
      length -= half;
    }
    return base + (length === 1 && sorted[base]! < x ? 1 : 0);
  }

  /** How many values do not lie above x; `from` of them are known. */
  #through(x: number, from: number): number {
    const sorted = this.#sorted;
    let low = from;
    let high = this.#count;
    while (low < high) {
      const at = (low + high) >>> 1;
      if (sorted[at]! <= x) low = at + 1;
      else high = at;
    }
    return low;
  }

  #insert(): void {
    const x = this.#swap[NEW]!;
    const at = this.#below(x);
    this.#sorted.copyWithin(at + 1, at, this.#count);
    this.#sorted[at] = x;
    this.#at = at;
    this.#count++;
  }

  #remove(): void {
    const at = this.#below(this.#swap[OLD]!);
    this.#sorted.copyWithin(at, at + 1, this.#count);
    this.#count--;
  }

  /** Both places are looked for in one go: the two searches do not wait for one another. */
  #replace(): void {
    const sorted = this.#sorted;
    const old = this.#swap[OLD]!;
    const x = this.#swap[NEW]!;
    let from = 0;
    let to = 0;
    let length = this.#count;
    while (length > 1) {
      const half = length >>> 1;
      from += half & -Number(sorted[from + half - 1]! < old);
      to += half & -Number(sorted[to + half - 1]! < x);
      length -= half;
    }
    from += Number(sorted[from]! < old);
    to += Number(sorted[to]! < x);
    if (x > old) {
      to--;
      sorted.copyWithin(from, from + 1, to + 1);
    } else sorted.copyWithin(to + 1, to, from);
    sorted[to] = x;
    this.#at = to;
  }
}

const middle = (a: number, b: number): number => a + (b - a) / 2;

const NEW = 0;
const OLD = 1;
