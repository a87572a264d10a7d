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
  readonly #newer = emptyPairs();
  readonly #all = emptyPairs();
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
    return all.xx > 0 ? all.xy / all.xx : NaN;
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
    reset(this.#newer);
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
    reset(pairs);
    for (let i = this.#end - 1; i >= this.#head; i--) {
      const y = this.#y[i]!;
      if (y === y) add(pairs, this.#x[i]!, y);
      tails.count[i] = pairs.count;
      tails.meanX[i] = pairs.meanX;
      tails.meanY[i] = pairs.meanY;
      tails.xx[i] = pairs.xx;
      tails.xy[i] = pairs.xy;
    }
    reset(pairs);
    this.#cut = this.#end;
  }

  #merged(): Pairs {
    const { count, meanX, meanY, xx, xy } = this.#newer;
    const at = this.#head;
    const older = at < this.#cut ? this.#tails.count[at]! : 0;
    if (older === 0) return this.#newer;
    const tails = this.#tails;
    const all = this.#all;
    const share = count / (older + count);
    const dx = meanX - tails.meanX[at]!;
    const dy = meanY - tails.meanY[at]!;
    all.count = older + count;
    all.xx = count === 0 ? tails.xx[at]! : tails.xx[at]! + xx + dx * dx * older * share;
    all.xy = count === 0 ? tails.xy[at]! : tails.xy[at]! + xy + dx * dy * older * share;
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

interface Pairs {
  count: number;
  meanX: number;
  meanY: number;
  xx: number;
  xy: number;
}

type Tails = Readonly<Record<keyof Pairs, Float64Array>>;

const emptyPairs = (): Pairs => ({ count: 0, meanX: 0, meanY: 0, xx: 0, xy: 0 });

const newTails = (size: number): Tails => ({
  count: new Float64Array(size),
  meanX: new Float64Array(size),
  meanY: new Float64Array(size),
  xx: new Float64Array(size),
  xy: new Float64Array(size),
});

function reset(pairs: Pairs): void {
  pairs.count = 0;
  pairs.meanX = 0;
  pairs.meanY = 0;
  pairs.xx = 0;
  pairs.xy = 0;
}

function add(pairs: Pairs, x: number, y: number): void {
  pairs.count++;
  const dx = x - pairs.meanX;
  pairs.meanX += dx / pairs.count;
  pairs.meanY += (y - pairs.meanY) / pairs.count;
  pairs.xx += dx * (x - pairs.meanX);
  pairs.xy += dx * (y - pairs.meanY);
}
