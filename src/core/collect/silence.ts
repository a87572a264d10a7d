import { backoffMs } from './backoff.ts';
import { LONGEST_BAN_MS } from './classify.ts';
import type { Clock } from '../ports/clock.ts';
import type { VenueError, VenueFailure } from '../venue-error.ts';

const BLOCKED_MS = 3_600_000;
/** A ban is sat out with a margin: a request in its last second can start it anew. */
const BAN_MARGIN = 1.1;
const SILENCING: ReadonlySet<VenueFailure> = new Set(['rate-limited', 'banned', 'blocked']);

/** How long nothing may be sent to one address, because it asked for fewer requests, has banned or blocked this machine. */
export interface Silence {
  /** Clock ms until something may be sent. */
  forMs(): number;
  /** What it was asked with; null when it is over. */
  why(): VenueError | null;
  /** Takes an error that asks for silence to heart; returns how long (clock ms), 0 when it does not. `onBan`: a ban begins with it. */
  note(error: VenueError, onBan: (ms: number) => void): number;
  /** Nothing is sent for so long; a longer silence in force stays. */
  keep(ms: number, why: VenueError): void;
  /** The address answered well: the next silence starts from the shortest again. */
  good(): void;
  clear(): void;
}

export function createSilence(clock: Clock, random: () => number, onStart: () => void): Silence {
  let until = -Infinity;
  let reason: VenueError | null = null;
  let strikes = 0;
  const forMs = (): number => Math.max(0, until - clock.monotonic());

  function keep(ms: number, why: VenueError): void {
    if (ms <= forMs()) return;
    until = clock.monotonic() + ms;
    reason = why;
    onStart();
  }
  return {
    forMs,
    why: () => (forMs() > 0 ? reason : null),
    keep,
    note(error, onBan) {
      if (!SILENCING.has(error.kind)) return 0;
      if (forMs() > 0) return forMs();
      strikes += 1;
      const askedMs = Math.min(LONGEST_BAN_MS, (error.retryAfterMs ?? 0) * (error.kind === 'banned' ? BAN_MARGIN : 1));
      const ownMs = error.kind === 'blocked' ? BLOCKED_MS : backoffMs(strikes, random);
      keep(Math.max(askedMs, ownMs), error);
      if (error.kind === 'banned') onBan(forMs());
      return forMs();
    },
    good() {
      if (forMs() === 0) strikes = 0;
    },
    clear() {
      until = -Infinity;
      reason = null;
      strikes = 0;
    },
  };
}
