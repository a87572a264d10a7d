import Database from 'better-sqlite3';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { APPLICATION_ID, migrate, MIGRATIONS } from '#node/history/schema.ts';
import { ReadonlyHistory } from '#node/history/readonly-history.ts';
import { SqliteHistory } from '#node/history/sqlite-history.ts';
import { HOUR, instrument, isElsewhere, openStore, openWith, poll, silent, snapshot, T0, tempDir } from './support.ts';

const all = [0, Infinity] as const;
const at = (hours: number): number => T0 + hours * HOUR;
const settledRow = (hour: number, values = {}) => ({ stamp: at(hour), rate: 1e-4, intervalH: null, mark: null, premium: null, ...values });

describe('a later word is a version beside the first one', () => {
  test('of a settlement: interval, mark and premium are those that were known then, the first rate stays', () => {
    const { store, id } = openWith('BTC');
    store.recordSettled(id, [settledRow(8, { mark: 100 })], at(9), null);
    store.recordSettled(id, [settledRow(8, { mark: 101, intervalH: 8 })], at(10), null);
    store.recordSettled(id, [settledRow(8, { premium: 0.001, rate: 1e-4, intervalH: 4 })], at(11), null);
    store.recordSettled(id, [settledRow(8, { rate: 2e-4 })], at(12), null);
    const known = (asOf: number | null) => {
      const { rate, intervalH, mark, premium } = store.settled(id, ...all, asOf);
      return [rate[0], intervalH[0], mark[0], premium[0]];
    };
    expect(store.settled(id, ...all, at(9) - 1).key).toHaveLength(0);
    expect(known(at(9))).toEqual([1e-4, NaN, 100, NaN]);
    expect(known(at(10))).toEqual([1e-4, 8, 101, NaN]);
    expect(known(at(11) - 1)).toEqual([1e-4, 8, 101, NaN]);
    expect(known(at(11))).toEqual([1e-4, 4, 101, 0.001]);
    expect(known(null)).toEqual([1e-4, 4, 101, 0.001]);
    expect(store.conflicts(0, Infinity, at(12) - 1)).toEqual([]);
    expect(store.conflicts(0, Infinity)).toEqual([
      { instrument: id, key: at(8), rate: 1e-4, otherRate: 2e-4, otherStamp: at(8), learntAt: at(12) },
    ]);
  });

  test('a hole that is filled changes the intervals behind it from then on, and not before', () => {
    const { store, id } = openWith('BTC');
    store.recordSettled(
      id,
      [8, 16, 24, 40, 48].map((hour) => settledRow(hour)),
      at(49),
      null,
    );
    store.recordSettled(id, [settledRow(32)], at(60), null);
    expect([...store.settled(id, ...all, at(59)).intervalH]).toEqual([NaN, NaN, 8, NaN, 8]);
    expect([...store.settled(id, ...all, at(60)).intervalH]).toEqual([NaN, NaN, 8, 8, 8, 8]);
    expect([...store.settled(id, ...all).learntAt]).toEqual([8, 16, 24].map(() => at(49)).concat(at(60), at(49), at(49)));
  });

  test('of a price: what was learnt soon after its close, long after it, and again', () => {
    const { store, id } = openWith('BTC');
    const price = (hour: number, mark: number | null, index: number | null = null) => ({ close: at(hour), mark, index, last: null });
    store.recordPrices(id, [price(-5000, 7), price(1, 8)], at(1.5), null);
    store.recordPrices(id, [price(1, 9), price(2, 10)], at(2.25), null);
    store.recordPrices(id, [price(1, null, 9.5), price(2, 10)], at(3), null);
    const known = (asOf: number | null) => {
      const { mark, index, learntAt } = store.prices(id, ...all, asOf);
      return [[...mark], [...index], [...learntAt]];
    };
    expect(known(at(1.5) - 1)).toEqual([[], [], []]);
    expect(known(at(1.5))).toEqual([
      [7, 8],
      [NaN, NaN],
      [at(1.5), at(1.5)],
    ]);
    expect(known(at(2.25))).toEqual([
      [7, 9, 10],
      [NaN, NaN, NaN],
      [at(1.5), at(2.25), at(2.25)],
    ]);
    expect(known(at(3))).toEqual([
      [7, 9, 10],
      [NaN, 9.5, NaN],
      [at(1.5), at(3), at(2.25)],
    ]);
    expect(known(null)).toEqual(known(at(3)));
  });

  test('of an instrument: what it was taken for, and whether it was listed', () => {
    const { store } = openStore();
    const BTC = instrument('BTC');
    store.recordPoll(poll(at(1), [snapshot('BTC'), snapshot('ETH')]));
    store.recordPoll(poll(at(2), [snapshot('ETH')], { instruments: [{ ...BTC, multiplier: 1000 }], delisted: [BTC.id] }));
    store.recordPoll(poll(at(3), [snapshot('BTC')], { instruments: [{ ...BTC, multiplier: 10 }] }));
    const known = (asOf: number | null) => {
      const one = store.latest(asOf).find((row) => row.instrument.id === BTC.id);
      return [
        store.instruments(asOf).find(({ id }) => id === BTC.id)?.multiplier,
        one?.instrument.multiplier,
        one?.delisted,
        one?.observedAt,
      ];
    };
    expect([store.instruments(at(1) - 1), store.latest(at(1) - 1)]).toEqual([[], []]);
    expect(known(at(1))).toEqual([1, 1, false, at(1)]);
    expect(known(at(2))).toEqual([1000, 1000, true, at(1)]);
    expect(known(at(3))).toEqual([10, 10, false, at(3)]);
    expect(known(null)).toEqual(known(at(3)));
  });

  test('of proven stretches and of what was asked for in vain', () => {
    const { store, id } = openWith('BTC');
    store.recordSettled(id, [], at(1), { from: at(0), to: at(1) });
    store.recordSettled(id, [], at(2), { from: at(0.5), to: at(2) });
    store.recordSettled(id, [], at(3), { from: at(-9), to: at(-5) });
    // Two rows with one missing between them: what lies there was never proven.
    store.recordSettled(id, [settledRow(0.5, { intervalH: 1 }), settledRow(2, { intervalH: 1 })], at(4), { from: at(0), to: at(2) });
    const known = (asOf: number | null) => store.spans(id, 'settled', asOf).map(({ from, to }) => [from, to].map((t) => (t - T0) / HOUR));
    expect(known(at(1) - 1)).toEqual([]);
    expect(known(at(1))).toEqual([[0, 1]]);
    expect(known(at(2))).toEqual([[0, 2]]);
    expect(known(at(3))).toEqual([
      [-9, -5],
      [0, 2],
    ]);
    expect(known(at(4))).toEqual(known(null));
    expect(known(null).length).toBeGreaterThan(2);
    const asked = { from: at(0), to: at(1), at: at(5), since: at(4) };
    store.recordAsked(id, 'price', [asked], at(5));
    store.recordAsked(id, 'price', [], at(6));
    expect([at(5) - 1, at(5), at(6), null].map((asOf) => store.asked(id, 'price', asOf))).toEqual([[], [asked], [], []]);
  });

  test('of events: a ban is known when it is told, not when it ends', () => {
    const { store, clock } = openStore();
    clock.now = at(1);
    store.recordEvent({ at: at(3), kind: 'ban', venue: 'binance', instrument: null, text: 'banned' });
    expect(store.events(0, Infinity, at(1) - 1)).toEqual([]);
    expect(store.events(0, Infinity, at(1))).toHaveLength(1);
    clock.now = at(2);
    store.recordEvent({ at: at(4), kind: 'ban', venue: 'binance', instrument: null, text: 'banned for longer' });
    expect([at(1) - 1, at(1), at(2), null].map((asOf) => store.bans(asOf).map((ban) => ban.at))).toEqual([[], [at(3)], [at(4)], [at(4)]]);
  });
});

