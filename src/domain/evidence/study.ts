import { HOUR_MS } from '../time.ts';
import { quantileOfSorted } from '../quantile.ts';
import { type Baseline, Baselines, Placebo, type Studied } from './against.ts';
import {
  GENERATOR,
  type Interval,
  meanOf,
  type Outcome,
  randomOf,
  sdOf,
  stationaryInterval,
  weeklyInterval,
  weeklySe,
  weekOf,
} from './bootstrap.ts';
import { type Equity, equityOf } from './equity.ts';
import { LEAST, type StudyTerms } from './question.ts';
import { type Trade, type Trades, tradesOf } from './trades.ts';

/** In words a person can act on; never "viable". */
export type Verdict = 'too few' | 'paid' | 'lost' | 'not told apart from chance';

/** Means of some trades, as shares of the entry's notional. Null: not measured, or too few to say. */
export interface Figures {
  readonly n: number;
  readonly price: number | null;
  readonly funding: number;
  readonly gross: number;
  readonly cost: number;
  readonly net: number;
  readonly sd: number;
  /** Share of trades with a net above 0; null below LEAST. */
  readonly hitRate: number | null;
  /** One-way cost per fill at which the mean net is 0. */
  readonly breakEvenCost: number;
}

export interface Grouped<K> extends Figures {
  readonly of: K;
}

export interface StudyAnswer {
  readonly verdict: Verdict;
  /** Events that do not overlap of one instrument, weeks of several. */
  readonly counted: { readonly of: 'events' | 'weeks'; readonly n: number };
  readonly all: Figures | null;
  readonly byYear: readonly Grouped<number>[];
  readonly bySide: readonly Grouped<'long' | 'short'>[];
  readonly byInstrument: readonly Grouped<string>[];
  /** Of the mean net; null where there are too few. */
  readonly interval: Interval | null;
  /** The smallest mean net that would have been seen at 95 % with a power of 80 %. */
  readonly smallestSeen: number | null;
  readonly baseline: Baseline | null;
  /** 97.5th percentile of the mean net of the shifts, and the share of them below the mean net. */
  readonly placebo: { readonly shifts: number; readonly bound: number; readonly below: number } | null;
  /** Mean move over trailing volatility at events and at all other times, and their ratio with its 95 % interval (null where there are too few). */
  readonly move: {
    readonly events: number;
    readonly others: number;
    readonly ratio: number;
    readonly interval: { readonly low: number; readonly high: number } | null;
  } | null;
  /** Mean over sd times the root of the events per year; and the chance that it is above what the best of so many tries gives by luck. */
  readonly sharpe: { readonly perYear: number; readonly eventsPerYear: number; readonly tries: number; readonly deflated: number } | null;
  readonly equity: Equity;
  readonly trades: readonly Trade[];
  /** Whose window or hold spans a change of the interval or of the formula: not in the averages. */
  readonly acrossChange: { readonly figures: Figures | null; readonly trades: readonly Trade[] };
  /** Holds that a delisting ended: in the averages too. */
  readonly delisted: Figures | null;
  /** Open at the end of what is stored, valued there as if closed: not in the averages. */
  readonly open: { readonly figures: Figures | null; readonly trades: readonly Trade[] };
  readonly incomplete: number;
  readonly overlapping: number;
  /** Settlements inside holds that are missing, and those whose own mark is not stored. */
  readonly missingSettlements: number;
  readonly unmarkedSettlements: number;
  readonly seed: number;
  readonly generator: string;
}

/** 0.975 and 0.8 quantiles of a normal distribution. */
const Z_CONFIDENCE = 1.959963984540054;
const Z_POWER = 0.8416212335729143;
const BOUND = 0.975;
const LEAST_BLOCK_H = 72;
const YEAR_MS = 365.25 * 24 * HOUR_MS;

/**
 * Did it pay: an event study of a rule over stored history (domain 4.3). Deterministic for a seed. `see` is told how much of it
 * is done, 0 to 1, and may throw to end the study.
 */
export function study(studied: readonly Studied[], terms: StudyTerms, see?: (done: number) => void): StudyAnswer {
  const run = new StudyRun(terms);
  for (const [i, one] of studied.entries()) {
    run.add(one);
    see?.((i + 1) / studied.length);
  }
  return run.answer();
}

/** The same, one instrument after another: of each its trades are held, and of all the sums that they are compared with. */
export class StudyRun {
  readonly #terms: StudyTerms;
  readonly #found: Trades[] = [];
  readonly #baselines: Baselines;
  readonly #placebo: Placebo;

