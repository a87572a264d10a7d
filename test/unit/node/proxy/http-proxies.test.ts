import { createServer } from 'node:https';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { HttpRequest } from '#core/ports/http.ts';
import { HttpError } from '#core/venue-error.ts';
import { toVenueError } from '#core/collect/classify.ts';
import { createHttp, type HttpOptions } from '#node/http.ts';
import { CERTIFICATE, CERTIFICATE_KEY } from '#test/support/certificate.ts';
import { type FakeExchange, startFakeExchange } from '#test/support/fake-exchange.ts';
import { type ProxyFault, type SmallProxy, startHttpProxy, startSocksProxy } from '#test/support/proxies.ts';

/** What this machine looked up: a name that a proxy is to resolve is looked up for the guard alone. */
const lookedUp: string[] = [];
const resolve: NonNullable<HttpOptions['resolve']> = (name, _options, callback) => {
  lookedUp.push(name);
  callback(null, [{ address: name.endsWith('.outside.example') ? '192.0.2.7' : '127.0.0.1', family: 4 }]);
};
const passwords = new Map<string, string>();
const http = createHttp('loopback', { resolve, passwordOf: (proxy) => Promise.resolve(passwords.get(proxy) ?? '') });
let exchange: FakeExchange;
const closing: (() => Promise<void>)[] = [];

beforeEach(async () => {
  lookedUp.length = 0;
  passwords.clear();
  exchange = await startFakeExchange();
  exchange.route('GET', '/list', () => ({ rows: ['BTCUSDT'] }));
  closing.push(() => exchange.close());
});
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

async function started(starting: Promise<SmallProxy>): Promise<SmallProxy> {
  const proxy = await starting;
  closing.push(() => proxy.close());
  return proxy;
}
const named = (): string => `http://exchange.example:${new URL(exchange.url).port}/list`;
const get = (proxy: string, change: Partial<HttpRequest> = {}): HttpRequest => ({
  method: 'GET',
  url: named(),
  proxy,
  deadlineMs: 10_000,
  maxBytes: 1_000_000,
  ...change,
});
async function failure(request: Promise<unknown>): Promise<HttpError> {
  const error = await request.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(HttpError);
  return error as HttpError;
}
/** What the person reads. */
const words = (error: HttpError): string => toVenueError('Alpha', error).user;

const KINDS = { http: startHttpProxy, socks5: startSocksProxy } as const;
const kinds = Object.keys(KINDS) as (keyof typeof KINDS)[];

describe.each(kinds)('%s', (kind) => {
  const open = (options?: Parameters<typeof startHttpProxy>[0]): Promise<SmallProxy> => started(KINDS[kind](options));

  test('the name reaches the proxy unresolved, and the answer says the way', async () => {
    const proxy = await open();
    const answer = await http.request(get(proxy.url));
    expect(answer).toMatchObject({ status: 200, body: '{"rows":["BTCUSDT"]}', via: proxy.url });
    expect(proxy.asked).toEqual([new URL(named()).host]);
    expect(proxy.kinds).toEqual(['name']);
    expect(exchange.requests[0]?.headers.host).toBe(new URL(named()).host);
    expect(exchange.requests[0]?.headers).not.toHaveProperty('proxy-authorization');
  });

  test('no name of a venue is looked up here where nothing guards it', async () => {
    const proxy = await open();
    const free = createHttp('anywhere', { resolve });
    expect((await free.request(get(proxy.url))).status).toBe(200);
    expect(lookedUp).toEqual([]);
  });

  test('a proxy is found by name, and a password with any letter opens it', async () => {
    const proxy = await open({ login: { user: 'me@desk', password: 'p:@ /%ü' } });
    const named = `${kind}://me%40desk@localhost:${proxy.port}`;
    passwords.set(named, 'p:@ /%ü');
    const answer = await http.request(get(named));
    expect([answer.status, answer.via]).toEqual([200, `${kind}://localhost:${proxy.port}`]);
    expect(lookedUp).toContain('localhost');
  });

  test.each(['', 'wrong'])('with the password "%s" it says that it wants another one, and repeats none', async (password) => {
    const proxy = await open({ login: { user: 'me', password: 'right' } });
    const address = proxy.url.replace('://', '://me@');
    passwords.set(address, password);
    const error = await failure(http.request(get(address)));
    expect(error).toMatchObject({ kind: 'proxy', proxy: { via: proxy.url, failure: 'login' } });
    expect(words(error)).toMatch(/^Alpha was not asked: the proxy \S+ wants another user name and password/u);
    expect(error.message + words(error)).not.toMatch(/me@|wrong|right/u);
    expect(exchange.requests).toEqual([]);
  });

  test('two requests at a time, and one after the other', async () => {
    const proxy = await open();
    const both = await Promise.all([http.request(get(proxy.url)), http.request(get(proxy.url))]);
    expect([...both, await http.request(get(proxy.url))].map(({ status }) => status)).toEqual([200, 200, 200]);
  });

  test('one that takes the connection and says nothing ends at the deadline, and delays no other', async () => {
    const proxy = await open();
    proxy.fault = { kind: 'stall' };
    const stalled = failure(http.request(get(proxy.url, { deadlineMs: 300 })));
    await proxy.arrived(1);
    expect((await http.request(get('off'))).status).toBe(200);
    const error = await stalled;
    expect([error.kind, words(error)]).toEqual(['timeout', `Alpha did not answer in time through the proxy ${proxy.url}.`]);
  });

  test('one that is cut off, and one that is none', async () => {
    const proxy = await open();
    const told = async (fault: ProxyFault): Promise<string> => {
      proxy.fault = fault;
      return words(await failure(http.request(get(proxy.url))));
    };
    expect(await told({ kind: 'reset' })).toMatch(/the proxy \S+ closes the connection|cannot be reached through the proxy/u);
    expect(await told({ kind: 'noise' })).toMatch(/what answers at the proxy \S+ is no proxy of that kind/u);
  });

  test('no server listens there', async () => {
    const proxy = await open();
    await proxy.close();
    closing.pop();
    const error = await failure(http.request(get(proxy.url)));
    expect(error.proxy).toEqual({ via: proxy.url, failure: 'not-reached' });
    expect(words(error)).toContain(`nothing answers at the proxy ${proxy.url}`);
  });

  test('a stalled body behind it ends at the deadline and closes the connection to the proxy', async () => {
    const proxy = await open();
    exchange.fail({ kind: 'stall-body' });
    expect((await failure(http.request(get(proxy.url, { deadlineMs: 300 })))).kind).toBe('timeout');
    await exchange.idle();
  });

  test('a bomb behind it is stopped at the limit', async () => {
    const proxy = await open();
    exchange.fail({ kind: 'bomb', bytes: 16_000_000 });
    expect((await failure(http.request(get(proxy.url)))).kind).toBe('too-large');
  });
});

