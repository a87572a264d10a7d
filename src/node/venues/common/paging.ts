import type { HourlyPrice, PricePage, RefusedRow, SettledPage, SettledRow } from '#core/venue.ts';
import { gapsOf, mergeSpans } from '#core/spans.ts';
import { isPremium, isPrice, isTime, priceFlaw, refusalOf } from '#domain/bounds.ts';
import { HOUR_MS, SETTLEMENT_SLACK_MS, settlementKey, type Span } from '#domain/time.ts';
import { asRow, labelOf, malformed, readTime } from './read.ts';

/** The longest interval that any venue uses. */
const LONGEST_INTERVAL_MS = 24 * HOUR_MS;
/** So much later than its interval a settlement may come; a venue whose newest row is older than that lags. */
const LAG_MS = HOUR_MS;
/** Pieces that one answer may prove apart from each other: more of them are asked for again in one go. */
const MAX_PIECES = 8;

/** One row as it came, also one that was refused. */
export interface Item {
  /** Null where it does not say one that can be. */
  readonly stamp: number | null;
  /** All that the venue tells of a settlement could be read. */
  readonly whole: boolean;
}

/** Rows of one answer in the venue's order. */
export interface SettledAnswer {
  readonly rows: readonly SettledRow[];
  readonly refused: readonly RefusedRow[];
  /** All rows as counted by the venue's limit, the refused ones too: they move the page on, and prove nothing. */
  readonly items: readonly Item[];
}

/** The same oldest first. */
interface Ordered {
  readonly rows: readonly SettledRow[];
  readonly refused: readonly RefusedRow[];
  readonly items: readonly Item[];
  /** Ascending. */
  readonly stamps: readonly number[];
  /** Where every item stands among the others is known. */
  readonly isPlaced: boolean;
}

/**
 * Oldest first, and each settlement once. Of two rates of one time both rows go on in the order in which they were told: the store keeps
 * the first and tells of the other. Rows in no order at all are kept, but one of them may stand for another time: they prove nothing.
 */
function inOrder({ rows, refused, items }: SettledAnswer, newestFirst: boolean): Ordered {
  const given = newestFirst ? items.toReversed() : items;
  const stamps = given.flatMap(({ stamp }) => stamp ?? []);
  if (isAscending(stamps)) return { rows: newestFirst ? rows.toReversed() : rows, refused, items: given, stamps, isPlaced: true };
  const whole = new Map<number, boolean>();
  for (const item of items) if (item.stamp !== null) whole.set(item.stamp, item.whole && whole.get(item.stamp) !== false);
  const told = [...whole.keys()];
  const known = [...whole].map(([stamp, is]) => ({ stamp, whole: is })).toSorted((a, b) => a.stamp - b.stamp);
  return {
    rows: [...new Map(rows.map((row) => [JSON.stringify(row), row])).values()].toSorted((a, b) => a.stamp - b.stamp),
    refused,
    items: known,
    stamps: known.map(({ stamp }) => stamp),
    isPlaced: items.every(({ stamp }) => stamp !== null) && (isAscending(told) || isAscending(told.toReversed())),
  };
}
const isAscending = (stamps: readonly number[]): boolean => stamps.every((stamp, i) => stamp > (stamps[i - 1] ?? -Infinity));

export const stampsOf = ({ items }: SettledAnswer): number[] => items.flatMap(({ stamp }) => (stamp === null ? [] : [stamp]));

/**
 * Stamp of the oldest settlement in an answer that begins with it; null where the answer is an empty list. An answer whose
 * first row says no time tells nothing of the oldest settlement, and throws.
 */
export function oldestIn(venue: string, symbol: string, { items }: SettledAnswer): number | null {
  const first = items[0];
  if (first === undefined) return null;
  if (first.stamp === null) throw malformed(venue, `${symbol}: the oldest settlement has no time that can be`);
  return Math.min(...items.flatMap(({ stamp }) => stamp ?? []));
}

