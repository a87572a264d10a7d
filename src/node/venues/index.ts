import type { Venue } from '#core/venue.ts';
import { createBinance } from './binance/usd-m.ts';
import { createBybit } from './bybit/linear.ts';
import { createHyperliquid } from './hyperliquid/perpetuals.ts';

/** Every venue that Perpscope speaks to, fresh: each keeps slow-changing lists between its polls. */
export const createVenues = (): Venue[] => [createBinance(), createBybit(), createHyperliquid()];