test.each([
  [startHttpProxy, 403, 'refused', 'refuses to connect to it'],
  [startHttpProxy, 502, 'cannot-reach', 'Alpha cannot be reached by the proxy'],
  [startHttpProxy, 504, 'cannot-reach', 'does not know the name'],
  [startHttpProxy, 508, 'loop', 'leads back to itself'],
  [startSocksProxy, 2, 'refused', 'refuses to connect to it'],
  [startSocksProxy, 4, 'cannot-reach', 'does not know the name'],
  [startSocksProxy, 5, 'cannot-reach', 'gets no connection there'],
] as const)('%o that answers %i: %s', async (start, status, why, sentence) => {
  const proxy = await started(start());
  proxy.fault = { kind: 'status', status };
  const error = await failure(http.request(get(proxy.url)));
  expect(error.proxy).toEqual({ via: proxy.url, failure: why });
  expect(words(error)).toContain(sentence);
});

test('an HTTP proxy that closes without a word', async () => {
  const proxy = await started(startHttpProxy());
  proxy.fault = { kind: 'cut' };
  const error = await failure(http.request(get(proxy.url)));
  expect([error.proxy?.failure, words(error)]).toEqual(['closed', expect.stringContaining('closes the connection without a word')]);
});

test('a proxy of which the name is unknown', async () => {
  const lost = createHttp('anywhere', {
    resolve: (_name, _options, callback) => callback(Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' }), []),
  });
  // .invalid is never a name (RFC 2606): the machine's own resolver says so, with and without a network.
  const error = await failure(lost.request(get('http://proxy.invalid:8080')));
  expect(error.proxy).toEqual({ via: 'http://proxy.invalid:8080', failure: 'unknown-name' });
});

test('an address of the venue that is the proxy itself is a loop', async () => {
  const proxy = await started(startHttpProxy());
  const error = await failure(http.request(get(proxy.url, { url: `${proxy.url}/list` })));
  expect(words(error)).toContain('leads back to itself');
  expect(proxy.asked).toEqual([]);
});

describe('with TLS', () => {
  const trusted = getCACertificates('default');
  afterEach(() => setDefaultCACertificates(trusted));
  async function secure(): Promise<string> {
    const server = createServer({ cert: CERTIFICATE, key: CERTIFICATE_KEY }, (request, response) => response.end(request.url));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    closing.push(async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    });
    return `https://exchange.example:${(server.address() as AddressInfo).port}/list`;
  }

  test.each([
    ['http', () => startHttpProxy()],
    ['https', () => startHttpProxy({ tls: true })],
    ['socks5', () => startSocksProxy()],
  ] as const)('through %s the certificate is the venue’s, and no stranger’s', async (_kind, start) => {
    const url = await secure();
    const proxy = await started(start());
    const address = proxy.url.replace('127.0.0.1', 'localhost');
    const before = createHttp('loopback', { resolve });
    const distrusted = await failure(before.request(get(address, { url })));
    setDefaultCACertificates([...trusted, CERTIFICATE]);
    const after = createHttp('loopback', { resolve });
    expect(await after.request(get(address, { url }))).toMatchObject({ status: 200, body: '/list', via: address });
    expect(proxy.asked.at(-1)).toBe(new URL(url).host);
    expect(words(distrusted)).toMatch(
      proxy.url.startsWith('https')
        ? /the certificate of the proxy \S+ cannot be trusted/u
        : /Alpha cannot be reached safely through the proxy \S+:/u,
    );
  });

  test('a captive portal that says yes to everything is no venue', async () => {
    const proxy = await started(startHttpProxy());
    proxy.fault = { kind: 'portal' };
    const error = await failure(http.request(get(proxy.url, { url: 'https://exchange.example/list' })));
    expect([error.kind, words(error)]).toEqual(['tls', expect.stringContaining('A log-in page or a filter on this network?')]);
  });

  test('an https:// proxy that speaks no TLS', async () => {
    const proxy = await started(startHttpProxy());
    const error = await failure(http.request(get(proxy.url.replace('http:', 'https:'))));
    expect(error.proxy?.failure).toBe('not-trusted');
  });
});

