import type { OccurrencesReport } from '#bridge/evidence.ts';
import type { AnyMetric } from '#domain/metrics/index.ts';
import type { RuleOp } from '#domain/rule.ts';
import { commonUnit, inUnit, type RateUnit } from '#domain/units.ts';
import { metricFactor, metricHeader, plainNumber } from '../../format/metric-text.ts';
import { readTyped, type TypedNumber } from '../../format/typed.ts';

/** Levels as a person types and reads them. Inside they are in the metric's own stored unit. */

const factorOf = (metric: AnyMetric, unit: RateUnit): number => metricFactor(metric, inUnit(1, NaN, commonUnit(unit)) * 100);

export const levelUnit = (metric: AnyMetric, unit: RateUnit): string => metricHeader(metric, commonUnit(unit));

/** As short as it reads back exactly. */
export const levelText = (metric: AnyMetric, level: number, unit: RateUnit): string => plainNumber(level * factorOf(metric, unit));

/** Of money, whose noughts are not typed. */
const LETTERS: Readonly<Record<string, number>> = { k: 1e3, m: 1e6, b: 1e9 };

export function parseLevel(metric: AnyMetric, op: RuleOp, text: string, unit: RateUnit): TypedNumber {
  const isMoney = metric.unit === 'money';
  const [, digits = '', letter = ''] = (isMoney ? /^(.*\d\.?) ?([kmb])$/iu.exec(text.trim()) : null) ?? [];
  const such = isMoney ? '250000 or 1.5M' : '0.05';
  const rule =
    op === 'outside'
      ? { above: 0, right: `Enter a level above 0, for both sides, such as ${such}.` }
      : { right: `Enter a level, such as ${such}.` };
  const read = readTyped(text, rule);
  const lettered = read.ok || digits === '' ? read : readTyped(digits, rule);
  const typed = lettered.ok ? lettered : read;
  if (!typed.ok) return typed;
  // Division would leave 0.00005000000000000001 behind.
  return { ok: true, value: Number(((typed.value * (LETTERS[letter.toLowerCase()] ?? 1)) / factorOf(metric, unit)).toPrecision(12)) + 0 };
}

/** The level that "Take" means: the figure as it is shown beside the button. */
export const takenText = (metric: AnyMetric, value: number, unit: RateUnit): string =>
  plainNumber(Number((value * factorOf(metric, unit)).toPrecision(4)));

export interface Tail {
  readonly name: string;
  readonly short: string;
  readonly value: number;
}

/** Where the rare values of a condition begin; words have no order, so they have none. */
export function tailsOf(op: RuleOp, { of, ofSize }: OccurrencesReport['conditions'][number]): readonly Tail[] {
  const from = op === 'outside' ? ofSize : of;
  if (from === null || op === 'is') return [];
  if (op === 'below') {
    return [
      { name: '5th percentile', short: '5th', value: from.p5 },
      { name: '1st percentile', short: '1st', value: from.p1 },
    ];
  }
  const what = op === 'outside' ? ' of the size' : '';
  return [
    { name: `95th percentile${what}`, short: '95th', value: from.p95 },
    { name: `99th percentile${what}`, short: '99th', value: from.p99 },
  ];
}
