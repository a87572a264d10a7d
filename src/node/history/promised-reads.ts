import type { CoverageReads } from '#core/read/coverage/coverage.ts';
import type { FrameReads } from '#core/read/metrics/metric-frames.ts';
import type { HistoryStore } from '#core/ports/history.ts';
import type { FactReads } from './fact-reads.ts';

/** They may have to be fetched. */
type Reading = {
  readonly [K in keyof FactReads]: (...input: Parameters<FactReads[K]>) => ReturnType<FactReads[K]> | Promise<ReturnType<FactReads[K]>>;
};

/** The reads of a history that is open in this thread, as the core asks for them. */
export const promisedReads = (
  history: Reading,
): FrameReads & CoverageReads & Pick<HistoryStore, 'instruments' | 'latest' | 'learntBy'> => ({
  instruments: async (asOf) => history.instruments(asOf),
  latest: async (asOf) => history.latest(asOf),
  learntBy: async (...input) => history.learntBy(...input),
  settled: async (...range) => history.settled(...range),
  settledSeen: async (...range) => history.settledSeen(...range),
  hours: async (...range) => history.hours(...range),
  prices: async (...range) => history.prices(...range),
  interest: async (...range) => history.interest(...range),
  snapshots: async (...range) => history.snapshots(...range),
  books: async (...range) => history.books(...range),
  terms: async (...of) => history.terms(...of),
  events: async (...range) => history.events(...range),
  spans: async (...of) => history.spans(...of),
  asked: async (...of) => history.asked(...of),
  thinned: async () => history.thinned(),
  runs: async () => history.runs(),
});
