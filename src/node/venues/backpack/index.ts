import type { Exchange } from '../exchange.ts';
import { BACKPACK_DEMO } from './demo/index.ts';
import { createBackpack } from './perpetuals.ts';

export const backpack: Exchange = { create: () => [createBackpack()], demo: [BACKPACK_DEMO] };
