import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { deriveIntervals } from '#domain/interval.ts';
import type { SettledRow } from '#core/venue.ts';
import { ReadonlyHistory } from '#node/history/readonly-history.ts';
import { APPLICATION_ID, migrate, MIGRATIONS } from '#node/history/schema.ts';
import { HOUR, instrument, isElsewhere, openStore, openWith, poll, snapshot, T0, tempDir } from './support.ts';

const all = [0, Infinity] as const;
const row = (hour: number, rate = hour / 1e5, values: Partial<SettledRow> = {}): SettledRow => ({
  stamp: T0 + hour * HOUR,
  rate,
  intervalH: null,
  mark: null,
  premium: null,
  ...values,
});
const rows = (...hours: number[]): SettledRow[] => hours.map((hour) => row(hour));

describe('one settlement is one row', () => {
  test('whose key is the whole hour and whose stamp is kept', () => {
    const { store, id } = openWith('BTC');
    expect(store.recordSettled(id, [row(8, 0.1, { stamp: T0 + 8 * HOUR + 3 })], T0 + 9 * HOUR, null)).toEqual({
      inserted: 1,
      known: 0,
      conflicts: 0,
    });
    const again = [row(8, 0.1), row(8, 0.1, { stamp: T0 + 8 * HOUR + 111_000 })];
    expect(store.recordSettled(id, again, T0 + 99 * HOUR, null)).toEqual({ inserted: 0, known: 2, conflicts: 0 });
    const { key, stamp, learntAt } = store.settled(id, ...all);
    expect([...key, ...stamp, ...learntAt]).toEqual([T0 + 8 * HOUR, T0 + 8 * HOUR + 3, T0 + 9 * HOUR]);
    expect(store.status().settledRows).toBe(1);
  });

  test('of two rates the first stays, the other is logged and counted', () => {
    const { store, id, file } = openWith('BTC');
    store.recordSettled(id, [row(8, 0.1)], 1, null);
    expect(store.recordSettled(id, [row(8, 0.2), row(16, 0.3)], 2, null)).toEqual({ inserted: 1, known: 0, conflicts: 1 });
    expect(store.recordSettled(id, [row(8, 0.2)], 3, null)).toEqual({ inserted: 0, known: 1, conflicts: 0 });
    expect([...store.settled(id, ...all).rate]).toEqual([0.1, 0.3]);
    store.close();
    if (isElsewhere()) return;
    const db = new Database(file, { readonly: true });
    expect(db.prepare('SELECT key, other_rate, kept_rate, first_seen, last_seen, times FROM conflicts').all()).toEqual([
      { key: T0 + 8 * HOUR, other_rate: 0.2, kept_rate: 0.1, first_seen: 2, last_seen: 2, times: 1 },
    ]);
    db.close();
  });

  test('what a first answer left out is filled in by a later one', () => {
    const { store, id } = openWith('BTC');
    store.recordSettled(id, rows(8), 1, null);
    store.recordSettled(id, [row(8, undefined, { intervalH: 4, mark: 99 })], 2, null);
    const { intervalH, mark } = store.settled(id, ...all);
    expect([...intervalH, ...mark]).toEqual([4, 99]);
  });

  test('the newest word of mark and premium is the value; what it leaves out stays, and of two rates the first', () => {
    const { store, id, file, clock } = openWith('BTC');
    store.recordSettled(id, [row(8, 0.1, { mark: 99 }), row(16, 0.1), row(24, 0.1, { premium: -0.002 })], T0 + 30 * HOUR, null);
    const before = store.settled(id, ...all);
    expect([...before.premium]).toEqual([NaN, NaN, -0.002]);
    const late = { stamp: T0 + 8 * HOUR + 111_000, mark: 98, premium: 0.0006 };
    const again = [row(8, 0.1, late), row(16, 0.2, { premium: 0.5 }), row(24, 0.1, { premium: 0.9 })];
    expect(store.recordSettled(id, again, T0 + 99 * HOUR, null)).toEqual({ inserted: 0, known: 2, conflicts: 1 });
    store.recordSettled(id, [row(8, 0.1)], T0 + 100 * HOUR, null);
    expect(store.settled(id, ...all)).toEqual({
      ...before,
      mark: Float64Array.of(98, NaN, NaN),
      premium: Float64Array.of(0.0006, NaN, 0.9),
    });
    expect(store.settled(id, ...all, T0 + 99 * HOUR - 1)).toEqual(before);
    if (isElsewhere()) return;
    const beside = new ReadonlyHistory({ file, kind: 'live', now: () => clock.now });
    expect(beside.settled(id, ...all)).toEqual(store.settled(id, ...all));
    beside.close();
  });

  test('a bad row costs its page, not the store', () => {
    const { store, id } = openWith('BTC');
    expect(() => store.recordSettled(id, [row(8), row(16, NaN)], 1, { from: T0, to: T0 + HOUR })).toThrow(/binance:BTC rate is NaN/u);
    expect(() => store.recordSettled(id, [row(8, 0, { premium: Infinity })], 1, null)).toThrow(/binance:BTC premium is Infinity/u);
    expect(store.settled(id, ...all).key).toHaveLength(0);
    expect(store.spans(id, 'settled')).toEqual([]);
  });

  test('an instrument that no poll has named is refused; reading it finds nothing', () => {
    const { store } = openStore();
    expect(() => store.recordSettled('bybit:X', rows(8), 1, null)).toThrow(/bybit:X is not known/u);
    expect(store.settled('bybit:X', ...all).key).toHaveLength(0);
  });
});

