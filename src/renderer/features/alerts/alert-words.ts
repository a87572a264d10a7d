import type { AlertState } from '#bridge/alert.ts';
import type { OccurrencesReport } from '#bridge/evidence.ts';
import type { AlertRule } from '#bridge/settings.ts';
import { findMetric } from '#domain/metrics/index.ts';
import type { RuleOp } from '#domain/rule.ts';
import { commonUnit, type RateUnit } from '#domain/units.ts';
import { choiceTitle, metricFigure, whyNone } from '../../format/metric-text.ts';
import { shortAge } from '../../format/time.ts';
import { levelText, levelUnit } from './alert-level.ts';

type Condition = AlertRule['conditions'][number];

export const OPS: Readonly<Record<RuleOp, { readonly text: string; readonly says: string }>> = {
  above: { text: '\u2265', says: 'at or above the level' },
  below: { text: '\u2264', says: 'at or below the level' },
  outside: { text: 'outside \u00b1', says: 'at or beyond the level, on either side' },
  is: { text: 'is', says: 'is this' },
};

/** "EMA divergence, n 24 ≥ 0.4 %/8h". */
export function conditionText({ choice, op, level }: Condition, unit: RateUnit): string {
  const metric = findMetric(choice.metric);
  if (metric === undefined) return choice.metric;
  if (metric.unit === 'label') return `${choiceTitle(choice)} ${OPS[op].text} ${metric.labels?.[level] ?? level}`;
  const space = op === 'outside' ? '' : ' ';
  return `${choiceTitle(choice)} ${OPS[op].text}${space}${levelText(metric, level, unit)} ${levelUnit(metric, unit)}`.trimEnd();
}

export const conditionsText = (conditions: readonly Condition[], unit: RateUnit): string =>
  conditions.map((condition) => conditionText(condition, unit)).join(' and ');

/** The value of a condition, in the unit of its level. */
export function valueText({ choice }: Pick<Condition, 'choice'>, value: number | null, unit: RateUnit): string {
  const metric = findMetric(choice.metric);
  return metric === undefined ? choice.metric : metricFigure(metric, value, { unit: commonUnit(unit), intervalH: null });
}

/** Instruments that a hover names. */
const MOST_NAMED = 8;

export type Standing = AlertState['phase'] | 'none' | 'off';

/** What stands in the list: the word, how it is drawn, and the whole truth. */
export function standingOf(
  rule: AlertRule,
  states: readonly AlertState[],
  { now, unit, nameOf }: { readonly now: number; readonly unit: RateUnit; readonly nameOf: (instrument: string) => string },
): { kind: Standing; text: string; title: string } {
  if (!rule.enabled) return { kind: 'off', text: 'off', title: 'Switched off: nothing is judged.' };
  const count = (phase: AlertState['phase']): number => states.filter((state) => state.phase === phase).length;
  const [first] = states;
  if (first === undefined) {
    return 'list' in rule.on
      ? { kind: 'none', text: 'empty list', title: 'Its list is empty, or was deleted.' }
      : { kind: 'none', text: 'reading', title: 'Its history is being read.' };
  }
  const why = (state: AlertState): string | null => state.why.find((reason) => reason !== null) ?? null;
  if (states.length > 1) {
    const parts = (['active', 'fading', 'building'] as const).flatMap((phase) => (count(phase) > 0 ? [`${count(phase)} ${phase}`] : []));
    const without = states.filter((state) => why(state) !== null).length;
    const kind = (['active', 'fading', 'building'] as const).find((phase) => count(phase) > 0) ?? 'quiet';
    const active = states.filter(({ phase }) => phase === 'active').map(({ instrument }) => nameOf(instrument));
    const names =
      active.length === 0 ? '' : `: ${active.slice(0, MOST_NAMED).join(', ')}${active.length > MOST_NAMED ? ' and others' : ''}`;
    const title = `${parts.join(', ') || 'all quiet'} of ${states.length} instruments${without > 0 ? `; ${without} without a value` : ''}${names}`;
    return { kind, text: `${parts[0] ?? 'quiet'} of ${states.length}`, title };
  }
  const reason = why(first);
  if (reason !== null) return { kind: 'none', text: 'no value', title: whyNone(reason) };
  const values = `at the last close ${rule.conditions.map((one, i) => valueText(one, first.values[i] ?? null, unit)).join(', ')}`;
  if (first.phase === 'building') {
    const text = `building ${first.periods}/${rule.k}`;
    return { kind: 'building', text, title: `${first.periods} of ${rule.k} closed periods in a row, ${values}` };
  }
  if (first.phase === 'quiet') return { kind: 'quiet', text: 'quiet', title: `quiet, ${values}` };
  const since = first.enteredAt === null ? '' : ` ${shortAge(now - first.enteredAt)}`;
  return { kind: first.phase, text: `${first.phase}${since}`, title: `${first.phase} for ${first.periods} closed periods, ${values}` };
}

const PERIODS: Readonly<Record<OccurrencesReport['period'], readonly [one: string, many: string]>> = {
  hour: ['closed hour', 'closed hours'],
  settlement: ['settlement', 'settlements'],
  '5m': ['bar of 5 minutes', 'bars of 5 minutes'],
  '15m': ['bar of 15 minutes', 'bars of 15 minutes'],
};
export const periodText = (period: OccurrencesReport['period'], count: number): string => PERIODS[period][count === 1 ? 0 : 1];