describe('kept on this machine', () => {
  test.each([
    'http://192.0.2.7:8080',
    'socks5://192.0.2.7:1080',
    'https://[2001:db8::1]:443',
    'http://proxy.outside.example:8080',
    'socks5://proxy.outside.example:1080',
  ])('the proxy %s is refused before a socket opens', async (proxy) => {
    expect((await failure(http.request(get(proxy)))).kind).toBe('outside');
    expect(exchange.requests).toEqual([]);
  });

  test.each(kinds)('a venue outside is not asked through a %s proxy on this machine either', async (kind) => {
    const proxy = await started(KINDS[kind]());
    for (const url of ['http://exchange.outside.example/x', 'https://192.0.2.7/x', 'https://[2001:db8::1]/x'])
      expect((await failure(http.request(get(proxy.url, { url })))).kind).toBe('outside');
    expect(proxy.asked).toEqual([]);
    expect(proxy.openSockets()).toBe(0);
  });

  test('the system may name no proxy outside', async () => {
    const guarded = createHttp('loopback', {
      resolve,
      system: () => Promise.resolve([{ scheme: 'http', user: '', password: '', host: '192.0.2.7', port: 8080 }]),
    });
    expect((await failure(guarded.request(get('system')))).kind).toBe('outside');
  });
});

describe('the system’s', () => {
  const part = (proxy: SmallProxy) => ({ scheme: 'http', user: '', password: '', host: '127.0.0.1', port: proxy.port }) as const;

  test('first proxy is used; the next one where nothing answers; straight where that is said', async () => {
    const [first, second] = [await started(startHttpProxy()), await started(startHttpProxy())];
    const system = createHttp('loopback', { resolve, system: () => Promise.resolve([part(first), part(second), null]) });
    expect((await system.request(get('system'))).via).toBe(first.url);
    await first.close();
    expect((await system.request(get('system'))).via).toBe(second.url);
    await second.close();
    closing.splice(1);
    expect(await system.request(get('system'))).not.toHaveProperty('via');
  });

  test('refusal stands: nothing goes another way because of it', async () => {
    const [first, second] = [await started(startHttpProxy()), await started(startHttpProxy())];
    first.fault = { kind: 'status', status: 403 };
    const system = createHttp('loopback', { resolve, system: () => Promise.resolve([part(first), part(second), null]) });
    expect((await failure(system.request(get('system')))).proxy?.failure).toBe('refused');
    expect(second.asked).toEqual([]);
  });

  test('proxies are not asked for what lies on this machine', async () => {
    const asked: string[] = [];
    const system = createHttp('loopback', {
      resolve,
      system: (target) => {
        asked.push(target.hostname);
        return Promise.resolve([null]);
      },
    });
    await system.request(get('system', { url: `${exchange.url}/list` }));
    await system.request(get('system'));
    expect(asked).toEqual(['exchange.example']);
  });

  test('word that never comes ends at the deadline', async () => {
    const system = createHttp('loopback', { resolve, system: () => new Promise(() => undefined) });
    expect((await failure(system.request(get('system', { deadlineMs: 50 })))).kind).toBe('timeout');
  });

  test('word without a proxy that can be used is said, and nothing goes straight', async () => {
    const system = createHttp('loopback', { resolve, system: () => Promise.resolve([]) });
    expect(words(await failure(system.request(get('system'))))).toContain('must be an HTTP, HTTPS or SOCKS5 proxy');
    expect(exchange.requests).toEqual([]);
  });
});
