import type { Exchange } from '../exchange.ts';
import { DERIBIT_DEMO } from './demo/index.ts';
import { createDeribit } from './perpetuals.ts';

export const deribit: Exchange = { create: () => [createDeribit()], demo: [DERIBIT_DEMO] };
