import { lookup } from 'node:dns';
import { Agent, type Dispatcher, fetch, type RequestInit, type Response } from 'undici';
import { type ProxyChoice, type ProxyParts, proxyParts, proxyPlace } from '#bridge/proxy.ts';
import type { Cancellation } from '#core/ports/clock.ts';
import type { Http, HttpRequest, HttpResponse } from '#core/ports/http.ts';
import { HttpError } from '#core/venue-error.ts';
import { createProxyDispatchers } from './proxy/dispatchers.ts';
import { httpErrorOf } from './proxy/failures.ts';
import { assertNotOutside, assertOnLoopback, isThisMachine, onLoopback, type Resolve } from './proxy/loopback.ts';
import type { SystemProxies } from './proxy/system-proxies.ts';

/** Set to 1 by the tests for all that they start: nothing of it may leave this machine. */
export const LOOPBACK_ONLY = 'PERPSCOPE_LOOPBACK_ONLY';

/** Says what asks, and pretends to be nothing else. */
const USER_AGENT = 'Perpscope (funding rate terminal)';

/** Where requests may go: the demo and the tests never leave this machine. */
export type Reach = 'anywhere' | 'loopback';

export interface HttpOptions {
  readonly resolve?: Resolve;
  /** Absent: the system names no proxy. */
  readonly system?: SystemProxies;
  /** The password of a proxy as the settings name it; '' where there is none. Rejects with HttpError where it cannot be read. */
  readonly passwordOf?: (proxy: ProxyChoice) => Promise<string>;
}

/**
 * The Http port, the only way out to venues, webhooks and releases. `deadlineMs` is one real-time limit from the connection to the last byte of
 * the body; redirects are answers, never followed; a request that ends early closes its socket. With reach 'loopback' every
 * other address is refused (HttpError 'outside'), after its name is resolved: the venue's and the proxy's, also where the proxy
 * is to resolve the venue's.
 */
export function createHttp(reach: Reach, options: HttpOptions = {}): Http {
  const { resolve = lookup, system, passwordOf } = options;
  const guard = reach === 'loopback' ? onLoopback(resolve) : null;
  const straight = new Agent(guard === null ? {} : { connect: { lookup: guard } });
  const through = createProxyDispatchers(guard);

  /** In the order in which they are to be tried; null: straight. */
  async function waysTo(target: URL, choice: ProxyChoice): Promise<readonly (ProxyParts | null)[]> {
    if (choice === 'off') return [null];
    // The system's proxies are for what lies beyond this machine.
    if (choice === 'system') return system === undefined || isThisMachine(target.hostname) ? [null] : system(target);
    const parts = proxyParts(choice);
    if (typeof parts === 'string') throw new HttpError('proxy', parts, { via: 'in the settings', failure: 'unusable' });
    return [{ ...parts, password: (await passwordOf?.(choice)) ?? '' }];
  }

  async function send(request: HttpRequest, url: URL, way: ProxyParts | null, signal: AbortSignal, what: string): Promise<HttpResponse> {
    const via = way === null ? null : proxyPlace(way);
    try {
      if (way !== null && via !== null) {
        if (isSame(url, way)) throw new HttpError('proxy', `${what}: the proxy itself`, { via, failure: 'loop' });
        if (reach === 'loopback') await assertOnLoopback(url.hostname, resolve);
      }
      const dispatcher: Dispatcher = way === null ? straight : through(way);
      const response = await fetch(url, { ...initOf(request), dispatcher, signal });
      const body = await readBody(response, request, what);
      return { status: response.status, headers: Object.fromEntries(response.headers), body, ...(via !== null && { via }) };
    } catch (error) {
      throw httpErrorOf(error, what, via);
    }
  }

  async function ask(request: HttpRequest, signal: AbortSignal, what: string, url: URL): Promise<HttpResponse> {
    const [first, ...others] = await until(signal, waysTo(url, request.proxy));
    if (first === undefined) {
      throw new HttpError('proxy', `${what}: no proxy that can be used`, { via: 'of the system', failure: 'unusable' });
    }
    let failed: HttpError | null = null;
    for (const way of [first, ...others]) {
      try {
        return await send(request, url, way, signal, what);
      } catch (error) {
        failed = httpErrorOf(error, what, null);
        // The next one is for a proxy that is not there. What a proxy or a venue has said stands.
        if (failed.proxy?.failure !== 'not-reached' && failed.proxy?.failure !== 'unknown-name') throw failed;
      }
    }
    throw failed ?? new HttpError('network', what);
  }

  return {
    async request(request, cancellation) {
      const url = checkedUrl(request.url, reach);
      const what = `${request.method} ${url.origin}${url.pathname}`;
      return bounded(request.deadlineMs, what, cancellation, (signal) => ask(request, signal, what, url));
    },
  };
}

/** One limit and one cancellation over all of the work, whose sockets close with it. */
async function bounded<T>(
  ms: number,
  what: string,
  cancellation: Cancellation | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const cancelled = (): HttpError => new HttpError('cancelled', `${what}: cancelled`);
  if (cancellation?.aborted === true) throw cancelled();
  const abort = new AbortController();
  const cancel = (): void => abort.abort(cancelled());
  const timer = setTimeout(() => abort.abort(new HttpError('timeout', `${what}: no whole answer in ${ms} ms`)), ms);
  cancellation?.addEventListener('abort', cancel, { once: true });
  try {
    return await work(abort.signal);
  } catch (error) {
    abort.abort(error);
    throw error;
  } finally {
    clearTimeout(timer);
    cancellation?.removeEventListener('abort', cancel);
  }
}

/** Rejects with the reason of the signal where that ends first. */
async function until<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  let stop = (): void => undefined;
  const ended = new Promise<never>((_, fail) => {
    stop = () => fail(signal.reason as Error);
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work, ended]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

const isSame = (url: URL, { scheme, host, port }: ProxyParts): boolean =>
  scheme !== 'socks5' && url.hostname === host && Number(url.port || (url.protocol === 'https:' ? 443 : 80)) === port;

function checkedUrl(text: string, reach: Reach): URL {
  const url = URL.parse(text);
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:'))
    throw new HttpError('network', 'the address is not an http or https URL');
  // The text is kept out of the message: it holds a secret.
  if (url.username !== '' || url.password !== '')
    throw new HttpError('network', `${url.host}: an address with a user name or password cannot be used`);
  if (reach === 'loopback') assertNotOutside(url.hostname);
  return url;
}

function initOf({ method, body, json, headers: more, as }: HttpRequest): RequestInit {
  const text = json ?? (body === undefined ? undefined : JSON.stringify(body));
  const headers: Record<string, string> = { 'user-agent': USER_AGENT, accept: as === 'base64' ? '*/*' : 'application/json' };
  Object.assign(headers, more);
  if (text === undefined) return { method, headers, redirect: 'manual' };
  headers['content-type'] = 'application/json';
  return { method, headers, redirect: 'manual', body: text };
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
