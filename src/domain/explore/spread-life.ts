import { HOUR_MS } from '../time.ts';

export interface SpreadInput {
  /** Hour closes, ascending, and the funding per hour of both legs at them (NaN: not known). */
  readonly time: Float64Array;
  readonly first: Float64Array;
  readonly second: Float64Array;
  /** A life begins with the first hour whose spread is at least so large (per hour, above 0). */
  readonly level: number;
  /** Cost of the whole trade, as a share of the notional. */
  readonly cost: number;
}

/** A stretch in which one leg paid more than the other: short the one, long the other. */
export interface SpreadLife {
  /** Close of its first and of its last hour; `open`: it is not over. */
  readonly start: number;
  readonly end: number;
  readonly open: boolean;
  /** Closes of it that are there: each stands for one hour. */
  readonly hours: number;
  /** 1: the first leg pays more, -1: the second. */
  readonly side: 1 | -1;
  /** Of one hour, without its sign, and when that was. */
  readonly largest: number;
  readonly largestAt: number;
  /** What it paid in all, as a share of the notional, before the cost. */
  readonly paid: number;
  /** Hours at whose end what it had paid since its start was more than the cost. */
  readonly hoursAboveCost: number;
}

/** Lives of a spread, oldest first. One ends before the first hour that is below the level, on the other side, unknown or not stored. */
export function spreadLives({ time, first, second, level, cost }: SpreadInput): SpreadLife[] {
  const lives: SpreadLife[] = [];
  let life: { -readonly [K in keyof SpreadLife]: SpreadLife[K] } | null = null;
  for (const [i, t] of time.entries()) {
    const spread = (first[i] ?? NaN) - (second[i] ?? NaN);
    const side = spread > 0 ? 1 : -1;
    const follows: boolean = life !== null && t - life.end === HOUR_MS && life.side === side;
    if (life !== null && !(follows && Math.abs(spread) >= level)) {
      lives.push({ ...life, open: false });
      life = null;
    }
    if (!(Math.abs(spread) >= level) || spread === 0) continue;
    life ??= { start: t, end: t, open: true, hours: 0, side, largest: 0, largestAt: t, paid: 0, hoursAboveCost: 0 };
    life.end = t;
    life.hours += 1;
    life.paid += Math.abs(spread);
    if (Math.abs(spread) > life.largest) [life.largest, life.largestAt] = [Math.abs(spread), t];
    if (life.paid > cost) life.hoursAboveCost += 1;
  }
  return life === null ? lives : [...lives, life];
}
