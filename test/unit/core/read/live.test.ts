import { afterEach, expect, test } from 'vitest';
import { HOUR, START, World } from '#test/support/world.ts';

const MINUTE = 60_000;
const DAY = 24 * HOUR;
const BTC = 'alpha:BTCUSDT';
let world: World;
afterEach(async () => {
  await world.stop();
  world.dispose();
});

/** Neutral until `at`, then crowded by 0.08 % per hour on top, `hours` long. */
const crowded = (at: number, hours: number, intervalH: number) => (t: number) =>
  0.0001 + (t > at && t <= at + hours * HOUR ? 0.0008 * intervalH : 0);

async function open(rate: (t: number) => number, intervalH = 1, speed = 1): Promise<void> {
  world = new World({ speed });
  world.market().oldestAt = START - 30 * MINUTE - 40 * DAY;
  world.market().list('BTCUSDT', { asset: 'BTC', rate, intervalH: () => intervalH });
  await world.start();
  await world.clock.advance(2 * MINUTE);
}
const entered = () => world.events.filter(({ name }) => name === 'signal.entered');
const recorded = () => world.person.signals(BTC, 0, world.clock.now(), null);

test('a row says D between closes, and the state moves at closes only', async () => {
  await open(crowded(START + 10 * MINUTE, 20, 1));
  const calm = await world.row(BTC);
  expect(calm).toMatchObject({ status: 'live', why: null, d: 0, f: 0.0001, neutralPerHour: 0.0000125, intervalH: 1 });
  expect(calm.warmHours).toBeGreaterThan(12);
  await world.clock.until(START + 15 * MINUTE);
  const moved = await world.row(BTC);
  expect(moved.d).toBeCloseTo(0.0008, 12);
  expect(moved.signal.phase).toBe('quiet');
  await world.clock.until(START + 45 * MINUTE);
  expect((await world.row(BTC)).signal).toMatchObject({ phase: 'building', side: 1, periods: 1, crowded: true });
});

test('an entry at a live close is told once, in words, and recorded; a restart does not tell it again', async () => {
  await open(crowded(START + 10 * MINUTE, 20, 1));
  await world.clock.until(START + 2 * HOUR + 25 * MINUTE);
  expect(world.notifications).toEqual([]);
  await world.clock.advance(30 * MINUTE);
  const close = Math.floor(world.clock.now() / HOUR) * HOUR;
  expect(world.notifications).toHaveLength(1);
  const [told] = world.notifications;
  expect(told).toMatchObject({ title: 'BTC/USDT on Alpha: longs crowded', instrument: BTC });
  expect(told?.body).toMatch(/^D \+0\.\d\d\d %\/8h, 3 hours$/u);
  expect(entered()).toHaveLength(1);
  expect(await recorded()).toMatchObject([{ at: close, side: 1, k: 3, n: 12, theta: 0.0005, observations: 3, running: 3 }]);
  await world.stop();
  await world.start();
  await world.clock.advance(5 * MINUTE);
  expect(world.notifications).toHaveLength(1);
  expect(await recorded()).toHaveLength(1);
  expect((await world.row(BTC)).signal).toMatchObject({ phase: 'active', enteredAt: close });
});

test('a restart minutes after an entry was told does not tell it again', async () => {
  await open(crowded(START + 10 * MINUTE, 20, 1));
  await world.clock.until(START + 30 * MINUTE + 2 * HOUR + 2 * MINUTE);
  expect(world.notifications).toHaveLength(1);
  await world.stop();
  await world.start();
  await world.clock.advance(3 * MINUTE);
  expect(world.notifications).toHaveLength(1);
  expect(entered()).toHaveLength(1);
});

test('killed between the close and its news: the restart tells it', async () => {
  await open(crowded(START + 10 * MINUTE, 20, 1));
  const close = START + 2 * HOUR + 30 * MINUTE;
  await world.clock.until(close - 1000);
  await world.stop();
  world.clock.sleep(60_000);
  await world.start();
  await world.clock.advance(MINUTE);
  expect(world.notifications.map(({ title }) => title)).toEqual(['While you were away: BTC/USDT on Alpha: longs crowded']);
  expect(await recorded()).toMatchObject([{ at: close }]);
});

