import type { WatchRow } from '#bridge/contract.ts';
import type { Divergence } from '#bridge/series.ts';
import { KIND_GAP, KIND_INTERVAL_UNKNOWN, KIND_RUNNING } from '#domain/series.ts';
import { at, lowerBound, nearest } from '../../charts/decimate.ts';
import { HOUR_MS } from '#domain/time.ts';

/** Everything known about one moment of the chart; rates per hour, NaN where there is none. */
export interface Reading {
  readonly t: number;
  /** The hour in progress, not a closed one. */
  readonly isNow: boolean;
  readonly kind: 'settled' | 'running' | 'no data' | 'interval unknown';
  readonly f: number;
  readonly ema: number;
  readonly d: number;
  /** Where the rate rests; `isAssumed`: the interest of that time is not stored. */
  readonly neutral: number;
  readonly isAssumed: boolean;
  /** |D| over theta. */
  readonly ratio: number;
  readonly mark: number;
  readonly index: number;
  /** Side of a signal that was entered at this close, else 0. */
  readonly entered: number;
  /** A settlement at this hour: its rate per interval and its interval; late: it was learnt after the moment at which the window stands. */
  readonly settlement: { readonly rate: number; readonly intervalH: number; readonly isLate: boolean } | null;
}

/** The close nearest to t, or the running hour where t lies past the last close. */
export function reading(
  data: Divergence,
  row: Pick<WatchRow, 'f' | 'ema' | 'd' | 'neutralPerHour' | 'mark' | 'index' | 'observedAt'> | null,
  t: number,
  theta: number,
): Reading | null {
  const i = nearest(data.time, t);
  if (i < 0) return null;
  const close = at(data.time, i);
  if (
    row !== null &&
    row.f !== null &&
    row.observedAt !== null &&
    i === data.time.length - 1 &&
    t > (close + row.observedAt) / 2 &&
    row.observedAt > close
  ) {
    const d = row.d ?? Number.NaN;
    return {
      t: row.observedAt,
      isNow: true,
      kind: 'running',
      f: row.f,
      ema: row.ema ?? Number.NaN,
      d,
      neutral: row.neutralPerHour ?? Number.NaN,
      isAssumed: false,
      ratio: Math.abs(d) / theta,
      mark: row.mark ?? Number.NaN,
      index: row.index ?? Number.NaN,
      entered: 0,
      settlement: null,
    };
  }
  const kind = data.kind[i];
  const d = at(data.d, i);
  const entry = lowerBound(data.entryAt, close);
  const settled = lowerBound(data.settledAt, close - HOUR_MS / 2);
  const hasSettlement = settled < data.settledAt.length && Math.abs(at(data.settledAt, settled) - close) <= HOUR_MS / 12;
  return {
    t: close,
    isNow: false,
    kind:
      kind === KIND_RUNNING ? 'running' : kind === KIND_GAP ? 'no data' : kind === KIND_INTERVAL_UNKNOWN ? 'interval unknown' : 'settled',
    f: at(data.f, i),
    ema: at(data.ema, i),
    d,
    neutral: at(data.neutral, i),
    isAssumed: data.neutralAssumed[i] === 1,
    ratio: Math.abs(d) / theta,
    mark: at(data.mark, i),
    index: at(data.index, i),
    entered: entry < data.entryAt.length && at(data.entryAt, entry) === close ? at(data.entrySide, entry) : 0,
    settlement: hasSettlement
      ? { rate: at(data.settledRate, settled), intervalH: at(data.settledIntervalH, settled), isLate: data.settledLate[settled] === 1 }
      : null,
  };
}

/** Rate per hour of another instrument at what is read: at the same close, or the one of now; NaN where there is none. */
export function otherAt(data: Divergence | undefined, row: Pick<WatchRow, 'f'> | null, { t, isNow }: Pick<Reading, 't' | 'isNow'>): number {
  if (isNow && row !== null) return row.f ?? Number.NaN;
  if (data === undefined) return Number.NaN;
  const i = lowerBound(data.time, t);
  return i < data.time.length && at(data.time, i) === t ? at(data.f, i) : Number.NaN;
}
