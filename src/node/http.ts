import { lookup, type LookupAddress, type LookupOptions } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { Agent, fetch, type RequestInit, type Response } from 'undici';
import type { Cancellation } from '#core/ports/clock.ts';
import type { Http, HttpRequest, HttpResponse } from '#core/ports/http.ts';
import { HttpError } from '#core/venue-error.ts';

/** Set to 1 by the tests for all that they start: nothing of it may leave this machine. */
export const LOOPBACK_ONLY = 'PERPSCOPE_LOOPBACK_ONLY';

/** Says what asks, and pretends to be nothing else. */
const USER_AGENT = 'Perpscope (funding rate terminal)';

/** Where requests may go: the demo and the tests never leave this machine. */
export type Reach = 'anywhere' | 'loopback';

/**
 * The Http port, the only way out of the program. `deadlineMs` is one real-time limit from the connection to the last byte of
 * the body; redirects are answers, never followed; a request that ends early closes its socket. With reach 'loopback' every
 * other address is refused (HttpError 'outside'), after its name is resolved.
 */
export function createHttp(reach: Reach, resolve: Resolve = lookup): Http {
  const dispatcher = new Agent(reach === 'loopback' ? { connect: { lookup: onLoopback(resolve) } } : {});
  return { request: (request, signal) => ask(request, reach, dispatcher, signal) };
}

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');
const isLoopback = (address: string): boolean => loopback.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');

const outside = (host: string): HttpError =>
  new HttpError('outside', `${host} is not this machine: the demo and the tests never ask anything outside it`);

/** How names become addresses: node:dns's lookup. */
type Resolve = (
  name: string,
  options: LookupOptions & { all: true },
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/** A name counts as what it resolves to: every address of it must be of this machine. */
const onLoopback =
  (resolve: Resolve): LookupFunction =>
  (name, options, callback) =>
    resolve(name, { ...options, all: true }, (error, addresses) => {
      const refused = error ?? (addresses.every(({ address }) => isLoopback(address)) ? null : outside(name));
      if (refused !== null) callback(refused, []);
      else if (options.all === true) callback(null, addresses);
      else callback(null, addresses[0]?.address ?? '', addresses[0]?.family);
    });

async function ask(request: HttpRequest, reach: Reach, dispatcher: Agent, signal?: Cancellation): Promise<HttpResponse> {
  const url = checkedUrl(request.url, reach);
  const what = `${request.method} ${url.origin}${url.pathname}`;
  const cancelled = () => new HttpError('cancelled', `${what}: cancelled`);
  if (signal?.aborted === true) throw cancelled();

  const abort = new AbortController();
  const cancel = () => abort.abort(cancelled());
  const timer = setTimeout(
    () => abort.abort(new HttpError('timeout', `${what}: no whole answer in ${request.deadlineMs} ms`)),
    request.deadlineMs,
  );
  signal?.addEventListener('abort', cancel, { once: true });
  try {
    const response = await fetch(url, { ...initOf(request), dispatcher, signal: abort.signal });
    const body = await readBody(response, request, what);
    return { status: response.status, headers: Object.fromEntries(response.headers), body };
  } catch (error) {
    const failure = failureOf(error, what);
    abort.abort(failure);
    throw failure;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', cancel);
  }
}

function checkedUrl(text: string, reach: Reach): URL {
  const url = URL.parse(text);
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:'))
    throw new HttpError('network', 'the address is not an http or https URL');
  // The text is kept out of the message: it holds a secret.
  if (url.username !== '' || url.password !== '')
    throw new HttpError('network', `${url.host}: an address with a user name or password cannot be used`);
  // An address written as numbers is never looked up.
  const host = url.hostname.replace(/^\[|\]$/gu, '');
  if (reach === 'loopback' && isIP(host) !== 0 && !isLoopback(host)) throw outside(url.hostname);
  return url;
}

function initOf({ method, body, as }: HttpRequest): RequestInit {
  const headers: Record<string, string> = { 'user-agent': USER_AGENT, accept: as === 'base64' ? '*/*' : 'application/json' };
  if (body === undefined) return { method, headers, redirect: 'manual' };
  headers['content-type'] = 'application/json';
  return { method, headers, redirect: 'manual', body: JSON.stringify(body) };
}

/** Counts what comes out of the decompressor, so that a small bomb is stopped at the limit and not in memory. */
async function readBody(response: Response, { maxBytes, as = 'text' }: HttpRequest, what: string): Promise<string> {
  const decoder = as === 'text' ? new TextDecoder() : null;
  const chunks: Uint8Array[] = [];
  let text = '';
  let bytes = 0;
  const stream: AsyncIterable<Uint8Array> | null = response.body;
  for await (const chunk of stream ?? []) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) throw new HttpError('too-large', `${what}: the answer is larger than ${maxBytes} bytes`);
    if (decoder === null) chunks.push(chunk);
    else text += decoder.decode(chunk, { stream: true });
  }
  return decoder === null ? Buffer.concat(chunks).toString('base64') : text + decoder.decode();
}

function failureOf(error: unknown, what: string): HttpError {
  if (error instanceof HttpError) return error;
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (cause instanceof HttpError) return cause;
  const code = cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
  const message = cause instanceof Error ? cause.message : String(cause);
  const kind = /^UND_ERR_(CONNECT|HEADERS|BODY)_TIMEOUT$|^ETIMEDOUT$/u.test(code) ? 'timeout' : 'network';
  return new HttpError(kind, `${what}: ${[code, message].filter((part) => part !== '').join(' ')}`);
}
