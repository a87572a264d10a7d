import type { Metric } from '#domain/metrics/metric.ts';
import type { ParamSpec } from '#domain/metrics/params.ts';

const takes = (spec: ParamSpec): string =>
  spec.kind === 'choice'
    ? `${spec.options.join(' or ')}, default ${spec.default}`
    : `${spec.whole ? 'whole ' : ''}${spec.min} to ${spec.max}${spec.unit === '' ? '' : ` ${spec.unit}`}, default ${spec.default}`;

export const listed = (metrics: readonly Metric[]) =>
  metrics.map(({ name, title, says, unit, on, params, formula }) => ({ name, title, says, unit, on, params, formula }));

/** Every metric with its unit, the rows it walks and its parameters. */
export const listText = (metrics: readonly Metric[]): string =>
  metrics
    .map(({ name, unit, on, says, params }) => {
      const lines = Object.entries(params).map(([param, spec]) => `    ${param}: ${takes(spec)}. ${spec.says}`);
      return [`${name}  [${unit}, by ${on}]`, `    ${says}`, ...lines].join('\n');
    })
    .join('\n');
