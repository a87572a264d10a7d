import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'devalue';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Envelope } from '#bridge/contract.ts';
import { PAGE_KEY_HEADER, WINDOW_HEADER, WIRE_TYPE } from '#bridge/wire.ts';
import type { App } from '#core/app.ts';
import type { AppListener } from '#core/hub.ts';
import { NO_TOKEN_SENTENCE } from '#web/access.ts';
import { CONNECTION_LIMITS } from '#web/connections.ts';
import { EVENT_STREAM } from '#web/event-stream.ts';
import { type Host, type HostOptions, PortError, startHost } from '#web/host.ts';

const log = { write: () => undefined };
const LONG = { timeout: 240_000 };

/** An app that echoes its calls and lets the test emit events. */
function createEchoApp() {
  const listeners = new Set<AppListener>();
  const calls: [string, unknown][] = [];
  const windows: unknown[] = [];
  const app: Pick<App, 'dispatch' | 'listen'> = {
    dispatch: (name, input, window) => {
      calls.push([name, input]);
      windows.push(window);
      if (name === 'throw') return Promise.reject(new Error('secret detail'));
      if (name === 'function') return Promise.resolve({ ok: true, value: () => 1 });
      return Promise.resolve({ ok: true, value: name === 'watchlist.rows' ? [{ instrument: { id: 'a:B' } }] : { name, input } });
    },
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const emit: AppListener = (name, payload) => {
    for (const listener of listeners) listener(name, payload);
  };
  return { app, emit, listeners, calls, windows };
}

let dir = '';
let echo = createEchoApp();
let host: Host;
/** What the host believes of the time. */
let clock = 0;
async function start(more: Pick<HostOptions, 'events' | 'connections'> = {}): Promise<void> {
  host = await startHost({ app: echo.app, assetsDir: dir, port: null, log, maxCallBytes: 256 * 1024, now: () => clock, ...more });
}

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'perpscope-web-'));
  mkdirSync(join(dir, 'assets'));
  writeFileSync(join(dir, 'index.html'), '<p>terminal</p>');
  writeFileSync(join(dir, 'favicon.ico'), 'icon');
  writeFileSync(join(dir, 'assets/app-1.js'), 'export {};');
  echo = createEchoApp();
  await start();
});
afterEach(async () => {
  await host.close();
  rmSync(dir, { recursive: true, force: true });
});

interface Answer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly text: string;
}

/** node:http, since fetch sets Host, Origin and cookies as it likes. */
async function ask(path: string, headers: Record<string, string> = {}, method = 'GET', body?: string): Promise<Answer> {
  const sent = request({ host: '127.0.0.1', port: host.port, path, method, headers, agent: false });
  sent.end(body);
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  let text = '';
  for await (const chunk of response) text += String(chunk);
  return { status: response.statusCode ?? 0, headers: response.headers, text };
}

/** The path that an address asks for. */
const pathOf = (url: string): string => new URL(url).pathname + new URL(url).search;

/** What a page that was let in says with each request: its cookie, and the key that it was given. */
type Let = Readonly<Record<'cookie' | typeof PAGE_KEY_HEADER, string>>;
const letOf = ({ headers, text }: Answer): Let => ({
  cookie: String(headers['set-cookie']?.[0]).split(';')[0] ?? '',
  [PAGE_KEY_HEADER]: /<html [^>]*data-key="([\w-]{43})"/u.exec(text)?.[1] ?? '',
});
const letIn = async (): Promise<Let> => letOf(await ask(pathOf(host.newUrl())));
const STRANGER: Let = { cookie: '', [PAGE_KEY_HEADER]: '' };

const call = async (who: Let, body: string, headers: Record<string, string> = {}) => {
  const answer = await ask('/bridge/call', { ...who, 'content-type': WIRE_TYPE, ...headers }, 'POST', body);
  return { ...answer, envelope: answer.headers['content-type'] === WIRE_TYPE ? (parse(answer.text) as Envelope<unknown>) : null };
};

