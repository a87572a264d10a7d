const FIRST_CAPACITY = 128;

/**
 * phi of x_k = a + phi x_(k-1), least squares with intercept, over a window by time, one value at a time. A queue of two
 * aggregates (the older tails, the newer sum) that are merged: nothing is subtracted, nothing drifts, a flat series has a
 * variance of exactly 0. A pair belongs to its earlier value, so it leaves the window with it.
 */
export class Autoregression {
  readonly #windowMs: number;
  /** Values, SIZE numbers each: TIME, X, the Y that follows it, then what the pairs from it to #cut come to. */
  #pairs = new Float64Array(FIRST_CAPACITY * SIZE);
  #head = 0;
  /** Tails are known from head to here. */
  #cut = 0;
  #end = 0;
  /** What the pairs from #cut to the end come to. */
  readonly #newer = new Float64Array(SIZE);

  constructor(windowMs: number) {
    this.#windowMs = windowMs;
  }

  copy(): Autoregression {
    const other = new Autoregression(this.#windowMs);
    other.#pairs = this.#pairs.slice();
    other.#head = this.#head;
    other.#cut = this.#cut;
    other.#end = this.#end;
    other.#newer.set(this.#newer);
    return other;
  }

  /** Values in the window. */
  get values(): number {
    return (this.#end - this.#head) / SIZE;
  }

  /** Time of the oldest value in the window; NaN of none. */
  get since(): number {
    return this.#head < this.#end ? this.#pairs[this.#head + TIME]! : NaN;
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
    if (this.#end === this.#pairs.length) this.#makeRoom();
    const pairs = this.#pairs;
    const at = this.#end;
    if (follows && this.#head < at) {
      pairs[at - SIZE + Y] = value;
      add(this.#newer, pairs[at - SIZE + X]!, value);
    }
    pairs[at + TIME] = time;
    pairs[at + X] = value;
    pairs[at + Y] = NaN;
    this.#end = at + SIZE;
    while (this.#head < at && pairs[this.#head + TIME]! <= time - this.#windowMs) this.#shift();
  }

  clear(): void {
    this.#head = 0;
    this.#cut = 0;
    this.#end = 0;
    this.#newer.fill(0);
  }

  #shift(): void {
    if (this.#head >= this.#cut) this.#aggregateTails();
    this.#head += SIZE;
  }

  /** Of all pairs: the last value has none yet. */
  #aggregateTails(): void {
    const pairs = this.#pairs;
    const sums = this.#newer.fill(0);
    this.#cut = this.#end - SIZE;
    for (let at = this.#cut - SIZE; at >= this.#head; at -= SIZE) {
      const y = pairs[at + Y]!;
      if (y === y) add(sums, pairs[at + X]!, y);
      for (let i = COUNT; i < SIZE; i++) pairs[at + i] = sums[i]!;
    }
    sums.fill(0);
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
