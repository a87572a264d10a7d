import type { Exchange } from '../exchange.ts';
import { ASTER_DEMO } from './demo/index.ts';
import { createAster } from './perpetuals.ts';

export const aster: Exchange = { create: () => [createAster()], demo: [ASTER_DEMO] };
