import Database from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { HistoryReader } from '#node/history/reader.ts';
import { migrate, MIGRATIONS } from '#node/history/schema.ts';
import { HOUR, instrument, isElsewhere, openStore, poll, snapshot, T0 } from './support.ts';

const BTC = instrument('BTC').id;
const all = [0, Infinity] as const;

describe('latest', () => {
  test('is the newest observation of every instrument, watched or not, exactly as it was given', () => {
    const { store } = openStore();
    const given = snapshot('BTC', { rate: -0.000123456789, nextFundingAt: T0 + HOUR, openInterest: null, interestPer8h: null });
    store.recordPoll(poll(T0 + 1, [snapshot('BTC'), snapshot('ETH')], { watched: new Set() }));
    store.recordPoll(poll(T0 + 2, [given], { watched: new Set() }));
    const unlimited = { cap: null, floor: null };
    expect(store.latest()).toEqual([
      { instrument: instrument('BTC'), snapshot: { ...given, ...unlimited }, observedAt: T0 + 2, delisted: false, thinned: false },
      { instrument: instrument('ETH'), snapshot: snapshot('ETH', unlimited), observedAt: T0 + 1, delisted: false, thinned: false },
    ]);
  });

  test('is not overwritten by a late or repeated observation, which is still kept as a snapshot', () => {
    const { store } = openStore();
    store.recordPoll(poll(T0 + 60_000, [snapshot('BTC', { rate: 0.2 })]));
    store.recordPoll(poll(T0 + 30_000, [snapshot('BTC', { rate: 0.1 })]));
    store.recordPoll(poll(T0 + 60_000, [snapshot('BTC', { rate: 0.3 })]));
    expect(store.latest()[0]).toMatchObject({ observedAt: T0 + 60_000, snapshot: { rate: 0.2 } });
    expect([...store.snapshots(BTC, ...all).rate]).toEqual([0.1, 0.2]);
  });

  test('gives way where it came from a clock that ran far ahead', () => {
    const { store, clock } = openStore();
    store.recordPoll(poll(T0 + 400 * 24 * HOUR, [snapshot('BTC', { rate: 0.9 })]));
    clock.now = T0 + 1000;
    store.recordPoll(poll(T0 + 1000, [snapshot('BTC', { rate: 0.1 })]));
    expect(store.latest()[0]).toMatchObject({ observedAt: T0 + 1000, snapshot: { rate: 0.1 } });
  });

  test('follows an instrument whose facts change', () => {
    const { store } = openStore();
    store.recordPoll(poll(T0, [snapshot('BTC'), snapshot('ETH')]));
    store.recordPoll(poll(T0 + 1, [], { instruments: [{ ...instrument('BTC'), multiplier: 1000 }, instrument('SOL')] }));
    expect(store.instruments()).toEqual([{ ...instrument('BTC'), multiplier: 1000 }, instrument('ETH'), instrument('SOL')]);
  });
});

describe('what an instrument is', () => {
  const said = {
    ...instrument('BTC'),
    aliases: ['XBT'],
    contractSize: 0.01,
    assetClass: 'crypto',
    listedAt: T0 - HOUR,
    delistedAt: T0 + HOUR,
  } as const;
  test('is known after a restart as it was said', () => {
    const { store, file } = openStore();
    store.recordPoll(poll(T0, [snapshot('BTC')], { instruments: [said] }));
    store.close();
    const again = openStore(file).store;
    expect(again.instruments()).toEqual([said]);
    expect(again.latest()[0]?.instrument).toEqual(said);
  });
  test('is not taken back by an answer that does not say it', () => {
    const { store } = openStore();
    store.recordPoll(poll(T0, [snapshot('BTC')], { instruments: [said] }));
    store.recordPoll(poll(T0 + 1, [snapshot('BTC')]));
    expect(store.instruments()).toEqual([{ ...said, aliases: [], contractSize: 1 }]);
  });
  test('one that is delisted says when, by the venue where it tells; one that trades again says so no longer', () => {
    const { store } = openStore();
    const eth = instrument('ETH');
    store.recordPoll(poll(T0, [snapshot('BTC'), snapshot('ETH')], { instruments: [said, eth] }));
    store.recordPoll(poll(T0 + 2 * HOUR, [], { delisted: [said.id, eth.id] }));
    expect(store.instruments().map(({ delistedAt }) => delistedAt)).toEqual([T0 + HOUR, T0 + 2 * HOUR]);
    store.recordPoll(poll(T0 + 3 * HOUR, [snapshot('ETH')]));
    expect(store.instruments().map(({ delistedAt }) => delistedAt)).toEqual([T0 + HOUR, null]);
  });
  test('an older file keeps its rows: a linear contract was counted in units of its price, an inverse one is unknown', () => {
    const db = new Database(':memory:');
    migrate(db, MIGRATIONS.slice(0, 11));
    db.exec(
      `INSERT INTO instruments VALUES (1, 'a:B', 'a', 'B', 'B', 'U', 'U', 'linear', 1), (2, 'a:C', 'a', 'C', 'C', 'U', 'C', 'inverse', 1)`,
    );
    migrate(db);
    const known = { aliases: [], assetClass: null, listedAt: null, delistedAt: null };
    expect(new HistoryReader(db).instruments()).toEqual([
      {
        ...known,
        id: 'a:B',
        venue: 'a',
        symbol: 'B',
        asset: 'B',
        quote: 'U',
        settle: 'U',
        contract: 'linear',
        multiplier: 1,
        contractSize: 1,
      },
      {
        ...known,
        id: 'a:C',
        venue: 'a',
        symbol: 'C',
        asset: 'C',
        quote: 'U',
        settle: 'C',
        contract: 'inverse',
        multiplier: 1,
        contractSize: null,
      },
    ]);
    db.close();
  });
});

