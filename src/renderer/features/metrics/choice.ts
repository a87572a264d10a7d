import type { MetricChoice } from '#bridge/settings.ts';
import { findMetric } from '#domain/metrics/index.ts';
import type { NumberParam } from '#domain/metrics/params.ts';
import { isRateParam, paramUnit, paramValue } from '../../format/metric-text.ts';

export const MOST_COLUMNS = 12;

/** Equal for choices that give the same values: defaults need not be written out. */
export function choiceKey({ metric, params }: MetricChoice): string {
  const specs = findMetric(metric)?.params ?? {};
  const own = Object.entries(params).filter(([name, value]) => specs[name]?.default !== value);
  return JSON.stringify([metric, ...own.sort(([a], [b]) => a.localeCompare(b, 'en'))]);
}

/** The choice with one parameter changed; a default is left out, so that it stays the default. */
export function withParam(choice: MetricChoice, name: string, value: number | string): MetricChoice {
  const others = Object.entries(choice.params).filter(([other]) => other !== name);
  const isDefault = findMetric(choice.metric)?.params[name]?.default === value;
  return { metric: choice.metric, params: Object.fromEntries(isDefault ? others : [...others, [name, value]]) };
}

export type ParsedParam = { readonly ok: true; readonly value: number } | { readonly ok: false; readonly why: string };

/** A typed number, in the unit that the field shows, against what the parameter takes. */
export function parseParam(spec: NumberParam, text: string): ParsedParam {
  const plain = text.trim().replace('%', '').replace('\u2212', '-').replace(',', '.').trim();
  const typed = /^-?(?:\d+(?:\.\d*)?|\.\d+)(?:e-?\d+)?$/iu.test(plain) ? Number(plain) : Number.NaN;
  const value = isRateParam(spec) ? Number((typed / 100).toPrecision(12)) : typed;
  const unit = paramUnit(spec);
  const range = `${paramValue(spec, spec.min)} to ${paramValue(spec, spec.max)}${unit === '' ? '' : ` ${unit}`}`;
  if (Number.isNaN(value) || (spec.whole && !Number.isInteger(value)))
    return { ok: false, why: `A ${spec.whole ? 'whole ' : ''}number, ${range}` };
  if (value < spec.min || value > spec.max) return { ok: false, why: `From ${range}` };
  return { ok: true, value: value + 0 };
}

/** One step of the arrow keys: one, or half the unit of the leading digit. */
export function steppedParam(spec: NumberParam, value: number, direction: 1 | -1): number {
  const next = spec.whole ? value + direction : value + (direction * 10 ** Math.floor(Math.log10(Math.abs(value) || 1) - 1e-9)) / 2;
  return Math.min(spec.max, Math.max(spec.min, Number(next.toPrecision(12))));
}
