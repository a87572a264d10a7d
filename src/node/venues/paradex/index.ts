import type { Exchange } from '../exchange.ts';
import { PARADEX_DEMO } from './demo/index.ts';
import { createParadex } from './perpetuals.ts';

export const paradex: Exchange = { create: () => [createParadex()], demo: [PARADEX_DEMO] };
