import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'devalue';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Envelope } from '#bridge/contract.ts';
import { WINDOW_HEADER, WIRE_TYPE } from '#bridge/wire.ts';
import type { App } from '#core/app.ts';
import type { AppListener } from '#core/hub.ts';
import { NO_TOKEN_SENTENCE } from '#web/access.ts';
import type { EventStreamOptions } from '#web/event-stream.ts';
import { type Host, PortError, startHost } from '#web/host.ts';

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
async function start(events?: EventStreamOptions): Promise<void> {
  host = await startHost({ app: echo.app, assetsDir: dir, port: null, log, maxCallBytes: 256 * 1024, ...(events && { events }) });
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

async function letIn(): Promise<string> {
  const { headers } = await ask(new URL(host.url).pathname + new URL(host.url).search);
  return String(headers['set-cookie']?.[0]).split(';')[0] ?? '';
}

const call = async (cookie: string, body: string, headers: Record<string, string> = {}) => {
  const answer = await ask('/bridge/call', { cookie, 'content-type': WIRE_TYPE, ...headers }, 'POST', body);
  return { ...answer, envelope: answer.headers['content-type'] === WIRE_TYPE ? (parse(answer.text) as Envelope<unknown>) : null };
};

describe('the token', () => {
  test('is traded for a cookie named with the port, and the address forgets it', async () => {
    const url = new URL(host.url);
    expect(url.hostname).toBe('127.0.0.1');
    const first = await ask(url.pathname + url.search);
    expect([first.status, first.headers['location'], first.headers['cache-control']]).toEqual([303, '/', 'no-store']);
    const cookie = String(first.headers['set-cookie']?.[0]);
    expect(cookie).toMatch(new RegExp(`^perpscope_${host.port}=[\\w-]{43};`, 'u'));
    expect(cookie).toMatch(/; HttpOnly/u);
    expect(cookie).toMatch(/; SameSite=Strict/u);
    expect(cookie).toMatch(/; Path=\//u);
    expect(cookie).not.toContain(url.searchParams.get('token'));
    const page = await ask('/', { cookie: cookie.split(';')[0] ?? '' });
    expect([page.status, page.text]).toEqual([200, '<p>terminal</p>']);
  });

  test('stays valid while the process runs, for another browser too', async () => {
    const cookies = [await letIn(), await letIn()];
    for (const cookie of cookies) expect((await ask('/favicon.ico', { cookie })).status).toBe(200);
  });

  test('of another start is worth nothing', async () => {
    const [old, cookie] = [host, await letIn()];
    await host.close();
    await start();
    expect((await ask(`/${new URL(old.url).search}`)).status).toBe(401);
    expect((await ask('/', { cookie: cookie.replace(String(old.port), String(host.port)) })).status).toBe(401);
  });

  test.each(['/', '/?token=', '/?token=wrong', '/favicon.ico', '/assets/app-1.js', '/missing', '/bridge/events'])(
    'without it %s is one sentence on what to do',
    async (path) => {
      for (const cookie of ['', `perpscope_${host.port}=wrong`, `perpscope_1=${'a'.repeat(43)}`]) {
        const answer = await ask(path, { cookie });
        expect([answer.status, answer.headers['set-cookie']]).toEqual([401, undefined]);
        expect(answer.text).toContain(NO_TOKEN_SENTENCE);
        expect(answer.headers['content-security-policy']).toContain("default-src 'none'");
      }
    },
  );

  test('is no use on another path, and a call without the cookie reaches nothing', async () => {
    const { search } = new URL(host.url);
    for (const path of [`/index.html${search}`, `/bridge/events${search}`]) expect((await ask(path)).status).toBe(401);
    expect((await call('', stringify({ name: 'app.info', input: {} }))).status).toBe(401);
    expect(echo.calls).toEqual([]);
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
    const answer = await ask('/', { cookie: await letIn(), host: name });
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
    const cookie = await letIn();
    const answer = await call(cookie, stringify({ name: 'app.info', input: {} }), { host: name, origin });
    expect(answer.status).toBe(allowed ? 200 : 403);
    expect(echo.calls.length).toBe(allowed ? 1 : 0);
    expect((await ask('/', { cookie, host: name, origin })).status).toBe(allowed ? 200 : 403);
  });
});

describe('a call', () => {
  test('says by a header which tab it comes from; a name that no tab has is none', async () => {
    const cookie = await letIn();
    const body = stringify({ name: 'echo', input: {} });
    await call(cookie, body, { [WINDOW_HEADER]: 'tab-1f' });
    await call(cookie, body);
    await call(cookie, body, { [WINDOW_HEADER]: '../tab' });
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
    const cookie = await letIn();
    const body = stringify({ name: 'x', input: 'y'.repeat(300_000) });
    expect((await call(cookie, body)).status).toBe(413);
    expect((await call(cookie, body, { 'transfer-encoding': 'chunked' })).status).toBe(413);
    expect(echo.calls).toEqual([]);
    expect((await call(cookie, stringify({ name: 'x', input: 'y'.repeat(200_000) }))).status).toBe(200);
  });

  test.each(['throw', 'function'])('whose answer fails (%s) tells no detail', async (name) => {
    const { envelope, text } = await call(await letIn(), stringify({ name, input: {} }));
    expect(envelope).toMatchObject({ ok: false, error: { code: 'internal' } });
    expect(text).not.toContain('secret');
  });

  test('goes by POST alone', async () => {
    const cookie = await letIn();
    for (const method of ['GET', 'PUT', 'DELETE'])
      expect((await ask('/bridge/call', { cookie }, method)).status).toBeGreaterThanOrEqual(404);
    expect(echo.calls).toEqual([]);
  });
});

describe('the events', () => {
  /** The stream's text so far, and a wait for a piece of it. */
  async function listen(headers: Record<string, string> = {}, path = '/bridge/events') {
    const sent = request({ host: '127.0.0.1', port: host.port, path, headers: { cookie: await letIn(), ...headers } });
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

  test('start with the whole state for a page that was connected before, and only for that', async () => {
    const fresh = await listen();
    await fresh.until('retry');
    expect(echo.calls).toEqual([]);
    for (const page of [await listen({ 'last-event-id': '0' }), await listen({}, '/bridge/events?again=1')]) {
      const text = await page.until('event: history.change');
      for (const name of ['settings.change', 'venues.change', 'watchlist.change']) expect(text).toContain(`event: ${name}\n`);
    }
  });

  test('a quiet stream still shows signs of life', async () => {
    await host.close();
    await start({ heartbeatMs: 5, maxQueuedBytes: 1000 });
    await (await listen()).until(': still here\n\n: still here');
  });

  test('a page that does not read is let go', async () => {
    await host.close();
    await start({ heartbeatMs: 15_000, maxQueuedBytes: 100_000 });
    const socket = connect(host.port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.pause();
    socket.write(`GET /bridge/events HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: ${await letIn()}\r\n\r\n`);
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
  const page = await ask('/', { cookie: await letIn() });
  expect(page.headers['content-security-policy']).toContain("connect-src 'self'");
  const socket = connect(host.port, '::1');
  const [error] = (await once(socket, 'error')) as [NodeJS.ErrnoException];
  expect(['ECONNREFUSED', 'EADDRNOTAVAIL', 'EAFNOSUPPORT', 'ENETUNREACH']).toContain(error.code);
});
