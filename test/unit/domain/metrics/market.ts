import { formulaOf } from '#test/support/formulas.ts';
import fc from 'fast-check';
import type { FrameInstrument, FrameKind, Frames, HourFrame } from '#domain/metrics/frames/frames.ts';
import { assetFrame, basketFrame } from '#domain/metrics/frames/group.ts';
import { barFrame, hourFrame, type FrameHours, type InstrumentHistory } from '#domain/metrics/frames/hour.ts';
import { settlementFrame, type SettlementHistory } from '#domain/metrics/frames/settlement.ts';
import { deriveIntervals } from '#domain/interval.ts';
import type { SnapshotColumns } from '#domain/columns.ts';
import { HOUR_MS, MINUTE_MS, settlementKey } from '#domain/time.ts';
import { START } from '../market.ts';

/** Markets for the metrics: everything that a store may hold of an instrument, with all that goes wrong in it. */

const EMPTY = new Float64Array();
export const noHours: FrameHours = {
  close: EMPTY,
  observedAt: EMPTY,
  rate: EMPTY,
  intervalH: EMPTY,
  mark: EMPTY,
  index: EMPTY,
  openInterest: EMPTY,
  premium: EMPTY,
  coverage: EMPTY,
};
export const noPrices = { close: EMPTY, mark: EMPTY, index: EMPTY };

export const btc = (venue: string, over: Partial<FrameInstrument> = {}): FrameInstrument => ({
  id: `${venue}:BTC`,
  venue,
  asset: 'BTC',
  money: 'USDT',
  contract: 'linear',
  multiplier: 1,
  formula: formulaOf(venue),
  ...over,
});

export const column = (values: readonly number[]): Float64Array => Float64Array.from(values);

/** An hour frame of given rates per hour, all of them settlements of 1 h, with optional columns. */
export function hoursOf(f: readonly number[], over: Partial<Record<'mark' | 'index' | 'openInterest', readonly number[]>> = {}): HourFrame {
  const close = column(f.map((_, i) => START + i * HOUR_MS));
  const unknown = f.map(() => NaN);
  const hours: FrameHours = {
    close,
    observedAt: close,
    rate: column(f),
    intervalH: column(f.map(() => 1)),
    mark: column(over.mark ?? unknown),
    index: column(over.index ?? unknown),
    openInterest: column(over.openInterest ?? unknown),
    premium: column(unknown),
    coverage: column(unknown),
  };
  const settled = { key: EMPTY, rate: EMPTY, intervalH: EMPTY };
  return hourFrame(btc('binance'), { settled, hours, prices: noPrices }, null, close.at(-1) ?? START);
}

/** Settlements [hour, rate, interval, mark, index] as a frame. */
export function settlementsOf(rows: readonly (readonly number[])[], venue = 'binance') {
  const at = (row: readonly number[]): number => START + row[0]! * HOUR_MS;
  const settled = {
    key: column(rows.map(at)),
    rate: column(rows.map((row) => row[1]!)),
    intervalH: column(rows.map((row) => row[2]!)),
    mark: column(rows.map((row) => row[3] ?? NaN)),
  };
  const prices = { close: settled.key, mark: column(rows.map(() => NaN)), index: column(rows.map((row) => row[4] ?? NaN)) };
  return settlementFrame(btc(venue), { settled, hours: noHours, prices });
}

interface Hour {
  readonly rate: number;
  readonly move: number;
  readonly basis: number;
  readonly interest: number;
  readonly fate: number;
}
/** Several fates of an hour; most are well. */
const hour: fc.Arbitrary<Hour> = fc.record({
  rate: fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(0.0001, 0.00005, 0.0000125) },
    { weight: 1, arbitrary: fc.constantFrom(0, -0, 0.003, -0.02) },
    { weight: 3, arbitrary: fc.double({ min: -0.01, max: 0.01, noNaN: true }) },
  ),
  move: fc.oneof(fc.constant(0), fc.double({ min: -0.05, max: 0.05, noNaN: true })),
  basis: fc.oneof(fc.constant(0), fc.double({ min: -0.004, max: 0.004, noNaN: true })),
  interest: fc.oneof(fc.constant(0), fc.double({ min: -0.1, max: 0.1, noNaN: true })),
  fate: fc.nat(29),
});

