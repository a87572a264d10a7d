import type { Cancellation, Http, HttpRequest, HttpResponse } from '#core/ports.ts';
import { HttpError } from '#core/venue-error.ts';

/** Says what asks, and pretends to be nothing else. */
const USER_AGENT = 'Perpscope (funding rate terminal)';

/**
 * The Http port over Node's fetch. `deadlineMs` is one real-time limit from the connection to the last byte of the body;
 * redirects are answers, never followed; a request that ends early closes its socket.
 */
export function createHttp(): Http {
  return { request: ask };
}

async function ask(request: HttpRequest, signal?: Cancellation): Promise<HttpResponse> {
  const url = checkedUrl(request.url);
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
    const response = await fetch(url, { ...initOf(request), signal: abort.signal });
    const body = await readText(response, request.maxBytes, what);
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

function checkedUrl(text: string): URL {
  const url = URL.parse(text);
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:'))
    throw new HttpError('network', 'the address is not an http or https URL');
  // The text is kept out of the message: it holds a secret.
  if (url.username !== '' || url.password !== '')
    throw new HttpError('network', `${url.host}: an address with a user name or password cannot be used`);
  return url;
}

function initOf({ method, body }: HttpRequest): RequestInit {
  const headers: Record<string, string> = { 'user-agent': USER_AGENT, accept: 'application/json' };
  if (body === undefined) return { method, headers, redirect: 'manual' };
  headers['content-type'] = 'application/json';
  return { method, headers, redirect: 'manual', body: JSON.stringify(body) };
}

/** Counts what comes out of the decompressor, so that a small bomb is stopped at the limit and not in memory. */
async function readText(response: Response, maxBytes: number, what: string): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  const stream: AsyncIterable<Uint8Array> | null = response.body;
  for await (const chunk of stream ?? []) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) throw new HttpError('too-large', `${what}: the answer is larger than ${maxBytes} bytes`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function failureOf(error: unknown, what: string): HttpError {
  if (error instanceof HttpError) return error;
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
  const message = cause instanceof Error ? cause.message : String(cause);
  const kind = /^UND_ERR_(CONNECT|HEADERS|BODY)_TIMEOUT$|^ETIMEDOUT$/u.test(code) ? 'timeout' : 'network';
  return new HttpError(kind, `${what}: ${[code, message].filter((part) => part !== '').join(' ')}`);
}
