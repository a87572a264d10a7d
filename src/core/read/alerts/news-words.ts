import type { AlertBody } from '#bridge/alert.ts';
import type { MetricChoice } from '#bridge/settings.ts';
import { type Instrument, pairOf } from '#domain/instrument.ts';
import { findMetric } from '#domain/metrics/index.ts';
import type { MetricUnit } from '#domain/metrics/metric.ts';
import { commonUnit, inUnit, type RateUnit, unitHeader } from '#domain/units.ts';
import { inWords } from '../../in-words.ts';
import type { Notification } from '../../ports/notifier.ts';
import type { AlertRule } from '../../settings.ts';
import { tellingOf } from './rule-terms.ts';
import { standingBody, type StandingFound } from './standing-news.ts';

/** More entries of one rule at once are told as one. */
export const MOST_TOLD = 3;

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
export function standingText(
  instrument: Instrument,
  venueName: string,
  rule: AlertRule,
  found: StandingFound,
  unit: RateUnit,
): Notification {
  const lasts = inWords(found.forMs);
  if (found.kind === 'again') {
    const { title, body } = entryText(instrument, venueName, standingBody(rule, found), unit);
    return { title, body: `For ${lasts}: ${body}`, instrument: instrument.id };
  }
  if (found.kind === 'ended') {
    const { title, body } = entryText(instrument, venueName, standingBody(rule, found), unit);
    return { title, body: `${body}; it holds no more`, instrument: instrument.id };
  }
  const title = `${pairOf(instrument)} on ${venueName}: ${rule.name}`;
  return { title, body: `No data for ${lasts}: the rule cannot be judged.`, instrument: instrument.id };
}

/** "Crowded: 12 alerts" with the first of them. */
export function together(rule: AlertRule, news: readonly Notification[]): Notification {
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
