import type { Answer } from './calculators.ts';

/** So many problems are listed; of the others the number. */
const LISTED = 20;

/** Of very many problems the first ones, and how many more there are. */
export function shortened(answer: Answer): Answer {
  const more = answer.problems.length - LISTED;
  return more > 0 ? Object.assign({ ...answer, problems: answer.problems.slice(0, LISTED) }, { moreProblems: more }) : answer;
}

/** A line per figure: name, value, unit, and how it came about. */
export function readable(answer: Answer): string {
  const { problems, warnings = [], figures, ...more } = answer as Answer & Record<string, unknown>;
  const lines: string[] = [];
  for (const { field, wrong, right } of problems.slice(0, LISTED)) lines.push(`${field === '' ? 'input' : field}: ${wrong} ${right}`);
  if (problems.length > LISTED) lines.push(`and ${problems.length - LISTED} more`);
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