/** Reads settled rows; a row of another symbol makes the whole answer malformed, for it answers another question. */
export function readSettled(
  venue: string,
  symbol: string,
  list: readonly unknown[],
  now: number,
  read: (row: Readonly<Record<string, unknown>>) => {
    symbol: unknown;
    stamp: unknown;
    rate: number | null;
    intervalH: number | null;
    /** `mark`, `premium`: null where the venue serves none, undefined where it should have and did not. */
    mark: number | null | undefined;
    premium: number | null | undefined;
  },
): SettledAnswer {
  const rows: SettledRow[] = [];
  const refused: RefusedRow[] = [];
  const items: Item[] = [];
  for (const item of list) {
    const raw = asRow(item);
    const given = raw === null ? null : read(raw);
    if (given?.symbol !== undefined && given.symbol !== symbol)
      throw malformed(venue, `asked for ${symbol}, told of ${labelOf(given.symbol)}`);
    const stamp = given === null ? null : readTime(given.stamp);
    if (stamp === null || !isTime(stamp, now)) {
      items.push({ stamp: null, whole: false });
      refused.push({ symbol, reason: stamp === null ? 'a settlement without a time' : `settlement ${stamp}: not a time that can be` });
      continue;
    }
    const rate = given?.rate ?? null;
    // A mark or a premium that is none is left out by itself: the settlement beside it is a fact.
    const mark = given?.mark ?? null;
    const markFlaw = mark === null ? null : priceFlaw('mark price', mark);
    if (markFlaw !== null) refused.push({ symbol, reason: `settlement ${stamp}: ${markFlaw}` });
    const premium = given?.premium;
    const badPremium = typeof premium === 'number' && !isPremium(premium);
    if (badPremium) refused.push({ symbol, reason: `settlement ${stamp}: premium ${premium} is beyond 100 %` });
    const row = {
      stamp,
      rate: rate ?? 0,
      intervalH: given?.intervalH ?? null,
      mark: markFlaw === null ? mark : null,
      premium: badPremium ? null : (premium ?? null),
    };
    const reason = rate === null ? 'no rate' : refusalOf({ ...row, time: stamp }, now);
    if (reason === null) rows.push(row);
    else refused.push({ symbol, reason: `settlement ${stamp}: ${reason}` });
    const lacks = given?.mark === undefined || markFlaw !== null || (premium !== null && row.premium === null);
    items.push({ stamp, whole: reason === null && !lacks });
  }
  return { rows, refused, items };
}

export interface Walk {
  readonly venue: string;
  readonly symbol: string;
  readonly from: number;
  readonly to: number;
  /** The venue's true limit of rows in a page. */
  readonly limit: number;
  now(): number;
  /** Rows with stamps in [start, end]. */
  ask(start: number, end: number): Promise<SettledAnswer>;
}

/**
 * Pages of (from, to] on venues that answer the oldest rows first: each page starts after the last row of the one before.
 * A short page ends the walk only when no further row is due before `to`: a limit lower than the documented one loses nothing.
 */
export async function* walkForward(walk: Walk): AsyncGenerator<SettledPage> {
  const { from, to, limit } = walk;
  const pace = createPace(walk);
  let done = from;
  while (done < to) {
    const answer = await walk.ask(done + 1, to);
    const { rows, refused, items, stamps, isPlaced } = inOrder(answer, false);
    pace.take(stamps);
    if (!isWithin(stamps, done + 1, to)) {
      yield { rows, refused, proven: null };
      return;
    }
    const last = stamps.at(-1);
    const ends = last === undefined || (answer.items.length < limit && to - last <= pace.stepMs() + SETTLEMENT_SLACK_MS);
    const end = last !== undefined && !ends ? last : pace.provenTo();
    // What lies further before the first row of all than rows are apart may be left out: only the oldest settlement tells.
    const first = done === from ? stamps[0] : undefined;
    const begin = first === undefined || first - from <= spacing(first, stamps[1]) + SETTLEMENT_SLACK_MS ? done : first - 1;
    yield { rows, refused, ...proof(isPlaced ? piecesOf(items, begin, end) : []) };
    if (ends) return;
    done = last;
  }
}

/** The same on venues that answer the newest rows first: each page ends before the oldest row of the one before. */
export async function* walkBackward(walk: Walk): AsyncGenerator<SettledPage> {
  const { from, to, limit } = walk;
  const pace = createPace(walk);
  let end = to;
  let known: number | null = null;
  while (end > from) {
    const answer = await walk.ask(from + 1, end);
    const { rows, refused, items, stamps, isPlaced } = inOrder(answer, true);
    pace.take(stamps);
    if (!isWithin(stamps, from + 1, end)) {
      yield { rows, refused, proven: null };
      return;
    }
    const oldest = stamps[0];
    const ends = oldest === undefined || (answer.items.length < limit && oldest - from <= spacing(oldest, stamps[1]) + SETTLEMENT_SLACK_MS);
    // An empty page says as little of what is older as a fault does: only the oldest settlement does.
    const begin = oldest === undefined ? null : ends ? from : oldest - 1;
    const pieces = begin === null || !isPlaced ? [] : piecesOf(items, begin, known ?? pace.provenTo());
    yield { rows, refused, ...proof(pieces) };
    if (ends) return;
    known = oldest - 1;
    end = oldest - 1;
  }
}

