import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { APPLICATION_ID, migrate, MIGRATIONS } from '#node/history/schema.ts';
import { SqliteHistory } from '#node/history/sqlite-history.ts';
import { readRows } from '#core/read/metrics/metric-frames.ts';
import { thinnedNotes } from '#core/read/thinned-words.ts';
import { HOUR, instrument, openStore, poll, silent, snapshot, T0, tempDir } from './support.ts';

const DAY = 24 * HOUR;
const BTC = instrument('BTC').id;
const END = T0 + 60 * DAY;
const all = [0, Infinity] as const;

/** Sixty days of polls, books, settlements and prices every half day, and retention at their end: hours up to the last 40 days. */
function retained() {
  const { store, clock } = openStore();
  for (let at = T0 + HOUR; at <= END; at += DAY / 2) {
    clock.now = at;
    store.recordPoll(poll(at, [snapshot('BTC', { rate: at / 1e18 })]));
    const side = Float64Array.of(0.001, 100);
    store.recordBooks([1, 2].map((second) => ({ instrument: BTC, at: at + second, mid: 100, bids: side, asks: side })));
    store.recordSettled(BTC, [{ stamp: at, rate: 1e-4, intervalH: 8, mark: null, premium: null }], at, { from: at - HOUR, to: at });
    store.recordPrices(BTC, [{ close: at, mark: 100, index: 100, last: null }], at, { from: at - HOUR, to: at });
    store.recordAsked(BTC, 'price', [{ from: at, to: at + 1, at, since: at }], at);
    store.recordOrderRules(BTC, { ...RULES, tickSize: String(at) }, at);
    store.recordEvent({ at, kind: 'hole', venue: 'binance', instrument: null, text: 'a hole' });
  }
  // Rows of these days are gone from now on.
  store.recordPoll(poll(END + DAY, [snapshot('LATE')], { instruments: [instrument('LATE')] }));
  clock.now = END + DAY;
  store.maintain(clock.now);
  store.dropHoursBeyond({ ageDays: 40, megabytes: null }, clock.now);
  return store;
}
const RULES = {
  ...{ lotStep: null, minQuantity: null, maxQuantity: null, tickSize: null, minNotional: null, maxNotional: null },
  ...{ contractSize: null, maxLeverage: null, maintenance: null, liquidationFee: null, notes: [] },
};

type Read = (store: SqliteHistory, id: string, from: number, to: number, asOf: number | null) => { readonly thinned: readonly object[] };
const days = (from: number, to: number): readonly [number, number] => [T0 + from * DAY, T0 + to * DAY];

describe('a read of which retention deleted rows says so by itself', () => {
  /** What is read, a range that is touched, one that is not. */
  const touched: readonly [string, Read, readonly [number, number], readonly [number, number]][] = [
    ['snapshots', (of, id, ...range) => of.snapshots(id, ...range), days(5, 10), days(40, 50)],
    ['books', (of, id, ...range) => of.books(id, ...range), days(5, 10), days(56, 61)],
    ['hours', (of, id, ...range) => of.hours(id, ...range), days(5, 10), days(40, 50)],
  ];
  test.each(touched)('%s', (_, read, [from, to], whole) => {
    const history = retained();
    for (const asOf of [null, to, END]) expect(read(history, BTC, from, to, asOf).thinned).toEqual([{ from, to }]);
    // As of a moment before the stretch it was not there yet.
    expect(read(history, BTC, from, to, T0 - 1).thinned).toEqual([]);
    expect(read(history, BTC, ...whole, null).thinned).toEqual([]);
    // Nothing was known of it then, so nothing is gone.
    expect(read(history, instrument('LATE').id, from, to, null).thinned).toEqual([]);
    expect(read(history, 'binance:NONE', from, to, null).thinned).toEqual([]);
    expect(read(history, BTC, 0, Infinity, null).thinned).toHaveLength(1);
  });
  test('the newest values as of a moment whose polls are deleted', () => {
    const history = retained();
    const then = (asOf: number | null) => history.latest(asOf).find((one) => one.instrument.id === BTC)?.thinned;
    expect([then(T0 + 25.3 * DAY), then(T0 + 50.3 * DAY), then(null)]).toEqual([true, false, false]);
  });
  test('but not at the close of an hour that is kept: nothing newer was known then', () => {
    const { store } = openStore();
    for (const at of [T0 + HOUR / 2, T0 + 1.5 * HOUR]) store.recordPoll(poll(at, [snapshot('BTC')]));
    store.recordPoll(poll(T0 + 40 * DAY, [snapshot('BTC')]));
    store.maintain(T0 + 40 * DAY);
    const then = [T0 + HOUR, T0 + HOUR + 1].map((asOf) => store.latest(asOf)[0]);
    expect(then).toMatchObject([
      { observedAt: T0 + HOUR / 2, thinned: false },
      { observedAt: T0 + HOUR / 2, thinned: true },
    ]);
  });
  test('what is kept for ever is there whole, now and as of then', () => {
    const of = retained();
    const times = Array.from({ length: 120 }, (_, i) => T0 + HOUR + (i * DAY) / 2);
    for (const read of [of.settled(BTC, ...all).key, of.prices(BTC, ...all).close, of.events(...all).map(({ at }) => at)])
      expect([...read]).toEqual(times);
    expect(times.map((at) => of.orderRules(BTC, at)?.learntAt)).toEqual(times);
    expect(times.map((at) => of.asked(BTC, 'price', at)[0]?.from)).toEqual(times);
    expect(times.map((at) => of.spans(BTC, 'settled', at).length)).toEqual(times.map((_, i) => i + 1));
  });

  test.each([
    ['bar', /^thinned: single polls are kept for 30 days, and those of 2026-06-01 .+ UTC to .+ UTC are deleted/u],
    ['book', /^thinned: all order books are kept for 7 days, and but for one an hour those of/u],
    ['hour', /^thinned: hours beyond the limit of the history are not kept, and those of/u],
  ] as const)('rows of %s that metrics walk carry it, and it is told in words', async (on, words) => {
    const history = retained();
    const reads = {
      settled: (...range: Parameters<SqliteHistory['settled']>) => Promise.resolve(history.settled(...range)),
      settledSeen: (...range: Parameters<SqliteHistory['settledSeen']>) => Promise.resolve(history.settledSeen(...range)),
      hours: (...range: Parameters<SqliteHistory['hours']>) => Promise.resolve(history.hours(...range)),
      prices: (...range: Parameters<SqliteHistory['prices']>) => Promise.resolve(history.prices(...range)),
      snapshots: (...range: Parameters<SqliteHistory['snapshots']>) => Promise.resolve(history.snapshots(...range)),
      books: (...range: Parameters<SqliteHistory['books']>) => Promise.resolve(history.books(...range)),
      interest: (...range: Parameters<SqliteHistory['interest']>) => Promise.resolve(history.interest(...range)),
      terms: (id: string) => Promise.resolve(history.terms(id)),
    };
    const leg = { id: BTC, venue: 'binance', asset: 'BTC', money: 'USDT', contract: 'linear', multiplier: 1, formula: null } as const;
    const { thinned } = await readRows(reads, { on, barMs: HOUR, legs: [leg], from: null, to: END });
    const notes = thinnedNotes(thinned, on);
    expect(notes).toEqual([expect.stringMatching(words)]);
    expect(thinnedNotes(thinned, on, END - DAY, END)).toEqual([]);
  });
});