describe('a row that cannot be stored costs itself', () => {
  test.each([
    ['a rate that is NaN', { rate: NaN }, /binance:ETH rate is NaN/u],
    ['a rate that is infinite', { rate: -Infinity }, /binance:ETH rate is -Infinity/u],
    ['a price of zero', { mark: 0 }, /binance:ETH mark is 0/u],
    ['half a millisecond', { nextFundingAt: 1.5 }, /binance:ETH nextFundingAt is 1.5/u],
    ['negative open interest', { openInterest: -1 }, /binance:ETH openInterest is -1/u],
  ])('%s: the rows beside it are kept, and it says why', (_, values, message) => {
    const { store } = openStore();
    store.recordPoll(poll(T0, [snapshot('BTC')]));
    const { refused } = store.recordPoll(poll(T0 + 1, [snapshot('ETH', values), snapshot('BTC', { rate: 1 })]));
    expect(refused).toEqual([{ symbol: 'ETH', reason: expect.stringMatching(message) as string }]);
    expect(store.latest()).toMatchObject([{ observedAt: T0 + 1, snapshot: { rate: 1 } }]);
    expect([...store.snapshots(BTC, ...all).observedAt]).toEqual([T0, T0 + 1]);
    expect([...store.snapshots('binance:ETH', ...all).observedAt]).toEqual([]);
    // Nothing of the refused row is left in memory either.
    store.recordPoll(poll(T0 + 2, [snapshot('ETH')]));
    expect(store.latest().map(({ instrument: { symbol } }) => symbol)).toEqual(['BTC', 'ETH']);
  });

  test('a snapshot of an instrument that was not named is refused in words', () => {
    const { store } = openStore();
    const strange = poll(T0, [snapshot('BTC')], { instruments: [] });
    expect(store.recordPoll(strange).refused).toEqual([
      { symbol: 'BTC', reason: expect.stringContaining('binance:BTC is not known') as string },
    ]);
  });

  test('a time that is not whole milliseconds is refused', () => {
    const { store } = openStore();
    expect(() => store.recordPoll(poll(T0 + 0.5, [snapshot('BTC')]))).toThrow(/observedAt/u);
  });
});

test.skipIf(isElsewhere())('a rule of the file itself that one row breaks costs that row', () => {
  const { store, file } = openStore();
  store.recordPoll(poll(T0, [snapshot('BTC'), snapshot('ETH')]));
  const other = new Database(file);
  other.exec("CREATE TRIGGER strict BEFORE INSERT ON snapshot_hot WHEN NEW.rate = 7 BEGIN SELECT raise(ABORT, 'seven'); END");
  other.close();
  const { refused } = store.recordPoll(poll(T0 + 1000, [snapshot('BTC', { rate: 7 }), snapshot('ETH', { rate: 0.5 })]));
  expect(refused).toEqual([{ symbol: 'BTC', reason: expect.stringContaining('seven') as string }]);
  expect(store.latest()).toMatchObject([{ snapshot: { rate: 0.0001 } }, { observedAt: T0 + 1000, snapshot: { rate: 0.5 } }]);
});

