import { newInstrument } from '#domain/instrument.ts';
import type { WatchRow } from '#bridge/contract.ts';

/** A live row to vary. */
export function rowOf(over: Partial<WatchRow> = {}): WatchRow {
  return {
    instrument: newInstrument({ venue: 'binance', symbol: 'TAOUSDT', asset: 'TAO', quote: 'USDT', settle: 'USDT' }),
    status: 'live',
    rate: 0.0001,
    intervalH: 8,
    statedH: null,
    continuous: false,
    nextFundingAt: 3_600_000,
    observedAt: 0,
    mark: 100,
    index: 100,
    openInterest: null,
    volume24h: null,
    openInterestAt: null,
    unconverted: null,
    neutralPerHour: null,
    f: 0.000_012_5,
    ema: 0.00001,
    d: 0.000_002_5,
    why: null,
    warmHours: 100,
    signal: { phase: 'quiet', side: 0, periods: 0, enteredAt: null, observations: 0, running: 0, crowded: false },
    params: { theta: 0.0005, k: 3, n: 12 },
    own: [],
    pinned: null,
    spark: new Float64Array(),
    sparkEnd: null,
    cells: {},
    learnt: null,
    settledOnly: false,
    ...over,
  };
}
