import type { AnyMetric } from '#domain/metrics/index.ts';
import { formatFixed } from '../../format/numbers.ts';
import { zoneName, type Zone } from '../../format/time.ts';
import { type Explanation, shortStamp } from './audit.ts';
import { FIELD_NAMES } from './audit-inputs.ts';

type Window = NonNullable<Explanation['window']>;

interface Line {
  readonly label: string;
  readonly text: string;
}

/** What the window held, line by line. */
export function windowLines(
  answer: Pick<Explanation, 'time' | 'window' | 'instruments'>,
  metric: AnyMetric | undefined,
  zone: Zone,
): Line[] {
  const { time, window, instruments } = answer;
  const lines: Line[] = [];
  if (instruments) lines.push({ label: 'Instruments', text: `${instruments.n} of ${instruments.of} used` });
  if (window === null) return lines;
  const rows = metric?.on === 'settlement' ? 'settlements' : metric?.on === 'bar' ? 'bars' : 'hours';
  lines.push({ label: 'Used', text: usedText(window, rows) });
  const { first, last } = window;
  if (first !== null && last !== null) {
    lines.push({
      label: 'First, last',
      text: `${shortStamp(first, time, zone)} to ${shortStamp(last, time, zone)} ${zoneName(zone, last)}`,
    });
  }
  const gaps = gapsText(window, rows);
  if (gaps !== null) {
    const latest = window.latestGap === null ? '' : `, the latest ${shortStamp(window.latestGap, time, zone)}`;
    lines.push({ label: 'Gaps', text: gaps + latest });
  }
  const sources = sourcesText(window);
  if (sources !== '') lines.push({ label: 'Sources', text: sources });
  return lines;
}

function usedText({ n, possible, need, coveredH }: Window, rows: string): string {
  const used = `${formatFixed(n, 0)}${possible > n ? ` of ${formatFixed(possible, 0)}` : ''} ${rows}`;
  if (coveredH !== null) return `${used}, ${formatFixed(coveredH, 0)} h covered, ${formatFixed(need, 0)} h needed`;
  return need > 1 ? `${used} (at least ${formatFixed(need, 0)} needed)` : used;
}

/** Null where none were counted. */
function gapsText({ gaps, missing }: Window, rows: string): string | null {
  const without = gaps === 0 ? [] : [`${formatFixed(gaps, 0)} ${gaps === 1 ? rows.slice(0, -1) : rows} without data`];
  if (missing === null) return without[0] ?? null;
  const absent = missing === 0 ? [] : [`${formatFixed(missing, 0)} ${missing === 1 ? 'settlement' : 'settlements'} missing`];
  return [...without, ...absent].join(', ') || 'none';
}

/** Only where the rows of one input came from more than one. */
function sourcesText({ sources }: Window): string {
  return [...new Set(sources.map(({ name }) => name))]
    .map((name) => ({ name, of: sources.filter((each) => each.name === name) }))
    .filter(({ of }) => of.length > 1)
    .map(({ name, of }) => `${FIELD_NAMES[name] ?? name} ${of.map(({ source, n }) => `${formatFixed(n, 0)} ${source}`).join(', ')}`)
    .join('; ');
}
