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
 * exit is the signal's end, the hold is the events' mean one. One instrument after another, of which nothing is held.
 */
export class Baselines {
  readonly #terms: TradeTerms;
  #n = 0;
  #long = 0;
  #short = 0;
  #moves = 0;
  #moved = 0;

  constructor(terms: TradeTerms) {
    this.#terms = terms;
  }

  add({ tape, signal }: Studied): void {
    const terms = this.#terms;
    const trader = new Trader(tape, terms);
    const at = hoursOf(tape, signal);
    const events = new Set(signal.events.map(({ period }) => period));
    const lasts = signal.events.flatMap((one) => (Number.isNaN(one.lasts) ? [] : [one.lasts]));
    const hold = lasts.length === 0 ? NaN : Math.max(1, Math.round(lasts.reduce((a, b) => a + b, 0) / lasts.length));
    for (let period = 0; period < at.length; period++) {
      if (events.has(period) || Number.isNaN(signal.values[period]!)) continue;
      const hour = at[period]!;
      if (!trader.find(hour, at[period + hold] ?? NaN) || trader.exit <= trader.entry) continue;
      this.#n++;
      this.#long += trader.net(1, hour);
      this.#short += trader.net(-1, hour);
      const move = tape.hasPrices ? trader.move(hour) : NaN;
      if (Number.isNaN(move)) continue;
      this.#moves += move;
      this.#moved++;
    }
  }

  /** `shareLong`: of the events. */
  of(shareLong: number): Baseline | null {
    const n = this.#n;
    if (n === 0) return null;
    const net = (shareLong * this.#long + (1 - shareLong) * this.#short) / n;
    return { n, net, move: this.#moved === 0 ? NaN : this.#moves / this.#moved };
  }
}

/**
 * Where the events' mean net stands among those of the same signal at wrong times: turned round its own time line by a random part of it, its runs,
 * sides and distances kept, so that whatever it earns there is not its timing. Several instruments turn by one part together, so that
 * what they do together stays together. One instrument after another, of which nothing is held.
 */
export class Placebo {
  readonly #terms: TradeTerms;
  readonly #parts: Float64Array;
  readonly #counts: Float64Array;
  readonly #sums: Float64Array;

  constructor(terms: TradeTerms, shifts: number, random: Random) {
    this.#terms = terms;
    this.#parts = Float64Array.from({ length: shifts }, random);
    this.#counts = new Float64Array(shifts);
    this.#sums = new Float64Array(shifts);
  }

  add(one: Studied): void {
    const turn = turning(one, this.#terms);
    for (const [shift, part] of this.#parts.entries()) {
      const { n, sum } = turn(part);
      this.#counts[shift]! += n;
      this.#sums[shift]! += sum;
    }
  }

  /** Mean net of each shift that had a trade, ascending. */
  means(): Float64Array {
    return this.#sums
      .map((sum, shift) => sum / this.#counts[shift]!)
      .filter((mean) => mean === mean)
      .sort();
  }
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
