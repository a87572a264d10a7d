import type { Exchange } from '../exchange.ts';
import { BINANCE_DEMO } from './demo/index.ts';
import { createBinance } from './usd-m.ts';

export const binance: Exchange = { create: () => [createBinance()], demo: [BINANCE_DEMO] };
