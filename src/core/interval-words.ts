import type { Snapshot } from './venue.ts';

/** Venue's word and settlements side by side, for a person; null where they agree. */
export function disagreement(venue: string, { statedH, aheadH, intervalH, intervalIsGuess }: Snapshot): string | null {
  if (aheadH !== undefined)
    return `${venue} says ${aheadH} h; the payment that comes next is ${intervalH === null ? 'of a longer interval' : `of ${intervalH} h`}`;
  if (statedH === undefined) return null;
  return `${venue} says ${statedH} h${intervalIsGuess === true ? ' (a default, or an old list)' : ''}; its last settlements are ${intervalH} h apart`;
}