describe('the token', () => {
  test('is traded for a cookie named with the port and for the key of the page, which then asks for the terminal', async () => {
    const url = new URL(host.newUrl());
    expect(url.hostname).toBe('127.0.0.1');
    const first = await ask(pathOf(url.href));
    expect([first.status, first.headers['cache-control']]).toEqual([200, 'no-store']);
    expect(first.text).toContain('<script src="/enter.js"></script>');
    const cookie = String(first.headers['set-cookie']?.[0]);
    expect(cookie).toMatch(new RegExp(`^perpscope_${host.port}=[\\w-]{43};`, 'u'));
    expect(cookie).toMatch(/; HttpOnly/u);
    expect(cookie).toMatch(/; SameSite=Strict/u);
    expect(cookie).toMatch(/; Path=\//u);
    const who = letOf(first);
    const secrets = new Set([url.searchParams.get('token'), who.cookie.split('=')[1], who[PAGE_KEY_HEADER]]);
    expect(secrets.size).toBe(3);
    const page = await ask('/', { cookie: who.cookie });
    expect([page.status, page.text]).toEqual([200, '<p>terminal</p>']);
  });

  test('is burnt at its first use', async () => {
    const path = pathOf(host.newUrl());
    expect((await ask(path)).status).toBe(200);
    expect((await ask(path)).status).toBe(401);
  });

  test('lives a minute', async () => {
    const [inTime, late] = [pathOf(host.newUrl()), clock];
    clock = late + 60_000;
    expect((await ask(inTime)).status).toBe(200);
    const path = pathOf(host.newUrl());
    clock += 60_001;
    expect((await ask(path)).status).toBe(401);
  });

  test('is worth nothing once there is another; each lets in one browser more', async () => {
    const old = pathOf(host.newUrl());
    const people = [await letIn(), await letIn()];
    expect((await ask(old)).status).toBe(401);
    for (const who of people) expect((await ask('/favicon.ico', who)).status).toBe(200);
  });

  test('is not burnt by a look at the head of its page', async () => {
    const path = pathOf(host.newUrl());
    expect((await ask(path, {}, 'HEAD')).status).toBe(401);
    expect((await ask(path)).status).toBe(200);
  });

  test('of another start is worth nothing', async () => {
    const [old, who, unused] = [host, await letIn(), pathOf(host.newUrl())];
    await host.close();
    await start();
    host.newUrl();
    expect((await ask(unused)).status).toBe(401);
    expect((await ask('/', { ...who, cookie: who.cookie.replace(String(old.port), String(host.port)) })).status).toBe(401);
  });

  test.each(['/', '/?token=', '/?token=wrong', '/favicon.ico', '/assets/app-1.js', '/missing', '/bridge/events'])(
    'without it %s is one sentence on what to do, and the connection ends',
    async (path) => {
      for (const cookie of ['', `perpscope_${host.port}=wrong`, `perpscope_1=${'a'.repeat(43)}`]) {
        const answer = await ask(path, { cookie });
        expect([answer.status, answer.headers['set-cookie'], answer.headers['connection']]).toEqual([401, undefined, 'close']);
        expect(answer.text).toContain(NO_TOKEN_SENTENCE);
        expect(answer.headers['content-security-policy']).toContain("default-src 'none'");
      }
    },
  );

  test('is no use on another path, and a call without the cookie reaches nothing', async () => {
    const { search } = new URL(host.newUrl());
    for (const path of [`/index.html${search}`, `/bridge/events${search}`]) expect((await ask(path)).status).toBe(401);
    expect((await call(STRANGER, stringify({ name: 'app.info', input: {} }))).status).toBe(401);
    expect(echo.calls).toEqual([]);
  });
});

describe('the key of the page', () => {
  test('a cookie that another port of the machine was told asks for nothing without it', async () => {
    const { cookie, [PAGE_KEY_HEADER]: key } = await letIn();
    const body = stringify({ name: 'app.info', input: {} });
    for (const wrong of ['', 'wrong', cookie.split('=')[1] ?? '', key.slice(1)]) {
      const who = { cookie, [PAGE_KEY_HEADER]: wrong };
      expect((await call(who, body)).status).toBe(401);
      expect((await ask('/bridge/events', who)).status).toBe(401);
    }
    expect((await call({ cookie: '', [PAGE_KEY_HEADER]: key }, body)).status).toBe(401);
    expect([echo.calls, echo.listeners.size]).toEqual([[], 0]);
    expect((await call({ cookie, [PAGE_KEY_HEADER]: key }, body)).status).toBe(200);
  });
});

describe('who may ask', () => {
  const port = 9; // any: an SSH tunnel has its own
  test.each([
    ['127.0.0.1', 200],
    [`127.0.0.1:${port}`, 200],
    [`localhost:${port}`, 200],
    ['LOCALHOST', 200],
    [`[::1]:${port}`, 200],
    ['evil.example', 403],
    [`evil.example:${port}`, 403],
    ['127.0.0.1.evil.example', 403],
    ['localhost.evil.example', 403],
    ['evil.localhost', 403],
    ['127.0.0.2', 403],
    ['0.0.0.0', 403],
    ['[::]', 403],
    ['2130706433', 403],
    ['127.0.0.1:port', 400],
    ['user@127.0.0.1', 400],
  ])('Host %s: %i', async (name, status) => {
    const answer = await ask('/', { ...(await letIn()), host: name });
    // The adapter itself refuses a Host that is no host.
    if (status === 400) expect([400, 403]).toContain(answer.status);
    else expect(answer.status).toBe(status);
    if (status !== 200) expect(answer.text).not.toContain('terminal');
  });

  test.each([
    ['http://127.0.0.1', '127.0.0.1', true],
    ['http://localhost:9', 'localhost:9', true],
    ['http://[::1]:9', '[::1]:9', true],
    ['http://localhost:9', '127.0.0.1:9', false],
    ['http://127.0.0.1:10', '127.0.0.1:9', false],
    ['http://127.0.0.1', '127.0.0.1:9', false],
    ['https://127.0.0.1:9', '127.0.0.1:9', false],
    ['http://evil.example', '127.0.0.1:9', false],
    ['http://127.0.0.1:9.evil.example', '127.0.0.1:9', false],
    ['null', '127.0.0.1:9', false],
    ['', '127.0.0.1:9', false],
  ])('Origin %s asking %s: %s', async (origin, name, allowed) => {
    const who = await letIn();
    const answer = await call(who, stringify({ name: 'app.info', input: {} }), { host: name, origin });
    expect(answer.status).toBe(allowed ? 200 : 403);
    expect(echo.calls.length).toBe(allowed ? 1 : 0);
    expect((await ask('/', { ...who, host: name, origin })).status).toBe(allowed ? 200 : 403);
  });

  /** What Chromium says of where a request comes from: another port of this machine is the same site. */
  test.each([
    ['same-origin', true],
    ['none', true],
    ['same-site', false],
    ['cross-site', false],
    ['anything', false],
    ['', false],
  ])('Sec-Fetch-Site %s: %s, everywhere', async (site, allowed) => {
    const who = await letIn();
    const asked = { 'sec-fetch-site': site };
    const refused = allowed ? 200 : 403;
    for (const path of ['/', '/favicon.ico', '/assets/app-1.js']) {
      for (const method of ['GET', 'HEAD']) expect((await ask(path, { ...who, ...asked }, method)).status).toBe(refused);
    }
    expect((await call(who, stringify({ name: 'app.info', input: {} }), asked)).status).toBe(refused);
    if (!allowed) expect((await ask('/bridge/events', { ...who, ...asked })).status).toBe(403);
    expect([echo.calls.length, echo.listeners.size]).toEqual([allowed ? 1 : 0, 0]);
    expect((await ask(pathOf(host.newUrl()), asked)).status).toBe(refused);
  });

  test('only the file that opens the address is of another site: it brings the token as a whole page', async () => {
    const opened = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };
    const path = pathOf(host.newUrl());
    for (const other of [
      { ...opened, 'sec-fetch-dest': 'iframe' },
      { ...opened, 'sec-fetch-mode': 'no-cors' },
      { ...opened, 'sec-fetch-site': 'same-site' },
    ]) {
      expect((await ask(path, other)).status).toBe(403);
    }
    expect((await ask('/', opened)).status).toBe(403);
    expect((await ask('/?token=wrong', opened)).status).toBe(401);
    expect((await ask(path, opened)).status).toBe(200);
    expect((await ask('/', { ...(await letIn()), ...opened })).status).toBe(403);
  });
});

