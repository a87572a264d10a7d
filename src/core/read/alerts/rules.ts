import type { AlertState } from '#bridge/alert.ts';
import type { InstrumentId } from '#domain/instrument.ts';
import { HOUR_MS, MINUTE_MS } from '#domain/time.ts';
import { createAgain } from '../again.ts';
import type { AlertNews, FoundEntry } from './alert-news.ts';
import { eventRulesOf } from './event-rules.ts';
import type { Reporter } from '../../reporter.ts';
import type { MetricSource } from '../metrics/metric-source.ts';
import { conditionsOf, newRuleLine, type RuleLine } from './rule-line.ts';
import { instrumentsOf, questionOf } from './rule-settings.ts';
import type { Live } from '../live.ts';
import type { Cancel, Clock } from '../../ports/clock.ts';
import type { AlertRule, Settings } from '../../settings.ts';
import type { SharedThread } from '../../shared-thread.ts';

/** Closes of many instruments come one after the other: they are judged together (real ms). */
const TOGETHER_MS = 1_000;
/** How the rules stand is looked at so often for what is to be told without a new entry (ms). */
const STANDING_MS = MINUTE_MS;
/** Hours whose close is so far behind are not known (ms). */
const LATE_MS = 2 * HOUR_MS;
/** While many are judged, their states are told so often (real ms): each time they are all of the rule's. */
const TOLD_EVERY_MS = 500;

export interface AlertRulesOptions {
  readonly clock: Clock;
  readonly live: Pick<Live, 'closedTo'>;
  readonly now: (id: InstrumentId) => number;
  readonly source: MetricSource;
  readonly thread: SharedThread;
  readonly reporter: Pick<Reporter, 'failed' | 'guard'>;
  readonly settings: () => Settings;
  readonly news: AlertNews;
  readonly onChange: (rules: readonly string[], states: AlertState[]) => void;
}

/** The person's alerts, moved by closes: live and in a replay the same. */
export interface AlertRules {
  /** Alerts or lists changed. */
  readonly arrange: () => void;
  /** Those of enabled alerts: they are followed. */
  readonly instruments: () => ReadonlySet<InstrumentId>;
  /** Rows closed, or the stored history of the instrument changed from this time on. */
  readonly refresh: (id: InstrumentId, changedFrom: number) => void;
  /** Judges what closes without an event: bars; and what could not be judged. */
  readonly tick: () => void;
  readonly states: () => AlertState[];
  /** Tells the windows how these stand, as where their log is another now. */
  readonly tell: (rules: readonly string[]) => void;
  readonly stop: () => Promise<void>;
}

interface Judged {
  readonly rule: AlertRule;
  /** Null: this version has no such metric, or not with these parameters. */
  readonly ruleLines: readonly RuleLine[] | null;
}

