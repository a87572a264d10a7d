import { afterEach, expect, test } from 'vitest';
import { World, type WorldOptions } from '#test/support/world.ts';

const MINUTE = 60_000;
/** What passes between two ticks where a day does: nothing is asked for on most of them. */
const DAYS = 30;
let world: World;
afterEach(async () => {
  await world.stop();
  world.dispose();
});

async function open(options: WorldOptions = {}): Promise<World> {
  world = new World(options);
  for (const market of world.markets.values()) {
    for (const asset of ['BTC', 'ETH', 'SOL', 'XRP', 'BNB']) market.list(`${asset}USDT`, { asset });
  }
  await world.start();
  return world;
}
/** Times of the polls that were asked since the n-th, in ms after the one before. */
const gaps = (id = 'alpha', from = 0): number[] => {
  const times = world
    .market(id)
    .requests.filter(({ path }) => path === '/market')
    .map(({ at }) => at)
    .slice(from);
  return times.slice(1).map((at, i) => at - (times[i] ?? 0));
};

test('polls at its interval with jitter of a tenth at most', async () => {
  let turn = 0;
  await open({ random: () => (turn++ % 5) / 5 });
  await world.clock.advance(10 * MINUTE);
  const all = gaps();
  expect(all.length).toBeGreaterThan(15);
  expect(Math.min(...all)).toBeGreaterThanOrEqual(27_000);
  expect(Math.max(...all)).toBeLessThanOrEqual(33_000);
  expect(new Set(all).size).toBeGreaterThan(2);
});

test('backs off from 1 s to 5 min and recovers, with an outage told once', async () => {
  await open({ random: () => 0.999 });
  await world.clock.advance(MINUTE);
  world.market().fault = { kind: 'status', status: 503 };
  const before = world.market().count('/market');
  await world.clock.advance(40 * MINUTE);
  const waits = gaps('alpha', before);
  expect(waits.slice(0, 4).map((ms) => Math.round(ms / 1000))).toEqual([2, 4, 8, 16]);
  expect(Math.max(...waits)).toBeLessThanOrEqual(300_000);
  expect(waits.at(-1)).toBeGreaterThan(290_000);
  const down = await world.health();
  expect(down.state).toBe('down');
  expect(down.error).toContain('trouble of its own (503)');
  expect(down.nextTryAt).toBeGreaterThan(world.clock.now());
  world.market().fault = null;
  await world.clock.advance(6 * MINUTE);
  expect((await world.health()).state).toBe('healthy');
  expect((await world.kinds()).filter((kind) => !kind.startsWith('hole'))).toEqual(['outage alpha', 'recovered alpha']);
});

test('the random part of the back-off spreads the tries between 1 s and the ceiling', async () => {
  await open({ random: () => 0 });
  await world.clock.advance(MINUTE);
  world.market().fault = { kind: 'network' };
  const before = world.market().count('/market');
  await world.clock.advance(MINUTE);
  expect(new Set(gaps('alpha', before))).toEqual(new Set([1000]));
});

test('a failing venue never delays another', async () => {
  await open({ venues: ['alpha', 'beta', 'gamma'] });
  world.market('alpha').fault = { kind: 'hang' };
  world.market('beta').fault = { kind: 'status', status: 500 };
  await world.clock.advance(10 * MINUTE);
  expect(new Set(gaps('gamma'))).toEqual(new Set([30_000]));
  expect((await world.health('gamma')).state).toBe('healthy');
  expect((await world.health('alpha')).error).toContain('did not answer in time');
});

test('429 with Retry-After: nothing is sent before that time, back-fill included', async () => {
  await open();
  await world.clock.advance(5 * MINUTE);
  world.market().fault = { kind: 'status', status: 429, headers: { 'retry-after': '120' } };
  await world.clock.advance(30_000);
  const limitedAt = world.market().requests.at(-1)?.at ?? 0;
  world.market().fault = null;
  await world.call('watchlist.add', { list: 'majors', instrument: 'alpha:BTCUSDT' });
  await world.clock.until(limitedAt + 119_000);
  expect(world.market().requests.at(-1)?.at).toBe(limitedAt);
  expect((await world.health()).state).toBe('limited');
  await expect(world.call('venues.retry', { venue: 'alpha' })).rejects.toThrow('Alpha asked for silence');
  await world.clock.advance(10_000);
  expect(world.market().requests.at(-1)?.at).toBeGreaterThanOrEqual(limitedAt + 120_000);
  expect((await world.health()).state).toBe('healthy');
});

