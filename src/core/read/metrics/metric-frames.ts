import type { HourColumns } from '#domain/columns.ts';
import { type Instrument, moneyOf } from '#domain/instrument.ts';
import type { VenueFormula } from '#domain/metrics/venue-terms.ts';
import type { FrameInstrument, FrameKind, Frames, HourFrame } from '#domain/metrics/frames/frames.ts';
import { assetFrame, basketFrame } from '#domain/metrics/frames/group.ts';
import { VERDICT_HELD_MS } from '#domain/metrics/frames/identity.ts';
import { barFrame, emptyHourFrame, hourFrame } from '#domain/metrics/frames/hour.ts';
import { emptySettlementFrame, settlementFrame } from '#domain/metrics/frames/settlement.ts';
import type { Metric } from '#domain/metrics/metric.ts';
import type { Params } from '#domain/metrics/params.ts';
import { HOUR_MS, hourClose, MINUTE_MS, type Span } from '#domain/time.ts';
import { bytesOf } from '../bytes-of.ts';
import { bookRows } from './book-rows.ts';
import { firstAfter, partOf, rowsWithin } from './frame-tail.ts';
import type { HistoryStore } from '../../ports/history.ts';
import { mergeSpans } from '../../spans.ts';

/** Bars that metrics over minutes can have, by the value of their parameter `bar`. */
const BARS_MS: Readonly<Record<string, number>> = { '5m': 5 * MINUTE_MS, '15m': 15 * MINUTE_MS };
/** What rows look back on: the interval of the day before, and the hours that the premium of a settlement rests on. */
const LEAD_MS = 48 * HOUR_MS;
/** Rows of instruments that are laid out at a stretch: about a millisecond of work. */
const BLOCK_ROWS = 2048;

/** What frames are made of, and charts: of years, each column that is not read is a tenth of the time. */
const RATES = ['key', 'rate', 'intervalH'] as const;
const HOURS = ['close', 'observedAt', 'rate', 'intervalH', 'mark', 'index', 'openInterest', 'premium', 'coverage'] as const;
const PRICES = ['close', 'mark', 'index', 'last'] as const;

export type FrameReads = Pick<HistoryStore, 'settled' | 'settledSeen' | 'hours' | 'prices' | 'interest' | 'snapshots' | 'books' | 'terms'>;

/** What kind of rows a metric walks. */
export interface RowKind {
  readonly on: FrameKind;
  /** Length of a bar where it walks bars, else an hour. */
  readonly barMs: number;
}

export const rowKind = ({ on }: Pick<Metric, 'on'>, params: Params): RowKind => ({
  on,
  barMs: (on === 'bar' ? BARS_MS[params['bar'] ?? ''] : undefined) ?? HOUR_MS,
});

/** Rows of a metric of which all instruments have the like; those over a basket are one list's. */
export interface FeedKind extends RowKind {
  /** Of rows over a basket: the list that is compared; null: none, and for all other rows. */
  readonly list: string | null;
}

export const feedKind = (metric: Pick<Metric, 'on' | 'inputs'>, params: Params, list: string | null): FeedKind => ({
  ...rowKind(metric, params),
  list: metric.on === 'basket' ? list : null,
});

/** Which rows: of one instrument, or of several that are compared. */
export interface FrameQuery extends RowKind {
  readonly legs: readonly FrameInstrument[];
  /** Rows after this; null: all. */
  readonly from: number | null;
  readonly to: number;
}

export type PremiumHours = Pick<HourColumns, 'close' | 'premium' | 'coverage'>;

/** What a settlement that is still to come is measured from. */
export interface SettlementLead {
  /** The hours of the last day. */
  readonly lastDay: PremiumHours;
  /** The newest settlement of the rows that were read, and its interval; NaN: there is none. */
  readonly settledAt: number;
  readonly intervalH: number;
}

/** Rows [first, end) of the frame; those before them are there for them to look back on. */
export interface FrameBlock {
  readonly frame: Frames[FrameKind];
  readonly first: number;
  readonly end: number;
}

