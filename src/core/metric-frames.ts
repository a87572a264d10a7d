import type { Instrument, InstrumentId } from '#domain/instrument.ts';
import type { FrameInstrument, FrameKind, Frames, HourFrame, SettlementFrame } from '#domain/metrics/frames/frames.ts';
import { assetFrame, basketFrame } from '#domain/metrics/frames/group.ts';
import { barFrame, hourFrame } from '#domain/metrics/frames/hour.ts';
import { settlementFrame } from '#domain/metrics/frames/settlement.ts';
import { MINUTE_MS } from '#domain/time.ts';
import type { HistoryStore } from './ports.ts';

/** The bar of "EMA divergence, minutes". */
export const BAR_MS = 5 * MINUTE_MS;

export type FrameReads = Pick<HistoryStore, 'settled' | 'hours' | 'prices' | 'snapshots'>;

/** What the frames of one choice are made of. */
export interface FrameQuery {
  readonly on: FrameKind;
  /** Columns that the metric reads; some cost a read of their own. */
  readonly inputs: readonly string[];
  readonly id: InstrumentId;
  /** Rows up to here. */
  readonly to: number;
}

export interface FrameOptions {
  readonly store: FrameReads;
  /** The instrument with the terms that its venue states. */
  instrument(id: InstrumentId): FrameInstrument;
  /** Every instrument of the asset of this one, itself among them; always in the same order. */
  ofAsset(id: InstrumentId): readonly InstrumentId[];
  /** The list that this instrument is compared with. */
  basket(id: InstrumentId): readonly InstrumentId[];
}

export const frameInstrument = (instrument: Instrument, interestPer8h: number | null): FrameInstrument => {
  const { id, venue, asset, contract, multiplier } = instrument;
  return { id, venue, asset, contract, multiplier, interestPer8h };
};

/** Stored history as the frames that metrics walk: the same columns for the screen, the columns of the list and exports. */
export function createMetricFrames({ store, instrument, ofAsset, basket }: FrameOptions) {
  async function hours(id: InstrumentId, to: number): Promise<HourFrame> {
    const [settled, observed, prices] = await Promise.all([store.settled(id, 0, to), store.hours(id, 0, to), store.prices(id, 0, to)]);
    return hourFrame(instrument(id), { settled, hours: observed, prices }, null, to);
  }
  async function bars(id: InstrumentId, to: number): Promise<HourFrame> {
    return barFrame(instrument(id), await store.snapshots(id, 0, to), BAR_MS, null, to);
  }
  async function settlements(id: InstrumentId, to: number, withSnapshots: boolean): Promise<SettlementFrame> {
    const [settled, observed, prices, snapshots] = await Promise.all([
      store.settled(id, 0, to),
      store.hours(id, 0, to),
      store.prices(id, 0, to),
      withSnapshots ? store.snapshots(id, 0, to) : null,
    ]);
    return settlementFrame(instrument(id), { settled, hours: observed, prices, ...(snapshots && { snapshots }) });
  }
  const together = (ids: readonly InstrumentId[], to: number): Promise<HourFrame[]> => Promise.all(ids.map((id) => hours(id, to)));

  return async ({ on, inputs, id, to }: FrameQuery): Promise<Frames[FrameKind]> => {
    if (on === 'hour') return hours(id, to);
    if (on === 'bar') return bars(id, to);
    if (on === 'settlement') return settlements(id, to, inputs.includes('seen60'));
    if (on === 'asset') return assetFrame(await together(ofAsset(id), to), id);
    if (on === 'basket') return basketFrame(await together(basket(id), to), id);
    // Nobody asks venues for order books yet.
    return { instrument: instrument(id), time: new Float64Array(0), books: [] };
  };
}
export type MetricFrames = ReturnType<typeof createMetricFrames>;
