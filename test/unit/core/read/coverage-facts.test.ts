import { expect, test } from 'vitest';
import type { CoverageKind } from '#domain/coverage/calendar.ts';
import { type CoverageSubject, readCoverage } from '#core/read/coverage/coverage.ts';
import { promisedReads } from '#node/history/promised-reads.ts';
import { ReadonlyHistory } from '#node/history/readonly-history.ts';
import type { SqliteHistory } from '#node/history/sqlite-history.ts';
import { HOUR, instrument, openStore, poll, snapshot, T0 } from '../../node/history/support.ts';

const MINUTE = 60_000;
const DAY = 24 * HOUR;
const BTC = instrument('BTC');

/** The holes of what a store holds: first and last hour since T0, rows, why. */
async function holesOf(kind: CoverageKind, work: (store: SqliteHistory) => void, subject: Partial<CoverageSubject> = {}) {
  const { store, file } = openStore();
  store.recordPoll(poll(T0 - DAY, [], { instruments: [BTC] }));
  work(store);
  store.close();
  const history = new ReadonlyHistory({ file, kind: 'live', now: () => T0 });
  const { holes } = await readCoverage(promisedReads(history), kind, { instrument: BTC, now: T0 + 4 * DAY, intervalH: 8, ...subject });
  history.close();
  return holes.map(({ first, last, rows, why }) => [(first - T0) / HOUR, (last - T0) / HOUR, rows, why]);
}
const settled =
  (...hours: readonly number[]) =>
  (store: SqliteHistory): void => {
    const rows = hours.map((h) => ({ stamp: T0 + h * HOUR, rate: 0.1, intervalH: 8, mark: null, premium: null }));
    store.recordSettled(BTC.id, rows, T0 + 40 * HOUR, null);
  };

test('after it was delisted nothing is expected of an instrument any more', async () => {
  expect(await holesOf('settled', settled(0, 8), { now: T0 + 33 * HOUR })).toEqual([[16, 32, 3, 'not-fetched']]);
  const gone = { ...BTC, delistedAt: T0 + 17 * HOUR };
  expect(await holesOf('settled', settled(0, 8), { now: T0 + 33 * HOUR, instrument: gone })).toEqual([[16, 16, 1, 'not-fetched']]);
});

test('prices are expected from the listing on, but not before what a venue has proven to be its first', async () => {
  const work = (proven: number | null) => (store: SqliteHistory) => {
    settled(8)(store);
    const row = { close: T0 + 10 * HOUR, mark: 1, index: null, last: null };
    store.recordPrices(BTC.id, [row], T0 + 40 * HOUR, proven === null ? null : { from: proven, to: T0 + 5 * HOUR });
  };
  const subject = { now: T0 + 12 * HOUR, instrument: { ...BTC, listedAt: T0 + 5 * HOUR } };
  const after = [11, 11, 1, 'not-fetched'];
  expect(await holesOf('prices', work(null), subject)).toEqual([[6, 9, 4, 'not-fetched'], after]);
  expect(await holesOf('prices', work(0), subject)).toEqual([[9, 9, 1, 'not-fetched'], after]);
});

test('an outage that was told again, with no answer in between, ended with what collected then', async () => {
  const told = (store: SqliteHistory, kind: 'outage' | 'recovered', h: number): void =>
    store.recordEvent({ at: T0 + h * HOUR, kind, venue: 'binance', instrument: null, text: 'x' });
  const holes = await holesOf(
    'polls',
    (store) => {
      store.recordPoll(poll(T0 + 30 * MINUTE, [snapshot('BTC')]));
      store.recordPoll(poll(T0 + 61 * MINUTE, [snapshot('BTC')]));
      store.recordRun({ from: T0, to: T0 + 3 * HOUR });
      store.recordRun({ from: T0 + 6 * HOUR, to: T0 + 10 * HOUR });
      told(store, 'outage', 2);
      told(store, 'outage', 7);
      told(store, 'recovered', 8);
    },
    { now: T0 + 10 * HOUR },
  );
  expect(holes.slice(-5)).toEqual([
    [3, 3, 1, 'venue-down'],
    [4, 6, 3, 'closed'],
    [7, 7, 1, 'unknown'],
    [8, 8, 1, 'venue-down'],
    [9, 10, 2, 'unknown'],
  ]);
});

test('of books that were thinned one of each hour is left: an hour without one was not deleted', async () => {
  const side = Float64Array.of(0.001, 100);
  const holes = await holesOf(
    'books',
    (store) => {
      store.recordBooks([30, 90, 210].map((minute) => ({ instrument: BTC.id, at: T0 + minute * MINUTE, mid: 1, bids: side, asks: side })));
      store.recordRun({ from: T0, to: T0 + 20 * DAY });
      store.maintain(T0 + 10 * DAY);
      expect(store.thinned().map(({ what }) => what)).toContain('books');
    },
    { now: T0 + 4 * HOUR },
  );
  expect(holes).toEqual([[3, 3, 1, 'not-watched']]);
});
