import { createHmac } from 'node:crypto';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { webhookFault } from '#bridge/webhook.ts';
import { defaultSettings } from '#core/default-settings.ts';
import type { Http } from '#core/ports/http.ts';
import type { Notification } from '#core/ports/notifier.ts';
import { createReporter, type Reporter } from '#core/reporter.ts';
import { createWebhook, type Webhook } from '#core/webhook.ts';
import { newCanceller } from '#node/canceller.ts';
import { createHttp } from '#node/http.ts';
import type { SqlitePerson } from '#node/person/sqlite-person.ts';
import { openWebhookSecret } from '#node/webhook-secret.ts';
import { at } from '#test/support/at.ts';
import { FakeClock } from '#test/support/fake-clock.ts';
import { type HookServer, startHookServer } from '#test/support/hook-server.ts';
import { T0, tempDir } from '../node/history/support.ts';
import { openFile } from '../node/person/support.ts';

const SECRET = 'a secret of tests';
const HOUR = 3_600_000;
const crowd: Notification = {
  title: 'SOL/USDT on Binance: Crowd',
  body: 'funding 0.1 %',
  instrument: 'binance:SOLUSDT',
  severity: 'critical',
};
/** Every name is of this machine. */
const wholeHttp = createHttp('loopback', { resolve: (_name, _options, callback) => callback(null, [{ address: '127.0.0.1', family: 4 }]) });
/** One that a test can wait for, where nothing else is to come. */
let deadlineMs: number;
const http: Http = {
  request: (request, signal) => wholeHttp.request({ ...request, deadlineMs: Math.min(request.deadlineMs, deadlineMs) }, signal),
};
const log = { write: () => undefined };

let hook: HookServer;
let clock: FakeClock;
let file: string;
let person: SqlitePerson;
let url: string | null;
let proxy: string;
let tells: boolean;
let webhook: Webhook;
let reporter: Reporter;

async function soon(work: () => void): Promise<void> {
  await Promise.resolve();
  work();
}
/** The first start, or a restart: only what is on the disk is known. */
function open(through: Http = http): void {
  person = openFile(join(file), { now: () => clock.now() }).store;
  reporter = createReporter({ store: { recordEvent: () => Promise.resolve() }, log, onChange: () => undefined });
  webhook = createWebhook({
    clock,
    http: through,
    secret: openWebhookSecret({ file: `${file}.secret`, box: null, given: undefined, log, now: () => clock.now() }),
    person: {
      posts: (...asked) => Promise.resolve(person.posts(...asked)),
      posted: (id) => soon(() => person.posted(id)),
      putOff: (...post) => soon(() => person.putOff(...post)),
      hurry: () => soon(() => person.hurry()),
    },
    settings: () => ({ ...defaultSettings([]), webhook: url, proxy }),
    reporter,
    log,
    newCanceller,
    tells: () => tells,
  });
}
async function restart(): Promise<void> {
  await webhook.stop();
  person.close();
  open();
}
function told(...texts: readonly Notification[]): void {
  person.paid([], texts);
  webhook.wake();
}
const waiting = (): number => person.posts(clock.now(), Number.MAX_SAFE_INTEGER).total;
const posted = (i = -1) => JSON.parse(at(hook.asked, i).body) as Record<string, unknown>;
/** What is in flight is over: a try is written down. */
const settled = (tries: number) => vi.waitFor(async () => expect((await webhook.state()).last).toMatchObject({ ok: tries === 0 }), 5000);
async function pass(ms: number): Promise<void> {
  await clock.advance(ms);
  webhook.tick();
}

beforeEach(async () => {
  hook = await startHookServer();
  clock = new FakeClock(T0);
  file = join(tempDir(), 'person.sqlite');
  [url, proxy, tells, deadlineMs] = [hook.url, 'system', true, 10_000];
  open();
  await webhook.change({ url: hook.url, secret: SECRET });
});
afterEach(async () => {
  await webhook.stop();
  await hook.close();
});

