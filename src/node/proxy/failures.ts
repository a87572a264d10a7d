import type { ProxyFailure } from '#core/ports/http.ts';
import { HttpError } from '#core/venue-error.ts';
import { ProxyTrouble } from './dispatchers.ts';

/** Every error on the way to the first cause, the outermost first. */
function causes(error: unknown): Error[] {
  const found: Error[] = [];
  for (let one = error; one instanceof Error && !found.includes(one); one = one.cause) found.push(one);
  return found;
}
const codeOf = (error: Error): string => ('code' in error && typeof error.code === 'string' ? error.code : '');

const TIMEOUT = /^UND_ERR_(?:CONNECT|HEADERS|BODY)_TIMEOUT$|^ETIMEDOUT$/u;
/** Certificates, their names, and answers that are no TLS at all. */
const TLS = /^(?:ERR_(?:TLS|SSL)_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_(?:GET|VERIFY)_|EPROTO$|HOSTNAME_MISMATCH$)/u;
const NAME = /^(?:ENOTFOUND|EAI_AGAIN|EAI_FAIL|EAI_NODATA)$/u;
const CUT = /^(?:ECONNRESET|EPIPE|UND_ERR_SOCKET)$/u;

/** What the Http port rejects with, told from what undici threw. `via`: the proxy in use; null: none. */
export function httpErrorOf(error: unknown, what: string, via: string | null): HttpError {
  const chain = causes(error);
  const known = chain.find((one) => one instanceof HttpError);
  const way = via === null ? null : { via };
  if (known !== undefined) return known.proxy === null && way !== null ? new HttpError(known.kind, known.message, way) : known;
  const codes = chain.map(codeOf);
  const root = chain.at(-1);
  const detail = `${what}: ${[codes.findLast((code) => code !== ''), root?.message ?? String(error)].filter(Boolean).join(' ')}`;
  const trouble = chain.find((one) => one instanceof ProxyTrouble);
  const failure = via === null ? null : trouble === undefined ? socksFailure(codes) : troubleOf(trouble, chain);
  if (failure === 'slow') return new HttpError('timeout', detail, way);
  if (failure !== null && via !== null) return new HttpError('proxy', detail, { via, failure });
  const is = (pattern: RegExp): boolean => codes.some((code) => pattern.test(code));
  if (is(TLS)) return new HttpError('tls', detail, way);
  if (is(NAME)) return new HttpError('name', detail, way);
  return new HttpError(is(TIMEOUT) ? 'timeout' : 'network', detail, way);
}

function troubleOf({ status }: ProxyTrouble, chain: readonly Error[]): ProxyFailure | 'slow' {
  const is = (pattern: RegExp): boolean => chain.some((error) => pattern.test(codeOf(error)));
  if (status === 407) return 'login';
  if (status === 508) return 'loop';
  if (status !== null) return status >= 500 ? 'cannot-reach' : 'refused';
  if (is(/^UND_ERR_HEADERS_TIMEOUT$/u)) return 'slow';
  if (is(NAME)) return 'unknown-name';
  if (is(TLS)) return 'not-trusted';
  if (chain.some(({ name }) => name === 'HTTPParserError')) return 'not-a-proxy';
  return is(CUT) ? 'closed' : 'not-reached';
}

/** By RFC 1928, section 6: 2 is a rule of the proxy, 3 to 6 are the way from it to the venue. */
function socksFailure(codes: readonly string[]): ProxyFailure | null {
  const code = codes.find((one) => one.startsWith('UND_ERR_SOCKS5'));
  if (code === undefined) return null;
  if (/_AUTH_/u.test(code)) return 'login';
  const [, reply] = /_REPLY_(\d+)$/u.exec(code) ?? [];
  if (reply === undefined) return 'not-a-proxy';
  return reply === '2' ? 'refused' : 'cannot-reach';
}