/** Stretches of one interval; plateaus repeat their first hour, so variance is exactly zero there. */
const stretch = fc.record({
  intervalH: fc.constantFrom(1, 2, 4, 8),
  plateau: fc.boolean(),
  observed: fc.boolean(),
  pattern: fc.array(hour, { minLength: 1, maxLength: 24 }),
  length: fc.integer({ min: 1, max: 90 }),
  /** A delisting and relisting. */
  silenceH: fc.constantFrom(0, 0, 0, 3, 40),
});
type Stretch = typeof stretch extends fc.Arbitrary<infer T> ? T : never;

export interface StoredMarket extends SettlementHistory {
  readonly snapshots: SnapshotColumns;
}

/** Settlements (jittered stamps, duplicates, missing ones, intervals stated or derived), observed hours, prices, polls. */
function build(stretches: readonly Stretch[]): StoredMarket {
  const stamps: { stamp: number; rate: number; intervalH: number; mark: number; premium: number }[] = [];
  const hours: number[][] = [];
  const prices: number[][] = [];
  const polls: number[][] = [];
  let h = 0;
  let price = 100;
  let interest = 1000;
  for (const { intervalH, plateau, observed, pattern, length, silenceH } of stretches) {
    for (let i = 0; i < length; i++) {
      const at = pattern[plateau ? 0 : i % pattern.length]!;
      h++;
      const t = START + h * HOUR_MS;
      price *= plateau ? 1 : 1 + at.move;
      interest = Math.max(1, interest * (plateau ? 1 : 1 + at.interest));
      const mark = at.fate === 1 ? NaN : price * (1 + at.basis);
      const index = at.fate === 2 ? NaN : price;
      if (h % intervalH === 0 && at.fate !== 3) {
        const jitter = [0, 3, 47, 900, 111_000][at.fate % 5]!;
        const row = {
          stamp: t + jitter,
          rate: at.rate,
          intervalH: at.fate === 4 ? NaN : intervalH,
          mark: at.fate === 5 ? NaN : mark,
          premium: at.fate % 4 === 0 ? at.basis / 2 : NaN,
        };
        stamps.push(row);
        if (at.fate === 6) stamps.push({ ...row, stamp: t + 1500 });
      }
      if (observed && at.fate !== 7) {
        const seenAt = t - (at.fate % 3) * MINUTE_MS - 1000;
        const covered = at.fate === 8 ? 0.3 : 1;
        hours.push([t, seenAt, at.rate, at.fate === 9 ? NaN : intervalH, mark, index, at.fate === 10 ? NaN : interest, at.basis, covered]);
        for (const minute of [55, 40, 15, 4, 1])
          polls.push([t - minute * MINUTE_MS, at.rate * (1 + minute / 100), intervalH, mark, index, interest]);
      }
      if (at.fate !== 11) prices.push([t, mark, index]);
    }
    h += silenceH;
  }
  const rows = new Map<number, (typeof stamps)[number]>();
  for (const row of stamps) if (!rows.has(settlementKey(row.stamp))) rows.set(settlementKey(row.stamp), row);
  const key = Float64Array.from(rows.keys());
  const from = (pick: (row: (typeof stamps)[number]) => number): Float64Array => Float64Array.from(rows.values(), pick);
  const nth = (table: readonly number[][], n: number): Float64Array => Float64Array.from(table, (row) => row[n]!);
  return {
    settled: {
      key,
      rate: from((row) => row.rate),
      intervalH: deriveIntervals(
        key,
        from((row) => row.intervalH),
      ).intervalH,
      mark: from((row) => row.mark),
      premium: from((row) => row.premium),
    },
    hours: {
      close: nth(hours, 0),
      observedAt: nth(hours, 1),
      rate: nth(hours, 2),
      intervalH: nth(hours, 3),
      mark: nth(hours, 4),
      index: nth(hours, 5),
      openInterest: nth(hours, 6),
      premium: nth(hours, 7),
      coverage: nth(hours, 8),
    },
    prices: { close: nth(prices, 0), mark: nth(prices, 1), index: nth(prices, 2) },
    snapshots: {
      observedAt: nth(polls, 0),
      rate: nth(polls, 1),
      intervalH: nth(polls, 2),
      mark: nth(polls, 3),
      index: nth(polls, 4),
      openInterest: nth(polls, 5),
      volume24h: nth(polls, 5),
      nextFundingAt: nth(polls, 0),
    },
  };
}

