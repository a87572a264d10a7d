import type { Exchange } from '../exchange.ts';
import { BYBIT_DEMO, BYBIT_INVERSE_DEMO } from './demo/index.ts';
import { createBybitInverse } from './inverse.ts';
import { createBybit } from './linear.ts';

export const bybit: Exchange = { create: () => [createBybit(), createBybitInverse()], demo: [BYBIT_DEMO, BYBIT_INVERSE_DEMO] };
