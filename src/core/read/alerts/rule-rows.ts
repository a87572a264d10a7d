import type { FrameBlock, StoredRows } from '../metrics/metric-frames.ts';
import type { MetricFeed } from '../metrics/metric-source.ts';

/** Rows in (from, to] of a feed; null: all. */
export type ReadRows = (feed: MetricFeed, from: number | null, to: number) => Promise<StoredRows>;

/**
 * For one round over many rules, instrument by instrument: what several of them walk is read and laid out once. Rows of a group,
 * which all its instruments share, stay for the round.
 */
export interface SharedReads {
  readonly read: ReadRows;
  /** Another instrument's turn: rows of the one before are let go. */
  readonly next: () => void;
}

export function createSharedReads(): SharedReads {
  const ofGroups = new Map<string, Promise<StoredRows>>();
  const ofOne = new Map<string, Promise<StoredRows>>();
  return {
    read(feed, from, to) {
      const { on } = feed.kind;
      const known = on === 'asset' || on === 'basket' ? ofGroups : ofOne;
      const key = `${feed.key} ${from} ${to}`;
      const found = known.get(key) ?? feed.read(from, to).then(laidOutOnce);
      known.set(key, found);
      return found;
    },
    next: () => ofOne.clear(),
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
