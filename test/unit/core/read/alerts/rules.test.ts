import { afterEach, describe, expect, test } from 'vitest';
import type { AlertEntry, AlertSave, AlertState } from '#bridge/alert.ts';
import { RuleWalk } from '#domain/rule.ts';
import { at } from '#test/support/at.ts';
import { HOUR, START, World, type WorldOptions } from '#test/support/world.ts';

const MINUTE = 60_000;
const DAY = 24 * HOUR;
const BTC = 'alpha:BTCUSDT';
let world: World;
afterEach(async () => {
  await world.stop();
  world.dispose();
});

/** Neutral until `from`, then 0.08 % per hour more, `hours` long. */
const crowded = (from: number, hours: number) => (t: number) => 0.0001 + (t > from && t <= from + hours * HOUR ? 0.0008 : 0);

async function open(rates: Readonly<Record<string, (t: number) => number>>, options: WorldOptions = {}): Promise<void> {
  // Hours pass in most: a tick in five seconds sees what happens in them.
  world = new World({ speed: 5, ...options });
  for (const [asset, rate] of Object.entries(rates)) {
    for (const market of world.markets.values()) {
      market.oldestAt = START - 30 * MINUTE - 20 * DAY;
      market.list(`${asset}USDT`, { asset, rate, intervalH: () => 1 });
    }
  }
  await world.start();
  await world.clock.advance(2 * MINUTE);
}

const d = (level: number): AlertSave['conditions'][number] => ({ choice: { metric: 'ema-divergence', params: {} }, op: 'outside', level });
const rule = (change: Partial<AlertSave> = {}): AlertSave => ({
  id: null,
  name: 'Crowd',
  on: { instrument: BTC, among: null },
  conditions: [d(0.0005)],
  k: 2,
  enabled: true,
  ...change,
});
const save = async (change: Partial<AlertSave> = {}) => at((await world.call('alerts.save', rule(change))).alerts, -1);
/** Of the person's rules; signals of the built-in one stand beside them. */
const log = async (): Promise<AlertEntry[]> => (await world.call('alerts.log', { limit: 1000 })).filter(({ rule }) => rule !== 'signal');
const state = async (id = BTC): Promise<AlertState | undefined> =>
  (await world.call('alerts.states', {})).find(({ instrument }) => instrument === id);
const alertNews = () => world.notifications.filter(({ title }) => title.includes('Crowd'));

test('a rule says how it stands, enters at the k-th close, is told once and kept in the log', async () => {
  await open({ BTC: crowded(START + 10 * MINUTE, 20) });
  const made = await save();
  await world.clock.advance(MINUTE);
  expect(await state()).toMatchObject({ rule: made.id, phase: 'quiet', periods: 0, why: [null] });
  await world.clock.until(START + 40 * MINUTE);
  expect(await state()).toMatchObject({ phase: 'building', periods: 1 });
  expect(alertNews()).toEqual([]);
  await world.clock.advance(HOUR);
  const close = START + 90 * MINUTE;
  expect(await state()).toMatchObject({ phase: 'active', periods: 2, enteredAt: close, at: close });
  expect(alertNews()).toHaveLength(1);
  expect(at(alertNews(), 0)).toMatchObject({ title: 'BTC/USDT on Alpha: Crowd', instrument: BTC });
  expect(at(alertNews(), 0).body).toMatch(/^EMA divergence 0\.\d+ %\/8h, outside \u00b10\.4 %\/8h; 2 periods$/u);
  expect(await log()).toMatchObject([{ rule: made.id, instrument: BTC, at: close, told: true, name: 'Crowd', k: 2 }]);
  expect(at(at(await log(), 0).conditions, 0).value).toBeGreaterThan(0.0005);
  const told = world.events.filter(({ name }) => name === 'alerts.change');
  expect(told.at(-1)?.payload).toMatchObject({ rules: [made.id], states: [{ phase: 'active' }] });
});

test('a rule on D enters with the signal, also where D lies on the threshold but for the last digits of a float', async () => {
  // 0.46 % an hour after a rest at 0.00125 %: D is 0.45875 %, but not as a float.
  const theta = 0.0045875;
  expect(0.0046 - 0.0000125).toBeLessThan(theta);
  await open(
    { BTC: (t) => (t > START + 10 * MINUTE ? 0.0046 : 0.0000125) },
    { settings: (all) => ({ ...all, thresholds: { theta, k: 1, n: 12 } }) },
  );
  await save({ conditions: [d(theta)], k: 1 });
  await world.clock.until(START + 40 * MINUTE);
  const enteredAt = START + 30 * MINUTE;
  expect((await world.row(BTC)).signal).toMatchObject({ phase: 'active', side: 1, enteredAt });
  expect(await state()).toMatchObject({ phase: 'active', enteredAt });
});

