import type { Venue } from '#core/venue.ts';
import { createBinance } from './binance.ts';
import { createBybit } from './bybit.ts';
import { createHyperliquid } from './hyperliquid.ts';

/** Every venue that Perpscope speaks to, fresh: each keeps slow-changing lists between its polls. */
export const createVenues = (): Venue[] => [createBinance(), createBybit(), createHyperliquid()];
