import { type SearchedAnswer, SearchRun } from './searched.ts';
import type { Level } from './levels.ts';
import type { StudyTerms } from './question.ts';
import { type StudyAnswer, StudyRun } from './study.ts';
import { evaluated, type StudiedCondition, type StudiedHistory, type StudiedInstrument, studiedOf, tapeOfHistory } from './studied.ts';

/** A rule to look back on: at each of the levels, where more than one is a search. */
export interface AskedRule {
  readonly levels: readonly { readonly level: Level; readonly conditions: readonly StudiedCondition[] }[];
  readonly k: number;
  /** Events in (from, to]; null: all. */
  readonly from: number | null;
  readonly to: number | null;
  /** Its alert tells only within so many minutes of a settlement; absent: at every close. */
  readonly nearSettlementMin?: number | null;
}

/** One instrument under the rule at each level. */
export type LaidOut = readonly StudiedInstrument[];

/** `closedTo`: up to which all is closed. */
export function layOut(
  history: StudiedHistory,
  { levels, k, from, to: until, nearSettlementMin = null }: AskedRule,
  events: 'entries' | 'every',
  closedTo: number,
): LaidOut {
  const to = Math.min(closedTo, until ?? Infinity);
  const tape = tapeOfHistory(history, closedTo);
  // Levels differ in the first condition's level alone: each metric is walked once.
  const columns = evaluated(levels[0]?.conditions ?? [], history);
  return levels.map(({ conditions }) =>
    studiedOf(history, tape, { conditions, k, events, from: from ?? -Infinity, to, closedTo, nearSettlementMin }, columns),
  );
}

export type Found = { readonly kind: 'study'; readonly answer: StudyAnswer } | { readonly kind: 'search'; readonly answer: SearchedAnswer };

/** Of what was found at one delay. */
export interface AtDelay {
  readonly delayH: number;
  readonly found: Found;
}

/** A study that takes one instrument after another, and answers at each delay. */
export interface RuleRun {
  add(one: LaidOut): void;
  /** Every instrument was added. True: what was found says only now what is to be looked at, so all are added once more, in the same order. */
  again(): boolean;
  /** In the order of the delays. `see` is told how much of what is left is done, 0 to 1, and may throw to end it. */
  answers(see?: (done: number) => void): AtDelay[];
}

/** Nothing of an instrument is held but its trades. */
export function ruleRun(levels: AskedRule['levels'], terms: StudyTerms, delaysH: readonly number[]): RuleRun {
  if (levels.length === 0) throw new RangeError('a study needs a level');
  const at = (delayH: number): StudyTerms => ({ ...terms, delayH });
  if (levels.length > 1) {
    const all = levels.map(({ level }) => level);
    const searches = delaysH.map((delayH) => ({ delayH, run: new SearchRun(all, at(delayH)) }));
    return {
      add: (one) => {
        for (const { run } of searches) run.add(one);
      },
      again: () => {
        for (const { run } of searches) run.judge();
        return true;
      },
      answers: (see) => answersOf(searches, see, ({ delayH, run }) => ({ delayH, found: { kind: 'search', answer: run.answer() } })),
    };
  }
  const runs = delaysH.map((delayH) => ({ delayH, run: new StudyRun(at(delayH)) }));
  return {
    add: ([one]) => {
      for (const { run } of runs) if (one !== undefined) run.add(one);
    },
    again: () => false,
    answers: (see) => answersOf(runs, see, ({ delayH, run }) => ({ delayH, found: { kind: 'study', answer: run.answer() } })),
  };
}

const answersOf = <R>(runs: readonly R[], see: ((done: number) => void) | undefined, answerOf: (run: R) => AtDelay): AtDelay[] =>
  runs.map((run, i) => {
    const answer = answerOf(run);
    see?.((i + 1) / runs.length);
    return answer;
  });
