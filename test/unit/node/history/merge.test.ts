import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
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
