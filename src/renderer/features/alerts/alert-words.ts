import type { AlertEntry, AlertState } from '#bridge/alert.ts';
import type { OccurrencesReport } from '#bridge/evidence.ts';
import type { AlertRule } from '#bridge/settings.ts';
import { findMetric } from '#domain/metrics/index.ts';
import type { RuleOp } from '#domain/rule.ts';
import type { HeldBack } from '#domain/telling.ts';
import { commonUnit, type RateUnit } from '#domain/units.ts';
import { choiceTitle, metricFigure, whyNone } from '../../format/metric-text.ts';
import { formatTime, shortAge, type Zone } from '../../format/time.ts';
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

/** "EMA divergence, n 24 +0.4812 %/8h": a value with its name and unit. */
export function valuePhrase(condition: Pick<Condition, 'choice'>, value: number | null, unit: RateUnit): string {
  const metric = findMetric(condition.choice.metric);
  const words = `${choiceTitle(condition.choice)} ${valueText(condition, value, unit)}`;
  return metric === undefined || metric.unit === 'label' ? words : `${words} ${levelUnit(metric, unit)}`.trimEnd();
}

/** Instruments that a hover names. */
const MOST_NAMED = 8;

export type Standing = AlertState['phase'] | 'none' | 'off' | 'snoozed' | 'expired' | 'spent';

/** The word that a person reads. */
const PHASES: Readonly<Record<AlertState['phase'], string>> = {
  active: 'active',
  recovering: 'recovering',
  building: 'building',
  error: 'error',
  'no-data': 'no data',
  quiet: 'quiet',
};
/** What matters most comes first. */
const RANKED = Object.keys(PHASES) as AlertState['phase'][];

interface Around {
  readonly now: number;
  readonly unit: RateUnit;
  readonly zone: Zone;
  readonly nameOf: (instrument: string) => string;
  /** Its values are too old to count on. */
  readonly isStale: (instrument: string) => boolean;
}
interface Stands {
  readonly kind: Standing;
  readonly text: string;
  readonly title: string;
}

/** What stands in the list: the word, how it is drawn, and the whole truth. */
export function standingOf(rule: AlertRule, states: readonly AlertState[], around: Around): Stands {
  const { now, zone } = around;
  if (!rule.enabled) return { kind: 'off', text: 'off', title: 'Switched off: nothing is judged.' };
  const judged = judgedOf(rule, states, around);
  const { snoozedUntil = null, expiresAt = null } = rule.tells ?? {};
  const until = (at: number): string => `${formatTime(at, 'day', zone)} ${formatTime(at, 'minute', zone)}`;
  if (expiresAt !== null && now > expiresAt)
    return { kind: 'expired', text: 'expired', title: `Over since ${until(expiresAt)}: it tells nothing any more; ${judged.title}` };
  if (states.some(({ spent }) => spent === true))
    return { kind: 'spent', text: 'told once', title: `It has told, and tells no more until it is switched on again; ${judged.title}` };
  if (snoozedUntil !== null && now < snoozedUntil)
    return {
      kind: 'snoozed',
      text: `snoozed ${shortAge(snoozedUntil - now)}`,
      title: `Tells nothing until ${until(snoozedUntil)}; ${judged.title}`,
    };
  return judged;
}

