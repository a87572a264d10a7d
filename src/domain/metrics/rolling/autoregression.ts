const FIRST_CAPACITY = 128;

/**
 * phi of x_k = a + phi x_(k-1), least squares with intercept, over a window by time, one value at a time. A queue of two
 * aggregates (the older tails, the newer sum) that are merged: nothing is subtracted, nothing drifts, a flat series has a
 * variance of exactly 0. A pair belongs to its earlier value, so it leaves the window with it.
 */
export class Autoregression {
  readonly #windowMs: number;
  /** Pairs, SIZE numbers each: TIME, X, Y, then what the pairs from it to #cut come to. */
  #pairs = new Float64Array(FIRST_CAPACITY * SIZE);
  #head = 0;
  /** Tails are known from head to here. */
  #cut = 0;
  #end = 0;
  /** What the pairs from #cut to the end come to. */
  readonly #newer = new Float64Array(SIZE);
  /** TIME and X of the last value; in an array, because numbers in fields may be allocated anew at every change. */
  readonly #last = new Float64Array(2).fill(NaN);

  constructor(windowMs: number) {
    this.#windowMs = windowMs;
  }

  /** Values in the window. */
  get values(): number {
    return Number.isNaN(this.#last[X]) ? 0 : (this.#end - this.#head) / SIZE + 1;
  }

  /** Time of the oldest value in the window; NaN of none. */
  get since(): number {
    return this.#head < this.#end ? this.#pairs[this.#head + TIME]! : this.#last[TIME]!;
  }

  /** Values of the window that are followed by their neighbour. */
  get pairs(): number {
    const older = this.#head < this.#cut ? this.#pairs[this.#head + COUNT]! : 0;
    return older + this.#newer[COUNT]!;
  }

  /** NaN where the values do not vary. */
  get phi(): number {
    const newer = this.#newer;
    const tails = this.#pairs;
    const at = this.#head;
    const older = at < this.#cut ? tails[at + COUNT]! : 0;
    let xx = newer[XX]!;
    let xy = newer[XY]!;
    if (older > 0) {
      const weight = (older * newer[COUNT]!) / (older + newer[COUNT]!);
      const dx = newer[MEAN_X]! - tails[at + MEAN_X]!;
      const dy = newer[MEAN_Y]! - tails[at + MEAN_Y]!;
      xx = tails[at + XX]! + xx + dx * dx * weight;
      xy = tails[at + XY]! + xy + dx * dy * weight;
    }
    return xx > 0 ? xy / xx : NaN;
  }

  /** `follows`: it comes exactly one interval after the value before it. */
  push(time: number, value: number, follows: boolean): void {
    const last = this.#last;
    if (last[X] === last[X]) this.#append(follows ? value : NaN);
    last[TIME] = time;
    last[X] = value;
    while (this.#head < this.#end && this.#pairs[this.#head + TIME]! <= time - this.#windowMs) this.#shift();
  }

  clear(): void {
    this.#head = 0;
    this.#cut = 0;
    this.#end = 0;
    this.#newer.fill(0);
    this.#last.fill(NaN);
  }

  /** The last value with the one that follows; NaN: that one is no neighbour. */
  #append(y: number): void {
    if (this.#end === this.#pairs.length) this.#makeRoom();
    const pairs = this.#pairs;
    const at = this.#end;
    const x = this.#last[X]!;
    pairs[at + TIME] = this.#last[TIME]!;
    pairs[at + X] = x;
    pairs[at + Y] = y;
    this.#end += SIZE;
    if (y === y) add(this.#newer, x, y);
  }

  #shift(): void {
    if (this.#head >= this.#cut) this.#aggregateTails();
    this.#head += SIZE;
  }

  #aggregateTails(): void {
    const pairs = this.#pairs;
    const sums = this.#newer.fill(0);
    for (let at = this.#end - SIZE; at >= this.#head; at -= SIZE) {
      const y = pairs[at + Y]!;
      if (y === y) add(sums, pairs[at + X]!, y);
      for (let i = COUNT; i < SIZE; i++) pairs[at + i] = sums[i]!;
    }
    sums.fill(0);
    this.#cut = this.#end;
  }

  /** Moves the window to the front; into an array of twice the size where it fills more than three quarters. */
  #makeRoom(): void {
    const before = this.#pairs;
    const size = this.#end - this.#head;
    if (4 * size > 3 * before.length) this.#pairs = new Float64Array(2 * before.length);
    this.#pairs.set(before.subarray(this.#head, this.#end));
    this.#cut = Math.max(0, this.#cut - this.#head);
    this.#end = size;
    this.#head = 0;
  }
}

const TIME = 0;
const X = 1;
const Y = 2;
const COUNT = 3;
const MEAN_X = 4;
const MEAN_Y = 5;
const XX = 6;
const XY = 7;
const SIZE = 8;

function add(sums: Float64Array, x: number, y: number): void {
  const count = sums[COUNT]! + 1;
  const share = 1 / count;
  const dx = x - sums[MEAN_X]!;
  sums[COUNT] = count;
  sums[MEAN_X]! += dx * share;
  sums[MEAN_Y]! += (y - sums[MEAN_Y]!) * share;
  sums[XX]! += dx * (x - sums[MEAN_X]!);
  sums[XY]! += dx * (y - sums[MEAN_Y]!);
}
