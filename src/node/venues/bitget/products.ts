import type { Instrument } from '#domain/instrument.ts';

/** Each has lists of its own; a symbol stands in one of them. */
export const PRODUCTS = ['USDT-FUTURES', 'USDC-FUTURES', 'COIN-FUTURES'] as const;
export type Product = (typeof PRODUCTS)[number];

/** Coins of a contract. */
export interface Coins extends Pick<Instrument, 'quote' | 'settle' | 'contract'> {
  readonly base: string;
}

/** Contracts of COIN-FUTURES pay in the coin, the others in the money of their product. */
export function coinsOf(product: Product, base: string, quote: string): Coins {
  if (product === 'COIN-FUTURES') return { base, quote, settle: base, contract: 'inverse' };
  return { base, quote, settle: product === 'USDT-FUTURES' ? 'USDT' : 'USDC', contract: 'linear' };
}

/** Endings of symbols: BTCUSDT, BTCPERP (in USDC), BTCUSD. Dated contracts have other ones. */
const ENDINGS: readonly (readonly [ending: string, product: Product, quote: string])[] = [
  ['USDT', 'USDT-FUTURES', 'USDT'],
  ['PERP', 'USDC-FUTURES', 'USDC'],
  ['USDC', 'USDC-FUTURES', 'USDC'],
  ['USD', 'COIN-FUTURES', 'USD'],
];

const endingOf = (symbol: string) => ENDINGS.find(([ending]) => symbol.length > ending.length && symbol.endsWith(ending));

/** What the name of a perpetual tells, for when no list does. */
export function coinsOfName(symbol: string): Coins | null {
  const [ending, product, quote] = endingOf(symbol) ?? [];
  return ending === undefined || product === undefined || quote === undefined
    ? null
    : coinsOf(product, symbol.slice(0, -ending.length), quote);
}

export const productOfName = (symbol: string): Product => endingOf(symbol)?.[1] ?? 'USDT-FUTURES';
