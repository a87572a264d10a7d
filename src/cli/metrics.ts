import { recordWords } from '#bridge/forecast.ts';
import type { RecordInputs } from '#domain/forecast-record.ts';
import { explain, wordOf } from '#domain/metrics/explain.ts';
import { LONGEST_INTERVAL_H } from '#domain/interval.ts';
import { HOUR_MS } from '#domain/time.ts';
import type { FrameKind, Frames } from '#domain/metrics/frames/frames.ts';
import { assetFrame, basketFrame } from '#domain/metrics/frames/group.ts';
import { barFrame, hourFrame } from '#domain/metrics/frames/hour.ts';
import { settlementFrame } from '#domain/metrics/frames/settlement.ts';
import { METRICS } from '#domain/metrics/index.ts';
import { lapseOf } from '#domain/metrics/lapse.ts';
import { reasonOf } from '#domain/metrics/reason.ts';
import { evaluate, MetricRun } from '#domain/metrics/run.ts';
import { rowKind } from '#core/read/metrics/metric-frames.ts';
import { METRICS_HELP, readMetricArgs, type MetricRequest } from './metric-args.ts';
import { type Answer, type Command, EXIT } from './command.ts';
import { listed, listText } from './metric-list.ts';
import type { Io } from './io.ts';
import { readParts } from './settlement-files.ts';
import { UsageError } from './usage.ts';

/** No settled rate stands longer: further on there is nothing but a gap. */
const ASKED_AFTER_MS = (LONGEST_INTERVAL_H + 1) * HOUR_MS;
type Frame = Frames[FrameKind];
/** Rows, and what a person must know of how they were read: said beside them and in the JSON alike. */
export interface Read {
  readonly frame: Frame;
  readonly notes: readonly string[];
  /** Of a file: its settlements, before which nothing was seen. */
  readonly settled?: RecordInputs['settled'];
}

/** Any metric over a file or over the local history, a row per time. */
export const metrics: Command = {
  name: 'metrics',
  help: METRICS_HELP,
  async run(args, io) {
    const asked = readMetricArgs(args);
    if (asked.show === 'list') return { data: listed(METRICS), text: () => listText(METRICS) };
    const read = await frameOf(asked, io);
    if (asked.metric.foretells !== true || read.frame.time.length === 0) return answerOf(asked, read);
    const { recordAnswer, recordOf, seenOfHistory } = await import('./forecast-record.ts');
    const record = recordOf(asked, read, read.settled ?? (await seenOfHistory(asked)));
    if (asked.record) return recordAnswer(record, read.notes);
    return answerOf(asked, { ...read, notes: [...read.notes, recordWords(record)] });
  },
};

function answerOf(request: MetricRequest, read: Read): Answer {
  const { frame, notes } = read;
  const { metric, explainAt } = request;
  if (frame.time.length > 0) return explainAt === null ? rowsOf(request, read) : explanationOf(request, read, explainAt);
  const error =
    metric.on === 'book'
      ? `${metric.name} rests on order books: none is recorded here, and files of settlements hold none.`
      : `Nothing that ${metric.name} rests on is there.`;
  return { data: explainAt === null ? [] : null, notes, error, exit: EXIT.incomplete };
}

function rowsOf({ metric, params, from, to }: MetricRequest, { frame, notes }: Read): Answer {
  const { value: values, reason: reasons } = evaluate(metric, params, frame);
  // What a value is called may depend on what only the walk knows.
  const walk = metric.named ? new MetricRun(metric, params) : null;
  const rows: { time: number; value: number | null; reason: string | null; word?: string }[] = [];
  for (const [row, time] of frame.time.entries()) {
    walk?.push(frame, row);
    if (time <= (from ?? -Infinity) || time > (to ?? Infinity)) continue;
    const reason = reasonOf(reasons[row] ?? NaN);
    const value = reason === null ? (values[row] ?? NaN) : null;
    const word = value === null || walk === null ? '' : wordOf(metric, value, params, walk.audit(frame, row).parts ?? {});
    rows.push({ time, value, reason, ...(word !== '' && { word }) });
  }
  const text = (): string =>
    rows
      .map(
        ({ time, value, reason, word = '' }) =>
          `${new Date(time).toISOString()}\t${reason ?? String(value)}${word === '' ? '' : `\t${word}`}`,
      )
      .join('\n');
  if (rows.length > 0) return { data: rows, text, notes };
  const [first = 0, last = 0] = [frame.time[0], frame.time.at(-1)];
  const error = `No row lies in that range; they go from ${new Date(first).toISOString()} to ${new Date(last).toISOString()}.`;
  return { data: [], notes, error, exit: EXIT.incomplete };
}

function explanationOf({ metric, params }: MetricRequest, { frame, notes }: Read, at: number): Answer {
  const row = frame.time.findLastIndex((time) => time <= at);
  if (row < 0)
    return { data: null, notes, error: `The first row is of ${new Date(frame.time[0] ?? 0).toISOString()}.`, exit: EXIT.incomplete };
  const found = explain(metric, params, frame, row, lapseOf(metric, frame, row, at));
  const data = { ...found, notes: [...found.notes, ...notes] };
  return { data, text: () => JSON.stringify(data, null, 2), notes };
}

async function frameOf(request: MetricRequest, io: Io): Promise<Read> {
  if (request.files.length > 0) return frameOfFiles(request, io);
  // better-sqlite3 is loaded only by those who ask for the history.
  const { frameOfHistory } = await import('./metric-history.ts');
  return frameOfHistory(request);
}

async function frameOfFiles({ metric, params, files, venue, symbol, zoneMs, explainAt }: MetricRequest, io: Io): Promise<Read> {
  const { on, name, inputs } = metric;
  const group = on === 'asset' || on === 'basket';
  if (files.length > 1 && !group) throw new UsageError(`${name} is of one instrument: give one --file.`);
  const { parts, notes } = await readParts({ files, venue, symbol, zoneMs }, { ofOneAsset: on === 'asset' }, io);
  const [first] = parts;
  if (first === undefined) throw new UsageError('--file is missing.');
  // What is asked about after the end of a file is answered from hours that are not in it: there a rate stands for as long as it lasts.
  const end = Math.max(...parts.map(({ file }) => file.last));
  const to = explainAt === null ? end : Math.max(end, Math.min(explainAt, end + ASKED_AFTER_MS));
  if (group) {
    const frames = parts.map(({ instrument, file }) => hourFrame(instrument, file.history, null, to));
    const { id } = first.instrument;
    return { frame: on === 'asset' ? assetFrame(frames, id) : basketFrame(frames, id), notes };
  }
  const { instrument, file } = first;
  const { history, snapshots } = file;
  const { barMs } = rowKind(metric, params);
  if (inputs.includes('seen60') || (on === 'bar' && !hasNeighbours(snapshots.observedAt, barMs)))
    notes.push(`${name} rests on running rates, polled minutes apart, of which files of settlements hold none: no row has a value.`);
  const frames = {
    hour: () => hourFrame(instrument, history, null, to),
    settlement: () => settlementFrame(instrument, history),
    bar: () => barFrame(instrument, snapshots, barMs, null, to),
    book: () => ({ instrument, time: new Float64Array(0), books: [] }),
  };
  const { key, rate, intervalH } = history.settled;
  const unseen = new Float64Array(key.length).fill(NaN);
  return { frame: frames[on](), notes, settled: { key, rate, intervalH, seen60: unseen, seen15: unseen, seen5: unseen } };
}

const hasNeighbours = (times: Float64Array, withinMs: number): boolean => times.some((t, i) => t - (times[i - 1] ?? -Infinity) <= withinMs);
