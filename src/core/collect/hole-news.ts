import { missingBefore } from '#domain/holes.ts';
import type { InstrumentId } from '#domain/instrument.ts';
import { HOUR_MS, type Span } from '#domain/time.ts';
import type { Reporter } from '../reporter.ts';
import type { HistoryStore } from '../ports/history.ts';
import type { Venue } from '../venue.ts';

const MARGIN_MS = 3 * 24 * HOUR_MS;

export interface HoleNewsOptions {
  readonly venue: Venue;
  readonly store: HistoryStore;
  readonly reporter: Reporter;
}

/** Keeps an event of each settlement that is missing in or beside a stretch that was asked for, once. */
export function createHoleNews({ venue, store, reporter }: HoleNewsOptions): (id: InstrumentId, span: Span) => Promise<void> {
  const told = new Set<string>();
  return async (id, { from, to }) => {
    const { key, intervalH } = await store.settled(id, from - MARGIN_MS, to + MARGIN_MS);
    for (const i of missingBefore(key, intervalH)) {
      // Before the newest row it may be a longer interval as well, which the next row tells.
      const at = key[i] ?? 0;
      const name = `${id}@${at}`;
      if (i === key.length - 1 || told.has(name)) continue;
      told.add(name);
      const kept = await store.events(at - 1, at);
      if (kept.some((event) => event.kind === 'hole' && event.instrument === id)) continue;
      const hours = Math.round((at - (key[i - 1] ?? at)) / HOUR_MS);
      const text = `${venue.name} has no settlement in the ${hours} h before this one; it is asked for again every day`;
      reporter.event({ at, kind: 'hole', venue: venue.id, instrument: id, text });
    }
  };
}
