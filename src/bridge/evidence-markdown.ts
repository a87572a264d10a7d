import type { EventReport, FiguresReport, StudyAnswerReport, StudyReport } from './evidence.ts';
import {
  apartWords,
  countedWords,
  equityWords,
  excursionWords,
  groupsOf,
  legsWords,
  ruleWords,
  shareWords,
  sureWords,
  termsWords,
} from './evidence-words.ts';
import { levelText } from '#domain/evidence/levels.ts';

/** A study as a document: the verdict first, then what it rests on, at last each event and the question as JSON to run it again. */
export function markdownOf(report: StudyAnswerReport, title = 'Evidence: did it pay?'): string {
  const { question, notes, delays, verdict } = report;
  const source = typeof question.source === 'string' ? question.source : question.source.join(', ');
  const head = [
    `# ${text(title)}`,
    '',
    `**${verdict}.** ${text('inSample' in report ? report.outOfSample.reason : report.reason)}`,
    '',
    `- Rule: ${text(ruleWords(question))}`,
    `- Position: ${text(termsWords(question))}`,
    `- Over: ${text(source)}, ${period(question)}`,
    `- Seed ${question.seed}, ${question.draws} draws, ${question.shifts} shifts, ${question.tries} tr${question.tries === 1 ? 'y' : 'ies'} so far`,
    ...notes.map((note) => `- ${text(note)}`),
    '',
  ];
  const several = delays.length < 2 ? [] : ['## Delays', '', ...delayTable(delays), ''];
  const body =
    'inSample' in report
      ? [
          `## Searched levels`,
          '',
          `The best over everything is ${levelText(report.level)}. Out of sample each year has the best of the years before it.`,
          '',
          ...table(
            ['year', 'level', 'trades before', 'net, bp'],
            report.chosen.map(({ year, level, n, netBp }) => [String(year), levelText(level), String(n), figure(netBp)]),
          ),
          '',
          '# In sample',
          '',
          ...studyLines(report.inSample),
          '# Out of sample',
          '',
          ...studyLines(report.outOfSample),
        ]
      : studyLines(report);
  const again = ['## The question', '', '```json', JSON.stringify(question, null, 2), '```', ''];
  return [...head, ...several, ...body, ...again].join('\n');
}

function studyLines(study: StudyReport): string[] {
  const { mean, events, eventsLeftOut, acrossChange, open } = study;
  const apart = [
    ...tableOf('## Events across a change, not in the averages', acrossChange.events),
    ...tableOf('## Still open at the end, not in the averages', open.events),
  ];
  if (mean === null) return [study.reason, '', ...apartWords(study).map((line) => `- ${line}`), '', ...apart];
  const excursions = excursionWords(study);
  const leftOut = eventsLeftOut > 0 ? ` (the newest ${events.length} of ${events.length + eventsLeftOut})` : '';
  return [
    `Verdict ${study.verdict}, ${countedWords(study.counted)}. ${study.reason}`,
    '',
    '## Three legs apart',
    '',
    `- ${legsWords(mean)}`,
    `- ${equityWords(study)}`,
    ...(excursions === null ? [] : [`- ${excursions}`]),
    '',
    '## Against what, and how sure',
    '',
    ...sureWords(study).map((line) => `- ${line}`),
    ...apartWords(study).map((line) => `- ${line}`),
    '',
    '## Parts',
    '',
    ...table(
      ['of', 'n', 'price, bp', 'funding, bp', 'cost, bp', 'net, bp', 'hit rate'],
      groupsOf(study).map(({ of, figures }) => [of, ...figureCells(figures)]),
    ),
    '',
    `## Events${leftOut}`,
    '',
    ...eventTable(events),
    '',
    ...apart,
  ];
}

const tableOf = (title: string, events: readonly EventReport[]): string[] =>
  events.length === 0 ? [] : [title, '', ...eventTable(events), ''];

const figureCells = ({ n, priceBp, fundingBp, costBp, netBp, hitRate }: FiguresReport): string[] => [
  String(n),
  figure(priceBp),
  figure(fundingBp),
  figure(costBp),
  figure(netBp),
  shareWords(hitRate),
];

const eventTable = (events: readonly EventReport[]): string[] =>
  table(
    ['signal (UTC)', 'instrument', 'side', 'value', 'entry (UTC)', 'exit (UTC)', 'price, bp', 'funding, bp', 'net, bp'],
    events.map((one) => [
      minute(one.signalAt),
      one.instrument,
      one.side,
      one.values.map((value) => (value === null ? '\u2013' : String(Number(value.toPrecision(6))))).join(', '),
      minute(one.enteredAt),
      minute(one.exitedAt),
      figure(one.priceBp),
      figure(one.fundingBp),
      figure(one.netBp),
    ]),
  );

const delayTable = (delays: StudyAnswerReport['delays']): string[] =>
  table(
    ['delay', 'verdict', 'n', 'gross, bp', 'net, bp', '95 %, bp'],
    delays.map(({ delayH, verdict, n, grossBp, netBp, lowBp, highBp }) => [
      `${delayH} h`,
      verdict,
      String(n),
      figure(grossBp),
      figure(netBp),
      lowBp === null ? '\u2013' : `${figure(lowBp)} to ${figure(highBp)}`,
    ]),
  );

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string[] =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.map((cell) => text(cell)).join(' | ')} |`);

const figure = (value: number | null): string => (value === null ? '\u2013' : value.toFixed(2));
const minute = (iso: string): string => iso.slice(0, 16).replace('T', ' ');
const period = ({ from, to, asOf }: StudyAnswerReport['question']): string =>
  [
    from === null && to === null
      ? 'everything stored'
      : `${from === null ? 'the beginning' : minute(from)} to ${to === null ? 'the end' : minute(to)}`,
    ...(asOf === null ? [] : [`as known at ${minute(asOf)}`]),
  ].join(', ');

/** Names come from venues: nothing in them is a mark of the document. */
const text = (words: string): string => words.replace(/[\\|<>*_`[\]#]/gu, (mark) => `\\${mark}`);