/** How far apart two neighbouring settlements are, which is how far the next one beyond a page may be; 0 of one row. */
const spacing = (earlier: number | undefined, later: number | undefined): number =>
  earlier === undefined || later === undefined ? 0 : Math.min(LONGEST_INTERVAL_MS, settlementKey(later) - settlementKey(earlier));

/** What the stamps of a walk, page by page, say of how far it has come. */
interface Pace {
  /** Ascending stamps of one page. Throws where they cannot be settlements. */
  take(ascending: readonly number[]): void;
  /** How far apart the newest two rows are. */
  stepMs(): number;
  /** The newest instant of which the venue has told everything: the newest row where its answer cannot be told from one that lags. */
  provenTo(): number;
}

function createPace(walk: Walk): Pace {
  const { venue, symbol, to } = walk;
  let newest: number | undefined;
  let oldest: number | undefined;
  let rows = 0;
  let step = 0;
  return {
    take(ascending) {
      const [first, last] = [ascending[0], ascending.at(-1)];
      if (first === undefined || last === undefined) return;
      if (newest === undefined || last > newest) step = spacing(ascending.at(-2) ?? newest, last);
      newest = Math.max(newest ?? last, last);
      oldest = Math.min(oldest ?? first, first);
      rows += ascending.length;
      // Venues settle once an hour at most, but for an extra one now and then.
      if (rows > 10 + (2 * (newest - oldest)) / HOUR_MS)
        throw malformed(venue, `${symbol}: ${rows} settlements within ${Math.round((newest - oldest) / 60_000)} minutes`);
    },
    stepMs: () => step,
    provenTo() {
      const end = Math.min(to, walk.now());
      if (newest === undefined) return Number.NEGATIVE_INFINITY;
      return end - newest <= step + LAG_MS ? Math.max(newest, Math.min(to, walk.now() - SETTLEMENT_SLACK_MS)) : newest;
    },
  };
}

/** Stretches of (from, to] that rows in ascending order prove: a row that could not be read is a gap back to the one before it. */
function piecesOf(items: readonly Item[], from: number, to: number): Span[] {
  const open: Span[] = [];
  let before = from;
  for (const [i, { stamp, whole }] of items.entries()) {
    if (!whole) {
      const next = items.slice(i).find((item) => item.stamp !== null)?.stamp;
      open.push({ from: before, to: stamp ?? (next === undefined || next === null ? to : next - 1) });
    }
    before = stamp ?? before;
  }
  // What comes after a newest row that could not be read is no better known.
  if (items.at(-1)?.whole === false) open.push({ from: before, to });
  return gapsOf(open, from, to);
}

/** Pieces as a page says them: the stretch from first to last, and what of it is not proven. */
function proof(pieces: readonly Span[]): { proven: Span | null; open?: readonly Span[] } {
  const [first, last] = [pieces[0], pieces.at(-1)];
  if (!first || !last) return { proven: null };
  const proven = { from: first.from, to: last.to };
  const open = gapsOf(pieces, proven.from, proven.to);
  if (open.length === 0) return { proven };
  return { proven, open: open.length < MAX_PIECES ? open : [{ from: first.to, to: last.from }] };
}

/** What one page that holds all of a stretch proves of it. */
export const pagePieces = (ascending: readonly Item[], { from, to }: Span): ReturnType<typeof proof> =>
  proof(to <= from ? [] : piecesOf(ascending, from, to));

/**
 * A server that tells of other times than it was asked for (a recording that is replayed) still tells of settlements, and those
 * are kept; but its answer proves no stretch, and there is no next page to ask for.
 */
const isWithin = (ascending: readonly number[], start: number, end: number): boolean =>
  (ascending[0] ?? start) >= start && (ascending.at(-1) ?? end) <= end;

/** Closes of one kind of price by the close of their hour, ascending. */
export interface Candles {
  readonly closes: ReadonlyMap<number, number>;
  readonly refused: readonly RefusedRow[];
}

