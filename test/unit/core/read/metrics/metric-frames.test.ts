import { formulaOf } from '#test/support/formulas.ts';
import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import type { HourColumns, PriceColumns, SeenSettledColumns, SnapshotColumns } from '#domain/columns.ts';
import { type FrameQuery, type FrameReads, readRows } from '#core/read/metrics/metric-frames.ts';
import { partOf, printOf, rowsWithin } from '#core/read/metrics/frame-tail.ts';
import type { FrameInstrument, FrameKind, Frames } from '#domain/metrics/frames/frames.ts';
import { kept } from '#test/support/kept.ts';

const HOUR = 3_600_000;
const START = Date.UTC(2025, 0, 1);
const BTC: FrameInstrument = {
  id: 'binance:BTCUSDT',
  venue: 'binance',
  asset: 'BTC',
  money: 'USDT',
  contract: 'linear',
  multiplier: 1,
  formula: formulaOf('binance'),
};
const OTHER: FrameInstrument = { ...BTC, id: 'bybit:BTCUSDT', venue: 'bybit', formula: formulaOf('bybit') };

interface Stored {
  readonly settled: SeenSettledColumns;
  readonly hours: HourColumns;
  readonly prices: PriceColumns;
  readonly snapshots: SnapshotColumns;
}
/** What an instrument has at some hours; hours that are left out are holes. */
interface Hour {
  readonly h: number;
  readonly settledEvery: number | null;
  readonly observed: boolean;
  readonly interval: number | null;
  readonly x: number;
}

function storedOf(hours: readonly Hour[]): Stored {
  const of = <T>(rows: readonly T[], value: (row: T) => number): Float64Array => Float64Array.from(rows, value);
  const settled = hours.filter(({ settledEvery }) => settledEvery !== null);
  const observed = hours.filter(({ observed }) => observed);
  const close = ({ h }: Hour): number => START + h * HOUR;
  const rate = ({ x }: Hour): number => x * 1e-6;
  const columns = {
    observedAt: of(observed, (row) => close(row) - 1000),
    rate: of(observed, rate),
    intervalH: of(observed, ({ interval }) => interval ?? NaN),
    mark: of(observed, ({ x }) => 100 + x / 10),
    index: of(observed, () => 100),
    openInterest: of(observed, ({ x }) => 50 + x),
    volume24h: of(observed, () => NaN),
  };
  const premium = of(observed, ({ x }) => x / 1000);
  return {
    settled: {
      key: of(settled, close),
      stamp: of(settled, close),
      rate: of(settled, rate),
      intervalH: of(settled, ({ settledEvery }) => settledEvery || NaN),
      mark: of(settled, ({ x }) => (x % 3 === 0 ? NaN : 100 + x / 10)),
      premium: of(settled, ({ x }) => (x % 2 === 0 ? NaN : x / 900)),
      learntAt: of(settled, close),
      seen60: of(settled, ({ x }) => x / 800),
      seen15: of(settled, ({ x }) => (x % 2 === 0 ? NaN : x / 700)),
      seen5: of(settled, ({ x }) => x / 600),
      seenLast: of(settled, ({ x }) => x / 500),
      seenLastAt: of(settled, close),
    },
    hours: {
      ...columns,
      close: of(observed, close),
      rateMin: columns.rate,
      rateMax: columns.rate,
      premium,
      premiumMin: premium,
      premiumMax: premium,
      coverage: of(observed, ({ x }) => (x % 4) / 4),
      nextFundingAt: of(observed, () => NaN),
      interestPer8h: of(observed, () => NaN),
      cap: of(observed, () => NaN),
      floor: of(observed, () => NaN),
    },
    prices: {
      close: of(hours, close),
      mark: of(hours, ({ x }) => (x % 5 === 0 ? NaN : 99 + x / 10)),
      index: of(hours, ({ x }) => (x % 5 === 0 ? NaN : 99)),
      last: of(hours, () => NaN),
      learntAt: of(hours, () => NaN),
    },
    snapshots: { ...columns, nextFundingAt: of(observed, () => NaN) },
  };
}
const none = new Float64Array(0);
const readsOf = (of: Readonly<Record<string, Stored>>): FrameReads => {
  const get = (id: string): Stored => of[id] ?? storedOf([]);
  return {
    settled: (id, from, to) => Promise.resolve(partOf(get(id).settled, 'key', from, to)),
    settledSeen: (id, from, to) => Promise.resolve(partOf(get(id).settled, 'key', from, to)),
    hours: (id, from, to) => Promise.resolve(kept(partOf(get(id).hours, 'close', from, to))),
    prices: (id, from, to) => Promise.resolve(partOf(get(id).prices, 'close', from, to)),
    snapshots: (id, from, to) => Promise.resolve(kept(partOf(get(id).snapshots, 'observedAt', from, to))),
    terms: () => Promise.resolve([]),
    interest: () => Promise.resolve({ at: none, value: none, learntAt: none }),
    books: () => Promise.resolve(kept({ at: none, mid: none, bids: none, ends: none, levels: none })),
  };
};