export function createAlertRules(options: AlertRulesOptions): AlertRules {
  const { clock, source, thread, reporter, settings, news, onChange, live, now } = options;
  let judged: Judged[] = [];
  let byLeg = new Map<InstrumentId, Set<RuleLine>>();
  let heardOf = -1;
  const due = new Set<RuleLine>();
  const again = createAgain<RuleLine>(clock);
  let timer: Cancel | null = null;
  let working: Promise<void> | null = null;
  let stopped = false;
  let loaded: Promise<boolean> | null = null;
  let lookedAt = -Infinity;
  let looking: Promise<void> | null = null;
  const failed = new Set<RuleLine>();

  const rows = { source, closedTo: (id: InstrumentId) => live.closedTo(id) };

  function arrange(): void {
    const before = new Map(judged.map((one) => [`${one.rule.id} ${questionOf(one.rule)}`, one]));
    const old = new Set(judged.map(({ rule }) => rule.id));
    const changed = new Set<string>();
    judged = settings()
      .alerts.filter(({ enabled }) => enabled)
      .map((rule) => {
        const known = new Map(before.get(`${rule.id} ${questionOf(rule)}`)?.ruleLines?.map((ruleLine) => [ruleLine.id, ruleLine]));
        const conditions = conditionsOf(rule);
        const ruleLines =
          conditions && instrumentsOf(settings(), rule).map((id) => known.get(id) ?? newRuleLine(rows, id, conditions, rule));
        if (!old.delete(rule.id) || ruleLines?.length !== known.size || ruleLines.some(({ id }) => !known.has(id))) changed.add(rule.id);
        return { rule, ruleLines };
      });
    listen();
    for (const ruleLine of [...due]) if (!judged.some(({ ruleLines }) => ruleLines?.includes(ruleLine))) due.delete(ruleLine);
    for (const { ruleLines } of judged) for (const ruleLine of ruleLines ?? []) due.add(ruleLine);
    tell([...old, ...changed]);
    wake();
  }
  /** Which instruments' closes move which rule lines. */
  function listen(): void {
    heardOf = source.assetsVersion();
    byLeg = new Map();
    for (const { ruleLines } of judged) {
      for (const ruleLine of ruleLines ?? [])
        for (const leg of ruleLine.legs()) byLeg.set(leg, (byLeg.get(leg) ?? new Set()).add(ruleLine));
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
    loaded ??= reporter.guard('read what alerts have told', () => news.load());
    // Where that failed it is asked for again with the next close.
    if (!(await loaded)) loaded = null;
    const slice = thread.slice();
    const found = new Map<string, FoundEntry[]>();
    const moved = new Set<string>();
    let toldAt = clock.monotonic();
    for (const [id, ruleLines] of dueByInstrument()) {
      for (const { rule, ruleLine } of ruleLines) {
        if (stopped) return;
        if (!due.delete(ruleLine)) continue;
        try {
          const advance = await ruleLine.advance(slice);
          again.over(ruleLine);
          if (failed.delete(ruleLine)) moved.add(rule.id);
          if (advance.moved) moved.add(rule.id);
          const entries = advance.entries.map((entry, i, all) => foundEntry(id, entry, all[i + 1]?.startedAt));
          if (entries.length > 0) found.set(rule.id, [...(found.get(rule.id) ?? []), ...entries]);
        } catch (error) {
          reporter.failed(`work out an alert of ${id}`, error, again.failed(ruleLine));
          if (!failed.has(ruleLine)) moved.add(rule.id);
          failed.add(ruleLine);
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
  function dueByInstrument(): Map<InstrumentId, { readonly rule: AlertRule; readonly ruleLine: RuleLine }[]> {
    const all = new Map<InstrumentId, { readonly rule: AlertRule; readonly ruleLine: RuleLine }[]>();
    for (const { rule, ruleLines } of judged) {
      for (const ruleLine of ruleLines ?? []) {
        if (!due.has(ruleLine)) continue;
        const own = all.get(ruleLine.id);
        if (own) own.push({ rule, ruleLine });
        else all.set(ruleLine.id, [{ rule, ruleLine }]);
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

  /** Between entries: what still holds, what was held back, what has no data. */
  async function look(): Promise<void> {
    await loaded;
    const own = judged.filter(({ ruleLines }) => ruleLines !== null).map((one) => ({ rule: one.rule, standings: statesOf(one) }));
    const ofMarket = eventRulesOf(settings().alertManners).map(({ rule }) => ({ rule, standings: null }));
    tell(await news.standing([...own, ...ofMarket]));
  }
  function isLate({ id, period, judgedTo }: RuleLine): boolean {
    return period === 'hour' && judgedTo !== null && now(id) - judgedTo > LATE_MS;
  }
  function statesOf({ rule, ruleLines }: Judged): AlertState[] {
    const values = rule.conditions.map(() => null);
    const spent = news.isSpent(rule) && { spent: true as const };
    const why = rule.conditions.map(() => 'unknown-metric');
    const unknown = { rule: rule.id, instrument: '', phase: 'error', periods: 0, enteredAt: null, at: null, values, why } as const;
    if (ruleLines === null) return [{ ...unknown, ...spent }];
    return ruleLines.map((ruleLine) => {
      const { values: all, state } = ruleLine;
      const late = isLate(ruleLine);
      const missing = late || all.some(({ value }) => value === null);
      return {
        rule: rule.id,
        instrument: ruleLine.id,
        ...state,
        phase: failed.has(ruleLine) ? 'error' : missing ? 'no-data' : state.phase === 'fading' ? 'recovering' : state.phase,
        at: ruleLine.judgedTo,
        values: all.map(({ value }) => value),
        why: all.map((one) => (late ? 'stale' : one.why)),
        ...spent,
      };
    });
  }

  return {
    arrange,
    instruments: () => new Set(settings().alerts.flatMap((rule) => (rule.enabled && 'instrument' in rule.on ? [rule.on.instrument] : []))),
    refresh(id, changedFrom) {
      for (const ruleLine of byLeg.get(id) ?? []) {
        ruleLine.changed(changedFrom);
        due.add(ruleLine);
      }
      wake();
    },
    tick() {
      const failedNow = new Set(again.due());
      for (const { ruleLines } of judged)
        for (const ruleLine of ruleLines ?? [])
          if (failedNow.delete(ruleLine) || (ruleLine.period.endsWith('m') && ruleLine.due)) due.add(ruleLine);
      // One that is asked no longer is in no rule.
      for (const ruleLine of failedNow) again.over(ruleLine);
      wake();
      if (stopped || looking !== null || Math.abs(clock.now() - lookedAt) < STANDING_MS) return;
      lookedAt = clock.now();
      looking = look().finally(() => {
        looking = null;
      });
    },
    states: () => judged.flatMap(statesOf),
    tell,
    async stop() {
      stopped = true;
      timer?.();
      await Promise.all([working, looking]);
    },
  };
}

const foundEntry = (id: InstrumentId, entry: FoundEntry['entry'], next: number | undefined): FoundEntry => ({
  id,
  entry,
  until: next === undefined ? Number.MAX_SAFE_INTEGER : next - 1,
});