/** A candle as far as it is read: open time, close price, and [first, high, low] beside it. */
export interface Candle {
  readonly open: number | null;
  readonly price: number | null;
  readonly others: readonly [first: number | null, high: number | null, low: number | null];
}

/** Fields that stand in each other's place are told by a first or last price beyond high or low. */
function isMixedUp({ price, others: [first, high, low] }: Candle): boolean {
  const ends = [price, first].filter((one) => one !== null);
  return ends.some((one) => (high !== null && one > high) || (low !== null && one < low));
}

/** Reads hourly candles, in whatever order. Of two closes of one hour the first stays. */
export function readCandles(
  venue: string,
  symbol: string,
  list: readonly unknown[],
  window: HourWindow,
  read: (candle: unknown) => Candle,
): Candles {
  const closes = new Map<number, number>();
  const refused: RefusedRow[] = [];
  const opens: number[] = [];
  for (const candle of list) {
    const given = read(candle);
    const { open, price } = given;
    if (open === null || open % HOUR_MS !== 0) {
      refused.push({ symbol, reason: 'a candle that does not open on the hour' });
      continue;
    }
    opens.push(open);
    const told = closes.get(open + HOUR_MS);
    if (told !== undefined && price !== told)
      refused.push({ symbol, reason: `candle ${open}: ${price ?? 'no price'} beside ${told} of the same hour` });
    else if (isMixedUp(given)) refused.push({ symbol, reason: `candle ${open}: a first or last price beyond its high or low` });
    else if (price !== null && isPrice(price)) closes.set(open + HOUR_MS, price);
    else refused.push({ symbol, reason: `candle ${open}: ${(price === null ? null : priceFlaw('price', price)) ?? 'no price'}` });
  }
  if (
    !isWithin(
      opens.toSorted((a, b) => a - b),
      window.firstOpen,
      window.lastOpen,
    )
  )
    throw malformed(venue, `${symbol}: candles of other hours than asked for`);
  return { closes, refused };
}

export interface HourWindow {
  readonly firstOpen: number;
  readonly lastOpen: number;
}

export interface PriceWalk {
  readonly from: number;
  readonly to: number;
  /** Before this the venue serves no candles: nothing is asked there, and nothing is missing. */
  readonly servedFrom: number;
  /** Hours that surely fit in one answer. */
  readonly hoursPerPage: number;
  now(): number;
  ask(window: HourWindow): Promise<{ mark?: Candles; index?: Candles; last?: Candles }>;
}

/**
 * Hourly closes in (from, to], window by window; the hour in progress is left out. An hour is proven by the closes of every
 * kind that is asked for: one that is left out or without a price is not.
 */
export async function* walkPrices(walk: PriceWalk): AsyncGenerator<PricePage> {
  const { from, servedFrom, hoursPerPage } = walk;
  const lastOpen = Math.floor(Math.min(walk.to, walk.now()) / HOUR_MS) * HOUR_MS - HOUR_MS;
  const begin = Math.floor(Math.max(from, servedFrom) / HOUR_MS) * HOUR_MS;
  if (from < servedFrom) yield { rows: [], ...proof([{ from, to: Math.min(walk.to, Math.max(from, begin)) }]) };
  for (let firstOpen = begin; firstOpen <= lastOpen; firstOpen += hoursPerPage * HOUR_MS) {
    const window = { firstOpen, lastOpen: Math.min(lastOpen, firstOpen + (hoursPerPage - 1) * HOUR_MS) };
    const { mark, index, last } = await walk.ask(window);
    const kinds = [mark, index, last].filter((kind) => kind !== undefined);
    const closes = [...new Set(kinds.flatMap((kind) => [...kind.closes.keys()]))].sort((a, b) => a - b);
    const of = (kind: Candles | undefined, close: number) => kind?.closes.get(close) ?? null;
    const rows = closes.map((close): HourlyPrice => ({ close, mark: of(mark, close), index: of(index, close), last: of(last, close) }));
    const whole = closes.filter((close) => kinds.every((kind) => kind.closes.has(close)));
    // No hour closes between the last one asked for and the end of the walk.
    const beyond = Math.max(lastOpen + HOUR_MS, Math.min(walk.to, walk.now() - SETTLEMENT_SLACK_MS));
    const pieces = whole.map((close) => ({
      from: Math.max(from, close - HOUR_MS),
      to: close === lastOpen + HOUR_MS ? beyond : close,
    }));
    yield { rows, refused: kinds.flatMap((kind) => kind.refused), ...proof(mergeSpans(pieces)) };
  }
}
