import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { toVenueError } from '#core/collect/classify.ts';
import type { HttpRequest } from '#core/ports/http.ts';
import { HttpError } from '#core/venue-error.ts';
import { createHttp } from '#node/http.ts';
import { type Fault, type FakeExchange, startFakeExchange } from '#test/support/fake-exchange.ts';

const http = createHttp('loopback');
let exchange: FakeExchange;

beforeEach(async () => {
  exchange = await startFakeExchange();
  exchange.route('GET', '/list', () => ({ rows: ['币安人生USDT', 'BTCUSDT'] }));
});
afterEach(() => exchange.close());

const get = (path: string, change: Partial<HttpRequest> = {}): HttpRequest => ({
  method: 'GET',
  url: `${exchange.url}${path}`,
  proxy: 'off',
  deadlineMs: 10_000,
  maxBytes: 1_000_000,
  ...change,
});

const failure = async (request: Promise<unknown>): Promise<HttpError> => {
  const error = await request.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(HttpError);
  return error as HttpError;
};

describe('answers', () => {
  test('the whole body, the status and lower-case header names', async () => {
    exchange.fail({ kind: 'status', status: 200, body: '{"a":1}', headers: { 'X-Used-Weight': '7' } });
    const answer = await http.request(get('/list'));
    expect(answer.status).toBe(200);
    expect(answer.body).toBe('{"a":1}');
    expect(answer.headers['x-used-weight']).toBe('7');
  });

  test('says what asks, and no browser is claimed', async () => {
    await http.request(get('/list?a=1'));
    expect(exchange.requests[0]?.headers['user-agent']).toMatch(/^Perpscope/u);
    expect(exchange.requests[0]?.query.get('a')).toBe('1');
  });

  test('a body is posted as JSON', async () => {
    exchange.route('POST', '/info', ({ body, headers }) => ({ body, type: headers['content-type'] }));
    const answer = await http.request(get('/info', { method: 'POST', body: { type: 'meta', n: [1] } }));
    expect(JSON.parse(answer.body)).toEqual({ body: { type: 'meta', n: [1] }, type: 'application/json' });
  });

  test.each([404, 418, 429, 451, 500, 503])('status %i is an answer, not an error', async (status) => {
    exchange.fail({ kind: 'status', status, body: 'why', headers: { 'retry-after': '7' } });
    expect(await http.request(get('/list'))).toMatchObject({ status, body: 'why', headers: { 'retry-after': '7' } });
  });

  test.each([
    [302, {}],
    [307, { method: 'POST', body: { type: 'meta' } }],
  ] as const)('a redirect (%i) is an answer: nothing goes to the host that it names', async (status, more) => {
    const other = await startFakeExchange();
    exchange.fail({ kind: 'status', status, headers: { location: `${other.url}/list` } });
    const answer = await http.request(get('/list', more));
    expect(answer.status).toBe(status);
    expect(answer.headers['location']).toBe(`${other.url}/list`);
    expect(other.requests).toEqual([]);
    await other.close();
  });

  test('gzip and characters that fall between two chunks', async () => {
    const text = JSON.stringify({ symbol: '币安人生USDT' });
    const bytes = gzipSync(text);
    const server = createServer((_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' });
      for (const byte of bytes) response.write(Buffer.of(byte));
      response.end();
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const answer = await http.request(get('', { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` }));
    expect(answer.body).toBe(text);
    server.closeAllConnections();
    server.close();
  });
});

describe('one deadline over everything', () => {
  const faults: Fault[] = [{ kind: 'stall-headers' }, { kind: 'stall-body' }, { kind: 'drip', everyMs: 10 }];
  test.each(faults)('$kind: ends as a timeout and closes the socket', async (fault) => {
    exchange.fail(fault);
    const error = await failure(http.request(get('/list', { deadlineMs: 150 })));
    expect(error.kind).toBe('timeout');
    expect(error.message).toContain('GET http://127.0.0.1');
    await exchange.idle();
  });

  test('the deadline of one request leaves others alone', async () => {
    exchange.fail({ kind: 'stall-headers' });
    const stalled = failure(http.request(get('/list', { deadlineMs: 150 })));
    await exchange.arrived(1);
    expect((await http.request(get('/list'))).status).toBe(200);
    expect((await stalled).kind).toBe('timeout');
  });
});

describe('size', () => {
  test('a small gzip that unpacks to 16 MB is stopped at the limit', async () => {
    exchange.fail({ kind: 'bomb', bytes: 16_000_000 });
    expect((await failure(http.request(get('/list')))).kind).toBe('too-large');
  });

  test('of a body without end the socket is closed at the limit', async () => {
    exchange.fail({ kind: 'drip', everyMs: 1 });
    expect((await failure(http.request(get('/list', { maxBytes: 10 })))).kind).toBe('too-large');
    await exchange.idle();
  });

  test('a plain body is held to the limit exactly', async () => {
    exchange.route('GET', '/big', () => 'x'.repeat(5000));
    expect((await http.request(get('/big', { maxBytes: 5000 }))).body).toHaveLength(5000);
    expect((await failure(http.request(get('/big', { maxBytes: 4999 })))).kind).toBe('too-large');
  });
});

describe('no whole answer', () => {
  test.each<Fault>([{ kind: 'reset' }, { kind: 'cut' }])('$kind is a network error with its cause', async (fault) => {
    exchange.fail(fault);
    const error = await failure(http.request(get('/list')));
    expect(error.kind).toBe('network');
    expect(error.message).toMatch(/ECONNRESET|UND_ERR_SOCKET/u);
  });

  test('no server listens', async () => {
    const gone = await startFakeExchange();
    await gone.close();
    const error = await failure(http.request(get('', { url: `${gone.url}/list` })));
    expect(error).toMatchObject({ kind: 'network' });
    expect(error.message).toContain('ECONNREFUSED');
  });

  test.each(['ENOTFOUND', 'EAI_AGAIN'])('a name that nothing knows (%s) is told apart from a server that is not there', async (code) => {
    const lost = createHttp('loopback', {
      resolve: (name, _options, callback) => callback(Object.assign(new Error(`getaddrinfo ${code} ${name}`), { code }), []),
    });
    const error = await failure(lost.request(get('', { url: 'https://fapi.exchange.example/list' })));
    expect([error.kind, error.message]).toEqual([
      'name',
      `GET https://fapi.exchange.example/list: ${code} getaddrinfo ${code} fapi.exchange.example`,
    ]);
    expect(toVenueError('Exchange', error)).toMatchObject({
      kind: 'network',
      user: 'Exchange cannot be reached: its name is not found (DNS). No network, or the address is wrong.',
    });
    expect(exchange.requests).toEqual([]);
  });

  test.each(['not a url', 'ftp://127.0.0.1/x', 'data:text/plain,hello', 'file:///etc/hostname'])('%s is not asked', async (url) => {
    expect((await failure(http.request(get('', { url })))).kind).toBe('network');
  });

  test('an address with a password is refused without repeating the password', async () => {
    const error = await failure(http.request(get('', { url: 'http://me:hunter2@127.0.0.1:9/x' })));
    expect(error.kind).toBe('network');
    expect(error.message).not.toContain('hunter2');
  });
});

describe('kept on this machine', () => {
  const resolvedTo = (...addresses: readonly string[]) =>
    createHttp('loopback', {
      resolve: (_name, _options, callback) =>
        callback(
          null,
          addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
        ),
    });
  const named = () => get('', { url: `http://exchange.example:${new URL(exchange.url).port}/list` });

  test.each([
    'http://192.0.2.7/x',
    'https://192.0.2.7/x',
    'http://[2001:db8::1]/x',
    'http://0.0.0.0/x',
    'http://10.0.0.1/x',
    'http://3221225991/x',
  ])('%s is refused before a socket opens', async (url) => {
    const error = await failure(http.request(get('', { url })));
    expect([error.kind, error.message]).toEqual(['outside', expect.stringContaining('is not this machine')]);
  });

  test.each([[['192.0.2.7']], [['127.0.0.1', '192.0.2.7']], [['2001:db8::1']]])('a name that is %j is refused', async (addresses) => {
    expect((await failure(resolvedTo(...addresses).request(named()))).kind).toBe('outside');
    expect(exchange.requests).toEqual([]);
  });

  test('a name that is this machine is asked', async () => {
    expect((await resolvedTo('127.0.0.1').request(named())).status).toBe(200);
  });

  test('a redirect to the outside is an answer, and nothing follows it', async () => {
    exchange.fail({ kind: 'status', status: 302, headers: { location: 'https://192.0.2.7/' } });
    expect((await http.request(get('/list'))).status).toBe(302);
  });
});

describe('cancelling', () => {
  test('before: nothing is sent', async () => {
    expect((await failure(http.request(get('/list'), AbortSignal.abort()))).kind).toBe('cancelled');
    expect(exchange.requests).toEqual([]);
  });

  test.each<Fault>([{ kind: 'stall-headers' }, { kind: 'stall-body' }, { kind: 'drip', everyMs: 10 }])(
    'during $kind: the request ends and its socket closes',
    async (fault) => {
      exchange.fail(fault);
      const abort = new AbortController();
      const request = failure(http.request(get('/list'), abort.signal));
      await exchange.arrived(1);
      abort.abort();
      expect((await request).kind).toBe('cancelled');
      await exchange.idle();
    },
  );

  test('a signal used for many requests keeps no listener of those that ended', async () => {
    let listeners = 0;
    const signal = {
      aborted: false,
      addEventListener: () => void (listeners += 1),
      removeEventListener: () => void (listeners -= 1),
    };
    for (let n = 0; n < 5; n += 1) await http.request(get('/list'), signal);
    exchange.fail({ kind: 'reset' });
    await failure(http.request(get('/list'), signal));
    expect(listeners).toBe(0);
  });
});