test.each([
  ['of before deletions were told', 11],
  ['that was taken over by a version that told only its own', MIGRATIONS.length - 1],
])('a folder %s says that its old polls and books may be gone', (_, version) => {
  const file = join(tempDir(), 'history.sqlite');
  const db = new Database(file);
  db.pragma(`application_id = ${APPLICATION_ID.live}`);
  migrate(db, MIGRATIONS.slice(0, 11));
  db.exec("INSERT INTO instruments VALUES (1, 'binance:BTC', 'binance', 'BTC', 'BTC', 'USDT', 'USDT', 'linear', 1)");
  const at = (day: number): number => T0 + day * DAY;
  for (let day = 0; day < 60; day++)
    db.exec(`INSERT INTO hour_cold VALUES (1, ${at(day)}, ${at(day) - 5}, 1e-4, 8, 100, 101, 5, 7, 1e-4, 2e-4, NULL, NULL, NULL, 0)`);
  // What a version of before left at its last start, on day 58: 30 days of polls, 7 of books.
  for (let day = 28; day < 60; day++) db.exec(`INSERT INTO snapshot_cold VALUES (1, ${at(day)}, 1e-4, 8, 100, 101, 5, 7, NULL)`);
  db.exec(`INSERT INTO book_hour VALUES (1, ${at(3) + 7}, 100, 1, zeroblob(16))`);
  migrate(db, MIGRATIONS.slice(0, version), at(60) + HOUR);
  db.close();

  const store = new SqliteHistory({ file, kind: 'live', log: silent, now: () => at(60) + HOUR });
  const read = (asOf: number | null) => store.snapshots(BTC, at(9), at(10), asOf).thinned;
  expect([read(null), read(at(10))]).toEqual([[{ from: at(9), to: at(10) }], [{ from: at(9), to: at(10) }]]);
  // Every poll of these days is there.
  expect(store.snapshots(BTC, at(29), at(60)).thinned).toEqual([]);
  expect(store.latest(at(10) + HOUR / 2)).toMatchObject([{ observedAt: at(10) - 5, thinned: true }]);
  expect(store.latest(at(40) + HOUR / 2)).toMatchObject([{ thinned: false }]);
  expect(store.books(BTC, at(9), at(10)).thinned).toEqual([{ from: at(9), to: at(10) }]);
  expect([store.books(BTC, at(1), at(2)).thinned, store.books(BTC, at(54), at(60)).thinned]).toEqual([[], []]);
  store.close();
});

test('a folder of before that is younger than its limits has lost nothing', () => {
  const { store, clock } = openStore();
  for (let day = 0; day < 20; day++) store.recordPoll(poll((clock.now = T0 + day * DAY + HOUR), [snapshot('BTC')]));
  expect(store.thinned()).toEqual([]);
  store.close();
});
