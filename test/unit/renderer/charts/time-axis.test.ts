import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { timeLabel, timeTicks } from '#renderer/charts/time-axis.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const midnight = Date.UTC(2026, 10, 21);
const zoneOfMachine = process.env['TZ'];
afterEach(() => {
  if (zoneOfMachine === undefined) delete process.env['TZ'];
  else process.env['TZ'] = zoneOfMachine;
});

const apart = (ticks: readonly number[]): number[] => [...new Set(ticks.slice(1).map((t, i) => t - (ticks[i] ?? 0)))];

it('labels days at midnight and over long spans, hours otherwise', () => {
  expect(timeLabel(midnight, DAY, 'utc')).toBe('21 Nov');
  expect(timeLabel(midnight + 6 * HOUR, DAY, 'utc')).toBe('06:00');
  expect(timeLabel(midnight + 6 * HOUR, 30 * DAY, 'utc')).toBe('21 Nov');
  expect(timeLabel(midnight, 400 * DAY, 'utc')).toBe('Nov 2026');
});

describe('ticks', () => {
  it.each([
    [DAY, 3 * HOUR],
    [3 * DAY, 12 * HOUR],
    [7 * DAY, DAY],
    [30 * DAY, 3 * DAY],
    [90 * DAY, 14 * DAY],
  ])('of %d ms are evenly apart across the ends of months', (span, step) => {
    expect(apart(timeTicks(midnight - span, midnight, 10, 'utc'))).toEqual([step]);
  });

  it('of a year are the first days of months', () => {
    const ticks = timeTicks(midnight - 365 * DAY, midnight, 10, 'utc');
    expect(ticks.map((t) => new Date(t).toISOString().slice(5, 16))).toEqual(
      ['01', '03', '05', '07', '09', '11'].map((month) => `${month}-01T00:00`),
    );
  });

  it('stay where they are while the view moves, lie inside it and are not many', () => {
    const input = fc.record({
      from: fc.integer({ min: Date.UTC(2019, 0), max: Date.UTC(2027, 0) }),
      span: fc.integer({ min: 6 * HOUR, max: 2500 * DAY }),
      move: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(input, ({ from, span, move }) => {
        const ticks = timeTicks(from, from + span, 12, 'utc');
        expect(ticks.length).toBeLessThanOrEqual(13);
        expect(ticks.every((t) => t >= from && t <= from + span)).toBe(true);
        const by = Math.floor(span * move);
        const moved = timeTicks(from + by, from + by + span, 12, 'utc');
        expect(moved.filter((t) => t <= from + span)).toEqual(ticks.filter((t) => t >= from + by));
      }),
    );
  });

  it.each(['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu'])('of %s follow its midnights', (zone) => {
    process.env['TZ'] = zone;
    for (const [from, span] of [
      [Date.UTC(2026, 9, 20), 5 * DAY],
      [Date.UTC(2026, 9, 1), 60 * DAY],
      [Date.UTC(2026, 2, 1), 20 * DAY],
    ] as const) {
      const ticks = timeTicks(from, from + span, 12, 'local');
      expect(ticks.length).toBeGreaterThan(4);
      for (const t of ticks) expect(new Date(t).getHours() % 3).toBe(0);
      for (const t of ticks) expect(new Date(t).getMinutes()).toBe(0);
      if (span > 6 * DAY) for (const t of ticks) expect(timeLabel(t, span, 'local')).toMatch(/^\d\d \w{3,4}$/u);
    }
  });
});