test.skipIf(isElsewhere())('a history of before keeps its rows, asks Hyperliquid for theirs again, and they take their premium', () => {
  const file = join(tempDir(), 'history.sqlite');
  const old = new Database(file);
  old.pragma(`application_id = ${APPLICATION_ID.live}`);
  migrate(old, MIGRATIONS.slice(0, 5));
  for (const [number, venue] of [
    [1, 'binance'],
    [2, 'hyperliquid'],
  ] as const) {
    old
      .prepare('INSERT INTO instruments VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1)')
      .run(number, `${venue}:BTC`, venue, 'BTC', 'BTC', 'USD', 'USDC', 'linear');
    old.prepare('INSERT INTO settled VALUES (?, ?, ?, 0.0000125, 1, 1, 99, 7)').run(number, T0, T0 + 31);
    for (const kind of ['settled', 'price']) old.prepare('INSERT INTO spans VALUES (?, ?, 0, ?)').run(number, kind, T0);
  }
  old.close();
  const { store } = openStore(file);
  const [other, own] = ['binance:BTC', 'hyperliquid:BTC'] as const;
  const kept = store.settled(other, ...all);
  expect(kept).toEqual(
    Object.fromEntries(
      Object.entries({ key: T0, stamp: T0 + 31, rate: 0.0000125, intervalH: 1, mark: 99, premium: NaN, learntAt: 7 }).map(
        ([name, value]) => [name, Float64Array.of(value)],
      ),
    ),
  );
  expect(store.settled(own, ...all)).toEqual(kept);
  const whole = [{ from: 0, to: T0 }];
  expect(store.spans(own, 'settled')).toEqual([]);
  store.recordSettled(own, [{ stamp: T0 + 31, rate: 0.0000125, intervalH: 1, mark: null, premium: 0.00057962 }], T0, { from: 0, to: T0 });
  expect(store.settled(own, ...all)).toEqual({ ...kept, premium: Float64Array.of(0.00057962) });
  expect(store.spans(own, 'settled')).toEqual(whole);
});

