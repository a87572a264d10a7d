import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HOUR_MS, hourClose, MINUTE_MS, SETTLEMENT_SLACK_MS, settlementKey } from '#domain/time.ts';

const hour = 1_700_000_000_000 - (1_700_000_000_000 % HOUR_MS);

test.each([
  [3, 0],
  [47, 0],
  [111_000, 0],
  [-20_000, 0],
  [SETTLEMENT_SLACK_MS, 0],
  [-SETTLEMENT_SLACK_MS, 0],
  [SETTLEMENT_SLACK_MS + 1, 5 * MINUTE_MS],
  [30 * MINUTE_MS + 59_999, 30 * MINUTE_MS],
  [-SETTLEMENT_SLACK_MS - 1, -6 * MINUTE_MS],
])('a stamp %i ms off its hour has its key %i ms off', (offMs, keyOffMs) => {
  expect(settlementKey(hour + offMs)).toBe(hour + keyOffMs);
});

test('jitter within 5 minutes never moves a key, and a key is a whole minute within 5 of its stamp', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 500_000 }), fc.integer({ min: -SETTLEMENT_SLACK_MS, max: SETTLEMENT_SLACK_MS }), (n, jitter) => {
      expect(settlementKey(n * HOUR_MS + jitter)).toBe(n * HOUR_MS);
    }),
  );
  fc.assert(
    fc.property(fc.integer({ min: 1e12, max: 2e12 }), (stamp) => {
      const key = settlementKey(stamp);
      expect(key % MINUTE_MS).toBe(0);
      expect(Math.abs(stamp - key)).toBeLessThanOrEqual(SETTLEMENT_SLACK_MS);
    }),
  );
});

test('an hour is (close - 1 h, close]', () => {
  expect(hourClose(hour)).toBe(hour);
  expect(hourClose(hour + 1)).toBe(hour + HOUR_MS);
  expect(hourClose(hour - 1)).toBe(hour);
});
