import { describe, expect, test } from 'vitest';
import { averagePrice, distanceFrom, moneyWithin } from '#domain/metrics/book.ts';

describe('levels of a book', () => {
  // 1.99 is half a percent below 2, but a little more of it as floats divide; 2.01 is a little less.
  const [bids, asks] = [Float64Array.of(1.999, 10, 1.99, 10, 1.98, 10), Float64Array.of(2.001, 10, 2.01, 10, 2.02, 10)];

  test('on the edge of a band lie in it, on either side', () => {
    expect([distanceFrom(2, 1.99) > 0.005, distanceFrom(2, 2.01) < 0.005]).toEqual([true, true]);
    expect(moneyWithin(bids, 2, 0.005)).toBeCloseTo(19.99 + 19.9, 12);
    expect(moneyWithin(asks, 2, 0.005)).toBeCloseTo(20.01 + 20.1, 12);
    expect(moneyWithin(bids, 2, 0.00499)).toBeCloseTo(19.99, 12);
  });

  test('fill a size best first; what they do not hold has no price', () => {
    expect(averagePrice(asks, 20.01)).toBeCloseTo(2.001, 12);
    expect(averagePrice(asks, 20.01 + 10.05)).toBeCloseTo(30.06 / 15, 12);
    expect(averagePrice(asks, 61)).toBeNaN();
  });
});
