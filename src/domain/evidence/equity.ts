import type { StudyTerms } from './question.ts';
import type { Trade } from './trades.ts';

/** Money after a trade was closed. */
export interface EquityPoint {
  readonly at: number;
  readonly capital: number;
}

/** What a purse would have done with the trades, in the money of its capital. */
export interface Equity {
  readonly start: number;
  readonly final: number;
  /** final / start - 1. */
  readonly return: number;
  readonly price: number;
  readonly funding: number;
  readonly costs: number;
  readonly executions: number;
  readonly wins: number;
  /** Largest fall from an earlier height, as a share of it; after closed trades. */
  readonly drawdown: number;
  readonly points: readonly EquityPoint[];
}

type Purse = Pick<StudyTerms, 'size' | 'capital' | 'exposure'>;

/**
 * Each position is `exposure` times the capital at its entry (compounded) or at the start (fixed); a result counts from its exit on.
 * Of several at one time the one that was entered first is closed first.
 */
export function equityOf(trades: readonly Trade[], { size, capital: start, exposure }: Purse): Equity {
  const ordered = trades.toSorted((a, b) => a.enteredAt - b.enteredAt || a.exitedAt - b.exitedAt);
  const open: { trade: Trade; notional: number }[] = [];
  const points: EquityPoint[] = [];
  let [capital, price, funding, costs, wins, top, drawdown] = [start, 0, 0, 0, 0, start, 0];
  const closeUntil = (at: number): void => {
    open.sort((a, b) => a.trade.exitedAt - b.trade.exitedAt);
    while (open[0] !== undefined && open[0].trade.exitedAt <= at) {
      const { trade, notional } = open.shift()!;
      capital += notional * trade.net;
      price += notional * (trade.price || 0);
      funding += notional * trade.funding;
      costs += notional * trade.cost;
      if (trade.net > 0) wins++;
      top = Math.max(top, capital);
      drawdown = Math.max(drawdown, (top - capital) / top);
      points.push({ at: trade.exitedAt, capital });
    }
  };
  for (const trade of ordered) {
    closeUntil(trade.enteredAt);
    open.push({ trade, notional: exposure * (size === 'compounded' ? Math.max(0, capital) : start) });
  }
  closeUntil(Infinity);
  return {
    start,
    final: capital,
    return: capital / start - 1,
    price,
    funding,
    costs,
    executions: 2 * trades.length,
    wins,
    drawdown,
    points,
  };
}
