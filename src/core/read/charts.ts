import type { Divergence } from '#bridge/series.ts';
import type { Instrument, InstrumentId, VenueId } from '#domain/instrument.ts';
import { LONGEST_INTERVAL_H } from '#domain/interval.ts';
import { termChanges, type VenueFormula } from '#domain/metrics/venue-terms.ts';
import { HOUR_MS, type Span } from '#domain/time.ts';
import { fromHistory } from '../from-history.ts';
import type { SharedThread } from '../shared-thread.ts';
import type { DrawnHours } from './drawn-hours.ts';
import type { Drawn } from './signal-line.ts';
import type { SignalLines } from './signal-lines.ts';
import { thinnedNotes } from './thinned-words.ts';

export interface ChartsOptions {
  readonly lines: SignalLines;
  readonly thread: SharedThread;
  readonly closedTo: (id: InstrumentId) => number;
  /** Proven stretches of its settlements. */
  readonly spans: (id: InstrumentId) => Promise<readonly Span[]>;
  readonly formulaOf: (venue: VenueId) => VenueFormula | null;
}

/** The chart of D, as the signal's own walk draws it. */
export interface Charts {
  /** Closes after `from`; null: all. */
  divergence(instrument: Instrument, from: number | null): Promise<Divergence>;
  /** What is proven of the instrument may be more than before. */
  stored(id: InstrumentId): void;
}

export function createCharts({ lines, thread, closedTo, spans, formulaOf }: ChartsOptions): Charts {
  /** As they were read for the last charts. */
  const proven = new Map<InstrumentId, Promise<readonly Span[]>>();

  function provenOf(id: InstrumentId): Promise<readonly Span[]> {
    const known = proven.get(id);
    if (known) return known;
    const reading = spans(id);
    proven.set(id, reading);
    reading.catch(() => proven.delete(id));
    return reading;
  }
  async function draw<T>(id: InstrumentId, see: (drawn: Drawn, to: number) => T): Promise<T> {
    const to = closedTo(id);
    const seen = await fromHistory(lines.of(id).draw(to, thread.slice(), (drawn) => see(drawn, to)));
    lines.looked(id);
    return seen;
  }

  return {
    async divergence(instrument, from) {
      const [{ hours, ...chart }, stretches] = await Promise.all([
        // Asked for first: it takes longest.
        draw(instrument.id, ({ hours, entries, params, thinned }, to) => {
          const shown = entries.filter((entry) => from === null || entry.at > from);
          return {
            instrument,
            params,
            ...hours.columns(from, to),
            entryAt: Float64Array.from(shown, (entry) => entry.at),
            entrySide: Float64Array.from(shown, (entry) => entry.side),
            notes: thinnedNotes(thinned, 'hour', from ?? undefined),
            hours,
          };
        }),
        fromHistory(provenOf(instrument.id)),
      ]);
      const first = chart.time[0] ?? Infinity;
      const changes = termChanges({ formula: formulaOf(instrument.venue) }, first, closedTo(instrument.id));
      const formula = { formulaAt: Float64Array.from(changes, (one) => one.from), formulaSaid: changes.map(({ source }) => source) };
      const settledLate = new Uint8Array(chart.settledAt.length);
      return { ...chart, ...formula, settledLate, completeFrom: completeFrom(hours, stretches, closedTo(instrument.id)) };
    },
    stored: (id) => void proven.delete(id),
  };
}

/**
 * Where the newest proven stretch begins, if it reaches to the last close but for what cannot have settled since; one
 * that is proven back to before the venue's first settlement begins with that.
 */
function completeFrom({ firstSettled }: DrawnHours, spans: readonly Span[], lastClose: number): number | null {
  const newest = spans.at(-1);
  if (!newest || newest.to < lastClose - LONGEST_INTERVAL_H * HOUR_MS) return null;
  return Math.max(newest.from, Number.isNaN(firstSettled) ? newest.from : firstSettled);
}
