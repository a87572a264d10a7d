import { expect, test } from 'vitest';
import { HOUR, instrument, openStore, poll, snapshot, T0 } from './support.ts';

const [BTC, ETH, NONE] = [instrument('BTC').id, instrument('ETH').id, instrument('NONE').id];
const MINUTE = HOUR / 60;

test('the least and the greatest rate per hour are of every poll of the hours that closed, as known by then', () => {
  const { store, clock } = openStore();
  // BTC within its hours: 4 and 8, then 1 and 2 after its interval became 1 h; ETH of no known interval at first.
  const polls = [
    [10, 0.0004, 8, null],
    [20, 0.0064, 8, null],
    [70, 0.0008, 8, null],
    [80, 0.0001, 1, 4],
    [130, 0.0002, 1, 4],
    [140, 0.9, 1, 4],
    [190, 0.0005, 1, 4],
  ] as const;
  for (const [minute, rate, intervalH, ethH] of polls) {
    const [btc, eth] = [snapshot('BTC', { rate, intervalH }), snapshot('ETH', { rate: -0.0004, intervalH: ethH })];
    store.recordPoll(poll(T0 + minute * MINUTE, [btc, eth]));
  }
  clock.now = T0 + 195 * MINUTE;
  const ranges = (from: number, to: number, asOf: number | null = null): number[][] => {
    const { least, greatest } = store.rateRanges([ETH, BTC, NONE], T0 + from * HOUR, T0 + to * HOUR, asOf);
    return [0, 1, 2].map((i) => [least[i] ?? 0, greatest[i] ?? 0]);
  };
  const none = [NaN, NaN];
  // The second hour began with 0.0008 per 8 h and ended with 0.0001 per hour: 0.0008 is no rate per hour of it.
  expect(ranges(1, 2)).toEqual([[-0.0001, -0.0001], [0.0001, 0.0001], none]);
  expect(ranges(0, 1)).toEqual([none, [0.00005, 0.0008], none]);
  expect(ranges(1, 3)).toEqual([[-0.0001, -0.0001], [0.0001, 0.9], none]);
  expect(ranges(0, 3)).toEqual([[-0.0001, -0.0001], [0.00005, 0.9], none]);
  // The hour in progress is not over; by its end it is, though no later poll has closed it.
  expect(ranges(3, 3)).toEqual([none, none, none]);
  clock.now = T0 + 241 * MINUTE;
  expect(ranges(3, 4)).toEqual([[-0.0001, -0.0001], [0.0005, 0.0005], none]);
  expect(ranges(0, 3, T0 + 65 * MINUTE)).toEqual([none, [0.00005, 0.0008], none]);
  store.maintain(clock.now + 40 * 24 * HOUR);
  expect(ranges(0, 3)).toEqual([[-0.0001, -0.0001], [0.00005, 0.9], none]);
  expect(ranges(1, 2)).toEqual([[-0.0001, -0.0001], [0.0001, 0.0001], none]);
});

test('of the hour in which an interval becomes longer the rates of before are no rates per hour of it either', () => {
  const { store, clock } = openStore();
  // 0.0001 an hour, then 0.0016 per 8 h: never less than 0.0001 an hour.
  for (const [minute, rate, intervalH] of [
    [10, 0.0001, 1],
    [70, 0.0001, 1],
    [80, 0.0016, 8],
    [130, 0.0016, 8],
    [190, 0.0016, 8],
  ] as const)
    store.recordPoll(poll(T0 + minute * MINUTE, [snapshot('BTC', { rate, intervalH })]));
  clock.now = T0 + 195 * MINUTE;
  const { least, greatest } = store.rateRanges([BTC], T0, T0 + 3 * HOUR, null);
  expect([least[0], greatest[0]]).toEqual([0.0001, 0.0002]);
});
