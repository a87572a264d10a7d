import type { Exchange } from '../exchange.ts';
import { MEXC_DEMO } from './demo/index.ts';
import { createMexc } from './perpetuals.ts';

export const mexc: Exchange = { create: () => [createMexc()], demo: [MEXC_DEMO] };
