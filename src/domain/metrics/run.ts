import type { FrameKind, Frames } from './frames/frames.ts';
import { copyOf, type Kept } from './kept.ts';
import type { Metric, MetricColumns, Replayed, Step, StepAudit } from './metric.ts';
import { overdueReason } from './lapse.ts';
import { type Params } from './params.ts';
import { HAS_VALUE, reasonCode, type Reason } from './reason.ts';

/** Why the row in progress says nothing of now: its observation is too old, or the settlement before it is (domain 3, "Now, after a gap"). */
export type Lapsed = 'dead' | 'overdue';

/**
 * One metric over one series, a row at a time. The batch form is a loop over it, so live and replay are one number.
 * `value` is finite and never -0, or NaN with `reason` saying why.
 */
export class MetricRun<K extends FrameKind> {
  readonly #metric: Metric<K>;
  readonly #params: Params;
  readonly #kept: Kept;
  readonly #step: Step<Frames[K]>;
  readonly #codes: Readonly<Record<Lapsed, number>>;
  #why: Reason = 'out-of-range';
  #value = NaN;
  #reason = reasonCode('warming-up');
  #liveValue = NaN;
  #liveReason = reasonCode('warming-up');

  /** `params` come from resolveParams; `before`: another run of the same, from which this one goes on. */
  constructor(metric: Metric<K>, params: Params, before?: MetricRun<K>) {
    this.#metric = metric;
    this.#params = params;
    this.#kept = before === undefined ? metric.state(params) : copyOf(before.#kept);
    this.#codes = { dead: reasonCode('stale'), overdue: reasonCode(overdueReason(metric)) };
    this.#step = metric.start(
      params,
      (reason) => {
        this.#why = reason;
        return NaN;
      },
      this.#kept,
    );
    if (before === undefined) return;
    this.#value = before.#value;
    this.#reason = before.#reason;
    this.#liveValue = before.#liveValue;
    this.#liveReason = before.#liveReason;
  }

  /** Another one that goes on from here. */
  copy(): MetricRun<K> {
    return new MetricRun(this.#metric, this.#params, this);
  }

  /** At the last closed row. */
  get value(): number {
    return this.#value;
  }

  get reason(): number {
    return this.#reason;
  }

  /** The row in progress can change its value; else the last closed one stands. */
  get moves(): boolean {
    return this.#step.live !== undefined;
  }

  /** At the row in progress, as of the last `live`. */
  get liveValue(): number {
    return this.#liveValue;
  }

  get liveReason(): number {
    return this.#liveReason;
  }

  /** Takes in a row that has closed. */
  push(frame: Frames[K], row: number): void {
    this.#why = 'out-of-range';
    const value = this.#step.next(frame, row);
    const known = Number.isFinite(value);
    this.#value = known ? value + 0 : NaN;
    this.#reason = known ? HAS_VALUE : reasonCode(this.#why);
  }

  /** Looks at the row in progress; `lapsed` where it says nothing of now. */
  live(frame: Frames[K], row: number, lapsed: Lapsed | null = null): void {
    if (lapsed !== null || this.#step.live === undefined) {
      this.#liveValue = lapsed === null ? this.#value : NaN;
      this.#liveReason = lapsed === null ? this.#reason : this.#codes[lapsed];
      return;
    }
    this.#why = 'out-of-range';
    const value = this.#step.live(frame, row);
    const known = Number.isFinite(value);
    this.#liveValue = known ? value + 0 : NaN;
    this.#liveReason = known ? HAS_VALUE : reasonCode(this.#why);
  }

  audit(frame: Frames[K], row: number): StepAudit {
    return this.#step.audit?.(frame, row) ?? {};
  }
}

/** The metric at every row of the frame, which does not change any more; `params` come from resolveParams. */
export const evaluate = <K extends FrameKind>(metric: Metric<K>, params: Params, frame: Frames[K]): MetricColumns =>
  metric.replay === undefined ? walked(metric, params, frame) : settled(metric.replay(frame, params));

/** MetricRun.push at every row without the object around it: half of the time of a cheap metric. */
function walked<K extends FrameKind>(metric: Metric<K>, params: Params, frame: Frames[K]): MetricColumns {
  const code: { why: Reason } = { why: 'out-of-range' };
  const step = metric.start(
    params,
    (reason) => {
      code.why = reason;
      return NaN;
    },
    metric.state(params),
  );
  const rows = frame.time.length;
  const values = new Float64Array(rows);
  const reason = new Uint8Array(rows);
  for (let row = 0; row < rows; row++) {
    const value = step.next(frame, row);
    // Neither NaN nor infinite; never -0.
    if (value - value === 0) values[row] = value + 0;
    else {
      values[row] = NaN;
      reason[row] = reasonCode(value === value ? 'out-of-range' : code.why);
      code.why = 'out-of-range';
    }
  }
  return { value: values, reason };
}

function settled({ values, why }: Replayed): MetricColumns {
  const reason = new Uint8Array(values.length);
  for (let row = 0; row < values.length; row++) {
    const value = values[row]!;
    // Neither NaN nor infinite; never -0.
    if (value - value === 0) values[row] = value + 0;
    else {
      reason[row] = reasonCode(value === value ? 'out-of-range' : why(row));
      values[row] = NaN;
    }
  }
  return { value: values, reason };
}
