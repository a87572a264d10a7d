import { afterEach, expect, test } from 'vitest';
import type { Moment } from '#bridge/as-of.ts';
import type { CalculatorFacts } from '#bridge/facts.ts';
import { HOUR, START, World } from '#test/support/world.ts';

const MINUTE = 60_000;
const DAY = 24 * HOUR;
const [BTC, ETH] = ['alpha:BTCUSDT', 'alpha:ETHUSDT'];
const hours = (n: number): number => START - 30 * MINUTE + n * HOUR;
let world: World;
afterEach(async () => {
  await world.stop();
  world.dispose();
});

const wave = (t: number): number => Math.round(1e6 * (100 + Math.sin(t / (5 * HOUR)))) / 1e10;
const list = (mark: number, tickSize: string): void => {
  world.market().list('BTCUSDT', { asset: 'BTC', rate: wave, mark, rules: { tickSize } });
  world.market().list('ETHUSDT', { asset: 'ETH', rate: (t) => -2 * wave(t), intervalH: () => 4 });
};
async function asked<T>(answer: Promise<T>): Promise<T> {
  await world.clock.advance(2000);
  return answer;
}
const facts = (instrument: string, asOf: Moment | null = null): Promise<CalculatorFacts> =>
  asked(world.call('decisions.facts', { instrument, asOf }));

/** The market of before, and from 02:30 on another one, under other thresholds. */
async function open(): Promise<{ readonly at: number; readonly live: CalculatorFacts }> {
  world = new World({ speed: 10, view: { selected: BTC } });
  world.market().oldestAt = START - 30 * DAY;
  list(100, '0.01');
  await world.start();
  await world.clock.until(hours(2) + 10 * MINUTE);
  await facts(BTC);
  await world.clock.until(hours(2) + 20 * MINUTE);
  const live = await facts(BTC);
  const at = world.clock.now();
  await world.clock.until(hours(2) + 30 * MINUTE);
  list(130, '0.5');
  await world.call('thresholds.change', { instrument: null, theta: 0.02 });
  await world.clock.until(hours(4) + 30 * MINUTE);
  await facts(BTC);
  return { at, live };
}

test('a calculator of then is filled with what it was filled with then, whatever has changed since', async () => {
  const { at, live } = await open();
  expect(live).toMatchObject({ mark: 100, theta: 0.0005, rules: { tickSize: '0.01' }, missing: [] });
  const now = await facts(BTC);
  expect(now).toMatchObject({ mark: 130, theta: 0.02, rules: { tickSize: '0.5' } });
  const then = await facts(BTC, at);
  expect(then.missing).toEqual([]);
  // A recorded book has merged levels; its best ones are as they were.
  const { book, rules, ...rest } = then;
  const { book: liveBook, rules: liveRules, ...liveRest } = live;
  expect(rest).toEqual(liveRest);
  expect({ ...rules, at: null }).toEqual({ ...liveRules, at: null });
  expect(Number(book?.bids[0]?.[0])).toBeCloseTo(Number(liveBook?.bids[0]?.[0]), 4);
  expect(book?.at).toBeLessThanOrEqual(at);
  expect(book?.at).toBeGreaterThan(at - 5 * MINUTE);
}, 60_000);

test('in venue time too nothing of a later time is taken: no later order rules, book or price', async () => {
  const { at } = await open();
  const then = await facts(BTC, { venueTime: at });
  expect(then).toMatchObject({ mark: 100, rules: { tickSize: '0.01' }, missing: [] });
  expect(then.rules?.at).toBeLessThanOrEqual(at);
  // Days before anything was recorded: prices and settlements were fetched, the rest is not known and says so.
  const before = await facts(BTC, { venueTime: hours(-45) + 10 * MINUTE });
  expect(before).toMatchObject({ mark: 100, intervalH: 8, closesTo: hours(-45), book: null, rules: null, openInterest: null });
  expect(before.missing).toEqual([
    { what: 'rules', why: 'What the venue demanded of orders then was not recorded.' },
    { what: 'book', why: expect.stringMatching(/^No order book of then is kept/u) as string },
  ]);
}, 60_000);

test('a book that was old then is none of then', async () => {
  const { at } = await open();
  world.market().faults.set('/book', { kind: 'network' });
  await world.clock.advance(20 * MINUTE);
  const last = await facts(BTC, at);
  expect(last.book).not.toBeNull();
  const now = world.clock.now();
  const { at: times } = await world.store.books(BTC, 0, now);
  const newest = times.at(-1) ?? NaN;
  expect(now - newest).toBeGreaterThan(6 * MINUTE);
  expect((await facts(BTC, newest + 5 * MINUTE - 1)).book?.at).toBe(newest);
  expect((await facts(BTC, newest + 5 * MINUTE)).book).toBeNull();
}, 60_000);

test('the past of a pair ends where it ended then', async () => {
  await open();
  const pair = { long: BTC, short: ETH };
  const at = world.clock.now();
  const live = await asked(world.call('decisions.spread', { ...pair, asOf: null }));
  expect(live.to).toBe(hours(4));
  await world.clock.until(hours(6) + 30 * MINUTE);
  expect((await asked(world.call('decisions.spread', { ...pair, asOf: null }))).to).toBe(hours(6));
  expect(await asked(world.call('decisions.spread', { ...pair, asOf: at }))).toEqual(live);
  const spot = await asked(world.call('decisions.spread', { long: null, short: ETH, asOf: at }));
  expect([spot.to, spot.history.at(-1)]).toEqual([hours(4), (-2 * wave(Math.floor(hours(4) / (4 * HOUR)) * 4 * HOUR)) / 4]);
}, 60_000);
