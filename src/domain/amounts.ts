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
const refused = (refusal: AmountRefusal): Converted => ({ value: null, refusal });

/** Contracts as what they are made of; what is not counted in contracts stays. */
function unpacked(
  amount: number,
  counted: Counted,
  { contract, contractSize }: ContractTerms,
): { amount: number; counted: Counted } | null {
  if (counted !== 'contracts') return { amount, counted };
  return contractSize === null ? null : { amount: amount * contractSize, counted: contract === 'linear' ? 'base' : 'quote' };
}

/** In units of the price. Money is divided by `price`, the mark of the same row (null: unknown). */
export function inBase(amount: number, counted: Counted, terms: ContractTerms, price: number | null): Converted {
  const plain = unpacked(amount, counted, terms);
  if (plain === null) return refused('no-contract-size');
  if (plain.counted === 'base') return told(plain.amount);
  return price === null || !(price > 0) ? refused('no-price') : told(plain.amount / price);
}

/** In quote money. Units are worth `price` each. */
export function inQuote(amount: number, counted: Counted, terms: ContractTerms, price: number | null): Converted {
  const plain = unpacked(amount, counted, terms);
  if (plain === null) return refused('no-contract-size');
  if (plain.counted === 'quote') return told(plain.amount);
  return price === null || !(price > 0) ? refused('no-price') : told(plain.amount * price);
}

/** Whether a conversion takes the price. */
export const needsPrice = (convert: typeof inBase, counted: Counted, terms: ContractTerms): boolean =>
  convert(1, counted, terms, null).refusal === 'no-price';

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
