import fc from 'fast-check';
import { expect, test } from 'vitest';
import { replayed } from '#test/support/replay.ts';
import { feedKind, readRows, rowKind } from '#core/read/metrics/metric-frames.ts';
import { SIGNAL_ROWS, type SignalClose, SignalLine } from '#core/read/signal-line.ts';
import { createSharedThread } from '#core/shared-thread.ts';
import type { SignalParams } from '#domain/signal.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { at, framed, Shelf } from './shelf.ts';

const PARAMS: SignalParams = { theta: 0.0003, k: 3, n: 12 };

const HOURS = rowKind(SIGNAL_ROWS.metric, SIGNAL_ROWS.params);
const newLine = (shelf: Shelf, params = PARAMS, instrument = framed, draws = false): SignalLine =>
  new SignalLine(
    params,
    {
      kind: feedKind(SIGNAL_ROWS.metric, SIGNAL_ROWS.params, null),
      legs: () => [instrument],
      read: (from, to) => readRows(shelf.reads, { ...HOURS, legs: [instrument], from, to }),
    },
    draws,
  );
const slice = () => createSharedThread(new FakeClock(0), () => Promise.resolve()).slice();

/** What a replay of everything says at a close. */
async function told(shelf: Shelf, to: number, params = PARAMS, instrument = framed) {
  const { series, d, entries, state } = await replayed(shelf.reads, instrument, to, params);
  let warmHours = 0;
  while (warmHours < series.f.length && !Number.isNaN(series.f.at(-1 - warmHours))) warmHours++;
  return {
    spark: d.slice(-168),
    state,
    warmHours,
    entry: entries.findLast((entry) => entry.at === to) ?? null,
    intervalH: series.intervalH.at(-1) ?? NaN,
  };
}
const shown = ({ view: { spark, state, warmHours, intervalH }, entry }: SignalClose) => ({ spark, state, warmHours, entry, intervalH });

/** Some lines are drawn from the first walk on, others when they are first looked at: then all is walked again. */
const drawn = (line: SignalLine, hour: number) =>
  line.draw(at(hour), slice(), ({ hours, entries }) => ({ ...hours.columns(null, at(hour)), entries: entries.map((entry) => entry.at) }));
/** What the chart is by columns in one piece, of rows without prices. */
async function drawnAfresh(shelf: Shelf, to: number) {
  const { series, ema, d, neutral, neutralAssumed, entries, settled } = await replayed(shelf.reads, framed, to, PARAMS);
  const { time, f, kind } = series;
  const unknown = time.map(() => NaN);
  return {
    ...{ time, f, kind, ema, d, neutral, neutralAssumed, mark: unknown, index: unknown },
    ...{ settledAt: settled.key, settledRate: settled.rate, settledIntervalH: settled.intervalH },
    entries: entries.map((entry) => entry.at),
  };
}

const rate = fc.constantFrom(0.0001, 0.0001, 0.0001, 0.004, 0.005, -0.003, 0.0008);
const hour = fc.record({
  rate,
  isObserved: fc.integer({ min: 0, max: 9 }),
  isSettled: fc.integer({ min: 0, max: 19 }),
  intervalH: fc.constantFrom(1, 1, 1, 8),
  // One in twelve hours brings a row of the past: a late settlement, a correction, also from long ago.
  late: fc.integer({ min: 0, max: 11 }),
  lateBy: fc.constantFrom(1, 3, 30, 95, 97, 150, 250, 700),
  isTold: fc.boolean(),
});

test('walked close by close, with late settlements and corrections, it says what a replay of everything says', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(hour, { minLength: 120, maxLength: 900, size: 'max' }), async (hours) => {
      const shelf = new Shelf();
      const line = newLine(shelf, PARAMS, framed, hours.length % 2 === 0);
      for (const [i, one] of hours.entries()) {
        if (one.isObserved > 2) shelf.observe(i, one.rate, one.intervalH);
        if (one.isSettled > 0 && i % one.intervalH === 0) shelf.settle(i, one.rate, one.intervalH);
        if (one.late === 0 && i >= one.lateBy) {
          shelf.settle(i - one.lateBy, one.rate, one.intervalH);
          // What lies within the hours that are compared is found without a word.
          if (one.isTold || one.lateBy > 90) line.changed(at(i - one.lateBy));
        }
        const close = await line.advance(at(i), slice());
        if (i % 7 !== 0 && i !== hours.length - 1) continue;
        expect(shown(close)).toEqual(await told(shelf, at(i)));
        if (i % 35 === 0 || i === hours.length - 1) expect(await drawn(line, i)).toEqual(await drawnAfresh(shelf, at(i)));
      }
    }),
    { numRuns: 6 },
  );
});

test('a close reads a few days, and a correction of last week walks on from the state before it', async () => {
  const shelf = new Shelf();
  for (let i = 0; i < 4_000; i++) {
    shelf.observe(i, 0.0001 + 0.00001 * (i % 17), 8);
    if (i % 8 === 0) shelf.settle(i, 0.0001, 8);
  }
  const line = newLine(shelf);
  await line.advance(at(3_990), slice());
  shelf.hoursRead = 0;
  await line.advance(at(3_991), slice());
  expect(shelf.hoursRead).toBeLessThan(150);
  shelf.hoursRead = 0;
  shelf.observe(3_985, 0.005, 8);
  line.changed(at(3_985));
  const close = await line.advance(at(3_992), slice());
  expect(shelf.hoursRead).toBeLessThan(1_100);
  expect(shown(close)).toEqual(await told(shelf, at(3_992)));
});

test('a read that fails costs the close, and the next one sees what it was to see', async () => {
  const shelf = new Shelf();
  for (let i = 0; i < 300; i++) shelf.observe(i, 0.0001, 8);
  const line = newLine(shelf);
  await line.advance(at(200), slice());
  shelf.observe(10, 0.004, 8);
  line.changed(at(10));
  shelf.failing = true;
  await expect(line.advance(at(201), slice())).rejects.toThrow('the disk is full');
  shelf.failing = false;
  expect(shown(await line.advance(at(202), slice()))).toEqual(await told(shelf, at(202)));
});

test('a clock that goes back opens the hour again', async () => {
  const shelf = new Shelf();
  for (let i = 0; i < 400; i++) shelf.observe(i, i > 380 ? 0.004 : 0.0001, 1);
  const line = newLine(shelf);
  await line.advance(at(390), slice());
  expect(shown(await line.advance(at(382), slice()))).toEqual(await told(shelf, at(382)));
});

test('an hour is crowded by the interest of that hour, not by that of today', async () => {
  const shelf = new Shelf();
  for (let i = 0; i < 60; i++) shelf.observe(i, i < 40 ? 0 : 0.0008, 1);
  // 0.01 % per 8 h then; 8 % per 8 h from hour 50 on: 1 % per hour, beyond the rate.
  shelf.terms = [
    { from: at(0), cap: null, floor: null, interestPer8h: 0.0001 },
    { from: at(50), cap: null, floor: null, interestPer8h: 0.08 },
  ];
  const today = { ...framed, interestPer8h: 0.08 };
  const line = newLine(shelf, PARAMS, today);
  const { entry } = await line.advance(at(42), slice());
  expect(entry).toMatchObject({ at: at(42), side: 1, crowded: true, neutralPerHour: 0.0001 / 8 });
  // A history without terms: the newest known interest stands in.
  shelf.terms = [];
  const assumed = newLine(shelf, PARAMS, today);
  expect((await assumed.advance(at(42), slice())).entry).toMatchObject({ crowded: false, neutralPerHour: 0.01 });
});