test.skipIf(isElsewhere())('what is moving is read once and in its place, whatever comes between two pieces of the upkeep', () => {
  const { store, clock } = openStore();
  const BTC = instrument('BTC').id;
  const symbols = Array.from({ length: 160 }, (_, i) => (i === 0 ? 'BTC' : `S${i}`));
  for (let i = 0; i < 200; i++)
    store.recordPoll(
      poll(
        T0 + i * 60_000,
        symbols.map((symbol) => snapshot(symbol, { rate: i })),
      ),
    );
  clock.now = T0 + 200 * 60_000;
  let late = 0;
  const times = () => [...store.snapshots(BTC, ...all).observedAt];
  const expected = times();
  while (store.maintainPiece(clock.now)) {
    const own = T0 + late * 60_000 + 500;
    store.recordPoll(poll(clock.now + late * 1000, [snapshot('BTC', { ageMs: clock.now + late * 1000 - own })]));
    expected.push(own);
    if (late++ > 60) break;
    expect(times()).toEqual([...expected].sort((a, b) => a - b));
  }
  store.maintain(clock.now);
  expect(late).toBeGreaterThan(1);
  expect(times()).toEqual([...expected].sort((a, b) => a - b));
  expect(store.snapshots(BTC, ...all).rate.filter((rate) => rate >= 1)).toHaveLength(199);
});

