import type { Exchange } from '../exchange.ts';
import { HYPERLIQUID_DEMO } from './demo/index.ts';
import { createHyperliquid } from './perpetuals.ts';

export const hyperliquid: Exchange = { create: () => [createHyperliquid()], demo: [HYPERLIQUID_DEMO] };
