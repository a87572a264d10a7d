import type { Exchange } from '../exchange.ts';
import { LIGHTER_DEMO } from './demo/index.ts';
import { createLighter } from './perpetuals.ts';

export const lighter: Exchange = { create: () => [createLighter()], demo: [LIGHTER_DEMO] };
