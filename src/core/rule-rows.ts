import type { FrameBlock, StoredRows } from './metric-frames.ts';
import type { MetricFeed } from './metric-source.ts';

/** Rows in (from, to] of a feed; null: all. */
export type ReadRows = (feed: MetricFeed, from: number | null, to: number) => Promise<StoredRows>;

/**
 * For one round over many rules. What several of them walk is read and laid out once: a list's rows hold those of all its
 * instruments, and what has closed of an instrument is the same for all its rules. Whole histories of single instruments are let go.
 */
export function createSharedReads(): ReadRows {
  const known = new Map<string, Promise<StoredRows>>();
  return (feed, from, to) => {
    const { on } = feed.kind;
    if (from === null && on !== 'asset' && on !== 'basket') return feed.read(from, to);
    const key = `${feed.key} ${from} ${to}`;
    const found = known.get(key) ?? feed.read(from, to).then(laidOutOnce);
    known.set(key, found);
    return found;
  };
}

function laidOutOnce(rows: StoredRows): StoredRows {
  const blocks = new Map<string, FrameBlock>();
  const made: FrameBlock[] = [];
  const making = rows.blocks()[Symbol.iterator]();
  return {
    ...rows,
    block(from, to) {
      const key = `${from} ${to}`;
      const block = blocks.get(key) ?? rows.block(from, to);
      blocks.set(key, block);
      return block;
    },
    *blocks() {
      for (let i = 0; ; i++) {
        if (made[i] === undefined) {
          const next = making.next();
          if (next.done === true) return;
          made.push(next.value);
        }
        const block = made[i];
        if (block !== undefined) yield block;
      }
    },
  };
}
