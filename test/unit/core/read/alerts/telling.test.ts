import { afterEach, expect, test } from 'vitest';
import type { AlertEntry, AlertSave, AlertState } from '#bridge/alert.ts';
import { USUAL_TELLING } from '#core/read/alerts/rule-terms.ts';
import type { AlertTelling } from '#core/settings.ts';
import { at } from '#test/support/at.ts';
import { HOUR, START, World } from '#test/support/world.ts';

const MINUTE = 60_000;
const DAY = 24 * HOUR;
const BTC = 'alpha:BTCUSDT';
let world: World;
afterEach(async () => {
  await world.stop();
  world.dispose();
});

/** START is half past: the first close after it is at START + 30 min. High in [from, to) hours after START, each span. */
const high =
  (...spans: readonly (readonly [number, number])[]) =>
  (t: number) =>
    0.0001 + (spans.some(([from, to]) => t > START + from * HOUR && t <= START + to * HOUR) ? 0.0008 : 0);

async function open(rate: (t: number) => number, tells: Partial<AlertTelling>): Promise<void> {
  // Few polls and ticks, and little history: the closes are what counts.
  const venues = { alpha: { enabled: true, url: null, pollSeconds: 900 } };
  world = new World({ speed: 10, settings: (all) => ({ ...all, venues }) });
  for (const market of world.markets.values()) {
    market.oldestAt = START - 30 * MINUTE - DAY;
    market.list('BTCUSDT', { asset: 'BTC', rate, intervalH: () => 1 });
  }
  await world.start();
  await world.clock.advance(2 * MINUTE);
  await save(tells);
}
const rule: AlertSave = {
  id: null,
  name: 'Crowd',
  on: { instrument: BTC, among: null },
  conditions: [{ choice: { metric: 'funding', params: {} }, op: 'above', level: 0.0005 }],
  k: 1,
  enabled: true,
};
async function save(tells: Partial<AlertTelling>, change: Partial<AlertSave> = {}): Promise<string> {
  const { alerts } = await world.call('alerts.save', { ...rule, tells: { ...USUAL_TELLING, ...tells }, ...change });
  return at(alerts, -1).id;
}
/** Oldest first; signals of the threshold stand in the log too. */
const log = async (): Promise<AlertEntry[]> =>
  (await world.call('alerts.log', { limit: 1000 })).filter(({ rule: of }) => of !== 'signal').toReversed();
const said = () => world.notifications.filter(({ title }) => title.includes('Crowd')).map(({ body }) => body);
const state = async (): Promise<AlertState | undefined> => (await world.call('alerts.states', {}))[0];
const short = (entries: readonly AlertEntry[]) => entries.map(({ told, held, kind }) => (told ? (kind ?? 'told') : (held ?? 'late')));

test('once: a second entry is kept and not told, until it is switched on again', async () => {
  await open(high([0.1, 1.6], [3.6, 5.6], [7.6, 9.6]), { repeat: 'once' });
  await world.clock.until(START + 6 * HOUR);
  expect(said()).toHaveLength(1);
  expect(short(await log())).toEqual(['told', 'told-once']);
  expect(await state()).toMatchObject({ spent: true });
  const id = at(world.settings.alerts, 0).id;
  const { at: toldAt } = at(await log(), 0);
  expect(world.notifications.find(({ title }) => title.includes('Crowd'))?.alert).toEqual({ rule: id, instrument: BTC, at: toldAt });
  await save({ repeat: 'once' }, { id, enabled: false });
  await save({ repeat: 'once' }, { id });
  expect(await state()).not.toHaveProperty('spent');
  await world.clock.until(START + 10 * HOUR);
  expect(short(await log())).toEqual(['told', 'told-once', 'told']);
});

test('again after a time: it tells while it holds, once a time, across a restart, until it is acknowledged', async () => {
  await open(high([0.1, 30]), { repeat: { everyH: 3 } });
  await world.clock.until(START + 35 * MINUTE);
  expect(short(await log())).toEqual(['told']);
  await world.clock.until(START + 3 * HOUR + 35 * MINUTE);
  expect(short(await log())).toEqual(['told', 'again']);
  expect(said()[1]).toMatch(/^For 3 h: Funding /u);
  await world.stop();
  await world.start();
  await world.clock.until(START + 6 * HOUR + 25 * MINUTE);
  expect(short(await log())).toEqual(['told', 'again']);
  await world.clock.until(START + 6 * HOUR + 40 * MINUTE);
  expect(short(await log())).toEqual(['told', 'again', 'again']);
  const [{ rule: name, instrument, at: when }] = (await log()) as [AlertEntry];
  await world.call('alerts.acknowledge', { entries: [{ rule: name, instrument, at: when }] });
  expect(at(await log(), 0).acknowledgedAt).toBe(world.clock.now());
  await world.stop();
  await world.start();
  await world.clock.until(START + 12 * HOUR);
  expect(said()).toHaveLength(3);
});

test('a snoozed rule is kept; what still holds when it ends is told then, what has ended is not', async () => {
  await open(high([0.1, 1.6], [3.6, 8.6]), {});
  const id = at(world.settings.alerts, 0).id;
  await world.call('alerts.snooze', { id, until: START + 6 * HOUR });
  await world.clock.until(START + 5.9 * HOUR);
  expect([said(), short(await log())]).toEqual([[], ['snoozed', 'snoozed']]);
  await world.clock.until(START + 6.1 * HOUR);
  expect(short(await log())).toEqual(['snoozed', 'snoozed', 'again']);
  expect(said()).toHaveLength(1);
  await expect(world.call('alerts.snooze', { id: 'gone', until: null })).rejects.toThrow('does not exist any more');
});

