import type { Venue } from '#core/venue.ts';
import { splitPair } from '../common/read.ts';
import type { Market } from './market.ts';
import { createMarket } from './perpetuals.ts';
import { SERVICE } from './service.ts';

/** Margined in USDT and in USDC. */
export const LINEAR: Market = {
  id: 'bybit',
  name: 'Bybit',
  hue: 30,
  onByDefault: true,
  service: SERVICE,
  category: 'linear',
  contractType: 'LinearPerpetual',
  contract: 'linear',
  counted: 'base',
  volume: 'turnover24h',
  // Its first one is of March 2020.
  openedAt: Date.UTC(2020, 0, 1),
  // BTC-26DEC25 and BTCUSDT-26DEC25.
  dated: /-\d{1,2}[A-Z]{3}\d{2}$/u,
  // BTCUSDT is margined in USDT, BTCPERP in USDC.
  coinsOf(symbol) {
    const pair = splitPair(symbol, ['USDT', 'PERP', 'USDC']);
    if (pair === null) return null;
    const quote = pair.quote === 'PERP' ? 'USDC' : pair.quote;
    return { base: pair.base, quote, settle: quote };
  },
};

export const createBybit = (): Venue => createMarket(LINEAR);
