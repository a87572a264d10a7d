import { notionalAt, profitAt, type Position } from './liquidation-price.ts';
import type { Exact } from './exact.ts';

/** What a position costs besides its price: shares of the value of the entry and of the exit (fee and slippage), and funding in the settle currency (received: below 0). */
export interface Costs {
  readonly onEntry: Exact;
  readonly onExit: Exact;
  readonly funding: Exact;
}

/** Profit in the settle currency at `exit`, net of all costs. */
export const netOf = (position: Position, { onEntry, onExit, funding }: Costs, exit: Exact): Exact =>
  profitAt(position, exit)
    .minus(onEntry.times(notionalAt(position, position.entry)))
    .minus(onExit.times(notionalAt(position, exit)))
    .minus(funding);

/**
 * The exit where the net is `wanted`, solved from the same payoff (domain 4.1); null: no price above 0 brings it. Linear:
 * Q [s (P - E) - a E - b P] - F = W; inverse: Q [s (1/E - 1/P) - a/E - b/P] - F = W.
 */
export function exitFor({ contract, sign, entry, units }: Position, { onEntry, onExit, funding }: Costs, wanted: Exact): Exact | null {
  const perUnit = wanted.plus(funding).div(units);
  const [above, below] =
    contract === 'linear'
      ? [perUnit.plus(entry.times(sign.plus(onEntry))), sign.minus(onExit)]
      : [sign.plus(onExit), sign.minus(onEntry).div(entry).minus(perUnit)];
  if (below.isZero()) return null;
  const price = above.div(below);
  return price.gt(0) ? price : null;
}

export const EXIT_FOR = {
  linear: '(({W} + {F})/{Q} + {entry} × ({s} + {onEntry}))/({s} − {onExit})',
  inverse: '({s} + {onExit})/(({s} − {onEntry})/{entry} − ({W} + {F})/{Q})',
} as const;

export const NET_OF = {
  linear: '{Q} × [{s} × ({exit} − {entry}) − {onEntry} × {entry} − {onExit} × {exit}] − {F}',
  inverse: '{Q} × [{s} × (1/{entry} − 1/{exit}) − {onEntry}/{entry} − {onExit}/{exit}] − {F}',
} as const;