test('quiet hours, an expiry and a cooldown of its severity hold back, each with its word', async () => {
  await open(high([0.1, 1.6], [3.6, 5.6], [7.6, 9.6]), { severity: 'info', expiresAt: START + 6 * HOUR });
  await world.call('settings.change', { alertManners: { cooldownMin: { info: 300, warning: 0, critical: 0 }, quiet: null } });
  await world.clock.until(START + 10 * HOUR);
  expect(short(await log())).toEqual(['told', 'cooldown', 'expired']);
  expect(said()).toHaveLength(1);
});

test('in the quiet hours of all rules nothing is told but by a rule that keeps none', async () => {
  const hour = new Date(START).getUTCHours();
  await open(high([0.1, 6]), {});
  await save({ quiet: 'none' }, { name: 'Crowd, at night too' });
  const quiet = { from: (hour * 60 + 1440 - 60) % 1440, to: ((hour + 3) * 60) % 1440, zone: 'UTC' };
  await world.call('settings.change', { alertManners: { cooldownMin: { info: 0, warning: 0, critical: 0 }, quiet } });
  await world.clock.until(START + 2 * HOUR);
  expect(world.notifications.map(({ title }) => title).filter((title) => title.includes('Crowd'))).toEqual([
    'BTC/USDT on Alpha: Crowd, at night too',
  ]);
  expect(short(await log()).sort()).toEqual(['quiet-hours', 'told']);
  await world.clock.until(START + 3 * HOUR);
  expect(short(await log())).toContain('again');
});

test('what came and went within quiet hours is told as one when they end, also by the run after, and once', async () => {
  const hour = new Date(START).getUTCHours();
  await open(high([0.1, 1.6], [3.6, 20]), {});
  await save({ severity: 'critical' }, { name: 'Crowd of before', conditions: [{ ...at(rule.conditions, 0), level: 0.0006 }] });
  await save({ repeat: 'once' }, { name: 'Crowd, snoozed' });
  const snoozed = at(world.settings.alerts, -1).id;
  await world.call('alerts.snooze', { id: snoozed, until: START + 2 * DAY });
  const quiet = { from: hour * 60, to: (hour + 4) * 60, zone: 'UTC' };
  const cooldownMin = { info: 0, warning: 0, critical: 0 };
  const events = { 'venue-down': { of: 'followed' as const, severity: 'info' as const } };
  await world.call('settings.change', { alertManners: { cooldownMin, quiet, events } });
  await world.clock.until(START + 3.5 * HOUR - 5 * MINUTE);
  expect(world.notifications).toEqual([]);
  await world.stop();
  await world.start();
  await world.clock.until(START + 3.5 * HOUR + 5 * MINUTE);
  expect(world.notifications).toEqual([
    {
      title: 'In quiet hours: 2 alerts',
      body: 'BTC/USDT on Alpha: Crowd; BTC/USDT on Alpha: Crowd of before. The newest 3 h ago.',
      instrument: BTC,
      severity: 'critical',
    },
  ]);
  expect(short(await log()).toSorted()).toEqual(['ended', 'ended', 'quiet-hours', 'quiet-hours', 'snoozed']);
  await world.stop();
  await world.start();
  await world.clock.until(START + 4.4 * HOUR);
  expect(world.notifications).toHaveLength(1);
});

test('of what quiet hours held back one that still holds says so beside what is over, unless it was seen', async () => {
  const hour = new Date(START).getUTCHours();
  await open(high([0.1, 1.6]), {});
  await save({}, { name: 'Calm', conditions: [{ ...at(rule.conditions, 0), op: 'below' }] });
  await save({}, { name: 'Seen' });
  const quiet = { from: hour * 60, to: (hour + 4) * 60, zone: 'UTC' };
  await world.call('settings.change', { alertManners: { cooldownMin: { info: 0, warning: 0, critical: 0 }, quiet } });
  await world.clock.until(START + 3 * HOUR);
  const seen = (await log())
    .filter(({ name }) => name === 'Seen')
    .map(({ rule: of, instrument, at: when }) => ({ rule: of, instrument, at: when }));
  expect(seen).toHaveLength(1);
  await world.call('alerts.acknowledge', { entries: seen });
  await world.clock.until(START + 3.5 * HOUR + 5 * MINUTE);
  expect(world.notifications.map(({ title, body }) => [title, body])).toEqual([
    ['In quiet hours: 2 alerts', 'BTC/USDT on Alpha: Calm (still holds); BTC/USDT on Alpha: Crowd. The newest 60 min ago.'],
  ]);
});

test('no data is a state of its own and can alert, once', async () => {
  await open(high(), { noDataH: 3 });
  await world.clock.advance(MINUTE);
  expect(await state()).toMatchObject({ phase: 'quiet' });
  for (const market of world.markets.values()) market.fault = { kind: 'network' };
  await world.clock.until(START + 5 * HOUR);
  expect(await state()).toMatchObject({ phase: 'no-data' });
  await world.clock.until(START + 9 * HOUR);
  expect(said()).toEqual([expect.stringMatching(/^No data for 3 h: /u)]);
  await world.stop();
  await world.start();
  await world.clock.advance(5 * HOUR);
  expect(short(await log())).toEqual(['no-data']);
});
