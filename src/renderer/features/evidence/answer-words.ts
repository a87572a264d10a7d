import { decileCells, DECILES_HEAD, type DecilesReport } from '#bridge/deciles.ts';
import type { StudyAnswerReport, StudyReport } from '#bridge/evidence.ts';
import type { Outcome } from '../../charts/outcome-option.ts';
import type { OutTable } from '../exports/out.ts';
import { formatFixed, NONE } from '../../format/numbers.ts';

export const figureText = (bp: number | null): string => (bp === null ? NONE : formatFixed(bp, 2, true));
export const shareText = (share: number | null): string => (share === null ? NONE : `${formatFixed(100 * share, 1)} %`);

/** Of a search the part that decides: out of sample. */
export const decisive = (report: StudyAnswerReport): StudyReport => ('inSample' in report ? report.outOfSample : report);

/** What a purse would have done with the trades, to be drawn; null: there is nothing to draw. */
export function equityOutcome({ equity }: StudyReport): Outcome | null {
  const { points, start } = equity;
  const first = points[0];
  if (first === undefined || points.length < 2) return null;
  return {
    over: 'time',
    values: 'money',
    lines: [
      {
        id: 'equity',
        x: Float64Array.from([first.at, ...points.map(({ at }) => at)]),
        y: Float64Array.from([0, ...points.map(({ capital }) => capital - start)]),
        style: 'main',
        step: true,
      },
    ],
    marks: [],
  };
}

/** Tenths as a table: what each cell shows, with its unit. */
export function decilesTable(report: DecilesReport): OutTable {
  const cells = decileCells(report);
  const [, , , ...figures] = DECILES_HEAD;
  const { metric, unit } = report.question;
  const column = (name: string, of: string, i: number): OutTable['columns'][number] => ({
    ...{ type: 'number', name, unit: of, origin: 'derived' },
    values: cells.map((row) => (row[i] === NONE ? NaN : Number(row[i]))),
  });
  return {
    name: `Tenths by ${metric}`,
    columns: [
      { type: 'number', name: 'decile', unit: '', origin: 'derived', values: cells.map((_, i) => i + 1) },
      column('n', '', 1),
      column(`${metric}, mean`, unit, 2),
      ...figures.map((name, i) => column(name === 'median' ? `${figures[i - 1] ?? ''}, median` : name, 'bp', i + 3)),
    ],
  };
}

/** Name of a file for an export. */
export const fileNameOf = (report: StudyAnswerReport, ranAt: number): string =>
  `Evidence ${report.question.conditions[0]?.metric ?? 'rule'} ${new Date(ranAt).toISOString().slice(0, 16).replace('T', ' ')}`;
