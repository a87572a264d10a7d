import type { MetricCell } from '#bridge/contract.ts';
import type { FrameKind, Frames } from '#domain/metrics/frames/frames.ts';
import { HAS_VALUE, reasonCode, reasonOf } from '#domain/metrics/reason.ts';
import { type Lapsed, MetricRun } from '#domain/metrics/run.ts';
import { readsOf } from './live-bits.ts';
import type { Chosen } from './metric-choice.ts';
import { feedKind, type FeedKind } from './metric-frames.ts';
import { wordNow } from './metric-walk.ts';

export const WAITING: MetricCell = { value: null, reason: 'waiting', word: '' };
/** Beside the codes of reasons. */
const NOT_YET = 255;
const GAP = reasonCode('gap');

/** One chosen metric over all watched instruments: what looks at their rows in progress, and what it said last, by place. */
export class MetricColumn {
  readonly chosen: Chosen;
  readonly kind: FeedKind;
  /** Bits of what its value changes with. */
  readonly reads: number;
  /** The value is that of the group: one run is enough for all its instruments. */
  readonly isOfGroup: boolean;
  /** Several instruments of one line have a value each. */
  readonly isOfLeg: boolean;
  /** Of a metric that keeps nothing of the rows before and looks at the row in progress: it is that of all instruments. */
  readonly shared: MetricRun<FrameKind> | null;
  /** Those that have taken in the closed rows; null: not yet, or they are just doing it. */
  readonly #runs: (MetricRun<FrameKind> | null)[] = [];
  /** What the last closed values are called; that stands where a metric has no value between closes. */
  readonly #closedWords: string[] = [];
  #values = new Float64Array(0);
  #reasons = new Uint8Array(0);
  readonly #words: string[] = [];

  /** `list`: what one over a basket compares within. */
  constructor(chosen: Chosen, list: string | null) {
    const { metric, params } = chosen;
    this.chosen = chosen;
    const run = this.newRun();
    this.kind = feedKind(metric, params, list);
    this.reads = readsOf(metric, run.moves);
    const isGroup = metric.on === 'asset' || metric.on === 'basket';
    this.isOfGroup = isGroup && metric.ofLeg !== true;
    this.isOfLeg = isGroup && metric.ofLeg === true;
    this.shared = run.moves && !this.needsPast ? run : null;
  }

  /** A run that has taken in nothing yet. */
  newRun(): MetricRun<FrameKind> {
    return new MetricRun<FrameKind>(this.chosen.metric, this.chosen.params);
  }

  get needsPast(): boolean {
    return this.chosen.metric.window(this.chosen.params) !== null;
  }

  /** There are so many places; cells of new ones wait. */
  fit(places: number): void {
    if (places <= this.#reasons.length) return;
    const [values, reasons] = [this.#values, this.#reasons];
    this.#values = new Float64Array(2 * places);
    this.#reasons = new Uint8Array(2 * places).fill(NOT_YET);
    this.#values.set(values);
    this.#reasons.set(reasons);
    while (this.#runs.length < this.#reasons.length) {
      this.#runs.push(null);
      this.#closedWords.push('');
      this.#words.push('');
    }
  }

  /** The cell waits. */
  reset(place: number): void {
    this.#runs[place] = null;
    this.#say(place, NaN, NOT_YET, '');
  }

  /** It is not looked at until the run is back. */
  take(place: number): void {
    this.#runs[place] = null;
  }

  /** The run has taken in all closed rows; true where none looked before. */
  give(place: number, run: MetricRun<FrameKind>, closedWord: string): boolean {
    const isNew = (this.#runs[place] ?? null) === null;
    this.#runs[place] = run;
    this.#closedWords[place] = closedWord;
    return isNew;
  }

  cell(place: number): MetricCell {
    const code = this.#reasons[place] ?? NOT_YET;
    if (code === NOT_YET) return WAITING;
    const value = this.#values[place] ?? null;
    return { value: code === HAS_VALUE ? value : null, reason: reasonOf(code), word: this.#words[place] ?? '' };
  }

  /** LiveCells at the row in progress (null: nothing of it is polled); true where the cell is another one now. */
  evaluate(place: number, frame: Frames[FrameKind] | null, row: number, lapsed: Lapsed | null): boolean {
    const run = this.#runs[place] ?? null;
    if (run === null) return false;
    if (frame === null) return this.#say(place, NaN, GAP, '');
    run.live(frame, row, lapsed);
    const word = this.chosen.metric.named ? wordNow(this.chosen, run, frame, row, this.#closedWords[place] ?? '') : '';
    return this.#say(place, run.liveValue, run.liveReason, word);
  }

  /** What was just said of one instrument of the group is said of another. */
  repeat(place: number, first: number): boolean {
    const run = this.#runs[place] ?? null;
    return run !== null && this.#say(place, this.#values[first] ?? NaN, this.#reasons[first] ?? NOT_YET, this.#words[first] ?? '');
  }

  #say(place: number, value: number, reason: number, word: string): boolean {
    const before = this.#values[place] ?? NaN;
    const sameValue = before === value || (before !== before && value !== value);
    if (sameValue && this.#reasons[place] === reason && this.#words[place] === word) return false;
    this.#values[place] = value;
    this.#reasons[place] = reason;
    this.#words[place] = word;
    return true;
  }
}
