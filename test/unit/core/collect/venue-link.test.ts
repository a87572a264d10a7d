import { expect, test } from 'vitest';
import type { HttpRequest, HttpResponse } from '#core/ports/http.ts';
import { createPoller } from '#core/collect/poller.ts';
import { createHost } from '#core/collect/host.ts';
import { createVenueLink, joinUrl } from '#core/collect/venue-link.ts';
import { VenueError } from '#core/venue-error.ts';
import { newCanceller } from '#node/canceller.ts';
import { FakeClock } from '#test/support/fake-clock.ts';
import { createPaperVenue } from '#test/support/paper-venue.ts';

test.each([
  ['https://a.example', '/x?y=1', 'https://a.example/x?y=1'],
  ['https://a.example/', '/x', 'https://a.example/x'],
  ['https://proxy.example/binance/', '/fapi/v1/x', 'https://proxy.example/binance/fapi/v1/x'],
  ['http://127.0.0.1:8080//', 'info', 'http://127.0.0.1:8080/info'],
])('%s and %s', (base, path, url) => expect(joinUrl(base, path)).toBe(url));

function linkOf(answer: (request: HttpRequest) => HttpResponse, random = 0, given: string | null = 'https://mirror.example/a/') {
  const clock = new FakeClock(1_700_000_000_000);
  const sent: HttpRequest[] = [];
  const bans: number[] = [];
  const venue = createPaperVenue('alpha', 1200);
  const link = createVenueLink({
    venue,
    host: createHost({ ...venue.host, spent: (headers) => ({ weight: Number(headers['x-used'] ?? 0) }) }, { clock, random: () => random }),
    isOn: () => true,
    http: {
      request: (request) => {
        sent.push(request);
        return Promise.resolve(answer(request));
      },
    },
    givenUrl: () => given,
    watched: () => ['BTCUSDT'],
    proxy: () => 'off',
    now: () => clock.now(),
    onBan: (ms) => bans.push(ms),
  });
  const ask = (priority: 'poll' | 'background' = 'poll') =>
    link.io(priority, newCanceller().signal).request({ path: '/x', cost: { weight: 1 } });
  return { clock, sent, bans, link, ask };
}

test('every request has the deadline, the size limit and the address in force', async () => {
  const { ask, sent, link } = linkOf(() => ({ status: 200, headers: {}, body: '{"a":1}' }));
  expect(await ask()).toBe('{"a":1}');
  await link.io('poll', newCanceller().signal).request({ method: 'POST', path: 'info', body: { type: 'x' }, cost: { weight: 1 } });
  expect(sent).toMatchObject([
    { method: 'GET', url: 'https://mirror.example/a/x', deadlineMs: 15_000 },
    { method: 'POST', url: 'https://mirror.example/a/info', body: { type: 'x' } },
  ]);
  expect(sent[0]).not.toHaveProperty('body');
  expect(sent[0]?.maxBytes).toBeLessThanOrEqual(64 * 1024 * 1024);
});

test('a poll is told what is watched, and nothing else is', () => {
  const { link } = linkOf(() => ({ status: 200, headers: {}, body: '{}' }));
  expect(link.io('poll', newCanceller().signal).watched).toEqual(['BTCUSDT']);
  expect(link.io('background', newCanceller().signal)).not.toHaveProperty('watched');
});

test('a limit met by the back-fill silences the poll too, for as long as the venue asked', async () => {
  let status = 429;
  const { ask, sent, clock, link } = linkOf(() => ({ status, headers: { 'retry-after': '60' }, body: '{}' }));
  await expect(ask('background')).rejects.toMatchObject({ kind: 'rate-limited' });
  status = 200;
  await clock.advance(59_000);
  await expect(ask('poll')).rejects.toMatchObject({ kind: 'rate-limited', retryAfterMs: 1000 });
  expect(sent).toHaveLength(1);
  link.good();
  expect(link.silentForMs()).toBe(1000);
  await clock.advance(1000);
  await ask('poll');
  expect(sent).toHaveLength(2);
});

test('limits without a time back off longer each time, until the venue answers well', async () => {
  const { ask, clock, link } = linkOf(() => ({ status: 429, headers: {}, body: '' }), 1);
  const silence = async (): Promise<number> => {
    await expect(ask()).rejects.toMatchObject({ kind: 'rate-limited' });
    const ms = link.silentForMs();
    await clock.advance(ms);
    return ms;
  };
  expect([await silence(), await silence(), await silence()]).toEqual([2000, 4000, 8000]);
  link.good();
  expect(await silence()).toBe(2000);
});

test('an error that asks for no silence makes none', () => {
  const { link } = linkOf(() => ({ status: 200, headers: {}, body: '[]' }));
  expect(link.note(new VenueError('server', 'x', 'x'))).toBe(0);
  expect(link.silentForMs()).toBe(0);
});

test('a ban is kept with its margin, and forgotten with a new address', async () => {
  const { ask, bans, link } = linkOf(() => ({ status: 418, headers: { 'retry-after': '100' }, body: '' }));
  await expect(ask()).rejects.toMatchObject({ kind: 'banned' });
  expect(bans.map(Math.round)).toEqual([110_000]);
  expect(link.silentWhy()).toMatchObject({ kind: 'banned' });
  link.clear();
  expect(link.silentForMs()).toBe(0);
  expect(link.silentWhy()).toBeNull();
});

test('a ban in an answer of status 200 is believed for a day too: the poll comes back then', async () => {
  const { ask, sent, clock, link } = linkOf(() => ({ status: 200, headers: {}, body: '{}' }));
  const poller = createPoller({
    venue: {
      ...createPaperVenue('alpha', 1200),
      async poll() {
        await ask();
        throw new VenueError('banned', 'Alpha bans.', 'banned until 9999999999999', 9_999_999_999_999 - clock.now());
      },
    },
    link,
    clock,
    random: () => 0,
    newCanceller,
    config: () => ({ enabled: true, pollMs: 30_000 }),
    onAnswer: () => Promise.resolve(),
    onFailure: () => undefined,
    onRecovery: () => undefined,
    onChange: () => undefined,
  });
  poller.start();
  await clock.advance(1000);
  expect((poller.status().nextTryAt ?? Infinity) - clock.now()).toBeLessThanOrEqual(86_400_000);
  await clock.advance(86_400_000);
  expect(sent).toHaveLength(2);
  const stopped = poller.stop();
  await clock.advance(1);
  await stopped;
});

test('what another program spends from here, as the exchange counts it, is waited for; a mirror counts for itself', async () => {
  // The paper venue takes 1200 units a minute.
  const used = (): HttpResponse => ({ status: 200, headers: { 'x-used': '1200' }, body: '{}' });
  const own = linkOf(used, 0, null);
  await own.ask();
  const second = own.ask();
  await own.clock.advance(59_000);
  expect(own.sent).toHaveLength(1);
  await own.clock.advance(1_000);
  await second;
  expect(own.sent).toHaveLength(2);

  const mirrored = linkOf(used);
  await mirrored.ask();
  await mirrored.ask();
  expect(mirrored.sent).toHaveLength(2);
});
