import type { HistoryEvent, Latest } from '#core/ports/history-facts.ts';
import type { Instrument } from '#domain/instrument.ts';
import type { FactsAsked } from '#node/history/fact-reads.ts';

type Read = keyof FactsAsked;
/** A store with promises, or without. */
type Reads = { readonly [K in Read]: (...input: Parameters<FactsAsked[K]>) => unknown };

/** All that can be read of a history, in an order that is no store's own. */
export async function readAll(store: Reads, from: number, now: number, asOf: number | null = null) {
  const instruments = ((await store.instruments(asOf)) as Instrument[]).toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const of: Record<string, unknown> = {};
  for (const { id } of instruments)
    of[id] = {
      settled: await store.settled(id, from, now, asOf),
      seen: await store.settledSeen(id, from, now, asOf),
      hours: await store.hours(id, from, now, asOf),
      snapshots: await store.snapshots(id, from, now, asOf),
      prices: await store.prices(id, from, now, asOf),
      books: await store.books(id, from, now, asOf),
      interest: await store.interest(id, from, now, asOf),
      terms: await store.terms(id, asOf),
      rules: await store.orderRules(id, asOf),
      spans: [await store.spans(id, 'settled', asOf), await store.spans(id, 'price', asOf)],
      asked: [await store.asked(id, 'settled', asOf), await store.asked(id, 'price', asOf)],
    };
  return {
    instruments,
    latest: ((await store.latest(asOf)) as Latest[]).toSorted((a, b) => (a.instrument.id < b.instrument.id ? -1 : 1)),
    of,
    events: (await store.events(0, now, asOf)) as HistoryEvent[],
    conflicts: await store.conflicts(0, now, asOf),
    bans: await store.bans(asOf),
    runs: await store.runs(),
    thinned: await store.thinned(),
  };
}
