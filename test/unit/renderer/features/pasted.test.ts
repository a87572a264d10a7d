import { expect, test } from 'vitest';
import type { SearchHit } from '#bridge/contract.ts';
import { newInstrument } from '#domain/instrument.ts';
import { meantBy, namesResult, pastedNames } from '#renderer/features/search/pasted.ts';

const hit = (symbol: string, asset: string, over: Partial<SearchHit> = {}): SearchHit => ({
  instrument: newInstrument({ venue: 'okx', symbol, asset, quote: 'USDT', settle: 'USDT' }),
  ...{ rate: null, intervalH: null, observedAt: null, listed: true },
  ...over,
});

test('a text of several names is a list, one name is what is typed', () => {
  expect(pastedNames('BTC, ETH\nTAO;\r\n BTC ')).toEqual(['BTC', 'ETH', 'TAO']);
  expect(pastedNames('BTCUSDT\tETHUSDT')).toEqual(['BTCUSDT', 'ETHUSDT']);
  expect(pastedNames('btc okx')).toBeNull();
  expect(pastedNames(' BTC,\n')).toBeNull();
});

test('a bare name is the largest listed instrument that is called exactly so', () => {
  const hits = [hit('BTCDOMUSDT', 'BTCDOM'), hit('OLD', 'BTC', { listed: false }), hit('BTC-USDT', 'BTC'), hit('BTC-USDC', 'BTC')];
  expect(meantBy('btc', hits)?.instrument.symbol).toBe('BTC-USDT');
  expect(meantBy('BTC-usdc', hits)?.instrument.symbol).toBe('BTC-USDC');
  expect(meantBy('BT', hits)).toBeNull();
  expect(namesResult(2, 1, ['EOS'])).toEqual({
    words: 'added 2, known 1, refused 1',
    refused: ['EOS: no venue that is on lists it by this name'],
  });
});
