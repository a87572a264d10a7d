import { expect, test } from 'vitest';
import { coinOf, type Instrument, pairOf } from '#domain/instrument.ts';

const instrument = (values: Partial<Instrument>): Instrument => ({
  id: 'binance:SOLUSDT',
  venue: 'binance',
  symbol: 'SOLUSDT',
  asset: 'SOL',
  quote: 'USDT',
  settle: 'USDT',
  contract: 'linear',
  multiplier: 1,
  ...values,
});

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
