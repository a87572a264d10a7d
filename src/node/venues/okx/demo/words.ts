import type { Contract } from '#node/demo/contracts.ts';
import { json, trimmed, type WireAnswer } from '#node/demo/wire.ts';

export const good = (data: readonly unknown[]): WireAnswer => json({ code: '0', msg: '', data });

/** OKX says errors of parameters with HTTP 200: https://www.okx.com/docs-v5/en/#error-code-rest-api */
const bad = (code: number, msg: string): WireAnswer => json({ code: String(code), msg, data: [] });
export const noInstrument = (): WireAnswer => bad(51001, 'Instrument ID does not exist');
export const badParameter = (name: string): WireAnswer => bad(51000, `Parameter ${name} error`);

export const ended = (contract: Contract, now: number): boolean => contract.delistedAt <= now;

/** Instrument, family and index share a name but for the ending. */
export const familyOf = (contract: Contract): string => contract.symbol.replace(/-SWAP$/u, '');

const usualPrice = ({ asset }: Contract): number => asset.price * asset.multiplier;

/** One contract: quote money of an inverse one, else a power of ten of coins worth some 1,000. */
export function faceOf(contract: Contract): number {
  if (contract.contract === 'inverse') return contract.asset.name === 'BTC' ? 100 : 10;
  return 10 ** Math.round(Math.log10(1_000 / usualPrice(contract)));
}

/** Coins at `price` in contracts. */
export const inContracts = (contract: Contract, coins: number, price: number): number =>
  (contract.contract === 'inverse' ? coins * price : coins) / faceOf(contract);

/** Quote money in contracts, at the usual price: for limits, which do not move with it. */
export const moneyInContracts = (contract: Contract, money: number): number =>
  money / (contract.contract === 'inverse' ? faceOf(contract) : faceOf(contract) * usualPrice(contract));

/** Inverse contracts are traded whole, others by the hundredth. */
export const lotDecimals = (contract: Contract): number => (contract.contract === 'inverse' ? 0 : 2);

export const lots = (contract: Contract, contracts: number): string => trimmed(contracts, lotDecimals(contract));
