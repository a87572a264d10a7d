import type { Studied } from './against.ts';
import type { Level } from './levels.ts';
import type { StudyTerms } from './question.ts';
import { type StudyAnswer, StudyRun, type Verdict } from './study.ts';

/** What a year was judged by: the level that did best before it. */
export interface ChosenLevel {
  readonly year: number;
  readonly level: Level;
  /** Trades before the year at that level, and their mean net. */
  readonly n: number;
  readonly net: number;
}

export interface SearchedAnswer {
  /** The best level over everything: in sample. */
  readonly level: Level;
  readonly inSample: StudyAnswer;
  readonly chosen: readonly ChosenLevel[];
  readonly outOfSample: StudyAnswer;
  readonly verdict: Verdict;
}

/** A level is chosen by no fewer trades than these. */
const LEAST_TRADES = 10;

/**
 * A threshold that was searched for is judged out of sample (domain 4.3): each year by the level that had the best mean net in the years
 * before it. Every level counts as a try. One instrument after another, of which no more than trades is held: all are added, then `judge`,
 * then all once more in the same order, since what a year is judged by is known only then.
 */
export class SearchRun {
  readonly #levels: readonly Level[];
  readonly #terms: StudyTerms;
  readonly #inSample: readonly StudyRun[];
  #judged: Judged | null = null;

  constructor(levels: readonly Level[], asked: StudyTerms) {
    this.#levels = levels;
    this.#terms = { ...asked, tries: asked.tries + levels.length - 1 };
    this.#inSample = levels.map(() => new StudyRun(this.#terms));
  }

  /** One instrument under the rule, at each level. */
  add(at: readonly Studied[]): void {
    if (this.#judged === null) for (const [i, one] of at.entries()) this.#inSample[i]?.add(one);
    else this.#judged.outOfSample.add(byYear(this.#levels, at, this.#judged.chosen));
  }

  /** Every instrument was added at each level. */
  judge(): void {
    const answers = this.#inSample.map((run, i) => ({ level: this.#levels[i] ?? NaN, answer: run.answer() }));
    const [best] = answers.toSorted((a, b) => (b.answer.all?.net ?? -Infinity) - (a.answer.all?.net ?? -Infinity));
    if (best === undefined) throw new RangeError('a search needs levels');
    this.#judged = { best, chosen: chosenOf(answers), outOfSample: new StudyRun(this.#terms) };
  }

  /** Every instrument was added a second time. */
  answer(): SearchedAnswer {
    if (this.#judged === null) throw new RangeError('a search answers once it was judged');
    const { best, chosen, outOfSample: run } = this.#judged;
    const outOfSample = run.answer();
    const isPaid = best.answer.verdict === 'paid' && outOfSample.verdict === 'paid';
    const verdict = best.answer.verdict !== 'paid' || isPaid ? best.answer.verdict : outOfSample.verdict;
    return { level: best.level, inSample: best.answer, chosen, outOfSample, verdict };
  }
}

interface AnsweredLevel {
  readonly level: Level;
  readonly answer: StudyAnswer;
}

interface Judged {
  readonly best: AnsweredLevel;
  readonly chosen: readonly ChosenLevel[];
  readonly outOfSample: StudyRun;
}

const yearOf = (at: number): number => new Date(at).getUTCFullYear();

/** Years of which enough was traded before them, each with the level that did best until then. */
function chosenOf(answers: readonly AnsweredLevel[]): ChosenLevel[] {
  const years = new Set(answers.flatMap(({ answer }) => answer.trades.map(({ enteredAt }) => yearOf(enteredAt))));
  return [...years].sort().flatMap((year): ChosenLevel[] => {
    const start = Date.UTC(year, 0, 1);
    const before = answers.flatMap(({ level, answer }) => {
      const nets = answer.trades.flatMap(({ exitedAt, net }) => (exitedAt < start ? [net] : []));
      return nets.length < LEAST_TRADES ? [] : [{ year, level, n: nets.length, net: nets.reduce((a, b) => a + b, 0) / nets.length }];
    });
    return before.toSorted((a, b) => b.net - a.net).slice(0, 1);
  });
}

/** The instrument with the events of each year at the level that was chosen for it. */
function byYear(levels: readonly Level[], at: readonly Studied[], chosen: readonly ChosenLevel[]): Studied {
  const [one] = at;
  if (one === undefined) throw new RangeError('a search needs levels');
  const levelOf = new Map(chosen.map(({ year, level }) => [year, level]));
  const events = at.flatMap(({ signal }, i) => signal.events.filter((event) => levelOf.get(yearOf(event.at)) === levels[i]));
  // Only what could have been traded is turned round and compared with.
  const periods = one.signal.periods;
  const first = periods.findIndex((time) => levelOf.has(yearOf(time)));
  const from = first < 0 ? periods.length : first;
  return {
    ...one,
    signal: {
      ...one.signal,
      periods: periods.subarray(from),
      values: one.signal.values.subarray(from),
      events: events.sort((a, b) => a.period - b.period).map((event) => ({ ...event, period: event.period - from })),
    },
  };
}
