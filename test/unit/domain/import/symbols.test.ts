import { expect, test } from 'vitest';
import { instrumentNamed, knownAs } from '#domain/import/symbols.ts';
import { newInstrument } from '#domain/instrument.ts';

const of = (symbol: string, settle = 'USDT') => newInstrument({ venue: 'okx', symbol, asset: 'BTC', quote: 'USD', settle });

test('a name is the one known instrument that it means; of two that it may mean, none', () => {
  const known = [of('BTC-USDT-SWAP'), of('BTC_USDT', 'USDC'), of('ETH-USDT-SWAP')];
  expect(knownAs('BTC_USDT', known)?.symbol).toBe('BTC_USDT');
  expect(knownAs('btcusdt', known)).toBeNull();
  expect(knownAs('ethusdt', known)?.symbol).toBe('ETH-USDT-SWAP');
  // ccxt says what it settles in, and that tells them apart.
  expect(knownAs('BTC/USDT:USDC', known)?.symbol).toBe('BTC_USDT');
  expect(knownAs('SOLUSDT', known)).toBeNull();
});

test('a new instrument is of what its symbol and a person say: settled in another coin than its money it is inverse', () => {
  expect(instrumentNamed('binance', '1000PEPEUSDT', {}, false)).toMatchObject({
    ...{ asset: 'PEPE', multiplier: 1000, quote: 'USDT', settle: 'USDT', contract: 'linear' },
  });
  expect(instrumentNamed('bybit', 'BTCUSD', { asset: 'BTC', quote: 'USD', settle: 'BTC' }, false)).toMatchObject({ contract: 'inverse' });
  // Other money than the symbol's: what it settles in is not that of the symbol any more.
  expect(instrumentNamed('binance', 'BTCUSDT', { quote: 'USD' }, false)).toBeNull();
});
