import { afterEach, expect, test } from 'vitest';
import { HOUR, START, World } from '#test/support/world.ts';

/** A terminal that only reads beside a world that collects, on one clock and one history file. */
const MINUTE = 60_000;
const DAY = 24 * HOUR;
const BTC = 'alpha:BTCUSDT';
let collecting: World;
let reading: World;
afterEach(async () => {
  await reading.stop();
  await collecting.stop();
  for (const world of [reading, collecting]) world.dispose();
});

const crowded = (t: number): number => 0.0001 + (t > START + 10 * MINUTE && t <= START + 20 * HOUR ? 0.0008 : 0);

async function open(beforeMs = 3 * MINUTE, latencyMs = 0): Promise<void> {
  collecting = new World();
  const market = collecting.market();
  market.oldestAt = START - 40 * DAY;
  market.latencyMs = latencyMs;
  market.list('BTCUSDT', { asset: 'BTC', rate: crowded, intervalH: () => 1 });
  await collecting.start();
  await collecting.clock.advance(beforeMs);
  reading = new World({ follows: collecting });
  await reading.start();
  await collecting.clock.advance(MINUTE);
}

test('every row, close, entry and chart is as if it had collected by itself, and told once', async () => {
  await open();
  for (let hours = 1; hours <= 5; hours++) {
    await collecting.clock.until(START + 30 * MINUTE + (hours - 1) * HOUR + 12 * MINUTE);
    const [theirs, ours] = [await collecting.row(BTC), await reading.row(BTC)];
    const { f, d, ema, mark, signal, observedAt, status, warmHours, spark, sparkEnd } = theirs;
    expect(ours).toMatchObject({ f, d, ema, mark, signal, observedAt, status, warmHours, spark, sparkEnd });
    const [one, two] = await Promise.all(
      [collecting, reading].map((world) => world.call('history.divergence', { instrument: BTC, from: null })),
    );
    expect(two).toEqual(one);
  }
  expect(collecting.notifications).toHaveLength(1);
  expect(reading.notifications).toEqual(collecting.notifications);
  expect(reading.market().requests).toEqual([]);
});

test('a past that the collector fetches while the terminal looks on is in its rows', async () => {
  // Its first answer is there, its past is not.
  await open(3_000, 2_000);
  await collecting.clock.advance(5 * MINUTE);
  const [theirs, ours] = [await collecting.row(BTC), await reading.row(BTC)];
  expect(theirs.ema).not.toBeNull();
  expect(ours).toMatchObject({ ema: theirs.ema, d: theirs.d, why: null });
});

test('it says who records, asks no exchange, and tells the collector what it looks at', async () => {
  await open();
  expect((await reading.call('history.status', {})).notices).toContain('A collector records this folder.');
  expect(await reading.health()).toMatchObject({ state: 'healthy', error: 'A collector records this folder.' });
  await expect(reading.call('venues.retry', { venue: 'alpha' })).rejects.toThrow('A collector records this folder.');
  await expect(reading.call('history.limit', { ageDays: 40, megabytes: null })).rejects.toThrow();
  const facts = await reading.call('decisions.facts', { instrument: BTC });
  expect(JSON.stringify(facts.missing)).toContain('A collector records this folder.');
  expect(reading.wished).toEqual([BTC]);
});

test('a collector that falls silent is seen: its venues are down', async () => {
  await open();
  await collecting.stop();
  await reading.clock.advance(20 * MINUTE);
  expect(await reading.health()).toMatchObject({ state: 'down' });
  expect((await reading.row(BTC)).why).toBe('stale');
});

test('a later word on a settlement, a price or an identity that it has shown is taken in, and not only by the next start', async () => {
  await open();
  await collecting.clock.until(START + 3 * HOUR);
  const before = await reading.row(BTC);
  const { settledAt } = await reading.call('history.divergence', { instrument: BTC, from: null });
  const late = { rate: 0.0001, intervalH: 4, mark: null, premium: null };
  const rows = [...settledAt.slice(-4)].map((stamp) => ({ stamp, ...late }));
  await collecting.store.recordSettled(BTC, rows, collecting.clock.now(), null);
  await collecting.clock.advance(20_000);
  const after = await reading.row(BTC);
  const chart = await reading.call('history.divergence', { instrument: BTC, from: null });
  const fresh = new World({ follows: collecting });
  await fresh.start();
  await collecting.clock.advance(5_000);
  const { ema, d } = await fresh.row(BTC);
  expect(chart).toEqual(await fresh.call('history.divergence', { instrument: BTC, from: null }));
  await fresh.stop();
  fresh.dispose();
  expect(ema).not.toBeCloseTo(before.ema ?? NaN, 9);
  expect([after.ema, after.d]).toEqual([ema, d]);

  // Of a price: the windows are told that the history is another one.
  const told = () => reading.events.filter(({ name }) => name === 'history.change').length;
  const seen = told();
  const hour = Math.floor(collecting.clock.now() / HOUR) * HOUR - HOUR;
  await collecting.store.recordPrices(BTC, [{ close: hour, mark: 123, index: 123, last: 123 }], collecting.clock.now(), null);
  await collecting.clock.advance(5_000);
  expect(told()).toBeGreaterThan(seen);

  collecting.market().list('BTCUSDT', { asset: 'XBT', rate: crowded, intervalH: () => 1 });
  await collecting.clock.advance(2 * MINUTE);
  expect((await reading.row(BTC)).instrument.asset).toBe('XBT');
});
