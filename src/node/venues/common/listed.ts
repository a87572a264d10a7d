import type { VenuePoll, VenueIo } from '#core/venue.ts';
import { HOUR_MS, MINUTE_MS } from '#domain/time.ts';
import type { KeptList } from './read.ts';

/** Which symbols stand among the rates though the venue's own list lacks them: they are not live. */
export interface ListWatch<T> {
  /** Reads the list again when it is older than `maxAgeMs`, or after minutes when the rates told of a symbol that is new to it. */
  refresh(io: VenueIo, notes: string[], maxAgeMs?: number): Promise<ReadonlyMap<string, T> | null>;
  /** Of a symbol that is not in the list: a list of now is right; one that could not be read again knows only of what it lacked. */
  readonly lacks: (symbol: string) => boolean;
  /** The poll that was read with it. */
  polled(poll: VenuePoll): void;
}

export function createListWatch<T>(list: KeptList<ReadonlyMap<string, T>>): ListWatch<T> {
  let lacked: ReadonlySet<string> = new Set();
  let isNew = false;
  let hasStranger = false;
  return {
    async refresh(io, notes, maxAgeMs = HOUR_MS) {
      const before = list.value;
      const value = await list.refresh(io, hasStranger ? Math.min(maxAgeMs, 5 * MINUTE_MS) : maxAgeMs, notes);
      isNew ||= value !== before;
      return value;
    },
    lacks: (symbol) => list.isCurrent || lacked.has(symbol),
    polled({ unlisted = [] }) {
      if (isNew) lacked = new Set(unlisted);
      isNew = false;
      hasStranger = unlisted.some((symbol) => !lacked.has(symbol));
    },
  };
}
