import type { AlertEntry } from '#bridge/alert.ts';
import { findMetric } from '#domain/metrics/index.ts';
import { columnOf, type OutTable } from './out.ts';

const LONGEST = 500;

/** The log of alerts: each condition with its level and the value that it had, in the metric's own unit, which stands in the condition. */
export function alertTable(entries: readonly AlertEntry[]): OutTable {
  const { time, number, text } = columnOf;
  const words = (name: string, of: (entry: AlertEntry) => string) =>
    text(
      name,
      entries.map((entry) => of(entry).slice(0, LONGEST)),
    );
  const most = Math.max(1, ...entries.map(({ conditions }) => conditions.length));
  return {
    name: 'alerts',
    columns: [
      time(
        'time',
        entries.map(({ at }) => at),
      ),
      words('rule', ({ name }) => name),
      words('instrument', ({ instrument }) => instrument),
      words('kind', ({ kind }) => kind ?? 'entered'),
      words('says', ({ says }) => says ?? ''),
      number(
        'k',
        'closed periods',
        entries.map(({ k }) => k),
        'measured',
      ),
      ...Array.from({ length: most }, (_, i) => {
        const at = ({ conditions }: AlertEntry) => conditions[i];
        return [
          words(`condition_${i + 1}`, (entry) => conditionText(at(entry))),
          number(
            `level_${i + 1}`,
            '',
            entries.map((entry) => at(entry)?.level ?? null),
            'measured',
          ),
          number(
            `value_${i + 1}`,
            '',
            entries.map((entry) => at(entry)?.value ?? null),
          ),
        ];
      }).flat(),
      words('severity', ({ severity }) => severity ?? ''),
      words('told', ({ told, held }) => (told ? 'yes' : (held ?? 'found later'))),
      time(
        'acknowledged',
        entries.map(({ acknowledgedAt }) => acknowledgedAt ?? null),
      ),
    ],
  };
}

function conditionText(condition: AlertEntry['conditions'][number] | undefined): string {
  if (condition === undefined) return '';
  const { choice, op } = condition;
  const params = Object.entries(choice.params).map(([name, value]) => `${name}=${value}`);
  const unit = findMetric(choice.metric)?.unit;
  return [choice.metric, ...params, op, ...(unit === undefined ? [] : [`(${unit})`])].join(' ');
}
