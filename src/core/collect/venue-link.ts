import { backoffMs } from './backoff.ts';
import { answerError, LONGEST_BAN_MS, toVenueError } from './classify.ts';
import type { Cancellation, Clock, Http } from '../ports.ts';
import { createRateBudget, type Priority, type SpendingBook } from './rate-budget.ts';
import { VenueError, type VenueFailure } from '../venue-error.ts';
import type { Venue, VenueIo } from '../venue.ts';

const DEADLINE_MS = 15_000;
/** Polls and pages of the real venues take up to 1 MB. */
const MAX_BYTES = 4 * 1024 * 1024;
const BLOCKED_MS = 3_600_000;
/** A ban is sat out with a margin: a request in its last second can start it anew. */
const BAN_MARGIN = 1.1;
const SILENCING: ReadonlySet<VenueFailure> = new Set(['rate-limited', 'banned', 'blocked']);

/** The one way to a venue, shared by its poll, its settlements and its back-fill: budget, deadline, status, silence. */
export interface VenueLink {
  io(priority: Priority, signal: Cancellation): VenueIo;
  /** Takes an error that asks for silence to heart; returns how long (clock ms), 0 when it does not. */
  note(error: VenueError): number;
  /** Nothing is sent for so long; a longer silence in force stays. */
  silence(ms: number, why: VenueError): void;
  /** Clock ms until something may be sent. */
  silentForMs(): number;
  /** What the silence was asked with. */
  silentWhy(): VenueError | null;
  /** The venue answered well: the next silence starts from the shortest again. */
  good(): void;
  /** A new address or the person's wish: the silence is forgotten. */
  clear(): void;
}

export interface LinkOptions {
  readonly venue: Venue;
  readonly http: Http;
  readonly clock: Clock;
  /** Without it this run knows of no other. */
  readonly book?: SpendingBook;
  readonly random: () => number;
  /** The base URL in force. */
  readonly baseUrl: () => string;
  /** Venue-corrected time. */
  readonly now: () => number;
  /** The venue bans this address: worth remembering beyond this run. */
  readonly onBan: (ms: number, error: VenueError) => void;
  /** The venue wants silence from now on, whichever request met it. */
  readonly onSilence?: () => void;
}

/** Joins a base URL (maybe with a path prefix, maybe with slashes at its end) and a path. */
export const joinUrl = (base: string, path: string): string => `${base.replace(/(?<!\/)\/+$/u, '')}/${path.replace(/^\/+/u, '')}`;

export function createVenueLink({ venue, http, clock, book, random, baseUrl, now, onBan, onSilence }: LinkOptions): VenueLink {
  const budget = createRateBudget(clock, venue.limits, book);
  let until = -Infinity;
  let why: VenueError | null = null;
  let strikes = 0;

  const silentForMs = (): number => Math.max(0, until - clock.monotonic());
  function silence(ms: number, error: VenueError): void {
    if (ms <= silentForMs()) return;
    until = clock.monotonic() + ms;
    why = error;
    onSilence?.();
  }
  function assertMaySend(): void {
    if (silentForMs() > 0 && why) throw new VenueError(why.kind, why.user, `not sent: ${why.message}`, silentForMs());
  }

  const link: VenueLink = {
    io: (priority, signal) => ({
      get now() {
        return now();
      },
      async request({ method = 'GET', path, body, cost, maxBytes = MAX_BYTES }) {
        assertMaySend();
        await budget.take(cost, priority, signal);
        assertMaySend();
        const url = joinUrl(baseUrl(), path);
        const request = { method, url, ...(body === undefined ? {} : { body }), deadlineMs: DEADLINE_MS, maxBytes };
        let error: VenueError | null;
        try {
          const response = await http.request(request, signal);
          error = answerError(venue.name, path, response, now());
          if (!error) return response.body;
        } catch (thrown) {
          error = toVenueError(venue.name, thrown);
        }
        link.note(error);
        throw error;
      },
    }),
    note(error) {
      if (!SILENCING.has(error.kind)) return 0;
      if (silentForMs() > 0) return silentForMs();
      strikes += 1;
      const askedMs = Math.min(LONGEST_BAN_MS, (error.retryAfterMs ?? 0) * (error.kind === 'banned' ? BAN_MARGIN : 1));
      const ownMs = error.kind === 'blocked' ? BLOCKED_MS : backoffMs(strikes, random);
      silence(Math.max(askedMs, ownMs), error);
      if (error.kind === 'banned') onBan(silentForMs(), error);
      return silentForMs();
    },
    silence,
    silentForMs,
    silentWhy: () => (silentForMs() > 0 ? why : null),
    good() {
      if (silentForMs() === 0) strikes = 0;
    },
    clear() {
      until = -Infinity;
      why = null;
      strikes = 0;
    },
  };
  return link;
}
