import { expect, test } from 'vitest';
import { createAgain } from '#core/read/again.ts';

const clock = { now: 0, speed: 1, monotonic: () => clock.now };
const SECOND = 1000;

test('what fails again and again is tried after 5 s, then after twice as long each time, a minute at most', () => {
  const again = createAgain<string>(clock);
  const waits: number[] = [];
  for (let times = 0; times < 9; times++) {
    const wait = again.failed('a');
    waits.push(wait / SECOND);
    clock.now += wait - 1;
    expect(again.due()).toEqual([]);
    clock.now += 1;
    expect(again.due()).toEqual(['a']);
    // Told once, until it has failed again.
    expect(again.due()).toEqual([]);
  }
  expect(waits).toEqual([5, 10, 20, 40, 60, 60, 60, 60, 60]);
});

test('waits are real time: of a clock that runs ten times as fast they are ten times as long', () => {
  const fast = { now: 0, speed: 10, monotonic: () => fast.now };
  const again = createAgain<string>(fast);
  expect(again.failed('a')).toBe(5 * SECOND);
  fast.now = 50 * SECOND - 1;
  expect(again.due()).toEqual([]);
  fast.now += 1;
  expect(again.due()).toEqual(['a']);
});

test('one that was worked out begins with the shortest wait the next time, whatever fails beside it', () => {
  const again = createAgain<string>(clock);
  for (const one of ['a', 'b', 'b']) again.failed(one);
  again.over('a');
  expect([again.failed('a'), again.failed('b')]).toEqual([5 * SECOND, 20 * SECOND]);
  clock.now += 5 * SECOND;
  expect(again.due()).toEqual(['a']);
});