test('a restart tells nothing again, and what was closed just before it is told after it', async () => {
  await open({ BTC: crowded(START + 10 * MINUTE, 20) });
  await save();
  const close = START + 90 * MINUTE;
  await world.clock.until(close - 1000);
  await world.stop();
  world.clock.sleep(MINUTE);
  await world.start();
  await world.clock.advance(2 * MINUTE);
  expect(alertNews()).toHaveLength(1);
  await world.stop();
  await world.start();
  await world.clock.advance(2 * MINUTE);
  expect(alertNews()).toHaveLength(1);
  expect(await log()).toMatchObject([{ at: close, told: true }]);
});

test('what entered while the app was closed is told as one, once', async () => {
  await open({ BTC: crowded(START + 10 * MINUTE, 20) });
  await save();
  await world.clock.until(START + 15 * MINUTE);
  await world.stop();
  world.clock.sleep(5 * HOUR);
  await world.start();
  await world.clock.advance(10 * MINUTE);
  expect(alertNews()).toMatchObject([{ title: 'While you were away: BTC/USDT on Alpha: Crowd', instrument: BTC }]);
  expect(at(alertNews(), 0).body).toMatch(/; 2 periods; 4 h ago$/u);
  expect(await log()).toMatchObject([{ instrument: BTC, told: true }]);
  await world.stop();
  await world.start();
  await world.clock.advance(10 * MINUTE);
  expect(alertNews()).toHaveLength(1);
  expect(await state()).toMatchObject({ at: Math.floor(world.clock.now() / HOUR) * HOUR, why: [null] });
});

test('a rule that is made, changed or switched on tells only what enters from then on', async () => {
  await open({ BTC: crowded(START + 10 * MINUTE, 20) });
  await world.clock.until(START + 3 * HOUR);
  const made = await save();
  await world.clock.advance(MINUTE);
  expect(await state()).toMatchObject({ phase: 'active' });
  await save({ id: made.id, enabled: false });
  expect(await world.call('alerts.states', {})).toEqual([]);
  const again = await save({ id: made.id });
  expect(again.since).toBeGreaterThan(made.since);
  const renamed = await save({ id: made.id, name: 'Crowd of BTC' });
  expect(renamed.since).toBe(again.since);
  await world.clock.advance(2 * HOUR);
  expect([alertNews(), await log()]).toEqual([[], []]);
});

test('on a list every instrument counts by itself, also one that comes later; many at once are told as one', async () => {
  const names = ['BTC', 'ETH', 'SOL', 'XRP', 'BNB'];
  await open(Object.fromEntries(names.map((name) => [name, crowded(START + 10 * MINUTE, 20)])));
  const list = at((await world.call('watchlist.create', { name: 'Mine' })).lists, -1).id;
  for (const name of names.slice(0, 4)) await world.call('watchlist.add', { list, instrument: `alpha:${name}USDT` });
  const made = await save({ on: { list } });
  await world.clock.until(START + 95 * MINUTE);
  expect((await log()).map(({ instrument }) => instrument).sort()).toEqual(
    names
      .slice(0, 4)
      .map((name) => `alpha:${name}USDT`)
      .sort(),
  );
  expect(alertNews()).toMatchObject([{ title: 'Crowd: 4 instruments' }]);
  expect(at(alertNews(), 0).body).toMatch(/^(?:\w{3}\/USDT on Alpha, ){2}\w{3}\/USDT on Alpha and 1 more$/u);
  await world.call('watchlist.add', { list, instrument: 'alpha:BNBUSDT' });
  await world.clock.advance(5 * MINUTE);
  expect(await state('alpha:BNBUSDT')).toMatchObject({ rule: made.id, phase: 'active' });
  await world.call('alerts.delete', { id: made.id });
  expect(await world.call('alerts.states', {})).toEqual([]);
  expect(at(await log(), 0).name).toBe('Crowd');
});