test('a row is observed at its own time; one that says again what is known changes nothing', () => {
  const { store, clock } = openStore();
  store.recordPoll(poll(T0 + HOUR - 60_000, [snapshot('BTC'), snapshot('ETH')]));
  store.recordPoll(
    poll(T0 + HOUR + 60_000, [snapshot('BTC', { rate: 0.5, ageMs: 90_000 }), snapshot('ETH', { rate: 0.5, ageMs: 120_000 })]),
  );
  expect(store.latest()).toMatchObject([
    { observedAt: T0 + HOUR - 30_000, snapshot: { rate: 0.5 } },
    { observedAt: T0 + HOUR - 60_000, snapshot: { rate: 0.0001 } },
  ]);
  clock.now = T0 + 2 * HOUR;
  expect([...store.hours(BTC, ...all).close]).toEqual([T0 + HOUR]);
});

test('what arrives once its hour is over was not known at the close: the hour stays as it was shown then', () => {
  const { store, clock } = openStore();
  store.recordPoll(poll(T0 + HOUR - 60_000, [snapshot('BTC', { rate: 0.1 })]));
  clock.now = T0 + HOUR + 10_000;
  const shown = store.hours(BTC, ...all);
  store.recordPoll(poll(T0 + HOUR + 20_000, [snapshot('BTC', { rate: 0.9, ageMs: 30_000 })]));
  expect(store.hours(BTC, ...all)).toEqual(shown);
  store.recordPoll(poll(T0 + HOUR + 50_000, [snapshot('BTC', { rate: 0.3 })]));
  expect(store.hours(BTC, ...all)).toEqual(shown);
  expect(store.hours(BTC, 0, Infinity, clock.now)).toEqual(shown);
});

test('an hour of which the first word comes after its close is known from then on, a late snapshot too', () => {
  const { store, clock } = openStore();
  store.recordPoll(poll(T0 + HOUR + 20_000, [snapshot('BTC', { rate: 0.9, ageMs: 30_000 })]));
  clock.now = T0 + 3 * HOUR;
  for (const moved of [false, true]) {
    if (moved) store.recordPoll(poll(T0 + 2 * HOUR, [snapshot('BTC')]));
    expect([...store.hours(BTC, ...all, T0 + HOUR + 19_999).close]).toEqual([]);
    expect([...store.hours(BTC, ...all, T0 + HOUR + 20_000).close]).toEqual([T0 + HOUR]);
    expect([...store.snapshots(BTC, ...all, T0 + HOUR + 19_999).observedAt]).toEqual([]);
    expect([...store.snapshots(BTC, ...all, T0 + HOUR + 20_000).observedAt]).toEqual([T0 + HOUR - 10_000]);
  }
});

describe('an instrument that is listed no longer', () => {
  test('is known as such after a restart, until it is observed again', () => {
    const { store, file } = openStore();
    store.recordPoll(poll(T0, [snapshot('BTC'), snapshot('ETH')]));
    store.recordPoll(poll(T0 + 1000, [snapshot('BTC')], { delisted: ['binance:ETH'] }));
    store.close();
    const again = openStore(file).store;
    expect(again.latest().map(({ delisted }) => delisted)).toEqual([false, true]);
    again.recordPoll(poll(T0 + 2000, [snapshot('ETH')]));
    expect(again.latest().map(({ delisted }) => delisted)).toEqual([false, false]);
  });
});

test('no premium makes a sum that is none: absurd ones are left out of the hour', () => {
  const { store, clock } = openStore();
  const values = [0.001, 1e308, -1e308, 1e308, 0.001];
  for (const [i, premium] of values.entries())
    store.recordPoll(poll(T0 + (i + 1) * 60_000, [snapshot('BTC', { premium })], { pollMs: 60_000 }));
  clock.now = T0 + 2 * HOUR;
  const { premium, premiumMax, coverage } = store.hours(BTC, ...all);
  expect([premium[0], premiumMax[0]]).toEqual([0.001, 0.001]);
  // A minute, and the three that the last one is held for.
  expect(coverage[0]).toBeCloseTo(4 / 60);
});

test.skipIf(isElsewhere())('a file that another program holds costs the poll, is said, and recovers', () => {
  const { store, file } = openStore();
  store.recordPoll(poll(T0, [snapshot('BTC')]));
  const other = new Database(file);
  other.exec('BEGIN IMMEDIATE');
  expect(() => store.recordPoll(poll(T0 + 1, [snapshot('BTC')]))).toThrow(/SQLITE_BUSY/u);
  expect(store.latest()).toMatchObject([{ observedAt: T0 }]);
  expect(store.status().notices).toEqual([expect.stringMatching(/Another program is using .+ Polls of binance not recorded so far: 1\./u)]);
  other.close();
  store.recordPoll(poll(T0 + 2, [snapshot('BTC')]));
  expect(store.status().notices).toEqual([
    'Polls of binance not recorded because another program held the file: 1. Recording goes on again.',
  ]);
});

