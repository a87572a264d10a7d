import type { HourColumns } from '#domain/columns.ts';
import type { Instrument, InstrumentId } from '#domain/instrument.ts';
import type { FrameInstrument, FrameKind, Frames, HourFrame } from '#domain/metrics/frames/frames.ts';
import { assetFrame, basketFrame } from '#domain/metrics/frames/group.ts';
import { barFrame, hourFrame } from '#domain/metrics/frames/hour.ts';
import { settlementFrame } from '#domain/metrics/frames/settlement.ts';
import { HOUR_MS, MINUTE_MS } from '#domain/time.ts';
import { firstAfter } from './frame-tail.ts';
import type { HistoryStore } from './ports.ts';

/** The bar of "EMA divergence, minutes". */
export const BAR_MS = 5 * MINUTE_MS;
/**
 * What a tail reads before its first row: the settlement before it, the interval of the day before, and the hours that
 * the premium of a settlement rests on.
 */
const LEAD_MS = 48 * HOUR_MS;

export type FrameReads = Pick<HistoryStore, 'settled' | 'hours' | 'prices' | 'snapshots'>;

/** Which rows: of one instrument, or of several that are compared. */
export interface FrameQuery {
  readonly on: FrameKind;
  /** Also the running rates before each settlement: a read of its own. */
  readonly seen: boolean;
  readonly legs: readonly FrameInstrument[];
  /** Rows in (from, to]; null: all. A settlement frame may begin earlier. */
  readonly from: number | null;
  readonly to: number;
}

export type PremiumHours = Pick<HourColumns, 'close' | 'premium' | 'coverage'>;

export interface FrameRead {
  readonly frame: Frames[FrameKind];
  /** The hours of the last day, for a settlement that is still to come. */
  readonly lastDay: PremiumHours | null;
}

export const frameInstrument = (instrument: Instrument, interestPer8h: number | null): FrameInstrument => {
  const { id, venue, asset, contract, multiplier } = instrument;
  return { id, venue, asset, contract, multiplier, interestPer8h };
};

/** Stored history as the frames that metrics walk: the same for the screen, the list's columns, the audit and exports. */
export async function readFrame(store: FrameReads, { on, seen, legs, from, to }: FrameQuery): Promise<FrameRead> {
  const start = from === null ? 0 : Math.max(0, from - LEAD_MS);
  const history = async (id: InstrumentId) => {
    const [settled, hours, prices] = await Promise.all([
      store.settled(id, start, to),
      store.hours(id, start, to),
      store.prices(id, start, to),
    ]);
    return { settled, hours, prices };
  };
  if (on === 'asset' || on === 'basket') {
    const frames: HourFrame[] = await Promise.all(legs.map(async (leg) => hourFrame(leg, await history(leg.id), from, to)));
    return { frame: on === 'asset' ? assetFrame(frames, null) : basketFrame(frames, null), lastDay: null };
  }
  const [instrument] = legs;
  if (instrument === undefined) throw new RangeError(`a frame of ${on} needs an instrument`);
  const { id } = instrument;
  switch (on) {
    case 'hour':
      return { frame: hourFrame(instrument, await history(id), from, to), lastDay: null };
    case 'bar':
      return {
        frame: barFrame(instrument, await store.snapshots(id, from === null ? 0 : from - BAR_MS, to), BAR_MS, from, to),
        lastDay: null,
      };
    case 'settlement': {
      const [stored, snapshots] = await Promise.all([history(id), seen ? store.snapshots(id, start, to) : null]);
      const frame = settlementFrame(instrument, { ...stored, ...(snapshots && { snapshots }) });
      return { frame, lastDay: lastDayOf(stored.hours, to) };
    }
    case 'book':
      // Nobody asks venues for order books yet.
      return { frame: { instrument, time: new Float64Array(0), books: [] }, lastDay: null };
  }
}

function lastDayOf({ close, premium, coverage }: HourColumns, to: number): PremiumHours {
  const first = firstAfter(close, to - 24 * HOUR_MS);
  return { close: close.slice(first), premium: premium.slice(first), coverage: coverage.slice(first) };
}
