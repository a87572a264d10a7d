import { type AtLevel, searched, type SearchedAnswer } from './searched.ts';
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
}

/** One instrument under the rule at each level. */
export type LaidOut = readonly StudiedInstrument[];

/** `closedTo`: up to which all is closed. */
export function layOut(
  history: StudiedHistory,
  { levels, k, from, to: until }: AskedRule,
  events: 'entries' | 'every',
  closedTo: number,
): LaidOut {
  const to = Math.min(closedTo, until ?? Infinity);
  const tape = tapeOfHistory(history, closedTo);
  // Levels differ in the first condition's level alone: each metric is walked once.
  const columns = evaluated(levels[0]?.conditions ?? [], history);
  return levels.map(({ conditions }) =>
    studiedOf(history, tape, { conditions, k, events, from: from ?? -Infinity, to, closedTo }, columns),
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
  /** In the order of the delays. `see` is told how much of what is left is done, 0 to 1, and may throw to end it. */
  answers(see?: (done: number) => void): AtDelay[];
}

/**
 * Of one level nothing of an instrument is held but its trades. A search is judged by levels that are known at its end, so it holds
 * every instrument laid out.
 */
export function ruleRun(levels: AskedRule['levels'], terms: StudyTerms, delaysH: readonly number[]): RuleRun {
  if (levels.length === 0) throw new RangeError('a study needs a level');
  const at = (delayH: number): StudyTerms => ({ ...terms, delayH });
  if (levels.length > 1) {
    const laid: LaidOut[] = [];
    return {
      add: (one) => void laid.push(one),
      answers: (see) =>
        delaysH.map((delayH, i) => {
          const all = levels.map(({ level }, n): AtLevel => ({ level, studied: laid.map((one) => one[n]!) }));
          const answer = searched(all, at(delayH), (done) => see?.((i + done) / delaysH.length));
          return { delayH, found: { kind: 'search', answer } };
        }),
    };
  }
  const runs = delaysH.map((delayH) => ({ delayH, run: new StudyRun(at(delayH)) }));
  return {
    add: ([one]) => {
      for (const { run } of runs) if (one !== undefined) run.add(one);
    },
    answers: (see) =>
      runs.map(({ delayH, run }, i): AtDelay => {
        const answer = run.answer();
        see?.((i + 1) / runs.length);
        return { delayH, found: { kind: 'study', answer } };
      }),
  };
}
