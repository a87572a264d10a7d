import { evaluate } from '../metrics/run.ts';
import { quantileOfSorted } from '../quantile.ts';
import { HOUR_MS } from '../time.ts';
import { type Interval, meanOf, type Outcome, randomOf, weeklyInterval, weekOf } from './bootstrap.ts';
import { LEAST } from './question.ts';
import { rowMs, type StudiedCondition, type StudiedHistory, tapeOfHistory } from './studied.ts';
import { hourBefore } from './tape.ts';
import { Trader } from './trades.ts';

/** Instruments of a set, sorted by a metric into tenths again and again, each held until the next sort. */
export interface SortTerms {
  /** Sorted at hours that are a multiple of so many since 1970 (UTC). */
  readonly everyH: number;
  readonly delayH: number;
  /** One way, per fill. */
  readonly costBp: number;
  /** Of the two tenths at the ends: the highest is sold and the lowest bought (against), or the other way round. */
  readonly side: 'against' | 'with';
  /** Sorts in (from, to]. */
  readonly from: number;
  readonly to: number;
  readonly seed: number;
  readonly draws: number;
}

/** One instrument at its sorts: what it is ranked by, and what a long position earned until the next, as a share of the entry's notional. */
export interface Ranked {
  /** Counted from 1970, ascending. */
  readonly sort: Int32Array;
  readonly value: Float64Array;
  /** NaN: no price is stored. */
  readonly price: Float64Array;
  /** NaN: the position has no entry or no exit that is stored. */
  readonly funding: Float64Array;
}

export interface Spread {
  readonly mean: number;
  readonly median: number;
}

/** What a long position of a tenth earned. */
export interface Decile {
  readonly n: number;
  readonly value: Spread;
  /** Null: not measured. */
  readonly price: Spread | null;
  readonly funding: Spread;
  readonly gross: Spread;
}

export interface DecilesAnswer {
  /** From the lowest to the highest; null: never one in it. */
  readonly deciles: readonly (Decile | null)[];
  readonly sorts: number;
  /** Sorts of fewer instruments than tenths. */
  readonly tooFew: number;
  /** Of the first and the last sort; NaN: none. */
  readonly first: number;
  readonly last: number;
  /** Instruments with a value, of all sorts. */
  readonly ranked: number;
  /** Of them those whose entry or exit is not stored: ranked, and in no mean. */
  readonly incomplete: number;
  /** Per sort: one end bought and the other sold, on one end's notional, equal weights; both ends pay two fills. */
  readonly ends: {
    readonly n: number;
    readonly gross: Spread;
    readonly net: Spread;
    readonly weeks: number;
    /** Of the mean net, by calendar weeks; null below LEAST of them. */
    readonly interval: Interval | null;
  } | null;
}

export const TENTHS = 10;

/** What the instrument is worth at each sort. What it was made from may be let go of. */
export function rankedOf(
  history: StudiedHistory,
  { metric, params }: Pick<StudiedCondition, 'metric' | 'params'>,
  { everyH, delayH, costBp, from, to }: SortTerms,
  closedTo: number,
): Ranked {
  const [rows] = history.rows;
  if (rows === undefined) throw new RangeError(`the rows of ${metric.name} are missing`);
  const { value } = evaluate(metric, params, rows.frame);
  const { time } = rows.frame;
  const tape = tapeOfHistory(history, closedTo);
  const trader = new Trader(tape, {
    ...{ events: 'every', side: 'with', funding: 'next', exit: { on: 'horizon', hours: everyH } },
    ...{ delayH, costBp },
  });
  const everyMs = everyH * HOUR_MS;
  const found = { sort: [] as number[], value: [] as number[], price: [] as number[], funding: [] as number[] };
  const begin = Math.max(from, (time[0] ?? Infinity) - HOUR_MS);
  const end = Math.min(to, closedTo);
  for (let sort = Math.floor(begin / everyMs) + 1, row = -1; sort * everyMs <= end; sort++) {
    const at = sort * everyMs;
    // Known before the close at which it is acted on.
    while (row + 1 < time.length && time[row + 1]! < at + HOUR_MS) row++;
    if (row < 0 || at >= history.delistedAt || Number.isNaN(value[row]!)) continue;
    const lasts = rowMs(rows.frame, row, rows.barMs) || everyMs;
    // The next one should be there by now: what it was says nothing of this sort.
    if (at - Math.floor(time[row]! / HOUR_MS) * HOUR_MS >= lasts) continue;
    const hour = hourBefore(tape, at);
    const isHeld = trader.find(hour, NaN) && trader.exit > trader.entry && trader.entry < hour + 1 + delayH + everyH;
    found.sort.push(sort);
    found.value.push(value[row]!);
    found.price.push(isHeld && tape.hasPrices ? trader.priceLeg(1) : NaN);
    found.funding.push(isHeld ? trader.fundingLeg(1, hour) : NaN);
  }
  return {
    sort: Int32Array.from(found.sort),
    value: Float64Array.from(found.value),
    price: Float64Array.from(found.price),
    funding: Float64Array.from(found.funding),
  };
}

