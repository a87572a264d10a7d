import type { Answer } from './calculators.ts';

export const plainJson = (answer: Answer): string =>
  JSON.stringify(answer, (_key, value: unknown) => (value instanceof Float64Array ? Array.from(value) : value), 2);

/** A line per figure: name, value, unit, and how it came about. */
export function readable(answer: Answer): string {
  const { problems, warnings = [], figures, ...more } = answer as Answer & Record<string, unknown>;
  const lines: string[] = [];
  for (const { field, wrong, right } of problems) lines.push(`${field === '' ? 'input' : field}: ${wrong} ${right}`);
  for (const { field, wrong, right } of warnings) lines.push(`warning, ${field}: ${wrong} ${right}`);
  const width = Math.max(0, ...Object.keys(figures).map((name) => name.length));
  for (const [name, { value, unit, worked, reason }] of Object.entries(figures)) {
    lines.push(
      `${name.padEnd(width)}  ${value === null ? `none (${reason ?? ''})` : `${value} ${unit}`.trim()}${value === null ? '' : `   ${worked}`}`,
    );
  }
  for (const [name, value] of Object.entries(more)) if (value !== null) lines.push(`${name}: ${said(value)}`);
  return lines.join('\n');
}

function said(value: unknown): string {
  if (value instanceof Float64Array) return Array.from(value, (time) => new Date(time).toISOString()).join(', ');
  if (typeof value === 'object' && value !== null && 'words' in value) return String(value.words);
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2);
}
