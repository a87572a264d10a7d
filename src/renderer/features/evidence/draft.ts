import type { StudyCondition, StudyQuestion, StudySet } from '#bridge/evidence.ts';
import type { AlertRule, MetricChoice } from '#bridge/settings.ts';
import { isMoving, type Level, LEVEL_DAYS } from '#domain/evidence/levels.ts';
import { findMetric } from '#domain/metrics/index.ts';
import { REARM, type RuleOp } from '#domain/rule.ts';
import { readTime, timeWritten } from '#domain/typed-time.ts';
import type { RateUnit } from '#domain/units.ts';
import { readTyped } from '../../format/typed.ts';
import { levelText, parseLevel } from '../alerts/alert-level.ts';
import { USUAL } from './ask.ts';

/** A condition as it is being typed. The first one may have several levels between commas: a search. */
export interface DraftCondition {
  readonly choice: MetricChoice;
  readonly op: RuleOp;
  /** "0.05", or "p95": of what the metric was before. */
  readonly level: string;
}

export interface StudyDraft {
  readonly conditions: readonly DraftCondition[];
  readonly k: string;
  readonly scope: 'instrument' | 'list' | 'venue' | 'everything';
  readonly list: string;
  readonly venue: string;
  readonly from: string;
  readonly to: string;
  readonly events: StudyQuestion['events'];
  readonly side: StudyQuestion['side'];
  /** Hours, or what else ends it. */
  readonly exit: string;
  readonly delays: string;
  readonly cost: string;
  readonly funding: StudyQuestion['funding'];
  readonly release: string;
  readonly days: string;
  readonly size: StudyQuestion['size'];
  readonly capital: string;
  readonly exposure: string;
  readonly seed: string;
}

export type Field = Exclude<keyof StudyDraft, 'conditions'> | `level ${number}`;
export const MOST_CONDITIONS = 4;
export const EXITS = [
  ['settlement', 'next settlement'],
  ['4', '4 h'],
  ['8', '8 h'],
  ['24', '24 h'],
  ['72', '72 h'],
  ['168', '7 d'],
  ['signal-end', 'when it lets go'],
] as const;

export function newDraft(list: string, venue: string): StudyDraft {
  const { events, side, funding, size, costBp, capital, exposure, seed, delaysH } = USUAL;
  return {
    conditions: [{ choice: { metric: 'ema-divergence', params: {} }, op: 'outside', level: 'p95' }],
    k: '1',
    scope: 'instrument',
    list,
    venue,
    from: '',
    to: '',
    events,
    side,
    exit: '24',
    delays: delaysH.join(', '),
    cost: String(costBp),
    funding,
    release: String(REARM),
    days: String(LEVEL_DAYS),
    size,
    capital: String(capital),
    exposure: String(exposure),
    seed: String(seed),
  };
}

/** The rule of an alert, and its instruments, in the place of those of the draft. */
export function withRule(draft: StudyDraft, { conditions, k, on }: AlertRule, unit: RateUnit): StudyDraft {
  return {
    ...draft,
    conditions: conditions.map(({ choice, op, level }) => ({ choice, op, level: levelWords({ choice, level }, unit) })),
    k: String(k),
    ...('list' in on ? { scope: 'list', list: on.list } : { scope: 'instrument', ...(on.among === null ? {} : { list: on.among }) }),
  };
}

/** A question as it would be typed. */
export function draftOf(question: StudyQuestion, before: StudyDraft, unit: RateUnit): StudyDraft {
  const { on, exit, search, conditions, delaysH } = question;
  const moving = conditions.map(({ level }) => level).find(isMoving);
  return {
    ...before,
    conditions: conditions.map(({ choice, op, level }, i) => ({
      choice,
      op,
      level: [level, ...(i === 0 ? search : [])].map((one) => levelWords({ choice, level: one }, unit)).join(', '),
    })),
    k: String(question.k),
    ...('list' in on
      ? { scope: 'list', list: on.list }
      : 'venue' in on
        ? { scope: 'venue', venue: on.venue }
        : { scope: 'instrument' in on ? 'instrument' : 'everything' }),
    from: question.from === null ? '' : timeWritten(question.from),
    to: question.to === null ? '' : timeWritten(question.to),
    events: question.events,
    side: question.side,
    exit: exit.on === 'horizon' ? String(exit.hours) : exit.on,
    delays: delaysH.join(', '),
    cost: String(question.costBp),
    funding: question.funding,
    release: String(conditions[0]?.release ?? REARM),
    days: String(moving?.days ?? LEVEL_DAYS),
    size: question.size,
    capital: String(question.capital),
    exposure: String(question.exposure),
    seed: String(question.seed),
  };
}

function levelWords({ choice, level }: { readonly choice: MetricChoice; readonly level: Level }, unit: RateUnit): string {
  if (isMoving(level)) return `p${level.percentile}`;
  const metric = findMetric(choice.metric);
  return metric === undefined || metric.unit === 'label' ? String(level) : levelText(metric, level, unit);
}