/** Up to a year in which hours, settlements, observations and intervals come and go. */
const history = fc
  .array(
    fc.record({
      hole: fc.oneof({ weight: 9, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.integer({ min: 1, max: 200 }) }),
      length: fc.integer({ min: 1, max: 300 }),
      every: fc.constantFrom(1, 2, 8, 24),
      known: fc.boolean(),
      observed: fc.boolean(),
      interval: fc.constantFrom(null, 1, 8),
      x: fc.integer({ min: -400, max: 400 }),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((stretches) => {
    const hours: Hour[] = [];
    let h = 0;
    for (const { hole, length, every, known, observed, interval, x } of stretches) {
      h += hole;
      for (let i = 0; i < length; i++, h++)
        hours.push({ h, settledEvery: h % every === 0 ? (known ? every : 0) : null, observed, interval, x: x + (h % 11) });
    }
    return hours;
  });

const query = (on: FrameKind, legs: readonly FrameInstrument[], to: number): FrameQuery => ({
  on,
  legs,
  barMs: on === 'bar' ? 15 * 60_000 : HOUR,
  from: null,
  to,
});
type Flat = Record<string, number[]>;
function rowsOf(frame: Frames[FrameKind], first: number, end: number, into: Flat): void {
  const take = (name: string, column: unknown): void => {
    if (column instanceof Float64Array || column instanceof Uint8Array) (into[name] ??= []).push(...column.subarray(first, end));
  };
  for (const [name, column] of Object.entries(frame)) take(name, column);
  if ('legs' in frame)
    for (const [i, leg] of frame.legs.entries()) for (const [name, column] of Object.entries(leg)) take(`${i} ${name}`, column);
}

describe('stored rows', () => {
  test.each(['hour', 'settlement', 'bar', 'asset', 'basket'] as const)('%s: blocks are the whole, cut', async (on) => {
    await fc.assert(
      fc.asyncProperty(history, history, fc.integer({ min: 0, max: 60 }), async (a, b, after) => {
        const last = Math.max(a.at(-1)?.h ?? 0, b.at(-1)?.h ?? 0);
        const to = START + (last + after) * HOUR;
        const legs = on === 'asset' || on === 'basket' ? [BTC, OTHER] : [BTC];
        const rows = await readRows(readsOf({ [BTC.id]: storedOf(a), [OTHER.id]: storedOf(b) }), query(on, legs, to));
        const whole: Flat = {};
        const all = rows.block(-Infinity, to);
        rowsOf(all.frame, 0, all.frame.time.length, whole);
        for (const size of [23, 1000]) {
          const parts: Flat = {};
          for (let from = (all.frame.time[0] ?? to) - HOUR; from < to; from += size * HOUR) {
            const { frame, first, end } = rows.block(from, Math.min(from + size * HOUR, to));
            rowsOf(frame, first, end, parts);
          }
          if (all.frame.time.length > 0) expect(parts).toEqual(whole);
        }
        const blocks: Flat = {};
        for (const { frame, first, end } of rows.blocks()) rowsOf(frame, first, end, blocks);
        expect(blocks['time'] ?? []).toEqual(whole['time']);
      }),
      { numRuns: 25 },
    );
  });

  test('a block ends with the row that is asked about and holds its window', async () => {
    const hours = Array.from({ length: 400 }, (_, h) => ({ h, settledEvery: h % 8 === 0 ? 8 : null, observed: true, interval: 8, x: h }));
    const reads = readsOf({ [BTC.id]: storedOf(hours) });
    const to = START + 399 * HOUR;
    const byHour = await readRows(reads, query('hour', [BTC], to));
    const asked = byHour.ending(START + 200.5 * HOUR, { length: 24, of: 'rows' });
    expect([asked?.frame.time.at(-1), asked?.end]).toEqual([START + 200 * HOUR, asked?.frame.time.length]);
    expect(asked?.frame.time[0]).toBeLessThanOrEqual(START + 175 * HOUR);
    const bySettlement = await readRows(reads, query('settlement', [BTC], to));
    expect(bySettlement.ending(START + 100 * HOUR, { length: 5, of: 'rows' })?.frame.time.length).toBe(7);
    expect(bySettlement.ending(START - HOUR, { length: 5, of: 'rows' })).toBeNull();
    expect(bySettlement.lead?.lastDay.close.length).toBe(24);
  });

  test('nothing stored is no rows', async () => {
    for (const on of ['hour', 'settlement', 'bar', 'asset', 'basket', 'book'] as const) {
      const rows = await readRows(readsOf({}), query(on, [BTC], START));
      expect([...rows.blocks()].length).toBe(0);
      expect(rows.ending(START, { length: 3, of: 'rows' })).toBeNull();
    }
  });
});

describe('rows that were walked', () => {
  const frames = async (change: (hours: Hour[]) => Hour[]) => {
    const hours = Array.from({ length: 100 }, (_, h) => ({ h, settledEvery: h % 8 === 0 ? 8 : null, observed: h > 50, interval: 8, x: h }));
    const rows = await readRows(readsOf({ [BTC.id]: storedOf(change(hours)) }), query('asset', [BTC, OTHER], START + 99 * HOUR));
    return rows.block(START + 20 * HOUR, START + 99 * HOUR).frame;
  };
  const print = async (change: (hours: Hour[]) => Hour[]) => {
    const frame = await frames(change);
    const { first, end } = rowsWithin(frame, START + 30 * HOUR, START + 90 * HOUR);
    return printOf(frame, first, end);
  };
  const same = async (change: (hours: Hour[]) => Hour[]) => (await print((hours) => hours)) === (await print(change));

  test('are the same while nothing in them changed', async () => {
    expect(await same((hours) => hours)).toBe(true);
    expect(await same((hours) => hours.map((hour) => (hour.h > 90 ? { ...hour, x: 1 } : hour)))).toBe(true);
  });
  test('are other ones where a value, a settlement or an hour changed', async () => {
    expect(await same((hours) => hours.map((hour) => (hour.h === 60 ? { ...hour, x: 1 } : hour)))).toBe(false);
    expect(await same((hours) => hours.filter(({ h }) => h !== 40))).toBe(false);
    expect(await same((hours) => hours.slice(0, 80))).toBe(false);
  });
  test('have another print where any bits of them are others, in whatever row and column', async () => {
    const frame = await frames((hours) => hours);
    const prints = new Set([printOf(frame, 0, 60)]);
    let changes = 0;
    // One bit; the sign of 0; two numbers that change places; the signs of two neighbours.
    const put = (column: Float64Array, row: number, ...values: number[]) => {
      const before = column.slice(row, row + values.length);
      if (values.every((value, i) => Object.is(value, before[i]))) return;
      column.set(values, row);
      prints.add(printOf(frame, 0, 60));
      column.set(before, row);
      changes++;
    };
    for (const column of 'legs' in frame ? [frame.time, ...frame.legs.map(({ f }) => f)] : []) {
      column.fill(1, 0, 60);
      prints.add(printOf(frame, 0, 60));
      changes++;
      for (let row = 0; row < 60; row++) {
        for (let bit = -52; bit <= -1; bit++) put(column, row, 1 + 2 ** bit);
        put(column, row, 0);
        put(column, row, -0);
        put(column, row, NaN);
        if (row < 59) {
          put(column, row, -1, -1);
          put(column, row, 2, 1);
          put(column, row, 1, 2 + 2 ** -30);
        }
      }
    }
    expect(changes).toBeGreaterThan(10_000);
    expect(prints.size).toBe(changes + 1);
    expect(printOf(frame, 0, 60, () => 0)).not.toBe(printOf(frame, 0, 60, () => -0));
  });
  test('lie in (from, to]', async () => {
    const frame = await frames((hours) => hours);
    const { first, end } = rowsWithin(frame, START + 30 * HOUR, START + 40 * HOUR);
    expect([frame.time[first], frame.time[end - 1]]).toEqual([START + 31 * HOUR, START + 40 * HOUR]);
  });
});

test('only rows of settlements ask for what was seen before each', async () => {
  const reads = readsOf({});
  const asked: string[] = [];
  const counting: FrameReads = {
    ...reads,
    settled: (...range) => (asked.push('settled'), reads.settled(...range)),
    settledSeen: (...range) => (asked.push('settledSeen'), reads.settledSeen(...range)),
  };
  for (const on of ['hour', 'asset', 'basket', 'settlement'] as const)
    await readRows(counting, { on, barMs: HOUR, legs: [BTC], from: null, to: START });
  expect(asked).toEqual(['settled', 'settled', 'settled', 'settledSeen']);
});