/** Months of such stretches, calm enough for the longest windows to fill; always the same for a seed. */
export function longMarket(seed: number): StoredMarket {
  const stretches = fc.sample(fc.array(stretch, { minLength: 70, maxLength: 70 }), { seed, numRuns: 1 })[0]!;
  return build(
    stretches.map((each, i) => ({
      ...each,
      intervalH: i < 40 ? 8 : 1,
      observed: i % 9 !== 0,
      plateau: i % 7 === 3,
      silenceH: i % 30 === 29 ? 40 : 0,
      pattern: i % 30 === 5 ? each.pattern : each.pattern.map((at) => ({ ...at, fate: 29 })),
    })),
  );
}

export const storedMarket: fc.Arbitrary<StoredMarket> = fc.array(stretch, { minLength: 1, maxLength: 5 }).map(build);

/** What the store held at t. */
export function storedAt(market: StoredMarket, t: number): StoredMarket {
  const upTo = <T extends Readonly<Record<string, Float64Array>>>(columns: T, times: Float64Array): T => {
    const rows = times.findIndex((time) => time > t);
    const end = rows < 0 ? times.length : rows;
    return Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, values.slice(0, end)])) as T;
  };
  return {
    settled: upTo({ ...market.settled }, market.settled.key),
    hours: upTo({ ...market.hours }, market.hours.close),
    prices: upTo({ ...market.prices }, market.prices.close),
    snapshots: upTo({ ...market.snapshots }, market.snapshots.observedAt),
  };
}

const endOf = ({ settled, hours }: InstrumentHistory): number =>
  Math.max(...[settled.key.at(-1), hours.close.at(-1)].map((t) => t ?? -Infinity));

const VENUES = ['binance', 'bybit', 'hyperliquid', 'nowhere'] as const;

/** Every kind of frame over the markets, the first of them being asked about. */
export function framesOf(markets: readonly StoredMarket[], to = Math.max(...markets.map(endOf))): Frames {
  const instruments = markets.map((_, i) => btc(VENUES[i]!));
  const hours = markets.map((market, i) => hourFrame(instruments[i]!, market, null, to));
  const subject = instruments[0]!;
  const snapshots = markets[0]!.snapshots;
  const books = Array.from(snapshots.mark, (mark, i) => ({
    bids: column(mark > 0 ? [mark * 0.999, 5 + (i % 7), mark * 0.99, 50] : []),
    asks: column([mark * 1.001, 5, mark * 1.01, 60]),
  }));
  return {
    hour: hours[0]!,
    bar: barFrame(subject, snapshots, 15 * MINUTE_MS, null, to),
    settlement: settlementFrame(subject, markets[0]!),
    asset: assetFrame(hours, subject.id),
    basket: basketFrame(hours, subject.id),
    book: { instrument: subject, time: snapshots.observedAt, books },
  };
}

/** One row of a frame in arrays of its own, as a live path holds it. */
export function rowOf<K extends FrameKind>(frame: Frames[K], row: number): Frames[K] {
  const cut = (value: unknown, key: string): unknown => {
    if (value instanceof Float64Array || value instanceof Uint8Array) return value.slice(row, row + 1);
    if (key === 'books') return (value as unknown[]).slice(row, row + 1);
    if (key === 'legs') return (value as object[]).map((leg) => cutAll(leg));
    return value;
  };
  const cutAll = (object: object): object => Object.fromEntries(Object.entries(object).map(([key, value]) => [key, cut(value, key)]));
  return cutAll(frame) as Frames[K];
}
