import { type AtLevel, searched, type SearchedAnswer } from './searched.ts';
import type { Level } from './levels.ts';
import type { StudyTerms } from './question.ts';
import { study, type StudyAnswer } from './study.ts';
import { evaluated, type StudiedCondition, type StudiedHistory, type StudiedInstrument, studiedOf, tapeOfHistory } from './studied.ts';

/** A rule to look back on: at each of the levels, where more than one is a search. */
export interface AskedRule {
  readonly levels: readonly { readonly level: Level; readonly conditions: readonly StudiedCondition[] }[];
  readonly k: number;
  /** Events in (from, to]; null: all. */
  readonly from: number | null;
  readonly to: number | null;
}

/** One instrument under the rule at each level. What it was made from may be let go of. */
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

/** The answers at each delay, in their order. `see` is told how much of it is done, 0 to 1, and may throw to end it. */
export function answersOf(
  laid: readonly LaidOut[],
  levels: AskedRule['levels'],
  terms: StudyTerms,
  delaysH: readonly number[],
  see?: (done: number) => void,
): AtDelay[] {
  const at = levels.map(({ level }, i): AtLevel => ({ level, studied: laid.map((one) => one[i]!) }));
  const [only] = at;
  if (only === undefined) throw new RangeError('a study needs a level');
  return delaysH.map((delayH, i) => {
    const seen = (done: number): void => see?.((i + done) / delaysH.length);
    const own = { ...terms, delayH };
    const found: Found =
      at.length === 1 ? { kind: 'study', answer: study(only.studied, own, seen) } : { kind: 'search', answer: searched(at, own, seen) };
    return { delayH, found };
  });
}
