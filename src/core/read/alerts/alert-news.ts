import type { AlertBody, AlertEntry } from '#bridge/alert.ts';
import type { MetricChoice } from '#bridge/settings.ts';
import { type Instrument, type InstrumentId, pairOf } from '#domain/instrument.ts';
import { findMetric } from '#domain/metrics/index.ts';
import type { MetricUnit } from '#domain/metrics/metric.ts';
import type { RuleEntry } from '#domain/rule.ts';
import { heldBack } from '#domain/telling.ts';
import { HOUR_MS, MINUTE_MS } from '#domain/time.ts';
import { commonUnit, inUnit, type RateUnit, unitHeader } from '#domain/units.ts';
import type { AsOf } from '../../ports/history.ts';
import type { Log } from '../../ports/log.ts';
import type { Notification } from '../../ports/notifier.ts';
import type { AlertRecord, PersonStore, SignalEntryRecord } from '../../ports/person.ts';
import { inWords } from '../../in-words.ts';
import type { AlertManners, AlertRule } from '../../settings.ts';
import { type Entry, entryName, type Teller } from '../../teller.ts';
import type { Happened } from './market-events.ts';
import { createAlertMemory, parsedBody } from './alert-memory.ts';
import { tellingOf, termsOf } from './rule-terms.ts';
import { createStandingNews, type Standing, standingBody, type StandingFound } from './standing-news.ts';

/** What is found later than this after it happened is history, not news. */
const NEWS_MS = HOUR_MS;
/** More entries of one rule at once are told as one. */
const MOST_TOLD = 3;

/** Two processes on a folder see an event of the market at moments that differ by so much. */
const SAME_EVENT_MS = MINUTE_MS;

/** An entry of a rule on one of its instruments, and where its run can lie in time. */
export interface FoundEntry {
  readonly id: InstrumentId;
  readonly entry: RuleEntry;
  /** No other run begins up to here. */
  readonly until: number;
}

/** How a value is written behind the name of its metric: shown figures per unit of value, and the words after them. A rate per hour is written in the person's unit. */
const WRITTEN: Readonly<Record<Exclude<MetricUnit, 'rate-per-hour'>, readonly [factor: number, words: string]>> = {
  'rate-per-interval': [100, ' % per interval'],
  'rate-sum': [100, ' %'],
  'rate-per-year': [100, ' % a year'],
  fraction: [100, ' %'],
  ratio: [1, ''],
  score: [1, ''],
  'percent-rank': [100, ' percentile'],
  hours: [1, ' h'],
  count: [1, ''],
  money: [1, ''],
  label: [1, ''],
};

function figure({ metric: name, params }: MetricChoice, value: number, shown: RateUnit): string {
  const metric = findMetric(name);
  const common = commonUnit(shown);
  const [factor, unit] =
    metric?.unit === 'rate-per-hour' ? [inUnit(100, Number.NaN, common), ` ${unitHeader(common)}`] : WRITTEN[metric?.unit ?? 'score'];
  const words = metric?.unit === 'money' ? (params['money'] === 'quote' ? ' in quote money' : ' USD') : unit;
  const label = metric?.labels?.[value];
  return label ?? `${Number((value * factor).toPrecision(4)) + 0}${words}`;
}

const OPS = { above: 'at or above', below: 'at or below', outside: 'outside \u00b1' } as const;

/** "EMA divergence 0.488 %/8h, outside ±0.4 %/8h; 3 periods". */
export function entryText(instrument: Instrument, venueName: string, { name, k, conditions }: AlertBody, unit: RateUnit): Notification {
  const parts = conditions.map(({ choice, op, level, value }) => {
    const is = `${findMetric(choice.metric)?.title ?? choice.metric} ${figure(choice, value, unit)}`;
    const space = op === 'outside' ? '' : ' ';
    return op === 'is' ? is : `${is}, ${OPS[op]}${space}${figure(choice, level, unit)}`;
  });
  return {
    title: `${pairOf(instrument)} on ${venueName}: ${name}`,
    body: `${parts.join('; ')}${k > 1 ? `; ${k} periods` : ''}`,
    instrument: instrument.id,
  };
}

