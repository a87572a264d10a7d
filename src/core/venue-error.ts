import { withoutUnseen } from '#domain/shown-text.ts';
import type { HttpFailure, ProxyFailure } from './ports/http.ts';

/** Why a venue's answer could not be used; decides back-off and the words on the status bar. 'absent': it has nothing at that address. */
export type VenueFailure =
  'timeout' | 'network' | 'rate-limited' | 'banned' | 'blocked' | 'server' | 'malformed' | 'empty' | 'too-large' | 'cancelled' | 'absent';

/** So much of a message is kept: it may hold words of a venue. */
const MAX_CHARS = 400;
/** Short, and nothing in it that moves a terminal's cursor or turns the direction of what is read. */
export const printable = (text: string): string => withoutUnseen(text.slice(0, MAX_CHARS));

/** `message` is for the log; `user` is one sentence for the person. */
export class VenueError extends Error {
  readonly kind: VenueFailure;
  readonly user: string;
  /** Not before this many ms from now, where the venue said so (Retry-After, ban time). */
  readonly retryAfterMs: number | null;

  constructor(kind: VenueFailure, user: string, message: string, retryAfterMs: number | null = null) {
    super(printable(message));
    this.name = 'VenueError';
    this.kind = kind;
    this.user = printable(user);
    this.retryAfterMs = retryAfterMs;
  }
}

/** The way that a request took, where that was a proxy's; `failure`: of a request that failed by it (kind 'proxy'). */
export interface ProxyWay {
  /** Where it stands, without its user. */
  readonly via: string;
  readonly failure?: ProxyFailure;
}

export class HttpError extends Error {
  readonly kind: HttpFailure;
  readonly proxy: ProxyWay | null;

  constructor(kind: HttpFailure, message: string, proxy: ProxyWay | null = null) {
    super(message);
    this.name = 'HttpError';
    this.kind = kind;
    this.proxy = proxy;
  }
}