test('what is told is posted as JSON that its signature proves, once', async () => {
  told(crowd);
  await vi.waitFor(() => expect(waiting()).toBe(0));
  expect(hook.asked).toHaveLength(1);
  const { method, path, headers, body } = at(hook.asked, 0);
  expect([method, path, headers['content-type']]).toEqual(['POST', '/alerts?key=of-mine', 'application/json']);
  expect(JSON.parse(body)).toEqual({
    id: headers['perpscope-delivery'],
    at: T0,
    title: 'SOL/USDT on Binance: Crowd',
    body: 'funding 0.1 %',
    text: 'SOL/USDT on Binance: Crowd. funding 0.1 %',
    severity: 'critical',
    instrument: 'binance:SOLUSDT',
    test: false,
  });
  // As docs/alerts.md says it to who receives it.
  const [, t = '', v1] = /^t=(\d+),v1=([0-9a-f]{64})$/u.exec(String(headers['perpscope-signature'])) ?? [];
  expect(Number(t)).toBe(Math.floor(T0 / 1000));
  expect(v1).toBe(createHmac('sha256', SECRET).update(`${t}.${body}`).digest('hex'));
  await restart();
  webhook.tick();
  await pass(HOUR);
  expect(hook.asked).toHaveLength(1);
  expect(reporter.notices()).toEqual([]);
});

const slow = (response: { writeHead: (status: number) => unknown; write: (text: string) => unknown }): void => {
  response.writeHead(200);
  response.write('{');
};
test.each<[string, HookServer['answer'], RegExp]>([
  ['500', 500, /answered 500\./u],
  ['404', 404, /404: there is nothing at this address/u],
  ['401', 401, /401: it does not let this in/u],
  ['a redirect', (response) => void response.writeHead(302, { location: '/elsewhere' }).end(), /302, a redirect, which is not followed/u],
  ['silence', () => undefined, /no whole answer within/u],
  ['half an answer', slow, /no whole answer within/u],
  ['a cut connection', (response) => response.destroy(), /is not reached/u],
])('%s: it waits, is told of in words, is tried again after a while and over a restart, with the same name', async (_, answer, says) => {
  hook.answer = answer;
  deadlineMs = says.source.startsWith('no whole') ? 300 : 10_000;
  told(crowd);
  await settled(1);
  deadlineMs = 10_000;
  await vi.waitFor(() => expect(reporter.notices().join()).toMatch(says));
  expect(reporter.notices().join()).toContain(`webhook at ${new URL(hook.url).host} has not taken an alert: SOL/USDT on Binance: Crowd`);
  expect(reporter.notices().join()).not.toContain('of-mine');
  expect(await webhook.state()).toMatchObject({ waiting: 1, nextTryAt: T0 + 10_000 });
  // Never where a redirect leads.
  expect(hook.asked.map(({ path }) => path)).toEqual(['/alerts?key=of-mine']);
  const { id } = posted();
  await restart();
  hook.answer = 200;
  await pass(9_000);
  await pass(0);
  expect([hook.asked.length, waiting()]).toEqual([1, 1]);
  await pass(1_000);
  await vi.waitFor(() => expect(waiting()).toBe(0));
  expect(posted()['id']).toBe(id);
  await vi.waitFor(() => expect(reporter.notices()).toEqual([]));
});

test('the waits grow to an hour, and after a day it is given up, which is told', async () => {
  hook.answer = 503;
  told(crowd);
  const waits: number[] = [];
  for (let i = 0; i < 8; i++) {
    await vi.waitFor(() => expect(hook.asked).toHaveLength(i + 1));
    await vi.waitFor(() => expect(person.posts(clock.now(), Number.MAX_SAFE_INTEGER).due).toBeNull());
    const { nextAt } = person.posts(clock.now(), Number.MAX_SAFE_INTEGER);
    waits.push((nextAt ?? 0) - clock.now());
    await pass((nextAt ?? 0) - clock.now());
  }
  expect(waits).toEqual([10_000, 30_000, 120_000, 600_000, 1_800_000, HOUR, HOUR, HOUR]);
  await vi.waitFor(() => expect(person.posts(clock.now(), Number.MAX_SAFE_INTEGER).due).toBeNull());
  const asked = hook.asked.length;
  await pass(25 * HOUR);
  await vi.waitFor(() => expect(waiting()).toBe(0));
  expect(hook.asked).toHaveLength(asked);
  expect(reporter.notices().join()).toMatch(/did not take an alert within a day.*Crowd/u);
});

test('one that is not taken holds no other up, and a clock that is set back puts nothing off', async () => {
  hook.answer = 500;
  told(crowd);
  await settled(1);
  hook.answer = 200;
  told({ ...crowd, title: 'later' });
  await vi.waitFor(() => expect(waiting()).toBe(1));
  expect(posted()['title']).toBe('later');
  clock.setWall(-5 * HOUR);
  await restart();
  await pass(0);
  await vi.waitFor(() => expect(waiting()).toBe(0));
});

