import type { HttpFailure } from './ports.ts';

/** Why a venue's answer could not be used; decides back-off and the words on the status bar. */
export type VenueFailure =
  'timeout' | 'network' | 'rate-limited' | 'banned' | 'blocked' | 'server' | 'malformed' | 'empty' | 'too-large' | 'cancelled';

/** `message` is for the log; `user` is one sentence for the person. */
export class VenueError extends Error {
  readonly kind: VenueFailure;
  readonly user: string;
  /** Not before this many ms from now, where the venue said so (Retry-After, ban time). */
  readonly retryAfterMs: number | null;

  constructor(kind: VenueFailure, user: string, message: string, retryAfterMs: number | null = null) {
    super(message);
    this.name = 'VenueError';
    this.kind = kind;
    this.user = user;
    this.retryAfterMs = retryAfterMs;
  }
}

export class HttpError extends Error {
  readonly kind: HttpFailure;

  constructor(kind: HttpFailure, message: string) {
    super(message);
    this.name = 'HttpError';
    this.kind = kind;
  }
}
