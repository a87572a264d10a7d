import { afterEach, expect, test } from 'vitest';
import type { Moment } from '#bridge/as-of.ts';
import type { CallInput, PastView, WatchRow } from '#bridge/contract.ts';
import type { MetricChoice } from '#bridge/settings.ts';
import type { Settings } from '#core/settings.ts';
import { HOUR, START, World } from '#test/support/world.ts';

const MINUTE = 60_000;
const DAY = 24 * HOUR;
const [BTC, ETH] = ['alpha:BTCUSDT', 'beta:ETHUSDT'];
/** Of hours, settlements, prices and asset; of the row in progress alone, and over months. */
const COLUMNS: MetricChoice[] = ['ema-divergence', 'cumulative-funding', 'spread', 'funding', 'basket-divergence', 'forecast'].map(
  (metric) => ({ metric, params: {} }),
);

let world: World;
afterEach(async () => {
  await world.stop();
  world.dispose();
});

const look = (moment: Moment, over: Partial<CallInput<'past.look'>> = {}, window = 'memory'): Promise<PastView> =>
  world.call('past.look', { moment, step: null, columns: COLUMNS, list: 'majors', opens: false, ...over }, window);
const step = (moment: Moment, by: 'hour' | 'settlement', to: 1 | -1, instrument: string | null = null, times = 1) =>
  look(moment, { step: { by, to, instrument, times } });

/** A row without what only one of now or only one of then says. */
const plain = ({ cells, learnt, ...row }: WatchRow, names: readonly string[]) => {
  expect(learnt === null).toBe(names[0]?.startsWith('past') !== true);
  return { ...row, shown: names.map((name) => cells[name]) };
};
const hours = (n: number): number => START - 30 * MINUTE + n * HOUR;
const rowOf = ({ rows }: PastView, id: string): WatchRow => {
  const row = rows.find(({ instrument }) => instrument.id === id);
  if (row === undefined) throw new Error(`no row of ${id}`);
  return row;
};

async function twoVenues(): Promise<void> {
  const rarely = (same: Settings): Settings => ({
    ...same,
    venues: Object.fromEntries(Object.entries(same.venues).map(([id, venue]) => [id, { ...venue, pollSeconds: 120 }])),
  });
  world = new World({ venues: ['alpha', 'beta'], view: { columns: COLUMNS }, settings: rarely });
  for (const id of ['alpha', 'beta']) {
    const market = world.market(id);
    market.oldestAt = START - 4 * DAY;
    for (const asset of ['BTC', 'ETH'])
      market.list(`${asset}USDT`, {
        asset,
        index: 100.05,
        rate: (t) => 0.0001 + Math.sin(t / (4 * HOUR)) ** 9 * 0.004,
        intervalH: (t) => (asset === 'ETH' && t >= START + 5 * HOUR ? 1 : 4),
        openInterest: (t) => 1000 + Math.round(Math.sin(t / (7 * HOUR)) * 300),
      });
  }
  await world.start();
  await world.clock.advance(10 * MINUTE);
}
/** What is on the screen once nothing more is worked out of what is known. */
async function shownNow(): Promise<unknown> {
  const { columns } = await world.call('view.follow', { selected: null, list: 'majors', columns: COLUMNS });
  for (let i = 0; i < 40; i++) await world.clock.advance(0);
  return (await world.call('watchlist.rows', {})).map((row) => plain(row, columns));
}

