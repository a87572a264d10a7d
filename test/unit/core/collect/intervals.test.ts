import { describe, expect, test } from 'vitest';
import { createIntervals } from '#core/collect/intervals.ts';
import { disagreement } from '#core/interval-words.ts';
import type { Snapshot } from '#core/venue.ts';

const HOUR = 3_600_000;
const ID = 'binance:HOTUSDT';
const MIDNIGHT = Date.UTC(2026, 9, 12);
const at = (hour: number): number => MIDNIGHT + hour * HOUR;

const seen = (intervalH: number | null, next: number | null, isGuess = false): Snapshot => ({
  symbol: 'HOTUSDT',
  rate: 0.0001,
  intervalH,
  ...(isGuess && { intervalIsGuess: true as const }),
  nextFundingAt: next === null ? null : at(next),
  mark: null,
  index: null,
  openInterest: null,
  volume24h: null,
  interestPer8h: null,
});
/** [interval, venue's word] of one look. */
const look = (intervals: ReturnType<typeof createIntervals>, hour: number, snapshot: Snapshot) => {
  const { intervalH, statedH, aheadH } = intervals.inForce(ID, snapshot, at(hour));
  return aheadH === undefined ? [intervalH, statedH] : [intervalH, `then ${aheadH}`];
};

test('a statement falls with two equal shorter distances, the announced settlement included; one does not do', () => {
  const intervals = createIntervals();
  intervals.settled(ID, [at(-8), at(0)]);
  expect(look(intervals, 0.5, seen(8, 1))).toEqual([8, undefined]);
  // The announced one has passed: it was.
  expect(look(intervals, 1.5, seen(8, 2))).toEqual([1, 8]);
  expect(disagreement('Binance', intervals.inForce(ID, seen(8, 2), at(1.6)))).toBe('Binance says 8 h; its last settlements are 1 h apart');
});

test('a guess falls with one', () => {
  const intervals = createIntervals();
  intervals.settled(ID, [at(-8), at(0)]);
  expect(look(intervals, 0.5, seen(8, 1, true))).toEqual([1, 8]);
  expect(look(intervals, 0.6, seen(8, 8, true))).toEqual([8, undefined]);
});

test('settlements of before a new statement do not refute it: 4 h to 8 h', () => {
  const intervals = createIntervals();
  for (const hour of [-7.5, -3.5]) expect(look(intervals, hour, seen(4, hour + 3.5))).toEqual([4, undefined]);
  expect(look(intervals, 0.5, seen(8, 4))).toEqual([8, undefined]);
  expect(look(intervals, 4.5, seen(8, 12))).toEqual([8, undefined]);
});

test('nor does a settlement that was put off before its time, or an interval that is not stated', () => {
  const intervals = createIntervals();
  intervals.settled(ID, [at(-16), at(-8)]);
  look(intervals, -7.5, seen(8, -4));
  expect(look(intervals, -7, seen(8, 0))).toEqual([8, undefined]);
  expect(look(intervals, -6.9, seen(null, 0))).toEqual([null, undefined]);
});

test('after a restart what was in force is taken for how the last settlements lay', () => {
  const intervals = createIntervals();
  intervals.load(ID, seen(1, 5), at(4.4));
  expect(look(intervals, 4.5, seen(8, 5))).toEqual([1, 8]);
});

test('where no next settlement is announced a guess falls with one distance between those that were', () => {
  const intervals = createIntervals();
  intervals.settled(ID, [at(-4)]);
  expect(look(intervals, 0.5, seen(8, null, true))).toEqual([8, undefined]);
  intervals.settled(ID, [at(0)]);
  expect(look(intervals, 0.6, seen(8, null, true))).toEqual([4, 8]);
  // It settles every 8 hours again.
  intervals.settled(ID, [at(8)]);
  expect(look(intervals, 8.5, seen(8, null, true))).toEqual([8, undefined]);
});

test('and a statement with two equal ones that are not older than it', () => {
  const intervals = createIntervals();
  intervals.settled(ID, [at(-4), at(0)]);
  expect(look(intervals, 0.5, seen(8, null))).toEqual([8, undefined]);
  intervals.settled(ID, [at(4)]);
  expect(look(intervals, 4.5, seen(8, null))).toEqual([4, 8]);
  // 1 h was the word before, so that nothing that was before tells against 8 h.
  const changed = createIntervals();
  changed.settled(ID, [at(-2), at(-1), at(0)]);
  expect(look(changed, -1.5, seen(1, null))).toEqual([1, undefined]);
  expect(look(changed, 0.5, seen(8, null))).toEqual([8, undefined]);
});

test("a guess that is too short falls with two equal longer distances; one does not do, and a venue's own word stands", () => {
  // Hourly is usual there, and this one settles every 8 hours (domain 2: a guess is weaker than two equal gaps).
  const intervals = createIntervals();
  intervals.settled(ID, [at(-8)]);
  expect(look(intervals, -0.5, seen(1, 0, true))).toEqual([1, undefined]);
  intervals.settled(ID, [at(-16), at(-8)]);
  expect(look(intervals, -0.4, seen(1, 0, true))).toEqual([8, 1]);
  expect(look(intervals, -0.3, seen(1, 0))).toEqual([1, undefined]);
  // It pays by the hour from midnight on.
  expect(look(intervals, 0.1, seen(1, 1, true))).toEqual([1, undefined]);
});

