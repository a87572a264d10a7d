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
import { listText } from './metric-list.ts';
import type { Io } from './io.ts';
import { readParts } from './settlement-files.ts';
import { UsageError } from './usage.ts';

const USAGE = 2;
/** No settled rate stands longer: further on there is nothing but a gap. */
const ASKED_AFTER_MS = (LONGEST_INTERVAL_H + 1) * HOUR_MS;
type Frame = Frames[FrameKind];
/** Rows, and what a person must know of how they were read: said beside them and in the JSON alike. */
export interface Read {
  readonly frame: Frame;
  readonly notes: readonly string[];
}

/** Any metric over a file or over the local history, a row per time. Returns the exit code. */
export async function runMetrics(args: readonly string[], io: Io): Promise<number> {
  try {
    const asked = readMetricArgs(args);
    if (asked.show === 'help') io.out(METRICS_HELP);
    else if (asked.show === 'list') io.out(listText(METRICS, asked.json));
    else return print(asked, await frameOf(asked, io), io);
    return 0;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    io.err(error.message);
    return USAGE;
  }
}

function print(request: MetricRequest, read: Read, io: Io): number {
  const { frame } = read;
  for (const note of read.notes) io.err(note);
  if (frame.time.length === 0) {
    io.err(
      request.metric.on === 'book'
        ? `${request.metric.name} rests on order books: none is recorded here, and files of settlements hold none.`
        : `Nothing that ${request.metric.name} rests on is there.`,
    );
    return 1;
  }
  return request.explainAt === null ? printRows(request, read, io) : printExplanation(request, read, request.explainAt, io);
}

function printRows({ metric, params, from, to, json }: MetricRequest, { frame, notes }: Read, io: Io): number {
  const { value: values, reason: reasons } = evaluate(metric, params, frame);
  // What a value is called may depend on what only the walk knows.
  const walk = metric.named ? new MetricRun(metric, params) : null;
  const lines: string[] = [];
  for (const [row, time] of frame.time.entries()) {
    walk?.push(frame, row);
    if (time <= (from ?? -Infinity) || time > (to ?? Infinity)) continue;
    const reason = reasonOf(reasons[row] ?? NaN);
    const value = reason === null ? (values[row] ?? NaN) : null;
    const word = value === null || walk === null ? '' : wordOf(metric, value, params, walk.audit(frame, row).parts ?? {});
    // The array stays one of rows, so that scripts go on; its first row carries what is to be said of all.
    const said = lines.length === 0 && notes.length > 0 && { notes };
    if (json) lines.push(JSON.stringify({ time, value, reason, ...(word !== '' && { word }), ...said }));
    else lines.push(`${new Date(time).toISOString()}\t${reason ?? String(value)}${word === '' ? '' : `\t${word}`}`);
  }
  io.out(json ? `[\n${lines.join(',\n')}\n]` : lines.join('\n'));
  if (lines.length > 0) return 0;
  const [first = 0, last = 0] = [frame.time[0], frame.time.at(-1)];
  io.err(`No row lies in that range; they go from ${new Date(first).toISOString()} to ${new Date(last).toISOString()}.`);
  return 1;
}

function printExplanation({ metric, params }: MetricRequest, { frame, notes }: Read, at: number, io: Io): number {
  const row = frame.time.findLastIndex((time) => time <= at);
  if (row < 0) {
    io.err(`The first row is of ${new Date(frame.time[0] ?? 0).toISOString()}.`);
    return 1;
  }
  const found = explain(metric, params, frame, row, lapseOf(metric, frame, row, at));
  io.out(JSON.stringify({ ...found, notes: [...found.notes, ...notes] }, null, 2));
  return 0;
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
  return { frame: frames[on](), notes };
}

const hasNeighbours = (times: Float64Array, withinMs: number): boolean => times.some((t, i) => t - (times[i - 1] ?? -Infinity) <= withinMs);
