const FIRST_CAPACITY = 128;

/**
 * phi of x_k = a + phi x_(k-1), least squares with intercept, over a window by time, one value at a time. A queue of two
 * aggregates (the older tails, the newer sum) that are merged: nothing is subtracted, nothing drifts, a flat series has a
 * variance of exactly 0. A pair belongs to its earlier value, so it leaves the window with it.
 */
export class Autoregression {
  readonly #windowMs: number;
  #time: Float64Array = new Float64Array(FIRST_CAPACITY);
  #x: Float64Array = new Float64Array(FIRST_CAPACITY);
  /** NaN: the value that follows is no neighbour. */
  #y: Float64Array = new Float64Array(FIRST_CAPACITY);
  #tails = newTails(FIRST_CAPACITY);
  #head = 0;
  /** Tails are known from head to here. */
  #cut = 0;
  #end = 0;
  readonly #newer = new Float64Array(5);
  readonly #all = new Float64Array(5);
  #lastTime = NaN;
  #last = NaN;

  constructor(windowMs: number) {
    this.#windowMs = windowMs;
  }

  /** Values in the window. */
  get values(): number {
    return Number.isNaN(this.#last) ? 0 : this.#end - this.#head + 1;
  }

  /** Time of the oldest value in the window; NaN of none. */
  get since(): number {
    return this.#head < this.#end ? this.#time[this.#head]! : this.#lastTime;
  }

  /** NaN where the values do not vary. */
  get phi(): number {
    const all = this.#merged();
    return all[XX]! > 0 ? all[XY]! / all[XX]! : NaN;
  }

  /** `follows`: it comes exactly one interval after the value before it. */
  push(time: number, value: number, follows: boolean): void {
    if (!Number.isNaN(this.#last)) this.#append(this.#lastTime, this.#last, follows ? value : NaN);
    this.#lastTime = time;
    this.#last = value;
    while (this.#head < this.#end && this.#time[this.#head]! <= time - this.#windowMs) this.#shift();
  }

  clear(): void {
    this.#head = 0;
    this.#cut = 0;
    this.#end = 0;
    this.#newer.fill(0);
    this.#lastTime = NaN;
    this.#last = NaN;
  }

  #append(time: number, x: number, y: number): void {
    if (this.#end === this.#time.length) this.#makeRoom();
    this.#time[this.#end] = time;
    this.#x[this.#end] = x;
    this.#y[this.#end] = y;
    this.#end++;
    if (y === y) add(this.#newer, x, y);
  }

  #shift(): void {
    if (this.#head >= this.#cut) this.#aggregateTails();
    this.#head++;
  }

  #aggregateTails(): void {
    const pairs = this.#newer;
    const tails = this.#tails;
    pairs.fill(0);
    for (let i = this.#end - 1; i >= this.#head; i--) {
      const y = this.#y[i]!;
      if (y === y) add(pairs, this.#x[i]!, y);
      tails.count[i] = pairs[COUNT]!;
      tails.meanX[i] = pairs[MEAN_X]!;
      tails.meanY[i] = pairs[MEAN_Y]!;
      tails.xx[i] = pairs[XX]!;
      tails.xy[i] = pairs[XY]!;
    }
    pairs.fill(0);
    this.#cut = this.#end;
  }

  #merged(): Pairs {
    const newer = this.#newer;
    const tails = this.#tails;
    const at = this.#head;
    const older = at < this.#cut ? tails.count[at]! : 0;
    if (older === 0) return newer;
    const all = this.#all;
    const weight = (older * newer[COUNT]!) / (older + newer[COUNT]!);
    const dx = newer[MEAN_X]! - tails.meanX[at]!;
    const dy = newer[MEAN_Y]! - tails.meanY[at]!;
    all[COUNT] = older + newer[COUNT]!;
    all[XX] = tails.xx[at]! + newer[XX]! + dx * dx * weight;
    all[XY] = tails.xy[at]! + newer[XY]! + dx * dy * weight;
    return all;
  }

  /** Moves the window to the front; into arrays of twice the size where it fills more than half. */
  #makeRoom(): void {
    const size = this.#end - this.#head;
    const capacity = 2 * size > this.#time.length ? 2 * this.#time.length : this.#time.length;
    const moved = (from: Float64Array): Float64Array => {
      const to = capacity === from.length ? from : new Float64Array(capacity);
      if (to === from) from.copyWithin(0, this.#head, this.#end);
      else to.set(from.subarray(this.#head, this.#end));
      return to;
    };
    this.#time = moved(this.#time);
    this.#x = moved(this.#x);
    this.#y = moved(this.#y);
    const { count, meanX, meanY, xx, xy } = this.#tails;
    this.#tails = { count: moved(count), meanX: moved(meanX), meanY: moved(meanY), xx: moved(xx), xy: moved(xy) };
    this.#cut = Math.max(0, this.#cut - this.#head);
    this.#end = size;
    this.#head = 0;
  }
}

/** Of some pairs, by COUNT and so on; in an array, because numbers in fields may be allocated anew at every change. */
type Pairs = Float64Array;
const COUNT = 0;
const MEAN_X = 1;
const MEAN_Y = 2;
const XX = 3;
const XY = 4;

interface Tails {
  readonly count: Float64Array;
  readonly meanX: Float64Array;
  readonly meanY: Float64Array;
  readonly xx: Float64Array;
  readonly xy: Float64Array;
}

const newTails = (size: number): Tails => ({
  count: new Float64Array(size),
  meanX: new Float64Array(size),
  meanY: new Float64Array(size),
  xx: new Float64Array(size),
  xy: new Float64Array(size),
});

function add(pairs: Pairs, x: number, y: number): void {
  const count = pairs[COUNT]! + 1;
  const share = 1 / count;
  const dx = x - pairs[MEAN_X]!;
  pairs[COUNT] = count;
  pairs[MEAN_X]! += dx * share;
  pairs[MEAN_Y]! += (y - pairs[MEAN_Y]!) * share;
  pairs[XX]! += dx * (x - pairs[MEAN_X]!);
  pairs[XY]! += dx * (y - pairs[MEAN_Y]!);
}
