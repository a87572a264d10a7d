import { expect, test } from 'vitest';
import { fuzzParsers } from '#test/soak/parsers.ts';

test('whatever a venue sends is a good answer or a short VenueError, in good time (more of it: npm run soak)', async () => {
  const { read, refused } = await fuzzParsers({ runs: 20, seed: 7 });
  // Both happen, or nothing was tried.
  expect(Math.min(read, refused)).toBeGreaterThan(50);
}, 120_000);