test('a close that could not be read is worked out once it can be, within the wait of five minutes at most, and its entry is told', async () => {
  await open(crowded(START + 10 * MINUTE, 20, 1));
  await world.clock.until(START + 2 * HOUR + 30 * MINUTE - 1000);
  world.failing.add('hours');
  await world.clock.advance(3 * MINUTE);
  expect(world.notifications).toEqual([]);
  world.failing.clear();
  await world.clock.advance(3 * MINUTE);
  expect(world.notifications.map(({ title }) => title)).toEqual(['BTC/USDT on Alpha: longs crowded']);
  expect(await recorded()).toMatchObject([{ at: START + 2 * HOUR + 30 * MINUTE }]);
});

test('entries found in back-filled history or while the app was off are not news', async () => {
  await open(crowded(START - 3 * HOUR - 20 * MINUTE, 100, 1));
  expect((await world.row(BTC)).signal).toMatchObject({ phase: 'active' });
  expect(world.notifications).toEqual([]);
  expect(await recorded()).toEqual([]);
});

test('an entry that was slept through is not news, but its state is shown', async () => {
  await open(crowded(START + 10 * MINUTE, 100, 1));
  world.clock.sleep(5 * HOUR + 20 * MINUTE);
  await world.clock.advance(3 * MINUTE);
  expect((await world.row(BTC)).signal).toMatchObject({ side: 1, enteredAt: START + 3.5 * HOUR });
  expect(world.notifications).toEqual([]);
});

test('notifications can be switched off; the window still learns of the entry', async () => {
  await open(crowded(START + 10 * MINUTE, 20, 1));
  await world.call('settings.change', { notify: false });
  await world.clock.advance(3 * HOUR);
  expect(world.notifications).toEqual([]);
  expect(entered()).toHaveLength(1);
});

test('own and global thresholds drive the state; a change finds past entries without telling them', async () => {
  await open((t) => (t > START + 10 * MINUTE ? 0.0004 : 0.0001));
  await world.clock.advance(4 * HOUR);
  expect((await world.row(BTC)).signal.phase).toBe('quiet');
  await world.call('thresholds.change', { instrument: BTC, theta: 0.0001 });
  await world.clock.advance(MINUTE);
  expect(await world.row(BTC)).toMatchObject({
    own: ['theta'],
    params: { theta: 0.0001, k: 3, n: 12 },
    signal: { phase: 'active', side: 1 },
  });
  expect(world.notifications).toEqual([]);
  // What is counted beside the threshold, over the same closes.
  const record = await world.call('evidence.count', {
    job: 'theta',
    question: {
      conditions: [{ choice: { metric: 'ema-divergence', params: { n: 12 } }, op: 'outside', level: 0.0001, release: 0.8 }],
      ...{ k: 3, on: { instrument: BTC, among: null }, from: null, to: null },
    },
  });
  // A crowd that is long is a short bias.
  expect(record).toMatchObject({ fired: 1, long: 1, short: 0, instruments: 1, period: 'hour' });
  expect(record?.conditions[0]?.most).toBeCloseTo(0.0003, 12);
  expect(record?.conditions[0]?.n).toBe((record?.kinds?.settled ?? NaN) + (record?.kinds?.running ?? NaN));
  expect(record?.kinds?.running).toBe(4);
  // Nine of ten hours lie at 0: no threshold is taken from there.
  expect(record?.atPercentiles).toEqual([]);
  await world.call('thresholds.change', { instrument: BTC, theta: null });
  await world.call('thresholds.change', { instrument: null, theta: 0.0002, k: 2 });
  await world.clock.advance(MINUTE);
  expect(await world.row(BTC)).toMatchObject({ own: [], params: { theta: 0.0002, k: 2, n: 12 } });
  // No rate beyond 10 % per hour is ever stored, so no threshold beyond it would ever be passed.
  await expect(world.call('thresholds.change', { instrument: null, theta: 0.11 })).rejects.toThrow('The threshold must be at most 0.1.');
  await world.call('thresholds.change', { instrument: null, theta: null, k: null });
  expect((await world.row(BTC)).params).toEqual({ theta: 0.0005, k: 3, n: 12 });
});

