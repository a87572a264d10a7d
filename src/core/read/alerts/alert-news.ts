import { alertBody, type AlertBody, type AlertEntry } from '#bridge/alert.ts';
import type { MetricChoice } from '#bridge/settings.ts';
import { type Instrument, type InstrumentId, pairOf } from '#domain/instrument.ts';
import { findMetric } from '#domain/metrics/index.ts';
import type { MetricUnit } from '#domain/metrics/metric.ts';
import type { RuleEntry } from '#domain/rule.ts';
import { HOUR_MS } from '#domain/time.ts';
import { commonUnit, inUnit, type RateUnit, unitHeader } from '#domain/units.ts';
import type { AsOf } from '../../ports/history.ts';
import type { Log } from '../../ports/log.ts';
import type { Notification } from '../../ports/notifier.ts';
import type { AlertRecord, PersonStore } from '../../ports/person.ts';
import type { AlertRule } from '../../settings.ts';
import { type Entry, entryName, type Teller } from '../../teller.ts';

/** What is found later than this after it happened is history, not news. */
const NEWS_MS = HOUR_MS;
/** More entries of one rule at once are told as one. */
const MOST_TOLD = 3;

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

export interface AlertNewsOptions {
  readonly person: Pick<PersonStore, 'recordAlert' | 'alerts'>;
  readonly teller: Teller;
  readonly log: Log;
  readonly instrument: (id: InstrumentId) => Instrument;
  readonly venueName: (id: InstrumentId) => string;
  /** What the person reads rates in. */
  readonly unit: () => RateUnit;
  readonly now: (id: InstrumentId) => number;
}

export interface AlertNews {
  /** Words for what entered, and whether it is news or history. True: the log has grown. */
  readonly entered: (rule: AlertRule, found: readonly FoundEntry[]) => Promise<boolean>;
  readonly log: (limit: number, asOf: AsOf) => Promise<AlertEntry[]>;
}

export function createAlertNews({ person, teller, log, instrument, venueName, unit, now }: AlertNewsOptions): AlertNews {
  function entryOf(rule: AlertRule, { id, entry, until }: FoundEntry): Entry {
    const { at, startedAt } = entry;
    const conditions = rule.conditions.map((condition, i) => ({ ...condition, value: entry.values[i] ?? NaN }));
    const body: AlertBody = { name: rule.name, k: rule.k, conditions };
    const isNews = now(id) - at <= NEWS_MS;
    const record: AlertRecord = { rule: rule.id, instrument: id, at, told: isNews, body: JSON.stringify(body) };
    return {
      kind: 'alert',
      name: entryName(rule.id, id, at),
      text: entryText(instrument(id), venueName(id), body, unit()),
      isNews,
      at,
      keep: (owed) => person.recordAlert(record, { from: startedAt, to: until }, owed),
    };
  }

  return {
    entered: (rule, found) =>
      teller.tell(
        found.map((one) => entryOf(rule, one)),
        (news) => (news.length > MOST_TOLD ? [together(rule, news)] : news),
      ),
    async log(limit, asOf) {
      const rows = await person.alerts(limit, asOf);
      return rows.flatMap(({ body, ...row }) => {
        const read = alertBody.safeParse(parsed(body));
        if (read.success) return [{ ...row, ...read.data }];
        log.write('warn', 'alert', `an entry of ${row.rule} could not be read`, { error: read.error.message });
        return [];
      });
    },
  };
}

/** "Crowded: 12 alerts" with the first of them. */
function together({ name }: AlertRule, news: readonly Notification[]): Notification {
  const [first] = news;
  const titles = news.slice(0, MOST_TOLD).map(({ title }) => title.slice(0, title.lastIndexOf(`: ${name}`)));
  const more = news.length - titles.length;
  return {
    title: `${name}: ${news.length} instruments`,
    body: `${titles.join(', ')} and ${more} more`,
    instrument: first?.instrument ?? '',
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // What is no JSON is no body either: the schema says so.
    return null;
  }
}
