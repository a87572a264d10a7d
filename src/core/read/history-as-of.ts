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

/**
 * The store's reads as of one moment: rows over it are those that were shown then. Null: now. `upTo`: nothing of a later time either,
 * which in venue time is all that tells then from now.
 */
export function historyAsOf(store: FrameReads & Pick<HistoryStore, 'instruments'>, asOf: AsOf, upTo = Infinity): HistoryAsOf {
  let known: Promise<ReadonlyMap<InstrumentId, Instrument>> | null = null;
  async function instrument(id: InstrumentId): Promise<Instrument | null> {
    known ??= store.instruments(asOf).then((all) => new Map(all.map((one) => [one.id, one])));
    return (await known).get(id) ?? null;
  }
  const end = (to: number): number => Math.min(to, upTo);
  const terms = async (id: InstrumentId) => (await store.terms(id, asOf)).filter(({ from }) => from <= upTo);
  return {
    settled: (id, from, to, _, only) => store.settled(id, from, end(to), asOf, only),
    settledSeen: (id, from, to) => store.settledSeen(id, from, end(to), asOf),
    hours: (id, from, to, _, only) => store.hours(id, from, end(to), asOf, only),
    prices: (id, from, to, _, only) => store.prices(id, from, end(to), asOf, only),
    interest: (id, from, to) => store.interest(id, from, end(to), asOf),
    snapshots: (id, from, to) => store.snapshots(id, from, end(to), asOf),
    books: (id, from, to) => store.books(id, from, end(to), asOf),
    terms,
    instrument,
    async framed(id, formula) {
      const one = await instrument(id);
      if (one === null) return null;
      return frameInstrument(one, formula, (await terms(id)).at(-1)?.interestPer8h);
    },
  };
}
