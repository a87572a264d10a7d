import type { MetricChoice } from '#bridge/settings.ts';
import { type AnyMetric, findMetric } from '#domain/metrics/index.ts';
import type { NumberParam, ParamSpec } from '#domain/metrics/params.ts';
import { type Reason, REASONS, reasonSentence } from '#domain/metrics/reason.ts';
import type { RateUnit } from '#domain/units.ts';
import { inField } from './notation.ts';
import { formatFixed, formatQuantity, formatRate, NONE, perUnit, type Scale, unitHeader } from './numbers.ts';

interface Style {
  /** The shown figure per unit of value. */
  readonly factor: number;
  readonly decimals: number;
  readonly sign: boolean;
  /** In headers and on axes. */
  readonly header: string;
  /** Behind a figure in a sentence. */
  readonly words: string;
}

const STYLES: Readonly<Record<Exclude<AnyMetric['unit'], 'rate-per-hour' | 'money' | 'label'>, Style>> = {
  'rate-per-interval': { factor: 100, decimals: 4, sign: true, header: '%/int', words: '% per interval' },
  'rate-sum': { factor: 100, decimals: 4, sign: true, header: '%', words: '% in all' },
  'rate-per-year': { factor: 100, decimals: 2, sign: true, header: '% a year', words: '% a year' },
  fraction: { factor: 100, decimals: 3, sign: true, header: '%', words: '%' },
  ratio: { factor: 1, decimals: 3, sign: true, header: 'ratio', words: '' },
  score: { factor: 1, decimals: 2, sign: true, header: 'score', words: '' },
  'percent-rank': { factor: 100, decimals: 1, sign: false, header: 'percentile', words: 'percentile' },
  hours: { factor: 1, decimals: 1, sign: false, header: 'h', words: 'h' },
  count: { factor: 1, decimals: 0, sign: false, header: 'count', words: '' },
};

/** The unit as column headers and axes say it; a label has none. */
export function metricHeader({ unit }: AnyMetric, shown: RateUnit): string {
  if (unit === 'rate-per-hour') return unitHeader(shown);
  return unit === 'label' ? '' : unit === 'money' ? 'money' : STYLES[unit].header;
}

const money = (value: number): string => (value < 0 ? `\u2212${formatQuantity(-value)}` : formatQuantity(value));

/** The figure alone: its unit stands in the header. A label is its word. */
export function metricFigure(metric: AnyMetric, value: number | null, { unit, intervalH }: Scale): string {
  if (value === null || Number.isNaN(value)) return NONE;
  if (metric.unit === 'rate-per-hour') return formatRate(value, intervalH, unit);
  if (metric.unit === 'label') return metric.labels?.[value] ?? String(value);
  if (metric.unit === 'money') return money(value);
  const { factor, decimals, sign } = STYLES[metric.unit];
  return formatFixed(value * factor, decimals, sign);
}

/** Its figures stand on both sides of 0. */
export const isSigned = ({ unit }: AnyMetric): boolean =>
  unit === 'rate-per-hour' || (unit !== 'label' && unit !== 'money' && STYLES[unit].sign);

/** Shown as a hundredfold of the value. */
export const isPercent = ({ unit }: AnyMetric): boolean =>
  unit === 'rate-per-hour' || (unit !== 'label' && unit !== 'money' && STYLES[unit].factor === 100);

/** The figure with its unit, for a sentence. */
export function metricPhrase(metric: AnyMetric, value: number | null, scale: Scale): string {
  const figure = metricFigure(metric, value, scale);
  // Which money it is stands among the parameters.
  if (figure === NONE || metric.unit === 'label' || metric.unit === 'money') return figure;
  if (metric.unit === 'rate-per-hour') return `${figure} % ${perUnit(scale.unit, scale.intervalH)}`;
  const { words } = STYLES[metric.unit];
  return words === '' ? figure : `${figure} ${words}`;
}

/** What a cell can say before its metric is asked at all. */
const BEFORE: Readonly<Record<string, string>> = {
  waiting: 'Waiting: its history is still being read.',
  'unknown-metric': 'This version has no such metric, or not with these parameters.',
};

const isReason = (name: string): name is Reason => (REASONS as readonly string[]).includes(name);

/** Why there is no value; `null` is a value that is still to be computed. */
export function whyNone(reason: string | null): string {
  if (reason === null) return 'Not computed yet.';
  return isReason(reason) ? reasonSentence(reason) : (BEFORE[reason] ?? `${reasonLabel(reason)}.`);
}

export const reasonLabel = (reason: string): string => reason.replaceAll('-', ' ');

/** Rates among the parameters are decimals inside and percent on the screen. */
export const isRateParam = (spec: NumberParam): boolean => spec.unit.startsWith('per ');

/** What stands behind the field of a parameter. */
export const paramUnit = (spec: ParamSpec): string => (spec.kind === 'choice' ? '' : isRateParam(spec) ? `% ${spec.unit}` : spec.unit);

/** In plain digits, as short as it reads back exactly. */
export function exactDigits(value: number): string {
  const exact = Number(value.toPrecision(12));
  return Math.abs(exact) < 1e-6 && exact !== 0 ? exact.toFixed(14).replace(/(?<!0)0+$/u, '') : String(exact);
}

/** The same as it stands in a field, with nothing between thousands. */
export const plainNumber = (value: number): string => inField(exactDigits(value)).replace('-', '\u2212');

export const paramValue = (spec: ParamSpec, value: number | string): string =>
  typeof value === 'string' ? value : plainNumber(spec.kind === 'number' && isRateParam(spec) ? value * 100 : value);

const SHORT_UNITS: Readonly<Record<string, string>> = { h: 'h', d: 'd', x: '\u00d7' };

/** "30d", "n 12", "10\u00d7, simple": the parameters that tell one choice of a metric from another. */
export function paramsText({ metric, params }: MetricChoice): string {
  const specs = Object.entries(findMetric(metric)?.params ?? {});
  return specs
    .flatMap(([name, spec], i) => {
      const value = params[name] ?? spec.default;
      if (value === spec.default && (i > 0 || value === 0)) return [];
      if (spec.kind === 'choice') return [String(value).replaceAll('-', ' ')];
      const short = SHORT_UNITS[spec.unit];
      const shown = paramValue(spec, value);
      return [short === undefined ? `${name} ${shown}${isRateParam(spec) ? ' %' : ''}` : `${shown}${short}`];
    })
    .join(', ');
}

/** "Cumulative funding, 30d": a choice by name. */
export function choiceTitle(choice: MetricChoice): string {
  const title = findMetric(choice.metric)?.title ?? choice.metric;
  const params = paramsText(choice);
  return params === '' ? title : `${title}, ${params}`;
}

/** Figures of an axis per unit of value; `rateFactor` is that of a rate per hour. */
export const metricFactor = ({ unit }: AnyMetric, rateFactor: number): number =>
  unit === 'rate-per-hour' ? rateFactor : unit === 'money' || unit === 'label' ? 1 : STYLES[unit].factor;

/** A figure of the axis, with the decimals that tell its ticks apart. */
export const axisFigure = ({ unit }: AnyMetric, value: number, decimals: number): string =>
  unit === 'money' ? money(value) : formatFixed(value, decimals, unit === 'rate-per-hour' || (unit !== 'label' && STYLES[unit].sign));
