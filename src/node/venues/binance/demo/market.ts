import type { VenueId } from '#domain/instrument.ts';
import type { Contract } from '#node/demo/contracts.ts';

/** A futures market of the demo Binance, as its wire tells it. */
export interface DemoMarket {
  readonly id: VenueId;
  readonly api: '/fapi/v1' | '/dapi/v1';
  readonly coinMargined: boolean;
  /** Quote of its dated futures. */
  readonly quote: 'USDT' | 'USD';
}

export const USD_M: DemoMarket = { id: 'binance', api: '/fapi/v1', coinMargined: false, quote: 'USDT' };
export const COIN_M: DemoMarket = { id: 'binance-coin-m', api: '/dapi/v1', coinMargined: true, quote: 'USD' };

/** What the index of a contract is listed under: BTCUSD of BTCUSD_PERP. */
export const pairOf = (symbol: string): string => symbol.replace(/_PERP$/u, '');
/** The perpetual on an index. */
export const perpetualOn = ({ coinMargined }: DemoMarket, pair: string): string => (coinMargined ? `${pair}_PERP` : pair);

/** US dollars of one coin-margined contract. */
export const faceOf = (base: string): number => (base === 'BTC' ? 100 : 10);

/** Coins at `price` in what the contract is counted in. */
export const counted = ({ contract, base }: Contract, coins: number, price: number): number =>
  contract === 'inverse' ? (coins * price) / faceOf(base) : coins;
