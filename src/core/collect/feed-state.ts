import type { VenueHealth } from '#bridge/contract.ts';
import type { Partial } from '../listings.ts';
import type { VenueError } from '../venue-error.ts';

/** An answer that lacks a large part of what the venue lists. */
export function partialSentence(venue: string, { listed, missing, unreadable }: Partial): string {
  const told = `${venue} told of ${listed - missing.length - unreadable} of its ${listed} instruments only`;
  const rows = unreadable === 0 ? '' : `; the rows of ${unreadable} could not be read (the log says why)`;
  const kept = `${told}${rows}. The others keep their last values and stay listed until it tells of them again`;
  return missing.length === 0 ? `${kept}.` : `${kept}, or you say in Venues that they are gone.`;
}

/** What does not come beside the rates, which do; null: everything does. Of a note its first line is told. */
export function lackSentence(venue: string, notes: readonly string[], troubles: readonly (string | null)[]): string | null {
  const lacks = [...notes.map((note) => note.split('\n', 1)[0] ?? note), ...troubles].filter((one) => one !== null);
  return lacks.length === 0 ? null : `${venue} tells its rates, but not all that goes with them: ${lacks.join(' ')}`;
}

export interface Condition {
  readonly isOn: boolean;
  /** In this run, ever; and what it said last is dead by now. */
  readonly hasAnswered: boolean;
  readonly isDead: boolean;
  /** Why it is not asked, or did not answer. */
  readonly error: VenueError | null;
  /** Something is wrong with its answers or with its clock. */
  readonly isFlawed: boolean;
  /** Something lacks beside its rates. */
  readonly isPartial: boolean;
}

/** What is said of a venue in one word. */
export function stateOf({ isOn, hasAnswered, isDead, error, isFlawed, isPartial }: Condition): VenueHealth['state'] {
  if (!isOn) return 'off';
  if (error === null) {
    if (!hasAnswered) return 'starting';
    if (isFlawed) return 'degraded';
    return isPartial ? 'partial' : 'healthy';
  }
  if (error.kind === 'rate-limited' || error.kind === 'banned') return 'limited';
  if (error.kind === 'blocked') return 'blocked';
  return !hasAnswered || isDead ? 'down' : 'degraded';
}
