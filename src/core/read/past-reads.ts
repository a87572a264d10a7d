import type { InstrumentId } from '#domain/instrument.ts';
import type { LateWords } from '../ports/history-facts.ts';
import type { HistoryStore } from '../ports/history.ts';
import { type HistoryAsOf, historyAsOf } from './history-as-of.ts';
import type { Then } from './then.ts';

/** The store's reads as of a moment that moves. */
export interface PastReads extends HistoryAsOf {
  /** From now on what is read is of this moment. */
  stand(then: Then): void;
  /** The least time of what is otherwise at the one moment than at the other, but for what came in its time; Infinity: nothing is. */
  changedBetween(id: InstrumentId, before: Then, next: Then): Promise<number>;
  /** Something was stored of the instrument. */
  changed(id: InstrumentId): void;
}

/** `now`: as the facts of the history are stamped. */
export function createPastReads(store: HistoryStore, now: () => number): PastReads {
  let history: HistoryAsOf = historyAsOf(store, 0);
  const late = new Map<InstrumentId, { readonly upTo: number; readonly words: Promise<LateWords> }>();

  function lateWords(id: InstrumentId, upTo: number): Promise<LateWords> {
    const known = late.get(id);
    if (known !== undefined && known.upTo >= upTo) return known.words;
    const words = store.lateWords(id);
    late.set(id, { upTo: now(), words });
    words.catch(() => late.delete(id));
    return words;
  }
  return {
    stand({ at, known }) {
      history = historyAsOf(store, known, at);
    },
    async changedBetween(id, before, next) {
      if (before.known === null && next.known === null) return Infinity;
      if (before.known === null || next.known === null) return -Infinity;
      const [from, to] = [Math.min(before.known, next.known), Math.max(before.known, next.known)];
      const { learntAt, from: least } = await lateWords(id, to);
      let changed = Infinity;
      for (const [i, at] of learntAt.entries()) if (at > from && at <= to) changed = Math.min(changed, least[i] ?? Infinity);
      return changed;
    },
    changed: (id) => void late.delete(id),
    settled: (...input) => history.settled(...input),
    settledSeen: (...input) => history.settledSeen(...input),
    hours: (...input) => history.hours(...input),
    prices: (...input) => history.prices(...input),
    snapshots: (...input) => history.snapshots(...input),
    books: (...input) => history.books(...input),
    terms: (...input) => history.terms(...input),
    instrument: (id) => history.instrument(id),
    framed: (...input) => history.framed(...input),
  };
}
