import type { CallInput, CallOutput } from '#bridge/contract.ts';
import type { MetricChoice } from '#bridge/settings.ts';
import { UserError } from '#bridge/errors.ts';
import type { InstrumentId } from '#domain/instrument.ts';
import { explainLast } from '#domain/metrics/explain.ts';
import type { FrameKind } from '#domain/metrics/frames/frames.ts';
import { MetricRun } from '#domain/metrics/run.ts';
import { firstAfter, rowsWithin } from './frame-tail.ts';
import { resolveChoice } from './metric-choice.ts';
import type { MetricSource } from './metric-source.ts';
import { cellOf, ofSubject, walkBlock, wordAt } from './metric-walk.ts';
import { stored } from '../stored.ts';
import type { Turns } from '../turns.ts';

/** Metrics as they are asked for: whole series and what one value came from. The stored history is replayed each time. */
export interface MetricAnswers {
  readonly series: (input: CallInput<'metrics.series'>) => Promise<CallOutput<'metrics.series'>>;
  readonly explain: (input: CallInput<'metrics.explain'>) => Promise<CallOutput<'metrics.explain'>>;
}

export function createMetricAnswers(turns: Turns, source: MetricSource): MetricAnswers {
  async function open(id: InstrumentId, choice: MetricChoice) {
    const chosen = resolveChoice(choice);
    const feed = source.feed(chosen, id);
    const to = feed.closedTo();
    const rows = await stored(feed.read(null, to));
    return { chosen, feed, rows, to, run: new MetricRun<FrameKind>(chosen.metric, chosen.params), slice: turns.slice() };
  }
  return {
    async series({ instrument: id, choice, from }) {
      const { chosen, feed, rows, run, slice } = await open(id, choice);
      const times: number[] = [];
      const values: number[] = [];
      const reasons: number[] = [];
      let word = '';
      for (const block of rows.blocks()) {
        const frame = ofSubject(block.frame, id);
        await walkBlock(run, frame, block, slice, (row) => {
          times.push(frame.time[row] ?? NaN);
          values.push(run.value);
          reasons.push(run.reason);
        });
        if (block.end > block.first) word = wordAt(chosen, run, frame, block.end - 1);
        if (slice.over()) await slice.pause();
      }
      const time = Float64Array.from(times);
      const start = from === null ? 0 : firstAfter(time, from);
      const now = feed.live(source.moment(), rows.lastDay);
      return {
        choice: { metric: chosen.metric.name, params: { ...chosen.params } },
        time: time.slice(start),
        value: Float64Array.from(values.slice(start)),
        reason: Uint8Array.from(reasons.slice(start)),
        live: now && { time: now.at, ...cellOf(chosen, run, now, word) },
      };
    },

    async explain({ instrument: id, choice, at }) {
      const { chosen, rows, to, run, slice } = await open(id, choice);
      const { metric, params } = chosen;
      const until = Math.min(at ?? Infinity, to);
      const asked = rows.ending(until, metric.window(params) ?? { length: 1, of: 'rows' });
      if (asked === null) throw new UserError('not-found', `Nothing that ${metric.title} rests on is stored of ${id} up to that time.`);
      for (const block of rows.blocks()) {
        const { first, end } = rowsWithin(block.frame, -Infinity, until);
        await walkBlock(run, ofSubject(block.frame, id), { first: Math.max(first, block.first), end: Math.min(end, block.end) }, slice);
        if (slice.over()) await slice.pause();
      }
      const { inputs, floors, notes, ...rest } = explainLast(metric, params, ofSubject(asked.frame, id), asked.end - 1, run);
      return { ...rest, params: { ...params }, inputs: [...inputs], floors: [...floors], notes: [...notes] };
    },
  };
}