describe('the interval of a row', () => {
  const intervals = (store: { settled(id: string, from: number, to: number): { intervalH: Float64Array } }, id: string) => [
    ...store.settled(id, ...all).intervalH,
  ];

  test('is stated, else known from the hour observed there, else the gap, else unknown', () => {
    const { store, id, file } = openWith('BTC');
    store.recordPoll(poll(T0 + 16 * HOUR - 5000, [snapshot('BTC', { intervalH: 4 })]));
    store.recordPoll(poll(T0 + 16 * HOUR + 5000, [snapshot('BTC', { intervalH: 1 })]));
    store.recordSettled(id, [row(8), row(16), row(20), row(21, 0.5, { intervalH: 1 }), row(30)], 1, null);
    expect(intervals(store, id)).toEqual([NaN, 4, 4, 1, NaN]);
    store.close();
    if (isElsewhere()) return;
    const db = new Database(file, { readonly: true });
    expect(db.prepare('SELECT interval_source FROM settled ORDER BY key').pluck().all()).toEqual([null, 2, 3, 1, null]);
    db.close();
  });

  test('is known from the hour in progress too', () => {
    const { store, id } = openWith('BTC');
    store.recordPoll(poll(T0 + 8 * HOUR - 5000, [snapshot('BTC', { intervalH: 8 })]));
    store.recordSettled(id, rows(8), T0 + 8 * HOUR + 1, null);
    expect(intervals(store, id)).toEqual([8]);
  });

  test('of the rows behind a hole is worked out again when the hole is filled', () => {
    const { store, id } = openWith('BTC');
    store.recordSettled(id, rows(8, 16, 24, 40, 48), 1, null);
    expect(intervals(store, id)).toEqual([NaN, NaN, 8, NaN, 8]);
    store.recordSettled(id, rows(32), 2, null);
    expect(intervals(store, id)).toEqual([NaN, NaN, 8, 8, 8, 8]);
    store.recordSettled(id, rows(0), 3, null);
    expect(intervals(store, id)).toEqual([NaN, NaN, 8, 8, 8, 8, 8]);
  });

  test('over a real year with two changes of interval, fetched backward in pages, is what one piece gives', (context) => {
    const lines = readShared('../shared/data/funding-1y/bybit/INJUSDT.csv');
    if (!lines) return context.skip('../shared is not here');
    const year = lines.slice(1).map((line): SettledRow => {
      const [stamp, rate] = line.split(',').map(Number);
      return { stamp: stamp ?? NaN, rate: rate ?? NaN, intervalH: null, mark: null, premium: null };
    });
    const whole = openWith('INJ');
    const paged = openWith('INJ');
    whole.store.recordSettled(whole.id, year, 1, null);
    for (let end = year.length; end > 0; end -= 200) paged.store.recordSettled(paged.id, year.slice(Math.max(0, end - 200), end), 1, null);
    const table = whole.store.settled(whole.id, ...all);
    expect(table.key.length).toBeGreaterThan(1000);
    expect(paged.store.settled(paged.id, ...all)).toEqual(table);
    expect(new Set(table.intervalH)).toEqual(new Set([NaN, 8, 1]));
    expect(table.intervalH.filter((h) => h === 1).length).toBeGreaterThan(160);
  });
});

function readShared(file: string): string[] | null {
  if (existsSync(file)) return readFileSync(file, 'utf8').trim().split('\n');
  console.warn(`${file} is not here: its test is left out`);
  return null;
}

describe('any order of arrival', () => {
  const settlements = fc
    .array(
      fc.record({
        gapH: fc.constantFrom(1, 1, 2, 4, 8, 8, 8, 3, 16),
        rate: fc.double({ min: -0.01, max: 0.01, noNaN: true }),
        stated: fc.constantFrom(null, null, null, 1, 8),
      }),
      { minLength: 1, maxLength: 40 },
    )
    .map((list) => {
      let hour = 0;
      // Zero has no sign; SQLite keeps none.
      return list.map(({ gapH, rate, stated }) => row((hour += gapH), rate + 0, { intervalH: stated }));
    });

  test('shuffled, repeated and jittered rows in pages of any size make the table that sorted ones make', () => {
    const arrivals = settlements.chain((list) =>
      fc.record({
        list: fc.constant(list),
        extra: fc.array(fc.nat({ max: list.length - 1 }), { maxLength: 20 }),
        seed: fc.array(fc.nat(), { minLength: 60, maxLength: 60 }),
        jitter: fc.array(fc.integer({ min: -60_000, max: 111_000 }), { minLength: 60, maxLength: 60 }),
        page: fc.integer({ min: 1, max: 12 }),
      }),
    );
    fc.assert(
      fc.property(arrivals, ({ list, extra, seed, jitter, page }) => {
        const { store, id } = openWith('BTC');
        const arriving = [...list.keys(), ...extra]
          .map((which, i) => ({ order: seed[i] ?? 0, which, jitterMs: jitter[i] ?? 0 }))
          .sort((a, b) => a.order - b.order)
          .flatMap(({ which, jitterMs }) => {
            const one = list[which];
            return one ? [{ ...one, stamp: one.stamp + jitterMs }] : [];
          });
        let [inserted, known] = [0, 0];
        for (let i = 0; i < arriving.length; i += page) {
          const outcome = store.recordSettled(id, arriving.slice(i, i + page), T0 + i, null);
          inserted += outcome.inserted;
          known += outcome.known;
          expect(outcome.conflicts).toBe(0);
        }
        expect([inserted, known]).toEqual([list.length, extra.length]);
        const keys = Float64Array.from(list, ({ stamp }) => stamp);
        const table = store.settled(id, ...all);
        expect(table.key).toEqual(keys);
        expect(table.rate).toEqual(Float64Array.from(list, ({ rate }) => rate));
        expect(table.intervalH).toEqual(
          deriveIntervals(
            keys,
            Float64Array.from(list, ({ intervalH }) => intervalH ?? NaN),
            // As the venue states it for the row, it stands.
            true,
          ).intervalH,
        );
        store.close();
      }),
      { numRuns: 20 },
    );
  });
});

