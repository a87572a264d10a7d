import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { gzipSync } from 'node:zlib';

export interface LoggedRequest {
  readonly method: string;
  /** Path below the exchange's prefix, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Parsed JSON body, or null. */
  readonly body: unknown;
  readonly headers: IncomingMessage['headers'];
  readonly at: number;
}

/** A string or bytes go out as they are, undefined as 404, anything else as JSON. */
type Answer = (request: LoggedRequest) => unknown;

export type Fault =
  | { readonly kind: 'status'; readonly status: number; readonly body?: string; readonly headers?: Readonly<Record<string, string>> }
  /** The right answer, later. */
  | { readonly kind: 'delay'; readonly ms: number }
  | { readonly kind: 'stall-headers' }
  /** Headers and the first half of the right answer, then nothing. */
  | { readonly kind: 'stall-body' }
  /** A byte every few ms, for ever. */
  | { readonly kind: 'drip'; readonly everyMs: number }
  /** Half of the right answer as if it were whole: broken JSON. */
  | { readonly kind: 'truncate' }
  /** The connection ends before the announced length. */
  | { readonly kind: 'cut' }
  | { readonly kind: 'reset' }
  /** Status 200 and a page for people: a captive portal, a bot check. */
  | { readonly kind: 'html' }
  | { readonly kind: 'garbage'; readonly body: string }
  /** Little gzip that unpacks to `bytes` bytes. */
  | { readonly kind: 'bomb'; readonly bytes: number };

export interface FakeExchange {
  /** Base URL, prefix included, no trailing slash. */
  readonly url: string;
  /** Every request that arrived, faulty answers included. */
  readonly requests: readonly LoggedRequest[];
  count(path: string): number;
  /** Sets or replaces what a path answers; paths without a route get 404. */
  route(method: 'GET' | 'POST', path: string, answer: Answer): void;
  /** The next `times` requests (of `path`, if given) meet the fault; Infinity lasts until heal(). */
  fail(fault: Fault, options?: { times?: number; path?: string }): void;
  /** After `max` more requests everything answers 429 until heal(). */
  limitRate(max: number, retryAfterSeconds: number | null): void;
  /** Forgets faults and limits. */
  heal(): void;
  /** Resolves when `count` requests (of `path`, if given) have arrived in all. */
  arrived(count: number, path?: string): Promise<void>;
  openSockets(): number;
  /** Resolves when no client is connected any more. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

interface Waiter {
  readonly count: number;
  readonly path: string | undefined;
  readonly resolve: () => void;
}

/** A real HTTP server on loopback that plays a venue: routes, faults and a log of what was asked. */
export async function startFakeExchange({ prefix = '' }: { prefix?: string } = {}): Promise<FakeExchange> {
  const routes = new Map<string, Answer>();
  const requests: LoggedRequest[] = [];
  const sockets = new Set<Socket>();
  const timers = new Set<NodeJS.Timeout>();
  let faults: { fault: Fault; left: number; path: string | undefined }[] = [];
  let rate: { left: number; retryAfterSeconds: number | null } | null = null;
  let waiters: Waiter[] = [];
  let idlers: (() => void)[] = [];

  const seen = (path: string | undefined) => requests.filter((request) => path === undefined || request.path === path).length;
  const settle = () => {
    for (const waiter of waiters) if (seen(waiter.path) >= waiter.count) waiter.resolve();
    waiters = waiters.filter((waiter) => seen(waiter.path) < waiter.count);
  };
  const nextFault = (path: string): Fault | null => {
    if (rate !== null && rate.left-- <= 0) {
      const headers = rate.retryAfterSeconds === null ? {} : { 'retry-after': String(rate.retryAfterSeconds) };
      return { kind: 'status', status: 429, body: 'Too many requests', headers };
    }
    const hit = faults.find((entry) => entry.left > 0 && (entry.path ?? path) === path);
    if (hit === undefined) return null;
    hit.left -= 1;
    return hit.fault;
  };

  const server = createServer((message, response) => {
    void readBody(message).then((body) => {
      const url = new URL(message.url ?? '/', 'http://fake');
      const path = url.pathname.startsWith(prefix) ? url.pathname.slice(prefix.length) : `outside the prefix: ${url.pathname}`;
      const request = { method: message.method ?? '', path, query: url.searchParams, body, headers: message.headers, at: Date.now() };
      requests.push(request);
      const fault = nextFault(path);
      const answer = routes.get(`${request.method} ${path}`);
      reply(response, answer === undefined ? null : bodyOf(answer(request)), fault, timers);
      settle();
    });
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => {
      sockets.delete(socket);
      if (sockets.size > 0) return;
      for (const resolve of idlers) resolve();
      idlers = [];
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${prefix}`,
    requests,
    count: seen,
    route: (method, path, answer) => void routes.set(`${method} ${path}`, answer),
    fail: (fault, { times = 1, path } = {}) => void faults.push({ fault, left: times, path }),
    limitRate: (max, retryAfterSeconds) => void (rate = { left: max, retryAfterSeconds }),
    heal: () => {
      faults = [];
      rate = null;
    },
    arrived: (count, path) =>
      new Promise((resolve) => {
        waiters.push({ count, path, resolve });
        settle();
      }),
    openSockets: () => sockets.size,
    idle: () => new Promise((resolve) => (sockets.size === 0 ? resolve() : idlers.push(resolve))),
    close: async () => {
      for (const timer of timers) clearInterval(timer);
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function readBody(message: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of message.setEncoding('utf8')) text += String(chunk);
  return text === '' ? null : (JSON.parse(text) as unknown);
}

const bodyOf = (answer: unknown): string | Buffer | null =>
  typeof answer === 'string' || Buffer.isBuffer(answer) ? answer : answer === undefined ? null : JSON.stringify(answer);

function reply(response: ServerResponse, text: string | Buffer | null, fault: Fault | null, timers: Set<NodeJS.Timeout>): void {
  const json = { 'content-type': 'application/json' };
  const right = () => {
    if (text === null) response.writeHead(404, json).end('{"error":"no such path"}');
    else response.writeHead(200, json).end(text);
  };
  const body = text ?? '{"error":"no such path"}';
  const half = body.slice(0, Math.ceil(body.length / 2));
  switch (fault?.kind) {
    case undefined:
      right();
      return;
    case 'delay':
      return void timers.add(setTimeout(right, fault.ms));
    case 'status':
      return void response.writeHead(fault.status, fault.headers).end(fault.body ?? '');
    case 'stall-headers':
      return;
    case 'stall-body':
      return void response.writeHead(200, json).write(half);
    case 'drip':
      response.writeHead(200, json);
      return void timers.add(setInterval(() => response.write(' '), fault.everyMs));
    case 'truncate':
      return void response.writeHead(200, json).end(half);
    case 'cut':
      response.writeHead(200, { ...json, 'content-length': String(Buffer.byteLength(body)) });
      return void response.write(half, () => response.destroy());
    case 'reset':
      return void response.socket?.resetAndDestroy();
    case 'html':
      return void response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>Just a moment...</title>');
    case 'garbage':
      return void response.writeHead(200, json).end(fault.body);
    case 'bomb':
      return void response.writeHead(200, { ...json, 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(fault.bytes, 0x20)));
  }
}
