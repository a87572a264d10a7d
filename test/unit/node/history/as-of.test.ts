import { describe, expect, test } from 'vitest';
import type { Snapshot } from '#core/venue.ts';
import type { SqliteHistory } from '#node/history/sqlite-history.ts';
import { generator } from '#test/support/generator.ts';
import { HOUR, instrument, openStore, poll, snapshot, T0 } from './support.ts';

const MINUTE = 60_000;
const DAY = 24 * HOUR;
const SYMBOLS = ['BTC', 'ETH', 'SOL'];
const IDS = SYMBOLS.map((symbol) => instrument(symbol).id);
/** Snapshots of before this are thinned by the end; what rests on them alone is not compared. */
const KEPT_DAYS = 30;

/** All that can be read, as a person would see it then. `asOf` null: live. */
function everything(store: SqliteHistory, asOf: number | null, snapshotsFrom: number) {
  const range = [0, Infinity, asOf] as const;
  return {
    instruments: store.instruments(asOf),
    latest: store.latest(asOf),
    events: store.events(...range),
    conflicts: store.conflicts(...range),
    of: IDS.map((id) => ({
      settled: store.settledSeen(id, ...range),
      hours: store.hours(id, ...range),
      prices: store.prices(id, ...range),
      snapshots: store.snapshots(id, snapshotsFrom, Infinity, asOf),
      terms: store.terms(id, asOf),
      proven: store.spans(id, 'settled', asOf),
      provenPrices: store.spans(id, 'price', asOf),
      asked: store.asked(id, 'settled', asOf),
    })),
  };
}

/** Days of polls, late settlements, corrections, conflicts, a delisting, changes of interval, of terms and of identity, restarts and retention. */
function soak(seed: number, days: number, slow = 1) {
  const next = generator(seed);
  const pick = (n: number): number => Math.floor(next() * n);
  const chance = (p: number): boolean => next() < p;
  const opened = openStore();
  let { store } = opened;
  let { clock } = opened;
  const { file } = opened;
  const shown: { readonly at: number; readonly seen: ReturnType<typeof everything> }[] = [];
  const intervals = [8, 4, 8];
  let [multiplier, interest, cap] = [1, 1e-4, 0.02];
  let listed = true;
  const look = (): void => {
    shown.push({ at: clock.now, seen: everything(store, null, clock.now - 2 * HOUR) });
  };
  const snapshotOf = (i: number): Snapshot => ({
    ...snapshot(SYMBOLS[i] ?? '', {
      rate: next() / 1000,
      intervalH: intervals[i] ?? null,
      nextFundingAt: Math.ceil(clock.now / HOUR) * HOUR,
      mark: 100 + next(),
      index: 100 + next(),
      openInterest: pick(1000),
      interestPer8h: interest,
      cap,
      floor: -cap,
    }),
    // The first instrument's venue states its own.
    ...(i === 0 && { premium: clock.now % 7 === 0 ? null : (clock.now % 1009) / 1e6 }),
    // Open interest of the second is asked for beside the polls.
    ...(i === 1 && chance(0.8) && { openInterestAt: clock.now - pick(900_000) }),
    ...(chance(0.2) && { ageMs: pick(90_000) }),
  });
  const settle = (i: number, hour: number, values = {}): void => {
    const rate = (hour % 97) / 1e5;
    const row = { stamp: hour * HOUR + pick(9), rate, intervalH: null, mark: null, premium: null, ...values };
    const proven = chance(0.7) ? { from: (hour - pick(10)) * HOUR, to: hour * HOUR + 9 } : null;
    store.recordSettled(IDS[i] ?? '', [row], clock.now, proven);
  };

  store.recordPoll(
    poll(
      clock.now,
      SYMBOLS.map((_, i) => snapshotOf(i)),
      { instruments: SYMBOLS.map((symbol) => instrument(symbol)) },
    ),
  );
  const end = T0 + days * DAY;
  while (clock.now < end) {
    clock.now += (2 + pick(20)) * slow * MINUTE + pick(MINUTE);
    const hour = Math.floor(clock.now / HOUR);
    const others = SYMBOLS.map((_, i) => i).filter((i) => i !== 2 || listed);
    store.recordPoll(
      poll(clock.now, others.map(snapshotOf), {
        instruments: others.map((i) => (i === 1 ? { ...instrument('ETH'), multiplier } : instrument(SYMBOLS[i] ?? ''))),
        watched: new Set(IDS),
      }),
    );
    const what = pick(24);
    if (what < 6) settle(pick(3), hour - pick(12));
    else if (what < 8) settle(pick(3), hour - pick(20), { mark: 100 + pick(3), premium: chance(0.5) ? next() / 100 : null });
    else if (what === 8) settle(pick(3), hour - pick(20), { intervalH: [1, 4, 8][pick(3)] });
    else if (what === 9) settle(pick(3), hour - pick(20), { rate: next() / 1000 });
    else if (what < 13) {
      const closes = Array.from({ length: 1 + pick(6) }, (_, k) => (hour - k) * HOUR);
      const rows = closes.map((close) => ({ close, mark: chance(0.8) ? 100 + pick(3) : null, index: 100 + pick(2), last: null }));
      const from = Math.min(...closes) - HOUR;
      store.recordPrices(IDS[pick(3)] ?? '', rows, clock.now, chance(0.7) ? { from, to: hour * HOUR } : null);
    } else if (what === 13) intervals[pick(3)] = [1, 4, 8][pick(3)] ?? 8;
    else if (what === 14) [interest, cap] = [pick(3) / 1e4, 0.01 + pick(3) / 100];
    else if (what === 15) multiplier = multiplier === 1 ? 1000 : 1;
    else if (what === 16 && listed) {
      listed = false;
      store.recordPoll(poll((clock.now += 1000), [], { instruments: [], delisted: [IDS[2] ?? ''] }));
    } else if (what === 17) listed = true;
    else if (what === 18) {
      const stretch = { from: (hour - 9) * HOUR, to: (hour - 8) * HOUR, at: clock.now, since: clock.now - pick(HOUR) };
      store.recordAsked(IDS[pick(3)] ?? '', 'settled', chance(0.5) ? [stretch] : [], clock.now);
    } else if (what === 19)
      store.recordEvent({ at: clock.now + pick(HOUR), kind: 'ban', venue: 'binance', instrument: null, text: `${what}` });
    else if (what === 20) {
      store.close();
      ({ store, clock } = openAgain(file, clock.now));
    } else if (what === 21) store.maintain(clock.now);
    if (chance(0.15)) look();
  }
  store.maintain(clock.now);
  return { store, shown, clock };
}