describe('spans', () => {
  test('holes on both sides of a stretch take nothing out of it', () => {
    const { store, id } = openWith('BTC');
    const hourly = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);
    const said = (...hours: number[]): SettledRow[] => hours.map((hour) => row(hour, undefined, { intervalH: 1 }));
    const everyFourth = [...hourly(0, 23), ...hourly(49, 72)].filter((hour) => hour % 4 === 0);
    store.recordSettled(id, said(...everyFourth), 1, null);
    const proven = { from: T0 + 24 * HOUR, to: T0 + 48 * HOUR };
    store.recordSettled(id, said(...hourly(24, 48)), 2, proven);
    expect(store.spans(id, 'settled')).toEqual([proven]);
  });

  test('overlapping and touching ones are one; the two kinds and other instruments stay apart', () => {
    const { store, id } = openWith('BTC');
    store.recordPoll(poll(T0, [], { instruments: [instrument('ETH')] }));
    const prove = (from: number, to: number) => store.recordSettled(id, [], 1, { from, to });
    prove(10, 20);
    prove(30, 40);
    prove(20, 25);
    store.recordPrices(id, [], T0, { from: 24, to: 31 });
    expect(store.spans(id, 'settled')).toEqual([
      { from: 10, to: 25 },
      { from: 30, to: 40 },
    ]);
    prove(24, 31);
    prove(5, 5);
    expect(store.spans(id, 'settled')).toEqual([{ from: 10, to: 40 }]);
    expect(store.spans(id, 'price')).toEqual([{ from: 24, to: 31 }]);
    expect(store.spans(instrument('ETH').id, 'settled')).toEqual([]);
    expect(() => prove(9, 8)).toThrow(/must not be before/u);
  });

  test('cover exactly what was proven, in any order', () => {
    const stretch = fc.tuple(fc.nat({ max: 60 }), fc.nat({ max: 12 })).map(([from, length]) => ({ from, to: from + length }));
    fc.assert(
      fc.property(fc.array(stretch, { maxLength: 25 }), (stretches) => {
        const { store, id } = openWith('BTC');
        for (const span of stretches) store.recordSettled(id, [], 1, span);
        const spans = store.spans(id, 'settled');
        for (let t = 1; t <= 75; t++)
          expect(spans.some(({ from, to }) => from < t && t <= to)).toBe(stretches.some(({ from, to }) => from < t && t <= to));
        for (const [i, { from }] of spans.entries()) if (i > 0) expect(from).toBeGreaterThan(spans[i - 1]?.to ?? NaN);
        store.close();
      }),
      { numRuns: 20 },
    );
  });
});

describe('prices and events', () => {
  test('a later candle of the same hour fills and replaces, never empties', () => {
    const { store, id } = openWith('BTC');
    store.recordPrices(id, [{ close: T0, mark: 1, index: null, last: 5 }], T0 + 1, null);
    store.recordPrices(
      id,
      [
        { close: T0, mark: 2, index: 3, last: null },
        { close: T0 + HOUR, mark: null, index: 4, last: null },
      ],
      T0 + 2 * HOUR,
      null,
    );
    const { close, mark, index, last } = store.prices(id, ...all);
    expect([[...close], [...mark], [...index], [...last]]).toEqual([
      [T0, T0 + HOUR],
      [2, NaN],
      [3, 4],
      [5, NaN],
    ]);
    expect(() => store.recordPrices(id, [{ close: T0 + 1, mark: 1, index: 1, last: 1 }], T0, null)).toThrow();
  });

  test('come back as they were given', () => {
    const { store, id } = openWith('BTC');
    const outage = { at: T0, kind: 'outage', venue: 'binance', instrument: null, text: 'no answer' } as const;
    const refused = { at: T0 - 1, kind: 'refused', venue: 'binance', instrument: id, text: 'price 0' } as const;
    store.recordEvent(outage);
    store.recordEvent(refused);
    expect(store.events(0, T0)).toEqual([refused, outage]);
    expect(store.events(T0, Infinity)).toEqual([]);
  });
});
