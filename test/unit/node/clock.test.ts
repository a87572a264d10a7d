import { afterEach, expect, test, vi } from 'vitest';
import { createClock } from '#node/clock.ts';

const DAY_MS = 86_400_000;

afterEach(() => {
  vi.useRealTimers();
});

const fakeTime = () => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'hrtime', 'Date'], now: 1_700_000_000_000 });

test('the live clock is the wall clock, also when that is set back', () => {
  fakeTime();
  const clock = createClock({ speed: 1, startAt: null });
  const before = clock.monotonic();
  expect(clock.now()).toBe(1_700_000_000_000);
  vi.setSystemTime(1_600_000_000_000);
  expect(clock.now()).toBe(1_600_000_000_000);
  vi.advanceTimersByTime(250);
  expect(clock.now()).toBe(1_600_000_000_250);
  expect(clock.monotonic() - before).toBeCloseTo(250, 6);
});

test('the demo clock starts where it is told, runs at its speed and ignores the wall', () => {
  fakeTime();
  const clock = createClock({ speed: 60, startAt: 5_000 });
  expect(clock.now()).toBe(5_000);
  vi.setSystemTime(0);
  vi.advanceTimersByTime(60_000);
  expect(clock.now()).toBe(5_000 + 3_600_000);
  expect(clock.monotonic()).toBeCloseTo(3_600_000, 3);
});

test('after() waits in its own time, and not after it was cancelled', () => {
  fakeTime();
  const clock = createClock({ speed: 60, startAt: 0 });
  const fired: string[] = [];
  clock.after(3_600_000, () => fired.push('hour'));
  const cancel = clock.after(1_800_000, () => fired.push('half'));
  cancel();
  vi.advanceTimersByTime(59_999);
  expect(fired).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(fired).toEqual(['hour']);
});

test('a delay longer than setTimeout can hold is waited out', () => {
  fakeTime();
  const clock = createClock({ speed: 1, startAt: null });
  let fired = 0;
  clock.after(60 * DAY_MS, () => (fired += 1));
  vi.advanceTimersByTime(60 * DAY_MS - 1);
  expect(fired).toBe(0);
  vi.advanceTimersByTime(1);
  expect(fired).toBe(1);
});

test('on real timers after() is never early, however fast the clock', async () => {
  const clock = createClock({ speed: 3600, startAt: 0 });
  const due = clock.monotonic() + 10_000;
  await new Promise<void>((resolve) => clock.after(10_000, resolve));
  expect(clock.monotonic()).toBeGreaterThanOrEqual(due);
});

test('nonsense is refused', () => {
  expect(() => createClock({ speed: 0, startAt: null })).toThrow(RangeError);
  expect(() => createClock({ speed: Number.NaN, startAt: null })).toThrow(RangeError);
  expect(() => createClock({ speed: 1, startAt: null }).after(Number.NaN, () => undefined)).toThrow(RangeError);
});