function openAgain(file: string, now: number): { store: SqliteHistory; clock: { now: number } } {
  const { store, clock } = openStore(file);
  clock.now = now;
  return { store, clock };
}

describe('what was shown live at a moment is what is read as of it', () => {
  test.each([1, 2])('over three days, seed %i', (seed) => {
    const { store, shown } = soak(seed, 3);
    expect(shown.length).toBeGreaterThan(30);
    for (const { at, seen } of shown) expect(everything(store, at, at - 2 * HOUR), `as of ${at}`).toEqual(seen);
  });

  test('past the days of snapshots only these are gone, and it is said', () => {
    const { store, shown, clock } = soak(5, KEPT_DAYS + 5, 12);
    const [first] = store.thinned();
    expect(first?.what).toBe('snapshots');
    expect(first?.from).toBeLessThanOrEqual(T0);
    const thinnedTo = Math.max(...store.thinned().map(({ to }) => to));
    expect(thinnedTo).toBe((Math.floor(clock.now / DAY) - KEPT_DAYS) * DAY - 1);
    const old = shown.filter(({ at }) => at <= thinnedTo);
    expect(old.length).toBeGreaterThan(3);
    for (const { at, seen } of shown) {
      const then = everything(store, at, at - 2 * HOUR);
      if (at > thinnedTo + 3 * HOUR) expect(then).toEqual(seen);
      else
        expect({ ...then, latest: null, of: then.of.map((one) => ({ ...one, snapshots: null })) }).toEqual({
          ...seen,
          latest: null,
          of: seen.of.map((one) => ({ ...one, snapshots: null })),
        });
    }
  });
});

test('columns that are asked for alone are those of the whole, as of any moment', () => {
  const { store, shown } = soak(4, 4);
  const some = <C extends object>(columns: C, names: readonly (keyof C)[]) => names.map((name) => columns[name]);
  const [rates, hours, prices] = [
    ['rate', 'mark'],
    ['intervalH', 'premium', 'coverage'],
    ['last', 'mark'],
  ] as const;
  for (const at of [...shown.filter((_, i) => i % 9 === 0).map((one) => one.at), null]) {
    for (const id of IDS) {
      const range = [id, 0, Infinity, at] as const;
      const alone = [store.settled(...range, rates), store.hours(...range, hours), store.prices(...range, prices)] as const;
      const whole = [store.settled(...range), store.hours(...range), store.prices(...range)] as const;
      expect(some(alone[0], ['key', ...rates])).toEqual(some(whole[0], ['key', ...rates]));
      expect(some(alone[1], ['close', ...hours])).toEqual(some(whole[1], ['close', ...hours]));
      expect(some(alone[2], ['close', ...prices])).toEqual(some(whole[2], ['close', ...prices]));
      expect(alone.map((columns) => 'learntAt' in columns || 'cap' in columns)).toEqual([false, false, false]);
      expect(store.hours(...range, ['cap']).cap).toEqual(whole[1].cap);
      expect(store.prices(...range, ['learntAt']).learntAt).toEqual(whole[2].learntAt);
    }
  }
});

test('a stretch of many instruments says what the reads of each say, as of any moment', () => {
  const { store, shown, clock } = soak(6, 2);
  const ids = ['binance:NONE', ...IDS.toReversed()];
  const moments = shown.filter((_, i) => i % 6 === 0).map(({ at }) => at);
  let rows = 0;
  for (const asOf of [...moments, null]) {
    const end = asOf ?? clock.now;
    for (const [from, to] of [
      [0, end],
      [end - 30 * HOUR, end],
      [end - 3 * HOUR, end - HOUR],
    ] as const) {
      const found = store.stretches(ids, from, to, asOf);
      for (const [i, id] of ids.entries()) {
        const { thinned, ...hours } = store.hours(id, from, to, asOf);
        expect(partAt(found.settled, i)).toEqual(store.settledSeen(id, from, to, asOf));
        expect(partAt(found.hours, i)).toEqual(hours);
        expect(partAt(found.prices, i)).toEqual(store.prices(id, from, to, asOf));
        expect(found.thinned[i]).toEqual(thinned);
        expect(found.terms[i]).toEqual(store.terms(id, asOf));
        rows += hours.close.length;
      }
    }
  }
  expect(rows).toBeGreaterThan(500);
});

const partAt = ({ columns, ends }: { columns: object; ends: readonly number[] }, i: number): object =>
  Object.fromEntries(Object.entries<Float64Array>({ ...columns }).map(([name, column]) => [name, column.slice(ends[i - 1] ?? 0, ends[i])]));
