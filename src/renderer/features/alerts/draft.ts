import type { AlertSave } from '#bridge/alert.ts';
import type { WatchRow } from '#bridge/contract.ts';
import type { AlertRule, AlertTelling, MetricChoice } from '#bridge/settings.ts';
import { type AnyMetric, findMetric } from '#domain/metrics/index.ts';
import type { RuleOp } from '#domain/rule.ts';
import type { RateUnit } from '#domain/units.ts';
import type { Zone } from '../../format/time.ts';
import { readTyped, type TypedNumber } from '../../format/typed.ts';
import { levelText, parseLevel } from './alert-level.ts';
import { conditionsText } from './alert-words.ts';
import { newTelling, readTelling, type TellingDraft, tellingDraft } from './telling-draft.ts';

/** A condition as it is being typed. */
export interface DraftCondition {
  readonly choice: MetricChoice;
  readonly op: RuleOp;
  readonly level: string;
}

/** An alert as it is being typed; name null: it is called what it asks. */
export interface Draft {
  readonly id: string | null;
  readonly name: string | null;
  readonly scope: 'instrument' | 'list';
  readonly instrument: string;
  readonly list: string;
  readonly conditions: readonly DraftCondition[];
  readonly k: string;
  readonly enabled: boolean;
  readonly telling: TellingDraft;
  /** The terms of the rule that is edited. */
  readonly tells: AlertTelling | undefined;
}

export const MOST_CONDITIONS = 4;

/** Words are compared as such; of a level the tail that matters is asked for first. */
export function draftCondition(choice: MetricChoice): DraftCondition {
  const metric = findMetric(choice.metric);
  if (metric?.unit === 'label') return { choice, op: 'is', level: Object.keys(metric.labels ?? {})[0] ?? '0' };
  return { choice, op: metric?.unit === 'rate-per-hour' || metric?.unit === 'score' ? 'outside' : 'above', level: '' };
}

/** An alert from here: the selected instrument, and what the chart's lower pane draws. */
export function draftFrom(row: WatchRow, pane: MetricChoice | null, list: string, unit: RateUnit): Draft {
  const { theta, k, n } = row.params;
  const divergence: MetricChoice = { metric: 'ema-divergence', params: { n } };
  const metric = findMetric('ema-divergence');
  const level = metric === undefined ? '' : levelText(metric, theta, unit);
  const condition = pane === null ? ({ choice: divergence, op: 'outside', level } as const) : draftCondition(pane);
  const instrument = row.instrument.id;
  const periods = pane === null ? String(k) : '1';
  return {
    id: null,
    name: null,
    scope: 'instrument',
    instrument,
    list,
    conditions: [condition],
    k: periods,
    enabled: true,
    telling: newTelling,
    tells: undefined,
  };
}

/** A rule to be edited; `instrument` and `list` stand for what it does not name itself. */
export function draftOf(rule: AlertRule, instrument: string, list: string, unit: RateUnit): Draft {
  const { id, name, on, conditions, k, enabled, tells } = rule;
  return {
    id,
    name: name === conditionsText(conditions, unit) ? null : name,
    scope: 'list' in on ? 'list' : 'instrument',
    instrument: 'list' in on ? instrument : on.instrument,
    list: 'list' in on ? on.list : (on.among ?? list),
    conditions: conditions.map(({ choice, op, level }) => {
      const metric = findMetric(choice.metric);
      return { choice, op, level: metric && metric.unit !== 'label' ? levelText(metric, level, unit) : String(level) };
    }),
    k: String(k),
    enabled,
    telling: tellingDraft(tells),
    tells,
  };
}

export function readLevel({ choice, op, level }: DraftCondition, unit: RateUnit): TypedNumber {
  const metric: AnyMetric | undefined = findMetric(choice.metric);
  if (metric === undefined) return { ok: false, why: 'This version has no such metric' };
  return parseLevel(metric, op, level, unit);
}

/** One of the metrics compares within a list. */
export const isOverBasket = ({ conditions }: Draft): boolean => conditions.some(({ choice }) => findMetric(choice.metric)?.on === 'basket');

export const readPeriods = (text: string): TypedNumber =>
  readTyped(text, { min: 1, max: 240, whole: true, right: 'Enter a whole number from 1 to 240.' });

/** What the draft asks; null while something in it cannot be used. */
export function readDraft(draft: Draft, unit: RateUnit, zone: Zone): AlertSave | null {
  const k = readPeriods(draft.k);
  const conditions = draft.conditions.flatMap((condition) => {
    const level = readLevel(condition, unit);
    return level.ok ? [{ choice: condition.choice, op: condition.op, level: level.value }] : [];
  });
  const telling = readTelling(draft.telling, zone, draft.tells);
  if (!k.ok || !telling.ok || conditions.length !== draft.conditions.length) return null;
  const name = (draft.name ?? '').trim() || conditionsText(conditions, unit).slice(0, 80);
  const on =
    draft.scope === 'list' ? { list: draft.list } : { instrument: draft.instrument, among: isOverBasket(draft) ? draft.list : null };
  // Of what says nothing of its own, nothing is said.
  const tells = draft.telling === newTelling && draft.tells === undefined ? undefined : telling.value;
  return { id: draft.id, name, on, conditions, k: k.value, enabled: draft.enabled, ...(tells && { tells }) };
}
