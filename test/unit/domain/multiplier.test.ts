import fc from 'fast-check';
import { expect, test } from 'vitest';
import { splitMultiplier } from '#domain/multiplier.ts';

test.each([
  ['BTC', 'BTC', 1],
  ['1000PEPE', 'PEPE', 1000],
  ['1000000MOG', 'MOG', 1_000_000],
  ['1MBABYDOGE', 'BABYDOGE', 1_000_000],
  ['10000SATS', 'SATS', 10_000],
  ['1000XEC', 'XEC', 1000],
  ['SHIB1000', 'SHIB', 1000],
])('%s is %s x %i', (base, asset, multiplier) => {
  expect(splitMultiplier(base)).toEqual({ asset, multiplier });
  expect(splitMultiplier(base, { kPrefix: true })).toEqual({ asset, multiplier });
});

test.each(['1INCH', 'KAVA', 'KAS', 'KPEPE', '1MIL', '1000X', '1000', '100BTC', '10SET', 'SPX6900', '0G', '4', '2Z', 'USD1', 'B2', 'LUNA2'])(
  '%s is a name of its own',
  (base) => {
    expect(splitMultiplier(base, { kPrefix: true })).toEqual({ asset: base, multiplier: 1 });
  },
);

test('a small k counts only where the venue writes thousands so', () => {
  expect(splitMultiplier('kPEPE', { kPrefix: true })).toEqual({ asset: 'PEPE', multiplier: 1000 });
  expect(splitMultiplier('kPEPE')).toEqual({ asset: 'kPEPE', multiplier: 1 });
});

test('names of letters alone are never split, whatever they are', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[A-Z]{1,10}$/u), (base) => {
      expect(splitMultiplier(base, { kPrefix: true })).toEqual({ asset: base, multiplier: 1 });
    }),
  );
});

test('every spelling of one coin has one asset', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[A-Z]{3,10}$/u), (asset) => {
      for (const base of [asset, `1000${asset}`, `1000000${asset}`, `1M${asset}`, `k${asset}`])
        expect(splitMultiplier(base, { kPrefix: true }).asset).toBe(asset);
    }),
  );
});
