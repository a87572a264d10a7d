import { expect, test } from 'vitest';
import { ALIASES, canonicalAsset, PASSED } from '#domain/aliases.ts';
import { coinOf, type Instrument, newInstrument, pairOf, sameInstrument, stillKnown } from '#domain/instrument.ts';

const instrument = (values: Partial<Instrument>): Instrument =>
  newInstrument({ venue: 'binance', symbol: 'SOLUSDT', asset: 'SOL', quote: 'USDT', settle: 'USDT', ...values });

test.each<[Partial<Instrument>, string]>([
  [{}, 'SOL/USDT'],
  [{ symbol: 'SOLUSDC', quote: 'USDC', settle: 'USDC' }, 'SOL/USDC'],
  [{ asset: 'PEPE', multiplier: 1000 }, '1000PEPE/USDT'],
  [{ symbol: 'SOL', quote: 'USD', settle: 'USDC' }, 'SOL/USDC'],
  [{ symbol: 'SOLUSD_PERP', quote: 'USD', settle: 'SOL', contract: 'inverse' }, 'SOL/USD:SOL'],
  [{ asset: 'XYZUSDT', quote: '', settle: '' }, 'XYZUSDT'],
])('%o is called %s', (values, name) => {
  expect(pairOf(instrument(values))).toBe(name);
  expect(name.startsWith(coinOf(instrument(values)))).toBe(true);
});

test('XBT is BTC', () => {
  expect(canonicalAsset('XBT')).toEqual({ asset: 'BTC', aliases: ['XBT'] });
  expect(canonicalAsset('ETH')).toEqual({ asset: 'ETH', aliases: [] });
});

test('LUNA2 is the coin that others call LUNA; a contract on LUNA that ended before that was there is on LUNC', () => {
  expect(canonicalAsset('LUNA2')).toEqual({ asset: 'LUNA', aliases: ['LUNA2'] });
  expect(canonicalAsset('LUNA')).toEqual({ asset: 'LUNA', aliases: [] });
  expect(canonicalAsset('LUNA', Date.UTC(2022, 4, 13))).toEqual({ asset: 'LUNC', aliases: ['LUNA'] });
  expect(canonicalAsset('LUNA', Date.UTC(2025, 0, 1))).toEqual({ asset: 'LUNA', aliases: [] });
  expect(canonicalAsset('LUNC')).toEqual({ asset: 'LUNC', aliases: [] });
});

test('every alias has a source, and leads to a name that is none itself', () => {
  const names = new Set(ALIASES.map(({ name }) => name));
  expect(names.size).toBe(ALIASES.length);
  expect(ALIASES.filter(({ asset, source }) => names.has(asset) || source.length < 10)).toEqual([]);
  expect(PASSED.filter(({ name, source }) => names.has(name) || source.length < 10)).toEqual([]);
});

test('the size of an inverse contract is never guessed, a linear one is a unit of its price', () => {
  expect(instrument({}).contractSize).toBe(1);
  expect(instrument({ contract: 'inverse', quote: 'USD', settle: 'SOL' }).contractSize).toBeNull();
  expect(instrument({ contract: 'inverse', quote: 'USD', settle: 'SOL', contractSize: 10 }).contractSize).toBe(10);
});

test('an answer that leaves a thing open takes back nothing that is known; an end that passed is over where it trades again', () => {
  const known = instrument({ contractSize: 0.01, assetClass: 'equity', listedAt: 1000, delistedAt: 5000 });
  const said = instrument({ contractSize: null });
  expect(stillKnown(known, said, 4000)).toEqual(known);
  expect(stillKnown(known, said, 6000)).toEqual({ ...known, delistedAt: null });
  expect(stillKnown(known, instrument({ contractSize: 0.1, listedAt: 2000 }), 4000)).toMatchObject({ contractSize: 0.1, listedAt: 2000 });
  // What was known of the linear contract says nothing of the inverse one.
  const inverse = instrument({ contract: 'inverse', quote: 'USD', settle: 'SOL' });
  expect(stillKnown(known, inverse, 4000)).toEqual(inverse);
  expect(sameInstrument(known, { ...known, aliases: ['X'] })).toBe(false);
});