test.skipIf(isElsewhere())('what a venue missed is past once another venue is recorded, also where its own polls have ended', () => {
  const { store, file } = openStore();
  store.recordPoll(poll(T0, [snapshot('BTC')]));
  const other = new Database(file);
  other.exec('BEGIN IMMEDIATE');
  expect(() => store.recordPoll(poll(T0 + 1, [snapshot('BTC')]))).toThrow(/SQLITE_BUSY/u);
  other.close();
  store.recordPoll(poll(T0 + 2, [], { venue: 'bybit', instruments: [] }));
  expect(store.status().notices).toEqual([
    'Polls of binance not recorded because another program held the file: 1. Recording goes on again.',
  ]);
});

test('only watched instruments keep every snapshot', () => {
  const { store } = openStore();
  for (let i = 1; i <= 3; i++) store.recordPoll(poll(T0 + i, [snapshot('BTC'), snapshot('ETH')], { watched: new Set([BTC]) }));
  expect(store.snapshots(BTC, ...all).observedAt).toHaveLength(3);
  expect(store.snapshots(instrument('ETH').id, ...all).observedAt).toHaveLength(0);
});

test('ranges are (from, to]', () => {
  const { store } = openStore();
  for (let i = 1; i <= 4; i++) store.recordPoll(poll(T0 + i, [snapshot('BTC')]));
  expect([...store.snapshots(BTC, T0 + 1, T0 + 3).observedAt]).toEqual([T0 + 2, T0 + 3]);
  expect(() => store.snapshots(BTC, NaN, T0)).toThrow(/from is NaN/u);
});

