import type { AlertEvidence, AlertQuestion, AlertState } from '#bridge/alert.ts';
import type { InstrumentId } from '#domain/instrument.ts';
import type { MetricUnit } from '#domain/metrics/metric.ts';
import { RATE_TIE } from '#domain/rule.ts';
import type { AlertNews, FoundEntry } from './alert-news.ts';
import type { Journal } from '../../journal.ts';
import { chosenOrNull, resolveChoice } from '../metrics/metric-choice.ts';
import type { MetricSource } from '../metrics/metric-source.ts';
import { measureRule } from './rule-evidence.ts';
import { type ChosenCondition, RulePair } from './rule-pair.ts';
import { instrumentsOf, questionOf } from './rule-settings.ts';
import type { Live } from '../live.ts';
import type { Cancel, Clock } from '../../ports.ts';
import type { AlertRule, Settings } from '../../settings.ts';
import { stored } from '../../stored.ts';
import type { Turns } from '../../turns.ts';

/** Closes of many instruments come one after the other: they are judged together (real ms). */
const TOGETHER_MS = 1_000;
/** While many are judged, their states are told so often (real ms): each time they are all of the rule's. */
const TOLD_EVERY_MS = 500;

export interface RulesOptions {
  readonly clock: Clock;
  readonly live: Pick<Live, 'closedTo'>;
  readonly source: MetricSource;
  readonly turns: Turns;
  readonly journal: Pick<Journal, 'failed'>;
  readonly settings: () => Settings;
  readonly news: AlertNews;
  readonly onChange: (rules: readonly string[], states: AlertState[]) => void;
}

/** The person's alerts, moved by closes: live and in a replay the same. */
export interface Rules {
  /** Alerts or lists changed. */
  readonly arrange: () => void;
  /** Those of enabled alerts: they are followed. */
  readonly instruments: () => ReadonlySet<InstrumentId>;
  /** Rows closed, or the stored history of the instrument changed from this time on. */
  readonly refresh: (id: InstrumentId, changedFrom: number) => void;
  /** Judges what has closed without a word of anybody: bars. */
  readonly tick: () => void;
  readonly states: () => AlertState[];
  readonly evidence: (question: AlertQuestion) => Promise<AlertEvidence>;
  readonly stop: () => Promise<void>;
}

const isRate = (unit: MetricUnit): boolean => unit.startsWith('rate-');

interface Judged {
  readonly rule: AlertRule;
  /** Null: this version has no such metric, or not with these parameters. */
  readonly pairs: readonly RulePair[] | null;
}