test('who does not tell does not post; without an address nothing is kept for one', async () => {
  tells = false;
  told(crowd);
  await pass(HOUR);
  expect([hook.asked.length, waiting()]).toEqual([0, 1]);
  [tells, url] = [true, null];
  await pass(0);
  await vi.waitFor(() => expect(waiting()).toBe(0));
  expect(hook.asked).toEqual([]);
});

test('another address is tried at once, whatever was put off', async () => {
  hook.answer = 500;
  told(crowd);
  await settled(1);
  hook.answer = 200;
  await webhook.hurry();
  await vi.waitFor(() => expect(waiting()).toBe(0));
});

test('a slow webhook holds nothing up: what is told meanwhile waits, and the end waits for no answer', async () => {
  hook.answer = () => undefined;
  await webhook.stop();
  person.close();
  open(wholeHttp);
  told(crowd);
  await vi.waitFor(() => expect(hook.asked).toHaveLength(1));
  told({ ...crowd, title: 'second' });
  expect(waiting()).toBe(2);
  // Long before the ten seconds of the one in flight.
  await webhook.stop();
  expect(waiting()).toBe(2);
});

test('a test posts once and says what came back; nothing waits for it', async () => {
  expect(await webhook.test({ url: hook.url, secret: null })).toMatchObject({
    ok: true,
    says: expect.stringMatching(/^It answered 200 in \d+ ms\.$/u) as string,
  });
  expect(posted()).toMatchObject({ test: true, severity: 'info', instrument: null });
  hook.answer = 403;
  expect(await webhook.test({ url: hook.url, secret: 'not the one of them' })).toMatchObject({
    ok: false,
    says: expect.stringContaining('403') as string,
  });
  expect(await webhook.test({ url: 'https://192.0.2.7/x', secret: null })).toMatchObject({
    ok: false,
    says: expect.stringContaining('beyond this machine') as string,
  });
  expect(waiting()).toBe(0);
  const gone = await startHookServer();
  await gone.close();
  expect(await webhook.test({ url: gone.url, secret: null })).toEqual({ ok: false, says: 'It is not reached (ECONNREFUSED).' });
});

test('a name that is not found is told as such', async () => {
  const notFound = Object.assign(new Error('getaddrinfo ENOTFOUND hooks.example'), { code: 'ENOTFOUND' });
  open(createHttp('loopback', { resolve: (_name, _options, callback) => callback(notFound, []) }));
  expect(await webhook.test({ url: 'https://hooks.example/x', secret: null })).toEqual({
    ok: false,
    says: 'Its name is not found (ENOTFOUND): is the address right?',
  });
});

test('an own machine is reached straight, whatever the proxy', async () => {
  const gone = await startHookServer();
  await gone.close();
  proxy = new URL(gone.url).origin;
  expect(await webhook.test({ url: hook.url, secret: null })).toMatchObject({ ok: true });
  // One beyond it goes through that proxy, which is not there.
  expect(await webhook.test({ url: 'https://hooks.example/x', secret: null })).toEqual({
    ok: false,
    says: `hooks.example was not asked: nothing answers at the proxy ${proxy}. Is it running, and is its address right?`,
  });
});

test('without a secret there is no webhook, and with the webhook its secret goes', async () => {
  await webhook.change({ url: null, secret: null });
  expect(await webhook.state()).toMatchObject({ secret: 'none' });
  await expect(webhook.change({ url: hook.url, secret: null })).rejects.toThrow(/needs a secret/u);
  expect(await webhook.test({ url: hook.url, secret: null })).toEqual({ ok: false, says: 'It has no secret to sign with: type one.' });
  expect(hook.asked).toEqual([]);
});

test.each([
  ['https://hooks.example.com/a?b=c', null],
  ['https://hooks.example.com:8443', null],
  ['http://localhost:9000/x', null],
  ['http://127.0.0.1/x', null],
  ['http://[::1]:80/x', null],
  ['http://hooks.example.com/a', /over https alone/u],
  ['http://127.0.0.1.example.com/', /over https alone/u],
  ['http://localhost.example.com/', /over https alone/u],
  ['http://127.0.0.1@evil.example/', /no user name/u],
  ['https://me:secret@hooks.example.com/', /no user name/u],
  ['https://hooks.example.com/#part', /no #/u],
  ['http://localhost\\@evil.example/', /is an address such as/u],
  ['ftp://hooks.example.com/', /is an address such as/u],
  ['hooks.example.com', /is an address such as/u],
  ['', /is an address such as/u],
])('%s: %s', (text, says) => {
  if (says === null) expect(webhookFault(text)).toBeNull();
  else expect(webhookFault(text)).toMatch(says);
});
