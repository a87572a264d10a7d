import { isJump } from '#domain/bounds.ts';
import type { InstrumentId } from '#domain/instrument.ts';
import { type Snapshot, withoutMark } from '../venue.ts';

const PRICES = ['mark', 'index'] as const;

interface Known {
  /** The newest price that was believed; null where only held ones are known. */
  readonly believed: number | null;
  /** What the last poll said instead; the next one decides. */
  readonly held: number | null;
}

export interface Jumps {
  /**
   * The snapshot without the prices that are many times what they were, and why. `before`: what is known of it from
   * before this run.
   */
  check(
    id: InstrumentId,
    snapshot: Snapshot,
    before: Snapshot | null,
  ): { readonly snapshot: Snapshot; readonly reasons: readonly string[] };
}

/** Holds back a price that jumped until the next poll agrees with it: a real jump costs one poll, a fault never comes in. */
export function createJumps(): Jumps {
  const known = { mark: new Map<InstrumentId, Known>(), index: new Map<InstrumentId, Known>() };
  return {
    check(id, snapshot, before) {
      const reasons: string[] = [];
      let kept = snapshot;
      for (const kind of PRICES) {
        const price = snapshot[kind];
        if (price === null) continue;
        const { believed = before?.[kind] ?? null, held = null } = known[kind].get(id) ?? {};
        // A row that is known without its price: what it was is not known, for an earlier run may have held one back.
        const isDoubtful = believed === null ? before !== null : isJump(believed, price);
        const isHeld = isDoubtful && (held === null || isJump(held, price));
        known[kind].set(id, isHeld ? { believed, held: price } : { believed: price, held: null });
        if (!isHeld) continue;
        kept = kind === 'mark' ? withoutMark(kept) : { ...kept, index: null };
        const from = believed === null ? 'came after none' : `jumped from ${believed}`;
        reasons.push(`${kind} price ${price} ${from}: held back until the next poll agrees`);
      }
      return { snapshot: kept, reasons };
    },
  };
}
