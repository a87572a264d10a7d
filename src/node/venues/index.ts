import type { Venue } from '#core/venue.ts';
import type { VenueId } from '#domain/instrument.ts';
import type { VenueFormula } from '#domain/metrics/venue-terms.ts';
import { aster } from './aster/index.ts';
import { backpack } from './backpack/index.ts';
import { binance } from './binance/index.ts';
import { bingx } from './bingx/index.ts';
import { bitget } from './bitget/index.ts';
import { bitmex } from './bitmex/index.ts';
import { bybit } from './bybit/index.ts';
import { createDroppedVenues } from './ccxt/dropped.ts';
import { createViaCcxt } from './ccxt/index.ts';
import { coinex } from './coinex/index.ts';
import { deribit } from './deribit/index.ts';
import { dydx } from './dydx/index.ts';
import { gate } from './gate/index.ts';
import { hyperliquid } from './hyperliquid/index.ts';
import { kraken } from './kraken/index.ts';
import { kucoin } from './kucoin/index.ts';
import { lighter } from './lighter/index.ts';
import { mexc } from './mexc/index.ts';
import { okx } from './okx/index.ts';
import { paradex } from './paradex/index.ts';
import { woo } from './woo/index.ts';
import type { Exchange } from './exchange.ts';

export { createDroppedVenues };

/** Every exchange that has a folder, in the order of the screen. */
export const EXCHANGES: readonly Exchange[] = [
  binance,
  bybit,
  hyperliquid,
  okx,
  bitget,
  gate,
  kucoin,
  mexc,
  aster,
  kraken,
  bingx,
  coinex,
  woo,
  backpack,
  dydx,
  bitmex,
  deribit,
  paradex,
  lighter,
];

/** Every venue with a folder of its own, fresh: each keeps slow-changing lists between its polls. The demo has these. */
export const createVenues = (): Venue[] => EXCHANGES.flatMap((exchange) => exchange.create());

/** Every venue that Perpscope speaks to: the long tail is read through a package, and is no part of the demo. */
export const allVenues = (): Venue[] => [...createVenues(), ...createViaCcxt()];

/** How every venue makes its rates, as far as it is sourced, by id. */
export function venueFormulas(): Readonly<Record<VenueId, VenueFormula>> {
  const polled = createVenues().flatMap(({ id, formula }) => (formula === null ? [] : [[id, formula] as const]));
  return Object.assign(Object.fromEntries(polled), ...EXCHANGES.map(({ ofFiles }) => ofFiles)) as Record<VenueId, VenueFormula>;
}
