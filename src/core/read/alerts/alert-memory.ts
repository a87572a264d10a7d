import { alertBody, type AlertBody } from '#bridge/alert.ts';
import type { InstrumentId } from '#domain/instrument.ts';
import { isForAWhile } from '#domain/telling.ts';
import type { AlertRecord, PersonStore } from '../../ports/person.ts';
import type { AlertRule } from '../../settings.ts';

type Named = Pick<AlertRecord, 'rule' | 'instrument' | 'at'>;
/** What is known of one rule on one instrument. */
interface Known {
  readonly toldAt: number | null;
  /** The newest entry of its log. */
  readonly newestAt: number;
  readonly kind: AlertBody['kind'] | 'entry';
  /** The newest entry, where it is held back for a while. */
  readonly waits: AlertBody | null;
  readonly acknowledgedAt: number | null;
}

/** What of each rule was told last, also by a run of the app before this one. */
export interface AlertMemory {
  readonly load: () => Promise<void>;
  readonly note: (record: AlertRecord, body: AlertBody) => void;
  readonly acknowledge: (entries: readonly Named[]) => Promise<void>;
  /** Since the rule was made, changed or switched on; null: not since. */
  readonly toldAt: (rule: AlertRule, id: InstrumentId) => number | null;
  readonly toldAnywhereAt: (rule: AlertRule) => number | null;
  readonly of: (rule: AlertRule, id: InstrumentId) => Known | null;
  /** Those of which an entry of the rule is kept. */
  readonly instruments: (rule: AlertRule) => InstrumentId[];
}

const later = (a: number | null, b: number | null): number | null => (a === null ? b : b === null ? a : Math.max(a, b));

export function parsedBody(text: string): AlertBody | null {
  try {
    return alertBody.safeParse(JSON.parse(text)).data ?? null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

export function createAlertMemory(person: Pick<PersonStore, 'newestAlerts' | 'acknowledge'>): AlertMemory {
  const rules = new Map<string, Map<InstrumentId, Known>>();

  function note({ rule, instrument, at, told, acknowledgedAt }: AlertRecord, body: AlertBody): void {
    const own = rules.get(rule) ?? new Map<InstrumentId, Known>();
    rules.set(rule, own);
    const before = own.get(instrument);
    const toldAt = later(before?.toldAt ?? null, told && body.kind !== 'no-data' ? at : null);
    const seenAt = later(before?.acknowledgedAt ?? null, acknowledgedAt === undefined ? null : at);
    const isNewest = before === undefined || at >= before.newestAt;
    const newest = isNewest
      ? {
          newestAt: at,
          kind: body.kind ?? ('entry' as const),
          waits: !told && body.held !== undefined && isForAWhile(body.held) ? body : null,
        }
      : before;
    own.set(instrument, { newestAt: newest.newestAt, kind: newest.kind, waits: newest.waits, toldAt, acknowledgedAt: seenAt });
  }
  const since = (rule: AlertRule, at: number | null): number | null => (at !== null && at > rule.since ? at : null);

  return {
    async load() {
      for (const record of await person.newestAlerts()) {
        const body = parsedBody(record.body);
        if (body !== null) note(record, body);
      }
    },
    note,
    async acknowledge(entries) {
      await person.acknowledge(entries);
      for (const { rule, instrument, at } of entries) {
        const known = rules.get(rule)?.get(instrument);
        if (known) rules.get(rule)?.set(instrument, { ...known, acknowledgedAt: later(known.acknowledgedAt, at) });
      }
    },
    toldAt: (rule, id) => since(rule, rules.get(rule.id)?.get(id)?.toldAt ?? null),
    toldAnywhereAt: (rule) =>
      since(
        rule,
        [...(rules.get(rule.id)?.values() ?? [])].reduce<number | null>((newest, { toldAt }) => later(newest, toldAt), null),
      ),
    of: (rule, id) => rules.get(rule.id)?.get(id) ?? null,
    instruments: (rule) => [...(rules.get(rule.id)?.keys() ?? [])],
  };
}
