import { expect, test } from 'vitest';
import { freshness } from '#domain/freshness.ts';

const POLL = 30_000;
const observed = 1_700_000_000_000;
const look = (ageMs: number, fundingInMs: number | null = null, pollMs = POLL) =>
  freshness(observed + ageMs, observed, fundingInMs === null ? null : observed + fundingInMs, pollMs);

test('stale past two polls and 5 s, dead past 5 minutes', () => {
  expect(look(0)).toBe('fresh');
  expect(look(-400)).toBe('fresh');
  expect(look(65_000)).toBe('fresh');
  expect(look(65_001)).toBe('stale');
  expect(look(300_000)).toBe('stale');
  expect(look(300_001)).toBe('dead');
  expect(look(300_001, null, 3_600_000)).toBe('dead');
});

test('stale past the funding time that it was an estimate for', () => {
  expect(look(1000, 1000)).toBe('fresh');
  expect(look(1001, 1000)).toBe('stale');
  expect(look(300_001, 1000)).toBe('dead');
});

test('the slack can be another', () => {
  expect(freshness(observed + 66_000, observed, null, POLL, 10_000)).toBe('fresh');
});
