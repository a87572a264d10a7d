import type { Side } from './side.ts';

const SWING_H = 24;
const VOLATILITY_H = 72;
const HOURS_A_DAY = 24;

export interface StopHelp {
  /** NaN never: null while warming up (less than half the window is known). */
  readonly value: number | null;
  /** Hours that were known, of how many. */
  readonly known: number;
  readonly of: number;
}

/** Extreme of the last 24 closed hours against the position: lowest close for a long, highest for a short. `closes` hourly, NaN a gap. */
export function swingStop(closes: Float64Array, side: Side): StopHelp {
  const known = closes.slice(-SWING_H).filter((close) => close > 0);
  const enough = known.length >= SWING_H / 2;
  return { value: enough ? (side === 'long' ? Math.min(...known) : Math.max(...known)) : null, known: known.length, of: SWING_H };
}

/** Volatility per day: sample sd of the hourly log returns of the last 72 h, times the root of 24; a gap has no return. */
export function dailyVolatility(closes: Float64Array): StopHelp {
  const window = closes.slice(-(VOLATILITY_H + 1));
  const returns: number[] = [];
  for (let i = 1; i < window.length; i++) {
    const change = Math.log(window[i]! / window[i - 1]!);
    if (Number.isFinite(change)) returns.push(change);
  }
  const n = returns.length;
  if (n < VOLATILITY_H / 2) return { value: null, known: n, of: VOLATILITY_H };
  const mean = returns.reduce((sum, x) => sum + x, 0) / n;
  const squares = returns.reduce((sum, x) => sum + (x - mean) ** 2, 0);
  return { value: Math.sqrt((squares / (n - 1)) * HOURS_A_DAY), known: n, of: VOLATILITY_H };
}

/** A stop `times` daily volatilities from the entry. */
export function volatilityStop(entry: number, side: Side, volatility: number, times: number): number {
  return entry * (1 - (side === 'long' ? 1 : -1) * volatility * times);
}
