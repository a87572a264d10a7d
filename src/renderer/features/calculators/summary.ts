import type { Problem } from '#domain/decisions/reader.ts';
import type { FieldSpec, LiveMap, Typed } from './fields.ts';
import { legName, textsOf, readable } from './fields.ts';
import { type FigureGroup, moneyDecimals, shownFigure } from './figures.ts';

export interface SummaryParts {
  /** "Position size: TAO Binance USD-M TAOUSDT". */
  readonly title: string;
  readonly time: string;
  /** The one answer, in words. */
  readonly head: string;
  readonly fields: readonly FieldSpec[];
  readonly typed: Typed;
  readonly live: LiveMap;
  readonly unitOf: (field: FieldSpec) => string;
  readonly groups: readonly FigureGroup[];
  readonly problems: readonly Problem[];
}

/** Plain text for a note or a message: inputs with where they come from, then every figure. */
export function summaryText({ title, time, head, fields, typed, live, unitOf, groups, problems }: SummaryParts): string {
  const text = textsOf(typed, live);
  const inputs = fields.flatMap((field) => {
    const value = text(field.key);
    // Where a book is walked, what stands in the field beside it is not read.
    if (value === '' || (field.beside !== undefined && text(field.beside.key) === 'book')) return [];
    const source = typed[field.key] === undefined ? (live[field.key]?.from ?? '') : 'typed';
    return [`  ${legName(field)}: ${readable(field, value, unitOf(field))}${source === '' ? '' : ` (${source})`}`];
  });
  const figures = groups.flatMap(({ name, rows }) => {
    const decimals = moneyDecimals(rows);
    const lines = rows.map((each) => {
      const { text: value, unit } = shownFigure(each, decimals);
      const words = each.direction ? `${each.direction} ` : '';
      const caution = each.caution ? ` (${each.caution.text})` : '';
      return `  ${each.name}: ${each.figure.value === null ? (each.figure.reason ?? 'none') : `${words}${value} ${unit}`.trim()}${caution}`;
    });
    return [name, ...lines];
  });
  const wrong = problems.length === 0 ? [] : ['To put right', ...problems.map((problem) => `  ${problem.wrong} ${problem.right}`)];
  return [title, time, head, '', 'Inputs', ...inputs, '', ...wrong, ...figures].join('\n');
}
