import { UserError } from '#bridge/errors.ts';
import { findMetric, METRICS } from '#domain/metrics/index.ts';
import type { Metric } from '#domain/metrics/metric.ts';
import { resolveParams, type Params } from '#domain/metrics/params.ts';
import type { MetricChoice } from '#bridge/settings.ts';

/** A metric with every parameter checked and filled in. */
export interface Chosen {
  readonly metric: Metric;
  readonly params: Params;
}

/** Throws UserError 'bad-input' that names what exists. */
export function resolveChoice({ metric: name, params }: MetricChoice): Chosen {
  const metric = findMetric(name);
  if (metric === undefined) {
    throw new UserError('bad-input', `There is no metric "${name}"; there are ${METRICS.map((one) => one.name).join(', ')}.`);
  }
  try {
    return { metric, params: resolveParams(metric.params, params) };
  } catch (error) {
    if (error instanceof RangeError) throw new UserError('bad-input', `${metric.title}: ${error.message}.`);
    throw error;
  }
}

/** Null for a choice of another version's file; its column says so instead of a value. */
export function chosenOrNull(choice: MetricChoice): Chosen | null {
  try {
    return resolveChoice(choice);
  } catch (error) {
    if (error instanceof UserError) return null;
    throw error;
  }
}
