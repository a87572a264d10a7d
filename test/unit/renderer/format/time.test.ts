import { expect, it } from 'vitest';
import { age, countdown, formatTime, shortAge, zoneName } from '#renderer/format/time.ts';

const T = Date.UTC(2026, 10, 21, 5, 7, 9);

it('counts down in hours, minutes and seconds', () => {
  expect([countdown(4_329_000), countdown(999), countdown(100 * 3_600_000), countdown(0), countdown(-5), countdown(Number.NaN)]).toEqual([
    '01:12:09',
    '00:00:00',
    '100:00:00',
    'due',
    'due',
    'due',
  ]);
});

it('tells ages in the largest whole unit', () => {
  expect([age(-3000), age(12_999), age(60_000), age(3_599_999), age(86_399_999), age(5 * 86_400_000)]).toEqual([
    '0 s',
    '12 s',
    '1 min',
    '59 min',
    '23 h',
    '5 d',
  ]);
  expect([shortAge(12_000), shortAge(240_000), shortAge(3 * 3_600_000)]).toEqual(['12s', '4m', '3h']);
});

it('writes times in the asked zone and names the zone', () => {
  expect(formatTime(T, 'second', 'utc')).toBe('05:07:09');
  expect(formatTime(T, 'full', 'utc')).toMatch(/^Sat 21 Nov 2026,? 05:07$/u);
  expect(formatTime(T, 'day', 'utc')).toBe('21 Nov');
  expect(formatTime(Date.UTC(2026, 10, 21), 'minute', 'utc')).toBe('00:00');
  expect(zoneName('utc', T)).toBe('UTC');
  expect(zoneName('local', T)).not.toBe('');
});

it('a named zone has its own clock, and the name that it has at that moment', () => {
  expect(formatTime(T, 'full', 'America/New_York')).toBe('Sat 21 Nov 2026, 00:07');
  expect(formatTime(T, 'minute', 'Asia/Kolkata')).toBe('10:37');
  expect(zoneName('Europe/Berlin', T)).toBe('CET');
  expect(zoneName('Europe/Berlin', Date.UTC(2026, 6, 1))).toBe('CEST');
});
