import { expect, test } from 'vitest';
import { weeks } from '#test/soak/weeks.ts';

test('a day with outages, sleep and restarts loses nothing and shows what the replay gives (weeks of it: npm run soak)', async () => {
  const { polls, hours, settled, restarts, outages, sleeps } = await weeks({ days: 1, seed: 3 });
  expect(Math.min(restarts, outages, sleeps)).toBeGreaterThan(0);
  expect(polls).toBeGreaterThan(5000);
  expect(hours).toBeGreaterThan(40);
  // Ten days before the start and one after, hourly on one venue and every 8 h on the other.
  expect(settled).toBeGreaterThan(290);
}, 600_000);