/** What is stored, as the frames that metrics walk: the same for the screen, the list's columns, the audit and exports. */
export interface StoredRows {
  /** Rows with times in (from, to], laid out now. */
  block(from: number, to: number): FrameBlock;
  /** Time before which there is no row. */
  readonly first: number;
  /** Rows with times in (after, until], all that were asked for where nothing is said, in blocks that each take little time to lay out. */
  blocks(after?: number | null, until?: number): Iterable<FrameBlock>;
  /** A block that ends with the row at or before `to` and holds `rows` rows before it, or so many hours. Null: no such row. */
  ending(to: number, before: { readonly length: number; readonly of: 'rows' | 'hours' }): FrameBlock | null;
  /** Of what was read. */
  readonly bytes: number;
  /** Of settlements: what the one in progress is measured from. */
  readonly lead: SettlementLead | null;
  /** What they are made of, as it was read: a little more than the range. Of order books nothing. */
  readonly legs: readonly ReadLeg[];
  /** Stretches of which retention deleted what the rows rest on: no row there does not mean that nothing was. */
  readonly thinned: readonly Span[];
}

/** `interestPer8h` as the newest observation states it; undefined where there is none. */
export const frameInstrument = (
  instrument: Instrument,
  formula: VenueFormula | null,
  interestPer8h: number | null | undefined,
): FrameInstrument => {
  const { id, venue, asset, contract, multiplier } = instrument;
  const interest = interestPer8h === undefined ? {} : { interestPer8h };
  return { id, venue, asset, money: moneyOf(instrument), contract, multiplier, formula, ...interest };
};

const texts = new WeakMap<FrameInstrument, string>();
/** Another text for other legs. */
export function legsText(legs: readonly FrameInstrument[]): string {
  return legs
    .map((leg) => {
      const text = texts.get(leg) ?? JSON.stringify(leg);
      texts.set(leg, text);
      return text;
    })
    .join();
}

async function readLeg(store: FrameReads, { id }: FrameInstrument, { on, barMs, from, to }: FrameQuery) {
  const start = from === null ? 0 : Math.max(0, from - LEAD_MS);
  if (on === 'bar') {
    const { thinned, ...snapshots } = await store.snapshots(id, from === null ? 0 : from - barMs, to);
    return { snapshots, thinned };
  }
  const since = (time: Float64Array): boolean => start === 0 || (time[0] ?? Infinity) <= (from ?? 0);
  const readSettled = (after: number) =>
    on === 'settlement' ? store.settledSeen(id, after, to) : store.settled(id, after, to, null, RATES);
  // Of years the rates and the prices take long, so they are asked for first: readers take what is asked in turn.
  const [settled, prices, { thinned, ...hours }, caps, interest] = await Promise.all([
    // However long ago the newest before the rows is: what is said of a gap rests on it.
    readSettled(start).then((rows) => (since(rows.key) ? rows : readSettled(0))),
    store.prices(id, start, to, null, PRICES),
    store.hours(id, start, to, null, HOURS).then((rows) => (since(rows.close) ? rows : store.hours(id, 0, to, null, HOURS))),
    // Rows across instruments have no use for them.
    on === 'settlement' || on === 'hour' ? store.terms(id) : undefined,
    on === 'settlement' ? undefined : store.interest(id, start, to),
  ]);
  return { settled, hours, prices, caps, thinned, interest };
}
type LegHistory = Awaited<ReturnType<typeof readLeg>>;
export type ReadLeg = LegHistory & { readonly instrument: FrameInstrument };

export async function readRows(store: FrameReads, query: FrameQuery): Promise<StoredRows> {
  const { on, barMs, legs, from, to } = query;
  if (on === 'book') {
    const [leg] = legs;
    if (leg === undefined) throw new RangeError('a frame of book needs an instrument');
    return bookRows(leg, await store.books(leg.id, from ?? -1, to));
  }
  const histories: (readonly [FrameInstrument, LegHistory])[] = [];
  // One after the other: the answers of many at once would be taken in at a stretch.
  for (const leg of legs) {
    const history = await readLeg(store, leg, query);
    histories.push([history.caps ? { ...leg, caps: history.caps } : leg, history]);
  }

  const known = histories.map(([, history]) => firstKnown(query, history));
  const first = Math.min(...known);
  const start = from ?? first - 1;
  const block = (after: number, until: number): FrameBlock => {
    const frame = frameOf({ on, barMs }, histories, after, until);
    return { frame, ...rowsWithin(frame, after, until) };
  };
  const blockMs = Math.max(24, Math.floor(BLOCK_ROWS / Math.max(1, legs.length))) * barMs;
  const keys = on === 'settlement' ? histories[0]?.[1].settled?.key : undefined;
  return {
    block,
    first,
    bytes: bytesOf(histories.map(([, history]) => history)),
    *blocks(after = null, until = to) {
      for (let at = after ?? start; at < until; at += blockMs) yield block(at, Math.min(at + blockMs, until));
    },
    ending(until, { length, of }) {
      const row = keys === undefined ? NaN : firstAfter(keys, until) - 1;
      // One row more than a window that leaves out its own: its start is the time of the row before it.
      const byRows = keys === undefined ? until - (length + 2) * barMs : (keys[row - length - 2] ?? start);
      // The newest settlement may be long ago.
      const newest = keys?.[row] ?? until;
      const found = block(Math.max(start, of === 'rows' ? byRows : newest - (length + 2) * HOUR_MS), Math.min(until, to));
      return found.end > found.first ? found : null;
    },
    lead: on === 'settlement' ? leadOf(histories[0]?.[1], to) : null,
    legs: histories.map(([instrument, history]) => ({ ...history, instrument })),
    thinned: mergeSpans(histories.flatMap(([, { thinned }]) => thinned)),
  };
}

