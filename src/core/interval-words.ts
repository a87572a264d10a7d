import type { Snapshot } from './venue.ts';

/** Venue's word and settlements side by side, for a person; null where they agree. A shorter interval than the one in force was stated ahead. */
export function disagreement(venue: string, { statedH, intervalH, intervalIsGuess }: Snapshot): string | null {
  if (statedH === undefined) return null;
  const says = `${venue} says ${statedH} h${intervalIsGuess === true ? ' (a default, or an old list)' : ''}`;
  return intervalH !== null && statedH < intervalH
    ? `${says}; the payment that comes next is of ${intervalH} h`
    : `${says}; its last settlements are ${intervalH} h apart`;
}
