import { HOUR_MS } from '#domain/time.ts';
import { hourFrame, barFrame } from '#domain/metrics/frames/hour.ts';
import { assetFrame, basketFrame } from '#domain/metrics/frames/group.ts';
import { settlementFrame } from '#domain/metrics/frames/settlement.ts';
import type { FrameKind, Frames } from '#domain/metrics/frames/frames.ts';
import { decilesOf, rankedOf } from '#domain/evidence/deciles.ts';
import { layOut, type RuleRun, ruleRun } from '#domain/evidence/run.ts';
import type { StudiedHistory } from '#domain/evidence/studied.ts';
import { decilesMarkdown } from '#bridge/deciles.ts';
import { markdownOf } from '#bridge/evidence-markdown.ts';
import { decilesReportOf, sortTerms } from '#core/read/evidence/deciles.ts';
import { OWN_FUNDING } from '#core/read/evidence/labels.ts';
import { questionReport, reportOf } from '#core/read/evidence/report.ts';
import { rowKind } from '#core/read/metrics/metric-frames.ts';
import { ALL_VENUES, EVIDENCE_HELP, type EvidenceRequest, readEvidenceArgs } from './evidence-args.ts';
import { answerText, decilesText } from './evidence-words.ts';
import { type Answer, type Command, EXIT } from './command.ts';
import type { Io } from './io.ts';
import { type FilePart, readParts } from './settlement-files.ts';
import { UsageError } from './usage.ts';

/** Instruments that a study is of, laid out for it, and what a person must know of how they were read. */
export interface StudySource<T> {
  readonly laid: readonly T[];
  readonly notes: readonly string[];
  /** Of the set itself. */
  readonly labels: readonly string[];
}

/** Did a rule pay: over a file or the local history. */
export const evidence: Command = {
  name: 'evidence',
  help: EVIDENCE_HELP,
  async run(args, io, json) {
    const request = readEvidenceArgs(args);
    if (json && request.markdown) throw new UsageError('--json and --markdown are two forms of one answer: choose one.');
    if (request.decilesEveryH !== null) return sorted(request, request.decilesEveryH, io);
    const { levels, terms, delaysH } = request;
    const run = ruleRun(levels, terms, delaysH);
    // What was studied is let go of: a year of an instrument is half a megabyte.
    const lay = (history: StudiedHistory, to: number): LeftOut => {
      const laid = layOut(history, request, terms.events, to);
      run.add(laid);
      return { id: history.hour.instrument.id, refused: laid[0]?.refused ?? null };
    };
    return withSource(request, io, async (walk) => {
      const source = await walk(lay);
      if (run.again()) await walk(lay);
      return answer(request, run, source, io);
    });
  },
};

/** Walks the instruments of a study, one after another, each time from the first and up to the same moment. */
export type Walk = <T>(lay: (history: StudiedHistory, to: number) => T) => Promise<StudySource<T>>;

async function withSource<R>(request: EvidenceRequest, io: Io, use: (walk: Walk) => Promise<R>): Promise<R> {
  if (request.files.length > 0) return use(await sourceOfFiles(request, io));
  // better-sqlite3 is loaded only by those who ask for the history.
  const { withHistory } = await import('./evidence-history.ts');
  return withHistory(request, io, use);
}

/** Of each instrument no more than its sorts is held. */
async function sorted(request: EvidenceRequest, everyH: number, io: Io): Promise<Answer> {
  const { levels, terms: asked, from, to, asOf } = request;
  const [condition] = levels[0]?.conditions ?? [];
  if (condition === undefined) throw new RangeError('a sort needs a metric');
  const { delayH, costBp, side, seed } = asked;
  const terms = sortTerms({ everyH, delayH, costBp, side, from, to, seed });
  const { laid, notes, labels } = await withSource(request, io, (walk) =>
    walk((history, closedTo) => rankedOf(history, condition, terms, closedTo)),
  );
  const report = decilesReportOf(
    decilesOf(laid, terms),
    { ...condition, terms },
    { instruments: laid.length, asOf, source: sourceText(request), notes: [...notes, ...labels] },
  );
  return {
    data: report,
    text: () => (request.markdown ? decilesMarkdown(report) : decilesText(report, labels)),
    notes: [...notes],
    exit: report.sorts > 0 ? EXIT.done : EXIT.incomplete,
  };
}