describe('the running rate before a settlement', () => {
  const seen = (store: Pick<SqliteHistory, 'settledSeen'>, id: string) => {
    const { seen60, seen15, seen5, seenLast, seenLastAt } = store.settledSeen(id, ...all);
    return [seen60[0], seen15[0], seen5[0], seenLast[0], seenLastAt[0]];
  };

  test('is kept with it as seen 60, 15 and 5 minutes before and last, for ever: the polls go', () => {
    const { store, id, clock } = openWith('BTC');
    for (const minute of [-62, -61, -57, -16, -6, -1, 1])
      store.recordPoll(poll(at(8) + minute * 60_000, [snapshot('BTC', { rate: minute / 1e5 })]));
    store.recordSettled(id, [settledRow(8, { intervalH: 8 })], at(8.2), null);
    const expected = [-61e-5, -16e-5, -6e-5, -1e-5, at(8) - 60_000];
    expect(seen(store, id)).toEqual(expected);
    clock.now = at(40 * 24);
    store.maintain(clock.now);
    expect(store.snapshots(id, ...all).observedAt).toHaveLength(0);
    expect(seen(store, id)).toEqual(expected);
    expect(store.thinned()).toMatchObject([{ what: 'snapshots', from: at(8) - 62 * 60_000, at: clock.now }]);
  });

  test('is none where it was quoted for another interval, or before the interval began', () => {
    const { store, id } = openWith('BTC');
    for (const minute of [-61, -16]) store.recordPoll(poll(at(8) + minute * 60_000, [snapshot('BTC', { intervalH: 1, rate: 0.5 })]));
    store.recordSettled(id, [settledRow(8, { intervalH: 8 })], at(9), null);
    expect(seen(store, id)).toEqual([NaN, NaN, NaN, NaN, NaN]);
    store.recordSettled(id, [settledRow(8, { intervalH: 1 })], at(10), null);
    expect(seen(store, id)).toEqual([NaN, 0.5, NaN, 0.5, at(8) - 16 * 60_000]);
  });
});