describe('hours', () => {
  test('close with the newest observation, the extremes and the time-weighted premium', () => {
    const { store, clock } = openStore();
    const at = (minute: number, rate: number, mark: number) =>
      store.recordPoll(poll(T0 + minute * 60_000, [snapshot('BTC', { rate, mark })], { pollMs: 10 * 60_000 }));
    at(15, 0.3, 101);
    at(30, -0.1, 102);
    at(50, 0.2, 100);
    at(70, 9, 200);
    clock.now = T0 + 70 * 60_000;
    const hours = store.hours(BTC, ...all);
    expect([...hours.close]).toEqual([T0 + HOUR]);
    expect([...hours.observedAt]).toEqual([T0 + 50 * 60_000]);
    expect([hours.rate[0], hours.rateMin[0], hours.rateMax[0]]).toEqual([0.2, -0.1, 0.3]);
    expect(hours.premiumMin[0]).toBe(0);
    expect(hours.premiumMax[0]).toBeCloseTo(0.02, 12);
    // 15 min at 1 %, 20 min at 2 %, 10 min at 0: 45 of 60 minutes.
    expect(hours.coverage[0]).toBeCloseTo(0.75, 12);
    expect(hours.premium[0]).toBeCloseTo((15 * 0.01 + 20 * 0.02) / 45, 12);
  });

  test("take the venue's own premium where it serves one, also after a restart", () => {
    const { store, file } = openStore();
    const at = (of: typeof store, minute: number, premium: number | null) =>
      of.recordPoll(poll(T0 + minute * 60_000, [snapshot('BTC', { mark: 150, premium })], { pollMs: 10 * 60_000 }));
    at(store, 10, 0.001);
    at(store, 20, 0.003);
    store.close();
    const again = openStore(file);
    at(again.store, 30, 0.005);
    at(again.store, 40, null);
    again.clock.now = T0 + HOUR;
    const hours = again.store.hours(BTC, ...all);
    // 10 min each at 0.1 %, 0.3 % and 0.5 %, then none.
    expect(hours.coverage[0]).toBeCloseTo(30 / 60, 12);
    expect(hours.premium[0]).toBeCloseTo(0.003, 12);
    expect([hours.premiumMin[0], hours.premiumMax[0]]).toEqual([0.001, 0.005]);
  });

  test('an observation is held at most three polls', () => {
    const { store, clock } = openStore();
    store.recordPoll(poll(T0 + 1000, [snapshot('BTC', { mark: 101 })]));
    store.recordPoll(poll(T0 + HOUR + 1000, [snapshot('BTC')]));
    clock.now = T0 + 2 * HOUR;
    const hours = store.hours(BTC, ...all);
    expect(hours.coverage[0]).toBeCloseTo(90 / 3600, 12);
    expect(hours.premium[0]).toBeCloseTo(0.01, 12);
  });

  test('one without a price has no premium, and covers nothing', () => {
    const { store, clock } = openStore();
    store.recordPoll(poll(T0 + 1000, [snapshot('BTC', { index: null })]));
    clock.now = T0 + HOUR;
    const hours = store.hours(BTC, ...all);
    expect([...hours.coverage]).toEqual([0]);
    expect([...hours.premium, ...hours.premiumMin, ...hours.index]).toEqual([NaN, NaN, NaN]);
    expect([...hours.mark]).toEqual([100]);
  });

  test('the hour in progress is not shown; once it is over it is, before and after the poll that closes it', () => {
    const { store, clock } = openStore();
    store.recordPoll(poll(T0 + HOUR - 10_000, [snapshot('BTC', { mark: 101 })]));
    clock.now = T0 + HOUR - 1;
    expect(store.hours(BTC, ...all).close).toHaveLength(0);
    clock.now = T0 + HOUR;
    const before = store.hours(BTC, ...all);
    expect([...before.close]).toEqual([T0 + HOUR]);
    expect(store.hours(BTC, T0 + HOUR, Infinity).close).toHaveLength(0);
    store.recordPoll(poll(T0 + HOUR + 5000, [snapshot('BTC')]));
    expect(store.hours(BTC, ...all)).toEqual(before);
  });

  test('an observation at the very close belongs to the hour that ends', () => {
    const { store, clock } = openStore();
    store.recordPoll(poll(T0 + HOUR, [snapshot('BTC')]));
    clock.now = T0 + HOUR;
    expect([...store.hours(BTC, ...all).close]).toEqual([T0 + HOUR]);
  });

  test('go on across a restart at any poll: the same rows as without one', () => {
    const steps = fc.array(
      fc.record({
        gapS: fc.integer({ min: 1, max: 900 }),
        rate: fc.double({ min: -0.01, max: 0.01, noNaN: true }),
        mark: fc.double({ min: 90, max: 110, noNaN: true }),
      }),
      { minLength: 2, maxLength: 40 },
    );
    fc.assert(
      fc.property(steps, fc.nat(), (list, cut) => {
        const whole = openStore();
        let broken = openStore();
        let at = T0;
        for (const [i, { gapS, rate, mark }] of list.entries()) {
          at += gapS * 1000;
          const one = poll(at, [snapshot('BTC', { rate, mark })]);
          whole.store.recordPoll(one);
          broken.store.recordPoll(one);
          if (i !== cut % list.length) continue;
          broken.store.close();
          broken = openStore(broken.file);
        }
        whole.clock.now = broken.clock.now = at;
        expect(broken.store.hours(BTC, ...all)).toEqual(whole.store.hours(BTC, ...all));
        expect(broken.store.latest()).toEqual(whole.store.latest());
        expect(broken.store.snapshots(BTC, ...all)).toEqual(whole.store.snapshots(BTC, ...all));
        broken.store.close();
        whole.store.close();
      }),
      { numRuns: 12 },
    );
  });

  test('equal a plain sum over milliseconds, for any spacing of polls', () => {
    const gaps = fc.array(fc.record({ gapS: fc.integer({ min: 1, max: 2400 }), mark: fc.integer({ min: 90, max: 110 }) }), {
      minLength: 1,
      maxLength: 30,
    });
    fc.assert(
      fc.property(gaps, fc.integer({ min: 5, max: 600 }), (list, pollS) => {
        const { store, clock } = openStore();
        const seen: { at: number; premium: number }[] = [];
        let at = T0;
        for (const { gapS, mark } of list) {
          at += gapS * 1000;
          seen.push({ at, premium: mark / 100 - 1 });
          store.recordPoll(poll(at, [snapshot('BTC', { mark })], { pollMs: pollS * 1000 }));
        }
        clock.now = at + 2 * HOUR;
        const hours = store.hours(BTC, ...all);
        for (const [i, close] of hours.close.entries()) {
          let [sum, seconds] = [0, 0];
          for (let s = close - HOUR; s < close; s += 1000) {
            const holder = seen.findLast((one) => one.at <= s);
            if (!holder || s - holder.at >= 3 * pollS * 1000) continue;
            sum += holder.premium;
            seconds += 1;
          }
          expect(hours.coverage[i]).toBeCloseTo(seconds / 3600, 10);
          if (seconds > 0) expect(hours.premium[i]).toBeCloseTo(sum / seconds, 10);
        }
        const observedHours = new Set(seen.map((one) => Math.ceil(one.at / HOUR) * HOUR));
        expect([...hours.close]).toEqual([...observedHours].sort((a, b) => a - b));
        store.close();
      }),
      { numRuns: 25 },
    );
  });
});