test('live equals replay over a day: every D and state that was shown at a close is the one that the history gives', async () => {
  await open((t) => 0.0003 * Math.sin(t / (3 * HOUR)) + (Math.floor(t / (7 * HOUR)) % 3) * 0.0004, 1, 10);
  await world.call('venues.change', { venue: 'alpha', change: { pollSeconds: 300 } });
  const shown: { at: number; d: number; ema: number; phase: string }[] = [];
  for (let hour = 1; hour <= 24; hour++) {
    await world.clock.until(START - 30 * MINUTE + hour * HOUR + 4 * MINUTE);
    const row = await world.row(BTC);
    shown.push({ at: row.sparkEnd ?? NaN, d: row.spark.at(-1) ?? NaN, ema: row.ema ?? NaN, phase: row.signal.phase });
  }
  await world.stop();
  await world.start();
  await world.clock.advance(10 * MINUTE);
  const replay = await world.call('history.divergence', { instrument: BTC, from: START });
  const at = (time: number): number => replay.time.indexOf(time);
  expect(shown.map(({ d }) => d)).toEqual(shown.map(({ at: time }) => replay.d[at(time)]));
  // The average that the running hour was held against is the one that the next close is held against.
  expect(shown.slice(0, -1).map(({ ema }) => ema)).toEqual(shown.slice(1).map(({ at: time }) => replay.ema[at(time)]));
  expect(new Set(shown.map(({ phase }) => phase)).size).toBeGreaterThan(1);
  const told = (await recorded()).map((entry) => entry.at);
  expect(told.length).toBeGreaterThan(0);
  expect([...replay.entryAt].filter((time) => time > START)).toEqual(told);
  expect(replay.kind.every((kind) => kind === 2 || kind === 1)).toBe(true);
});

test('an hour whose settlement does not come is closed after five minutes, and not before', async () => {
  await open(() => 0.0001);
  world.market().publishedAfterMs = 20 * MINUTE;
  const close = START + 30 * MINUTE;
  await world.clock.until(close + 4 * MINUTE + 50_000);
  expect((await world.row(BTC)).sparkEnd).toBe(close - HOUR);
  await world.clock.until(close + 5 * MINUTE + 10_000);
  expect((await world.row(BTC)).sparkEnd).toBe(close);
});

test('at every close charts are told to ask again, with or without a settlement', async () => {
  await open(() => 0.0001, 8);
  await world.clock.until(START + 20 * MINUTE);
  const before = world.events.length;
  await world.clock.advance(20 * MINUTE);
  const told = world.events.slice(before).filter(({ name }) => name === 'history.change');
  expect(told.map(({ payload }) => payload)).toContainEqual({ instruments: [BTC] });
  expect((await world.call('history.divergence', { instrument: BTC, from: START })).time).toHaveLength(1);
});

test('a dead venue leaves no current value, and the row says why', async () => {
  await open(() => 0.0001);
  world.market().fault = { kind: 'network' };
  await world.clock.advance(4 * MINUTE);
  expect(await world.row(BTC)).toMatchObject({ why: null, d: 0 });
  const before = world.events.length;
  await world.clock.advance(2 * MINUTE);
  expect(await world.row(BTC)).toMatchObject({ why: 'stale', d: null, f: null, rate: 0.0001, status: 'live' });
  const changes = world.events.slice(before).filter(({ name }) => name === 'watchlist.change');
  expect(JSON.stringify(changes)).toContain('"why":"stale"');
});

