import { expect, test } from 'vitest';
import { ccxtSymbol, tradingViewSymbol } from '#domain/copied-symbols.ts';
import { createListNames } from '#domain/import/list-names.ts';
import { newInstrument } from '#domain/instrument.ts';

const usdt = { quote: 'USDT', settle: 'USDT' };
const btc = newInstrument({ venue: 'bybit', symbol: 'BTCUSDT', asset: 'BTC', ...usdt });
const pepe = newInstrument({ venue: 'binance', symbol: '1000PEPEUSDT', asset: 'PEPE', multiplier: 1000, ...usdt });
const kpepe = newInstrument({ venue: 'hyperliquid', symbol: 'kPEPE', asset: 'PEPE', multiplier: 1000, quote: 'USDC', settle: 'USDC' });
const coinMargined = newInstrument({
  venue: 'binance-coin',
  symbol: 'BTCUSD_PERP',
  asset: 'BTC',
  quote: 'USD',
  settle: 'BTC',
  contract: 'inverse',
  contractSize: 100,
});
const xbt = newInstrument({
  venue: 'bitmex',
  symbol: 'XBTUSD',
  asset: 'BTC',
  aliases: ['XBT'],
  quote: 'USD',
  settle: 'BTC',
  contract: 'inverse',
  contractSize: 1,
});
const okx = newInstrument({ venue: 'okx', symbol: 'BTC-USDT-SWAP', asset: 'BTC', ...usdt });

// ccxt's manual, "Contract naming conventions": BTC/USDT:USDT is the linear swap, BTC/USD:BTC the inverse one.
test.each([
  [btc, 'BTC/USDT:USDT'],
  [okx, 'BTC/USDT:USDT'],
  [coinMargined, 'BTC/USD:BTC'],
  [xbt, 'BTC/USD:BTC'],
  [pepe, '1000PEPE/USDT:USDT'],
  [kpepe, 'KPEPE/USDC:USDC'],
])('%o in ccxt', (instrument, symbol) => {
  expect(ccxtSymbol(instrument)).toBe(symbol);
});

// Symbols of TradingView's charts: EXCHANGE:COINMONEY.P for a perpetual.
test.each([
  [btc, 'BYBIT', 'BYBIT:BTCUSDT.P'],
  [okx, 'OKX', 'OKX:BTCUSDT.P'],
  [coinMargined, 'BINANCE', 'BINANCE:BTCUSD.P'],
  [xbt, 'BITMEX', 'BITMEX:XBTUSD.P'],
  [pepe, 'BINANCE', 'BINANCE:1000PEPEUSDT.P'],
  [kpepe, 'HYPERLIQUID', 'HYPERLIQUID:KPEPEUSDC.P'],
])('%o on TradingView', (instrument, exchange, symbol) => {
  expect(tradingViewSymbol(instrument, exchange)).toBe(symbol);
  // What is copied can be pasted again.
  const venue = { id: instrument.venue, name: instrument.venue, host: { id: instrument.venue, name: exchange, tradingView: [exchange] } };
  expect(createListNames([instrument], [venue])(symbol).instrument).toEqual(instrument);
});

test('an exchange that TradingView does not have, or a contract of which only the symbol is known', () => {
  expect(tradingViewSymbol(btc, null)).toBeNull();
  const unknown = newInstrument({ venue: 'okx', symbol: 'X', asset: 'X', quote: '', settle: '' });
  expect([tradingViewSymbol(unknown, 'OKX'), ccxtSymbol(unknown)]).toEqual([null, null]);
});
