import { expect, test } from 'vitest';
import { amountFlaws, isJump, refusalOf, type VenueAmounts, type VenueValue } from '#domain/bounds.ts';

const now = 1_700_000_000_000;
const good: VenueValue = { rate: 0.0001, intervalH: 8, mark: 37_000, index: 37_001, time: now };
const refusal = (change: Partial<VenueValue>): string | null => refusalOf({ ...good, ...change }, now);

test.each<Partial<VenueValue>>([
  {},
  { rate: -0 },
  { rate: 0.8 },
  { rate: -0.04, intervalH: 1 },
  { intervalH: null, rate: 0.1 },
  { mark: null, index: null },
  { time: now + 300_000 },
  { time: 1_568_102_400_000 },
])('%o is let in', (change) => {
  expect(refusal(change)).toBeNull();
});

test.each<[Partial<VenueValue>, string]>([
  [{ rate: 0.81 }, 'beyond 10 %'],
  [{ rate: -0.11, intervalH: 1 }, 'beyond 10 %'],
  [{ rate: 0.11, intervalH: null }, 'beyond 10 %'],
  [{ rate: 100_000 }, 'beyond 10 %'],
  [{ rate: NaN }, 'beyond 10 %'],
  [{ rate: Infinity }, 'beyond 10 %'],
  [{ intervalH: 0 }, 'not a length of time'],
  [{ intervalH: -8 }, 'not a length of time'],
  [{ intervalH: NaN }, 'not a length of time'],
  [{ mark: 0 }, 'mark price 0'],
  [{ index: -1 }, 'index price -1'],
  [{ index: Infinity }, 'index price Infinity'],
  [{ mark: 1e308 }, 'mark price 1e+308 is beyond any price'],
  [{ index: 1e-13 }, 'index price 1e-13 is beyond any price'],
  [{ premium: 1e308 }, 'premium 1e+308 is beyond 100 %'],
  [{ mark: NaN }, 'mark price NaN'],
  [{ time: now + 300_001 }, 'in the future'],
  [{ time: NaN }, 'in the future'],
  [{ time: now / 1000 }, 'before the first perpetual'],
  [{ time: 0 }, 'before the first perpetual'],
])('%o is refused: %s', (change, reason) => {
  expect(refusal(change)).toContain(reason);
});

test('a value that says only rate and time is judged by those', () => {
  expect(refusalOf({ rate: 0.0001, time: now }, now)).toBeNull();
  expect(refusalOf({ rate: 1, time: now }, now)).toContain('beyond 10 %');
});

test.each<[VenueAmounts, string | null]>([
  [{}, null],
  [{ mark: 1e-9, index: 1e9, premium: -0.3, openInterest: 0, volume24h: 0, interestPer8h: 0 }, null],
  [{ premium: -1.01 }, 'premium -1.01 is beyond 100 %'],
  [{ openInterest: 1e308 }, 'open interest 1e+308 is beyond any size (1000000000000000000)'],
  [{ openInterest: -1 }, 'open interest -1 is below 0'],
  [{ volume24h: 1e30 }, '24 h volume 1e+30 is beyond any size (1000000000000000000)'],
  [{ interestPer8h: 1e300 }, 'interest 1e+300 per 8 h is beyond 10 % per hour'],
])('amounts %o: %s', (amounts, reason) => {
  expect(amountFlaws(amounts).map((flaw) => flaw.reason)).toEqual(reason === null ? [] : [reason]);
});

test('16 times up or down is a jump, 15.9 times is none', () => {
  expect([isJump(100, 1600), isJump(1600, 100), isJump(100, 1590), isJump(1590, 100)]).toEqual([true, true, false, false]);
});
