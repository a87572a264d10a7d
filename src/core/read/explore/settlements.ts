import type { ExploredSettlements } from '#bridge/explore.ts';
import type { InstrumentId } from '#domain/instrument.ts';
import { HOUR_MS } from '#domain/time.ts';
import type { AsOf, HistoryStore } from '../../ports/history.ts';

export interface SettlementsQuestion {
  readonly instrument: InstrumentId;
  /** ms; rows in (from, to]. */
  readonly from: number;
  readonly to: number;
  readonly asOf: AsOf;
  /** The moment at which is asked; null: now. */
  readonly at: number | null;
}

/** By row, 1: learnt after the moment (null: now, when nothing is). */
export const lateOf = (learntAt: Float64Array, at: number | null): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(learntAt, (learnt) => (learnt > (at ?? Infinity) ? 1 : 0));

/**
 * Settlements of a range, each with its mark: the row's own, else the stored hourly mark at its key (domain 3.2); and the mark at which a
 * position is opened that gets all of them: of the last stored close at or before the range, else of the first settlement that has one.
 */
export async function readSettlements(
  store: Pick<HistoryStore, 'settled' | 'prices'>,
  { instrument, from, to, asOf, at }: SettlementsQuestion,
): Promise<ExploredSettlements> {
  const [rows, prices] = await Promise.all([
    store.settled(instrument, from, to, asOf, ['key', 'rate', 'intervalH', 'mark', 'learntAt']),
    store.prices(instrument, from - HOUR_MS, to, asOf, ['close', 'mark']),
  ]);
  const hourly = new Map([...prices.close].map((close, i) => [close, prices.mark[i] ?? NaN]));
  const own = rows.mark.map((mark) => (Number.isNaN(mark) ? 0 : 1));
  const mark = rows.mark.map((one, i) => (Number.isNaN(one) ? (hourly.get(rows.key[i] ?? 0) ?? NaN) : one));
  const before = [...prices.close].findLastIndex((close, i) => close <= from && !Number.isNaN(prices.mark[i] ?? NaN));
  const first = mark.findIndex((one) => !Number.isNaN(one));
  const opened =
    before >= 0
      ? { at: prices.close[before] ?? NaN, mark: prices.mark[before] ?? NaN }
      : first >= 0
        ? { at: rows.key[first] ?? NaN, mark: mark[first] ?? NaN }
        : null;
  const copy = (column: Float64Array): Float64Array<ArrayBuffer> => Float64Array.from(column);
  return {
    key: copy(rows.key),
    rate: copy(rows.rate),
    intervalH: copy(rows.intervalH),
    mark: copy(mark),
    own: Uint8Array.from(own),
    late: lateOf(rows.learntAt, at),
    opened,
  };
}
