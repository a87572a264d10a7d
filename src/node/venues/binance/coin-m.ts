import type { Venue } from '#core/venue.ts';
import { splitPair } from '../common/read.ts';
import { COIN_M_FEES } from './fees.ts';
import type { Market } from './market.ts';
import { createMarket } from './perpetuals.ts';
import { COIN_M_SERVICE } from './service.ts';

/** Margined in their coin, counted in contracts of 100 or 10 US dollars. https://developers.binance.com/docs/derivatives/coin-margined-futures */
export const COIN_M: Market = {
  id: 'binance-coin-m',
  name: 'Binance COIN-M',
  hue: 110,
  onByDefault: false,
  url: 'https://dapi.binance.com',
  service: COIN_M_SERVICE,
  fees: COIN_M_FEES,
  api: '/dapi/v1',
  contract: 'inverse',
  cost: (weight) => ({ 'coin-weight': weight }),
  // A limit of their own is documented for USD-M alone; here they weigh 1.
  funding: { 'coin-weight': 1 },
  // In contracts of so many US dollars, which needs no price as its `baseVolume`, in coins, does.
  traded: { field: 'volume', counted: 'contracts' },
  openedAt: Date.UTC(2020, 7, 1),
  filesFrom: Date.UTC(2020, 7, 1) - 1,
  markedFrom: null,
  mayAdjustNone: true,
  // BTCUSD_PERP, whose index is BTCUSD.
  coinsOf(symbol) {
    const pair = symbol.endsWith('_PERP') ? symbol.slice(0, -'_PERP'.length) : '';
    const coins = splitPair(pair, ['USD']);
    return coins === null ? null : { ...coins, settle: coins.base, pair };
  },
};

export const createBinanceCoinM = (): Venue => createMarket(COIN_M);
