import type { VenueId } from '#domain/instrument.ts';
import type { Contract } from '#node/demo/contracts.ts';

/** A category of the demo Bybit, as its wire tells it. */
export interface DemoMarket {
  readonly id: VenueId;
  readonly category: 'linear' | 'inverse';
}

export const LINEAR: DemoMarket = { id: 'bybit', category: 'linear' };
export const INVERSE: DemoMarket = { id: 'bybit-inverse', category: 'inverse' };

/** Coins at `price` in what the contract is counted in: dollars where it is margined in its coin. */
export const counted = ({ contract }: Contract, coins: number, price: number): number => (contract === 'inverse' ? coins * price : coins);
