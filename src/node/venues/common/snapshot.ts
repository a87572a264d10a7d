import type { Snapshot } from '#core/venue.ts';

/**
 * A snapshot that is being put together in place: a poll has thousands, and objects of parts beside them would take more memory than
 * all that is read.
 */
export type Draft = { -readonly [field in keyof Snapshot]: Snapshot[field] };

/** The limits as `readCap` gives them: undefined is left out. */
export function takeLimits(snapshot: Draft, cap: number | null | undefined, floor: number | null | undefined): void {
  if (cap !== undefined) snapshot.cap = cap;
  if (floor !== undefined) snapshot.floor = floor;
}
