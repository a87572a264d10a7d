import { expect, test } from 'vitest';
import { openInterestChange } from '#domain/metrics/catalog/open-interest-change.ts';
import { openInterest } from '#domain/metrics/catalog/open-interest.ts';
import { priceChange } from '#domain/metrics/catalog/price-change.ts';
import { results } from './evaluated.ts';
import { hoursOf } from './market.ts';

const f = [0, 0, 0, 0, 0];

test('a change of price is the return over so many hours', () => {
  // 110/100 - 1, 99/110 - 1, then no price, and none two hours before the last.
  const frame = hoursOf(f, { mark: [100, 50, 110, NaN, 99] });
  const values = results(priceChange, frame, { hours: 2 });
  expect(values.slice(0, 2)).toEqual(['warming-up', 'warming-up']);
  expect(values[2]).toBeCloseTo(0.1, 12);
  expect(values[3]).toBe('no-price');
  expect(values[4]).toBeCloseTo(-0.1, 12);
  expect(results(priceChange, hoursOf(f, { mark: [100, NaN, 100, 100, 100] }), { hours: 3 })[4]).toBe('no-price');
});

test('a change of open interest is one of contracts: the price of a linear one does not move it', () => {
  const frame = hoursOf(f, { mark: [100, 200, 300, 400, 500], openInterest: [10, 10, 15, NaN, 5] });
  const values = results(openInterestChange, frame, { hours: 1 });
  expect(values).toEqual(['warming-up', 0, 0.5, 'no-open-interest', 'no-open-interest']);
  const inverse = { ...frame, instrument: { ...frame.instrument, contract: 'inverse' as const } };
  // In quote money, which the contracts of an inverse one are made of: 1000, 2000, 4500.
  expect(results(openInterestChange, inverse, { hours: 1 }).slice(1, 3)).toEqual([1, 1.25]);
});

test('open interest is told in USD where its money is a dollar, else in its quote money alone', () => {
  const frame = hoursOf(f, { mark: [100, 100, NaN, 100, 100], openInterest: [10, 20, 20, NaN, 40] });
  expect(results(openInterest, frame)).toEqual([1000, 2000, 'no-price', 'no-open-interest', 4000]);
  const inBitcoin = { ...frame, instrument: { ...frame.instrument, money: 'BTC' } };
  expect(results(openInterest, inBitcoin)[4]).toBe('no-usd');
  expect(results(openInterest, inBitcoin, { money: 'quote' })[4]).toBe(4000);
});
