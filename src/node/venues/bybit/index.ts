import type { Exchange } from '../exchange.ts';
import { BYBIT_DEMO } from './demo/index.ts';
import { createBybit } from './linear.ts';

export const bybit: Exchange = { create: () => [createBybit()], demo: [BYBIT_DEMO] };
