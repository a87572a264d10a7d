import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import type { BookRecord } from '#core/ports/history-facts.ts';
import type { ImportBatch } from '#core/ports/import.ts';
import type { OrderRules } from '#core/venue.ts';
import { connect } from '#node/history/connection.ts';
import { mergeHistory, type Merged } from '#node/history/merge.ts';
import type { SqliteHistory } from '#node/history/sqlite-history.ts';
import { HOUR, instrument, openStore, poll, snapshot, T0 } from './support.ts';

const BTC = instrument('BTC').id;
const ETH = instrument('ETH').id;

/** A closed history. */
function history(work: (store: SqliteHistory, at: (now: number) => void) => void): string {
  const { store, file, clock } = openStore();
  work(store, (now) => {
    clock.now = now;
  });
  store.close();
  return file;
}

function merge(into: string, from: string): Merged {
  const db = connect(into);
  const src = new Database(from, { readonly: true });
  const merged = mergeHistory(db, from, src);
  src.close();
  db.close();
  return merged;
}

const row = (n: number, rate: number, mark: number | null = null) => ({ stamp: T0 + n * HOUR, rate, intervalH: 1, mark, premium: null });

/** All rows of all tables, to tell whether a merge that is done again changes anything. */
function everything(file: string): string {
  const db = new Database(file, { readonly: true });
  const tables = db
    .prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
    .pluck()
    .all();
  const rows = tables.map((name) => [name, db.prepare(`SELECT * FROM ${name}`).raw().all()]);
  db.close();
  return JSON.stringify(rows);
}

test('rows of both, once; a word that was learnt later holds, and each is read as of its time', () => {
  const here = history((store, at) => {
    store.recordPoll(poll(T0, [snapshot('BTC')]));
    at(T0 + 10 * HOUR);
    store.recordSettled(BTC, [row(1, 0.1), row(2, 0.2, 7)], T0 + 10 * HOUR, { from: T0, to: T0 + 2 * HOUR });
    store.recordPrices(BTC, [{ close: T0, mark: 1, index: null, last: null }], T0 + 10 * HOUR, null);
  });
  const there = history((store, at) => {
    // Other numbers than there.
    store.recordPoll(poll(T0 + HOUR, [snapshot('ETH'), snapshot('BTC', { rate: 0.7 })]));
    at(T0 + 5 * HOUR);
    store.recordSettled(BTC, [row(2, 0.2), row(3, 0.3), row(4, 0.4)], T0 + 5 * HOUR, { from: T0 + HOUR, to: T0 + 4 * HOUR });
    store.recordSettled(ETH, [row(1, 0.9)], T0 + 5 * HOUR, null);
    store.recordPrices(
      BTC,
      [
        { close: T0, mark: 2, index: null, last: null },
        { close: T0 + HOUR, mark: 3, index: 4, last: null },
      ],
      T0 + 1,
      null,
    );
    store.recordEvent({ at: T0, kind: 'hole', venue: 'binance', instrument: BTC, text: 'x' });
  });
  expect(merge(here, there)).toMatchObject({ instruments: 2, conflicts: 0 });
  const { store } = openStore(here);
  expect([...store.settled(BTC, 0, Infinity).rate]).toEqual([0.1, 0.2, 0.3, 0.4]);
  expect([...store.settled(ETH, 0, Infinity).rate]).toEqual([0.9]);
  // What the other machine had learnt by then, and nothing of this one's later word.
  expect([...store.settled(BTC, 0, Infinity, T0 + 6 * HOUR).rate]).toEqual([0.2, 0.3, 0.4]);
  expect([...store.settled(BTC, T0 + HOUR, T0 + 2 * HOUR, T0 + 6 * HOUR).mark]).toEqual([NaN]);
  expect([...store.settled(BTC, T0 + HOUR, T0 + 2 * HOUR).mark]).toEqual([7]);
  expect([...store.prices(BTC, 0, Infinity).mark]).toEqual([1, 3]);
  expect([...store.prices(BTC, 0, Infinity, T0 + HOUR).mark]).toEqual([2, 3]);
  expect(store.spans(BTC, 'settled')).toEqual([{ from: T0, to: T0 + 4 * HOUR }]);
  expect(store.events(0, Infinity)).toHaveLength(1);
  expect(store.snapshots(BTC, 0, Infinity).observedAt).toHaveLength(2);
  expect(store.latest().find((one) => one.instrument.id === BTC)?.snapshot.rate).toBe(0.7);
});

test('done again it changes nothing, also after a kill between two instruments', () => {
  const make = (n: number) =>
    history((store) => {
      store.recordPoll(poll(T0 + n, [snapshot('BTC'), snapshot(`S${n}`)]));
      store.recordSettled(BTC, [row(1, 0.1), row(n + 1, 0.2)], T0 + n, { from: T0, to: T0 + HOUR });
      store.recordEvent({ at: T0, kind: 'hole', venue: 'binance', instrument: BTC, text: String(n) });
    });
  const [here, there] = [make(1), make(2)];
  const db = connect(here);
  const src = new Database(there, { readonly: true });
  let calls = 0;
  const killed = (): void => {
    if (++calls === 2) throw new Error('killed');
  };
  expect(() => mergeHistory(db, there, src, killed)).toThrow('killed');
  src.close();
  db.close();
  merge(here, there);
  const once = everything(here);
  const again = merge(here, there);
  expect([everything(here), again.added, again.conflicts]).toEqual([once, 0, 0]);
});

