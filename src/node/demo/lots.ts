import type { Contract } from './contracts.ts';

/** Of venues that count in contracts: what one is, and how many of them coins or money are. */

export const isInverse = ({ contract }: Contract): boolean => contract === 'inverse';

const usualPrice = ({ asset }: Contract): number => asset.price * asset.multiplier;

/** One contract: `money` of quote money of an inverse one, else a power of ten of units of the price that are worth some of it. */
export const faceOf = (contract: Contract, money: number): number =>
  isInverse(contract) ? money : 10 ** Math.round(Math.log10(money / usualPrice(contract)));

/** Whole contracts of so many units of the price at `price`. */
export const lotsOf = (contract: Contract, face: number, units: number, price: number): number =>
  Math.round((isInverse(contract) ? units * price : units) / face);

/** Whole contracts worth so much money at the usual price, one figure as venues give it: for limits, which do not move with it. */
export const lotsWorth = (contract: Contract, face: number, money: number): number =>
  Number((money / (isInverse(contract) ? face : face * usualPrice(contract))).toPrecision(1));

/** So much money in units of the price, one figure: of venues that count in coins. */
export const unitsWorth = (contract: Contract, money: number): number => Number((money / usualPrice(contract)).toPrecision(1));

export const ended = (contract: Contract, now: number): boolean => contract.delistedAt <= now;
