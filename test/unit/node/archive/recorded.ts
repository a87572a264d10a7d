import { newInstrument } from '#domain/instrument.ts';
import { HOUR_MS } from '#domain/time.ts';
import type { PostgresHistory } from '#node/postgres/postgres-history.ts';
import { snapshot } from '../history/support.ts';
import { openOn, targetOf } from '../postgres/support.ts';

export const NOW = Date.UTC(2025, 5, 20, 12);
const DAY_MS = 24 * HOUR_MS;
/** Stretches in which something was recorded: over the ends of months, and up to now. */
const STRETCHES = [
  [Date.UTC(2025, 0, 30), Date.UTC(2025, 1, 2)],
  [Date.UTC(2025, 2, 30, 12), Date.UTC(2025, 3, 1, 12)],
  [NOW - DAY_MS, NOW],
] as const;
const VENUES = ['binance', 'bybit'] as const;

/** What a desk has after half a year: every kind of fact that is archived, with later words, words that came late and terms that changed. */
function record(store: PostgresHistory, clock: { now: number }): void {
  for (const [start, end] of STRETCHES) {
    clock.now = end;
    for (const [v, venue] of VENUES.entries()) {
      const both = ['BTC', 'ETH'].map((asset) => newInstrument({ venue, symbol: asset, asset, quote: 'USDT', settle: 'USDT' }));
      for (let at = start + v; at <= end; at += 20 * 60_000)
        store.recordPoll({
          venue,
          observedAt: at,
          pollMs: 20 * 60_000,
          instruments: both,
          snapshots: both.map(({ symbol }, i) =>
            snapshot(symbol, {
              rate: Math.sin(at / 7e6 + i) / 3000,
              mark: 100 + at / 7e12,
              index: 99 + at / 7e12,
              cap: at > start + DAY_MS ? 0.02 : 0.03,
              floor: -0.03,
            }),
          ),
          watched: new Set([`${venue}:BTC`]),
        });
      const id = `${venue}:BTC`;
      const rows = Array.from({ length: Math.floor((end - start) / (4 * HOUR_MS)) }, (_, i) => ({
        stamp: start + 4 * i * HOUR_MS,
        rate: Math.cos(start / 1e9 + i) / 3000,
        intervalH: 4,
        mark: i % 3 === 0 ? null : 100 + i / 3,
        premium: i % 2 === 0 ? null : i / 7e5,
      }));
      store.recordSettled(id, rows, end, { from: start - 1, to: end });
      const told = rows.slice(4, 6).map((row, i) => (i === 0 ? { ...row, mark: 101.5 } : { ...row, rate: 0.5 }));
      store.recordSettled(id, told, end + DAY_MS, null);
      const prices = Array.from({ length: Math.floor((end - start) / HOUR_MS) }, (_, i) => ({
        close: start - (start % HOUR_MS) + (i + 1) * HOUR_MS,
        mark: 100 + i / 7,
        index: 100 + i / 9,
        last: null,
      }));
      // Some learnt at once, some in a batch of long after.
      for (const one of prices.slice(0, 5)) store.recordPrices(id, [one], one.close + 1000, null);
      store.recordPrices(id, prices, end + 3 * DAY_MS, { from: start, to: end });
      const amended = prices.slice(2, 3).map((price) => ({ ...price, mark: 1 / 3 }));
      store.recordPrices(id, amended, end + 5 * DAY_MS, null);
      for (let at = start + 1; at <= end; at += 25 * 60_000)
        store.recordBooks([
          { instrument: id, at, mid: 100 + at / 1e13, bids: Float64Array.of(0.001, at / 1e7), asks: Float64Array.of(0.002, 7) },
        ]);
      store.recordEvent({ at: start, kind: 'outage', venue, instrument: null, text: 'an outage' });
    }
    store.recordRun({ from: start, to: end });
  }
  clock.now = NOW;
  store.maintain(NOW);
}

/** A desk's history of its own, recorded. */
export function recordedOn(port: number, schema: string, database: string): PostgresHistory {
  const clock = { now: NOW };
  const store = openOn(targetOf(port, schema, { database }), () => clock.now);
  record(store, clock);
  return store;
}
