import { afterEach, describe, expect, test } from 'vitest';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createPinned, readPinned } from '#core/read/pinned.ts';
import type { HistoryStore } from '#core/ports/history.ts';
import { FakeClock } from '#test/support/fake-clock.ts';
import { HOUR, START, World } from '#test/support/world.ts';

const DAY = 24 * HOUR;
const ID = 'alpha:MATICUSDT';
/** A time of settlement. */
const NOW = Date.UTC(2026, 9, 1, 8);

/** Settlements every 8 h up to `now`, by their rate at a time; NaN: none. */
class Shelf implements Pick<HistoryStore, 'settled'> {
  rate: (t: number) => number = () => 0.0001;
  now = NOW;
  fails = false;
  reads = 0;
  settled: HistoryStore['settled'] = (_, from, to) => {
    this.reads += 1;
    if (this.fails) return Promise.reject(new Error('the disk is full.'));
    const key: number[] = [];
    const first = NOW - 40 * DAY;
    for (let t = first; t <= Math.min(this.now, to); t += 8 * HOUR) if (t > from && !Number.isNaN(this.rate(t))) key.push(t);
    const column = (value: (t: number) => number): Float64Array<ArrayBuffer> => Float64Array.from(key, value);
    return Promise.resolve({
      key: column((t) => t),
      stamp: column((t) => t),
      rate: column(this.rate),
      intervalH: column(() => 8),
      mark: column(() => NaN),
      premium: column(() => NaN),
      learntAt: column((t) => t),
    });
  };
}

describe('the settlements up to now', () => {
  const pinned = (rate: (t: number) => number) => readPinned(Object.assign(new Shelf(), { rate }), ID, NOW + HOUR);

  test('of one rate for two weeks and more are those of a pinned one, back to the first of them', async () => {
    expect(await pinned(() => 0.0001)).toEqual({ since: NOW - 40 * DAY, rate: 0.0001, until: NOW + 9 * HOUR });
    expect(await pinned((t) => (t < NOW - 20 * DAY ? 0.0003 : 0))).toMatchObject({ since: NOW - 20 * DAY, rate: 0 });
    expect(await pinned((t) => (t < NOW - 14 * DAY ? 0.0003 : 0.0001))).toMatchObject({ since: NOW - 14 * DAY });
  });

  test('that moved within two weeks are not, nor those of which one is missing', async () => {
    expect(await pinned((t) => (t < NOW - 14 * DAY + 8 * HOUR ? 0.0003 : 0.0001))).toBeNull();
    expect(await pinned((t) => (t === NOW ? 0.0001000001 : 0.0001))).toBeNull();
    expect(await pinned((t) => (t === NOW - 5 * DAY ? NaN : 0.0001))).toBeNull();
    expect(await pinned(() => NaN)).toBeNull();
  });
});

test('what is followed is looked at when settlements come; it says nothing where the next one is overdue; what fails is tried again', async () => {
  const shelf = new Shelf();
  const clock = new FakeClock(NOW + HOUR);
  const changed: string[] = [];
  const failed: string[] = [];
  const reporter = { failed: (what: string) => void failed.push(what) };
  const rates = createPinned({ store: shelf, clock, reporter, now: () => clock.now(), onChange: (id) => changed.push(id) });
  rates.follow(new Set([ID]));
  await nextTurn();
  expect([rates.of(ID)?.since, changed]).toEqual([NOW - 40 * DAY, [ID]]);

  // Many pages in one turn are one look, and nothing new is no change.
  const reads = shelf.reads;
  for (let i = 0; i < 5; i++) rates.stored(ID, true);
  await nextTurn();
  expect([shelf.reads - reads, changed.length]).toEqual([2, 1]);

  await clock.until(NOW + 9 * HOUR + 1);
  expect(rates.of(ID)).toBeNull();
  shelf.now = NOW + 8 * HOUR;
  shelf.rate = (t) => (t > NOW ? 0.0002 : 0.0001);
  shelf.fails = true;
  rates.stored(ID, true);
  await nextTurn();
  expect(failed).toEqual([`see whether the rate of ${ID} is pinned`]);
  shelf.fails = false;
  await clock.advance(6_000);
  rates.tick();
  await nextTurn();
  expect([rates.of(ID), changed]).toEqual([null, [ID, ID]]);

  rates.follow(new Set());
  rates.stored(ID, true);
  await nextTurn();
  expect(changed).toHaveLength(2);
  await rates.stop();
}, 10_000);

test('older settlements tell how far back a pinned rate is pinned, and nothing of one that is not', async () => {
  const shelf = new Shelf();
  const clock = new FakeClock(NOW + HOUR);
  shelf.rate = (t) => (t < NOW - 20 * DAY ? NaN : 0.0001);
  const changed: string[] = [];
  const rates = createPinned({
    ...{ store: shelf, clock, reporter: { failed: () => undefined }, now: () => clock.now() },
    onChange: (id) => changed.push(id),
  });
  rates.follow(new Set([ID]));
  await nextTurn();
  expect(rates.of(ID)?.since).toBe(NOW - 20 * DAY);
  shelf.rate = () => 0.0001;
  rates.stored(ID, false);
  await nextTurn();
  expect([rates.of(ID)?.since, changed]).toEqual([NOW - 40 * DAY, [ID, ID]]);

  shelf.rate = (t) => (t === NOW ? 0.0002 : 0.0001);
  rates.stored(ID, true);
  await nextTurn();
  const { reads } = shelf;
  rates.stored(ID, false);
  await nextTurn();
  expect([rates.of(ID), shelf.reads]).toEqual([null, reads]);
  await rates.stop();
});

describe('in the app', () => {
  let world: World;
  afterEach(async () => {
    await world.stop();
    world.dispose();
  });

  test('the row says it, and a row of then too', async () => {
    world = new World();
    const market = world.market();
    const first = Math.ceil((START - 20 * DAY) / (8 * HOUR)) * 8 * HOUR;
    market.oldestAt = first;
    market.list('MATICUSDT', { asset: 'MATIC' });
    market.list('BTCUSDT', { asset: 'BTC', rate: (t) => 0.0001 + Math.sin(t / DAY) * 1e-5 });
    await world.start();
    await world.clock.advance(60_000);
    await world.call('watchlist.add', { list: 'majors', instrument: ID });
    await world.clock.advance(60_000);
    const pinned = { since: first, rate: 0.0001 };
    expect((await world.row(ID)).pinned).toEqual(pinned);
    expect((await world.row('alpha:BTCUSDT')).pinned).toBeNull();
    const then = await world.call('watchlist.rows', { asOf: world.clock.now() });
    expect(then.find(({ instrument }) => instrument.id === ID)?.pinned).toEqual(pinned);
  }, 20_000);
});