function judgedOf(rule: AlertRule, states: readonly AlertState[], { now, unit, nameOf, isStale }: Around): Stands {
  const [first] = states;
  if (first === undefined) {
    return 'list' in rule.on
      ? { kind: 'none', text: 'empty list', title: 'Its list is empty, or was deleted.' }
      : { kind: 'none', text: 'reading', title: 'Its history is being read.' };
  }
  const why = (state: AlertState): string | null => state.why.find((reason) => reason !== null) ?? null;
  if (states.length > 1) {
    const counts = RANKED.flatMap((phase) => {
      const count = states.filter((state) => state.phase === phase).length;
      return count > 0 && phase !== 'quiet' ? [{ phase, text: `${count} ${PHASES[phase]}` }] : [];
    });
    const active = states.filter(({ phase }) => phase === 'active').map(({ instrument }) => nameOf(instrument));
    const names =
      active.length === 0 ? '' : `: ${active.slice(0, MOST_NAMED).join(', ')}${active.length > MOST_NAMED ? ' and others' : ''}`;
    const title = `${counts.map(({ text }) => text).join(', ') || 'all quiet'} of ${states.length} instruments${names}`;
    const stale = states.filter(({ phase, instrument }) => phase === 'active' && isStale(instrument)).length;
    const old = stale === 0 ? '' : `, ${stale} stale`;
    return { kind: counts[0]?.phase ?? 'quiet', text: `${counts[0]?.text ?? 'quiet'} of ${states.length}${old}`, title: `${title}${old}` };
  }
  const reason = why(first);
  if (first.phase === 'error')
    return {
      kind: 'error',
      text: 'error',
      title: reason === 'unknown-metric' ? whyNone(reason) : 'It could not be judged, and is tried again within minutes; the log says why.',
    };
  if (first.phase === 'no-data') return { kind: 'no-data', text: 'no data', title: whyNone(reason ?? 'stale') };
  const values = `at the last close ${rule.conditions.map((one, i) => valueText(one, first.values[i] ?? null, unit)).join(', ')}`;
  if (first.phase === 'building') {
    const text = `building ${first.periods}/${rule.k}`;
    return { kind: 'building', text, title: `${first.periods} of ${rule.k} closed periods in a row, ${values}` };
  }
  if (first.phase === 'quiet') return { kind: 'quiet', text: 'quiet', title: `quiet, ${values}` };
  const since = first.enteredAt === null ? '' : ` ${shortAge(now - first.enteredAt)}`;
  const word = PHASES[first.phase];
  const old = isStale(first.instrument) ? ', stale' : '';
  return { kind: first.phase, text: `${word}${since}${old}`, title: `${word} for ${first.periods} closed periods, ${values}` };
}

const HELD: Readonly<Record<HeldBack, string>> = {
  snoozed: 'it was snoozed, so it was not told',
  'quiet-hours': 'in the quiet hours, so it was not told',
  'away-from-settlement': 'not near a settlement, so it was not told',
  cooldown: 'soon after the one before, so it was not told',
  'told-once': 'the rule had told once, so it was not told',
  expired: 'the rule had expired, so it was not told',
};
const WHAT: Readonly<Record<NonNullable<AlertEntry['kind']>, string>> = {
  again: 'still holds',
  'no-data': 'no data',
  event: '',
  ended: 'it was over when the quiet hours ended',
};
/** Whether an entry of the log was told, and what kind it is; '' for one that simply was. */
export function tellingText({ told, held, kind, says }: Pick<AlertEntry, 'told' | 'held' | 'kind' | 'says'>): string {
  const what = [says ?? '', kind === undefined ? '' : WHAT[kind]].filter((part) => part !== '').join('; ');
  const whether = told ? '' : held === undefined ? 'found later, so it was not told' : HELD[held];
  return [what, whether].filter((part) => part !== '').join('; ');
}

const PERIODS: Readonly<Record<OccurrencesReport['period'], readonly [one: string, many: string]>> = {
  hour: ['closed hour', 'closed hours'],
  settlement: ['settlement', 'settlements'],
  '5m': ['bar of 5 minutes', 'bars of 5 minutes'],
  '15m': ['bar of 15 minutes', 'bars of 15 minutes'],
};
export const periodText = (period: OccurrencesReport['period'], count: number): string => PERIODS[period][count === 1 ? 0 : 1];

const asked = ({ on, conditions, k }: Pick<AlertRule, 'on' | 'conditions' | 'k'>): string => JSON.stringify([on, conditions, k]);

/** What a person should know before a rule is saved: another one asks the same, or it holds already; null: nothing. */
export function saidBefore(
  save: Pick<AlertRule, 'on' | 'conditions' | 'k'> & { readonly id: string | null },
  rules: readonly AlertRule[],
  found: Pick<OccurrencesReport, 'holding' | 'instruments'> | null,
): string | null {
  const same = rules.find((rule) => rule.id !== save.id && asked(rule) === asked(save));
  const identical =
    same === undefined ? [] : [`The alert \u201c${same.name}\u201d asks the same${same.enabled ? '' : ', and is switched off'}.`];
  const { holding = 0, instruments = 0 } = found ?? {};
  const where = instruments > 1 ? ` on ${holding} of ${instruments} instruments` : '';
  const passed = holding === 0 ? [] : [`The level is passed already${where}: it tells once values have been back and pass it again.`];
  const said = [...identical, ...passed];
  return said.length === 0 ? null : said.join(' ');
}
