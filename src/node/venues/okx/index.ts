import type { Exchange } from '../exchange.ts';
import { OKX_DEMO } from './demo/index.ts';
import { createOkx } from './swaps.ts';

export const okx: Exchange = { create: () => [createOkx()], demo: [OKX_DEMO] };
