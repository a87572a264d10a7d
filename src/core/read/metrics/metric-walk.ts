import type { MetricCell } from '#bridge/contract.ts';
import type { InstrumentId } from '#domain/instrument.ts';
import { wordOf } from '#domain/metrics/explain.ts';
import type { FrameKind, Frames } from '#domain/metrics/frames/frames.ts';
import { reasonOf } from '#domain/metrics/reason.ts';
import { type MetricRun } from '#domain/metrics/run.ts';
import type { Chosen } from './metric-choice.ts';
import type { FrameBlock } from './metric-frames.ts';
import type { LiveRow } from './metric-live.ts';
import type { Slice } from '../../shared-thread.ts';

type Frame = Frames[FrameKind];
/** Rows between two checks of the clock. */
const STRIDE = 32;

/** The frame as one of its instruments sees it: a group knows who is asked about. */
export const ofSubject = (frame: Frame, id: InstrumentId): Frame =>
  'legs' in frame ? { ...frame, subject: frame.legs.findIndex((leg) => leg.instrument.id === id) } : frame;

/** Takes in the block's rows as `evaluate` does it, but the thread is shared. */
export async function walkBlock(
  run: MetricRun<FrameKind>,
  frame: Frame,
  { first, end }: Omit<FrameBlock, 'frame'>,
  slice: Slice,
  see?: (row: number) => void,
): Promise<void> {
  for (let row = first; row < end; row++) {
    run.push(frame, row);
    see?.(row);
    if (row % STRIDE === STRIDE - 1 && slice.over()) await slice.pause();
  }
}

/** What the last closed value is called. */
export const wordAt = ({ metric, params }: Chosen, run: MetricRun<FrameKind>, frame: Frame, row: number): string =>
  !metric.named || Number.isNaN(run.value) ? '' : wordOf(metric, run.value, params, run.audit(frame, row).parts ?? {});

/** What the value of the row in progress is called; empty where there is none. */
export function wordNow({ metric, params }: Chosen, run: MetricRun<FrameKind>, frame: Frame, row: number, closedWord: string): string {
  const value = run.liveValue;
  if (!metric.named || Number.isNaN(value)) return '';
  // A metric without a value between closes keeps the closed one, and its word.
  return Object.is(value, run.value) ? closedWord : wordOf(metric, value, params, run.audit(frame, row).parts ?? {});
}

/** What is shown of the row in progress: its value, or why there is none. */
export function cellOf(chosen: Chosen, run: MetricRun<FrameKind>, { frame, row, lapsed }: LiveRow, closedWord: string): MetricCell {
  run.live(frame, row, lapsed);
  const reason = reasonOf(run.liveReason);
  return { value: reason === null ? run.liveValue : null, reason, word: wordNow(chosen, run, frame, row, closedWord) };
}
