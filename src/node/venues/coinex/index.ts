import type { Exchange } from '../exchange.ts';
import { COINEX_DEMO } from './demo/index.ts';
import { createCoinex } from './perpetuals.ts';

export const coinex: Exchange = { create: () => [createCoinex()], demo: [COINEX_DEMO] };
