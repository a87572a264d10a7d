import { ONE, type Exact, type Fraction } from './exact.ts';
import type { Contract } from './side.ts';

/** What an entry costs and earns per contract, in the settle currency. */
export interface Trade {
  readonly contract: Contract;
  /** +1 long, -1 short. */
  readonly sign: Exact;
  readonly entry: Exact;
  /** Base coins (linear) or quote money (inverse) per contract. */
  readonly contractSize: Exact;
  readonly feeIn: Exact;
  readonly feeOut: Exact;
  /** Per fill, a share of its price. */
  readonly slip: Exact;
  /** Funding paid per notional over the hold; received: below 0. */
  readonly paid: Exact;
}

/** Net of all costs at `exit`, per contract; below 0 is a loss. A fraction, so that a budget is compared before dividing. */
export function netAt({ contract, sign, entry, contractSize, feeIn, feeOut, slip, paid }: Trade, exit: Exact): Fraction {
  const gain = sign.times(exit.minus(entry));
  const onEntry = feeIn.plus(slip).plus(paid);
  const onExit = feeOut.plus(slip);
  return contract === 'linear'
    ? { num: contractSize.times(gain.minus(onEntry.times(entry)).minus(onExit.times(exit))), den: ONE }
    : { num: contractSize.times(gain.minus(onEntry.times(exit)).minus(onExit.times(entry))), den: entry.times(exit) };
}

/** The same with received funding left out: a hope does not enlarge a position. */
export const worstOf = (trade: Trade): Trade => (trade.paid.lt(0) ? { ...trade, paid: trade.paid.times(0) } : trade);

/** The exit where the net is 0 (inverse: by its own payoff); null where costs leave none above 0. */
export function breakEven({ contract, sign, entry, feeIn, feeOut, slip, paid }: Trade): Exact | null {
  const onEntry = sign.times(feeIn.plus(slip).plus(paid));
  const onExit = sign.times(feeOut.plus(slip));
  const above = ONE.plus(contract === 'linear' ? onEntry : onExit);
  const below = ONE.minus(contract === 'linear' ? onExit : onEntry);
  return below.gt(0) && above.gt(0) ? entry.times(above).div(below) : null;
}

export const BREAK_EVEN = {
  linear: '{entry} × (1 + {s} × ({feeIn} + {slip} + {F}))/(1 − {s} × ({feeOut} + {slip}))',
  inverse: '{entry} × (1 + {s} × ({feeOut} + {slip}))/(1 − {s} × ({feeIn} + {slip} + {F}))',
} as const;

export const NET = {
  linear: '{Q} × [{s} × ({exit} − {entry}) − {feeIn} × {entry} − {feeOut} × {exit} − {slip} × ({entry} + {exit}) − {F} × {entry}]',
  inverse: '{Q} × [{s} × (1/{entry} − 1/{exit}) − ({feeIn} + {slip})/{entry} − ({feeOut} + {slip})/{exit} − {F}/{entry}]',
} as const;