test('the same by settlements alone, where none is announced', () => {
  const intervals = createIntervals();
  intervals.settled(ID, [at(-16), at(-8)]);
  expect(look(intervals, -0.5, seen(4, null, true))).toEqual([4, undefined]);
  intervals.settled(ID, [at(0)]);
  expect(look(intervals, 0.5, seen(4, null, true))).toEqual([8, 4]);
  expect(look(intervals, 0.6, seen(4, null))).toEqual([4, undefined]);
});

test('settlements that were slept through make no longer interval: what was announced once a day says nothing of those between', () => {
  const intervals = createIntervals();
  for (const day of [0, 24, 48]) expect(look(intervals, day + 8.5, seen(8, day + 16, true))).toEqual([8, undefined]);
});

test('where no settlement is stored, an announced one that is further off than the guess proves it wrong', () => {
  const intervals = createIntervals();
  // The first two looks know of no two distances yet: no interval is better than one that cannot be.
  expect(look(intervals, 0.5, seen(1, 8, true))).toEqual([null, undefined]);
  expect(look(intervals, 8.5, seen(1, 16, true))).toEqual([null, undefined]);
  // The venue's own word cannot be of this payment either.
  expect(look(intervals, 8.6, seen(1, 16))).toEqual([null, 'then 1']);
  expect(look(intervals, 16.5, seen(1, 24, true))).toEqual([8, 1]);
  // Also in its last hour.
  expect(look(intervals, 23.5, seen(1, 24, true))).toEqual([8, 1]);
});

describe('a list that states the interval after the one in progress', () => {
  /** On 8 h until 16:00; from 10:00 on the list says 1 h, which is of what comes after that. */
  const looks = (intervals: ReturnType<typeof createIntervals>, from: number, to: number, snapshot: Snapshot) => {
    let last: unknown;
    for (let hour = from; hour <= to; hour += 1 / 12) last = look(intervals, hour, snapshot);
    return last;
  };

  test('is not that of the settlement that was announced before: the one before holds to its end', () => {
    const intervals = createIntervals();
    expect(looks(intervals, 8.1, 9.9, seen(8, 16))).toEqual([8, undefined]);
    // Further off than an hour the venue's own folder knows that it cannot be.
    expect(looks(intervals, 10, 14.99, seen(null, 16))).toEqual([null, undefined]);
    expect(looks(intervals, 15, 15.9, seen(1, 16))).toEqual([8, 'then 1']);
    expect(look(intervals, 16.1, seen(1, 17))).toEqual([1, undefined]);
  });

  test('is unknown where what was in force was never seen', () => {
    const intervals = createIntervals();
    looks(intervals, 10, 14.99, seen(null, 16));
    expect(looks(intervals, 15, 15.9, seen(1, 16))).toEqual([null, 'then 1']);
    expect(look(intervals, 16.1, seen(1, 17))).toEqual([1, undefined]);
  });

  test('is known after a restart by what was stored, and not after a stretch in which a settlement may have been', () => {
    const [soon, late] = [createIntervals(), createIntervals()];
    for (const intervals of [soon, late]) intervals.load(ID, seen(8, 16), at(15.2));
    expect(look(soon, 15.3, seen(1, 16))).toEqual([8, 'then 1']);
    expect(look(late, 15.8, seen(1, 16))).toEqual([1, undefined]);
  });

  test('is known by stored settlements where the stretch after the newest is proven, and not where it may hold another', () => {
    const all = { proven: at(15.4), short: at(8.9), none: undefined, old: at(14) };
    const found = Object.entries(all).map(([name, provenTo]) => {
      const intervals = createIntervals();
      intervals.settled(ID, [at(0), at(8)], provenTo);
      return [name, look(intervals, 15.5, seen(1, 16))];
    });
    expect(Object.fromEntries(found)).toEqual({ proven: [8, 'then 1'], short: [1, undefined], none: [1, undefined], old: [1, undefined] });
  });

  test('holds the other way too: 8 h are announced while hours are paid, and the hour counts down', () => {
    const intervals = createIntervals();
    expect(look(intervals, 14.5, seen(1, 15))).toEqual([1, undefined]);
    expect(look(intervals, 15.1, seen(1, 16))).toEqual([1, undefined]);
  });

  test('a settlement that is put forward is another one: its interval is what is stated', () => {
    const intervals = createIntervals();
    expect(looks(intervals, 8.1, 10.9, seen(8, 16))).toEqual([8, undefined]);
    expect(looks(intervals, 11, 11.9, seen(4, 12))).toEqual([4, undefined]);
    expect(look(intervals, 12.1, seen(4, 16))).toEqual([4, undefined]);
  });

  test('a clock ten minutes behind is no contradiction', () => {
    const intervals = createIntervals();
    expect(looks(intervals, 7.84, 9, seen(8, 16))).toEqual([8, undefined]);
  });
});
