import type { Problem } from '#domain/decisions/reader.ts';
import { isNumberText } from '#domain/number-text.ts';
import { columnOf, type OutTable } from '../exports/out.ts';
import type { AnswerTable } from './answer-table.ts';
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
  readonly table?: AnswerTable | null;
  readonly problems: readonly Problem[];
}

/** Plain text for a note or a message: inputs with where they come from, then every figure. */
export function summaryText(parts: SummaryParts): string {
  const { title, time, head, unitOf, groups, table, problems } = parts;
  const inputs = inputsOf(parts).map(
    ({ field, value, source }) => `  ${legName(field)}: ${readable(field, value, unitOf(field))}${source === '' ? '' : ` (${source})`}`,
  );
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
  const cells = table
    ? [
        '',
        `${table.name}${table.unit === '' ? '' : `, ${table.unit}`}`,
        `  ${[table.corner, ...table.columns.map(({ name, unit }) => (unit ? `${name} ${unit}` : name))].join('\t')}`,
        ...table.rows.map((row) => `  ${[row.name, ...row.cells.map(({ text }) => text)].join('\t')}`),
        ...(table.note === '' ? [] : [`  ${table.note}`]),
      ]
    : [];
  return [title, time, head, '', 'Inputs', ...inputs, '', ...wrong, ...figures, ...cells].join('\n');
}

/** Every field that holds something and is read, with where it comes from. */
function inputsOf({ fields, typed, live }: SummaryParts) {
  const text = textsOf(typed, live);
  return fields.flatMap((field) => {
    const value = text(field.key);
    // Where a book is walked, what stands in the field beside it is not read.
    if (value === '' || (field.beside !== undefined && text(field.beside.key) === 'book')) return [];
    const source = typed[field.key] === undefined ? (live[field.key]?.from ?? '') : 'typed';
    return [{ field, value, source }];
  });
}

/** Texts of a file's cells are bounded. */
const MOST_CHARS = 500;

/** The same as rows of a file: each input, figure and cell one row; a ratio is a decimal, as everywhere outside the screen. */
export function answerOut(parts: SummaryParts): OutTable {
  const { title, time, head, groups, table = null, problems, unitOf } = parts;
  interface Line {
    readonly part: string;
    readonly name: string;
    readonly value?: string | null;
    readonly unit?: string;
    readonly says?: string;
    readonly formula?: string;
    readonly worked?: string;
  }
  const lines: Line[] = [
    { part: 'Answer', name: title, says: head },
    { part: 'Answer', name: 'As of', says: time },
    ...problems.map((problem) => ({ part: 'To put right', name: problem.field, says: `${problem.wrong} ${problem.right}` })),
    ...inputsOf(parts).map(({ field, value, source }) => ({
      part: 'Inputs',
      name: legName(field),
      value: isNumberText(value) ? value : null,
      unit: unitOf(field),
      says: isNumberText(value) ? source : `${readable(field, value, '')}${source === '' ? '' : ` (${source})`}`,
    })),
    ...groups.flatMap((group) =>
      group.rows.map(({ name, figure: { value, unit, formula, worked, reason }, direction }) => ({
        ...{ part: group.name, name, value, unit, formula, worked },
        says: reason ?? direction ?? '',
      })),
    ),
    ...(table?.rows ?? []).flatMap((row) =>
      row.cells.map(({ value, text }, i) => ({
        part: table?.name ?? '',
        name: `${row.name}, ${table?.columns[i]?.name ?? ''}`,
        value,
        unit: table?.columns[i]?.unit ?? table?.unit ?? '',
        says: value === null ? text : '',
      })),
    ),
  ];
  const texts = (pick: (line: Line) => string | undefined): string[] => lines.map((line) => (pick(line) ?? '').slice(0, MOST_CHARS));
  const { text, number } = columnOf;
  return {
    name: title.replaceAll(/[/:]/gu, ' ').slice(0, 80),
    columns: [
      text(
        'part',
        texts(({ part }) => part),
      ),
      text(
        'name',
        texts(({ name }) => name),
      ),
      number(
        'value',
        '',
        lines.map(({ value }) => (value === null || value === undefined ? null : Number(value))),
      ),
      text(
        'unit',
        texts(({ unit }) => unit),
      ),
      text(
        'says',
        texts(({ says }) => says),
      ),
      text(
        'formula',
        texts(({ formula }) => formula),
      ),
      text(
        'worked',
        texts(({ worked }) => worked),
      ),
    ],
  };
}
