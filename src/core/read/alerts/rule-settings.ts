import { UserError } from '#bridge/errors.ts';
import type { AlertSave } from '#bridge/alert.ts';
import type { InstrumentId } from '#domain/instrument.ts';
import { findMetric } from '#domain/metrics/index.ts';
import { resolveChoice } from '../metrics/metric-choice.ts';
import type { AlertRule, Settings } from '../../settings.ts';
import { tellingOf } from './rule-terms.ts';

const MOST = 100;

/** Instruments of the rule; those of a list that is gone are none. */
export function instrumentsOf({ lists }: Settings, { on }: Pick<AlertRule, 'on'>): readonly InstrumentId[] {
  return 'instrument' in on ? [on.instrument] : (lists.find(({ id }) => id === on.list)?.items ?? []);
}

/** Rules of before on one instrument did not say within which list a metric over a basket compares: it was the first that holds the instrument. */
export function nameBaskets(settings: Settings): Settings {
  const isOverBasket = ({ conditions }: AlertRule): boolean => conditions.some(({ choice }) => findMetric(choice.metric)?.on === 'basket');
  if (!settings.alerts.some((rule) => 'among' in rule.on && rule.on.among === null && isOverBasket(rule))) return settings;
  const alerts = settings.alerts.map((rule): AlertRule => {
    if (!('among' in rule.on) || rule.on.among !== null || !isOverBasket(rule)) return rule;
    const { instrument } = rule.on;
    return { ...rule, on: { instrument, among: settings.lists.find(({ items }) => items.includes(instrument))?.id ?? null } };
  });
  return { ...settings, alerts };
}

/** What of a rule decides when it enters. */
export const questionOf = ({ on, conditions, k, enabled }: Omit<AlertSave, 'id'>): string => JSON.stringify([on, conditions, k, enabled]);

/** `now`: a rule that asks something else than before, or is switched on, tells of what enters from now on. */
export function saveRule(settings: Settings, { id, ...given }: AlertSave, now: number): Settings {
  for (const { choice } of given.conditions) resolveChoice(choice);
  const { alerts, lists } = settings;
  const { on } = given;
  const within = 'list' in on ? on.list : on.among;
  if (within !== null && !lists.some((list) => list.id === within)) {
    throw new UserError('not-found', 'That list does not exist any more.');
  }
  const before = alerts.find((rule) => rule.id === id);
  if (id !== null && before === undefined) throw new UserError('not-found', 'That alert does not exist any more.');
  if (before === undefined && alerts.length >= MOST)
    throw new UserError('bad-input', `At most ${MOST} alerts are kept. Delete some first.`);
  const since = before && questionOf(before) === questionOf(given) ? before.since : now;
  const tells = given.tells ?? before?.tells;
  const next: AlertRule = { ...given, id: before?.id ?? newId(alerts, now), since, ...(tells && { tells }) };
  return { ...settings, alerts: before ? alerts.map((rule) => (rule === before ? next : rule)) : [...alerts, next] };
}

/** Throws UserError 'not-found' for a rule that is gone. */
export function snoozeRule(settings: Settings, { id, until }: { readonly id: string; readonly until: number | null }): Settings {
  if (!settings.alerts.some((rule) => rule.id === id)) throw new UserError('not-found', 'That alert does not exist any more.');
  const snoozed = (rule: AlertRule): AlertRule => ({ ...rule, tells: { ...tellingOf(rule), snoozedUntil: until } });
  return { ...settings, alerts: settings.alerts.map((rule) => (rule.id === id ? snoozed(rule) : rule)) };
}

export function deleteRule(settings: Settings, id: string): Settings {
  const alerts = settings.alerts.filter((rule) => rule.id !== id);
  if (alerts.length === settings.alerts.length) throw new UserError('not-found', 'That alert does not exist any more.');
  return { ...settings, alerts };
}

/** Never one of before: the log names rules by it for ever. */
function newId(alerts: readonly AlertRule[], now: number): string {
  const stem = now.toString(36);
  let id = stem;
  for (let i = 2; alerts.some((rule) => rule.id === id); i++) id = `${stem}-${i}`;
  return id;
}
