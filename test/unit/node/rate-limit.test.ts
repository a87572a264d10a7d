import { createRateLimit } from '#node/rate-limit.ts';
import { expect, test } from 'vitest';

test('lets three through in ten minutes, and three again once the first has aged', () => {
  const may = createRateLimit(3, 600_000);
  expect([0, 1000, 2000].map(may)).toEqual([true, true, true]);
  expect(may(3000)).toBe(false);
  expect(may(599_999)).toBe(false);
  expect(may(1_300_000)).toBe(true);
});

test('a slow drip is never too much', () => {
  const may = createRateLimit(3, 600_000);
  expect(Array.from({ length: 100 }, (_, n) => may(n * 300_000))).not.toContain(false);
});
