import type { Contract } from '#node/demo/contracts.ts';
import { json, type Model, type WireAnswer } from '#node/demo/wire.ts';

export const good = (data: unknown, now: number): WireAnswer => json({ code: '00000', msg: 'success', requestTime: now, data });

/** Errors of parameters come with status 400: https://www.bitget.com/api-doc/contract/error-code/rest */
const bad = (code: string, msg: string, now: number): WireAnswer => json({ code, msg, requestTime: now, data: null }, 400);
export const badParameter = (now: number): WireAnswer => bad('400172', 'Parameter verification failed', now);
export const noSymbol = (symbol: string, now: number): WireAnswer => bad('40034', `Parameter ${symbol} does not exist`, now);

export const ended = (contract: Contract, now: number): boolean => contract.delistedAt <= now;

/** The product types, which may be written in small letters; the demo has no simulated ones. */
const PRODUCTS: Readonly<Record<string, (contract: Contract) => boolean>> = {
  'USDT-FUTURES': ({ quote }) => quote === 'USDT',
  'USDC-FUTURES': ({ quote }) => quote === 'USDC',
  'COIN-FUTURES': ({ contract }) => contract === 'inverse',
};

/** What the question is about: contracts of its product, all of them or the one that it names. */
export function askedOf({ contracts }: Model, query: URLSearchParams, now: number): readonly Contract[] | WireAnswer {
  const isOf = PRODUCTS[(query.get('productType') ?? '').toUpperCase()];
  if (isOf === undefined) return badParameter(now);
  const symbol = query.get('symbol');
  const found = contracts.of('bitget', now).filter((contract) => isOf(contract) && (symbol === null || contract.symbol === symbol));
  return found.length === 0 ? noSymbol(symbol ?? '', now) : found;
}

/** The same where one contract has to be named. */
export function oneOf(model: Model, query: URLSearchParams, now: number): Contract | WireAnswer {
  if (!query.has('symbol')) return badParameter(now);
  const asked = askedOf(model, query, now);
  return 'status' in asked ? asked : (asked[0] ?? badParameter(now));
}
