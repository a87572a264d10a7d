/** Room that every call uses anew, as long as the longest column so far. */
let room = newRoom(0);

function newRoom(rows: number) {
  const words = (): Int32Array => new Int32Array(rows + 1);
  return { places: words(), held: words(), tree: words(), order: words(), keys: words(), nextOrder: words(), nextKeys: words() };
}

/**
 * SortedWindow's lastRank at every row of a column that is known as a whole (NaN where the row has no value or the window fewer
 * than `need`): the same numbers, from counts by value (a binary indexed tree over the distinct values) instead of an order that
 * is kept at every row.
 */
export function rollingRanks(values: Float64Array, n: number, need = 1): Float64Array {
  const rows = values.length;
  if (room.places.length <= rows) room = newRoom(rows);
  const { places, held, tree } = room;
  const distinct = takePlaces(values, places);
  held.fill(0, 0, distinct + 1);
  tree.fill(0, 0, distinct + 1);
  const ranks = new Float64Array(rows);
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
    if (place === 0 || count < need) {
      ranks[row] = NaN;
      continue;
    }
    let below = 0;
    for (let node = place - 1; node > 0; node &= node - 1) below += tree[node]!;
    ranks[row] = (below + held[place]! / 2) / count;
  }
  return ranks;
}

/** Where each value stands among the distinct ones, from 1 up; 0: no value. Returns how many they are. */
function takePlaces(values: Float64Array, places: Int32Array): number {
  places.fill(0, 0, values.length);
  let distinct = 0;
  let before = NaN;
  for (const row of orderOf(values)) {
    const x = values[row]!;
    if (x !== before) distinct++;
    before = x;
    places[row] = distinct;
  }
  return distinct;
}

const DIGIT_BITS = 11;
const DIGITS = 1 << DIGIT_BITS;
/** Three digits hold the upper 32 bits of a double. */
const PASSES = 3;
const FEW = 32;
/** Where the rows of each digit begin, pass by pass. */
const starts = new Int32Array(PASSES * DIGITS);

/** Rows that have a value, by value: a radix sort of the upper halves of their bits, then what they leave alike. */
function orderOf(values: Float64Array): Int32Array {
  const words = new Int32Array(values.buffer, values.byteOffset, 2 * values.length);
  let { order, keys, nextOrder, nextKeys } = room;
  let rows = 0;
  starts.fill(0);
  for (let row = 0; row < values.length; row++) {
    const x = values[row]!;
    if (x !== x) continue;
    // -0 and 0 are one value. Below zero all bits are turned, else the sign alone: whole numbers in the order of the doubles.
    const high = x === 0 ? 0 : words[2 * row + 1]!;
    const key = high ^ ((high >> 31) | 0x8000_0000);
    order[rows] = row;
    keys[rows++] = key;
    for (let pass = 0; pass < PASSES; pass++) starts[pass * DIGITS + digitOf(key, pass)]!++;
  }
  for (let i = 0, start = 0; i < starts.length; i++) {
    if (i % DIGITS === 0) start = 0;
    start += starts[i]!;
    starts[i] = start - starts[i]!;
  }
  for (let pass = 0; pass < PASSES; pass++) {
    for (let i = 0; i < rows; i++) {
      const key = keys[i]!;
      const digit = pass * DIGITS + digitOf(key, pass);
      const to = starts[digit]!;
      starts[digit] = to + 1;
      nextOrder[to] = order[i]!;
      nextKeys[to] = key;
    }
    [order, nextOrder] = [nextOrder, order];
    [keys, nextKeys] = [nextKeys, keys];
  }
  order = order.subarray(0, rows);
  sortAlike(values, order, keys);
  return order;
}

const digitOf = (key: number, pass: number): number => (key >>> (pass * DIGIT_BITS)) & (DIGITS - 1);

/** Sorts stretches of equal keys by the values themselves: mostly one row each, or a plateau, which is in order as it is. */
function sortAlike(values: Float64Array, order: Int32Array, keys: Int32Array): void {
  for (let start = 0, end = 0; start < order.length; start = end) {
    while (end < order.length && keys[end] === keys[start]) end++;
    if (end - start > FEW) order.subarray(start, end).sort((a, b) => values[a]! - values[b]!);
    for (let i = start + 1; i < end; i++) {
      const row = order[i]!;
      let at = i;
      for (; at > start && values[order[at - 1]!]! > values[row]!; at--) order[at] = order[at - 1]!;
      order[at] = row;
    }
  }
}
