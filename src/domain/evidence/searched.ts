import type { Studied } from './against.ts';
import type { Level } from './levels.ts';
import type { StudyTerms } from './question.ts';
import { study, type StudyAnswer, type Verdict } from './study.ts';

/** The rule at one level, over all instruments of the study. */
export interface AtLevel {
  readonly level: Level;
  readonly studied: readonly Studied[];
}

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
 * before it. Every level counts as a try.
 */
export function searched(levels: readonly AtLevel[], asked: StudyTerms, see?: (done: number) => void): SearchedAnswer {
  const terms: StudyTerms = { ...asked, tries: asked.tries + levels.length - 1 };
  const answers = levels.map((at, i) => ({ ...at, answer: study(at.studied, terms, (done) => see?.((i + done) / (levels.length + 1))) }));
  const [best] = answers.toSorted((a, b) => (b.answer.all?.net ?? -Infinity) - (a.answer.all?.net ?? -Infinity));
  if (best === undefined) throw new RangeError('a search needs levels');
  const years = new Set(answers.flatMap(({ answer }) => answer.trades.map(({ enteredAt }) => new Date(enteredAt).getUTCFullYear())));
  const chosen = [...years].sort().flatMap((year): ChosenLevel[] => {
    const start = Date.UTC(year, 0, 1);
    const before = answers.flatMap(({ level, answer }) => {
      const nets = answer.trades.flatMap(({ exitedAt, net }) => (exitedAt < start ? [net] : []));
      return nets.length < LEAST_TRADES ? [] : [{ year, level, n: nets.length, net: nets.reduce((a, b) => a + b, 0) / nets.length }];
    });
    return before.toSorted((a, b) => b.net - a.net).slice(0, 1);
  });
  const outOfSample = study(byYear(levels, chosen), terms, (done) => see?.((levels.length + done) / (levels.length + 1)));
  const isPaid = best.answer.verdict === 'paid' && outOfSample.verdict === 'paid';
  const verdict = best.answer.verdict !== 'paid' || isPaid ? best.answer.verdict : outOfSample.verdict;
  return { level: best.level, inSample: best.answer, chosen, outOfSample, verdict };
}

/** The instruments with the events of each year at the level that was chosen for it. */
function byYear(levels: readonly AtLevel[], chosen: readonly ChosenLevel[]): Studied[] {
  const levelOf = new Map(chosen.map(({ year, level }) => [year, level]));
  const yearOf = (at: number): number => new Date(at).getUTCFullYear();
  return (levels[0]?.studied ?? []).map((one, i) => {
    const events = levels.flatMap(({ level, studied }) =>
      (studied[i]?.signal.events ?? []).filter(({ at }) => levelOf.get(yearOf(at)) === level),
    );
    // Only what could have been traded is turned round and compared with.
    const periods = one.signal.periods;
    const first = periods.findIndex((at) => levelOf.has(yearOf(at)));
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
  });
}
