import { inWords } from '../in-words.ts';
import type { ClockOpinion } from './venue-clock.ts';

const ROWS: Record<ClockOpinion['standing'], string> = {
  believed: 'Its rows go by its own clock.',
  recording: 'Its rows go by its own time, as those of a recording.',
  refused: 'It is not believed: its rows go by when they came.',
};

/**
 * For the person: whose clock is wrong, as far as that is known, and by which the times are. `offsetMs`: the venue's clock minus
 * this computer's, not 0.
 */
export function clockSentence(name: string, offsetMs: number, { fault, standing }: ClockOpinion): string {
  const by = inWords(Math.abs(offsetMs));
  if (fault === 'computer') {
    const then = standing === 'refused' ? 'Set the clock: until then times are wrong.' : 'Times are put right, but set the clock.';
    return `This computer's clock is ${by} ${offsetMs > 0 ? 'behind' : 'ahead of'} ${name}'s. ${then}`;
  }
  const theirs = `${name}'s clock is ${by} ${offsetMs > 0 ? 'ahead of' : 'behind'} this computer's`;
  return fault === 'venue'
    ? `${theirs}, and the other sources agree with this computer. ${ROWS[standing]}`
    : `${theirs}, and nothing else says which is right. ${ROWS[standing]} Is this computer's clock set?`;
}
