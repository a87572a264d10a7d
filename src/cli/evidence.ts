import { HOUR_MS } from '#domain/time.ts';
import { hourFrame, barFrame } from '#domain/metrics/frames/hour.ts';
import { assetFrame, basketFrame } from '#domain/metrics/frames/group.ts';
import { settlementFrame } from '#domain/metrics/frames/settlement.ts';
import type { FrameKind, Frames } from '#domain/metrics/frames/frames.ts';
import { searched } from '#domain/evidence/searched.ts';
import { study } from '#domain/evidence/study.ts';
import { type StudiedHistory, studiedOf, tapeOfHistory } from '#domain/evidence/studied.ts';
import { rowKind } from '#core/read/metrics/metric-frames.ts';
import { EVIDENCE_HELP, type EvidenceRequest, readEvidenceArgs } from './evidence-args.ts';
import { answerData, answerText, type Evidence } from './evidence-words.ts';
import { type Answer, type Command, EXIT } from './command.ts';
import type { Io } from './io.ts';
import { type FilePart, readParts } from './settlement-files.ts';

/** Instruments that a study is of, and what a person must know of how they were read. */
export interface StudySource {
  readonly histories: readonly StudiedHistory[];
  /** Up to which all is closed. */
  readonly to: number;
  readonly notes: readonly string[];
}

/** Did a rule pay: over a file or the local history. */
export const evidence: Command = {
  name: 'evidence',
  help: EVIDENCE_HELP,
  async run(args, io) {
    const request = readEvidenceArgs(args);
    return answer(request, await sourceOf(request, io), io);
  },
};

async function sourceOf(request: EvidenceRequest, io: Io): Promise<StudySource> {
  if (request.files.length > 0) return sourceOfFiles(request, io);
  // better-sqlite3 is loaded only by those who ask for the history.
  const { sourceOfHistory } = await import('./evidence-history.ts');
  return sourceOfHistory(request);
}

function answer(request: EvidenceRequest, { histories, to: end, notes }: StudySource, io: Io): Answer {
  const { levels, k, terms, from } = request;
  const to = Math.min(end, request.to ?? Infinity);
  const laid = histories.map((history) => ({ history, tape: tapeOfHistory(history, to) }));
  const at = levels.map(({ level, conditions }) => ({
    level,
    studied: laid.map(({ history, tape }) =>
      studiedOf(history, tape, { conditions, k, events: terms.events, from: from ?? -Infinity, to }),
    ),
  }));
  const see = (done: number): void => io.status?.(`${Math.round(100 * done)} % of the shifts`);
  const [only] = at;
  const found: Evidence =
    at.length === 1 && only !== undefined
      ? { kind: 'study', request, answer: study(only.studied, terms, see), notes }
      : { kind: 'search', request, answer: searched(at, terms, see), notes };
  const shown = found.kind === 'study' ? found.answer : found.answer.inSample;
  const held = shown.trades.length + shown.acrossChange.trades.length + shown.incomplete > 0;
  return { data: answerData(found), text: () => answerText(found), notes, exit: held ? EXIT.done : EXIT.incomplete };
}

async function sourceOfFiles({ files, venue, symbols, zoneMs, levels }: EvidenceRequest, io: Io): Promise<StudySource> {
  const conditions = levels[0]?.conditions ?? [];
  const ofOneAsset = conditions.some(({ metric }) => metric.on === 'asset');
  const { parts, notes } = await readParts({ files, venue, symbol: symbols[0] ?? null, zoneMs }, { ofOneAsset }, io);
  const last = Math.max(...parts.map(({ file }) => file.last));
  // The last settlement of a file is known; what stands after it is not.
  const to = Math.ceil(last / HOUR_MS) * HOUR_MS;
  const framed = parts.map((part) => ({ part, hour: hourFrame(part.instrument, part.file.history, null, to) }));
  const hours = framed.map(({ hour }) => hour);
  const histories = framed.map(({ part, hour }) => {
    const rows = conditions.map(({ metric, params }) => {
      const { barMs } = rowKind(metric, params);
      return { frame: frameOf(metric.on, part, hour, hours, barMs, to), barMs };
    });
    return { hour, settlement: settlementFrame(part.instrument, part.file.history), delistedAt: NaN, rows };
  });
  return { histories, to, notes };
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