/** "SOL/USDT on Binance: Crowd still holds", or that it has no data. */
function standingText(instrument: Instrument, venueName: string, rule: AlertRule, found: StandingFound, unit: RateUnit): Notification {
  const lasts = inWords(found.forMs);
  if (found.kind === 'again') {
    const { title, body } = entryText(instrument, venueName, standingBody(rule, found), unit);
    return { title, body: `For ${lasts}: ${body}`, instrument: instrument.id };
  }
  const title = `${pairOf(instrument)} on ${venueName}: ${rule.name}`;
  return { title, body: `No data for ${lasts}: the rule cannot be judged.`, instrument: instrument.id };
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
  /** Time to the nearest settlement; null: not known. */
  readonly settlementMs: (id: InstrumentId) => number | null;
}

export interface AlertNews {
  /** What was told before this run of the app; before anything is judged. */
  readonly load: () => Promise<void>;
  /** Words for what entered, and whether it is news or history. True: the log has grown. */
  readonly entered: (rule: AlertRule, found: readonly FoundEntry[]) => Promise<boolean>;
  /** What the rule has to tell of how it stands, some minutes after it entered or without an entry. True: the log has grown. */
  readonly standing: (rule: AlertRule, standings: readonly Standing[]) => Promise<boolean>;
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
      const facts = { now: now(id), toldAt, toldAnywhereAt: told.get(id) ?? toldAnywhereAt, settlementMs: settlementMs(id) };
      const held = isRecent ? heldBack(terms, facts) : null;
      const isNews = isRecent && held === null;
      if (isNews) told.set(id, at);
      const { severity } = tellingOf(rule);
      const body: AlertBody = { name: rule.name, k: rule.k, conditions, severity, ...(held !== null && { held }) };
      const record: AlertRecord = { rule: rule.id, instrument: id, at, told: isNews, body: JSON.stringify(body) };
      return {
        kind: 'alert',
        name: entryName(rule.id, id, at),
        text: { ...entryText(instrument(id), venueName(id), body, unit()), severity },
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
    const record: AlertRecord = { rule: rule.id, instrument: id, at, told: true, body: JSON.stringify(body) };
    return {
      kind: 'alert',
      name: entryName(`${rule.id} ${kind}`, id, at),
      text: { ...standingText(instrument(id), venueName(id), rule, found, unit()), severity: tellingOf(rule).severity },
      isNews: true,
      at: null,
      keep: (owed) => noted(record, body, person.recordAlert(record, { from: at, to: at }, owed)),
    };
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
    const name = id.endsWith(':*') ? venueName(id) : `${pairOf(instrument(id))} on ${venueName(id)}`;
    return {
      kind: 'alert',
      name: entryName(rule.id, id, at),
      text: { title: `${name}: ${rule.name}`, body: says, instrument: id.endsWith(':*') ? '' : id, severity },
      isNews: held === null,
      at,
      keep: (owed) => noted(record, body, person.recordAlert(record, { from: at - SAME_EVENT_MS, to: at + SAME_EVENT_MS }, owed)),
    };
  }
  const tell = (rule: AlertRule, entries: () => readonly Entry[]): Promise<boolean> =>
    teller.tell(entries, (news) => (news.length > MOST_TOLD ? [together(rule, news)] : news));

  return {
    load: () => memory.load(),
    entered: (rule, found) => tell(rule, () => found.map(entriesOf(rule))),
    async standing(rule, standings) {
      // How it stands is looked at again in a minute: nothing of that waits for this process to tell.
      if (!teller.tells()) return false;
      const found = standingNews(rule, standings);
      return found.length > 0 && tell(rule, () => found.map((one) => standingEntry(rule, one)));
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

/** "Crowded: 12 alerts" with the first of them. */
function together(rule: AlertRule, news: readonly Notification[]): Notification {
  const { name } = rule;
  const [first] = news;
  const titles = news.slice(0, MOST_TOLD).map(({ title }) => title.slice(0, title.lastIndexOf(`: ${name}`)));
  const more = news.length - titles.length;
  return {
    title: `${name}: ${news.length} instruments`,
    body: `${titles.join(', ')} and ${more} more`,
    instrument: first?.instrument ?? '',
    severity: tellingOf(rule).severity,
  };
}