test('a ban is sat out with a margin, also across a restart', async () => {
  await open();
  await world.clock.advance(MINUTE);
  const until = world.clock.now() + 60 * MINUTE;
  world.market().fault = { kind: 'status', status: 418, body: `{"msg":"Way too many requests; IP banned until ${until}."}` };
  await world.clock.advance(30_000);
  const bannedAt = world.market().requests.at(-1)?.at ?? 0;
  world.market().fault = null;
  await world.clock.advance(5 * MINUTE);
  await world.stop();
  await world.start();
  await world.clock.until(until + 5 * MINUTE);
  expect(world.market().requests.at(-1)?.at).toBe(bannedAt);
  expect(await world.health()).toMatchObject({ state: 'limited', error: expect.stringContaining('banned') as string });
  await world.clock.advance(2 * MINUTE);
  expect((await world.health()).state).toBe('healthy');
});

test('a ban until the year 2286 is believed for a day, and a restart does not begin that day anew', async () => {
  await open({ speed: DAYS });
  await world.clock.advance(MINUTE);
  world.market().fault = { kind: 'status', status: 418, body: '{"msg":"IP banned until 9999999999999."}' };
  await world.clock.advance(30_000);
  const bannedAt = world.market().requests.at(-1)?.at ?? 0;
  world.market().fault = null;
  for (const hours of [6, 23]) {
    await world.clock.until(bannedAt + hours * 60 * MINUTE);
    await world.stop();
    await world.start();
    await world.clock.advance(MINUTE);
    expect((await world.health()).state).toBe('limited');
  }
  expect(world.market().requests.at(-1)?.at).toBe(bannedAt);
  await world.clock.until(bannedAt + 24 * 60 * MINUTE + MINUTE);
  expect((await world.health()).state).toBe('healthy');
});

test('a ban of years that an earlier version stored ends a day after the first start', async () => {
  await open({ speed: DAYS });
  await world.clock.advance(MINUTE);
  const at = world.clock.now() + 1000 * 24 * 60 * MINUTE;
  await world.store.recordEvent({ at, kind: 'ban', venue: 'alpha', instrument: null, text: 'banned' });
  await world.stop();
  const asked = world.market().requests.length;
  await world.start();
  await world.clock.advance(12 * 60 * MINUTE);
  await world.stop();
  await world.start();
  await world.clock.advance(11 * 60 * MINUTE);
  expect(world.market().requests).toHaveLength(asked);
  await world.clock.advance(61 * MINUTE);
  expect((await world.health()).state).toBe('healthy');
});

test('a Retry-After of a year is believed for an hour', async () => {
  await open();
  world.market().fault = { kind: 'status', status: 429, headers: { 'retry-after': '31536000' } };
  await world.clock.advance(MINUTE);
  world.market().fault = null;
  await world.clock.advance(60 * MINUTE);
  expect((await world.health()).state).toBe('healthy');
});

test('a ban that the back-fill met is shown at once, with the time of the next poll', async () => {
  world = new World();
  world.market().list('BTCUSDT', { asset: 'BTC' });
  world.market().oldestAt = world.clock.now() - 30 * 24 * 60 * MINUTE;
  world.market().faults.set('/settled', { kind: 'status', status: 418, headers: { 'retry-after': '3600' } });
  await world.start();
  await world.clock.advance(5000);
  expect(world.market().count('/settled')).toBe(1);
  const { state, error, nextTryAt } = await world.health();
  expect([state, error]).toEqual(['limited', 'Alpha has banned this address for a while because of too many requests.']);
  expect(nextTryAt).toBeGreaterThan(world.clock.now() + 60 * MINUTE);
  const pushed = world.events.findLast(({ name }) => name === 'venues.change')?.payload;
  expect(pushed).toMatchObject([{ state: 'limited' }]);
});