  constructor(terms: StudyTerms) {
    this.#terms = terms;
    this.#baselines = new Baselines(terms);
    this.#placebo = new Placebo(terms, terms.shifts, randomOf(terms.seed, 1));
  }

  add(one: Studied): void {
    this.#found.push(tradesOf(one.tape, one.signal.events, this.#terms, one.windowMs));
    this.#baselines.add(one);
    this.#placebo.add(one);
  }

  answer(): StudyAnswer {
    return answerOf(this.#found, this.#terms, this.#baselines, this.#placebo);
  }
}

function answerOf(found: readonly Trades[], terms: StudyTerms, baselines: Baselines, shifted: Placebo): StudyAnswer {
  const inOrder = (trades: readonly Trade[]): Trade[] =>
    trades.toSorted((a, b) => a.signalAt - b.signalAt || (a.instrument < b.instrument ? -1 : 1));
  const trades = inOrder(found.flatMap(({ kept }) => kept));
  const acrossChange = inOrder(found.flatMap((one) => one.acrossChange));
  const open = inOrder(found.flatMap((one) => one.open));
  const outcomes = trades.map(({ signalAt, net }): Outcome => ({ at: signalAt, value: net }));
  const isList = found.length > 1;
  const counted = isList
    ? ({ of: 'weeks', n: new Set(outcomes.map(({ at }) => weekOf(at))).size } as const)
    : ({ of: 'events', n: countApart(trades) } as const);
  const enough = counted.n >= LEAST;
  const figures = figuresOf(trades);
  // Weeks of a list, or holds that overlap, may be too few where trades are not.
  const all = figures === null || enough ? figures : { ...figures, hitRate: null };
  const interval = enough ? intervalOf(outcomes, trades, terms, isList) : null;
  const shareLong = trades.filter(({ side }) => side === 1).length / trades.length;
  const baseline = trades.length === 0 ? null : baselines.of(shareLong);
  const means = enough ? shifted.means() : null;
  const bound = means === null ? null : quantileOfSorted(means, BOUND);
  const placebo =
    all === null || means === null || bound === null
      ? null
      : { shifts: means.length, bound, below: means.filter((mean) => mean < all.net).length / means.length };
  const se = interval?.se ?? (isList ? weeklySe(outcomes) : all === null || all.n < 2 ? null : all.sd / Math.sqrt(all.n));
  const total = (of: (trade: Trade) => number): number => trades.reduce((sum, one) => sum + of(one), 0);
  return {
    verdict: verdictOf(all, interval, placebo),
    counted,
    all,
    byYear: groupsOf(trades, ({ enteredAt }) => new Date(enteredAt).getUTCFullYear()),
    bySide: groupsOf(trades, ({ side }) => (side === 1 ? 'long' : 'short')),
    byInstrument: groupsOf(trades, ({ instrument }) => instrument),
    interval,
    smallestSeen: se === null ? null : (Z_CONFIDENCE + Z_POWER) * se,
    baseline,
    placebo,
    move: moveOf(trades, baseline, (known) => (enough ? intervalOf(known, trades, terms, isList, 2) : null)),
    sharpe: enough ? sharpeOf(trades, terms.tries) : null,
    equity: equityOf(trades, terms),
    trades,
    acrossChange: { figures: figuresOf(acrossChange), trades: acrossChange },
    delisted: figuresOf(trades.filter(({ delisted }) => delisted)),
    open: { figures: figuresOf(open), trades: open },
    incomplete: found.reduce((sum, one) => sum + one.incomplete, 0),
    overlapping: found.reduce((sum, one) => sum + one.overlapping, 0),
    missingSettlements: total(({ missing }) => missing),
    unmarkedSettlements: total(({ unmarked }) => unmarked),
    seed: terms.seed,
    generator: GENERATOR,
  };
}

function verdictOf(all: Figures | null, interval: Interval | null, placebo: StudyAnswer['placebo']): Verdict {
  if (all === null || interval === null || placebo === null) return 'too few';
  if (interval.low > 0 && all.net > placebo.bound) return 'paid';
  return interval.high < 0 ? 'lost' : 'not told apart from chance';
}

/** Of trades that may overlap: as many as do not, taken in order. */
function countApart(trades: readonly Trade[]): number {
  let [n, busyUntil] = [0, -Infinity];
  for (const { enteredAt, exitedAt } of trades) {
    if (enteredAt < busyUntil) continue;
    n++;
    busyUntil = exitedAt;
  }
  return n;
}

function intervalOf(
  outcomes: readonly Outcome[],
  trades: readonly Trade[],
  terms: StudyTerms,
  isList: boolean,
  stream = 0,
): Interval | null {
  const random = randomOf(terms.seed, stream);
  if (isList) return weeklyInterval(outcomes, terms.draws, random);
  const holds = trades.map(({ enteredAt, exitedAt }) => (exitedAt - enteredAt) / HOUR_MS);
  const hold = terms.exit.on === 'horizon' ? terms.exit.hours : Math.max(...holds);
  return stationaryInterval(outcomes, Math.max(LEAST_BLOCK_H, 2 * hold), terms.draws, random);
}

function figuresOf(trades: readonly Trade[]): Figures | null {
  const n = trades.length;
  if (n === 0) return null;
  const mean = (of: (trade: Trade) => number): number => meanOf(trades.map((one) => ({ value: of(one) })));
  const price = mean(({ price }) => price);
  const [funding, cost, net] = [mean((one) => one.funding), mean((one) => one.cost), mean((one) => one.net)];
  const gross = net + cost;
  return {
    n,
    price: Number.isNaN(price) ? null : price,
    funding,
    gross,
    cost,
    net,
    sd: sdOf(trades.map((one) => one.net)),
    hitRate: n < LEAST ? null : trades.filter((one) => one.net > 0).length / n,
    breakEvenCost: gross / 2,
  };
}

function groupsOf<K extends string | number>(trades: readonly Trade[], keyOf: (trade: Trade) => K): Grouped<K>[] {
  const groups = new Map<K, Trade[]>();
  for (const trade of trades) {
    const key = keyOf(trade);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [trade]);
    else group.push(trade);
  }
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([of, group]) => {
      const figures = figuresOf(group);
      return figures === null ? [] : [{ of, ...figures }];
    });
}

