import type { Contract } from '#node/demo/contracts.ts';
import { json, type WireAnswer } from '#node/demo/wire.ts';

export const good = (data: unknown): WireAnswer => json({ code: '200000', data });

/** KuCoin says that it knows no such contract with HTTP 200, and that a parameter is wrong with 400. */
export const noContract = (): WireAnswer => json({ code: '404000', msg: 'Contract does not exist' });
export const badParameter = (): WireAnswer => json({ code: '300000', msg: 'request parameter illegal' }, 400);

/** Its own name of a coin. */
export const nameOf = (coin: string): string => (coin === 'BTC' ? 'XBT' : coin);

export const ended = (contract: Contract, now: number): boolean => contract.delistedAt <= now;

const isInverse = ({ contract }: Contract): boolean => contract === 'inverse';

export const indexOf = (contract: Contract): string => (isInverse(contract) ? `.B${contract.base}` : `.K${contract.base}${contract.quote}`);

const usualPrice = ({ asset }: Contract): number => asset.price * asset.multiplier;

/** One contract: one USD of an inverse one, else a power of ten of coins worth some 50. */
export const faceOf = (contract: Contract): number => (isInverse(contract) ? 1 : 10 ** Math.round(Math.log10(50 / usualPrice(contract))));

/** Whole contracts of so many coins at `price`. */
export const lotsOf = (contract: Contract, coins: number, price: number): number =>
  Math.round((isInverse(contract) ? coins * price : coins) / faceOf(contract));

/** Money in the settle currency, at the usual price: for limits, which do not move with it. */
export const inSettle = (contract: Contract, money: number): number =>
  isInverse(contract) ? Math.max(1, Math.round(money / usualPrice(contract))) : money;

/** Whole contracts worth so much money, one figure as venues give it. */
export const lotsWorth = (contract: Contract, money: number): number =>
  Number((money / (isInverse(contract) ? 1 : faceOf(contract) * usualPrice(contract))).toPrecision(1));
