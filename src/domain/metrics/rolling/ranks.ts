/** Marks are bits, by word; four words are a block. */
const WORD = 5;
const BLOCK = 7;

/** Room that every call uses anew, as long as the longest column so far. */
let room = newRoom(0);

function newRoom(rows: number) {
  const words = (count = rows): Int32Array => new Int32Array(count + 1);
  return {
    order: words(),
    keys: words(),
    nextOrder: words(),
    nextKeys: words(),
    below: words(),
    marked: words(rows >> WORD),
    inWords: words(rows >> BLOCK),
    inBlocks: words(rows >> BLOCK),
  };
}

/**
 * SortedWindow's lastRank at every row of a column that is known as a whole (NaN where the row has no value or the window fewer
 * than `need`): the same numbers. Rows are marked in the order of their values, so those of a window that are marked before a
 * row lie below it, and nothing is ever taken out.
 */
export function rollingRanks(values: Float64Array, n: number, need = 1): Float64Array {
  if (room.order.length <= values.length) room = newRoom(values.length);
  const order = orderOf(values);
  const { below } = room;
  const ranks = countsOf(values, n, need);
  for (const marks of [room.marked, room.inWords, room.inBlocks]) marks.fill(0);
  for (let start = 0, end = 0; start < order.length; start = end) {
    const x = values[order[start]!]!;
    while (end < order.length && values[order[end]!] === x) end++;
    if (end === start + 1) {
      const row = order[start]!;
      const count = ranks[row]!;
      if (count === count) ranks[row] = (markedIn(row, n) + 0.5) / count;
      mark(row);
      continue;
    }
    for (let i = start; i < end; i++) below[i] = markedIn(order[i]!, n);
    for (let i = start; i < end; i++) mark(order[i]!);
    for (let i = start; i < end; i++) {
      const row = order[i]!;
      const equal = markedIn(row, n) - below[i]!;
      ranks[row] = (below[i]! + equal / 2) / ranks[row]!;
    }
  }
  return ranks;
}

/** How many values the window of each row has; NaN where they are fewer than `need` or the row has none itself. */
function countsOf(values: Float64Array, n: number, need: number): Float64Array {
  const counts = new Float64Array(values.length);
  let count = 0;
  for (let row = 0; row < counts.length; row++) {
    const known = values[row]! === values[row]!;
    if (known) count++;
    if (row >= n && values[row - n]! === values[row - n]!) count--;
    counts[row] = known && count >= need ? count : NaN;
  }
  return counts;
}

/** What a mark in each word of a block adds to the block's bytes: to those of the words after it. */
const AFTER = Int32Array.of(0x01010100, 0x01010000, 0x01000000, 0);

function mark(row: number): void {
  const word = row >> WORD;
  const block = row >> BLOCK;
  room.marked[word]! |= 1 << (row & 31);
  room.inWords[block]! += AFTER[word & 3]!;
  room.inBlocks[block]!++;
}

/** Marks in the window of so many rows that ends with the row. */
function markedIn(row: number, rows: number): number {
  const { inBlocks } = room;
  const from = row < rows ? 0 : row - rows + 1;
  let count = markedInBlock(row + 1) - markedInBlock(from);
  for (let block = from >> BLOCK, end = (row + 1) >> BLOCK; block < end; block++) count += inBlocks[block]!;
  return count;
}

/** Marks before the row in its block. */
function markedInBlock(row: number): number {
  const word = row >> WORD;
  const inWords = (room.inWords[row >> BLOCK]! >>> (8 * (word & 3))) & 255;
  return inWords + ones(room.marked[word]! & ~(-1 << (row & 31)));
}

/** How many bits are set: added up by twos, by fours, by eights. */
function ones(bits: number): number {
  const twos = bits - ((bits >>> 1) & 0x55555555);
  const fours = (twos & 0x33333333) + ((twos >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
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
    if (end - start > FEW && !isInOrder(values, order.subarray(start, end)))
      order.subarray(start, end).sort((a, b) => values[a]! - values[b]!);
    for (let i = start + 1; i < end; i++) {
      const row = order[i]!;
      let at = i;
      for (; at > start && values[order[at - 1]!]! > values[row]!; at--) order[at] = order[at - 1]!;
      order[at] = row;
    }
  }
}

function isInOrder(values: Float64Array, rows: Int32Array): boolean {
  for (let i = 1; i < rows.length; i++) if (values[rows[i - 1]!]! > values[rows[i]!]!) return false;
  return true;
}
