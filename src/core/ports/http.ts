import type { ProxyChoice } from '#bridge/proxy.ts';
import type { Cancellation } from './clock.ts';

export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly proxy: ProxyChoice;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** In its place JSON as it is to be sent: what is signed must not be written anew. */
  readonly json?: string;
  /** Beside those that every request has; lower-case names. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Real milliseconds for everything: connection, headers and the last byte of the body. */
  readonly deadlineMs: number;
  /** Refused beyond this many bytes after decompression. */
  readonly maxBytes: number;
  /** How the bytes of the answer are told: as UTF-8 text where it is not said. */
  readonly as?: 'text' | 'base64';
}

export interface HttpResponse {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The proxy that it came through, without its user; absent: none. */
  readonly via?: string;
}

/**
 * 'outside': the address lies beyond this machine, where the demo and the tests ask nothing. 'name': nothing knows the name in the
 * address. 'tls': no connection that can be trusted. 'proxy': the proxy did not lead there (see ProxyFault).
 */
export type HttpFailure = 'timeout' | 'network' | 'name' | 'tls' | 'proxy' | 'too-large' | 'cancelled' | 'outside';

/** How a proxy failed: it is not reached, or it did not bring the connection about. */
export type ProxyFailure =
  | 'unusable'
  | 'not-reached'
  | 'unknown-name'
  | 'not-trusted'
  | 'not-a-proxy'
  | 'closed'
  | 'login'
  | 'locked'
  | 'refused'
  | 'cannot-reach'
  | 'loop';

/** Any status resolves; HttpError (see venue-error.ts) only when there is no whole answer. */
export interface Http {
  request(request: HttpRequest, signal?: Cancellation): Promise<HttpResponse>;
}
