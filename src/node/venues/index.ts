import type { Venue } from '#core/venue.ts';
import type { VenueId } from '#domain/instrument.ts';
import type { VenueFormula } from '#domain/metrics/venue-terms.ts';
import { createBinance } from './binance/usd-m.ts';
import { FORMULA as BITGET } from './bitget/formula.ts';
import { createBybit } from './bybit/linear.ts';
import { FORMULA as DERIBIT } from './deribit/formula.ts';
import { FORMULA as DYDX } from './dydx/formula.ts';
import { FORMULA as GATE } from './gate/formula.ts';
import { createHyperliquid } from './hyperliquid/perpetuals.ts';
import { FORMULA as OKX } from './okx/formula.ts';
import { FORMULA as PARADEX } from './paradex/formula.ts';

/** Every venue that Perpscope speaks to, fresh: each keeps slow-changing lists between its polls. */
export const createVenues = (): Venue[] => [createBinance(), createBybit(), createHyperliquid()];

/** Of venues that Perpscope does not speak to: files of their settlements can be read. */
const OF_FILES: Readonly<Record<VenueId, VenueFormula>> = {
  okx: OKX,
  bitget: BITGET,
  gate: GATE,
  dydx: DYDX,
  deribit: DERIBIT,
  paradex: PARADEX,
};

/** How every venue makes its rates, as far as it is sourced, by id. */
export function venueFormulas(): Readonly<Record<VenueId, VenueFormula>> {
  const spoken = createVenues().flatMap(({ id, formula }) => (formula === null ? [] : [[id, formula] as const]));
  return { ...Object.fromEntries(spoken), ...OF_FILES };
}
