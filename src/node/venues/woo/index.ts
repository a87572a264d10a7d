import type { Exchange } from '../exchange.ts';
import { WOO_DEMO } from './demo/index.ts';
import { createWoo } from './perpetuals.ts';

export const woo: Exchange = { create: () => [createWoo()], demo: [WOO_DEMO] };
