import { expect, test } from 'vitest';
import { createAlarm } from '#core/collect/alarm.ts';
import { backoffMs } from '#core/collect/backoff.ts';
import { createSleepWatch } from '#core/collect/sleep-watch.ts';
import { createVenueClocks, median } from '#core/collect/venue-clock.ts';
import { FakeClock } from '#test/support/fake-clock.ts';

test('back-off: full jitter between 1 s and a ceiling that doubles up to 5 min', () => {
  const ceilings = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 60].map((failures) => backoffMs(failures, () => 1) / 1000);
  expect(ceilings).toEqual([2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]);
  expect(backoffMs(5, () => 0)).toBe(1000);
});

test('an alarm waits, is cut short, and keeps a ring that came before the wait', async () => {
  const clock = new FakeClock(0);
  const alarm = createAlarm(clock);
  const ended: string[] = [];
  void alarm.wait(1000).then(() => ended.push('time'));
  await clock.advance(999);
  expect(ended).toEqual([]);
  await clock.advance(1);
  void alarm.wait(Infinity).then(() => ended.push('rung'));
  await clock.advance(1_000_000);
  expect(ended).toEqual(['time']);
  alarm.ring();
  await clock.advance(0);
  alarm.ring(500);
  void alarm.wait(10_000).then(() => ended.push('early'));
  await clock.advance(499);
  expect(ended).toEqual(['time', 'rung']);
  await clock.advance(1);
  expect(ended).toEqual(['time', 'rung', 'early']);
  expect(clock.pending).toBe(0);
});

test('the median of an even count is the mean of the middle two', () => {
  expect(median([])).toBeNull();
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 3, 2])).toBe(2.5);
});

test('venue time is the median of five samples; a venue without a clock of its own goes by the others’', async () => {
  const clock = new FakeClock(1_000_000);
  const clocks = createVenueClocks(clock);
  expect(clocks.now('a')).toBe(1_000_000);
  expect(clocks.offsetMs('a')).toBeNull();
  for (const ahead of [100, 100, 9000, 100, 100]) {
    const mono = clock.monotonic();
    clocks.add('a', clock.now() + ahead, mono - 50, mono + 50);
    await clock.advance(1000);
  }
  expect(clocks.offsetMs('a')).toBe(100);
  expect(clocks.now('a')).toBe(clock.now() + 100);
  expect(clocks.now('b')).toBe(clock.now() + 100);
  expect(clocks.offsetMs('b')).toBeNull();
  expect(clocks.wallOffsetMs()).toBe(100);
  clock.setWall(20_000);
  expect(clocks.now('a')).toBe(clock.now() + 100 - 20_000);
  expect(clocks.offsetMs('a')).toBe(100 - 20_000);
  clock.sleep(60_000);
  expect(clocks.now('a')).toBe(clock.now());
});

test('venues that disagree about the time say nothing of this machine’s, nor of a venue that never says its own', () => {
  const clock = new FakeClock(1_000_000_000_000);
  const clocks = createVenueClocks(clock);
  const say = (venue: string, ahead: number) => clocks.add(venue, clock.now() + ahead, clock.monotonic(), clock.monotonic());
  say('recording', -150_000_000_000);
  say('live', 2000);
  expect(clocks.now('recording')).toBe(clock.now() - 150_000_000_000);
  expect(clocks.now('live')).toBe(clock.now() + 2000);
  expect(clocks.now('silent')).toBe(clock.now());
  expect(clocks.wallOffsetMs()).toBe(0);
});

test('sleep is seen whether or not the monotonic clock counts it; a late beat is none', () => {
  const clock = new FakeClock(0);
  const watch = createSleepWatch(clock, 1000);
  const beat = async (before: () => void = () => undefined) => {
    before();
    await clock.advance(1000);
    return watch.check();
  };
  return (async () => {
    expect(await beat()).toBeNull();
    expect(await beat(() => clock.sleep(20_000))).toBeNull();
    expect(await beat(() => clock.sleep(3_600_000))).toBe(3_600_000);
    expect(await beat()).toBeNull();
    expect(await beat(() => clock.sleep(3_600_000, true))).toBe(3_600_000);
    expect(await beat(() => clock.setWall(-3_600_000))).toBe(-3_600_000);
    expect(await beat()).toBeNull();
  })();
});
