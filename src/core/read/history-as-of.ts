import type { Instrument, InstrumentId } from '#domain/instrument.ts';
import type { FrameInstrument } from '#domain/metrics/frames/frames.ts';
import type { VenueFormula } from '#domain/metrics/venue-terms.ts';
import type { AsOf, HistoryStore } from '../ports/history.ts';
import { frameInstrument, type FrameReads } from './metrics/metric-frames.ts';

export interface HistoryAsOf extends FrameReads {
  /** What the instrument was taken for then (multiplier, contract size, money, class); null: it was not known. */
  instrument(id: InstrumentId): Promise<Instrument | null>;
  /** The same as rows take it, with the interest that was stated last by then. */
  framed(id: InstrumentId, formula: VenueFormula | null): Promise<FrameInstrument | null>;
}

/** The store's reads as of one moment: rows over it are those that were shown then. Null: now. */
export function historyAsOf(store: FrameReads & Pick<HistoryStore, 'instruments'>, asOf: AsOf): HistoryAsOf {
  let known: Promise<ReadonlyMap<InstrumentId, Instrument>> | null = null;
  async function instrument(id: InstrumentId): Promise<Instrument | null> {
    known ??= store.instruments(asOf).then((all) => new Map(all.map((one) => [one.id, one])));
    return (await known).get(id) ?? null;
  }
  return {
    settled: (id, from, to, _, only) => store.settled(id, from, to, asOf, only),
    settledSeen: (id, from, to) => store.settledSeen(id, from, to, asOf),
    hours: (id, from, to, _, only) => store.hours(id, from, to, asOf, only),
    prices: (id, from, to, _, only) => store.prices(id, from, to, asOf, only),
    snapshots: (id, from, to) => store.snapshots(id, from, to, asOf),
    books: (id, from, to) => store.books(id, from, to, asOf),
    terms: (id) => store.terms(id, asOf),
    instrument,
    async framed(id, formula) {
      const one = await instrument(id);
      if (one === null) return null;
      const terms = await store.terms(id, asOf);
      return frameInstrument(one, formula, terms.at(-1)?.interestPer8h);
    },
  };
}
