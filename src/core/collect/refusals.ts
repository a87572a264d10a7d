import type { VenueId } from '#domain/instrument.ts';
import type { HistoryEvent } from '../ports/history-facts.ts';
import { refusedMoment } from '../refused-row.ts';
import type { RefusedRow } from '../venue.ts';
import { isPlanningRefusal } from './planned.ts';

/** Distinct refusals of a venue that are kept; the rest is counted only. */
const MAX_KEPT = 500;
/** Of those the newest are told by name. */
const MAX_TOLD = 20;

/** What was left out of a venue's answers, each instrument and kind of reason once. */
export interface Refusals {
  /** Whether it is told for the first time, and is kept. */
  add(venue: VenueId, row: RefusedRow): boolean;
  /** How many distinct ones are kept. */
  count(venue: VenueId): number;
  /** The newest first, no more than a screen holds. */
  newest(venue: VenueId): readonly RefusedRow[];
}

export function createRefusals(): Refusals {
  const kept = new Map<VenueId, Map<string, RefusedRow>>();
  return {
    add(venue, row) {
      const known = kept.get(venue) ?? new Map<string, RefusedRow>();
      kept.set(venue, known);
      // The reason holds the value, which differs from poll to poll: one per instrument and first word is enough, of the past one per row.
      const key = `${row.symbol} ${refusedMoment(row.reason)?.name ?? row.reason.split(' ', 1)[0] ?? ''}`;
      const isNew = !known.delete(key);
      if (isNew && known.size >= MAX_KEPT) return false;
      // The newest word of it is the last.
      known.set(key, row);
      return isNew;
    },
    count: (venue) => kept.get(venue)?.size ?? 0,
    newest: (venue) => [...(kept.get(venue)?.values() ?? [])].slice(-MAX_TOLD).reverse(),
  };
}

/** The row that a collector left out and keeps as an event; null: the event is of something else. */
export function refusedIn({ kind, venue, instrument, text }: HistoryEvent): RefusedRow | null {
  if (kind !== 'refused' || isPlanningRefusal(text)) return null;
  return { symbol: instrument === null ? '' : instrument.slice(venue.length + 1), reason: text };
}
