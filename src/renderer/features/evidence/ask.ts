import type { StudyCondition, StudyQuestion } from '#bridge/evidence.ts';
import { REARM } from '#domain/rule.ts';
import type { AlertSave } from '#bridge/alert.ts';

/** A name for work that no other window gives. */
let last = 0;
export const newJob = (): string => `${Math.random().toString(36).slice(2)}-${++last}`;

type AlertConditions = AlertSave['conditions'];
export const conditionsOfAlert = (conditions: AlertConditions): StudyCondition[] =>
  conditions.map(({ choice, op, level }) => ({ choice, op, level, release: REARM }));

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
