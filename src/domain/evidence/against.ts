import type { Random } from './bootstrap.ts';
import type { TradeTerms } from './question.ts';
import type { Signal } from './signal-events.ts';
import { hourBefore, type Tape } from './tape.ts';
import { sideOf, Trader } from './trades.ts';

/** One instrument of a study: its tape and what the rule said on it. */
export interface Studied {
  readonly tape: Tape;
  readonly signal: Signal;
  readonly windowMs: number;
}

/** What the same mix of sides had at all other times. */
export interface Baseline {
  /** Periods that were looked at. */
  readonly n: number;
  readonly net: number;
  /** Mean move over its trailing volatility; NaN: not measured. */
  readonly move: number;
}

/**
 * At every judged period without an event: a position of each side for the same hold, weighted by the events' own sides. Where the
 * exit is the signal's end, the hold is the events' mean one.
 */
export function baselineOf(studied: readonly Studied[], terms: TradeTerms, shareLong: number): Baseline | null {
  let [n, sum, moves, moved] = [0, 0, 0, 0];
  for (const { tape, signal } of studied) {
    const trader = new Trader(tape, terms);
    const at = hoursOf(tape, signal);
    const events = new Set(signal.events.map(({ period }) => period));
    const lasts = signal.events.flatMap((one) => (Number.isNaN(one.lasts) ? [] : [one.lasts]));
    const hold = lasts.length === 0 ? NaN : Math.max(1, Math.round(lasts.reduce((a, b) => a + b, 0) / lasts.length));
    for (let period = 0; period < at.length; period++) {
      if (events.has(period) || Number.isNaN(signal.values[period]!)) continue;
      const hour = at[period]!;
      if (!trader.find(hour, at[period + hold] ?? NaN) || trader.exit <= trader.entry) continue;
      n++;
      sum += shareLong * trader.net(1, hour) + (1 - shareLong) * trader.net(-1, hour);
      const move = tape.hasPrices ? trader.move(hour) : NaN;
      if (Number.isNaN(move)) continue;
      moves += move;
      moved++;
    }
  }
  return n === 0 ? null : { n, net: sum / n, move: moved === 0 ? NaN : moves / moved };
}

/** Where the events' mean net stands among those of the same signal at wrong times. */
export interface Placebo {
  /** Mean net of each shift that had a trade, ascending. */
  readonly means: Float64Array;
  readonly shifts: number;
}

/**
 * The signal turned round its own time line by a random part of it, its runs, sides and distances kept: whatever it earns there is not
 * its timing. Several instruments turn by one part together, so that what they do together stays together.
 */
export function placeboOf(
  studied: readonly Studied[],
  terms: TradeTerms,
  shifts: number,
  random: Random,
  see?: (done: number) => void,
): Placebo {
  const lines = studied.map(({ tape, signal }) => ({ tape, signal, trader: new Trader(tape, terms), at: hoursOf(tape, signal) }));
  const means: number[] = [];
  for (let shift = 0; shift < shifts; shift++) {
    const part = random();
    let [n, sum] = [0, 0];
    for (const { signal, trader, at } of lines) {
      const periods = at.length;
      if (periods < 2) continue;
      // 1 to periods - 1: never the signal itself.
      const by = 1 + Math.floor(part * (periods - 1));
      // In the order of their new times: those that were carried over the end come first.
      const split = signal.events.findIndex(({ period }) => period + by >= periods);
      const first = split < 0 ? 0 : split;
      let busyUntil = -1;
      for (let i = 0; i < signal.events.length; i++) {
        const { period, lasts, crowd } = signal.events[(first + i) % signal.events.length]!;
        const moved = (period + by) % periods;
        const hour = at[moved]!;
        if (!trader.find(hour, at[moved + lasts] ?? NaN) || trader.exit <= trader.entry) continue;
        if (terms.events === 'entries' && trader.entry < busyUntil) continue;
        busyUntil = trader.exit;
        n++;
        sum += trader.net(sideOf(crowd, terms), hour);
      }
    }
    if (n > 0) means.push(sum / n);
    see?.(shift + 1);
  }
  return { means: Float64Array.from(means).sort(), shifts };
}

const hoursOf = (tape: Tape, { periods }: Signal): Int32Array => Int32Array.from(periods, (t) => hourBefore(tape, t));