/** Time of the first row that the history can have. */
function firstKnown({ on, barMs }: RowKind, { settled, hours, snapshots }: LegHistory): number {
  if (on === 'bar') return Math.ceil((snapshots?.observedAt[0] ?? Infinity) / barMs) * barMs;
  const key = settled?.key[0] ?? Infinity;
  return on === 'settlement' ? key : Math.min(hourClose(key), hours?.close[0] ?? Infinity);
}

function frameOf(
  { on, barMs }: { readonly on: Exclude<FrameKind, 'book'>; readonly barMs: number },
  histories: readonly (readonly [FrameInstrument, LegHistory])[],
  from: number,
  to: number,
): Frames[FrameKind] {
  if (on === 'asset' || on === 'basket') {
    const lead = on === 'asset' ? VERDICT_HELD_MS : 0;
    const frames = histories.map(([leg, history]) => hoursOf(leg, history, from - lead, to));
    return on === 'asset' ? assetFrame(frames, null) : basketFrame(frames, null);
  }
  const [own] = histories;
  if (own === undefined) throw new RangeError(`a frame of ${on} needs an instrument`);
  const [instrument, history] = own;
  if (on === 'hour') return hoursOf(instrument, history, from, to);
  const { settled, hours, prices, snapshots } = history;
  if (on === 'bar')
    return barFrame(instrument, partOf(snapshots, 'observedAt', from - barMs, to, { before: 1, after: 0 }), barMs, from, to);
  return settlementFrame(instrument, {
    settled: partOf(settled, 'key', from, to),
    hours: partOf(hours, 'close', from - LEAD_MS, to),
    prices: partOf(prices, 'close', from - LEAD_MS, to),
  });
}

/** One row of the time, of which nothing is known: what is said of instruments of which nothing is stored. */
export function emptyRow({ on }: Pick<RowKind, 'on'>, legs: readonly FrameInstrument[], time: number): Frames[FrameKind] {
  const hours = legs.map((leg): HourFrame => ({ ...emptyHourFrame(leg, 1), time: Float64Array.of(time) }));
  const [own] = hours;
  if (own === undefined || on === 'asset' || on === 'basket') return basketFrame(hours, null);
  if (on === 'hour' || on === 'bar') return own;
  if (on === 'book') return { instrument: own.instrument, time: own.time, books: [{ bids: new Float64Array(), asks: new Float64Array() }] };
  return { ...emptySettlementFrame(own.instrument, 1), time: own.time };
}

/** With the newest of each kind before the rows, however old, so that a gap is laid out as one; and the settlement after them. */
function hoursOf(instrument: FrameInstrument, { settled, hours, prices, interest }: LegHistory, from: number, to: number): HourFrame {
  return hourFrame(
    instrument,
    {
      settled: partOf(settled, 'key', from - LEAD_MS, to, { before: 1, after: 1 }),
      hours: partOf(hours, 'close', from - LEAD_MS, to, { before: 1, after: 0 }),
      prices: partOf(prices, 'close', from, to),
      ...(interest && { interest: partOf(interest, 'at', from - HOUR_MS, to) }),
    },
    from,
    to,
  );
}

function leadOf({ settled, hours }: Partial<LegHistory> = {}, to: number): SettlementLead | null {
  if (settled === undefined || hours === undefined) return null;
  return { lastDay: lastDayOf(hours, to), settledAt: settled.key.at(-1) ?? NaN, intervalH: settled.intervalH.at(-1) ?? NaN };
}

function lastDayOf(hours: PremiumHours, to: number): PremiumHours {
  const { close, premium, coverage } = partOf(
    { close: hours.close, premium: hours.premium, coverage: hours.coverage },
    'close',
    to - 24 * HOUR_MS,
    to,
  );
  return { close: close.slice(), premium: premium.slice(), coverage: coverage.slice() };
}
