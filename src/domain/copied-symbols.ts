import { coinOf, type Instrument, moneyOf } from './instrument.ts';

/** How instruments are called elsewhere, to be pasted there. */

/** Hyperliquid's kPEPE is KPEPE in both. */
const coin = (instrument: Instrument): string =>
  instrument.multiplier === 1000 && /^k[A-Z0-9]+$/u.test(instrument.symbol) ? instrument.symbol.toUpperCase() : coinOf(instrument);

/** "BINANCE:BTCUSDT.P": the exchange as TradingView calls it, the coin as the venue does, its money, and .P for a perpetual. Null: it has no such exchange. */
export function tradingViewSymbol(instrument: Instrument, exchange: string | null): string | null {
  if (exchange === null || moneyOf(instrument) === '') return null;
  const [own] = instrument.aliases;
  const name = own === undefined ? coin(instrument) : coin({ ...instrument, asset: own });
  return `${exchange}:${name}${moneyOf(instrument)}.P`;
}

/** "BTC/USDT:USDT": ccxt's unified symbol, coin/money:what it settles in. Null: not enough is known of it. */
export function ccxtSymbol(instrument: Instrument): string | null {
  const money = moneyOf(instrument);
  return money === '' || instrument.settle === '' ? null : `${coin(instrument)}/${money}:${instrument.settle}`;
}
