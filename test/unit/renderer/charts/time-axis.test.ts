import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { timeLabel, timeTicks } from '#renderer/charts/time-axis.ts';
import { midnight as midnightOf } from '#renderer/format/zone-time.ts';

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

describe('a named zone', () => {
  const dayOf = (t: number, zone: string): string =>
    new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' }).format(t);

  it('has its days at its own midnights, on both sides of a change of clocks', () => {
    // Berlin goes back on 25 Oct 2026, New York on 1 Nov.
    for (const zone of ['Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe']) {
      const ticks = timeTicks(Date.UTC(2026, 9, 20), Date.UTC(2026, 10, 10), 24, zone);
      expect(ticks.length).toBeGreaterThan(18);
      expect(new Set(ticks.map((t) => dayOf(t, zone).slice(-5)))).toEqual(new Set(['00:00']));
    }
    const lengths = apart(timeTicks(Date.UTC(2026, 9, 22), Date.UTC(2026, 9, 30), 10, 'Europe/Berlin'));
    expect(lengths.map((ms) => ms / HOUR).sort()).toEqual([24, 25]);
  });

  it('has even hours of its own clocks on the day on which they are set', () => {
    const ticks = timeTicks(Date.UTC(2026, 2, 28, 23), Date.UTC(2026, 2, 30, 4), 10, 'Europe/Berlin');
    expect(ticks.map((t) => timeLabel(t, 29 * HOUR, 'Europe/Berlin'))).toContain('30 Mar');
    expect(apart(ticks.filter((t) => t >= Date.UTC(2026, 2, 29, 22)))).toHaveLength(1);
  });

  it('begins a day at the moment to which clocks go where they skip midnight, and at the first of two midnights', () => {
    // Beirut skips 00:00 on 29 Mar 2026; Havana shows 00:00 twice on 1 Nov 2026.
    expect(new Date(midnightOf('Asia/Beirut', 2026, 2, 29)).toISOString()).toBe('2026-03-28T22:00:00.000Z');
    expect(new Date(midnightOf('America/Havana', 2026, 10, 1)).toISOString()).toBe('2026-11-01T04:00:00.000Z');
  });
});
