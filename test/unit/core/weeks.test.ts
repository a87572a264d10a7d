import { expect, test } from 'vitest';
import { weeks } from '#test/soak/weeks.ts';

test('hours with outages, sleep and restarts loses nothing and shows what the replay gives (weeks of it: npm run soak)', async () => {
  const { polls, hours, settled, restarts, outages, sleeps } = await weeks({ days: 0.25, seed: 2, apartH: 0.5 });
  expect(Math.min(restarts, outages, sleeps)).toBeGreaterThan(0);
  expect(polls).toBeGreaterThan(1000);
  expect(hours).toBeGreaterThan(8);
  // Ten days before the start, hourly on one venue and every 8 h on the other.
  expect(settled).toBeGreaterThan(270);
}, 600_000);
