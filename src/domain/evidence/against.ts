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
  const parts = Float64Array.from({ length: shifts }, random);
  const counts = new Float64Array(shifts);
  const sums = new Float64Array(shifts);
  // All shifts of one instrument after another: its columns stay near the processor.
  for (const [i, one] of studied.entries()) {
    const turn = turning(one, terms);
    for (let shift = 0; shift < shifts; shift++) {
      const { n, sum } = turn(parts[shift]!);
      counts[shift]! += n;
      sums[shift]! += sum;
    }
    see?.((i + 1) / studied.length);
  }
  const means = sums.map((sum, shift) => sum / counts[shift]!).filter((mean) => mean === mean);
  return { means: means.sort(), shifts };
}

/** Trades of the signal turned by a part of its periods: how many, and the sum of their nets. The answer is one object, written anew. */
function turning({ tape, signal }: Studied, terms: TradeTerms): (part: number) => { readonly n: number; readonly sum: number } {
  const at = hoursOf(tape, signal);
  const trader = new Trader(tape, terms);
  const periods = at.length;
  const count = signal.events.length;
  const period = Int32Array.from(signal.events, (one) => one.period);
  const lasts = Float64Array.from(signal.events, (one) => one.lasts);
  const side = signal.events.map(({ crowd }) => sideOf(crowd, terms));
  const isOneByOne = terms.events === 'entries';
  const found = { n: 0, sum: 0 };
  return (part) => {
    found.n = found.sum = 0;
    if (periods < 2) return found;
    // 1 to periods - 1: never the signal itself.
    const by = 1 + Math.floor(part * (periods - 1));
    // In the order of their new times: those that were carried over the end come first.
    const split = period.findIndex((one) => one + by >= periods);
    let busyUntil = -1;
    for (let i = 0, event = Math.max(0, split); i < count; i++, event = event + 1 === count ? 0 : event + 1) {
      const moved = (period[event]! + by) % periods;
      const hour = at[moved]!;
      if (!trader.find(hour, at[moved + lasts[event]!] ?? NaN) || trader.exit <= trader.entry) continue;
      if (isOneByOne && trader.entry < busyUntil) continue;
      busyUntil = trader.exit;
      found.n++;
      found.sum += trader.net(side[event]!, hour);
    }
    return found;
  };
}

const hoursOf = (tape: Tape, { periods }: Signal): Int32Array => Int32Array.from(periods, (t) => hourBefore(tape, t));
