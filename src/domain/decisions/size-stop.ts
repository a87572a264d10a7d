import { exact, plainText, type Amount, type Exact } from './exact.ts';
import { stopBeyond } from './liquidation.ts';
import type { ReadSize, SizeInput } from './size-input.ts';
import type { Attempt } from './size-minimum.ts';

/** Prices are shown with 8 digits; a stop is tried so much nearer to the entry, as a person would enter it. */
const SHOWN_DIGITS = 8;
const NEARER = '0.000001';
/** A nearer stop makes a larger position, which is liquidated earlier: so often the stop is moved after it. */
const TRIES = 8;

/**
 * What would do where liquidation comes before the stop, from the entry to the end of the hold (`byFunding`: only then). Each part is
 * tried first: a nearer stop also changes the size, its tier and its funding. `attempt` null: this is such a try, whose
 * advice is not read.
 */
export function stopAdvice(read: ReadSize, input: SizeInput, taken: readonly Exact[], byFunding: boolean, attempt: Attempt | null): string {
  if (attempt === null) return '';
  const { sign } = read.trade;
  const near = nearerStop(read, input, taken, attempt);
  const does = (change: Partial<SizeInput>): boolean => !attempt({ ...input, ...change }).problems.some(({ field }) => field === 'stop');
  const lower = input.margin === 'cross' ? does({ risk: plainText(read.risk.div(100)) }) : does({ leverage: 1 });
  const parts = [
    ...(near === null ? [] : [`enter a stop ${sign.gt(0) ? 'above' : 'below'} ${plainText(near)}`]),
    ...(lower ? [input.margin === 'cross' ? 'risk less' : 'lower the leverage'] : []),
    ...(byFunding ? ['hold for less time'] : []),
  ];
  const many = `${parts.slice(0, -1).join(', ')}, or ${parts.at(-1) ?? ''}`;
  const words = parts.length < 2 ? (parts[0] ?? 'enter a nearer stop, and hold for less time') : many;
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}

/** A price beyond which a stop is taken, or null where none is found. `taken`: the liquidation prices as they are now. */
function nearerStop({ trade: { sign, entry } }: ReadSize, input: SizeInput, taken: readonly Exact[], attempt: Attempt): Exact | null {
  let beyond = taken;
  for (let i = 0; i < TRIES; i++) {
    const [first, ...others] = beyond;
    if (first === undefined) return null;
    const nearest = others
      .reduce((near, price) => (sign.times(price.minus(near)).gt(0) ? price : near), first)
      .toSignificantDigits(SHOWN_DIGITS);
    const stop = nearest.times(sign.times(NEARER).plus(1)).toSignificantDigits(SHOWN_DIGITS + 4);
    if (sign.times(entry.minus(stop)).lte(0)) return null;
    const { problems, figures } = attempt({ ...input, stop: plainText(stop) });
    if (problems.length === 0) return nearest;
    beyond = [figures.liquidation.value, figures.liquidationAtEnd.value].flatMap((text: Amount | null) =>
      text === null || !stopBeyond(stop, exact(text), sign) ? [] : [exact(text)],
    );
  }
  return null;
}
