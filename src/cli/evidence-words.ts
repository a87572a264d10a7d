import { decileCells, DECILES_HEAD, type DecilesReport, decilesWords } from '#bridge/deciles.ts';
import type { StudyAnswerReport, StudyReport } from '#bridge/evidence.ts';
import {
  apartWords,
  bpWords,
  countedWords,
  equityWords,
  excursionWords,
  groupsOf,
  legsWords,
  ruleWords,
  sureWords,
  termsWords,
} from '#bridge/evidence-words.ts';
import { levelText } from '#domain/evidence/levels.ts';

/** A sort into tenths: what it says, then a line for each, in columns. */
export function decilesText(report: DecilesReport, labels: readonly string[]): string {
  const rows = [[...DECILES_HEAD], ...decileCells(report)];
  const widths = DECILES_HEAD.map((_, i) => Math.max(...rows.map((cells) => cells[i]?.length ?? 0)));
  const lines = rows.map((cells) => cells.map((cell, i) => cell.padStart(widths[i] ?? 0)).join('  '));
  return [...decilesWords(report), ...labels, '', ...lines].join('\n');
}

/** For a person at a terminal: the verdict first, then what it rests on. */
export function answerText(report: StudyAnswerReport, labels: readonly string[]): string {
  const { question, delays } = report;
  const head = [`${ruleWords(question)}: ${termsWords(question)}`, ...labels, triesWords(question), ''];
  const beside = delays.slice(1).map((one) => `  at a delay of ${one.delayH}h: ${one.verdict}, n ${one.n}, net ${bpWords(one.netBp)}`);
  if (!('inSample' in report)) return [...head, ...studyLines(report), ...beside].join('\n');
  const { verdict, level, chosen, inSample, outOfSample } = report;
  return [
    ...head,
    `Verdict: ${verdict}. The best of ${question.levels?.length ?? 1} levels is ${levelText(level)} in sample; out of sample each year has the best of the years before it.`,
    ...chosen.map(
      (one) => `  ${one.year}: level ${levelText(one.level)}, from ${one.n} trades before it with a mean net of ${bpWords(one.netBp)}`,
    ),
    '',
    `In sample, level ${levelText(level)}`,
    ...studyLines(inSample),
    '',
    'Out of sample',
    ...studyLines(outOfSample),
    ...beside,
  ].join('\n');
}

/** The command keeps nothing from run to run, so what was tried before is what it was told. */
function triesWords({ tries, levels = [] }: StudyAnswerReport['question']): string {
  const all = tries + Math.max(0, levels.length - 1);
  return `tries counted: ${all}${levels.length > 1 ? `, each of ${levels.length} levels one` : ''}; every edit of a rule is one, and those of earlier runs are told with --tries`;
}

function studyLines(study: StudyReport): string[] {
  const { mean, verdict, counted, reason } = study;
  const indent = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`);
  if (mean === null) return [reason, ...indent(apartWords(study))];
  const excursions = excursionWords(study);
  return [
    `Verdict: ${verdict} (${countedWords(counted)}).`,
    ...indent([
      reason,
      legsWords(mean),
      ...sureWords(study),
      ...(excursions === null ? [] : [excursions]),
      equityWords(study),
      ...groupsOf(study).map(
        ({ of, figures }) => `${of}: n ${figures.n}, gross ${bpWords(figures.grossBp)}, net ${bpWords(figures.netBp)}`,
      ),
      ...apartWords(study),
    ]),
  ];
}
