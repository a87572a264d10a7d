import type { Database } from 'better-sqlite3';

/** Work is done for so long at a stretch: with the commit behind it a write waits less than 20 ms for it. */
const PIECE_MS = 3;

/** Upkeep in pieces, each a transaction of its own: what is asked meanwhile is answered between two of them. */
export type Pieces<T = void> = Generator<undefined, T>;

/** Runs steps until there is nothing to do (false), many in one piece. Killed in between, the rest is done another time. */
export function* inPieces(db: Database, step: () => boolean): Pieces {
  const piece = db.transaction((): boolean => {
    const end = performance.now() + PIECE_MS;
    while (step()) if (performance.now() >= end) return true;
    return false;
  });
  while (piece.immediate()) yield;
}

/** The least of what `of` gives for the numbers, Infinity where it gives nothing: thousands of seeks take longer than a write may wait. */
export function* leastOf(db: Database, numbers: readonly number[], of: (number: number) => number | null | undefined): Pieces<number> {
  let least = Infinity;
  let next = 0;
  yield* inPieces(db, () => {
    const number = numbers[next++];
    if (number !== undefined) least = Math.min(least, of(number) ?? Infinity);
    return next < numbers.length;
  });
  return least;
}
