import { expect, test } from 'vitest';
import type { WatchRow } from '#bridge/contract.ts';
import type { CalculatorFacts } from '#bridge/facts.ts';
import { newInstrument } from '#domain/instrument.ts';
import { feeFacts, identityFacts, intervalWords, orderFacts } from '#renderer/features/instrument/facts.ts';

const pepe = newInstrument({
  ...{ venue: 'bybit', symbol: '1000PEPEUSDT', asset: 'PEPE', quote: 'USDT', settle: 'USDT' },
  ...{ multiplier: 1000, contractSize: 1, assetClass: 'crypto', listedAt: Date.UTC(2023, 4, 5, 8) },
});
const row = (over: Partial<WatchRow> = {}): WatchRow =>
  ({ instrument: pepe, status: 'live', intervalH: 8, continuous: false, statedH: null, ...over }) as WatchRow;

test('an instrument says what it is, and what of it is not known', () => {
  expect(identityFacts(row(), 'Bybit', 'utc')).toEqual([
    ['Pair', '1000PEPE/USDT'],
    ['Venue', 'Bybit'],
    ['Symbol', '1000PEPEUSDT'],
    ['Asset', 'PEPE'],
    ['Quoted, settled', 'USDT, USDT'],
    ['Contract', 'linear, 1 1000PEPE'],
    ['Coins per unit of price', '1,000'],
    ['Class', 'crypto'],
    ['Listed', 'Fri 05 May 2023, 08:00 UTC'],
    ['Status', 'live'],
  ]);
  const inverse = newInstrument({ venue: 'a', symbol: 'X', asset: 'BTC', quote: 'USD', settle: 'BTC', contract: 'inverse' });
  const facts = new Map(identityFacts(row({ instrument: { ...inverse, delistedAt: 0 } }), 'A', 'utc'));
  expect([facts.get('Contract'), facts.get('Listed'), facts.get('Delisted')]).toEqual([
    'inverse, the venue does not say',
    'not known',
    'Thu 01 Jan 1970, 00:00 UTC',
  ]);
});

test('its interval is the one in force, beside what its venue says', () => {
  expect([row(), row({ intervalH: null }), row({ continuous: true }), row({ intervalH: 1, statedH: 8 })].map(intervalWords)).toEqual([
    '8h',
    'not known yet',
    'accrues all the time; quoted for 8h',
    '1h by its own settlements; the venue states 8h',
  ]);
});

test('order rules and fees are those of the venue; what it does not say is said', () => {
  const rules = {
    ...{ lotStep: '0.1', tickSize: '0.01', minQuantity: '0.1', maxQuantity: null, minNotional: '5', maxNotional: '200000' },
    ...{ contractSize: '1', maxLeverage: '50', liquidationFee: '0.0125', maintenance: null, notes: [], at: 0 },
  };
  const facts = new Map(orderFacts({ rules, instrument: pepe } as unknown as CalculatorFacts));
  expect(Object.fromEntries(facts)).toEqual({
    'Lot step': '0.1 contracts',
    Tick: '0.01 USDT',
    'Least order': '0.1 contracts, 5 USDT',
    'Most of a market order': 'the venue does not say',
    'Largest position': '200000 USDT',
    'One contract': '1 1000PEPE',
    'Most leverage': '50x',
    'Liquidation fee': '1.250 %',
  });
  expect(orderFacts({ rules: null, instrument: pepe } as unknown as CalculatorFacts)).toEqual([]);
  const fees = { perp: [{ name: 'VIP 0', maker: 0.0002, taker: 0.00055 }], spot: [], source: 'https://x.example', asOf: '2026-10-01' };
  expect(feeFacts(fees)).toEqual([['Fees', 'maker 0.020 %, taker 0.055 % (VIP 0; read 2026-10-01)']]);
  expect(feeFacts(null)).toEqual([]);
});