test('another rate of a settlement is a conflict: the one that was here stays', () => {
  const make = (rate: number) =>
    history((store) => {
      store.recordPoll(poll(T0, [snapshot('BTC')]));
      store.recordSettled(BTC, [row(1, rate)], T0 + rate, null);
    });
  const here = make(1);
  expect(merge(here, make(2)).conflicts).toBe(1);
  const { store } = openStore(here);
  expect([...store.settled(BTC, 0, Infinity).rate]).toEqual([1]);
  expect(store.conflicts(0, Infinity)).toMatchObject([{ rate: 1, otherRate: 2, learntAt: T0 + 2 }]);
});

const MINUTE = 60_000;
const side = Float64Array.of(0.5, 8);
const book = (at: number, mid: number): BookRecord => ({ instrument: BTC, at, mid, bids: side, asks: side });
const rules = (tickSize: string): OrderRules => ({
  ...{ lotStep: null, minQuantity: null, maxQuantity: null, tickSize, minNotional: null, maxNotional: null },
  ...{ contractSize: null, maxLeverage: null, maintenance: null, liquidationFee: null, notes: [] },
});

test('books of both, of one time the one that was here; order rules in the order in which they were learnt', () => {
  const here = history((store) => {
    store.recordPoll(poll(T0, [snapshot('BTC')]));
    store.recordBooks([book(T0 + MINUTE, 100)]);
    store.recordOrderRules(BTC, rules('2'), T0 + 2 * HOUR);
  });
  const there = history((store) => {
    store.recordPoll(poll(T0, [snapshot('ETH'), snapshot('BTC')]));
    store.recordBooks([book(T0 + MINUTE, 200), book(T0 + 2 * MINUTE, 201)]);
    store.recordOrderRules(BTC, rules('1'), T0 + HOUR);
    store.recordOrderRules(BTC, rules('2'), T0 + 3 * HOUR);
  });
  merge(here, there);
  const { store } = openStore(here);
  const { at, mid } = store.books(BTC, 0, Infinity);
  expect([[...at], [...mid]]).toEqual([
    [T0 + MINUTE, T0 + 2 * MINUTE],
    [100, 201],
  ]);
  expect([1, 2, 3].map((h) => store.orderRules(BTC, T0 + h * HOUR)?.rules.tickSize)).toEqual(['1', '2', '2']);
  expect([store.orderRules(BTC, T0), store.orderRules(BTC)?.learntAt]).toEqual([null, T0 + 2 * HOUR]);
});

test('terms of both by their times, each hour with its own; in force is what was stated last, whichever file states it', () => {
  const say = (store: SqliteHistory, minutes: number, cap: number) =>
    store.recordPoll(poll(T0 + minutes * MINUTE, [snapshot('ETH'), snapshot('BTC', { cap, floor: -cap })]));
  const here = history((store) => {
    store.recordPoll(poll(T0 + 180 * MINUTE, [snapshot('BTC', { cap: 0.03, floor: -0.03 })]));
  });
  const there = history((store, at) => {
    say(store, 30, 0.01);
    at(T0 + 90 * MINUTE);
    say(store, 90, 0.02);
    say(store, 150, 0.02);
  });
  merge(here, there);
  const { store } = openStore(here);
  expect(store.terms(BTC).map(({ from, cap }) => [(from - T0) / MINUTE, cap])).toEqual([
    [30, 0.01],
    [90, 0.02],
    [180, 0.03],
  ]);
  const { close, cap } = store.hours(BTC, 0, T0 + 2 * HOUR);
  expect([...close].map((t, i) => [(t - T0) / HOUR, cap[i]])).toEqual([
    [1, 0.01],
    [2, 0.02],
  ]);
  const inForce = () => store.latest().find(({ instrument: { id } }) => id === BTC)?.snapshot.cap;
  expect(inForce()).toBe(0.03);
  // A poll that states the same changes nothing.
  store.recordPoll(poll(T0 + 181 * MINUTE, [snapshot('BTC', { cap: 0.03, floor: -0.03 })]));
  expect([inForce(), store.terms(BTC).length]).toEqual([0.03, 3]);
});

test('of two closes of an hour the one that covers more of it is kept, on whichever side it stands', () => {
  const make = (minutes: readonly number[], mark: number) =>
    history((store) => {
      for (const minute of minutes) store.recordPoll(poll(T0 + minute * MINUTE, [snapshot('BTC', { mark })], { pollMs: 10 * MINUTE }));
    });
  const [much, little] = [
    [1, 11, 21, 31, 41, 51, 61],
    [41, 51, 61],
  ] as const;
  for (const [mine, other] of [
    [much, little],
    [little, much],
  ] as const) {
    const here = make(mine, 1);
    merge(here, make(other, 2));
    const { store } = openStore(here);
    expect([...store.hours(BTC, 0, T0 + HOUR).mark]).toEqual([mine === much ? 1 : 2]);
  }
});

