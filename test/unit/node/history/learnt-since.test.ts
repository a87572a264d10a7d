import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { CHANGES_AFTER, KEPT_CHANGES } from '#node/history/changes.ts';
import { followHistory } from '#node/history/follow.ts';
import type { SqliteHistory } from '#node/history/sqlite-history.ts';
import { HOUR, isElsewhere, openStore, openWith, poll, silent, snapshot, T0 } from './support.ts';

const at = (hours: number): number => T0 + hours * HOUR;
const settledRow = (hour: number, values = {}) => ({ stamp: at(hour), rate: 1e-4, intervalH: null, mark: null, premium: null, ...values });
const price = (hour: number, mark: number | null) => ({ close: at(hour), mark, index: null, last: null });

/** A store that holds three settlements and three prices, all of it proven. */
function opened() {
  const one = openWith('BTC');
  const { store, id } = one;
  store.recordSettled(
    id,
    [8, 16, 24].map((hour) => settledRow(hour, { mark: 100 })),
    at(25),
    { from: at(0), to: at(24) },
  );
  store.recordPrices(
    id,
    [8, 16, 24].map((hour) => price(hour, 7)),
    at(25),
    { from: at(7), to: at(24) },
  );
  return one;
}

describe('what was learnt since an earlier look', () => {
  const cases: readonly [string, (store: SqliteHistory, id: string) => void, readonly { kind: string; from: number }[]][] = [
    ['nothing', () => undefined, []],
    [
      'what is known told again',
      (store, id) => store.recordSettled(id, [settledRow(8, { mark: 100 })], at(30), { from: at(1), to: at(8) }),
      [],
    ],
    ['a poll', (store) => store.recordPoll(poll(at(30), [snapshot('BTC')])), []],
    ['a new settlement', (store, id) => store.recordSettled(id, [settledRow(32)], at(33), null), [{ kind: 'settled', from: at(32) }]],
    [
      'a later word of one',
      (store, id) => store.recordSettled(id, [settledRow(16, { mark: 101 })], at(33), null),
      [{ kind: 'settled', from: at(16) }],
    ],
    [
      'another rate of one',
      (store, id) => store.recordSettled(id, [settledRow(24, { rate: 9e-4 })], at(33), null),
      [{ kind: 'settled', from: at(24) }],
    ],
    ['a hole that is filled', (store, id) => store.recordSettled(id, [settledRow(12)], at(33), null), [{ kind: 'settled', from: at(12) }]],
    [
      'a stretch that is proven',
      (store, id) => store.recordSettled(id, [], at(33), { from: at(-9), to: at(3) }),
      [{ kind: 'settled', from: at(-9) }],
    ],
    [
      'a new price and a proven stretch',
      (store, id) => store.recordPrices(id, [price(25, 8)], at(33), { from: at(24), to: at(25) }),
      [{ kind: 'price', from: at(24) }],
    ],
    ['a later word of a price', (store, id) => store.recordPrices(id, [price(16, 8)], at(33), null), [{ kind: 'price', from: at(16) }]],
    [
      'several: the least time of each kind',
      (store, id) => {
        store.recordSettled(id, [settledRow(32)], at(33), null);
        store.recordSettled(id, [settledRow(24, { premium: 0.1 })], at(34), null);
        store.recordPrices(id, [price(32, 8)], at(34), null);
      },
      [
        { kind: 'settled', from: at(24) },
        { kind: 'price', from: at(32) },
      ],
    ],
  ];
  test.each(cases)('%s', (_, learn, expected) => {
    const { store, id } = opened();
    const { upTo } = store.learntSince(null);
    learn(store, id);
    const since = store.learntSince(upTo);
    expect(since.changes).toEqual(expected.map((one) => ({ instrument: id, ...one })));
    expect(store.learntSince(since.upTo).changes).toEqual([]);
  });

  test.skipIf(isElsewhere())(
    'anything may be new at the first look, after another file took the place, and after more than is kept of it',
    () => {
      const { store, id, file } = opened();
      const { upTo, changes } = store.learntSince(null);
      expect(changes).toBeNull();
      expect(store.learntSince(upTo + 1).changes).toBeNull();
      const db = new Database(file);
      db.prepare('INSERT INTO changes VALUES (?, 1, 0, 5)').run(upTo + KEPT_CHANGES);
      db.close();
      expect(store.learntSince(upTo).changes).toHaveLength(1);
      store.recordSettled(id, [settledRow(32)], at(33), null);
      store.recordSettled(id, [settledRow(40)], at(41), null);
      expect(store.learntSince(upTo).changes).toBeNull();
      expect(store.learntSince(upTo + KEPT_CHANGES).changes).toEqual([{ instrument: id, kind: 'settled', from: at(32) }]);
    },
  );

  test.skipIf(isElsewhere())('it is a seek and the rows behind it', () => {
    const { store, file } = openStore();
    store.close();
    const db = new Database(file, { readonly: true });
    const plan = db.prepare<[number], { detail: string }>(`EXPLAIN QUERY PLAN ${CHANGES_AFTER}`).all(1);
    db.close();
    expect(plan[0]?.detail).toBe('SEARCH c USING INTEGER PRIMARY KEY (rowid>?)');
  });

  test.skipIf(isElsewhere())('who follows another process reads it beside the writer', async () => {
    const { store, id, file } = opened();
    const followed = await followHistory({ file, demo: false, log: silent, now: () => at(40) }, () => 'A collector records.');
    const first = await followed.store.learntSince(null);
    expect(first.changes).toBeNull();
    store.recordSettled(id, [settledRow(16, { mark: 101 })], at(33), null);
    expect((await followed.store.learntSince(first.upTo)).changes).toEqual([{ instrument: id, kind: 'settled', from: at(16) }]);
    await followed.store.close();
  });
});
