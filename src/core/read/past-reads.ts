import type { InterestColumns } from '#domain/columns.ts';
import type { InstrumentId } from '#domain/instrument.ts';
import type { LateWords } from '../ports/history-facts.ts';
import type { HistoryStore } from '../ports/history.ts';
import { HeldRows } from './held-rows.ts';
import { type HistoryAsOf, historyAsOf } from './history-as-of.ts';
import type { Then } from './then.ts';

/** What was learnt so short a time ago may still be on its way into the file. */
const ON_ITS_WAY_MS = 60_000;

/** The store's reads as of a moment that moves. */
export interface PastReads extends HistoryAsOf {
  /**
   * From now on what is read is of this moment. Gives the instruments of which what was read before does not hold there, each with the
   * least time of what is otherwise, but for what came in its time.
   */
  stand(then: Then, ids: readonly InstrumentId[]): Promise<ReadonlyMap<InstrumentId, number>>;
  /** Something was stored of the instrument, from this time on. */
  changed(id: InstrumentId, from: number): void;
  /** The least time of what is known of the instrument now and was not at the moment, but for what came in its time. */
  otherFrom(id: InstrumentId): number;
}

/** `now`: as the facts of the history are stamped. */
export function createPastReads(store: HistoryStore, now: () => number): PastReads {
  let then: Then = { at: 0, known: 0 };
  let history: HistoryAsOf = historyAsOf(store, 0);
  const held = new HeldRows(store);
  const late = new Map<InstrumentId, { readonly upTo: number; readonly words: LateWords }>();
  /** What was stored since those were read, whose place in time alone is told. */
  const since = new Map<InstrumentId, number>();
  /** Of venue time, where what is learnt now is of then too. */
  let restated = new Map<InstrumentId, number>();

  async function readLate(ids: readonly InstrumentId[], upTo: number): Promise<void> {
    const asked = ids.filter((id) => (late.get(id)?.upTo ?? -Infinity) < upTo);
    if (asked.length === 0) return;
    const readUpTo = now() - ON_ITS_WAY_MS;
    for (const id of asked) since.delete(id);
    const words = await store.lateWords(asked);
    for (const [i, id] of asked.entries()) late.set(id, { upTo: readUpTo, words: words[i] ?? { learntAt: NONE, from: NONE } });
  }
  /** The least time of what is otherwise at the one moment than at the other; Infinity: nothing is. */
  function changedBetween(id: InstrumentId, one: number, other: number): number {
    const words = late.get(id)?.words;
    if (words === undefined) return -Infinity;
    const [from, to] = [Math.min(one, other), Math.max(one, other)];
    let changed = Infinity;
    for (const [i, at] of words.learntAt.entries()) if (at > from && at <= to) changed = Math.min(changed, words.from[i] ?? Infinity);
    return changed;
  }
  async function changes(ids: readonly InstrumentId[], before: Then, next: Then): Promise<Map<InstrumentId, number>> {
    const [was, is] = [before.known, next.known];
    if (was === null && is === null) {
      const found = restated;
      restated = new Map();
      return found;
    }
    const kept = new Set(ids.filter((id) => held.has(id)));
    // Of the others it says from which states of now one may go on.
    if (is !== null) await readLate([...ids], Math.max(was ?? is, is));
    const changed = new Map<InstrumentId, number>();
    for (const id of ids) {
      const from = was !== null && is !== null && kept.has(id) ? changedBetween(id, was, is) : -Infinity;
      if (from < Infinity) changed.set(id, from);
    }
    return changed;
  }
  const end = (to: number): number => Math.min(to, then.at);
  /** All that files told, whenever: few instruments have any, and a step asks for each of them. */
  const interests = new Map<InstrumentId, Promise<InterestColumns>>();
  function interestOf(id: InstrumentId): Promise<InterestColumns> {
    const answer = interests.get(id) ?? store.interest(id, -1, Number.MAX_SAFE_INTEGER);
    interests.set(id, answer);
    answer.catch(() => interests.delete(id));
    return answer;
  }

  return {
    async stand(next, ids) {
      const changed = await changes(ids, then, next);
      restated = new Map();
      then = next;
      history = historyAsOf(store, next.known, next.at);
      await held.stand(ids, next, (id) => changed.has(id));
      return changed;
    },
    changed(id, from) {
      since.set(id, Math.min(from, since.get(id) ?? Infinity));
      // As recorded, what is learnt now was not known then.
      if (then.known !== null) return;
      restated.set(id, Math.min(from, restated.get(id) ?? Infinity));
      interests.delete(id);
    },
    otherFrom: (id) => (then.known === null ? Infinity : Math.min(changedBetween(id, then.known, Infinity), since.get(id) ?? Infinity)),
    settled: async (id, from, to, _, only) =>
      (only && held.settled(id, { from, to: end(to) }, only)) ?? history.settled(id, from, to, null, only),
    settledSeen: async (id, from, to) => held.settled(id, { from, to: end(to) }, SEEN) ?? history.settledSeen(id, from, to),
    hours: async (id, from, to, _, only) =>
      (only && held.hours(id, { from, to: end(to) }, only)) ?? history.hours(id, from, to, null, only),
    prices: async (id, from, to, _, only) =>
      (only && held.prices(id, { from, to: end(to) }, only)) ?? history.prices(id, from, to, null, only),
    interest: async (id, from, to) => interestThen(await interestOf(id), then, from, end(to)),
    snapshots: (...input) => history.snapshots(...input),
    books: (...input) => history.books(...input),
    async terms(id) {
      return (held.terms(id) ?? (await history.terms(id))).filter(({ from }) => from <= then.at);
    },
    instrument: (id) => history.instrument(id),
    framed: (...input) => history.framed(...input),
  };
}

/** Of (from, to], and known then. */
function interestThen({ at, value, learntAt }: InterestColumns, { known }: Then, from: number, to: number): InterestColumns {
  const rows = [...at.keys()].filter((i) => (at[i] ?? NaN) > from && (at[i] ?? NaN) <= to && (learntAt[i] ?? NaN) <= (known ?? Infinity));
  const column = (of: Float64Array): Float64Array => Float64Array.from(rows, (i) => of[i] ?? NaN);
  return { at: column(at), value: column(value), learntAt: column(learntAt) };
}

const SEEN = [
  ...(['key', 'stamp', 'rate', 'intervalH', 'mark', 'premium', 'learntAt'] as const),
  ...(['seen60', 'seen15', 'seen5', 'seenLast', 'seenLastAt'] as const),
] as const;
const NONE = new Float64Array(0);
