import { afterEach, expect, test } from 'vitest';
import { PAPER_RULES } from '#test/support/paper-venue.ts';
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
  // Limits are the person's to set, and the collector's to apply: what they would delete is told, and nothing is.
  const limits = { ageDays: 40, megabytes: null };
  expect(await reading.call('history.excess', limits)).toEqual(await collecting.call('history.excess', limits));
  expect((await reading.call('history.limit', limits)).limits).toEqual(limits);
  expect(reading.requests.at(-1)?.request).toMatchObject({ watch: [BTC], plan: [] });
});

test('what the collector left out is counted and can be read: what it did before, and what it does while one looks on', async () => {
  await open();
  expect(await reading.health()).toMatchObject({ refused: 0, refusals: [] });
  await reading.stop();
  reading.dispose();
  // 8 % an hour and more is no rate of any market.
  collecting.market().list('WILDUSDT', { asset: 'WILD', rate: () => 0.5, intervalH: () => 1 });
  await collecting.clock.advance(2 * MINUTE);
  reading = new World({ follows: collecting });
  await reading.start();
  await collecting.clock.advance(MINUTE);
  expect(await reading.health()).toMatchObject({
    refused: 1,
    refusals: [{ symbol: 'WILDUSDT', reason: 'rate 0.5 per 1 h is beyond 10 % per hour' }],
  });
  collecting.market().spoilt.add('BTCUSDT');
  await collecting.clock.advance(2 * MINUTE);
  expect((await reading.health()).refusals).toEqual([
    { symbol: 'BTCUSDT', reason: 'no rate' },
    { symbol: 'WILDUSDT', reason: 'rate 0.5 per 1 h is beyond 10 % per hour' },
  ]);
  // What a plan waits for is no value of a poll.
  await reading.call('decisions.facts', { instrument: 'alpha:BTCUSDT' });
  expect((await reading.health()).refused).toBe(2);
});

test('what it looks at and plans with it asks of the collector: again while that holds, and no longer', async () => {
  await open();
  const told = () => reading.requests.map(({ request }) => request);
  const before = told().length;
  await collecting.clock.advance(MINUTE);
  // Renewed well within the minute after which the collector takes it for gone.
  expect(told().length - before).toBeGreaterThanOrEqual(3);
  expect(told().at(-1)).toMatchObject({ watch: [BTC], plan: [] });
  await reading.call('decisions.facts', { instrument: BTC });
  await collecting.clock.advance(2_000);
  expect(told().at(-1)).toMatchObject({ watch: [BTC], plan: [BTC] });
  await collecting.clock.advance(30_000);
  expect(told().at(-1)).toMatchObject({ watch: [BTC], plan: [] });
  // Whose chart is opened: its history is wanted before that of all the others.
  await reading.call('view.follow', { selected: BTC, list: null, columns: [] });
  await collecting.clock.advance(2_000);
  expect(told().at(-1)).toMatchObject({ watch: [BTC], first: [BTC] });
  await reading.stop();
  expect(told().at(-1)).toBeNull();
});

test('a calculator has the order book that the collector brings, and says in words while it has not', async () => {
  await open(3_000, 2_000);
  const first = await reading.call('decisions.facts', { instrument: 'alpha:ETHUSDT' }).catch(String);
  expect(first).toContain('No venue lists alpha:ETHUSDT.');
  const facts = () => reading.call('decisions.facts', { instrument: BTC });
  const none = await facts();
  if (none.book === null)
    expect(none.missing.find(({ what }) => what === 'book')?.why).toMatch(/alpha:BTCUSDT is asked of the collector.+within a few seconds/u);
  collecting.market().latencyMs = 0;
  await collecting.clock.advance(2 * MINUTE);
  const { book } = await facts();
  const own = (await collecting.call('decisions.facts', { instrument: BTC })).book;
  expect(Number(book?.bids[0]?.[0])).toBeCloseTo(Number(own?.bids[0]?.[0]), 2);
  expect(Number(book?.asks[0]?.[1])).toBeCloseTo(Number(own?.asks[0]?.[1]), 3);
  expect(collecting.clock.now() - (book?.at ?? 0)).toBeLessThanOrEqual(65_000);
  expect(none.missing.find(({ what }) => what === 'rules')?.why).toMatch(/orders of alpha:BTCUSDT is asked of the collector/u);
  const { rules } = await facts();
  expect(rules).toMatchObject({ lotStep: PAPER_RULES.lotStep, maxLeverage: PAPER_RULES.maxLeverage });
  // Of one that fell silent there is none that could still be the market's.
  await collecting.stop();
  for (let i = 0; i < 10; i++) {
    await facts();
    await reading.clock.advance(45_000);
    await facts();
    await reading.clock.advance(15_000);
  }
  const late = await facts();
  expect(late.book).toBeNull();
  expect(late.missing.find(({ what }) => what === 'book')?.why).toMatch(/asked of the collector/u);
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

test('what a read that fails was to bring is read again, also where nothing is written after it', async () => {
  await open();
  await collecting.clock.until(START + 2 * HOUR);
  const before = (await reading.row(BTC)).observedAt ?? 0;
  reading.failing.add('latest');
  const asked = reading.requests.length;
  await collecting.clock.advance(2 * MINUTE);
  // Said again all the while: the collector does not take it for gone.
  expect(reading.requests.length - asked).toBeGreaterThanOrEqual(6);
  const last = (await collecting.row(BTC)).observedAt ?? 0;
  await collecting.stop();
  expect(last).toBeGreaterThan(before);
  expect((await reading.row(BTC)).observedAt).toBe(before);
  reading.failing.delete('latest');
  await reading.clock.advance(5_000);
  expect((await reading.row(BTC)).observedAt).toBe(last);
});