test('an instrument of no list is followed for its alert', async () => {
  await open({ BTC: () => 0.0001, PEPE: crowded(START + 10 * MINUTE, 20) });
  await save({ on: { instrument: 'alpha:PEPEUSDT', among: null } });
  await world.clock.until(START + 95 * MINUTE);
  expect(await log()).toMatchObject([{ instrument: 'alpha:PEPEUSDT' }]);
});

describe('what is refused', () => {
  const refusals: readonly (readonly [string, Partial<AlertSave>, RegExp])[] = [
    ['a metric that is none', { conditions: [{ ...d(1), choice: { metric: 'luck', params: {} } }] }, /no metric "luck"/u],
    [
      'a parameter out of range',
      { conditions: [{ ...d(1), choice: { metric: 'ema-divergence', params: { n: 0.5 } } }] },
      /n is a whole number/u,
    ],
    ['both sides of 0', { conditions: [d(0)] }, /above 0/u],
    ['no condition', { conditions: [] }, /./u],
    ['a list that is gone', { on: { list: 'none' } }, /list does not exist/u],
    ['a list to compare within that is gone', { on: { instrument: BTC, among: 'none' } }, /list does not exist/u],
    ['an instrument that no venue lists', { on: { instrument: 'alpha:NONE', among: null } }, /No venue lists/u],
    ['an alert that is gone', { id: 'gone' }, /does not exist any more/u],
  ];
  test.each(refusals)('%s', async (_, change, says) => {
    await open({ BTC: () => 0.0001 });
    await expect(world.call('alerts.save', rule(change))).rejects.toThrow(says);
    expect(world.settings.alerts).toEqual([]);
  });
  test('more than a hundred', async () => {
    await open({ BTC: () => 0.0001 });
    const one = await save();
    world.settings = { ...world.settings, alerts: Array.from({ length: 100 }, (_, i) => ({ ...one, id: `r${i}` })) };
    await expect(save()).rejects.toThrow(/At most 100/u);
  });
});

test('a rule of another version says so and does not hold up the others', async () => {
  await open({ BTC: crowded(START + 10 * MINUTE, 20) });
  const made = await save();
  const unknown = { ...made, id: 'other', conditions: [{ ...d(1), choice: { metric: 'of-tomorrow', params: {} } }] };
  world.settings = { ...world.settings, alerts: [unknown, made] };
  await world.stop();
  await world.start();
  await world.clock.until(START + 95 * MINUTE);
  expect((await world.call('alerts.states', {})).map(({ rule: id, why }) => [id, why])).toEqual([
    ['other', ['unknown-metric']],
    [made.id, [null]],
  ]);
  expect(await log()).toHaveLength(1);
});

test('a disk that refuses costs the log, not the news', async () => {
  await open({ BTC: crowded(START + 10 * MINUTE, 20) });
  await save();
  world.failingPerson.add('recordAlert');
  await world.clock.until(START + 3 * HOUR);
  expect(alertNews()).toHaveLength(1);
  expect(await log()).toEqual([]);
});

test('a read that fails is tried again, within five minutes at most, and what it then finds is told', async () => {
  await open({ BTC: crowded(START + 10 * MINUTE, 20) });
  world.failing.add('hours');
  await save();
  await world.clock.until(START + 95 * MINUTE);
  expect(await log()).toEqual([]);
  world.failing.delete('hours');
  await world.clock.advance(5 * MINUTE);
  expect(await log()).toMatchObject([{ at: START + 90 * MINUTE }]);
  expect(alertNews()).toHaveLength(1);
});

test.each([
  ['settlements', 'settledSeen', { metric: 'funding-score', params: { w: 6 } }],
  ['bars', 'snapshots', { metric: 'ema-divergence-fast', params: { bar: '5m', n: 2 } }],
] as const)('so is one of %s, which the signal does not read', async (_, read, choice) => {
  await open({ BTC: crowded(START + 10 * MINUTE, 20) });
  world.failing.add(read);
  await save({ conditions: [{ choice, op: 'above', level: -100 }], k: 1 });
  await world.clock.advance(6 * MINUTE);
  expect(await state()).toMatchObject({ at: null });
  world.failing.delete(read);
  await world.clock.advance(5 * MINUTE);
  expect(await state()).toMatchObject({ at: expect.any(Number) as number });
});

/** Numbers from 0 to 1 that are the same in every run. */
function pseudo(seed: number): () => number {
  let x = seed;
  return () => (x = (x * 16_807) % 2_147_483_647) / 2_147_483_647;
}

