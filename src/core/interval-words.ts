import type { Snapshot } from './venue.ts';

/** Venue's word and settlements side by side, for a person; null where they agree. */
export const disagreement = (venue: string, { statedH, intervalH, intervalIsGuess }: Snapshot): string | null =>
  statedH === undefined
    ? null
    : `${venue} says ${statedH} h${intervalIsGuess === true ? ' (a default, or an old list)' : ''}; its last settlements are ${intervalH} h apart`;
