import type { DecilesQuestion } from '#bridge/deciles.ts';
import type { StudyCondition, StudyQuestion } from '#bridge/evidence.ts';
import { findMetric } from '#domain/metrics/index.ts';
import { REARM } from '#domain/rule.ts';
import type { AlertSave } from '#bridge/alert.ts';

/** A name for work that no other window gives. */
let last = 0;
export const newJob = (): string => `${Math.random().toString(36).slice(2)}-${++last}`;

type AlertConditions = AlertSave['conditions'];
export const conditionsOfAlert = (conditions: AlertConditions): StudyCondition[] =>
  conditions.map(({ choice, op, level }) => ({ choice, op, level, release: REARM }));

/** The set of a question sorted by its first metric, held as long as its positions; or why it cannot be, in words. */
export function sortOf({ conditions, on, exit, delaysH, costBp, side, from, to, seed }: StudyQuestion): DecilesQuestion | string {
  const [first] = conditions;
  if ('instrument' in on) return 'A sort is of many instruments: choose a list, an exchange or everything.';
  if (exit.on !== 'horizon') return 'A tenth is held until the next sort: choose an exit after hours or days.';
  if (first === undefined || findMetric(first.choice.metric)?.unit === 'label')
    return 'Words have no order: choose a metric that is a number.';
  return { choice: first.choice, on, everyH: exit.hours, delayH: delaysH[0] ?? 0, costBp, side, from, to, seed };
}

/** How a position is taken where nothing else is said: 24 h against the crowd, 5 bp a fill, each settlement after the entry. */
export const USUAL: Omit<StudyQuestion, 'conditions' | 'k' | 'on'> = {
  search: [],
  from: null,
  to: null,
  events: 'entries',
  side: 'against',
  exit: { on: 'horizon', hours: 24 },
  delaysH: [0, 1, 8],
  costBp: 5,
  funding: 'next',
  size: 'fixed',
  capital: 10_000,
  exposure: 1,
  seed: 1,
};
