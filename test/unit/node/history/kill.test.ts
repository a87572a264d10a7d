import { expect, test } from 'vitest';
import { killLoop } from '#test/soak/kill.ts';

test('kill -9 at any moment loses no acknowledged poll and leaves none torn (the long one: npm run soak)', async () => {
  const { kills, acknowledged } = await killLoop({ kills: 12, seed: 20261121 });
  expect(kills).toBe(12);
  expect(acknowledged).toBeGreaterThanOrEqual(12);
});