/** What the draft asks, or why it cannot be asked, by the field. */
export type ReadDraft =
  | { readonly question: StudyQuestion; readonly problems: null }
  | { readonly question: null; readonly problems: ReadonlyMap<Field, string> };

/** `instrument`: the one that is selected. */
export function readDraft(draft: StudyDraft, instrument: string | null, unit: RateUnit): ReadDraft {
  const problems = new Map<Field, string>();
  const number = (field: Field, text: string, rule: Parameters<typeof readTyped>[1]): number => {
    const read = readTyped(text, rule);
    if (!read.ok) problems.set(field, read.why);
    return read.ok ? read.value : NaN;
  };
  const time = (field: 'from' | 'to'): number | null => {
    if (draft[field].trim() === '') return null;
    const read = readTime(draft[field], { zone: 'UTC', day: true });
    if (typeof read === 'number') return read;
    problems.set(field, `${read.wrong} ${read.right || 'Enter a day or a time in UTC, such as 2026-01-31.'}`);
    return null;
  };
  const days = number('days', draft.days, { min: 1, max: 3660, whole: true, right: 'Enter whole days, such as 90.' });
  const release = number('release', draft.release, { above: 0, max: 1, right: 'Enter a share of the level up to 1, such as 0.8.' });
  const levels = draft.conditions.map((one, i) => levelsOf(one, i, days, unit, problems));
  const conditions = draft.conditions.flatMap(({ choice, op }, i): StudyCondition[] => {
    const level = levels[i]?.[0];
    return level === undefined ? [] : [{ choice, op, level, release }];
  });
  const on = setOf(draft, instrument, problems);
  const delays = draft.delays.split(',').map((text) => number('delays', text, DELAY));
  if (delays.length > 4) problems.set('delays', 'Four delays are the most that stand side by side.');
  const question: Omit<StudyQuestion, 'on'> = {
    conditions,
    k: number('k', draft.k, { min: 1, max: 240, whole: true, right: 'Enter a whole number from 1 to 240.' }),
    from: time('from'),
    to: time('to'),
    search: levels[0]?.slice(1) ?? [],
    events: draft.events,
    side: draft.side,
    exit: draft.exit === 'settlement' || draft.exit === 'signal-end' ? { on: draft.exit } : { on: 'horizon', hours: Number(draft.exit) },
    delaysH: delays,
    costBp: number('cost', draft.cost, { min: 0, max: 1000, right: 'Enter bp one way, such as 5.' }),
    funding: draft.funding,
    size: draft.size,
    capital: number('capital', draft.capital, { above: 0, right: 'Enter money above 0, such as 10000.' }),
    exposure: number('exposure', draft.exposure, { above: 0, max: 1000, right: 'Enter notional per unit of capital, such as 1.' }),
    seed: number('seed', draft.seed, { min: 0, max: 2 ** 31 - 1, whole: true, right: 'Enter a whole number, such as 1.' }),
  };
  if (question.from !== null && question.to !== null && question.from >= question.to)
    problems.set('to', 'The end must lie after the beginning.');
  if (problems.size > 0 || on === null) return { question: null, problems };
  return { question: { ...question, on }, problems: null };
}

const DELAY = { min: 0, max: 8784, whole: true, right: 'Enter whole hours between commas, such as 0, 1, 8.' } as const;
const PERCENTILE = /^p(\d{1,2}(?:\.\d{1,3})?)$/iu;

function levelsOf({ choice, op, level }: DraftCondition, i: number, days: number, unit: RateUnit, problems: Map<Field, string>): Level[] {
  const metric = findMetric(choice.metric);
  if (metric === undefined) {
    problems.set(`level ${i}`, 'This version has no such metric.');
    return [];
  }
  if (metric.unit === 'label') return [Number(level)];
  const texts = i === 0 ? level.split(',') : [level];
  if (texts.length > 21) problems.set(`level ${i}`, 'At most 21 levels can be searched.');
  return texts.flatMap((text): Level[] => {
    const [, digits] = PERCENTILE.exec(text.trim()) ?? [];
    if (digits !== undefined && Number(digits) > 0) return [{ percentile: Number(digits), days }];
    const read = parseLevel(metric, op, text, unit);
    if (read.ok) return [read.value];
    problems.set(`level ${i}`, `${read.why} Or a percentile of what it was before, such as p95.`);
    return [];
  });
}

function setOf({ scope, list, venue, conditions }: StudyDraft, instrument: string | null, problems: Map<Field, string>): StudySet | null {
  if (scope === 'list') return { list };
  if (scope === 'venue') return { venue };
  if (scope === 'everything') return { everything: true };
  if (instrument === null) {
    problems.set('scope', 'Select a row of the watchlist first.');
    return null;
  }
  const isOverBasket = conditions.some(({ choice }) => findMetric(choice.metric)?.on === 'basket');
  return { instrument, among: isOverBasket ? list : null };
}
