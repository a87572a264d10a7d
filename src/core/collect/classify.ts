import type { HttpFailure, HttpResponse } from '../ports/http.ts';
import { HttpError, VenueError, type VenueFailure } from '../venue-error.ts';
import { proxySentence } from './proxy-words.ts';

const TOO_OFTEN = /too (?:frequent|many)|rate.?limit/iu;
const BANNED_UNTIL = /until\s+(\d{13})/iu;
/** Where a venue bans without saying for how long. */
const BAN_MS = 600_000;
/** A longer time is a fault of the venue or of something on the way: a ban is asked about after a day, anything else after an hour. */
export const LONGEST_BAN_MS = 24 * 3_600_000;
const LONGEST_WAIT_MS = 3_600_000;

/** Milliseconds of a Retry-After header: a number (of seconds, unless the host counts otherwise) or an HTTP date. */
export function retryAfterMs(header: string | undefined, now: number, unitMs = 1_000): number | null {
  if (header === undefined) return null;
  const units = Number(header);
  if (header.trim() !== '' && Number.isFinite(units)) return Math.max(0, units * unitMs);
  const date = Date.parse(header);
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}

const looksLikeHtml = ({ headers, body }: HttpResponse): boolean =>
  body.trimStart().startsWith('<') || (headers['content-type'] ?? '').toLowerCase().includes('text/html');

/** What is wrong with an answer, or null when it is status 200 with a body that is not a web page. `now`: as the venue would say it; `unitMs`: what its Retry-After counts. */
export function answerError(name: string, path: string, response: HttpResponse, now: number, unitMs?: number): VenueError | null {
  const { status, headers, body } = response;
  const log = `${path}: status ${status}: ${body.slice(0, 200)}`;
  const asked = retryAfterMs(headers['retry-after'], now, unitMs);
  const wait = asked === null ? null : Math.min(LONGEST_WAIT_MS, asked);
  if (status === 200) {
    if (body.trim() === '') return new VenueError('empty', `${name} sent an empty answer.`, log);
    if (!looksLikeHtml(response)) return null;
    return new VenueError('malformed', `${name} answered with a web page instead of data: a log-in page or a filter on this network?`, log);
  }
  const until = BANNED_UNTIL.exec(body)?.[1];
  if (status === 418 || (status === 429 && until !== undefined)) {
    const banMs = until === undefined ? (asked ?? BAN_MS) : Math.max(asked ?? 0, Number(until) - now);
    const believedMs = Math.min(LONGEST_BAN_MS, Math.max(0, banMs));
    return new VenueError('banned', `${name} has banned this address for a while because of too many requests.`, log, believedMs);
  }
  if (status === 429) return new VenueError('rate-limited', `${name} asks for fewer requests.`, log, wait);
  if (status === 403 && TOO_OFTEN.test(body)) {
    return new VenueError('rate-limited', `${name} asks for fewer requests.`, log, wait ?? BAN_MS);
  }
  if (status === 403 || status === 451) {
    const why = 'it may not serve this country, or something on the way refuses it';
    return new VenueError('blocked', `${name} refuses this connection (${status}): ${why}.`, log);
  }
  if (status >= 500) return new VenueError('server', `${name} has trouble of its own (${status}).`, log, wait);
  const hint = status === 404 ? '; is its base URL right?' : '.';
  return new VenueError('malformed', `${name} did not accept the request (${status})${hint}`, log);
}

/** A venue that is not reached is asked again like one without a network, whatever stands in the way. */
const FAILURE: Readonly<Record<HttpFailure, VenueFailure>> = {
  timeout: 'timeout',
  network: 'network',
  name: 'network',
  tls: 'network',
  proxy: 'network',
  'too-large': 'too-large',
  cancelled: 'cancelled',
  outside: 'blocked',
};

/** Anything that a venue's code or the HTTP port threw, as a VenueError. */
export function toVenueError(name: string, error: unknown): VenueError {
  if (error instanceof VenueError) return error;
  if (error instanceof HttpError) {
    const through = error.proxy === null ? '' : ` through the proxy ${error.proxy.via}`;
    const sentence = {
      timeout: `${name} did not answer in time${through}.`,
      network: `${name} cannot be reached${through}: no network, or the address is wrong.`,
      name: `${name} cannot be reached${through}: its name is not found (DNS). No network, or the address is wrong.`,
      tls: `${name} cannot be reached safely${through}: what answers has no certificate of its own. A log-in page or a filter on this network?`,
      proxy: proxySentence(name, error.proxy),
      'too-large': `${name} sent an answer that is too large to be right.`,
      cancelled: 'The request was cancelled.',
      outside: `${name} was not asked: its address lies outside this machine, which the demo never leaves.`,
    }[error.kind];
    return new VenueError(FAILURE[error.kind], sentence, error.message);
  }
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return new VenueError('malformed', `${name} sent an answer that Perpscope cannot read.`, text);
}
