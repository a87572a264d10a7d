import { describe, expect, test } from 'vitest';
import { clockSentence } from '#core/collect/clock-words.ts';
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

describe('a venue’s clock is believed only where a second source agrees', () => {
  const HOUR = 3_600_000;
  const DAY = 24 * HOUR;
  const NOW = 1_800_000_000_000;
  function heard(offsets: Readonly<Record<string, number>>) {
    const clock = new FakeClock(NOW);
    const clocks = createVenueClocks(clock);
    const say = (venue: string, ahead: number) => clocks.add(venue, clock.now() + ahead, clock.monotonic(), clock.monotonic());
    for (const [venue, ahead] of Object.entries(offsets)) say(venue, ahead);
    return { clock, clocks, say, ahead: (venue: string) => clocks.now(venue) - clock.now() };
  }

  test.each([
    // This machine's wall agrees, to five minutes.
    [{ a: 299_000 }, { a: 299_000, b: 299_000 }, 'either', 'believed'],
    // No two agree: an hour and a year ahead, an hour behind.
    [{ a: HOUR }, { a: 0, b: 0 }, 'either', 'refused'],
    [{ a: 365 * DAY }, { a: 0, b: 0 }, 'either', 'refused'],
    [{ a: -HOUR }, { a: 0, b: 0 }, 'either', 'refused'],
    // Another venue agrees with it: this machine is wrong. Nothing goes into its future all the same.
    [{ a: HOUR, b: HOUR + 2000 }, { a: 0, b: 0, c: 0 }, 'computer', 'refused'],
    [{ a: 600_000, b: 600_000, c: 600_000 }, { a: 0, b: 0, c: 0 }, 'computer', 'refused'],
    [{ a: -HOUR, b: -HOUR, c: -HOUR }, { a: -HOUR }, 'computer', 'believed'],
    // Another venue agrees with this machine: it is the venue.
    [{ a: HOUR, b: 1000 }, { a: 1000, b: 1000, c: 1000 }, 'venue', 'refused'],
    // As many on either side: this machine's.
    [{ a: HOUR, b: HOUR, c: 0 }, { a: 0, b: 0, c: 0 }, 'either', 'refused'],
    // Two that agree, and one on its own.
    [{ a: 3 * HOUR, b: -HOUR, c: -HOUR }, { a: -HOUR, b: -HOUR, c: -HOUR }, 'either', 'refused'],
    [{ a: 2 * DAY, b: 2 * DAY, c: 2 * DAY }, { a: 0, b: 0, c: 0 }, 'computer', 'refused'],
    // A recording goes by its own time and says nothing of the others'.
    [{ a: -400 * DAY, b: 0 }, { a: -400 * DAY, b: 0, c: 0 }, 'venue', 'recording'],
    [{ a: -400 * DAY }, { a: -400 * DAY }, 'either', 'recording'],
  ] as const)('%j: %j, the fault of %s, %s', (offsets, expected, fault, standing) => {
    const { clocks, ahead } = heard(offsets);
    for (const [venue, ms] of Object.entries(expected)) expect(ahead(venue), venue).toBe(ms);
    expect(clocks.opinion('a')).toEqual({ fault, standing });
    expect(clocks.offsetMs('a')).toBe(offsets.a);
  });

  test('once it agreed with this machine, a wall that is set is no reason to leave it', () => {
    const { clock, clocks, say, ahead } = heard({ a: 500 });
    clock.setWall(HOUR);
    say('a', 500 - HOUR);
    expect(ahead('a')).toBe(500 - HOUR);
    expect(clocks.opinion('a')).toEqual({ fault: 'computer', standing: 'believed' });
    expect(clocks.wallOffsetMs()).toBe(500 - HOUR);
  });

  test('a clock that runs fast is left once it is five minutes off', () => {
    const { clocks, say, ahead } = heard({ a: 0 });
    for (let ms = 0; ms <= HOUR; ms += 10_000) {
      say('a', ms);
      expect(ahead('a')).toBeLessThanOrEqual(300_000);
    }
    expect(clocks.opinion('a')).toEqual({ fault: 'either', standing: 'refused' });
  });

  test.each([
    [HOUR, 'computer', 'believed', "This computer's clock is 60 min behind A's. Times are put right, but set the clock."],
    [
      -HOUR,
      'venue',
      'refused',
      "A's clock is 60 min behind this computer's, and the other sources agree with this computer. It is not believed: its rows go by when they came.",
    ],
    [
      6000,
      'either',
      'believed',
      "A's clock is 6 s ahead of this computer's, and nothing else says which is right. Its rows go by its own clock. Is this computer's clock set?",
    ],
  ] as const)('%i ms, %s, %s in words', (offsetMs, fault, standing, words) => {
    expect(clockSentence('A', offsetMs, { fault, standing })).toBe(words);
  });
});

test('sleep is seen whether or not the monotonic clock counts it; a late tick is none', () => {
  const clock = new FakeClock(0);
  const watch = createSleepWatch(clock, 1000);
  const tick = async (before: () => void = () => undefined) => {
    before();
    await clock.advance(1000);
    return watch.check();
  };
  return (async () => {
    expect(await tick()).toBeNull();
    expect(await tick(() => clock.sleep(20_000))).toBeNull();
    expect(await tick(() => clock.sleep(3_600_000))).toBe(3_600_000);
    expect(await tick()).toBeNull();
    expect(await tick(() => clock.sleep(3_600_000, true))).toBe(3_600_000);
    expect(await tick(() => clock.setWall(-3_600_000))).toBe(-3_600_000);
    expect(await tick()).toBeNull();
  })();
});
