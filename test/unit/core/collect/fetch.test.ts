import { expect, test } from 'vitest';
import { createFetcher } from '#core/collect/fetch.ts';
import type { Wanted } from '#core/collect/plan.ts';
import type { SettledRow, VenueIo } from '#core/venue.ts';
import { newInstrument } from '#domain/instrument.ts';
import { HOUR, openWith, T0 } from '#test/unit/node/history/support.ts';
import { createPaperVenue } from '#test/support/paper-venue.ts';

const io: VenueIo = { now: T0, request: () => Promise.reject(new Error('not asked for')) };
const rowAt = (h: number, other: Partial<SettledRow> = {}): SettledRow => ({
  ...{ stamp: T0 + h * HOUR, rate: 0.0001, intervalH: 1, mark: 100, premium: 0.0002 },
  ...other,
});

test('a settlement that its venue tells again is a change of the past where something of it is another now, and none else', async () => {
  const { store } = openWith('BTCUSDT');
  let rows: readonly SettledRow[] = [];
  const venue = {
    ...createPaperVenue('binance', 1200),
    async *settled() {
      yield await Promise.resolve({ rows, proven: null, refused: [] });
    },
  };
  const changed: number[] = [];
  const { fetch } = createFetcher({
    venue,
    store: {
      recordSettled: (...input) => Promise.resolve(store.recordSettled(...input)),
      recordPrices: () => Promise.reject(new Error('no prices come')),
      settled: (...input) => Promise.resolve(store.settled(...input)),
      spans: (...input) => Promise.resolve(store.spans(...input)),
    },
    reporter: {
      async write(_what, write) {
        await write();
      },
      event: () => undefined,
    },
    now: () => T0 + 100 * HOUR,
    onRefused: () => undefined,
    onStored: (_one, _recent, changedFrom) => changed.push((changedFrom - T0) / HOUR),
  });
  const trouble = { failures: 0, useless: 0, long: 0, notBefore: 0 };
  const wanted: Wanted = {
    ...{
      instrument: newInstrument({ venue: 'binance', symbol: 'BTCUSDT', asset: 'BTC', quote: 'USDT', settle: 'USDT' }),
      rank: 0,
      to: T0 + 99 * HOUR,
      oldest: undefined,
      anew: null,
    },
    ...{ known: { settled: [], price: [] }, asked: { settled: [], price: [] }, trouble: { settled: trouble, price: trouble } },
  };
  const told = async (...now: readonly SettledRow[]): Promise<number | undefined> => {
    rows = now;
    await fetch(wanted, 'settled', { from: T0, to: T0 + 99 * HOUR }, false, io);
    return changed.at(-1);
  };
  const all = [1, 2, 3, 4].map((h) => rowAt(h));
  expect(await told(...all)).toBe(1);
  expect(await told(...all)).toBe(Infinity);
  expect(await told(rowAt(1), rowAt(2, { mark: null, premium: null, intervalH: null }))).toBe(Infinity);
  expect(await told(rowAt(1), rowAt(2, { mark: 101 }))).toBe(2);
  expect(await told(rowAt(2, { mark: 101 }), rowAt(3, { premium: 0.0003 }))).toBe(3);
  expect(await told(rowAt(3, { premium: 0.0003 }), rowAt(4, { intervalH: 2 }))).toBe(4);
  expect(await told(rowAt(2, { mark: 101 }), rowAt(3, { premium: 0.0003 }), rowAt(4, { intervalH: 2 }))).toBe(Infinity);
});
