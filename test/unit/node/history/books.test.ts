import Database from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { BookColumns, BookRecord } from '#core/ports/history-facts.ts';
import { migrate, MIGRATIONS, versionOf } from '#node/history/schema.ts';
import { ReadonlyHistory } from '#node/history/readonly-history.ts';
import { HOUR, instrument, isElsewhere, openStore, openWith, poll, T0 } from './support.ts';

const DAY = 24 * HOUR;
const MINUTE = 60_000;
const all = [0, Infinity] as const;

const book = (
  id: string,
  at: number,
  bids: readonly number[] = [0.001, at % 977],
  asks: readonly number[] = [0.001, 5, 0.5, 7],
): BookRecord => ({
  instrument: id,
  at,
  mid: 100 + (at % 13),
  bids: Float64Array.from(bids, Math.fround),
  asks: Float64Array.from(asks, Math.fround),
});
const rowsOf = (id: string, { at, mid, bids, ends, levels }: BookColumns): BookRecord[] =>
  [...at].map((t, i) => {
    const start = i === 0 ? 0 : (ends[i - 1] ?? 0);
    const middle = start + 2 * (bids[i] ?? 0);
    return { instrument: id, at: t, mid: mid[i] ?? NaN, bids: levels.slice(start, middle), asks: levels.slice(middle, ends[i]) };
  });

