import type { Venue } from '#core/venue.ts';
import { splitPair } from '../common/read.ts';
import { FEES } from './fees.ts';
import type { Market } from './market.ts';
import { createMarket } from './perpetuals.ts';
import { SERVICE } from './service.ts';

/** Quotes of USD-M perpetuals, for when exchangeInfo does not say. */
const QUOTES = ['USDT', 'USDC', 'FDUSD', 'BUSD', 'BTC'];

/** Margined in dollars. https://developers.binance.com/docs/derivatives/usds-margined-futures */
export const USD_M: Market = {
  id: 'binance',
  name: 'Binance USD-M',
  hue: 90,
  onByDefault: true,
  url: 'https://fapi.binance.com',
  service: SERVICE,
  fees: FEES,
  api: '/fapi/v1',
  contract: 'linear',
  cost: (weight) => ({ weight }),
  funding: { funding: 1 },
  traded: { field: 'quoteVolume', counted: 'quote' },
  openedAt: Date.UTC(2019, 8, 1),
  filesFrom: Date.UTC(2020, 0, 1) - 1,
  // Recorded settlements have their mark from here on; rows of some year before have none.
  markedFrom: Date.UTC(2025, 7, 21),
  mayAdjustNone: false,
  coinsOf(symbol) {
    const coins = splitPair(symbol, QUOTES);
    return coins === null ? null : { ...coins, settle: coins.quote, pair: symbol };
  },
};

export const createBinance = (): Venue => createMarket(USD_M);
