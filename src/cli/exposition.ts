/** Samples of one figure by their labels, in the Prometheus text format (version 0.0.4). */
export interface Figure {
  readonly name: string;
  readonly kind: 'gauge' | 'counter';
  readonly help: string;
  readonly samples: readonly { readonly labels?: Readonly<Record<string, string>>; readonly value: number }[];
}

export const EXPOSITION_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

const escaped = (text: string): string => text.replaceAll('\\', String.raw`\\`).replaceAll('\n', String.raw`\n`);
const label = ([name, value]: readonly [string, string]): string => `${name}="${escaped(value).replaceAll('"', String.raw`\"`)}"`;

/** A figure without a sample is left out. */
export function exposition(figures: readonly Figure[]): string {
  const lines = figures.flatMap(({ name, kind, help, samples }) =>
    samples.length === 0
      ? []
      : [
          `# HELP ${name} ${escaped(help)}`,
          `# TYPE ${name} ${kind}`,
          ...samples.map(({ labels = {}, value }) => {
            const named = Object.entries(labels).map(label).join(',');
            return `${name}${named === '' ? '' : `{${named}}`} ${valueText(value)}`;
          }),
        ],
  );
  return `${lines.join('\n')}\n`;
}

function valueText(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  return Number.isFinite(value) ? String(value) : `${value > 0 ? '+' : '-'}Inf`;
}