export function createRules(options: RulesOptions): Rules {
  const { clock, source, turns, journal, settings, news, onChange, live } = options;
  let judged: Judged[] = [];
  let byLeg = new Map<InstrumentId, Set<RulePair>>();
  let heardOf = -1;
  const due = new Set<RulePair>();
  let timer: Cancel | null = null;
  let working: Promise<void> | null = null;
  let stopped = false;

  function conditionsOf(rule: Pick<AlertRule, 'conditions'>): ChosenCondition[] | null {
    const all = rule.conditions.flatMap(({ choice, op, level }): ChosenCondition[] => {
      const chosen = chosenOrNull(choice);
      return chosen === null ? [] : [{ chosen, op, level, tie: isRate(chosen.metric.unit) ? RATE_TIE : 0 }];
    });
    return all.length === rule.conditions.length ? all : null;
  }
  const pairOf = (id: InstrumentId, conditions: readonly ChosenCondition[], k: number, on: AlertRule['on']): RulePair =>
    new RulePair(
      id,
      conditions,
      k,
      (chosen) => source.feed(chosen, id, listOf(on)),
      (one) => live.closedTo(one),
    );

  function arrange(): void {
    const before = new Map(judged.map((one) => [`${one.rule.id} ${questionOf(one.rule)}`, one]));
    const old = new Set(judged.map(({ rule }) => rule.id));
    const changed = new Set<string>();
    judged = settings()
      .alerts.filter(({ enabled }) => enabled)
      .map((rule) => {
        const known = new Map(before.get(`${rule.id} ${questionOf(rule)}`)?.pairs?.map((pair) => [pair.id, pair]));
        const conditions = conditionsOf(rule);
        const pairs = conditions && instrumentsOf(settings(), rule).map((id) => known.get(id) ?? pairOf(id, conditions, rule.k, rule.on));
        if (!old.delete(rule.id) || pairs?.length !== known.size || pairs.some(({ id }) => !known.has(id))) changed.add(rule.id);
        return { rule, pairs };
      });
    listen();
    for (const pair of [...due]) if (!judged.some(({ pairs }) => pairs?.includes(pair))) due.delete(pair);
    for (const { pairs } of judged) for (const pair of pairs ?? []) due.add(pair);
    tell([...old, ...changed]);
    wake();
  }
  /** Which instruments' closes move which pairs. */
  function listen(): void {
    heardOf = source.assetsVersion();
    byLeg = new Map();
    for (const { pairs } of judged) {
      for (const pair of pairs ?? []) for (const leg of pair.legs()) byLeg.set(leg, (byLeg.get(leg) ?? new Set()).add(pair));
    }
  }
  function tell(rules: readonly string[]): void {
    if (rules.length > 0) onChange(rules, judged.filter(({ rule }) => rules.includes(rule.id)).flatMap(statesOf));
  }

  function wake(): void {
    if (stopped || due.size === 0 || working !== null) return;
    timer ??= clock.after(TOGETHER_MS * clock.speed, () => {
      timer = null;
      working = work().finally(() => {
        working = null;
        wake();
      });
    });
  }
  async function work(): Promise<void> {
    const slice = turns.slice();
    const found = new Map<string, FoundEntry[]>();
    const moved = new Set<string>();
    let toldAt = clock.monotonic();
    for (const [id, pairs] of dueByInstrument()) {
      for (const { rule, pair } of pairs) {
        if (stopped) return;
        if (!due.delete(pair)) continue;
        try {
          const advance = await pair.advance(slice);
          if (advance.moved) moved.add(rule.id);
          const entries = advance.entries.map((entry, i, all) => foundEntry(id, entry, all[i + 1]?.startedAt));
          if (entries.length > 0) found.set(rule.id, [...(found.get(rule.id) ?? []), ...entries]);
        } catch (error) {
          journal.failed(`work out an alert of ${id}`, error);
        }
        if (slice.over()) await slice.pause();
      }
      if (clock.monotonic() - toldAt > TOLD_EVERY_MS * clock.speed) {
        tell([...moved]);
        moved.clear();
        toldAt = clock.monotonic();
      }
    }
    for (const [rule, entries] of found) await enter(rule, entries);
    // Also where the log has grown.
    tell([...new Set([...moved, ...found.keys()])]);
    // An asset may have been listed elsewhere meanwhile.
    if (source.assetsVersion() !== heardOf) listen();
  }
  function dueByInstrument(): Map<InstrumentId, { readonly rule: AlertRule; readonly pair: RulePair }[]> {
    const all = new Map<InstrumentId, { readonly rule: AlertRule; readonly pair: RulePair }[]>();
    for (const { rule, pairs } of judged) {
      for (const pair of pairs ?? []) {
        if (!due.has(pair)) continue;
        const own = all.get(pair.id);
        if (own) own.push({ rule, pair });
        else all.set(pair.id, [{ rule, pair }]);
      }
    }
    return all;
  }
  /** The rule as it is now: its name may have changed meanwhile, and what it asks decides from when on it tells. */
  async function enter(id: string, found: readonly FoundEntry[]): Promise<void> {
    const rule = judged.find((one) => one.rule.id === id)?.rule;
    if (rule === undefined) return;
    await news.entered(
      rule,
      found.filter(({ entry }) => entry.at > rule.since),
    );
  }

  return {
    arrange,
    instruments: () => new Set(settings().alerts.flatMap((rule) => (rule.enabled && 'instrument' in rule.on ? [rule.on.instrument] : []))),
    refresh(id, changedFrom) {
      for (const pair of byLeg.get(id) ?? []) {
        pair.changed(changedFrom);
        due.add(pair);
      }
      wake();
    },
    tick() {
      for (const { pairs } of judged) for (const pair of pairs ?? []) if (pair.period.endsWith('m') && pair.due) due.add(pair);
      wake();
    },
    states: () => judged.flatMap(statesOf),
    async evidence({ instrument: id, list, conditions, k }) {
      for (const { choice } of conditions) resolveChoice(choice);
      const pair = pairOf(id, conditionsOf({ conditions }) ?? [], k, { instrument: id, among: list });
      return stored(measureRule(pair, turns.slice()));
    },
    async stop() {
      stopped = true;
      timer?.();
      await working;
    },
  };
}

/** What metrics over a basket compare within. */
const listOf = (on: AlertRule['on']): string | null => ('list' in on ? on.list : on.among);

const foundEntry = (id: InstrumentId, entry: FoundEntry['entry'], next: number | undefined): FoundEntry => ({
  id,
  entry,
  until: next === undefined ? Number.MAX_SAFE_INTEGER : next - 1,
});

function statesOf({ rule, pairs }: Judged): AlertState[] {
  const values = rule.conditions.map(() => null);
  const why = rule.conditions.map(() => 'unknown-metric');
  if (pairs === null) return [{ rule: rule.id, instrument: '', phase: 'quiet', periods: 0, enteredAt: null, at: null, values, why }];
  return pairs.map((pair) => ({
    rule: rule.id,
    instrument: pair.id,
    ...pair.state,
    at: pair.judgedTo,
    values: pair.values.map(({ value }) => value),
    why: pair.values.map((one) => one.why),
  }));
}
