import type { CallInput, CallOutput } from '#bridge/contract.ts';
import { UserError } from '#bridge/errors.ts';
import type { MetricChoice } from '#bridge/settings.ts';
import type { InstrumentId } from '#domain/instrument.ts';
import { type Explanation, explainLast } from '#domain/metrics/explain.ts';
import type { FrameKind, Frames } from '#domain/metrics/frames/frames.ts';
import { MetricRun } from '#domain/metrics/run.ts';
import { lapseOf, lapsesAt, overdueReason } from '#domain/metrics/lapse.ts';
import { reasonCode } from '#domain/metrics/reason.ts';
import { firstAfter, rowsWithin } from './frame-tail.ts';
import { type Chosen, resolveChoice } from './metric-choice.ts';
import { disagreement } from '../../interval-words.ts';
import { emptyRow } from './metric-frames.ts';
import type { Observation } from './metric-live.ts';
import type { MetricSource } from './metric-source.ts';
import { cellOf, ofSubject, walkBlock, wordAt } from './metric-walk.ts';
import { fromHistory } from '../../from-history.ts';
import type { SharedThread } from '../../shared-thread.ts';
import { thinnedNotes } from '../thinned-words.ts';

/** Metrics as they are asked for: whole series and what one value came from, over the rows as they were read last (`kept-rows.ts`). */
export interface MetricAnswers {
  readonly series: (input: CallInput<'metrics.series'>) => Promise<CallOutput<'metrics.series'>>;
  readonly explain: (input: CallInput<'metrics.explain'>) => Promise<CallOutput<'metrics.explain'>>;
}

export function createMetricAnswers(thread: SharedThread, source: MetricSource): MetricAnswers {
  async function open(id: InstrumentId, choice: MetricChoice, list: string | null) {
    const chosen = resolveChoice(choice);
    const feed = source.feed(chosen, id, list);
    const to = feed.closedTo();
    const rows = await fromHistory(feed.read(null, to));
    const intervalH = source.moment()(id).intervalH;
    return { chosen, feed, rows, to, intervalH, run: new MetricRun<FrameKind>(chosen.metric, chosen.params), slice: thread.slice() };
  }
  return {
    async series({ instrument: id, choice, list, from }) {
      const { chosen, feed, rows, to, intervalH, run, slice } = await open(id, choice, list);
      const overdue = reasonCode(overdueReason(chosen.metric));
      const times: number[] = [];
      const values: number[] = [];
      const reasons: number[] = [];
      let word = '';
      /** The settlement before, and its interval. */
      let [key, keyH] = [NaN, NaN];
      /** Where a settlement is overdue before `until`, a row says that what the one before it told no longer stands. */
      const lapse = (until: number, knownH: number): void => {
        const at = lapsesAt(key, keyH, knownH);
        if (!(at <= until)) return;
        times.push(at);
        values.push(NaN);
        reasons.push(overdue);
      };
      for (const block of rows.blocks()) {
        const frame = ofSubject(block.frame, id);
        await walkBlock(run, frame, block, slice, (row) => {
          if ('rate' in frame) {
            lapse((frame.time[row] ?? NaN) - 1, frame.intervalH[row] ?? NaN);
            [key, keyH] = [frame.time[row] ?? NaN, frame.intervalH[row] ?? NaN];
          }
          times.push(frame.time[row] ?? NaN);
          values.push(run.value);
          reasons.push(run.reason);
        });
        if (block.end > block.first) word = wordAt(chosen, run, frame, block.end - 1);
        if (slice.over()) await slice.pause();
      }
      lapse(to, intervalH);
      const time = Float64Array.from(times);
      const start = from === null ? 0 : firstAfter(time, from);
      const now = feed.live(source.moment(), rows.lead);
      return {
        choice: { metric: chosen.metric.name, params: { ...chosen.params } },
        time: time.slice(start),
        value: Float64Array.from(values.slice(start)),
        reason: Uint8Array.from(reasons.slice(start)),
        live: now && { time: now.at, ...cellOf(chosen, run, now, word) },
        notes: thinnedNotes(rows.thinned, chosen.metric.on, from ?? undefined),
      };
    },

    async explain({ instrument: id, choice, list, at }) {
      const { chosen, feed, rows, to, intervalH, run, slice } = await open(id, choice, list);
      const { metric, params } = chosen;
      const until = Math.min(at ?? Infinity, to);
      const now = source.moment();
      const doubts = until < to ? [] : feed.ids().flatMap((leg) => doubtOf(now(leg)));
      const asked = rows.ending(until, metric.window(params) ?? { length: 1, of: 'rows' });
      if (asked === null && at !== null)
        throw new UserError('not-found', `Nothing that ${metric.title} rests on is stored of ${id} up to that time.`);
      if (asked === null) return answered(explainNothing(chosen, ofSubject(emptyRow(feed.kind, feed.legs(), until), id)), doubts);
      for (const block of rows.blocks()) {
        const { first, end } = rowsWithin(block.frame, -Infinity, until);
        await walkBlock(run, ofSubject(block.frame, id), { first: Math.max(first, block.first), end: Math.min(end, block.end) }, slice);
        if (slice.over()) await slice.pause();
      }
      const frame = ofSubject(asked.frame, id);
      const newest = asked.end - 1;
      const lapse = lapseOf(metric, frame, newest, until, until === to ? intervalH : NaN, until === to);
      const found = explainLast(metric, params, frame, newest, run, lapse);
      return answered(found, [...doubts, ...thinnedNotes(rows.thinned, metric.on, found.window?.from, until)]);
    },
  };
}

/** Where settlements refute what the venue says of its interval. */
function doubtOf({ instrument, snapshot }: Observation): string[] {
  const text = snapshot === null ? null : disagreement(instrument.venue, snapshot);
  return text === null ? [] : [text];
}

const answered = ({ params, inputs, floors, notes, ...rest }: Explanation, doubts: readonly string[]): CallOutput<'metrics.explain'> => ({
  ...rest,
  params: { ...params },
  inputs: [...inputs],
  floors: [...floors],
  notes: [...doubts, ...notes],
});

/** Nothing that the metric rests on is stored up to that time: it says what it needs. */
function explainNothing({ metric, params }: Chosen, frame: Frames[FrameKind]): Explanation {
  const run = new MetricRun<FrameKind>(metric, params);
  // A settlement that never was is no row.
  if (!('rate' in frame)) run.push(frame, 0);
  return explainLast(metric, params, frame, 0, run);
}
