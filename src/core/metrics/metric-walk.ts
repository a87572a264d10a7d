import type { MetricCell } from '#bridge/contract.ts';
import type { InstrumentId } from '#domain/instrument.ts';
import { wordOf } from '#domain/metrics/explain.ts';
import type { FrameKind, Frames } from '#domain/metrics/frames/frames.ts';
import { reasonOf } from '#domain/metrics/reason.ts';
import { type MetricRun } from '#domain/metrics/run.ts';
import type { Chosen } from './metric-choice.ts';
import type { FrameBlock } from './metric-frames.ts';
import type { LiveRow } from './metric-live.ts';
import type { Slice } from '../turns.ts';

type Frame = Frames[FrameKind];
/** Rows between two looks at the clock. */
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

/** What is shown now: the value of the row in progress, or why there is none. `before` itself where nothing changed. */
export function cellOf(
  { metric, params }: Chosen,
  run: MetricRun<FrameKind>,
  live: LiveRow | null,
  closedWord: string,
  before?: MetricCell,
): MetricCell {
  if (live !== null) run.live(live.frame, 0, live.stale);
  const reason = live === null ? 'gap' : reasonOf(run.liveReason);
  const value = reason === null ? run.liveValue : null;
  let word = '';
  if (metric.named && live !== null && value !== null) {
    // A metric without a value between closes keeps the closed one, and its word.
    word = Object.is(value, run.value) ? closedWord : wordOf(metric, value, params, run.audit(live.frame, 0).parts ?? {});
  }
  return before?.value === value && before.reason === reason && before.word === word ? before : { value, reason, word };
}