/** Raw connections, as any program of the machine can open them. */
describe('connections', () => {
  const open = async (count: number, said: string): Promise<Socket[]> => {
    const sockets = Array.from({ length: count }, () => connect(host.port, '127.0.0.1').on('error', () => undefined));
    await Promise.all(sockets.map((socket) => once(socket, 'connect')));
    for (const socket of sockets) socket.write(said);
    return sockets;
  };
  const end = (sockets: readonly Socket[]): void => {
    for (const socket of sockets) socket.destroy();
  };
  /** An answer on a connection of its own, which stays open. */
  async function guest(who: Let): Promise<Socket> {
    const socket = connect(host.port, '127.0.0.1').on('error', () => undefined);
    socket.write(`GET /favicon.ico HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: ${who.cookie}\r\n\r\n`);
    await once(socket, 'data');
    return socket;
  }

  test.each([
    ['say nothing', ''],
    ['begin a request and stop', 'GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n'],
  ])('more than are let stay that %s shut out no page: the oldest of them make room', async (_what, said) => {
    await host.close();
    await start({ connections: { ...CONNECTION_LIMITS, strangers: 8, headersMs: 60_000 } });
    const who = await letIn();
    const sockets = await open(60, said);
    expect((await ask('/', who)).text).toBe('<p>terminal</p>');
    await vi.waitUntil(() => sockets.filter(({ closed }) => closed).length === 60 - 7, LONG);
    end(sockets);
  });

  test('of a page that was let in stay, whatever else is opened; of many such the oldest goes', async () => {
    await host.close();
    await start({ connections: { strangers: 3, guests: 2, headersMs: 60_000 } });
    const who = await letIn();
    const first = await guest(who);
    const strangers = await open(20, '');
    await vi.waitUntil(() => strangers.filter(({ closed }) => closed).length === 17, LONG);
    expect(first.closed).toBe(false);
    const [second, third] = [await guest(who), await guest(who)];
    await vi.waitUntil(() => first.closed, LONG);
    expect([second.closed, third.closed]).toEqual([false, false]);
    end([second, third, ...strangers]);
  });

  test('that do not say what they want in time are ended', async () => {
    await host.close();
    await start({ connections: { ...CONNECTION_LIMITS, headersMs: 10 } });
    const [socket] = await open(1, 'GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n');
    socket?.resume();
    await vi.waitUntil(() => socket?.closed, LONG);
  });
});

