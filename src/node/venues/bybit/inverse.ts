import type { Venue } from '#core/venue.ts';
import { splitPair } from '../common/read.ts';
import type { Market } from './market.ts';
import { createMarket } from './perpetuals.ts';
import { INVERSE_SERVICE } from './service.ts';

/** Margined in their coin, counted in US dollars. */
export const INVERSE: Market = {
  id: 'bybit-inverse',
  name: 'Bybit inverse',
  hue: 50,
  onByDefault: false,
  service: INVERSE_SERVICE,
  category: 'inverse',
  contractType: 'InversePerpetual',
  contract: 'inverse',
  counted: 'quote',
  // `turnover24h` is in the coin there.
  volume: 'volume24h',
  // Its first one is of November 2018.
  openedAt: Date.UTC(2018, 10, 1),
  // BTCUSDH27: the letter of the month, and the year.
  dated: /USD[FGHJKMNQUVXZ]\d{2}$/u,
  coinsOf(symbol) {
    const pair = splitPair(symbol, ['USD']);
    return pair === null ? null : { ...pair, settle: pair.base };
  },
};

export const createBybitInverse = (): Venue => createMarket(INVERSE);