interface LeftOut {
  readonly id: string;
  /** Why it has no events; null: it may have. */
  readonly refused: string | null;
}

function answer(request: EvidenceRequest, run: RuleRun, { laid, notes: ofSource, labels }: StudySource<LeftOut>, io: Io): Answer {
  const { terms } = request;
  const see = (done: number): void => io.status?.(`${Math.round(100 * done)} % of the draws`);
  const answers = run.answers(see);
  const notes = [...ofSource, ...refusals(laid)];
  const said = [...notes, ...(terms.funding === 'own' ? [OWN_FUNDING] : []), ...labels];
  const report = reportOf(answers, questionReport(request, request, terms, sourceText(request)), said);
  const { n, incomplete, acrossChange, open } = 'inSample' in report ? report.inSample : report;
  const held = n + incomplete + acrossChange.events.length + open.events.length > 0;
  return {
    data: report,
    text: () => (request.markdown ? markdownOf(report) : answerText(report, said.slice(notes.length))),
    notes,
    exit: held ? EXIT.done : EXIT.incomplete,
  };
}

const refusals = (laid: readonly LeftOut[]): string[] =>
  laid.flatMap(({ id, refused }) => (refused === null ? [] : [`${id} is left out: ${refused}.`]));

function sourceText({ files, list, venue, symbols }: EvidenceRequest): string | string[] {
  if (files.length > 0) return files.map(({ path }) => path);
  if (list !== null) return `list ${list}`;
  if (symbols.length === 0) return venue === ALL_VENUES ? 'everything stored' : `everything of ${venue ?? ''}`;
  return symbols.map((one) => `${venue ?? ''}:${one}`);
}

/** The files are read once: one of them may be the standard input. */
async function sourceOfFiles(request: EvidenceRequest, io: Io): Promise<Walk> {
  const { files, venue, symbols, zoneMs, levels } = request;
  const conditions = levels[0]?.conditions ?? [];
  const ofOneAsset = conditions.some(({ metric }) => metric.on === 'asset');
  const { parts, notes } = await readParts({ files, venue, symbol: symbols[0] ?? null, zoneMs }, { ofOneAsset }, io);
  const last = Math.max(...parts.map(({ file }) => file.last));
  // The last settlement of a file is known; what stands after it is not.
  const to = Math.ceil(last / HOUR_MS) * HOUR_MS;
  const framed = parts.map((part) => ({ part, hour: hourFrame(part.instrument, part.file.history, null, to) }));
  const hours = framed.map(({ hour }) => hour);
  const histories = framed.map(({ part, hour }): StudiedHistory => {
    const rows = conditions.map(({ metric, params }) => {
      const { barMs } = rowKind(metric, params);
      return { frame: frameOf(metric.on, part, hour, hours, barMs, to), barMs };
    });
    return { hour, settlement: settlementFrame(part.instrument, part.file.history), delistedAt: NaN, rows };
  });
  const labels = files.length > 1 ? ['chosen with hindsight: the instruments are those of today'] : [];
  return (lay) => Promise.resolve({ laid: histories.map((history) => lay(history, to)), notes, labels });
}

function frameOf(
  on: FrameKind,
  { instrument, file }: FilePart,
  hour: Frames['hour'],
  all: readonly Frames['hour'][],
  barMs: number,
  to: number,
): Frames[FrameKind] {
  if (on === 'hour') return hour;
  if (on === 'settlement') return settlementFrame(instrument, file.history);
  if (on === 'asset') return assetFrame([...all], instrument.id);
  if (on === 'basket') return basketFrame([...all], instrument.id);
  if (on === 'bar') return barFrame(instrument, file.snapshots, barMs, null, to);
  return { instrument, time: new Float64Array(0), books: [] };
}