test('a person may ask before a ban is over: without more words it is refused with the risk; once asked it is over, also at the next start', async () => {
  await open();
  await world.clock.advance(MINUTE);
  world.market().fault = { kind: 'status', status: 418, headers: { 'retry-after': '36000' } };
  await world.clock.advance(MINUTE);
  const asked = world.market().count('/market');
  await expect(world.call('venues.retry', { venue: 'alpha' })).rejects.toThrow(
    /^Alpha asked for silence; the next try is in 11 h\. Asking sooner can make it longer\.$/u,
  );
  expect(world.market().count('/market')).toBe(asked);
  // The venue still bans: silence again, as it says.
  await world.call('venues.retry', { venue: 'alpha', anyway: true });
  await world.clock.advance(1000);
  expect(world.market().count('/market')).toBe(asked + 1);
  expect((await world.health()).state).toBe('limited');
  await world.clock.advance(MINUTE);
  expect(world.market().count('/market')).toBe(asked + 1);
  // Now it does not.
  world.market().fault = null;
  await world.call('venues.retry', { venue: 'alpha', anyway: true });
  await world.clock.advance(1000);
  expect((await world.health()).state).toBe('healthy');
  await world.stop();
  await world.start();
  await world.clock.advance(MINUTE);
  expect((await world.health()).state).toBe('healthy');
});

test('a ban of the address before says nothing of the new one, also at the next start', async () => {
  await open();
  await world.clock.advance(MINUTE);
  world.market().fault = { kind: 'status', status: 418, headers: { 'retry-after': '36000' } };
  await world.clock.advance(MINUTE);
  world.market().fault = null;
  await world.call('venues.change', { venue: 'alpha', change: { url: 'https://alpha.example/mirror' } });
  await world.call('venues.change', { venue: 'alpha', change: { url: null } });
  await world.stop();
  await world.start();
  await world.clock.advance(MINUTE);
  expect((await world.health()).state).toBe('healthy');
});

test('four starts within two minutes, each with its back-fill: no minute holds more than the limit', async () => {
  await open({ limit: 60 });
  for (const market of world.markets.values()) market.oldestAt = world.clock.now() - 3 * 365 * 24 * 60 * MINUTE;
  for (let start = 0; start < 4; start++) {
    await world.clock.advance(25_000);
    await world.stop();
    await world.start();
  }
  await world.clock.advance(3 * MINUTE);
  const units = world.market().requests.map(({ path, at }) => ({ at, units: path === '/market' ? 10 : 1 }));
  const most = Math.max(
    ...units.map(({ at }) => units.filter((one) => one.at > at - MINUTE && one.at <= at).reduce((sum, one) => sum + one.units, 0)),
  );
  expect(most).toBeLessThanOrEqual(60);
  expect(most).toBeGreaterThan(40);
  expect((await world.health()).state).toBe('healthy');
});

test.each([403, 451])('status %i: blocked, asked again once an hour, or when the person wishes', async (status) => {
  await open();
  world.market().fault = { kind: 'status', status, body: 'denied' };
  await world.clock.advance(3 * 60 * MINUTE);
  expect(world.market().count('/market')).toBeLessThanOrEqual(4);
  expect(await world.health()).toMatchObject({ state: 'blocked', error: expect.stringContaining(`(${status})`) as string });
  world.market().fault = null;
  await world.call('venues.retry', { venue: 'alpha' });
  await world.clock.advance(1000);
  expect((await world.health()).state).toBe('healthy');
});

test('zero rows, a web page, an empty body and nonsense are failures; values stay and age', async () => {
  await open();
  await world.clock.advance(MINUTE);
  const { observedAt, rate } = await world.row('alpha:BTCUSDT');
  for (const [body, words] of [
    ['{"time":1,"rows":[]}', 'no instruments at all'],
    ['<html>log in</html>', 'web page'],
    ['', 'empty answer'],
    ['{"time":1,"ro', 'cannot read'],
  ] as const) {
    world.market().fault = { kind: 'status', status: 200, body };
    await world.call('venues.retry', { venue: 'alpha' });
    await world.clock.advance(100);
    expect((await world.health()).error).toContain(words);
  }
  expect(await world.row('alpha:BTCUSDT')).toMatchObject({ observedAt, rate, status: 'live' });
});