describe('a call', () => {
  test('says by a header which tab it comes from; a name that no tab has is none', async () => {
    const who = await letIn();
    const body = stringify({ name: 'echo', input: {} });
    await call(who, body, { [WINDOW_HEADER]: 'tab-1f' });
    await call(who, body);
    await call(who, body, { [WINDOW_HEADER]: '../tab' });
    expect(echo.windows).toEqual(['tab-1f', null, null]);
  });

  test('carries typed arrays both ways', async () => {
    const input = { a: Float64Array.of(1, Number.NaN, -0), b: undefined };
    const { status, envelope, headers } = await call(await letIn(), stringify({ name: 'echo', input }));
    expect([status, headers['cache-control']]).toEqual([200, 'no-store']);
    expect(envelope).toEqual({ ok: true, value: { name: 'echo', input } });
  });

  test.each([
    ['nothing', ''],
    ['no devalue', '{"name":'],
    ['JSON that is no devalue', '{"name":"app.info"}'],
    ['a list', stringify([1])],
    ['null', stringify(null)],
    ['no name', stringify({ input: {} })],
    ['a name that is none', stringify({ name: 5 })],
  ])('%s is bad input and reaches nothing', async (_what, body) => {
    const { status, envelope } = await call(await letIn(), body);
    expect([status, envelope]).toEqual([400, { ok: false, error: { code: 'bad-input', message: expect.any(String) as string } }]);
    expect(echo.calls).toEqual([]);
  });

  test('of another type, as a form could send it, is refused', async () => {
    const body = stringify({ name: 'app.info', input: {} });
    for (const type of ['text/plain', 'application/json', 'application/x-www-form-urlencoded']) {
      expect((await call(await letIn(), body, { 'content-type': type })).status).toBe(415);
    }
    expect(echo.calls).toEqual([]);
  });

  test('that is too long is refused, with and without its length said', async () => {
    const who = await letIn();
    const body = stringify({ name: 'x', input: 'y'.repeat(300_000) });
    expect((await call(who, body)).status).toBe(413);
    expect((await call(who, body, { 'transfer-encoding': 'chunked' })).status).toBe(413);
    expect(echo.calls).toEqual([]);
    expect((await call(who, stringify({ name: 'x', input: 'y'.repeat(200_000) }))).status).toBe(200);
  });

  test.each(['throw', 'function'])('whose answer fails (%s) tells no detail', async (name) => {
    const { envelope, text } = await call(await letIn(), stringify({ name, input: {} }));
    expect(envelope).toMatchObject({ ok: false, error: { code: 'internal' } });
    expect(text).not.toContain('secret');
  });

  test('goes by POST alone', async () => {
    const who = await letIn();
    for (const method of ['GET', 'PUT', 'DELETE']) expect((await ask('/bridge/call', who, method)).status).toBeGreaterThanOrEqual(404);
    expect(echo.calls).toEqual([]);
  });
});

