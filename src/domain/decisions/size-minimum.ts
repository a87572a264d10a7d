import { Exact, ONE, plainText, valueOf } from './exact.ts';
import { tierAt } from './maintenance.ts';
import type { Problem, Reader } from './reader.ts';
import type { SizeResult } from './size.ts';
import type { ReadSize, SizeInput } from './size-input.ts';
import { boundWords, lossPerContract, notionalPerContract, riskScale, tradeOf, type Sized } from './size-limit.ts';

/** What the same input with a change comes to; `advised`: with what would do for its problems, which is tried in its turn. */
export type Attempt = (input: SizeInput, advised?: true) => SizeResult;

const UP = Exact.ROUND_UP;
const NEARER = ', or move the stop nearer';

/**
 * Says that the limits allow fewer contracts than the venue takes, with what would do: the least change that this calculator
 * takes itself, so it is within the person's cap, the venue's limits and the whole equity.
 */
export function refuseMinimum(reader: Reader, read: ReadSize, input: SizeInput, sized: Sized, least: Exact, attempt: Attempt): void {
  const contracts = sized.steps.times(read.lotStep);
  const wrong = `The limits allow ${plainText(contracts)} contracts; the venue takes at least ${plainText(least)}.`;
  const trade = tradeOf(read, least);
  if (trade === null) {
    reader.refuse('book', `Book too thin. ${wrong}`, 'Enter slippage by hand, or wait for a deeper book.');
    return;
  }
  const capital = valueOf(read.capital);
  const loss = valueOf(lossPerContract(trade, read.stop)).times(least);
  const notional = valueOf(notionalPerContract(trade)).times(least);
  const riskNeeded = loss.div(capital.times(riskScale(read)));
  const leverageNeeded = notional.div(capital);
  const risk = riskNeeded.gt(read.risk) ? riskNeeded.toSignificantDigits(4, UP) : read.risk;
  const most = mostLeverage(read, least, notional);
  const allowed = most !== null && most.lt(read.leverage) ? most : read.leverage;
  const leverage = leverageNeeded.gt(allowed) ? upTo(leverageNeeded, most) : allowed;
  const raised = risk.gt(read.risk);
  const field = raised ? 'risk' : 'leverage';
  // Without any distance to the stop the costs alone are lost.
  const costs = valueOf(lossPerContract(trade, trade.entry)).times(least);
  const nearer = raised && costs.lt(capital.times(riskScale(read)).times(read.risk)) ? NEARER : '';
  const [riskText, leverageText] = [plainText(risk), plainText(leverage)];

  if (attempt({ ...input, risk: riskText, leverage: leverageText }).problems.length === 0) {
    const levered = leverage.gt(read.leverage)
      ? `leverage of at least ${leverageText}x`
      : leverage.lt(read.leverage)
        ? `leverage of at most ${leverageText}x`
        : null;
    const right =
      levered === null
        ? `Risk at least ${riskText} of the equity${nearer}.`
        : `${raised ? `Risk at least ${riskText} of the equity, with a` : 'Enter a'} ${levered}.`;
    reader.refuse(field, wrong, right);
    return;
  }
  const budgeted = loss.div(read.risk.times(riskScale(read)));
  const needed = Exact.max(budgeted, notional.div(allowed)).times(read.capital.den).toSignificantDigits(6, UP);
  const richer = { ...input, equity: plainText(needed), leverage: plainText(allowed) };
  const { problems, bound } = attempt(richer);
  if (problems.length === 0) {
    const lower = allowed.lt(read.leverage) ? ` and a leverage of at most ${plainText(allowed)}x` : '';
    reader.refuse(field, wrong, `Bring at least ${plainText(needed)} of equity${lower}${lower === '' ? nearer : ''}.`);
    return;
  }
  // What stays below the minimum is in the way of its own limits: more advice on it would go in circles.
  const isLimit = bound === 'minimum';
  for (const next of (isLimit ? problems : attempt(richer, true).problems).slice(0, 1)) {
    reader.refuse(next.field, `${wrong} ${isLimit ? '' : 'With enough equity for that: '}${next.wrong}`, next.right);
  }
}

/** The field of what bounds a size. */
const FIELD = {
  fixed: 'contracts',
  risk: 'risk',
  leverage: 'leverage',
  'venue-leverage': 'leverage',
  tier: 'leverage',
  'last-tier': 'maxNotional',
  'largest-order': 'maxQuantity',
  book: 'book',
} as const;

/** The limit that keeps a size below the least, whatever the equity. */
export const limitBelow = (read: ReadSize, { bound }: Sized, least: Exact, quote: string): Problem => ({
  field: FIELD[bound],
  wrong: boundWords(read, bound, quote),
  right: `That is below the least that the venue takes, ${plainText(least)} contracts: check the least, the most and the contract size.`,
});

/** The most leverage for a position of `least` contracts: the person's cap, the venue's, the tier's; null: not known. */
function mostLeverage({ caps, maintenance }: ReadSize, least: Exact, notional: Exact): Exact | null {
  const tier = maintenance?.tiers[tierAt(maintenance.tiers, maintenance.by === 'contracts' ? least : notional)]?.maxLeverage;
  const all = [...caps, ...(tier === null || tier === undefined ? [] : [tier])];
  return all.length === 0 ? null : Exact.min(...all);
}

/** Four digits, rounded up, but not beyond what is allowed. */
function upTo(needed: Exact, most: Exact | null): Exact {
  const rounded = Exact.max(ONE, needed.toSignificantDigits(4, UP));
  return most !== null && rounded.gt(most) && !needed.gt(most) ? most : rounded;
}
