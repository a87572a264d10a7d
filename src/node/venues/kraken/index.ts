import type { Exchange } from '../exchange.ts';
import { KRAKEN_DEMO } from './demo/index.ts';
import { createKraken } from './perpetuals.ts';

export const kraken: Exchange = { create: () => [createKraken()], demo: [KRAKEN_DEMO] };