test('no neutral, no interval, no history: each is said', async () => {
  world = new World();
  world.market().oldestAt = START - 4 * HOUR - 30 * MINUTE;
  world.market().list('BTCUSDT', { asset: 'BTC', rate: () => 0.0001, intervalH: () => 1 });
  await world.start();
  await world.clock.advance(2 * MINUTE);
  expect(await world.row(BTC)).toMatchObject({ d: null, ema: null, why: 'warming-up', f: 0.0001 });
  expect((await world.row(BTC)).warmHours).toBeGreaterThan(0);
});

test('a clock that is ten minutes ahead: where two venues agree, rows carry their time, and the person is told', async () => {
  world = new World({ venues: ['alpha', 'beta'] });
  const wrongMs = -10 * MINUTE;
  for (const id of ['alpha', 'beta']) {
    world.market(id).trueTime = () => world.clock.now() + wrongMs;
    world.market(id).list('BTCUSDT', { asset: 'BTC' });
  }
  await world.start();
  await world.clock.advance(3 * MINUTE);
  const row = await world.row(BTC);
  expect(row.observedAt).toBeGreaterThan(world.clock.now() + wrongMs - MINUTE);
  expect(await world.health()).toMatchObject({
    state: 'degraded',
    clockOffsetMs: wrongMs,
    error: expect.stringContaining('10 min ahead of Alpha') as string,
  });
  const { now } = await world.call('app.info', {});
  expect(now).toBe(world.clock.now() + wrongMs);
  // Every time that the screen holds against the app's is told in the app's.
  const { okAt, nextTryAt, aheadMs } = await world.health();
  expect(aheadMs).toBe(0);
  expect(okAt).toBeGreaterThan(now - MINUTE);
  expect(nextTryAt).toBeGreaterThan(now);
  expect(nextTryAt).toBeLessThan(now + MINUTE);
  expect((await world.call('history.status', {})).notices).toEqual([
    expect.stringContaining('10 min ahead of Alpha') as string,
    expect.stringContaining('10 min ahead of Beta') as string,
  ]);
});

test('a clock that is ten minutes behind two venues: the person is told, and nothing is stored in the future of this machine', async () => {
  world = new World({ venues: ['alpha', 'beta'] });
  for (const id of ['alpha', 'beta']) {
    world.market(id).trueTime = () => world.clock.now() + 10 * MINUTE;
    world.market(id).list('BTCUSDT', { asset: 'BTC', intervalH: () => 1 });
  }
  await world.start();
  // Over two settlements, which come ten minutes early as this machine has it.
  await world.clock.advance(2 * HOUR);
  const error = "This computer's clock is 10 min behind Alpha's. Set the clock: until then times are wrong.";
  expect(await world.health()).toMatchObject({ state: 'degraded', clockOffsetMs: 10 * MINUTE, error });
  expect((await world.call('app.info', {})).now).toBe(world.clock.now());
  const latest = world.clock.now() + 5 * MINUTE;
  const [polls, settled] = [await world.store.snapshots(BTC, 0, Infinity), await world.store.settled(BTC, 0, Infinity)];
  expect(polls.observedAt.length).toBeGreaterThan(200);
  expect(Math.max(...polls.observedAt)).toBeLessThanOrEqual(world.clock.now());
  expect(Math.max(...settled.stamp)).toBeLessThanOrEqual(latest);
  expect([...settled.key].filter((key) => key > START)).toHaveLength(2);
});

