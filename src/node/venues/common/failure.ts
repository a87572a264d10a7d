import { VenueError } from '#core/venue-error.ts';

/** Failures that a body of status 200 tells, in the words that a person reads. `said`: what the venue said, for the log. */

/** It is asked too often; `waitMs`: for how long it wants none, where it says so. */
export const asksForPause = (venue: string, said: string, waitMs?: number): VenueError =>
  new VenueError('rate-limited', `${venue} asks for a pause. Perpscope waits and goes on by itself.`, said, waitMs);

/** A fault of the venue's own, or it is busy or being repaired. */
export const isFaulty = (venue: string, said: string): VenueError =>
  new VenueError('server', `${venue} has a fault of its own. Perpscope will ask again.`, said);

export const blocksRegion = (venue: string, said: string): VenueError =>
  new VenueError('blocked', `${venue} does not serve this region.`, said);
