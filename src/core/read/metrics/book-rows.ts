import type { BookFrame, FrameInstrument } from '#domain/metrics/frames/frames.ts';
import { bookAt } from '../../book-ladder.ts';
import { bytesOf } from '../bytes-of.ts';
import { firstAfter } from './frame-tail.ts';
import type { Span } from '#domain/time.ts';
import type { BookColumns } from '../../ports/history-facts.ts';
import type { Kept } from '../../ports/history.ts';

/** Books that are laid out at a stretch: about two milliseconds of work. */
const BLOCK_BOOKS = 512;

interface BookBlock {
  readonly frame: BookFrame;
  readonly first: number;
  readonly end: number;
}

/** Recorded books as rows that metrics walk: one per book, all of them closed. */
export interface BookRows {
  block(from: number, to: number): BookBlock;
  readonly first: number;
  blocks(after?: number | null, until?: number): Iterable<BookBlock>;
  ending(to: number): BookBlock | null;
  readonly bytes: number;
  readonly lead: null;
  readonly legs: readonly [];
  readonly thinned: readonly Span[];
}

export function bookRows(instrument: FrameInstrument, columns: Kept<BookColumns>): BookRows {
  const { at } = columns;
  const rows = (first: number, end: number): BookBlock => {
    const books = Array.from({ length: end - first }, (_, i) => bookAt(columns, first + i));
    return { frame: { instrument, time: at.slice(first, end), books }, first: 0, end: end - first };
  };
  return {
    block: (from, to) => rows(firstAfter(at, from), firstAfter(at, to)),
    first: at[0] ?? Infinity,
    bytes: bytesOf(columns),
    *blocks(after = null, until = Infinity) {
      const end = firstAfter(at, until);
      for (let first = firstAfter(at, after ?? -Infinity); first < end; first += BLOCK_BOOKS)
        yield rows(first, Math.min(end, first + BLOCK_BOOKS));
    },
    ending(to) {
      const end = firstAfter(at, to);
      return end === 0 ? null : rows(end - 1, end);
    },
    lead: null,
    legs: [],
    thinned: columns.thinned,
  };
}
