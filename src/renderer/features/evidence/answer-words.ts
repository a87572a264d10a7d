import type { StudyAnswerReport, StudyReport } from '#bridge/evidence.ts';
import type { Outcome } from '../../charts/outcome-option.ts';
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

/** Name of a file for an export. */
export const fileNameOf = (report: StudyAnswerReport, ranAt: number): string =>
  `Evidence ${report.question.conditions[0]?.metric ?? 'rule'} ${new Date(ranAt).toISOString().slice(0, 16).replace('T', ' ')}`;
