import type { Exchange } from '../exchange.ts';
import { GATE_DEMO } from './demo/index.ts';
import { createGate } from './perpetuals.ts';

export const gate: Exchange = { create: () => [createGate()], demo: [GATE_DEMO] };
