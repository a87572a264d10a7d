import type { Exchange } from '../exchange.ts';
import { DYDX_DEMO } from './demo/index.ts';
import { createDydx } from './perpetuals.ts';

export const dydx: Exchange = { create: () => [createDydx()], demo: [DYDX_DEMO] };