test('a history of before is taken over whole; what it cannot know counts as learnt at the migration', () => {
  const file = join(tempDir(), 'history.sqlite');
  const old = new Database(file);
  old.pragma(`application_id = ${APPLICATION_ID.live}`);
  migrate(old, MIGRATIONS.slice(0, 11));
  old.exec(`
    INSERT INTO instruments VALUES (1, 'binance:BTC', 'binance', 'BTC', 'BTC', 'USDT', 'USDT', 'linear', 1);
    INSERT INTO settled VALUES (1, ${at(8)}, ${at(8) + 3}, 1e-4, 8, 1, 100, ${at(9)}, 0.001), (1, ${at(16)}, ${at(16)}, 2e-4, 8, 3, NULL, ${at(17)}, NULL);
    INSERT INTO conflicts VALUES (1, ${at(8)}, 3e-4, 1e-4, ${at(8)}, ${at(10)}, ${at(20)}, 5);
    INSERT INTO prices VALUES (1, ${at(8)}, 100, 101, NULL), (1, ${at(9)}, NULL, NULL, 99);
    INSERT INTO spans VALUES (1, 'settled', ${at(0)}, ${at(16)}), (1, 'price', ${at(7)}, ${at(9)});
    INSERT INTO asked VALUES (1, 'settled', ${at(16)}, ${at(18)}, ${at(19)}, ${at(18)}), (1, 'settled', ${at(20)}, ${at(21)}, ${at(22)}, ${at(22)});
    INSERT INTO events (at, kind, venue, instrument, text) VALUES (${at(9)}, 'hole', 'binance', NULL, 'a hole'), (${at(9)}, 'outage', 'binance', NULL, 'down');
    INSERT INTO latest VALUES (1, ${at(16) - 1000}, 90000, 3e-4, 8, 100, 101, 5, 7, ${at(16)}, 1e-4, ${at(16)}, 3e-4, 3e-4, 0, 0, 0, 0, 0, NULL, 0);
  `);
  const polled = old.prepare('INSERT INTO snapshot_hot VALUES (1, ?, ?, 8, 100, 101, 5, 7, ?)');
  for (const minute of [-60, -15, -5, -1]) polled.run(at(16) + minute * 60_000, minute / 1e5, at(16));
  old.exec(`INSERT INTO hour_cold VALUES (1, ${at(8)}, ${at(8) - 5}, 1e-4, 8, 100, 101, 5, 7, 1e-4, 2e-4, 0.01, 0.01, 0.01, 3600000)`);
  old.close();

  const migratedAt = at(24);
  const store = new SqliteHistory({ file, kind: 'live', log: silent, now: () => migratedAt });
  const id = 'binance:BTC';
  const settled = store.settledSeen(id, ...all);
  expect(settled).toMatchObject({
    key: Float64Array.of(at(8), at(16)),
    stamp: Float64Array.of(at(8) + 3, at(16)),
    rate: Float64Array.of(1e-4, 2e-4),
    intervalH: Float64Array.of(8, 8),
    mark: Float64Array.of(100, NaN),
    premium: Float64Array.of(0.001, NaN),
    learntAt: Float64Array.of(at(9), at(17)),
    seen60: Float64Array.of(NaN, -60e-5),
    seen15: Float64Array.of(NaN, -15e-5),
    seen5: Float64Array.of(NaN, -5e-5),
    seenLast: Float64Array.of(NaN, -1e-5),
  });
  expect([...store.settled(id, ...all, at(9)).key]).toEqual([at(8)]);
  expect(store.conflicts(0, Infinity)).toMatchObject([{ key: at(8), rate: 1e-4, otherRate: 3e-4, learntAt: at(10) }]);
  expect(store.prices(id, ...all)).toEqual({
    close: Float64Array.of(at(8), at(9)),
    mark: Float64Array.of(100, NaN),
    index: Float64Array.of(101, NaN),
    last: Float64Array.of(NaN, 99),
    learntAt: Float64Array.of(NaN, NaN),
  });
  expect([store.prices(id, ...all, migratedAt - 1).close.length, store.prices(id, ...all, migratedAt).close.length]).toEqual([0, 2]);
  expect(store.spans(id, 'settled')).toEqual([{ from: at(0), to: at(16) }]);
  expect([store.spans(id, 'price', migratedAt - 1), store.spans(id, 'price', migratedAt)]).toEqual([[], [{ from: at(7), to: at(9) }]]);
  expect(store.asked(id, 'settled')).toEqual([
    { from: at(16), to: at(18), at: at(19), since: at(18) },
    { from: at(20), to: at(21), at: at(22), since: at(22) },
  ]);
  expect(store.events(0, Infinity)).toHaveLength(2);
  expect(store.events(0, Infinity, at(10)).map(({ kind }) => kind)).toEqual(['outage']);
  expect(store.instruments(at(8) - 1)).toEqual([]);
  expect(store.instruments(at(8))).toEqual([instrument('BTC')]);
  expect(store.latest()).toMatchObject([{ observedAt: at(16) - 1000, snapshot: { rate: 3e-4, interestPer8h: 1e-4 } }]);
  expect([...store.hours(id, ...all).close]).toEqual([at(8), at(16)]);
  expect([...store.snapshots(id, ...all).observedAt]).toHaveLength(4);
  store.close();
});

