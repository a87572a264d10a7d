import { expect, test } from 'vitest';
import { manyVenues, wireFaults } from '#test/soak/venues.ts';

test('hours of three venues that fail in every way lose no settlement and tell none twice (a week of twelve: npm run soak)', async () => {
  const { polls, settled, faults, timers } = await manyVenues({ hours: 2, venues: 3, symbols: 6, seed: 11 });
  expect(Object.keys(faults).length).toBeGreaterThan(1);
  expect(polls).toBeGreaterThan(60);
  // Three days before the start and two hours of faults; one instrument of each interval on each venue.
  expect(settled).toBeGreaterThan(3 * (3 * (3 + 6 + 24)));
  expect(Math.max(...timers)).toBeLessThan(40);
}, 600_000);

test('after every fault of the wire no socket stays open but those that wait for the next request', async () => {
  const { failed, sockets } = await wireFaults(60, 5);
  expect(failed).toBeGreaterThan(20);
  expect(sockets).toBeLessThanOrEqual(12);
}, 60_000);
