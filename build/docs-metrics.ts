/** Writes docs/metrics.md from the registered metrics; a test fails where the page is not up to date. */
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { METRICS, type AnyMetric } from '#domain/metrics/index.ts';
import { resolveParams, type ParamSpec } from '#domain/metrics/params.ts';
import { REASONS, reasonSentence } from '#domain/metrics/reason.ts';
import { page, table } from './markdown.ts';

const ROWS: Readonly<Record<AnyMetric['on'], string>> = {
  hour: 'closed hours of an instrument',
  bar: 'bars of 5 or 15 minutes of an instrument',
  settlement: 'settlements of an instrument',
  asset: 'closed hours of all instruments of an asset',
  basket: 'closed hours of a list of instruments',
  book: 'order books of an instrument',
};

const paramRow = (name: string, spec: ParamSpec): (string | number)[] =>
  spec.kind === 'choice'
    ? [`\`${name}\``, spec.says, spec.default, spec.options.join(', ')]
    : [
        `\`${name}\``,
        spec.says,
        `${spec.default}${spec.unit === '' ? '' : ` ${spec.unit}`}`,
        `${spec.min} to ${spec.max}${spec.whole ? ', whole' : ''}`,
      ];

function warmUp(metric: AnyMetric): string {
  const window = metric.window(resolveParams(metric.params, {}));
  if (window === null) return 'none: its own row alone';
  const { length, of, need, needOf = 'values', t } = window;
  return `from ${need} ${needOf} on, in a window of ${length} ${of}, t ${t} (by the defaults)`;
}

function section(metric: AnyMetric): string {
  const params = Object.entries(metric.params);
  const labels = Object.entries(metric.labels ?? {}).toSorted(([a], [b]) => Number(a) - Number(b));
  return [
    `## ${metric.title}`,
    metric.says,
    table(
      ['', ''],
      [
        ['name', `\`${metric.name}\``],
        ['unit', metric.unit],
        ['formula', metric.formula],
        ['inputs', metric.inputs.join(', ')],
        ['a value at', ROWS[metric.on]],
        ['warm-up', warmUp(metric)],
        ['source', metric.source],
        ...(labels.length === 0 ? [] : [['values', labels.map(([value, label]) => `${value} ${label}`).join(', ')]]),
      ],
    ),
    ...(params.length === 0
      ? []
      : [
          table(
            ['parameter', 'what', 'default', 'allowed'],
            params.map(([name, spec]) => paramRow(name, spec)),
          ),
        ]),
  ].join('\n\n');
}

/** The whole page, formatted as the repository formats Markdown. */
export const metricsPage = (): Promise<string> =>
  page(
    '# Metrics',
    'Generated from `src/domain/metrics` by `npm run docs:metrics`. Rates are decimals, times UTC; `f` is funding per hour.',
    'Windows are trailing, of closed rows; at least half of a window must be there unless said otherwise. A value that is missing has a reason:',
    table(
      ['reason', 'what it says'],
      REASONS.map((reason) => [reason, reasonSentence(reason)]),
    ),
    ...METRICS.map(section),
  );

if (import.meta.main) writeFileSync(join(resolve(import.meta.dirname, '..'), 'docs/metrics.md'), await metricsPage());
