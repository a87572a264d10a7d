import type { Exchange } from '../exchange.ts';
import { createBinanceCoinM } from './coin-m.ts';
import { BINANCE_COIN_M_DEMO, BINANCE_DEMO } from './demo/index.ts';
import { createBinance } from './usd-m.ts';

export const binance: Exchange = { create: () => [createBinance(), createBinanceCoinM()], demo: [BINANCE_DEMO, BINANCE_COIN_M_DEMO] };