describe.skipIf(isElsewhere())('a history that a newer version wrote', () => {
  /** As a later version would leave it, that says from which version on it can be read. */
  function ofNewer(leastReader: number): string {
    const { store, file } = openStore();
    store.recordPoll(poll(T0, [snapshot('BTC')]));
    store.close();
    const db = new Database(file);
    db.exec('ALTER TABLE events ADD COLUMN colour TEXT');
    db.prepare("UPDATE meta SET value = ? WHERE name = 'least_reader'").run(leastReader);
    db.pragma(`user_version = ${MIGRATIONS.length + 1}`);
    db.close();
    return file;
  }
  const options = (file: string) => ({ file, kind: 'live' as const, log: silent, now: () => T0 });

  test('is read by one that it says can read it, and written by none', () => {
    const file = ofNewer(MIGRATIONS.length);
    const before = readFileSync(file);
    const reader = new ReadonlyHistory(options(file));
    expect(reader.latest()).toMatchObject([{ observedAt: T0 }]);
    reader.close();
    expect(() => new SqliteHistory(options(file))).toThrow(/newer Perpscope.+Nothing was changed.+can read it, but not record/u);
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  test('is refused by an older one, and left as it is', () => {
    const file = ofNewer(MIGRATIONS.length + 1);
    const before = readFileSync(file);
    for (const open of [() => new ReadonlyHistory(options(file)), () => new SqliteHistory(options(file))])
      expect(open).toThrow(/newer Perpscope.+Nothing was changed: install the newer version/u);
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  test('this version says from which one on its files can be read', () => {
    const { store, file } = openStore();
    store.close();
    const of = (migrations: typeof MIGRATIONS) => new ReadonlyHistory({ ...options(file), migrations });
    of(MIGRATIONS).close();
    const versions = MIGRATIONS.findIndex(({ name }) => name === 'packPremiums');
    of(MIGRATIONS.slice(0, versions + 1)).close();
    expect(() => of(MIGRATIONS.slice(0, versions))).toThrow(/newer Perpscope/u);
  });
});

test.skipIf(isElsewhere())('polls of before say nothing of the premium that the venue stated then; those of now do', () => {
  const file = join(tempDir(), 'history.sqlite');
  const old = new Database(file);
  old.pragma(`application_id = ${APPLICATION_ID.live}`);
  migrate(old, MIGRATIONS.slice(0, 18));
  old.exec(`INSERT INTO instruments (number, id, venue, symbol, asset, quote, settle, contract, multiplier, aliases, learnt_at)
    VALUES (1, 'binance:BTC', 'binance', 'BTC', 'BTC', 'USDT', 'USDT', 'linear', 1, '[]', 1)`);
  for (const table of ['snapshot_hot', 'snapshot_cold'])
    old.exec(`INSERT INTO ${table} VALUES (1, ${at(table === 'snapshot_hot' ? 2 : 1)}, 1e-4, 8, 100, 101, 5, 7, ${at(8)}, 9)`);
  old.close();
  const { store } = openStore(file);
  for (const [hour, premium] of [
    [3, 0.002],
    [4, 0.003],
  ] as const)
    store.recordPoll(poll(at(hour), [snapshot('BTC', { premium })]));
  expect([...store.snapshots('binance:BTC', ...all).mark]).toEqual([100, 100, 100, 100]);
  const premiums = [2.5, 3.5, 4.5].map((hour) => store.latest(at(hour))[0]?.snapshot.premium);
  expect(premiums).toEqual([null, 0.002, 0.003]);
});