describe('books', () => {
  test('come back as they were given, in the order of their times, each once', () => {
    const side = fc.array(fc.tuple(fc.float({ min: 0, max: 1, noNaN: true }), fc.float({ min: 0, max: Math.fround(1e30), noNaN: true })), {
      minLength: 1,
      maxLength: 12,
    });
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.record({ minute: fc.nat(500), bids: side, asks: side }), { selector: (one) => one.minute, maxLength: 20 }),
        (rows) => {
          const { store, id } = openWith('BTC');
          const books = rows.map(({ minute, bids, asks }) => book(id, T0 + minute * MINUTE, bids.flat(), asks.flat()));
          store.recordBooks(books.slice(0, 7));
          store.recordBooks(books);
          expect(rowsOf(id, store.books(id, ...all))).toEqual(books.toSorted((a, b) => a.at - b.at));
          store.close();
        },
      ),
      { numRuns: 25 },
    );
  });

  test('a range is (from, to]; another instrument’s books are another’s', () => {
    const { store, id } = openWith('BTC');
    store.recordPoll(poll(T0, [], { instruments: [instrument('ETH')] }));
    store.recordBooks([book(id, T0), book(id, T0 + MINUTE), book(id, T0 + 2 * MINUTE), book(instrument('ETH').id, T0 + MINUTE)]);
    expect([...store.books(id, T0, T0 + 2 * MINUTE).at]).toEqual([T0 + MINUTE, T0 + 2 * MINUTE]);
    expect(store.books('binance:NONE', ...all).at).toHaveLength(0);
  });

  test('the newest up to a moment, of many at once: the last of those that a read of each gives, thinned or not', () => {
    const { store, id } = openWith('BTC');
    const other = instrument('ETH').id;
    store.recordPoll(poll(T0, [], { instruments: [instrument('ETH'), instrument('SOL')] }));
    const times = Array.from({ length: 40 }, (_, i) => T0 + i * 17 * MINUTE);
    store.recordBooks(times.flatMap((at, i) => (i % 3 === 0 ? [book(id, at), book(other, at)] : [book(i % 2 === 0 ? id : other, at)])));
    const plainly = (at: number): [string, BookRecord][] =>
      [id, other].flatMap((one): [string, BookRecord][] => {
        const last = rowsOf(one, store.books(one, 0, at)).at(-1);
        return last === undefined ? [] : [[one, last]];
      });
    const asked = [instrument('SOL').id, 'binance:NONE', id, other];
    const newest = (at: number): [string, BookRecord][] => {
      const { ids, books } = store.newestBooks(asked, at);
      return ids
        .flatMap((one, i) =>
          rowsOf(one, books)
            .slice(i, i + 1)
            .map((row): [string, BookRecord] => [one, row]),
        )
        .sort(([a], [b]) => (a < b ? -1 : 1));
    };
    const moments = times.flatMap((at) => [at - 1, at, at + 5 * MINUTE]);
    for (const at of moments) expect(newest(at)).toEqual(plainly(at));
    // Some are those of hours by now.
    store.maintain(T0 + 8 * DAY);
    const kept = store.books(id, ...all).at.length;
    expect([kept < times.length / 2, kept > 5]).toEqual([true, true]);
    for (const at of moments) expect(newest(at)).toEqual(plainly(at));
  });

  test('a bad one costs the whole batch, and the store goes on', () => {
    const { store, id } = openWith('BTC');
    for (const bad of [
      book(id, T0, [NaN, 1]),
      book(id, T0, [0.1, Infinity]),
      book(id, T0, [-0.1, 1]),
      { ...book(id, T0), mid: 0 },
      book(id, 0.5),
      book('binance:NONE', T0),
    ])
      expect(() => store.recordBooks([book(id, T0 + MINUTE), bad])).toThrow(expect.objectContaining({ kind: 'invalid' }));
    expect(store.books(id, ...all).at).toHaveLength(0);
    store.recordBooks([book(id, T0)]);
    expect(store.books(id, ...all).at).toHaveLength(1);
  });

  test('past seven days only the last of each hour is left, for ever and the same', () => {
    const opened = openWith('BTC');
    const { store, id, file } = opened;
    const times = Array.from({ length: 10 * 24 * 6 }, (_, i) => T0 + (i + 1) * 10 * MINUTE);
    store.recordBooks(times.map((at) => book(id, at)));
    const before = rowsOf(id, store.books(id, ...all));
    opened.clock.now = T0 + 10 * DAY + HOUR;
    store.maintain(opened.clock.now);
    const edge = T0 + 3 * DAY;
    const expected = before.filter(({ at }) => at > edge || at % HOUR === 0);
    expect(rowsOf(id, store.books(id, ...all))).toEqual(expected);
    store.maintain(opened.clock.now);
    store.maintain(T0 + 400 * DAY);
    expect(rowsOf(id, store.books(id, ...all))).toEqual(before.filter(({ at }) => at % HOUR === 0));
    if (isElsewhere()) return;
    const beside = new ReadonlyHistory({ file, kind: 'live', now: () => opened.clock.now });
    expect(beside.books(id, ...all)).toEqual(store.books(id, ...all));
    beside.close();
  });

  test.skipIf(isElsewhere())('killed between keeping and dropping, a book is read once', () => {
    const { store, id, file } = openWith('BTC');
    store.recordBooks([book(id, T0 + MINUTE), book(id, T0 + HOUR)]);
    const db = new Database(file);
    db.exec('INSERT INTO book_hour SELECT * FROM book_raw WHERE ts % 3600000 = 0');
    db.close();
    store.maintain(T0 + 30 * DAY);
    expect([...store.books(id, ...all).at]).toEqual([T0 + HOUR]);
  });

  test.skipIf(isElsewhere())('a history from before books gets their tables and keeps what it had', () => {
    const { file } = openStore();
    const db = new Database(file);
    expect(versionOf(db)).toBe(MIGRATIONS.length);
    db.close();
    const old = new Database(':memory:');
    migrate(old, MIGRATIONS.slice(0, 1));
    old.exec("INSERT INTO instruments VALUES (1, 'binance:BTC', 'binance', 'BTC', 'BTC', 'USDT', 'USDT', 'linear', 1)");
    migrate(old);
    expect(old.prepare('SELECT count(*) FROM book_raw').pluck().get()).toBe(0);
    expect(old.prepare('SELECT id FROM instruments').pluck().get()).toBe('binance:BTC');
    old.close();
  });
});
