import { commonStep, type ReadCarry, type ReadLeg } from './carry-input.ts';
import { Exact, floorTo, ONE, ZERO } from './exact.ts';
import type { Inputs } from './figure.ts';

/** What both legs hold, each rounded down to what it trades. */
export interface CarrySize {
  /** Per leg, for the sums. */
  readonly coins: Exact;
  /** What `coins` is a multiple of, and the coarsest step of a leg: a size of that is never rounded to nothing. */
  readonly step: Exact;
  readonly coarsest: Exact;
  /** How `coins` came to be. */
  readonly template: string;
  readonly inputs: Inputs;
  /** Quote money in the contracts of an inverse leg; null: both legs are counted in coins. */
  readonly money: Exact | null;
}

/** Quote money that an inverse leg trades in steps of. */
const moneyStep = ({ lot, contractSize }: ReadLeg): Exact => lot.times(contractSize);

/**
 * Legs in coins hold the same: the coarsest step that both trade. An inverse leg holds whole lots of quote money, which are
 * `money/mid` coins; a leg in coins beside it holds that many, rounded down to its own step, so that they differ by less than that.
 */
export function sizeCarry({ long, short, wanted, wantedMoney, mid }: ReadCarry): CarrySize {
  const inverse = [long, short].filter(({ contract }) => contract === 'inverse');
  const [first, second] = inverse;
  if (first === undefined) {
    const step = commonStep(long.step, short.step);
    return {
      coins: floorTo(wanted, step),
      step,
      coarsest: step,
      template: 'floor({wanted}/{step}) × {step}',
      inputs: { wanted, step },
      money: null,
    };
  }
  const lots = second === undefined ? moneyStep(first) : commonStep(moneyStep(first), moneyStep(second));
  const money = floorTo(wantedMoney, lots);
  const held = money.div(mid);
  if (second !== undefined)
    return { coins: held, step: lots.div(mid), coarsest: lots.div(mid), template: '{money}/{mid}', inputs: { money, mid }, money };
  const { step } = first === long ? short : long;
  const inMoney = lots.div(mid);
  return {
    coins: floorTo(held, step),
    step,
    coarsest: Exact.max(inMoney, step),
    template: 'floor({money}/{mid}/{step}) × {step}',
    inputs: { money, mid, step },
    money,
  };
}

/** What the leg's position is counted in: units of its price, or the quote money of an inverse one. */
export const unitsOf = (leg: ReadLeg, { coins, money }: CarrySize): Exact =>
  leg.contract === 'inverse' && money !== null ? money : coins.div(leg.multiplier);

/** How far apart the legs of a carry are, as a share of the larger; 0 where both hold the same. */
export function mismatch({ mid }: ReadCarry, { coins, money }: CarrySize): Exact {
  return money === null || money.isZero() ? ZERO : ONE.minus(coins.times(mid).div(money));
}
