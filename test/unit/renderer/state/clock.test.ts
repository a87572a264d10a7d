import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { AppClock } from '#renderer/state/clock.svelte.ts';

// Twelve instruments of one venue; the app's time is 12:00:00.900 when it answers.
const IDS = Array.from({ length: 12 }, (_, i) => `binance:A${i}USDT`);
const NOON = Date.UTC(2026, 10, 30, 12);
const ANSWERED = NOON + 900;

beforeEach(() => {
  vi.useFakeTimers();
  // A rune is the compiler's word: what it makes of a value is that value, watched.
  vi.stubGlobal('$state', <T>(value: T): T => value);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const secondsOf = (clock: AppClock): number[] => IDS.map((id) => (clock.nowOf(id) - NOON) / 1000);

test('a new second reaches the instruments a part at a time, and all of them within half a second', () => {
  const clock = new AppClock();
  clock.sync({ now: ANSWERED, speed: 1 });
  const stop = clock.start();
  expect(new Set(secondsOf(clock))).toEqual(new Set([0]));
  const moved: number[] = [];
  for (let at = 125; at <= 625; at += 125) {
    const before = secondsOf(clock);
    vi.advanceTimersByTime(125);
    moved.push(secondsOf(clock).filter((second, i) => second !== before[i]).length);
  }
  // 12:00:01 begins before the first step of 125 ms ends: four steps, each of which moves some and none all.
  expect(moved.slice(0, 4).every((count) => count > 0 && count < IDS.length / 2)).toBe(true);
  expect(moved.reduce((sum, count) => sum + count, 0)).toBe(IDS.length);
  expect(new Set(secondsOf(clock))).toEqual(new Set([1]));
  stop();
  vi.advanceTimersByTime(5000);
  expect(new Set(secondsOf(clock))).toEqual(new Set([1]));
});

test('where time runs faster all are told the same', () => {
  const clock = new AppClock();
  clock.sync({ now: ANSWERED, speed: 60 });
  const stop = clock.start();
  for (let at = 0; at < 2000; at += 125) {
    vi.advanceTimersByTime(125);
    expect(new Set(secondsOf(clock)).size).toBe(1);
  }
  // 0.9 s and 2 s of the machine later, at the last of the four steps that lie half a second apart.
  expect(secondsOf(clock)[0]).toBeGreaterThanOrEqual(90);
  stop();
});

test('a window in the past stands still, and all of it at one moment', () => {
  const clock = new AppClock();
  clock.sync({ now: ANSWERED, speed: 1 });
  clock.standsAt = NOON - 3_600_000;
  expect(new Set(secondsOf(clock))).toEqual(new Set([-3600]));
  expect(clock.now).toBe(NOON - 3_600_000);
});
