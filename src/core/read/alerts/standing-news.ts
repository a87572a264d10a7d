import type { AlertBody, AlertState } from '#bridge/alert.ts';
import type { InstrumentId } from '#domain/instrument.ts';
import { heldBack } from '#domain/telling.ts';
import { HOUR_MS } from '#domain/time.ts';
import type { AlertManners, AlertRule } from '../../settings.ts';
import type { AlertMemory } from './alert-memory.ts';
import { tellingOf, termsOf } from './rule-terms.ts';

/** How a rule stands on one of its instruments. */
export type Standing = Pick<AlertState, 'instrument' | 'phase' | 'enteredAt' | 'values'>;

/** What is to be told of it without an entry. */
export interface StandingFound {
  readonly id: InstrumentId;
  readonly kind: 'again' | 'no-data' | 'ended';
  readonly values: readonly (number | null)[];
  /** For how long it has entered, or been without a value; of what has ended: how long ago it entered. */
  readonly forMs: number;
  /** What it waited for, and the entry that did. */
  readonly waited: AlertBody | null;
}

export interface StandingOptions {
  readonly memory: AlertMemory;
  readonly manners: () => AlertManners;
  readonly now: (id: InstrumentId) => number;
  /** From a moment to the nearest settlement. */
  readonly settlementMs: (id: InstrumentId, at: number) => number | null;
}

/** Quiet hours are shorter: what they held back before that is history. */
const QUIET_MS = 24 * HOUR_MS;

/** Finds what a rule has to tell between entries: it still holds, it could not be told when it entered, it has no data. */
export function createStandingNews({ memory, manners, now, settlementMs }: StandingOptions) {
  /** Since when each has been without a value in this run of the app; `told`: that was said. */
  const without = new Map<string, { readonly since: number; told: boolean }>();
  const withValue = new Set<string>();

  function again(rule: AlertRule, { instrument: id, enteredAt, values }: Standing): StandingFound | null {
    const known = memory.of(rule, id);
    if (enteredAt === null || enteredAt <= rule.since || known === null) return null;
    const { repeat } = tellingOf(rule);
    const toldAt = memory.toldAt(rule, id);
    const wasTold = toldAt !== null && toldAt >= enteredAt;
    const isAcknowledged = known.acknowledgedAt !== null && known.acknowledgedAt >= enteredAt;
    const at = now(id);
    const isDue = wasTold
      ? typeof repeat === 'object' && at - toldAt >= repeat.everyH * HOUR_MS
      : known.waits !== null && known.newestAt >= enteredAt;
    if (!isDue || isAcknowledged) return null;
    const facts = { now: at, toldAt, toldAnywhereAt: memory.toldAnywhereAt(rule), settlementMs: settlementMs(id, at) };
    if (heldBack(termsOf(rule, manners()), facts) !== null) return null;
    return { id, kind: 'again', values, forMs: at - enteredAt, waited: wasTold ? null : known.waits };
  }
  /** It came and went within quiet hours. */
  function ended(rule: AlertRule, { instrument: id, phase }: Standing): StandingFound | null {
    const known = memory.of(rule, id);
    const at = now(id);
    if (phase === 'error' || known?.waits?.held !== 'quiet-hours' || known.newestAt <= rule.since) return null;
    const isAcknowledged = known.acknowledgedAt !== null && known.acknowledgedAt >= known.newestAt;
    if (isAcknowledged || at - known.newestAt > QUIET_MS) return null;
    const facts = {
      now: at,
      toldAt: memory.toldAt(rule, id),
      toldAnywhereAt: memory.toldAnywhereAt(rule),
      settlementMs: settlementMs(id, known.newestAt),
    };
    if (heldBack(termsOf(rule, manners()), facts) !== null) return null;
    return { id, kind: 'ended', values: [], forMs: at - known.newestAt, waited: known.waits };
  }
  function noData(rule: AlertRule, { instrument: id, phase }: Standing): StandingFound | null {
    const key = `${rule.id} ${id}`;
    const at = now(id);
    if (phase !== 'no-data') {
      without.delete(key);
      if (phase !== 'error') withValue.add(key);
      return null;
    }
    // A run before this one may have said so.
    const before = without.get(key) ?? { since: at, told: !withValue.has(key) && memory.of(rule, id)?.kind === 'no-data' };
    without.set(key, before);
    const { noDataH } = tellingOf(rule);
    if (noDataH === null || before.told || at - before.since < noDataH * HOUR_MS) return null;
    const terms = { ...termsOf(rule, manners()), repeat: 'entry' as const, nearSettlementMin: null, cooldownMin: 0 };
    if (heldBack(terms, { now: at, toldAt: null, toldAnywhereAt: null, settlementMs: null }) !== null) return null;
    before.told = true;
    return { id, kind: 'no-data', values: [], forMs: at - before.since, waited: null };
  }

  return (rule: AlertRule, standings: readonly Standing[]): StandingFound[] =>
    standings.flatMap((standing) => {
      const missing = noData(rule, standing);
      if (missing !== null) return [missing];
      const isOn = standing.phase === 'active' || standing.phase === 'recovering';
      return (isOn ? again(rule, standing) : ended(rule, standing)) ?? [];
    });
}

/** Body of its row in the log. */
export function standingBody(rule: AlertRule, { kind, values, waited }: StandingFound): AlertBody {
  if (kind === 'ended' && waited !== null) {
    const { name, k, conditions, says, severity } = waited;
    return { name, k, conditions, kind, ...(says !== undefined && { says }), ...(severity !== undefined && { severity }) };
  }
  const conditions = rule.conditions.flatMap((condition, i) => {
    const value = values[i] ?? null;
    return value === null ? [] : [{ ...condition, value }];
  });
  return { name: rule.name, k: rule.k, conditions, kind, severity: tellingOf(rule).severity };
}