test('a look at a moment shows what was shown live to the last digit, columns too, stepped to from either side and whatever was learnt since', async () => {
  await twoVenues();
  const market = (id: string) => world.market(id);
  let correction = 0;
  market('alpha').spoil = (row) => (row.close !== undefined && row.mark ? { ...row, mark: row.mark + correction } : row);
  const shown: { at: number; rows: unknown; theta: number }[] = [];
  const note = async (): Promise<void> => {
    shown.push({ at: world.clock.now(), rows: await shownNow(), theta: world.settings.thresholds.theta });
    await world.clock.advance(1);
  };
  await world.clock.until(hours(2) + 7 * MINUTE);
  await note();
  // The settlement at 04:00 comes more than an hour late: hours that were closed without it are closed again with it.
  market('beta').publishedAfterMs = 80 * MINUTE;
  await world.clock.until(hours(4) + 20 * MINUTE);
  await note();
  await world.clock.until(hours(6) + 3 * MINUTE);
  await note();
  market('beta').publishedAfterMs = 2_000;
  correction = 3;
  await world.call('thresholds.change', { instrument: null, theta: 0.0001 });
  await world.clock.until(hours(8));
  await note();
  market('beta').fault = { kind: 'network' };
  await world.clock.advance(20 * MINUTE);
  const outage = world.clock.now();
  const matrix = await world.call('metrics.matrix', { list: 'majors' });
  market('beta').fault = null;
  await world.clock.until(hours(8) + 40 * MINUTE);

  let changed = 0;
  const now = JSON.stringify(await shownNow());
  for (const order of [shown, shown.toReversed()])
    for (const { at, rows, theta } of order) {
      const then = await look(at);
      expect(then.moment).toBe(at);
      expect(then.rows.map((row) => plain(row, then.columns))).toEqual(rows);
      expect(then.settings.thresholds.theta).toBe(theta);
      if (JSON.stringify(rows) !== now) changed++;
    }
  expect(changed).toBe(2 * shown.length);
  // Walked there hour by hour it is the same as looked up.
  let at: Moment = hours(4);
  for (let i = 0; i < 4; i++) at = (await step(at, 'hour', 1)).moment;
  expect(at).toBe(hours(8));
  const walked = await look(at);
  expect(walked.rows.map((row) => plain(row, walked.columns))).toEqual(shown[3]?.rows);

  // Steps go to full hours, and to where a settlement was known; what is not over yet is refused.
  expect((await step(hours(5) + 1, 'hour', 1)).moment).toBe(hours(6));
  expect((await step(hours(5) + 1, 'hour', -1)).moment).toBe(hours(5));
  expect((await step(hours(5), 'hour', -1)).moment).toBe(hours(4));
  // ETH settles every 4 h, from 06:00 on every hour; its hour is closed five minutes later at most.
  const settled = await step(hours(1), 'settlement', 1, ETH);
  expect(settled.moment).toBe(hours(4) + 5 * MINUTE);
  expect(rowOf(settled, ETH).sparkEnd).toBe(hours(4));
  expect((await step(settled.moment, 'settlement', -1, ETH)).moment).toBe(hours(0) + 5 * MINUTE);
  expect((await step({ venueTime: hours(1) }, 'settlement', 1, ETH)).moment).toEqual({ venueTime: hours(4) });
  await expect(step(hours(8) + MINUTE, 'hour', 1)).rejects.toThrow('The next hour is not over yet: what comes after this is now.');
  await expect(step(hours(7), 'settlement', 1, null)).rejects.toThrow('Select an instrument');
  await expect(look(hours(99))).rejects.toThrow('has not come yet');

  // Several at once, as far as there are any; of looks that wait for one another the last alone is looked at.
  expect((await step(hours(1), 'hour', 1, null, 4)).moment).toBe(hours(5));
  expect((await step(hours(5), 'settlement', -1, ETH, 2)).moment).toBe(hours(0) + 5 * MINUTE);
  expect((await step(hours(6), 'hour', 1, null, 24)).moment).toBe(hours(8));
  const [one, two, three] = await Promise.allSettled([look(hours(2)), look(hours(3)), look(hours(4))]);
  expect([one.status, two.status, three.status]).toEqual(['rejected', 'rejected', 'fulfilled']);
  expect(three).toMatchObject({ value: { moment: hours(4) } });

  // Two windows stand at different moments.
  const [first, second] = [await look(hours(3), {}, 'one'), await look(hours(6), {}, 'two')];
  expect((await look(hours(3), {}, 'one')).rows).toEqual(first.rows);
  expect((await look(hours(6), {}, 'two')).rows).toEqual(second.rows);
  expect(rowOf(first, BTC).observedAt).not.toBe(rowOf(second, BTC).observedAt);

  // Venues stand as they did then, and so does a matrix.
  const { health } = await look(outage);
  expect(health.find(({ id }) => id === 'alpha')).toMatchObject({ state: 'healthy', error: null });
  expect(health.find(({ id }) => id === 'beta')).toMatchObject({ state: 'down' });
  expect((await look(hours(8) + 38 * MINUTE)).health.every(({ state }) => state === 'healthy')).toBe(true);
  expect(await world.call('metrics.matrix', { list: 'majors', asOf: outage })).toEqual(matrix);
}, 240_000);

