import type { AlertBody, AlertEntry } from '#bridge/alert.ts';
import { type Instrument, type InstrumentId, pairOf } from '#domain/instrument.ts';
import type { RuleEntry } from '#domain/rule.ts';
import { heldBack } from '#domain/telling.ts';
import { HOUR_MS, MINUTE_MS } from '#domain/time.ts';
import type { RateUnit } from '#domain/units.ts';
import type { AsOf } from '../../ports/history.ts';
import type { Log } from '../../ports/log.ts';
import type { Notification } from '../../ports/notifier.ts';
import type { AlertRecord, PersonStore, SignalEntryRecord } from '../../ports/person.ts';
import { summaryText } from '../../away.ts';
import type { AlertManners, AlertRule } from '../../settings.ts';
import { type Entry, entryName, type Teller } from '../../teller.ts';
import type { Happened } from './market-events.ts';
import { createAlertMemory, parsedBody } from './alert-memory.ts';
import { entryText, MOST_TOLD, standingText, together } from './news-words.ts';
import { tellingOf, termsOf } from './rule-terms.ts';
import { createStandingNews, type Standing, standingBody, type StandingFound } from './standing-news.ts';

/** What is found later than this after it happened is history, not news. */
const NEWS_MS = HOUR_MS;
/** Two processes on a folder see an event of the market at moments that differ by so much. */
const SAME_EVENT_MS = MINUTE_MS;

/** An entry of a rule on one of its instruments, and where its run can lie in time. */
export interface FoundEntry {
  readonly id: InstrumentId;
  readonly entry: RuleEntry;
  /** No other run begins up to here. */
  readonly until: number;
}

export interface AlertNewsOptions {
  readonly person: Pick<PersonStore, 'recordAlert' | 'alerts' | 'newestAlerts' | 'acknowledge' | 'signalLog'>;
  readonly teller: Teller;
  readonly log: Log;
  readonly instrument: (id: InstrumentId) => Instrument;
  readonly venueName: (id: InstrumentId) => string;
  /** What the person reads rates in. */
  readonly unit: () => RateUnit;
  readonly now: (id: InstrumentId) => number;
  readonly manners: () => AlertManners;
  /** From a moment to the nearest settlement; null: not known. */
  readonly settlementMs: (id: InstrumentId, at: number) => number | null;
}

/** How a rule stands on its instruments; of an event of the market null: it happens, and does not stand. */
export interface StandingRule {
  readonly rule: AlertRule;
  readonly standings: readonly Standing[] | null;
}

export interface AlertNews {
  /** What was told before this run of the app; before anything is judged. */
  readonly load: () => Promise<void>;
  /** Words for what entered, and whether it is news or history. True: the log has grown. */
  readonly entered: (rule: AlertRule, found: readonly FoundEntry[]) => Promise<boolean>;
  /** What rules have to tell of how they stand, some minutes after they entered or without an entry. Those whose log has grown. */
  readonly standing: (rules: readonly StandingRule[]) => Promise<string[]>;
  /** What happened to the market itself, as told by a rule without conditions. */
  readonly happened: (rule: AlertRule, found: readonly Omit<Happened, 'event'>[]) => Promise<boolean>;
  /** It tells once, and has. */
  readonly isSpent: (rule: AlertRule) => boolean;
  readonly acknowledge: (entries: readonly Pick<AlertRecord, 'rule' | 'instrument' | 'at'>[]) => Promise<void>;
  /** What fired, newest first: of the person's rules, and of the built-in one on the threshold. */
  readonly log: (limit: number, asOf: AsOf) => Promise<AlertEntry[]>;
}

