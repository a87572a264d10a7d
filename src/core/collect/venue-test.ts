import type { VenueTest } from '#bridge/contract.ts';
import type { Cancellation, Canceller, Clock } from '../ports/clock.ts';
import { HttpError, VenueError } from '../venue-error.ts';
import type { Venue } from '../venue.ts';
import { toVenueError } from './classify.ts';
import type { HttpResponse } from '../ports/http.ts';
import type { VenueLink } from './venue-link.ts';

/** For all of it (real ms): a person waits. */
const LONGEST_MS = 30_000;

export interface VenueTestOptions {
  readonly venue: Venue;
  readonly link: VenueLink;
  /** Where it is asked. */
  readonly url: string;
  readonly clock: Clock;
  readonly newCanceller: () => Canceller;
  readonly stopped: Cancellation;
}

/** A poll whose answer is thrown away: what a person sees of the way to the venue is what polls meet there. */
export async function testVenue({ venue, link, url, clock, newCanceller, stopped }: VenueTestOptions): Promise<VenueTest> {
  const canceller = newCanceller();
  const abort = (): void => canceller.abort();
  stopped.addEventListener('abort', abort, { once: true });
  const cancelTimer = clock.after(LONGEST_MS * clock.speed, abort);
  const first: { url?: string; from?: number; to?: number; response?: HttpResponse; failure?: unknown } = {};
  const end = (): boolean => {
    if (first.to !== undefined) return false;
    first.to = clock.monotonic();
    return true;
  };
  const io = link.io('poll', canceller.signal, {
    sent(address) {
      first.url ??= address;
      first.from ??= clock.monotonic();
    },
    answered(response) {
      if (end()) first.response = response;
    },
    failed(failure) {
      if (end()) first.failure = failure;
    },
  });
  let instruments: number | null = null;
  let venueTime: number | null = null;
  let error: string | null = null;
  try {
    const poll = await venue.poll(io);
    if (poll.snapshots.length === 0) throw new VenueError('empty', `${venue.name} answered with no instruments at all.`, 'zero rows');
    instruments = poll.snapshots.length;
    venueTime = poll.venueTime;
  } catch (thrown) {
    const failed = toVenueError(venue.name, thrown);
    link.note(failed);
    error = failed.kind === 'cancelled' ? `${venue.name} did not answer all that was asked within ${LONGEST_MS / 1000} s.` : failed.user;
  } finally {
    cancelTimer();
    stopped.removeEventListener('abort', abort);
  }
  const { from, to, response, failure } = first;
  const inWall = clock.now() - clock.monotonic();
  const said = venueTime ?? Date.parse(response?.headers['date'] ?? '');
  return {
    address: (first.url ?? url).replace(/[?#].*$/su, ''),
    via: response?.via ?? (failure instanceof HttpError ? (failure.proxy?.via ?? null) : null),
    ms: from === undefined || to === undefined ? null : Math.round((to - from) / clock.speed),
    status: response?.status ?? null,
    clockOffsetMs: from === undefined || to === undefined || Number.isNaN(said) ? null : Math.round(said - inWall - (from + to) / 2),
    instruments,
    error,
  };
}