test('nothing that was learnt later is seen as recorded; in venue time it is, but nothing of a later time', async () => {
  await twoVenues();
  await world.clock.until(hours(4) + 30 * MINUTE);
  const at = hours(3) + 10 * MINUTE;
  const [recorded, venueTime] = [await look(at), await look({ venueTime: at })];
  // Learnt now: rows of before the moment that were missing, a later word of one that was there, and rows of after it.
  const wild = { rate: 0.03, intervalH: 1, mark: 333, premium: null };
  const learntAt = world.clock.now();
  await world.store.recordSettled(
    BTC,
    [hours(-21), hours(1), hours(2), hours(4) - 30 * MINUTE].map((stamp) => ({ stamp, ...wild })),
    learntAt,
    null,
  );
  await world.store.recordPrices(
    BTC,
    [hours(2), hours(4)].map((close) => ({ close, mark: 333, index: 334, last: null })),
    learntAt,
    null,
  );
  await world.stop();
  await world.start();
  await world.clock.advance(MINUTE);

  const then = await look(at, {}, 'other');
  expect(then.rows.map((row) => plain(row, then.columns))).toEqual(recorded.rows.map((row) => plain(row, recorded.columns)));
  expect(then.learnt.later).toBe(recorded.learnt.later + 3);
  const known = await look({ venueTime: at }, {}, 'other');
  expect(rowOf(known, BTC).ema).not.toBe(rowOf(venueTime, BTC).ema);
  expect(rowOf(known, ETH).ema).toBe(rowOf(venueTime, ETH).ema);
  // Of the hours after the moment nothing is there: taking them away changes nothing.
  const before = await look({ venueTime: hours(1) - 1 }, {}, 'other');
  expect(rowOf(before, BTC)).toEqual(rowOf(await look({ venueTime: hours(1) - 1 }, {}, 'third'), BTC));
  for (const asOf of [at, { venueTime: at }]) {
    const { time, settledAt } = await world.call('history.divergence', { instrument: BTC, from: null, asOf });
    expect(time.at(-1)).toBe(hours(3));
    expect(settledAt.at(-1)).toBeLessThanOrEqual(at);
    expect([...settledAt].includes(hours(2))).toBe(typeof asOf !== 'number');
  }
}, 240_000);

test('what was only fetched or imported opens in venue time, with the last settlement and the prices of the hour; counted as learnt later', async () => {
  await twoVenues();
  const past = START - 2 * DAY + 10 * MINUTE;
  const opened = await look(past, { opens: true });
  expect(opened.moment).toEqual({ venueTime: Math.floor(past / HOUR) * HOUR });
  expect(opened.resolution).toBe('hour');
  const row = rowOf(opened, BTC);
  expect(row).toMatchObject({ settledOnly: true, status: 'live', intervalH: 4, why: null });
  expect(row.f).toBeCloseTo((0.0001 + Math.sin((Math.floor(past / (4 * HOUR)) * 4 * HOUR) / (4 * HOUR)) ** 9 * 0.004) / 4, 12);
  expect(row.learnt?.later).toBe(row.learnt?.of);
  expect(row.learnt?.of).toBe(12);
  expect(row.d).not.toBeNull();
  // The chart and the table of settlements know which of theirs were learnt later.
  const asOf = opened.moment;
  const { settledLate } = await world.call('history.divergence', { instrument: BTC, from: null, asOf });
  const range = { instrument: BTC, from: START - 4 * DAY, to: START };
  const { late, key } = await world.call('explore.settlements', { ...range, asOf });
  expect([settledLate, late].map((column) => [...new Set(column)])).toEqual([[1], [1]]);
  expect(Math.max(...key)).toBeLessThanOrEqual(past);
  expect(new Set((await world.call('explore.settlements', range)).late)).toEqual(new Set([0]));
  expect(new Set((await world.call('history.divergence', { instrument: BTC, from: null })).settledLate)).toEqual(new Set([0]));
  // As recorded nothing was known, and that is what it says.
  const recorded = await look(past);
  expect(recorded.moment).toBe(past);
  expect(recorded.rows).toEqual([]);
  expect(recorded.learnt).toEqual(opened.learnt);
}, 240_000);

test('where single polls are gone the moment is that of the full hour, known by then; a step goes to where the hours are', async () => {
  await twoVenues();
  await world.clock.until(hours(6) + 40 * MINUTE);
  const at = hours(5) + 20 * MINUTE;
  const whole = await look(at);
  expect([whole.moment, whole.resolution]).toEqual([at, 'poll']);
  const closed = await look(hours(5), {}, 'other');
  await world.store.maintain(world.clock.now() + 31 * DAY);
  const [last] = (await world.store.thinned()).filter(({ what }) => what === 'snapshots').slice(-1);
  expect(last?.to).toBeGreaterThan(hours(6));

  const snapped = await look(at, {}, 'third');
  expect([snapped.moment, snapped.resolution]).toEqual([hours(5), 'hour']);
  expect(rowOf(snapped, BTC)).toMatchObject({ ema: rowOf(closed, BTC).ema, sparkEnd: hours(4) });
  expect((await look({ venueTime: at })).moment).toEqual({ venueTime: hours(5) });
  // Of a settlement at 04:00 the hour is known with the next full hour, and no sooner.
  expect((await step(hours(1), 'settlement', 1, ETH)).moment).toBe(hours(5));
  expect((await step(hours(5), 'settlement', -1, ETH)).moment).toBe(hours(1));
  expect((await step({ venueTime: hours(1) }, 'settlement', 1, ETH)).moment).toEqual({ venueTime: hours(4) });
}, 120_000);
