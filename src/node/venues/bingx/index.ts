import type { Exchange } from '../exchange.ts';
import { BINGX_DEMO } from './demo/index.ts';
import { createBingx } from './perpetuals.ts';

export const bingx: Exchange = { create: () => [createBingx()], demo: [BINGX_DEMO] };
