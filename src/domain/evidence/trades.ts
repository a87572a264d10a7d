import type { TradeTerms } from './question.ts';
import type { SignalEvent } from './signal-events.ts';
import { hourBefore, hourOf, type Tape, timeOf } from './tape.ts';

/** One position, from its signal to its exit. Money as a share of the entry's notional. */
export interface Trade {
  readonly instrument: string;
  readonly signalAt: number;
  readonly side: 1 | -1;
  readonly values: readonly number[];
  /** Of the first condition, as it was at the signal. */
  readonly level: number;
  readonly enteredAt: number;
  readonly exitedAt: number;
  /** NaN: no price is stored, so the price leg is not measured. */
  readonly entryPrice: number;
  readonly exitPrice: number;
  readonly price: number;
  readonly funding: number;
  readonly cost: number;
  /** The legs that are measured, less costs. */
  readonly net: number;
  readonly settlements: number;
  /** Of them those whose own mark is not stored: the last stored price stands for it. And those that should be there and are not. */
  readonly unmarked: number;
  readonly missing: number;
  /** Largest favourable and adverse move of the price over the hold, at stored closes; NaN without prices. */
  readonly best: number;
  readonly worst: number;
  /** |log return| over the instrument's own volatility before the signal, for the same hours; NaN: not measured. */
  readonly move: number;
  /** Hours from the signal until its first value was below half of the level; NaN: not before a gap. */
  readonly halvesAfterH: number;
  /** The instrument was delisted inside the hold, which ended at its last stored price. */
  readonly delisted: boolean;
}

export interface Trades {
  /** In the averages. */
  readonly kept: readonly Trade[];
  /** The window of the metric or the hold spans a change of the interval or of the venue's formula. */
  readonly acrossChange: readonly Trade[];
  /** Whose exit lies after what is stored: valued there, at the last stored price and with funding to the last settlement. */
  readonly open: readonly Trade[];
  /** Events after whose entry nothing is stored, or that were over before it. */
  readonly incomplete: number;
  /** Events while the position before them was still open. */
  readonly overlapping: number;
}

/** Looks trades up on one tape; what it found last is in its fields, so that thousands of shifts make no objects. */
export class Trader {
  readonly #tape: Tape;
  readonly #terms: TradeTerms;
  entry = 0;
  exit = 0;
  /** Up to which settlements are counted: the exit, but for a position that is still open. */
  fundedTo = 0;
  delisted = false;

  constructor(tape: Tape, terms: TradeTerms) {
    this.#tape = tape;
    this.#terms = terms;
  }

  /** Entry and exit of a signal that was known at hour `signal` and ended at hour `end` (NaN: not). False: not all of it is stored. */
  find(signal: number, end: number): boolean {
    const { hours, priced, nextSettled } = this.#tape;
    const { exit, delayH } = this.#terms;
    const due = signal + 1 + delayH;
    this.entry = due < hours && due >= 0 ? priced[due]! : hours;
    if (this.entry >= hours) return false;
    const target = exit.on === 'horizon' ? this.entry + exit.hours : exit.on === 'settlement' ? nextSettled[this.entry]! : end + 1;
    this.exit = target < hours ? priced[target]! : hours;
    this.fundedTo = this.exit;
    this.delisted = false;
    return this.exit < hours || this.#atDelisting();
  }

  /** After `find` had an entry and no exit: closed at the last stored price for its value. False: nothing is stored after the entry. */
  valueAtEnd(): boolean {
    const { hours, settledAt, delistedAt } = this.#tape;
    if (this.entry >= hours || !Number.isNaN(delistedAt)) return false;
    this.exit = this.#lastStored(hours - 1);
    this.fundedTo = Math.max(this.exit, settledAt[hours - 1]!);
    return this.fundedTo > this.entry;
  }