test.each([
  ['alone', ['alpha'], 'nothing else says which is right'],
  ['beside one that agrees with this computer', ['alpha', 'beta'], 'the other sources agree with this computer'],
] as const)(
  'a venue whose clock is an hour ahead, %s: nothing is stored in the future, and the computer is not blamed',
  async (_, venues, words) => {
    world = new World({ venues });
    for (const id of venues) world.market(id).list('BTCUSDT', { asset: 'BTC' });
    world.market().clockAheadMs = HOUR;
    await world.start();
    await world.clock.advance(3 * MINUTE);
    const { observedAt } = await world.store.snapshots(BTC, 0, Infinity);
    expect(observedAt.length).toBeGreaterThan(3);
    expect(Math.max(...observedAt)).toBeLessThanOrEqual(world.clock.now());
    const { error, state, clockOffsetMs, aheadMs } = await world.health();
    expect([state, clockOffsetMs, aheadMs]).toEqual(['degraded', HOUR, 0]);
    expect(error).toMatch(/^Alpha's clock is 60 min ahead of this computer's, and /u);
    expect(error).toContain(words);
    expect(error).toContain('It is not believed');
    expect((await world.call('app.info', {})).now).toBe(world.clock.now());
    expect((await world.row(BTC)).why).toBeNull();
    const notices = async () => (await world.call('history.status', {})).notices;
    expect(await notices()).toEqual([error]);
    // Its clock is set: the notice goes, and what was stored meanwhile goes on.
    world.market().clockAheadMs = 0;
    await world.clock.advance(5 * MINUTE);
    expect([await notices(), (await world.health()).state]).toEqual([[], 'healthy']);
  },
);

test('an answer that comes again unchanged observes nothing: its values grow old, and the venue’s time goes on', async () => {
  world = new World();
  world.market().list('BTCUSDT', { asset: 'BTC' });
  await world.start();
  await world.clock.advance(MINUTE);
  const frozenAt = world.clock.now();
  world.market().trueTime = () => frozenAt;
  await world.clock.advance(MINUTE);
  const { observedAt } = await world.row(BTC);
  await world.clock.advance(10 * MINUTE);
  expect(await world.row(BTC)).toMatchObject({ observedAt, d: null, why: 'stale', rate: 0.0001 });
  expect(await world.health()).toMatchObject({
    state: 'degraded',
    error: expect.stringContaining('repeats its answer of 2026-10-01') as string,
  });
  expect(Math.abs((await world.call('app.info', {})).now - world.clock.now())).toBeLessThan(1000);
  world.market().trueTime = () => world.clock.now();
  await world.clock.advance(MINUTE);
  expect(await world.health()).toMatchObject({ state: 'healthy', error: null });
  expect((await world.row(BTC)).observedAt).toBeGreaterThan(world.clock.now() - MINUTE);
});

test('a recording of years ago beside a live venue: each row goes by its own venue’s time', async () => {
  world = new World({ venues: ['alpha', 'beta'] });
  const YEARS = 3 * 365 * 24 * HOUR;
  world.market('alpha').trueTime = () => world.clock.now() - YEARS;
  for (const id of ['alpha', 'beta']) world.market(id).list('BTCUSDT', { asset: 'BTC' });
  await world.start();
  await world.clock.advance(2 * MINUTE);
  expect((await world.call('app.info', {})).now).toBe(world.clock.now());
  expect((await world.row(BTC)).observedAt).toBeGreaterThan(world.clock.now() - YEARS - MINUTE);
  expect(await world.health('alpha')).toMatchObject({
    aheadMs: -YEARS,
    error: expect.stringMatching(/^Alpha's clock is 1095 d behind this computer's, .+ as those of a recording\.$/u) as string,
  });
  expect(await world.health('beta')).toMatchObject({ aheadMs: 0, state: 'healthy' });
});

test('the wall is set an hour ahead: polls keep their pace, no hour closes early, stamps stay right', async () => {
  await open(() => 0.0001);
  const before = world.market().count('/market');
  const closed = (await world.row(BTC)).sparkEnd;
  const truth = world.clock.now();
  world.clock.setWall(HOUR);
  world.market().trueTime = () => world.clock.now() - HOUR;
  await world.clock.advance(5 * MINUTE);
  expect(world.market().count('/market') - before).toBeLessThanOrEqual(12);
  const row = await world.row(BTC);
  expect(row.sparkEnd).toBe(closed);
  expect(row.observedAt).toBeGreaterThan(truth + 4 * MINUTE);
  expect(row.observedAt).toBeLessThanOrEqual(truth + 5 * MINUTE);
});
