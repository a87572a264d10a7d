import type { Exchange } from '../exchange.ts';
import { BITMEX_DEMO } from './demo/index.ts';
import { createBitmex } from './perpetuals.ts';

export const bitmex: Exchange = { create: () => [createBitmex()], demo: [BITMEX_DEMO] };
