import type { Exchange } from '../exchange.ts';
import { KUCOIN_DEMO } from './demo/index.ts';
import { createKucoin } from './perpetuals.ts';

export const kucoin: Exchange = { create: () => [createKucoin()], demo: [KUCOIN_DEMO] };
