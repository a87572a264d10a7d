import type { CoverageReads } from '#core/read/coverage/coverage.ts';
import type { FrameReads } from '#core/read/metrics/metric-frames.ts';
import type { HistoryStore } from '#core/ports/history.ts';
import type { FactReads } from './fact-reads.ts';

/** The reads of a history that is open in this thread, as the core asks for them. */
export const promisedReads = (
  history: FactReads,
): FrameReads & CoverageReads & Pick<HistoryStore, 'instruments' | 'latest' | 'learntBy'> => ({
  instruments: (asOf) => Promise.resolve(history.instruments(asOf)),
  latest: (asOf) => Promise.resolve(history.latest(asOf)),
  learntBy: (...input) => Promise.resolve(history.learntBy(...input)),
  settled: (...range) => Promise.resolve(history.settled(...range)),
  settledSeen: (...range) => Promise.resolve(history.settledSeen(...range)),
  hours: (...range) => Promise.resolve(history.hours(...range)),
  prices: (...range) => Promise.resolve(history.prices(...range)),
  interest: (...range) => Promise.resolve(history.interest(...range)),
  snapshots: (...range) => Promise.resolve(history.snapshots(...range)),
  books: (...range) => Promise.resolve(history.books(...range)),
  terms: (...of) => Promise.resolve(history.terms(...of)),
  events: (...range) => Promise.resolve(history.events(...range)),
  spans: (...of) => Promise.resolve(history.spans(...of)),
  asked: (...of) => Promise.resolve(history.asked(...of)),
  thinned: () => Promise.resolve(history.thinned()),
  runs: () => Promise.resolve(history.runs()),
});
