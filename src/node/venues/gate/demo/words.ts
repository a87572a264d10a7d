import type { Contract } from '#node/demo/contracts.ts';
import { json, type WireAnswer } from '#node/demo/wire.ts';

/** Gate says errors with a label and a status of their own: https://www.gate.com/docs/developers/apiv4/en/#label-list */
const bad = (status: number, label: string, message: string): WireAnswer => json({ label, message }, status);
export const notFound = (): WireAnswer => bad(404, 'NOT_FOUND', 'resource url not found');
export const noContract = (): WireAnswer => bad(400, 'CONTRACT_NOT_FOUND', 'contract not found');
export const tooBig = (most: number): WireAnswer => bad(400, 'TOO_BIG', `limit ${most}`);
export const badParameter = (name: string): WireAnswer => bad(400, 'INVALID_PARAM_VALUE', `invalid argument: ${name}`);

export const ended = (contract: Contract, now: number): boolean => contract.delistedAt <= now;
export const seconds = (ms: number): number => Math.floor(ms / 1_000);

const usualPrice = ({ asset }: Contract): number => asset.price * asset.multiplier;

/** One contract: 1 USD of an inverse one, else a power of ten of coins worth some 10 (0.0001 BTC). */
export const faceOf = (contract: Contract): number =>
  contract.contract === 'inverse' ? 1 : 10 ** Math.round(Math.log10(10 / usualPrice(contract)));

/** Coins at `price` as contracts, which are traded whole. */
export const inContracts = (contract: Contract, coins: number, price: number): number =>
  Math.round((contract.contract === 'inverse' ? coins * price : coins) / faceOf(contract));

/** Quote money in the currency that the contract settles in, at the usual price: for limits, which do not move with it. */
export const inSettle = (contract: Contract, money: number): number =>
  contract.contract === 'inverse' ? money / usualPrice(contract) : money;
