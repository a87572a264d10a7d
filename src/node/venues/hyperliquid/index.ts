import type { Exchange } from '../exchange.ts';
import { createBuilders } from './builders.ts';
import { BUILDERS_DEMO, HYPERLIQUID_DEMO } from './demo/index.ts';
import { createHyperliquid } from './perpetuals.ts';

export const hyperliquid: Exchange = { create: () => [createHyperliquid(), createBuilders()], demo: [HYPERLIQUID_DEMO, BUILDERS_DEMO] };