/** The other times are so many more than the events that their mean counts as known; `intervalOf`: of the events' mean, drawn as that of their nets. */
function moveOf(
  trades: readonly Trade[],
  baseline: Baseline | null,
  intervalOf: (known: readonly Outcome[]) => Interval | null,
): StudyAnswer['move'] {
  const known = trades.flatMap(({ move, signalAt }) => (Number.isFinite(move) ? [{ at: signalAt, value: move }] : []));
  if (known.length === 0 || baseline === null || Number.isNaN(baseline.move)) return null;
  const events = meanOf(known);
  const found = known.length < LEAST ? null : intervalOf(known);
  const { move: others } = baseline;
  return { events, others, ratio: events / others, interval: found && { low: found.low / others, high: found.high / others } };
}

/** Deflated by tries (Bailey and Lopez de Prado 2014): the chance that the Sharpe of a trade is above the best of so many without skill. */
function sharpeOf(trades: readonly Trade[], tries: number): StudyAnswer['sharpe'] {
  const nets = trades.map(({ net }) => net);
  const [n, mean, sd] = [nets.length, meanOf(trades.map(({ net }) => ({ value: net }))), sdOf(nets)];
  const years = ((trades.at(-1)?.exitedAt ?? 0) - (trades[0]?.enteredAt ?? 0)) / YEAR_MS;
  if (!(sd > 0) || !(years > 0)) return null;
  const each = mean / sd;
  const moment = (power: number): number => nets.reduce((sum, net) => sum + ((net - mean) / sd) ** power, 0) / n;
  const best = tries > 1 ? bestOfLuck(tries) / Math.sqrt(n) : 0;
  const spread = Math.sqrt(Math.max(1e-12, 1 - moment(3) * each + ((moment(4) - 1) / 4) * each ** 2));
  return {
    perYear: each * Math.sqrt(n / years),
    eventsPerYear: n / years,
    tries,
    deflated: normalBelow(((each - best) * Math.sqrt(n - 1)) / spread),
  };
}

const EULER = 0.5772156649015329;
/** The expected largest of so many standard normal values. */
const bestOfLuck = (tries: number): number =>
  (1 - EULER) * normalQuantile(1 - 1 / tries) + EULER * normalQuantile(1 - 1 / (tries * Math.E));

/** Share of a standard normal distribution below x (Abramowitz and Stegun 7.1.26: to 1.5e-7). */
function normalBelow(x: number): number {
  const t = 1 / (1 + (0.3275911 * Math.abs(x)) / Math.SQRT2);
  const tail = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t * Math.exp((-x * x) / 2);
  return x < 0 ? tail / 2 : 1 - tail / 2;
}

function normalQuantile(p: number): number {
  let [low, high] = [-10, 10];
  while (high - low > 1e-9) {
    const middle = (low + high) / 2;
    if (normalBelow(middle) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