export function createAlertNews(options: AlertNewsOptions): AlertNews {
  const { person, teller, log, instrument, venueName, unit, now, manners, settlementMs } = options;
  const memory = createAlertMemory(person);
  const standingNews = createStandingNews({ memory, manners, now, settlementMs });

  /** A function that makes the entries of one round; what is told of an instrument counts for the next one of the same round. */
  function entriesOf(rule: AlertRule): (found: FoundEntry) => Entry {
    const terms = termsOf(rule, manners());
    const toldAnywhereAt = memory.toldAnywhereAt(rule);
    const told = new Map<InstrumentId, number>();
    return ({ id, entry, until }) => {
      const { at, startedAt } = entry;
      const conditions = rule.conditions.map((condition, i) => ({ ...condition, value: entry.values[i] ?? NaN }));
      const isRecent = now(id) - at <= NEWS_MS || teller.wasAway(at);
      const toldAt = told.get(id) ?? memory.toldAt(rule, id);
      const facts = { now: now(id), toldAt, toldAnywhereAt: told.get(id) ?? toldAnywhereAt, settlementMs: settlementMs(id, now(id)) };
      const held = isRecent ? heldBack(terms, facts) : null;
      const isNews = isRecent && held === null;
      if (isNews) told.set(id, at);
      const { severity } = tellingOf(rule);
      const body: AlertBody = { name: rule.name, k: rule.k, conditions, severity, ...(held !== null && { held }) };
      const record: AlertRecord = { rule: rule.id, instrument: id, at, told: isNews, body: JSON.stringify(body) };
      return {
        kind: 'alert',
        name: entryName(rule.id, id, at),
        text: { ...entryText(instrument(id), venueName(id), body, unit()), severity, alert: { rule: rule.id, instrument: id, at } },
        isNews,
        at,
        keep: (owed) => noted(record, body, person.recordAlert(record, { from: startedAt, to: until }, owed)),
      };
    };
  }
  async function noted(record: AlertRecord, body: AlertBody, keeping: Promise<boolean>): Promise<boolean> {
    const added = await keeping;
    if (added) memory.note(record, body);
    return added;
  }
  function standingEntry(rule: AlertRule, found: StandingFound): Entry {
    const { id, kind } = found;
    const at = Math.round(now(id));
    const body = standingBody(rule, found);
    const severity = tellingOf(rule).severity;
    const isEvent = rule.conditions.length === 0;
    const text = isEvent ? eventText(rule, id, body.says ?? '') : standingText(instrument(id), venueName(id), rule, found, unit());
    const record: AlertRecord = { rule: rule.id, instrument: id, at, told: true, body: JSON.stringify(body) };
    return {
      kind: 'alert',
      name: entryName(`${rule.id} ${kind}`, id, at),
      text: { ...text, severity, alert: { rule: rule.id, instrument: id, at } },
      isNews: true,
      at: null,
      keep: (owed) => noted(record, body, person.recordAlert(record, { from: at, to: at }, owed)),
    };
  }
  function eventText(rule: AlertRule, id: InstrumentId, says: string): Notification {
    const isOfVenue = id.endsWith(':*');
    const name = isOfVenue ? venueName(id) : `${pairOf(instrument(id))} on ${venueName(id)}`;
    return { title: `${name}: ${rule.name}`, body: says, instrument: isOfVenue ? '' : id };
  }
  function eventEntry(rule: AlertRule, { id, at, says }: Omit<Happened, 'event'>): Entry {
    const held = heldBack(termsOf(rule, manners()), {
      now: now(id),
      toldAt: memory.toldAt(rule, id),
      toldAnywhereAt: null,
      settlementMs: null,
    });
    const { severity } = tellingOf(rule);
    const body: AlertBody = { name: rule.name, k: 1, conditions: [], kind: 'event', severity, says, ...(held !== null && { held }) };
    const record: AlertRecord = { rule: rule.id, instrument: id, at, told: held === null, body: JSON.stringify(body) };
    return {
      kind: 'alert',
      name: entryName(rule.id, id, at),
      text: { ...eventText(rule, id, says), severity, alert: { rule: rule.id, instrument: id, at } },
      isNews: held === null,
      at,
      keep: (owed) => noted(record, body, person.recordAlert(record, { from: at - SAME_EVENT_MS, to: at + SAME_EVENT_MS }, owed)),
    };
  }
  const tell = (rule: AlertRule, entries: () => readonly Entry[]): Promise<boolean> =>
    teller.tell(entries, (news) => (news.length > MOST_TOLD ? [together(rule, news)] : news));

  /** All that quiet hours held back is told as one when they end, the newest first. */
  function tellQuieted(all: readonly { readonly rule: AlertRule; readonly one: StandingFound }[]): Promise<boolean> {
    const found = all
      .map(({ rule, one }) => ({ ...standingEntry(rule, one), enteredAt: now(one.id) - one.forMs, one }))
      .toSorted((a, b) => b.enteredAt - a.enteredAt);
    return teller.tell(found, (news) => {
      const missed = found.filter(({ text }) => news.includes(text));
      if (missed.every(({ one }) => one.kind === 'again') && missed.length === 1) return news;
      const texts = missed.map(({ one, text, enteredAt }) => ({
        text: one.kind === 'again' && missed.length > 1 ? { ...text, title: `${text.title} (still holds)` } : text,
        at: enteredAt,
      }));
      return texts.length === 0 ? [] : [summaryText('In quiet hours', texts, Math.max(...all.map(({ one }) => now(one.id))))];
    });
  }

  return {
    load: () => memory.load(),
    entered: (rule, found) => tell(rule, () => found.map(entriesOf(rule))),
    async standing(rules) {
      // How they stand is looked at again in a minute: nothing of that waits for this process to tell.
      if (!teller.tells()) return [];
      const grown: string[] = [];
      const quieted: { readonly rule: AlertRule; readonly one: StandingFound }[] = [];
      for (const { rule, standings } of rules) {
        const all = standingNews(rule, standings ?? memory.instruments(rule).map(gone));
        quieted.push(...all.filter(isQuieted).map((one) => ({ rule, one })));
        const found = all.filter((one) => !isQuieted(one));
        if (found.length > 0 && (await tell(rule, () => found.map((one) => standingEntry(rule, one))))) grown.push(rule.id);
      }
      if (quieted.length === 0 || !(await tellQuieted(quieted))) return grown;
      return [...new Set([...grown, ...quieted.map(({ rule }) => rule.id)])];
    },
    happened: (rule, found) => tell(rule, () => found.map((one) => eventEntry(rule, one))),
    isSpent: (rule) => tellingOf(rule).repeat === 'once' && memory.toldAnywhereAt(rule) !== null,
    acknowledge: (entries) => memory.acknowledge(entries),
    async log(limit, asOf) {
      const [rows, signals] = await Promise.all([person.alerts(limit, asOf), person.signalLog(limit, asOf)]);
      const alerts = rows.flatMap(({ body, ...row }) => {
        const read = parsedBody(body);
        if (read !== null) return [{ ...row, ...read }];
        log.write('warn', 'alert', `an entry of ${row.rule} could not be read`);
        return [];
      });
      return [...alerts, ...signals.map(signalEntry)].toSorted((a, b) => b.at - a.at).slice(0, limit);
    },
  };
}

const isQuieted = ({ waited }: StandingFound): boolean => waited?.held === 'quiet-hours';
/** What happened is over. */
const gone = (instrument: InstrumentId): Standing => ({ instrument, phase: 'quiet', enteredAt: null, values: [] });

/** The signal as the rule that it is. */
const signalEntry = ({ instrument, at, d, theta, k, n }: SignalEntryRecord): AlertEntry => ({
  rule: 'signal',
  name: 'Threshold',
  instrument,
  at,
  told: true,
  k,
  conditions: [{ choice: { metric: 'ema-divergence', params: { n } }, op: 'outside', level: theta, value: d }],
});
