import { expect, test } from 'vitest';
import { asOfSoak } from '#test/soak/as-of.ts';

test('what every metric showed is what a read as of then gives, whatever came later (days of it: npm run soak)', async () => {
  const { cells, looks, entries, moments, values, changedSince, late, corrected, restarts } = await asOfSoak({
    days: 0.13,
    seed: 5,
    apart: 1,
    parts: 3,
  });
  expect(Math.min(late, corrected, restarts)).toBeGreaterThan(0);
  expect(values).toBeGreaterThan(300);
  expect(cells).toBeGreaterThan(500);
  expect(looks).toBe(2 * moments);
  expect(entries).toBeGreaterThan(0);
  // Without a later word there is nothing to tell apart.
  expect(changedSince).toBeGreaterThan(0);
}, 600_000);
