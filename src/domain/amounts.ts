import { exact } from './decisions/exact.ts';
import type { Instrument } from './instrument.ts';

/**
 * What a venue counts an amount in: units of the price (BTC; thousands of PEPE where the price is of those), quote money, or
 * contracts, which are so many units of the price (linear) or so much quote money (inverse).
 */
export type Counted = 'base' | 'quote' | 'contracts';

/** What one must know of the instrument to convert its amounts. */
export type ContractTerms = Pick<Instrument, 'contract' | 'contractSize'>;

/** Why an amount that a venue states is not shown: it cannot be told in the one unit. */
const REFUSALS = {
  'no-price': 'The venue counts it in another unit and gives no mark price to convert it with.',
  'no-contract-size': 'The venue counts it in contracts and does not say what one contract is.',
} as const;
export type AmountRefusal = keyof typeof REFUSALS;
export const AMOUNT_REFUSALS = Object.keys(REFUSALS) as [AmountRefusal, ...AmountRefusal[]];
export const refusalSentence = (refusal: AmountRefusal): string => REFUSALS[refusal];

export type Converted = { readonly value: number; readonly refusal: null } | { readonly value: null; readonly refusal: AmountRefusal };

const told = (value: number): Converted => ({ value, refusal: null });
const NO_PRICE: Converted = { value: null, refusal: 'no-price' };
const NO_CONTRACT_SIZE: Converted = { value: null, refusal: 'no-contract-size' };

/** What the amount is made of once contracts are opened. */
const madeOf = (counted: Counted, contract: Instrument['contract']): 'base' | 'quote' =>
  counted !== 'contracts' ? counted : contract === 'linear' ? 'base' : 'quote';

/** In units of the price. Money is divided by `price`, the mark of the same row (null: unknown). */
export function inBase(amount: number, counted: Counted, { contract, contractSize }: ContractTerms, price: number | null): Converted {
  const size = counted === 'contracts' ? contractSize : 1;
  if (size === null) return NO_CONTRACT_SIZE;
  if (madeOf(counted, contract) === 'base') return told(amount * size);
  return price === null || !(price > 0) ? NO_PRICE : told((amount * size) / price);
}

/** In quote money. Units are worth `price` each. */
export function inQuote(amount: number, counted: Counted, { contract, contractSize }: ContractTerms, price: number | null): Converted {
  const size = counted === 'contracts' ? contractSize : 1;
  if (size === null) return NO_CONTRACT_SIZE;
  if (madeOf(counted, contract) === 'quote') return told(amount * size);
  return price === null || !(price > 0) ? NO_PRICE : told(amount * size * price);
}

/** Whether the price is taken to tell an amount in units of the price ('base') or in quote money. */
export const needsPrice = (unit: 'base' | 'quote', counted: Counted, { contract, contractSize }: ContractTerms): boolean =>
  madeOf(counted, contract) !== unit && (counted !== 'contracts' || contractSize !== null);

/** More digits than any venue writes, so that a size comes back as it was when it is turned back. */
const LEVEL_DIGITS = 24;

/** The quantity of a book's level, as decimal text in units of the price; each level is converted at its own price. */
export function levelInBase(price: string, quantity: string, counted: Counted, terms: ContractTerms): string | null {
  const { contract, contractSize } = terms;
  if (counted === 'base') return quantity;
  if (counted === 'contracts' && contractSize === null) return null;
  const amount = counted === 'contracts' ? exact(quantity).times(contractSize ?? 1) : exact(quantity);
  const isMoney = counted === 'quote' || contract === 'inverse';
  return (isMoney ? amount.div(price).toSignificantDigits(LEVEL_DIGITS) : amount).toFixed();
}

/** Digits that a venue can have meant. */
const MEANT_DIGITS = 18;

/** The quote money of such a level, as decimal text: for an inverse contract what the venue counts positions in. */
export const levelInQuote = (price: string, quantity: string): string =>
  exact(quantity).times(price).toSignificantDigits(MEANT_DIGITS).toFixed();

/** Coins whose issuer promises one dollar each: worth 1 USD here, and called so where it is shown. */
const STABLECOINS: ReadonlySet<string> = new Set([
  ...['USDT', 'USDC', 'FDUSD', 'BUSD', 'TUSD', 'USDP', 'DAI', 'USDD', 'USDE', 'PYUSD', 'RLUSD', 'USDG', 'USD1', 'USDS', 'USDH', 'USDT0'],
]);

/** How money is told in USD: it is that, a stablecoin counts as 1, or only an index of the coin can tell (null). */
export function usdPar(money: string): 'usd' | 'stablecoin' | null {
  if (money === 'USD') return 'usd';
  return STABLECOINS.has(money) ? 'stablecoin' : null;
}