interface Place {
  readonly value: number;
  readonly price: number;
  readonly funding: number;
}

/** Over all instruments. Equal values lie in one tenth together, that of their middle rank. */
export function decilesOf(all: readonly Ranked[], { everyH, costBp, side, seed, draws }: SortTerms): DecilesAnswer {
  const tenths = Array.from({ length: TENTHS }, (): Place[] => []);
  const ends: { readonly at: number; readonly value: number }[] = [];
  const next = new Int32Array(all.length);
  let [sorts, tooFew, ranked, incomplete, first, last] = [0, 0, 0, 0, NaN, NaN];
  const sortAt = (i: number): number => all[i]!.sort[next[i]!] ?? Infinity;
  const soonest = (): number => all.reduce((least, _, i) => Math.min(least, sortAt(i)), Infinity);
  for (let sort = soonest(); sort < Infinity; sort = soonest()) {
    const places: Place[] = [];
    for (const [i, { value, price, funding }] of all.entries()) {
      if (sortAt(i) !== sort) continue;
      const row = next[i]!++;
      places.push({ value: value[row]!, price: price[row]!, funding: funding[row]! });
    }
    if (places.length < TENTHS) {
      tooFew++;
      continue;
    }
    const at = sort * everyH * HOUR_MS;
    if (sorts++ === 0) first = at;
    last = at;
    ranked += places.length;
    const held = tenthsOf(places).map((one) => one.filter(({ funding }) => !Number.isNaN(funding)));
    incomplete += places.length - held.reduce((sum, one) => sum + one.length, 0);
    for (const [i, one] of held.entries()) tenths[i]!.push(...one);
    const [low, high] = [grossMean(held[0]!), grossMean(held.at(-1)!)];
    const spread = side === 'against' ? low - high : high - low;
    if (!Number.isNaN(spread)) ends.push({ at, value: spread });
  }
  return {
    deciles: tenths.map((one) => (one.length === 0 ? null : decileOf(one))),
    ...{ sorts, tooFew, first, last, ranked, incomplete },
    ends: endsOf(ends, (4 * costBp) / 1e4, randomOf(seed, 1), draws),
  };
}

function tenthsOf(places: readonly Place[]): Place[][] {
  const sorted = places.toSorted((a, b) => a.value - b.value);
  const tenths = Array.from({ length: TENTHS }, (): Place[] => []);
  for (let from = 0, to = 0; from < sorted.length; from = to) {
    while (to < sorted.length && sorted[to]!.value === sorted[from]!.value) to++;
    // The middle of ranks from + 1/2 to to - 1/2.
    tenths[Math.floor((TENTHS * (from + to)) / 2 / sorted.length)]!.push(...sorted.slice(from, to));
  }
  return tenths;
}

/** Without a price the price leg is not measured, and the rest is funding. */
const grossOf = ({ price, funding }: Place): number => (Number.isNaN(price) ? 0 : price) + funding;
const grossMean = (places: readonly Place[]): number => meanOf(places.map((one) => ({ value: grossOf(one) })));

function decileOf(places: readonly Place[]): Decile {
  const of = (value: (place: Place) => number): Spread | null => spreadOf(places.map(value).filter((one) => !Number.isNaN(one)));
  const none = { mean: NaN, median: NaN };
  return {
    n: places.length,
    value: of(({ value }) => value) ?? none,
    price: of(({ price }) => price),
    funding: of(({ funding }) => funding) ?? none,
    gross: of(grossOf) ?? none,
  };
}

function spreadOf(values: readonly number[]): Spread | null {
  const median = quantileOfSorted(Float64Array.from(values).sort(), 0.5);
  return median === null ? null : { mean: meanOf(values.map((value) => ({ value }))), median };
}

function endsOf(gross: readonly Outcome[], cost: number, random: () => number, draws: number): DecilesAnswer['ends'] {
  const nets = gross.map(({ at, value }) => ({ at, value: value - cost }));
  const of = spreadOf(gross.map(({ value }) => value));
  if (of === null) return null;
  const weeks = new Set(gross.map(({ at }) => weekOf(at))).size;
  return {
    n: gross.length,
    gross: of,
    net: { mean: of.mean - cost, median: of.median - cost },
    weeks,
    interval: weeks < LEAST ? null : weeklyInterval(nets, draws, random),
  };
}