test('one in five that is missing is unlisted once three polls agree, and live again once it is back', async () => {
  await open();
  await world.clock.advance(MINUTE);
  world.market().hidden.add('BTCUSDT');
  await world.clock.advance(MINUTE);
  expect(await world.health()).toMatchObject({ state: 'healthy', instruments: 5 });
  expect((await world.row('alpha:BTCUSDT')).status).toBe('live');
  await world.clock.advance(30_000);
  expect((await world.row('alpha:BTCUSDT')).status).toBe('unlisted');
  expect(await world.health()).toMatchObject({ state: 'healthy', instruments: 4 });
  expect((await world.kinds()).filter((kind) => kind === 'delisted alpha')).toHaveLength(1);
  world.market().hidden.clear();
  await world.clock.advance(30_000);
  expect((await world.row('alpha:BTCUSDT')).status).toBe('live');
});

test('the interval and the switch of a venue act at once', async () => {
  await open();
  await world.clock.advance(MINUTE);
  await world.call('venues.change', { venue: 'alpha', change: { pollSeconds: 5 } });
  await world.clock.advance(MINUTE);
  expect(gaps().slice(-5)).toEqual([5000, 5000, 5000, 5000, 5000]);
  await world.call('venues.change', { venue: 'alpha', change: { enabled: false } });
  const count = world.market().requests.length;
  await world.clock.advance(10 * MINUTE);
  expect(world.market().requests).toHaveLength(count);
  expect((await world.health()).state).toBe('off');
  await expect(world.call('venues.retry', { venue: 'alpha' })).rejects.toThrow('Alpha is switched off');
  await world.call('venues.change', { venue: 'alpha', change: { enabled: true } });
  await world.clock.advance(1000);
  expect(world.market().requests.length).toBeGreaterThan(count);
});

test('a change that is none of a venue’s business does not disturb its poll', async () => {
  await open();
  world.market().latencyMs = 500;
  await world.clock.advance(MINUTE + 200);
  const { path } = world.market().requests.at(-1) ?? {};
  expect(path).toBe('/market');
  const before = world.market().count('/market');
  await world.look({ selected: 'alpha:ETHUSDT' });
  await world.call('settings.change', { unit: 'apr' });
  await world.clock.advance(10_000);
  expect(world.market().count('/market')).toBe(before);
});

test('another address is asked at once, whatever the old one demanded', async () => {
  await open({ venues: ['alpha', 'mirror'] });
  world.market('alpha').fault = { kind: 'status', status: 451 };
  await world.clock.advance(MINUTE);
  expect((await world.health()).state).toBe('blocked');
  const before = world.market('mirror').count('/market');
  await world.call('venues.change', { venue: 'alpha', change: { url: 'https://mirror.example/' } });
  await world.clock.advance(1000);
  expect((await world.health()).state).toBe('healthy');
  expect(world.market('mirror').count('/market')).toBeGreaterThan(before);
});

test('a storage failure is told and polling goes on', async () => {
  await open();
  await world.clock.advance(MINUTE);
  world.failing.add('recordPoll');
  world.market().list('BTCUSDT', { asset: 'BTC', rate: () => 0.0007 });
  await world.clock.advance(2 * MINUTE);
  const notices = world.events.filter(({ name }) => name === 'app.notice');
  expect(notices).toHaveLength(1);
  expect(JSON.stringify(notices)).toContain('the disk is full.');
  expect((await world.call('history.status', {})).notices.join()).toContain('the disk is full.');
  expect(await world.row('alpha:BTCUSDT')).toMatchObject({ rate: 0.0007 });
  expect((await world.health()).state).toBe('healthy');
});

test('asked again while a poll is under way, it polls once more right after it: what is under way may be older than the wish', async () => {
  await open({ random: () => 0.5 });
  await world.clock.advance(MINUTE);
  const market = world.market();
  market.latencyMs = 4_000;
  const before = market.count('/market');
  while (market.count('/market') === before) await world.clock.advance(1_000);
  const startedAt = market.requests.findLast(({ path }) => path === '/market')?.at ?? 0;
  await world.call('venues.retry', { venue: 'alpha' });
  await world.call('venues.retry', { venue: 'alpha' });
  await world.clock.until(startedAt + 12_000);
  expect(gaps('alpha', before)).toEqual([4_000]);
});
