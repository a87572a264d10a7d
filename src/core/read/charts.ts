import type { Divergence } from '#bridge/series.ts';
import type { Instrument, InstrumentId } from '#domain/instrument.ts';
import type { FrameInstrument } from '#domain/metrics/frames/frames.ts';
import type { SignalParams } from '#domain/signal.ts';
import { measureThreshold, type ThresholdRecord } from '#domain/threshold.ts';
import type { Span } from '#domain/time.ts';
import type { Events } from '../events.ts';
import type { HistoryStore } from '../ports/history.ts';
import { fromHistory } from '../from-history.ts';
import { analyse, type Analysis } from './analysis.ts';
import { bytesOf } from './bytes-of.ts';
import { chartPrices, type ChartPrices, divergenceView } from './divergence-view.ts';

/** Columns that are kept for the next question, all instruments together. */
const MOST_BYTES = 64 * 2 ** 20;

export interface ChartsOptions {
  readonly store: Pick<HistoryStore, 'settled' | 'hours' | 'terms' | 'prices' | 'spans'>;
  readonly events: Pick<Events, 'on'>;
  readonly framed: (id: InstrumentId) => FrameInstrument;
  readonly params: (id: InstrumentId) => SignalParams;
  readonly closedTo: (id: InstrumentId) => number;
}

/** The chart of D and the record of a threshold. What they rest on is kept until the history of the instrument changes or an hour closes. */
export interface Charts {
  /** Closes after `from`; null: all. */
  divergence(instrument: Instrument, from: number | null): Promise<Divergence>;
  record(id: InstrumentId): Promise<ThresholdRecord>;
}

interface Kept {
  readonly key: string;
  readonly whole: Promise<Whole>;
  bytes: number;
}
interface Whole {
  readonly analysis: Analysis;
  readonly prices: ChartPrices;
  readonly spans: readonly Span[];
}

export function createCharts({ store, events, framed, params, closedTo }: ChartsOptions): Charts {
  /** The one asked for last is the last. */
  const kept = new Map<InstrumentId, Kept>();

  async function read(id: InstrumentId, to: number): Promise<Whole> {
    const [analysis, candles, spans] = await fromHistory(
      Promise.all([analyse(store, framed(id), to, params(id)), store.prices(id, 0, to), store.spans(id, 'settled')]),
    );
    return { analysis, prices: chartPrices(analysis, candles), spans };
  }
  function wholeOf(id: InstrumentId): Promise<Whole> {
    const to = closedTo(id);
    const key = JSON.stringify([to, params(id), framed(id).interestPer8h]);
    const known = kept.get(id);
    kept.delete(id);
    const one: Kept = known?.key === key ? known : { key, whole: read(id, to), bytes: 0 };
    kept.set(id, one);
    if (one !== known) {
      one.whole.then(
        (whole) => {
          one.bytes = bytesOf(whole);
          makeRoom();
        },
        () => {
          if (kept.get(id) === one) kept.delete(id);
        },
      );
    }
    return one.whole;
  }
  function makeRoom(): void {
    let bytes = [...kept.values()].reduce((sum, one) => sum + one.bytes, 0);
    for (const [id, one] of kept) {
      if (bytes <= MOST_BYTES) return;
      bytes -= one.bytes;
      kept.delete(id);
    }
  }
  events.on('stored', ({ instrument }) => kept.delete(instrument));
  events.on('closed', ({ instrument }) => kept.delete(instrument));

  return {
    async divergence(instrument, from) {
      const { id } = instrument;
      return divergenceView({ instrument, params: params(id), from, ...(await wholeOf(id)) });
    },
    async record(id) {
      const { series, d } = (await wholeOf(id)).analysis;
      return measureThreshold(series, d, params(id));
    },
  };
}