  /** A delisting inside the hold ends it at the last stored price. */
  #atDelisting(): boolean {
    const { delistedAt, hours } = this.#tape;
    if (Number.isNaN(delistedAt)) return false;
    this.exit = this.fundedTo = this.#lastStored(Math.min(hours - 1, hourOf(this.#tape, delistedAt)));
    this.delisted = true;
    return this.exit > this.entry;
  }

  /** The last hour up to one with a price; without prices that of the last settlement. Not before the entry. */
  #lastStored(upTo: number): number {
    const { hasPrices, price, hours, settledAt } = this.#tape;
    if (!hasPrices) return Math.max(settledAt[hours - 1]!, this.entry);
    let last = upTo;
    while (last > this.entry && !(price[last]! > 0)) last--;
    return last;
  }

  /** Return of the price for the side; 0 where no price is stored. */
  priceLeg(side: 1 | -1): number {
    const { hasPrices, price, contract } = this.#tape;
    if (!hasPrices) return 0;
    const [from, to] = [price[this.entry]!, price[this.exit]!];
    // Linear: profit in money on money; coin-settled: profit in coin on the coin that the position was worth.
    return contract === 'linear' ? side * (to / from - 1) : side * (1 - from / to);
  }

  /** What the side received: each settlement in (entry, exit] at its own mark. */
  fundingLeg(side: 1 | -1, signal: number): number {
    const { funding } = this.#terms;
    if (funding === 'none') return 0;
    const from = funding === 'next' ? this.entry : (this.#tape.settledAt[Math.max(0, Math.min(signal, this.#tape.hours - 1))] ?? -1) - 1;
    const paid = this.#tape.paid[this.fundedTo]! - (from < 0 ? 0 : this.#tape.paid[from]!);
    return -side * paid * this.#perUnit();
  }

  /** Both fills, on the entry's notional. */
  get cost(): number {
    return (2 * this.#terms.costBp) / 1e4;
  }

  net(side: 1 | -1, signal: number): number {
    return this.priceLeg(side) + this.fundingLeg(side, signal) - this.cost;
  }

  /** |log return| over the volatility up to the signal for as many hours; NaN: not known. */
  move(signal: number): number {
    const { price, volatility } = this.#tape;
    const before = volatility[Math.min(signal, volatility.length - 1)] ?? NaN;
    return Math.abs(Math.log(price[this.exit]! / price[this.entry]!)) / (before * Math.sqrt(this.exit - this.entry));
  }

  /** One unit of notional at the entry is so many contracts' worth of `paid`. */
  #perUnit(): number {
    const { hasPrices, price, contract } = this.#tape;
    if (!hasPrices) return 1;
    return contract === 'linear' ? 1 / price[this.entry]! : price[this.entry]!;
  }
}

export const sideOf = (crowd: 1 | -1, { side }: Pick<TradeTerms, 'side'>): 1 | -1 => (side === 'with' ? crowd : crowd === 1 ? -1 : 1);

/** Events as trades of one instrument, in order. `windowMs`: what the metric looks back on. */
export function tradesOf(tape: Tape, events: readonly SignalEvent[], terms: TradeTerms, windowMs: number): Trades {
  const trader = new Trader(tape, terms);
  const kept: Trade[] = [];
  const acrossChange: Trade[] = [];
  const open: Trade[] = [];
  let [incomplete, overlapping, busyUntil] = [0, 0, -1];
  for (const event of events) {
    const signal = hourBefore(tape, event.at);
    const isWhole = trader.find(signal, hourBefore(tape, event.endAt));
    if (terms.events === 'entries' && trader.entry < busyUntil) {
      overlapping++;
      continue;
    }
    if (!isWhole) {
      if (trader.valueAtEnd()) {
        busyUntil = tape.hours;
        open.push(tradeOf(tape, trader, event, terms, signal));
      } else incomplete++;
      continue;
    }
    // A signal that was over before it could be acted on opens nothing.
    if (trader.exit <= trader.entry) {
      incomplete++;
      continue;
    }
    busyUntil = trader.exit;
    const trade = tradeOf(tape, trader, event, terms, signal);
    const from = Math.max(0, hourOf(tape, event.at - windowMs));
    const isAcross = tape.changes[trader.exit]! > tape.changes[from]!;
    (isAcross ? acrossChange : kept).push(trade);
  }
  return { kept, acrossChange, open, incomplete, overlapping };
}

function tradeOf(tape: Tape, trader: Trader, event: SignalEvent, terms: TradeTerms, signal: number): Trade {
  const { entry, exit, fundedTo, delisted, cost } = trader;
  const side = sideOf(event.crowd, terms);
  const priceLeg = trader.priceLeg(side);
  const funding = trader.fundingLeg(side, signal);
  const over = (column: Int32Array): number => column[fundedTo]! - column[entry]!;
  return {
    instrument: tape.id,
    signalAt: event.at,
    side,
    values: event.values,
    level: event.level,
    enteredAt: timeOf(tape, entry),
    exitedAt: timeOf(tape, exit),
    entryPrice: tape.price[entry]!,
    exitPrice: tape.price[exit]!,
    price: tape.hasPrices ? priceLeg : NaN,
    funding,
    cost,
    net: priceLeg + funding - cost,
    settlements: over(tape.settlements),
    unmarked: over(tape.unmarked),
    missing: over(tape.missing),
    ...excursions(tape, entry, exit, side),
    move: tape.hasPrices ? trader.move(signal) : NaN,
    halvesAfterH: event.halvesAfterH,
    delisted,
  };
}

function excursions({ price, hasPrices, contract }: Tape, entry: number, exit: number, side: 1 | -1): Pick<Trade, 'best' | 'worst'> {
  if (!hasPrices) return { best: NaN, worst: NaN };
  let [best, worst] = [0, 0];
  for (let h = entry + 1; h <= exit; h++) {
    if (!(price[h]! > 0)) continue;
    const moved = contract === 'linear' ? side * (price[h]! / price[entry]! - 1) : side * (1 - price[entry]! / price[h]!);
    if (moved > best) best = moved;
    if (moved < worst) worst = moved;
  }
  return { best, worst };
}
