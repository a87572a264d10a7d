import type { FrameKind, Frames } from './frames/frames.ts';
import type { Params, ParamSpecs, ParamValues } from './params.ts';
import type { Kept } from './kept.ts';
import type { Reason } from './reason.ts';

/** What a value is; it decides how the screen writes it. Only 'rate-per-hour' follows the app's unit toggle. */
export type MetricUnit =
  | 'rate-per-hour'
  | 'rate-per-interval'
  /** Settled rates added up. */
  | 'rate-sum'
  | 'rate-per-year'
  /** A relative difference of prices, or a share. */
  | 'fraction'
  | 'ratio'
  | 'score'
  /** Share of the window below the value, 0 to 1. */
  | 'percent-rank'
  | 'hours'
  | 'count'
  | 'money'
  | 'label';

/** The rows that a value rests on; `t` is the row's own time. */
export interface MetricWindow {
  /** Rows of the frame, or a stretch of time in hours. */
  readonly length: number;
  readonly of: 'rows' | 'hours';
  /** What must be there before the first result: values, or hours that settlements cover. */
  readonly need: number;
  readonly needOf?: 'hours';
  readonly t: 'included' | 'excluded';
}

/** A value that was held against a limit. */
export interface FloorCheck {
  readonly name: string;
  readonly floor: number;
  readonly value: number;
}

/** What a step knows of the row it has just taken in, for the person who asks about the value. */
export interface StepAudit {
  /** Values used. */
  readonly n?: number;
  /** Time of the first row used, where that may be less than the window (after a restart). */
  readonly from?: number;
  /** Of a group: instruments that the value is made of. */
  readonly instruments?: number;
  /** The value is measured from these columns of so many rows before. */
  readonly earlier?: { readonly inputs: readonly string[]; readonly rows: number };
  readonly floors?: readonly FloorCheck[];
  readonly parts?: Readonly<Record<string, number>>;
  readonly notes?: readonly string[];
}

/** Says that there is no value and why; its result is what a step returns. */
export type No = (reason: Reason) => number;

/** One run of the maths: the only place where it is written. Keeps what it needs of the past itself. */
export interface Step<F> {
  /** Takes in the row, which has closed; returns the value at it or `no(reason)`. */
  next(frame: F, row: number): number;
  /** The value if the row (still in progress) closed as it is; changes nothing. Absent: the last closed value stands. */
  live?(frame: F, row: number): number;
  /** About the row of the last `next`. */
  audit?(frame: F, row: number): StepAudit;
}

/** A metric at every row of a frame: `values`, a column of its own, are NaN where there is none; `why` says the reason of such a row. */
export interface Replayed {
  readonly values: Float64Array;
  readonly why: (row: number) => Reason;
}

export interface MetricColumns {
  /** NaN where there is none; never Infinity, never -0. */
  readonly value: Float64Array;
  /** HAS_VALUE or the code of the reason. */
  readonly reason: Uint8Array;
}

interface About<K extends FrameKind> {
  /** kebab-case, unique, never changed once released. */
  readonly name: string;
  readonly title: string;
  /** One line: what it tells a trader. */
  readonly says: string;
  readonly unit: MetricUnit;
  /** The frame whose rows it walks. */
  readonly on: K;
  /** Columns of the frame that it reads. */
  readonly inputs: readonly InputName<K>[];
  readonly formula: string;
  readonly source: string;
  /** On a group: the value belongs to the leg that is asked about. Absent: to the group, so once is enough for all its legs. */
  readonly ofLeg?: true;
  /** It foretells a settlement: the screen shows it only beside how well settlements were foretold (`forecast-record.ts`). */
  readonly foretells?: true;
  /** Words of a label's values. */
  readonly labels?: Readonly<Record<number, string>>;
}

/** A metric as its file writes it. */
export interface Definition<K extends FrameKind, P extends ParamSpecs, S extends Kept> extends About<K> {
  readonly params: P;
  /** Absent: the value rests on its own row alone. */
  readonly window?: (params: ParamValues<P>) => MetricWindow;
  /** What the value is called at this size ("overbought: price fell"); empty where it has no name. */
  readonly word?: (value: number, params: ParamValues<P>, parts: Readonly<Record<string, number>>) => string;
  /** What a run keeps of the rows before, as they begin. Absent: nothing. */
  readonly state?: (params: ParamValues<P>) => S;
  readonly start: (params: ParamValues<P>, no: No, kept: S) => Step<Frames[K]>;
  /**
   * The same for a frame that is known as a whole, column by column. For metrics that are dear one row at a time; equal to
   * them bit for bit (the registry's property tests hold it to that).
   */
  readonly replay?: (frame: Frames[K], params: ParamValues<P>) => Replayed;
}

/** A metric as everything else sees it: the types of its own parameters are behind it. */
export interface Metric<K extends FrameKind = FrameKind> extends About<K> {
  readonly params: ParamSpecs;
  readonly window: (params: Params) => MetricWindow | null;
  readonly word: (value: number, params: Params, parts: Readonly<Record<string, number>>) => string;
  /** Some of its values are called something. */
  readonly named: boolean;
  /** What a run keeps of the rows before: of one that has taken in nothing yet. */
  readonly state: (params: Params) => Kept;
  /** `kept` is that, or what another run of the same metric and parameters keeps (`copyOf`): then it goes on from there. */
  readonly start: (params: Params, no: No, kept: Kept) => Step<Frames[K]>;
  replay?(frame: Frames[K], params: Params): Replayed;
}

export type InputName<K extends FrameKind> = {
  hour: 'f' | 'mark' | 'index' | 'openInterest' | 'premium' | 'settledAt';
  bar: 'f';
  settlement: 'rate' | 'intervalH' | 'mark' | 'index' | 'premium' | 'seen60' | 'seen15' | 'seen5';
  asset: 'f' | 'index' | 'usd';
  basket: 'f' | 'usd';
  book: 'bids' | 'asks';
}[K];

export function defineMetric<K extends FrameKind, const P extends ParamSpecs, S extends Kept = Kept>(
  definition: Definition<K, P, S>,
): Metric<K> {
  const { window, word, state, start, replay, ...about } = definition;
  // `resolveParams` has checked the values against these very specs before they come here.
  const typed = (params: Params): ParamValues<P> => params as ParamValues<P>;
  return {
    ...about,
    window: (params) => window?.(typed(params)) ?? null,
    word: (value, params, parts) => word?.(value, typed(params), parts) ?? '',
    named: word !== undefined || definition.labels !== undefined,
    state: (params) => state?.(typed(params)) ?? {},
    // A run is given what this very metric made.
    start: (params, no, kept) => start(typed(params), no, kept as S),
    ...(replay && { replay: (frame: Frames[K], params: Params) => replay(frame, typed(params)) }),
  };
}
