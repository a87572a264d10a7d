import type { AsOf } from '../ports.ts';
import type { FrameReads } from './metrics/metric-frames.ts';

/** The store's reads as of one moment: rows over it are those that were shown then. Null: now. */
export const historyAsOf = (store: FrameReads, asOf: AsOf): FrameReads => ({
  settled: (id, from, to) => store.settled(id, from, to, asOf),
  hours: (id, from, to) => store.hours(id, from, to, asOf),
  prices: (id, from, to) => store.prices(id, from, to, asOf),
  snapshots: (id, from, to) => store.snapshots(id, from, to, asOf),
  books: (id, from, to) => store.books(id, from, to, asOf),
  terms: (id) => store.terms(id, asOf),
});