const LIVE_RULES: readonly (readonly [string, AlertSave['conditions'], number])[] = [
  ['hourly', [d(0.0002)], 2],
  ['settled', [{ choice: { metric: 'funding-score', params: { w: 6 } }, op: 'above', level: 1 }], 1],
  ['both', [d(0.00015), { choice: { metric: 'funding-score', params: { w: 6 } }, op: 'outside', level: 0.5 }], 1],
  ['of the list', [{ choice: { metric: 'basket-divergence', params: {} }, op: 'above', level: 0.0001 }], 1],
  ['of the venues', [{ choice: { metric: 'skew', params: {} }, op: 'below', level: -0.0001 }], 2],
];

test('what was told live is what a replay of the stored history finds', async () => {
  const random = pseudo(7);
  const noise = Array.from({ length: 400 }, () => (random() - 0.5) * 0.002);
  const rateOf = (shift: number) => (t: number) => 0.0001 + (noise[(Math.floor(t / HOUR) * 7 + shift) % noise.length] ?? 0);
  // Polls and ticks are what takes time here, and rates change by the hour.
  const slow = { enabled: true, url: null, pollSeconds: 600 };
  world = new World({ speed: 30, venues: ['alpha', 'beta'], settings: (same) => ({ ...same, venues: { alpha: slow, beta: slow } }) });
  for (const [v, id] of ['alpha', 'beta'].entries()) {
    world.market(id).oldestAt = START - 30 * MINUTE - 10 * DAY;
    world.market(id).list('BTCUSDT', { asset: 'BTC', rate: rateOf(v * 31), intervalH: () => 1 });
    world.market(id).list('ETHUSDT', { asset: 'ETH', rate: rateOf(v * 31 + 11), intervalH: () => 4 });
  }
  await world.start();
  await world.clock.advance(10 * MINUTE);
  const list = at((await world.call('watchlist.create', { name: 'Mine' })).lists, -1).id;
  const ids = ['alpha:BTCUSDT', 'beta:BTCUSDT', 'alpha:ETHUSDT', 'beta:ETHUSDT'];
  for (const instrument of ids) await world.call('watchlist.add', { list, instrument });
  for (const [name, conditions, k] of LIVE_RULES) await save({ name, conditions, k, on: { list } });
  await world.clock.advance(16 * HOUR);

  const found = await log();
  expect(found.length).toBeGreaterThan(12);
  expect(new Set(found.map(({ name }) => name))).toEqual(new Set(LIVE_RULES.map(([name]) => name)));
  expect(found.every(({ told }) => told)).toBe(true);
  for (const { id: own, name, conditions, k, since } of world.settings.alerts) {
    for (const instrument of ids) {
      const walk = new RuleWalk(conditions, k, name === 'settled' ? 'rows' : 'hours');
      for (const [i, { choice }] of conditions.entries()) {
        const { time, value } = await world.call('metrics.series', { instrument, choice, list, from: null });
        const periodMs = choice.metric === 'funding-score' && instrument.includes('ETH') ? 4 * HOUR : HOUR;
        for (const [row, t] of time.entries()) walk.push(i, { time: t, value: value[row] ?? NaN, periodMs });
      }
      const replayed = walk.close(world.clock.now() - 2 * MINUTE).filter((entry) => entry.at > since);
      const live = found.filter((entry) => entry.rule === own && entry.instrument === instrument);
      expect([name, instrument, live.map((entry) => entry.at).reverse()]).toEqual([name, instrument, replayed.map((entry) => entry.at)]);
    }
  }
});

test('over bars of minutes each bar is a period, told minutes after it closed', async () => {
  const jump = START + 2 * HOUR + 7 * MINUTE;
  await open({ BTC: (t) => (t > jump ? 0.0009 : 0.0001) });
  await save({ conditions: [{ choice: { metric: 'ema-divergence-fast', params: { bar: '5m' } }, op: 'above', level: 0.0005 }] });
  await world.clock.until(jump + 4 * MINUTE);
  expect(await state()).toMatchObject({ phase: 'building', periods: 1, at: START + 2 * HOUR + 10 * MINUTE });
  await world.clock.advance(5 * MINUTE);
  expect(await log()).toMatchObject([{ at: START + 2 * HOUR + 15 * MINUTE, told: true }]);
  expect(alertNews()).toHaveLength(1);
});