const batch = (sha256: string, kind: ImportBatch['kind'], ...columns: readonly number[]): ImportBatch => ({
  file: { name: `${sha256}.csv`, bytes: 1, sha256 },
  ...{ begunAt: T0 + 9 * HOUR, readAs: '{}', instrument: instrument('BTC'), learntAt: T0 + 9 * HOUR, dry: false, kind },
  columns: columns.map((value) => Float64Array.of(value)),
});

test("a file's rate gives way to its venue's, on whichever side that was told; done again it changes nothing", () => {
  const ofFile = () => history((store) => void store.recordImport(batch('a', 'settled', T0 + HOUR, 0.1, 8, NaN, NaN)));
  const ofVenue = (at: number) =>
    history((store) => {
      store.recordPoll(poll(T0, [snapshot('BTC')]));
      store.recordSettled(BTC, [row(1, 0.2)], at, null);
    });
  for (const learnt of [T0 + 2 * HOUR, T0 + 20 * HOUR]) {
    for (const [here, there] of [
      [ofFile(), ofVenue(learnt)],
      [ofVenue(learnt), ofFile()],
    ] as const) {
      expect(merge(here, there).conflicts).toBe(1);
      const once = everything(here);
      merge(here, there);
      expect(everything(here)).toBe(once);
      const { store } = openStore(here);
      expect([...store.settled(BTC, 0, Infinity).rate]).toEqual([0.2]);
      expect(store.conflicts(0, Infinity)).toMatchObject([{ rate: 0.2, otherRate: 0.1 }]);
    }
  }
});

test('imported rows know their file, by whatever number it has here', () => {
  const here = history((store) => void store.recordImport(batch('a', 'settled', T0 + HOUR, 0.1, 8, NaN, NaN)));
  const there = history((store) => {
    store.recordPoll(poll(T0, [snapshot('ETH')]));
    store.recordImport(batch('b', 'settled', T0 + 9 * HOUR, 0.2, 8, NaN, NaN));
    store.recordImport(batch('c', 'price', T0 + HOUR, 100, NaN, NaN));
    store.recordImport(batch('c', 'interest', T0 + HOUR, 5));
    store.recordImport(batch('d', 'interest', T0 + HOUR, 6));
  });
  merge(here, there);
  const { store } = openStore(here);
  expect(store.imports().map(({ sha256 }) => sha256)).toEqual(['d', 'c', 'b', 'a']);
  expect([...store.interest(BTC, 0, Infinity).value]).toEqual([5]);
  // Not known before it was imported, as there.
  expect([store.prices(BTC, 0, Infinity, T0 + 9 * HOUR - 1).close.length, [...store.prices(BTC, 0, Infinity).mark]]).toEqual([0, [100]]);
  const db = new Database(here, { readonly: true });
  const files = (rows: string): unknown[] => db.prepare(`SELECT i.sha256 FROM ${rows} JOIN imports i ON i.number = s.import`).pluck().all();
  expect([
    files('(SELECT import FROM settled ORDER BY key) s'),
    files('prices p JOIN batches s ON s.number = -p.learnt'),
    files('open_interest o JOIN batches s ON s.number = o.batch'),
    files('told_otherwise s'),
  ]).toEqual([['a', 'b'], ['c'], ['c'], ['d']]);
  db.close();
});

test('a conflict of the other history that states the rate of here is none', () => {
  const here = history((store) => {
    store.recordPoll(poll(T0, [snapshot('BTC')]));
    store.recordSettled(BTC, [row(1, 2)], T0 + HOUR, null);
  });
  const there = history((store) => {
    store.recordPoll(poll(T0, [snapshot('BTC')]));
    store.recordSettled(BTC, [row(1, 1), row(2, 5)], T0 + HOUR, null);
    store.recordSettled(BTC, [row(1, 2), row(2, 6)], T0 + 2 * HOUR, null);
  });
  expect(merge(here, there).conflicts).toBe(1);
  const { store } = openStore(here);
  expect([...store.settled(BTC, 0, Infinity).rate]).toEqual([2, 5]);
  expect(store.conflicts(0, Infinity).map(({ key, rate, otherRate }) => [(key - T0) / HOUR, rate, otherRate])).toEqual([
    [1, 2, 1],
    [2, 5, 6],
  ]);
});

test('stretches in which the other one collected are stretches in which something did', () => {
  const make = (from: number, to: number) => history((store) => store.recordRun({ from: T0 + from * HOUR, to: T0 + to * HOUR }));
  const here = make(3, 5);
  merge(here, make(1, 4));
  expect(openStore(here).store.runs()).toEqual([{ from: T0 + HOUR, to: T0 + 5 * HOUR }]);
});
