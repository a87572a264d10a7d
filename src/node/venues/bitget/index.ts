import type { Exchange } from '../exchange.ts';
import { BITGET_DEMO } from './demo/index.ts';
import { createBitget } from './futures.ts';

export const bitget: Exchange = { create: () => [createBitget()], demo: [BITGET_DEMO] };
