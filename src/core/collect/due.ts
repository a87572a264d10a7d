import type { InstrumentId, VenueId } from '#domain/instrument.ts';
import { HOUR_MS, settlementKey } from '#domain/time.ts';

/** Venues post a settlement a few seconds after it. */
const FIRST_TRY_MS = 4_000;
const LONGEST_WAIT_MS = 300_000;
/** A settlement that has not come by then was moved or left out; the next back-fill would find it. */
const GIVE_UP_MS = HOUR_MS;

interface Due {
  readonly venue: VenueId;
  readonly key: number;
  tries: number;
  nextTryAt: number;
}

/** Which settlements are about to come: told by snapshots, fetched shortly after their time, waited for. */
export interface DueList {
  /** A snapshot of `now` said when the next settlement is (venue times, ms). It corrects what an earlier one said. */
  expect(venue: VenueId, id: InstrumentId, at: number, now: number): void;
  /** The settlement of `key` has not arrived yet. */
  isDue(id: InstrumentId, key: number): boolean;
  /** The next one to ask for at `now`, oldest first, without those in `busy`; it is asked again later unless it arrives. */
  take(venue: VenueId, now: number, busy: ReadonlySet<InstrumentId>): { readonly id: InstrumentId; readonly key: number } | null;
  /** Rows up to `key` are stored. */
  arrived(id: InstrumentId, key: number): void;
  forget(id: InstrumentId): void;
}

export function createDueList(): DueList {
  const dues = new Map<InstrumentId, Due[]>();

  function drop(id: InstrumentId, keep: (due: Due) => boolean): void {
    const left = (dues.get(id) ?? []).filter(keep);
    if (left.length > 0) dues.set(id, left);
    else dues.delete(id);
  }
  return {
    expect(venue, id, at, now) {
      const key = settlementKey(at);
      const own = dues.get(id) ?? [];
      if (own.some((due) => due.key === key)) return;
      const passed = own.filter((due) => due.key <= now);
      dues.set(id, key > now ? [...passed, { venue, key, tries: 0, nextTryAt: key + FIRST_TRY_MS }] : passed);
    },
    isDue: (id, key) => (dues.get(id) ?? []).some((due) => due.key === key),
    take(venue, now, busy) {
      let best: { id: InstrumentId; due: Due } | null = null;
      for (const [id, own] of dues) {
        for (const due of own) {
          if (due.venue !== venue || due.nextTryAt > now || busy.has(id)) continue;
          if (!best || due.nextTryAt < best.due.nextTryAt) best = { id, due };
        }
      }
      if (!best) return null;
      const { id, due } = best;
      due.tries += 1;
      due.nextTryAt = now + Math.min(LONGEST_WAIT_MS, FIRST_TRY_MS * 2 ** Math.min(due.tries, 10));
      if (now > due.key + GIVE_UP_MS) drop(id, (other) => other !== due);
      return { id, key: due.key };
    },
    arrived(id, key) {
      drop(id, (due) => due.key > key);
    },
    forget(id) {
      dues.delete(id);
    },
  };
}
