import { levelText } from '#domain/evidence/levels.ts';
import { LEAST } from '#domain/evidence/question.ts';
import type { FiguresReport, StudyAnswerReport, StudyReport } from './evidence.ts';

/** The report in words: what the command prints and what is exported as Markdown. */

export const bpWords = (value: number | null): string => (value === null ? 'not measured' : `${value.toFixed(2)} bp`);
export const shareWords = (value: number | null): string => (value === null ? '\u2013' : `${(100 * value).toFixed(1)} %`);
const money = (value: number): string => value.toFixed(2);

/** "settled-rate outside 0.0005 (rate-per-interval; lets go at 0.8 of it) and ..., k 1". */
export function ruleWords({ conditions, levels, k }: StudyAnswerReport['question']): string {
  const [first, ...others] = conditions;
  const all = [...(first === undefined ? [] : [[first, levels] as const]), ...others.map((one) => [one, undefined] as const)];
  const words = all.map(([{ metric, op, level, unit, release }, several]) => {
    const at = several === undefined ? levelText(level) : several.map(levelText).join(' or ');
    return `${metric} ${op} ${at} (${unit}; lets go at ${release} of it)`;
  });
  return `${words.join(' and ')}, k ${k}`;
}

/** "entries, against the crowd, exit 24h, delay 0h, 5 bp a fill, funding next". */
export const termsWords = ({ events, side, exit, delayH, costBp, funding }: StudyAnswerReport['question']): string =>
  `${events === 'every' ? 'every period' : 'entries'}, ${side} the crowd, exit ${exit}, delay ${delayH}h, ${costBp} bp a fill, funding ${funding}`;

/** "1 event", "40 events that do not overlap", "13 weeks". */
export function countedWords({ n, of }: StudyReport['counted']): string {
  if (of === 'weeks') return `${n} week${n === 1 ? '' : 's'}`;
  return n === 1 ? '1 event' : `${n} events that do not overlap`;
}

/** What stands beside the averages, a sentence each. */
export function apartWords(study: StudyReport): string[] {
  const { acrossChange, open, delisted, incomplete, overlapping, missingSettlements, unmarkedSettlements } = study;
  const lines: (string | false)[] = [
    acrossChange.mean !== null &&
      `apart: ${acrossChange.mean.n} across a change of the interval or the formula, net ${bpWords(acrossChange.mean.netBp)}`,
    delisted !== null && `${delisted.n} ended by a delisting, net ${bpWords(delisted.netBp)} (in the averages)`,
    open.mean !== null &&
      `apart: ${open.mean.n} still open at the end of what is stored, as if closed at the last stored price, funding to the last settlement: net ${bpWords(open.mean.netBp)}`,
    incomplete > 0 && `${incomplete} not complete: nothing is stored after their entry`,
    overlapping > 0 && `${overlapping} while the position before them was open: left out`,
    missingSettlements > 0 && `${missingSettlements} settlements inside holds are missing: their funding is not counted`,
    unmarkedSettlements > 0 && `${unmarkedSettlements} settlements at the last stored price: no mark of their own`,
  ];
  return lines.filter((line) => line !== false);
}

/** How sure: interval, shifts, the same sides at other times, the size of the move, Sharpe; a sentence each. */
export function sureWords(study: StudyReport): string[] {
  const { interval, smallestEffectSeenBp: smallest, counted, placebo, baseline, move, sharpe, mean } = study;
  const lines: (string | false)[] = [
    interval === null
      ? `no interval below ${LEAST} ${counted.of}${smallest === null ? '' : `; the smallest mean that could have been seen is ${bpWords(smallest)}`}`
      : `95 % interval of the mean net ${bpWords(interval.lowBp)} to ${bpWords(interval.highBp)} (held the truth in ${(100 * interval.coverageMeasured).toFixed(0)} % of test series of this length); smallest mean that would have been seen ${bpWords(smallest)}`,
    mean !== null && mean.hitRate !== null && `hit rate ${shareWords(mean.hitRate)}`,
    placebo !== null &&
      `${placebo.shifts} shifts of the signal: 97.5th percentile ${bpWords(placebo.p975NetBp)}; ${shareWords(placebo.shareBelow)} of them below the mean net`,
    baseline !== null && `the same sides at ${baseline.n} other times: ${bpWords(baseline.netBp)}`,
    move !== null &&
      `size of the move over its own volatility: ${move.events.toFixed(2)} at events, ${move.others.toFixed(2)} at other times, ${move.ratio.toFixed(2)} times${move.interval === null ? '' : ` (95 % interval ${move.interval.low.toFixed(2)} to ${move.interval.high.toFixed(2)})`}`,
    sharpe !== null &&
      `Sharpe by ${sharpe.eventsPerYear.toFixed(1)} events a year ${sharpe.perYear.toFixed(2)}; after ${sharpe.tries} tr${sharpe.tries === 1 ? 'y' : 'ies'} above luck with ${shareWords(sharpe.deflated)}`,
  ];
  return lines.filter((line) => line !== false);
}

export const legsWords = (mean: FiguresReport): string =>
  `n ${mean.n}: price ${bpWords(mean.priceBp)}, funding ${bpWords(mean.fundingBp)}, gross ${bpWords(mean.grossBp)}, cost ${bpWords(mean.costBp)}, net ${bpWords(mean.netBp)}; break-even cost ${bpWords(mean.breakEvenCostBp)} a fill`;

export const equityWords = ({ equity }: StudyReport): string =>
  `capital ${money(equity.start)} to ${money(equity.final)} (${(100 * equity.return).toFixed(2)} %): price ${money(equity.price)}, funding ${money(equity.funding)}, costs ${money(equity.costs)}; ${equity.executions} fills, ${equity.trades} trades, ${equity.wins} won; deepest fall ${shareWords(equity.drawdown)}`;

export function excursionWords({ excursions, n }: StudyReport): string | null {
  const { bestBp, worstBp, halvesAfterH, halved } = excursions;
  const moves = bestBp === null || worstBp === null ? [] : [`mean best move ${bpWords(bestBp)}, worst ${bpWords(worstBp)}`];
  const half = halvesAfterH === null ? [] : [`below half of its level after ${halvesAfterH.toFixed(1)} h in ${halved} of ${n}`];
  return moves.length + half.length === 0 ? null : [...moves, ...half].join('; ');
}

/** By year, side and instrument (of several). */
export function groupsOf({ byYear, bySide, byInstrument }: StudyReport): { readonly of: string; readonly figures: FiguresReport }[] {
  return [
    ...byYear.map((one) => ({ of: String(one.year), figures: one })),
    ...bySide.map((one) => ({ of: one.side, figures: one })),
    ...(byInstrument.length > 1 ? byInstrument.map((one) => ({ of: one.instrument, figures: one })) : []),
  ];
}
