import type { CallInput, CallOutput, MetricSeries } from '#bridge/contract.ts';
import { UserError } from '#bridge/errors.ts';
import { explainLast } from '#domain/metrics/explain.ts';
import type { FrameKind, Frames } from '#domain/metrics/frames/frames.ts';
import type { InstrumentId } from '#domain/instrument.ts';
import { resolveChoice } from './metric-choice.ts';
import { cellOf, walk, wordAt } from './metric-columns.ts';
import type { FrameQuery } from './metric-frames.ts';
import type { LiveRow } from './metric-live.ts';
import type { Turns } from './turns.ts';

export interface MetricOptions {
  readonly turns: Turns;
  readonly frame: (query: FrameQuery) => Promise<Frames[FrameKind]>;
  closedTo(on: FrameKind, id: InstrumentId): number;
  live(on: FrameKind, id: InstrumentId): LiveRow | null;
}

/** Metrics as they are asked for: whole series and what one value came from. The stored history is replayed each time. */
export interface MetricAnswers {
  series(input: CallInput<'metrics.series'>): Promise<MetricSeries>;
  explain(input: CallInput<'metrics.explain'>): Promise<CallOutput<'metrics.explain'>>;
}

export function createMetricAnswers({ turns, frame: frameOf, closedTo, live }: MetricOptions): MetricAnswers {
  return {
    async series({ instrument: id, choice, from }) {
      const chosen = resolveChoice(choice);
      const { metric, params } = chosen;
      const frame = await frameOf({ on: metric.on, inputs: metric.inputs, id, to: closedTo(metric.on, id) });
      const slice = turns.slice();
      const rows = frame.time.length;
      const value = new Float64Array(rows);
      const reason = new Uint8Array(rows);
      let start = 0;
      const run = await walk(chosen, frame, rows, slice, (row, at) => {
        value[row] = at.value;
        reason[row] = at.reason;
        if (from !== null && frame.time[row]! <= from) start = row + 1;
      });
      const now = live(metric.on, id);
      return {
        choice: { metric: metric.name, params: { ...params } },
        time: frame.time.slice(start),
        value: value.slice(start),
        reason: reason.slice(start),
        live: now === null ? null : { time: now.at, ...cellOf(chosen, run, now, wordAt(chosen, run, frame, rows - 1)) },
      };
    },

    async explain({ instrument: id, choice, at }) {
      const chosen = resolveChoice(choice);
      const { metric, params } = chosen;
      const frame = await frameOf({ on: metric.on, inputs: metric.inputs, id, to: closedTo(metric.on, id) });
      let row = frame.time.length - 1;
      while (at !== null && row >= 0 && frame.time[row]! > at) row--;
      if (row < 0) throw new UserError('not-found', `Nothing that ${metric.title} rests on is stored of ${id} up to that time.`);
      const run = await walk(chosen, frame, row + 1, turns.slice());
      const { inputs, floors, notes, ...rest } = explainLast(metric, params, frame, row, run);
      return { ...rest, params: { ...params }, inputs: [...inputs], floors: [...floors], notes: [...notes] };
    },
  };
}
