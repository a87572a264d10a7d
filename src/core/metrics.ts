import type { CallInput, CallOutput } from '#bridge/contract.ts';
import type { MetricChoice } from '#bridge/settings.ts';
import { UserError } from '#bridge/errors.ts';
import type { InstrumentId } from '#domain/instrument.ts';
import { explainLast } from '#domain/metrics/explain.ts';
import { firstAfter } from './frame-tail.ts';
import { resolveChoice } from './metric-choice.ts';
import { type MetricSource, readsSeen } from './metric-source.ts';
import { cellOf, ofSubject, walk, wordAt } from './metric-walk.ts';
import { stored } from './stored.ts';
import type { Turns } from './turns.ts';

/** Metrics as they are asked for: whole series and what one value came from. The stored history is replayed each time. */
export interface MetricAnswers {
  readonly series: (input: CallInput<'metrics.series'>) => Promise<CallOutput<'metrics.series'>>;
  readonly explain: (input: CallInput<'metrics.explain'>) => Promise<CallOutput<'metrics.explain'>>;
}

export function createMetricAnswers(turns: Turns, source: MetricSource): MetricAnswers {
  async function closedRows(id: InstrumentId, choice: MetricChoice) {
    const chosen = resolveChoice(choice);
    const feed = source.feed(chosen.metric.on, readsSeen(chosen.metric), id);
    const frame = ofSubject(await stored(feed.read(null, feed.closedTo())), id);
    return { chosen, feed, frame };
  }
  return {
    async series({ instrument: id, choice, from }) {
      const { chosen, feed, frame } = await closedRows(id, choice);
      const rows = frame.time.length;
      const value = new Float64Array(rows);
      const reason = new Uint8Array(rows);
      const run = await walk(chosen, frame, rows, turns.slice(), (row, at) => {
        value[row] = at.value;
        reason[row] = at.reason;
      });
      const start = from === null ? 0 : firstAfter(frame.time, from);
      const now = feed.live()(id);
      return {
        choice: { metric: chosen.metric.name, params: { ...chosen.params } },
        time: frame.time.slice(start),
        value: value.slice(start),
        reason: reason.slice(start),
        live: now && { time: now.at, ...cellOf(chosen, run, now, wordAt(chosen, run, frame, rows - 1)) },
      };
    },

    async explain({ instrument: id, choice, at }) {
      const { chosen, frame } = await closedRows(id, choice);
      const { metric, params } = chosen;
      const row = firstAfter(frame.time, at ?? Infinity) - 1;
      if (row < 0) throw new UserError('not-found', `Nothing that ${metric.title} rests on is stored of ${id} up to that time.`);
      const run = await walk(chosen, frame, row + 1, turns.slice());
      const { inputs, floors, notes, ...rest } = explainLast(metric, params, frame, row, run);
      return { ...rest, params: { ...params }, inputs: [...inputs], floors: [...floors], notes: [...notes] };
    },
  };
}