describe('the events', () => {
  /** The stream's text so far, and a wait for a piece of it. */
  async function listen() {
    const sent = request({ host: '127.0.0.1', port: host.port, path: '/bridge/events', headers: await letIn() });
    sent.end();
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    let text = '';
    response.on('data', (chunk: Buffer) => (text += chunk.toString()));
    const until = async (piece: string): Promise<string> => {
      while (!text.includes(piece)) await once(response, 'data');
      return text;
    };
    return { response, until, hangUp: () => sent.destroy() };
  }
  const noListeners = async (): Promise<void> => {
    await vi.waitUntil(() => echo.listeners.size === 0, LONG);
  };

  test('reach every page, as devalue', async () => {
    const pages = [await listen(), await listen()];
    expect(pages[0]?.response.headers['content-type']).toBe('text/event-stream');
    echo.emit('app.notice', { notices: ['two\nlines'] });
    for (const page of pages) {
      const text = await page.until('notice');
      const data = /^event: app\.notice\ndata: (.*)$/mu.exec(await page.until('\n\n' + text.slice(text.indexOf('event:'))))?.[1];
      expect(parse(data ?? '')).toEqual({ notices: ['two\nlines'] });
    }
  });

  test('end with the page that hung up, and only with that', async () => {
    const [one, two] = [await listen(), await listen()];
    expect(echo.listeners.size).toBe(2);
    one.hangUp();
    await vi.waitUntil(() => echo.listeners.size === 1, LONG);
    echo.emit('app.notice', { notices: ['still there'] });
    await two.until('still there');
    two.hangUp();
    await noListeners();
  });

  test('start with the whole state', async () => {
    const text = await (await listen()).until('event: history.change');
    for (const name of ['settings.change', 'venues.change', 'watchlist.change']) expect(text).toContain(`event: ${name}\n`);
  });

  test('a look at the head of the stream opens none', async () => {
    const who = await letIn();
    for (let n = 0; n < 3; n += 1) expect((await ask('/bridge/events', who, 'HEAD')).status).toBe(405);
    expect(echo.listeners.size).toBe(0);
  });

  test('of many streams the oldest ends', async () => {
    await host.close();
    await start({ events: { ...EVENT_STREAM, maxStreams: 2 } });
    const pages = [await listen(), await listen()];
    const ended = once(pages[0]?.response as IncomingMessage, 'end');
    pages.push(await listen());
    await ended;
    expect(echo.listeners.size).toBe(2);
    echo.emit('app.notice', { notices: ['still there'] });
    for (const page of pages.slice(1)) await page.until('still there');
  });

  test('a quiet stream still shows signs of life', async () => {
    await host.close();
    await start({ events: { ...EVENT_STREAM, heartbeatMs: 5 } });
    await (await listen()).until(': still here\n\n: still here');
  });

  test('a page that does not read is let go', async () => {
    await host.close();
    await start({ events: { ...EVENT_STREAM, maxQueuedBytes: 100_000 } });
    const socket = connect(host.port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.pause();
    const who = Object.entries(await letIn()).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.write(`GET /bridge/events HTTP/1.1\r\nHost: 127.0.0.1\r\n${who.join('')}\r\n`);
    await vi.waitUntil(() => echo.listeners.size === 1, LONG);
    let emitted = 0;
    while (echo.listeners.size > 0 && emitted < 100_000) {
      echo.emit('app.notice', { notices: ['x'.repeat(10_000)] });
      emitted += 1;
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(echo.listeners.size).toBe(0);
    socket.destroy();
  });

  test('end when the host closes, which does not wait for the pages', async () => {
    const { response } = await listen();
    response.on('error', () => undefined);
    const ended = new Promise((resolve) => response.on('close', resolve));
    await host.close();
    await ended;
    await noListeners();
    await host.close();
  });
});

test('a port that is taken is told in one sentence with what to do', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const started = startHost({ app: echo.app, assetsDir: dir, port, log });
  await expect(started).rejects.toThrow(PortError);
  await expect(started).rejects.toThrow(new RegExp(`Port ${port} is taken.*--port`, 'u'));
  other.close();
});

test('it listens on the loopback address alone', async () => {
  const page = await ask('/', await letIn());
  expect(page.headers['content-security-policy']).toContain("connect-src 'self'");
  const socket = connect(host.port, '::1');
  const [error] = (await once(socket, 'error')) as [NodeJS.ErrnoException];
  expect(['ECONNREFUSED', 'EADDRNOTAVAIL', 'EAFNOSUPPORT', 'ENETUNREACH']).toContain(error.code);
});
