import { KIND_RUNNING, KIND_STEP } from '../series.ts';
import { MINUTE_MS } from '../time.ts';
import {
  LEG_EXCLUDED,
  LEG_UNCONFIRMED,
  PREMIUM_OF_ROW,
  PRICE_CANDLE,
  PRICE_OBSERVED,
  PRICE_OF_ROW,
  type FrameKind,
  type Frames,
  type GroupFrame,
  type HourFrame,
  type SettlementFrame,
} from './frames/frames.ts';
import type { StepAudit } from './metric.ts';

export type InputSource =
  'running rate' | 'settlement' | 'observed' | 'candle' | 'given with the settlement' | 'stored' | 'order book' | 'not known';

export interface ExplainedInput {
  /** Of a group "binance:BTCUSDT f"; of the earlier row that the value is measured from "mark before". */
  readonly name: string;
  /** Null: not known, or not one number (a book). */
  readonly value: number | null;
  readonly source: InputSource;
  /** When it was observed or settled, as far as that is kept; else the close of its row. */
  readonly time: number | null;
}

export const isGroup = (frame: Frames[FrameKind]): frame is GroupFrame => 'legs' in frame;

type Column = Float64Array | undefined;
/** A column by its name. */
export const columnOf = (frame: object, name: string): Column => {
  const column: unknown = (frame as Record<string, unknown>)[name];
  return column instanceof Float64Array ? column : undefined;
};

/** What the row was given, and the earlier row that it is measured from. */
export function explainedInputs(
  metricInputs: readonly string[],
  frame: Frames[FrameKind],
  row: number,
  { earlier }: StepAudit,
): ExplainedInput[] {
  const time = frame.time[row]!;
  if (isGroup(frame)) {
    return frame.legs.flatMap((leg) =>
      metricInputs.map((name) => {
        const [source, at] = name === 'f' ? [rateSource(leg, row), leg.observation[row]!] : (['stored', time] as const);
        return input(`${leg.instrument.id} ${name}`, columnOf(leg, name)?.[row] ?? NaN, source, at);
      }),
    );
  }
  if ('books' in frame) return metricInputs.map((name) => ({ name, value: null, source: 'order book', time }));
  const of = (name: string, at: number): [value: number, source: InputSource, time: number] => [
    columnOf(frame, name)?.[at] ?? NaN,
    sourceOf(frame, name, at),
    timeOf(frame, name, at),
  ];
  const before = earlier === undefined ? [] : earlier.inputs.map((name) => input(`${name} before`, ...of(name, row - earlier.rows)));
  return [...metricInputs.map((name) => input(name, ...of(name, row))), ...before];
}

const input = (name: string, value: number, source: InputSource, time: number): ExplainedInput =>
  Number.isFinite(value)
    ? { name, value: value + 0, source, time: Number.isNaN(time) ? null : time }
    : { name, value: null, source: 'not known', time: null };

const rateSource = ({ kind }: Pick<HourFrame, 'kind'>, row: number): InputSource =>
  kind[row] === KIND_RUNNING ? 'running rate' : kind[row] === KIND_STEP ? 'settlement' : 'not known';

const PRICE_SOURCES: Readonly<Record<number, InputSource>> = {
  [PRICE_OBSERVED]: 'observed',
  [PRICE_CANDLE]: 'candle',
  [PRICE_OF_ROW]: 'given with the settlement',
};
const isSeen = (name: string): boolean => name.startsWith('seen');

export function sourceOf(frame: HourFrame | SettlementFrame, name: string, row: number): InputSource {
  if ('kind' in frame) {
    if (name === 'f') return rateSource(frame, row);
    if (name === 'settledAt') return 'settlement';
    if (name === 'premium') return 'observed';
    // Of an hour that no poll saw it is a file's.
    if (name === 'openInterest') return frame.coverage[row]! > 0 || frame.priceOrigin[row] === PRICE_OBSERVED ? 'observed' : 'stored';
    return PRICE_SOURCES[frame.priceOrigin[row] ?? -1] ?? 'stored';
  }
  if (name === 'rate' || name === 'intervalH') return 'settlement';
  if (isSeen(name)) return 'running rate';
  if (name === 'premium') return frame.premiumOrigin[row] === PREMIUM_OF_ROW ? 'given with the settlement' : 'observed';
  const origin = name === 'mark' ? frame.markOrigin : name === 'index' ? frame.indexOrigin : null;
  return PRICE_SOURCES[origin?.[row] ?? -1] ?? 'stored';
}

/** A rate as seen some minutes before the settlement is of that moment. */
function timeOf(frame: HourFrame | SettlementFrame, name: string, row: number): number {
  if (name === 'f' && 'kind' in frame) return frame.observation[row]!;
  if (name === 'settledAt' && 'settledAt' in frame) return frame.settledAt[row]!;
  const time = frame.time[row] ?? NaN;
  return isSeen(name) ? time - Number(name.slice('seen'.length)) * MINUTE_MS : time;
}

/** Which instruments of a group have no say, and why. */
export function leftOut(metricInputs: readonly string[], frame: Frames[FrameKind], row: number): string[] {
  if (!isGroup(frame)) return [];
  const named = (what: string, out: readonly GroupFrame['legs'][number][]): string[] =>
    out.length === 0 ? [] : [`${what}: ${out.map((leg) => leg.instrument.id).join(', ')}`];
  const standing = (code: number) => frame.legs.filter((leg) => leg.standing[row] === code);
  const withoutInterest = frame.legs.filter(({ f, usd }) => !Number.isNaN(f[row]!) && !(usd[row]! > 0));
  return [
    ...named("left out, its price is not this coin's", standing(LEG_EXCLUDED)),
    ...named('unconfirmed, the two prices differ too much to be one coin', standing(LEG_UNCONFIRMED)),
    ...(metricInputs.includes('usd') ? named('left out, no open interest in USD is known', withoutInterest) : []),
  ];
}
