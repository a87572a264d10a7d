/** Of each row of a column: values in the window that ends with it, and the row's percentile rank among them (NaN: no value). */
export interface RankColumns {
  readonly count: Int32Array;
  readonly rank: Float64Array;
}

/**
 * SortedWindow's count and lastRank at every row of a column that is known as a whole: the same numbers, from counts by value
 * (a binary indexed tree over the distinct values) instead of an order that is kept at every row.
 */
export function rollingRanks(values: Float64Array, n: number): RankColumns {
  const rows = values.length;
  const out = { count: new Int32Array(rows), rank: new Float64Array(rows).fill(NaN) };
  const { places, distinct } = placesOf(values);
  const held = new Int32Array(distinct + 1);
  const tree = new Int32Array(distinct + 1);
  let count = 0;
  for (let row = 0; row < rows; row++) {
    const place = places[row]!;
    const gone = row < n ? 0 : places[row - n]!;
    if (gone !== place) {
      if (place > 0) {
        held[place]!++;
        count++;
        for (let node = place; node <= distinct; node += node & -node) tree[node]!++;
      }
      if (gone > 0) {
        held[gone]!--;
        count--;
        for (let node = gone; node <= distinct; node += node & -node) tree[node]!--;
      }
    }
    out.count[row] = count;
    if (place === 0) continue;
    let below = 0;
    for (let node = place - 1; node > 0; node &= node - 1) below += tree[node]!;
    out.rank[row] = (below + held[place]! / 2) / count;
  }
  return out;
}

const DIGIT_BITS = 11;
const DIGITS = 1 << DIGIT_BITS;
/** Six digits hold the 64 bits of a double. */
const PASSES = 6;

/** Where each value stands among the distinct ones, from 1 up; 0: no value. */
function placesOf(values: Float64Array): { readonly places: Int32Array; readonly distinct: number } {
  const places = new Int32Array(values.length);
  const order = orderOf(values);
  let distinct = 0;
  let before = NaN;
  for (const row of order) {
    const x = values[row]!;
    if (x !== before) distinct++;
    before = x;
    places[row] = distinct;
  }
  return { places, distinct };
}

/** Rows that have a value, by value: a radix sort of the bits, which as whole numbers have the order of the doubles. */
function orderOf(values: Float64Array): Int32Array {
  let order = new Int32Array(values.length);
  let rows = 0;
  for (let row = 0; row < values.length; row++) if (values[row] === values[row]) order[rows++] = row;
  order = order.subarray(0, rows);
  // -0 becomes 0: they are one value.
  const words = new Uint32Array(values.map((x) => x + 0).buffer);
  const low = new Uint32Array(values.length);
  const high = new Uint32Array(values.length);
  for (let row = 0; row < values.length; row++) {
    // Below zero all bits are turned, else the sign alone.
    const turn = -(words[2 * row + 1]! >>> 31);
    low[row] = words[2 * row]! ^ turn;
    high[row] = words[2 * row + 1]! ^ (turn | 0x8000_0000);
  }
  let next = new Int32Array(rows);
  const starts = new Int32Array(DIGITS);
  for (let pass = 0; pass < PASSES; pass++) {
    // Digits of 11, 11 and 10 bits of each word.
    const word = pass < PASSES / 2 ? low : high;
    const shift = (pass % (PASSES / 2)) * DIGIT_BITS;
    starts.fill(0);
    for (let i = 0; i < rows; i++) starts[(word[order[i]!]! >>> shift) & (DIGITS - 1)]!++;
    let start = 0;
    for (let digit = 0; digit < DIGITS; digit++) {
      start += starts[digit]!;
      starts[digit] = start - starts[digit]!;
    }
    for (let i = 0; i < rows; i++) {
      const row = order[i]!;
      const digit = (word[row]! >>> shift) & (DIGITS - 1);
      next[starts[digit]!] = row;
      starts[digit]!++;
    }
    [order, next] = [next, order];
  }
  return order;
}
