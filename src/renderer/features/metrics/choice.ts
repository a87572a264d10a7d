import type { MetricChoice } from '#bridge/settings.ts';
import { findMetric } from '#domain/metrics/index.ts';
import type { NumberParam } from '#domain/metrics/params.ts';
import { exactDigits, isRateParam, paramUnit } from '../../format/metric-text.ts';
import { readTyped, type TypedNumber } from '../../format/typed.ts';

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

/** A typed number, in the unit that the field shows, against what the parameter takes. */
export function parseParam(spec: NumberParam, text: string): TypedNumber {
  const [min, max] = [spec.min, spec.max].map((bound) => exactDigits(isRateParam(spec) ? bound * 100 : bound)) as [string, string];
  const bounds = `${min} to ${max} ${paramUnit(spec)}`.trimEnd().replace(/^-/u, '\u2212');
  const right = `Enter a ${spec.whole ? 'whole ' : ''}number, ${bounds}.`;
  const read = readTyped(text, { min, max, ...(spec.whole ? { whole: true } : {}), right });
  return read.ok && isRateParam(spec) ? { ok: true, value: Number((read.value / 100).toPrecision(12)) } : read;
}

/** One step of the arrow keys: one, or half the unit of the leading digit. */
export function steppedParam(spec: NumberParam, value: number, direction: 1 | -1): number {
  const next = spec.whole ? value + direction : value + (direction * 10 ** Math.floor(Math.log10(Math.abs(value) || 1) - 1e-9)) / 2;
  return Math.min(spec.max, Math.max(spec.min, Number(next.toPrecision(12))));
}
