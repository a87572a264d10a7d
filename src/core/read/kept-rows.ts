import type { InstrumentId } from '#domain/instrument.ts';
import type { Clock } from '../ports/clock.ts';
import type { FrameBlock, FrameQuery, StoredRows } from './metrics/metric-frames.ts';

/** Numbers of rows that are kept for the next who asks, all instruments together. */
const MOST_BYTES = 64 * 2 ** 20;
/** The newest rows are asked for by all who walk them within this of the close (real ms); whole histories until they change. */
const TAIL_MS = 60_000;

/**
 * Rows as they were read and laid out, for all who walk the same: the signal, columns and rules at a close, charts and audits of one
 * instrument one after the other. What is stored of an instrument, and a new close, make others of them.
 */
export interface KeptRows {
  /** `key` names the rows but for their times. */
  read(key: string, query: Pick<FrameQuery, 'legs' | 'from' | 'to'>, read: () => Promise<StoredRows>): Promise<StoredRows>;
  /** Something was stored of the instrument. */
  forget(id: InstrumentId): void;
}

interface Kept {
  readonly span: string;
  readonly ids: ReadonlySet<InstrumentId>;
  readonly rows: Promise<StoredRows>;
  readonly isTail: boolean;
  readonly readAt: number;
  bytes: number;
}

export function createKeptRows(clock: Pick<Clock, 'monotonic' | 'speed'>, mostBytes = MOST_BYTES): KeptRows {
  /** The one that was asked for last is the last. */
  const kept = new Map<string, Kept>();
  let bytes = 0;

  function remove(name: string, one: Kept): void {
    if (kept.get(name) !== one) return;
    kept.delete(name);
    bytes -= one.bytes;
  }
  function makeRoom(): void {
    const now = clock.monotonic();
    for (const [name, one] of kept) {
      const isOld = one.isTail && now - one.readAt > TAIL_MS * clock.speed;
      if (!isOld && bytes <= mostBytes) return;
      remove(name, one);
    }
  }

  return {
    read(key, { legs, from, to }, readRows) {
      const isTail = from !== null;
      const name = `${key} ${isTail ? 'tail' : 'whole'}`;
      const span = `${from} ${to}`;
      const known = kept.get(name);
      if (known?.span === span) {
        kept.delete(name);
        kept.set(name, known);
        return known.rows;
      }
      if (known) remove(name, known);
      const rows = readRows().then(laidOutOnce);
      const ids = new Set(legs.map(({ id }) => id));
      const one: Kept = { span, ids, rows, isTail, readAt: clock.monotonic(), bytes: 0 };
      kept.set(name, one);
      rows.then(
        (read) => {
          if (kept.get(name) !== one) return;
          // As columns, and laid out.
          one.bytes = 2 * read.bytes;
          bytes += one.bytes;
          makeRoom();
        },
        () => remove(name, one),
      );
      return rows;
    },
    forget(id) {
      for (const [name, one] of kept) if (one.ids.has(id)) remove(name, one);
    },
  };
}

/** Blocks that are asked for again are those of before. */
function laidOutOnce(rows: StoredRows): StoredRows {
  const blocks = new Map<string, FrameBlock>();
  const stretches = new Map<string, { readonly made: FrameBlock[]; readonly making: Iterator<FrameBlock> }>();
  return {
    ...rows,
    block(from, to) {
      const key = `${from} ${to}`;
      const block = blocks.get(key) ?? rows.block(from, to);
      blocks.set(key, block);
      return block;
    },
    *blocks(after, until) {
      const key = `${after} ${until}`;
      const stretch = stretches.get(key) ?? { made: [], making: rows.blocks(after, until)[Symbol.iterator]() };
      stretches.set(key, stretch);
      for (let i = 0; ; i++) {
        if (stretch.made[i] === undefined) {
          const next = stretch.making.next();
          if (next.done === true) return;
          stretch.made.push(next.value);
        }
        const block = stretch.made[i];
        if (block !== undefined) yield block;
      }
    },
  };
}
