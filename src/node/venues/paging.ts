import type { HourlyPrice, PricePage, RefusedRow, SettledPage, SettledRow } from '#core/venue.ts';
import { isPremium, isPrice, priceFlaw, refusalOf } from '#domain/bounds.ts';
import { HOUR_MS, SETTLEMENT_SLACK_MS, type Span } from '#domain/time.ts';
import { asRow, labelOf, malformed, readTime } from './read.ts';

/** The longest interval that any venue uses: an empty answer over more than this proves nothing. */
const LONGEST_INTERVAL_MS = 24 * HOUR_MS;

/** Rows of one answer in the venue's order. */
export interface SettledAnswer {
  readonly rows: readonly SettledRow[];
  readonly refused: readonly RefusedRow[];
  /** Stamps of all rows, the refused ones too: they move the page on. */
  readonly stamps: readonly number[];
  /** Rows as counted by the venue's limit. */
  readonly count: number;
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
    mark: number | null;
    premium: number | null;
  },
): SettledAnswer {
  const rows: SettledRow[] = [];
  const refused: RefusedRow[] = [];
  const stamps: number[] = [];
  for (const item of list) {
    const raw = asRow(item);
    const given = raw === null ? null : read(raw);
    if (given?.symbol !== undefined && given.symbol !== symbol)
      throw malformed(venue, `asked for ${symbol}, told of ${labelOf(given.symbol)}`);
    const stamp = given === null ? null : readTime(given.stamp);
    if (stamp === null) {
      refused.push({ symbol, reason: 'a settlement without a time' });
      continue;
    }
    stamps.push(stamp);
    const rate = given?.rate ?? null;
    // A mark or a premium that is none is left out by itself: the settlement beside it is a fact.
    const mark = given?.mark ?? null;
    const markFlaw = mark === null ? null : priceFlaw('mark price', mark);
    if (markFlaw !== null) refused.push({ symbol, reason: `settlement ${stamp}: ${markFlaw}` });
    const premium = given?.premium ?? null;
    if (premium !== null && !isPremium(premium))
      refused.push({ symbol, reason: `settlement ${stamp}: premium ${premium} is beyond 100 %` });
    const row = {
      stamp,
      rate: rate ?? 0,
      intervalH: given?.intervalH ?? null,
      mark: markFlaw === null ? mark : null,
      premium: premium !== null && isPremium(premium) ? premium : null,
    };
    const reason = rate === null ? 'no rate' : refusalOf({ ...row, time: stamp }, now);
    if (reason === null) rows.push(row);
    else refused.push({ symbol, reason: `settlement ${stamp}: ${reason}` });
  }
  return { rows, refused, stamps, count: list.length };
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
  let done = from;
  let first = true;
  while (done < to) {
    const answer = await walk.ask(done + 1, to);
    assertOrder(walk, answer.stamps);
    if (!isWithin(answer.stamps, done + 1, to)) {
      yield { ...pageOf(answer, answer.rows), proven: null };
      return;
    }
    const last = answer.stamps.at(-1);
    const ends = last === undefined || (answer.count < limit && to - last <= spacing(last, answer.stamps.at(-2)));
    const proven = ends ? provenTo(walk, last ?? done) : last;
    yield { ...pageOf(answer, answer.rows), proven: provesNothing(walk, answer, first) ? null : span(done, proven) };
    if (ends) return;
    done = last;
    first = false;
  }
}

/** The same on venues that answer the newest rows first: each page ends before the oldest row of the one before. */
export async function* walkBackward(walk: Walk): AsyncGenerator<SettledPage> {
  const { from, to, limit } = walk;
  let end = to;
  let known: number | null = null;
  while (end > from) {
    const answer = await walk.ask(from + 1, end);
    const ascending = answer.stamps.toReversed();
    assertOrder(walk, ascending);
    if (!isWithin(ascending, from + 1, end)) {
      yield { ...pageOf(answer, answer.rows.toReversed()), proven: null };
      return;
    }
    const oldest = ascending[0];
    const ends = oldest === undefined || (answer.count < limit && oldest - from <= spacing(ascending[1], oldest));
    const until = known ?? provenTo(walk, ascending.at(-1) ?? from);
    const page = pageOf(answer, answer.rows.toReversed());
    yield { ...page, proven: provesNothing(walk, answer, known === null) ? null : span(ends ? from : oldest, until) };
    if (ends) return;
    known = oldest;
    end = oldest - 1;
  }
}

/** How far the next row beyond a page may be: as far as its last two rows are apart. */
const spacing = (later = 0, earlier = later): number => Math.min(LONGEST_INTERVAL_MS, later - earlier) + SETTLEMENT_SLACK_MS;

const pageOf = ({ refused }: SettledAnswer, rows: readonly SettledRow[]) => ({ rows, refused });

const span = (from: number, to: number): Span | null => (to > from ? { from, to } : null);

/** The newest instant of which the venue has surely told everything: settlements are posted up to minutes late. */
const provenTo = (walk: Walk, last: number): number => Math.max(last, Math.min(walk.to, walk.now() - SETTLEMENT_SLACK_MS));

/** Nothing at all over more than a day, before any row of this walk: rather a fault than a fact. */
const provesNothing = (walk: Walk, answer: SettledAnswer, first: boolean): boolean =>
  answer.stamps.length === 0 && (answer.count > 0 || (first && walk.to - walk.from > LONGEST_INTERVAL_MS));

function assertOrder({ venue, symbol }: { venue: string; symbol: string }, ascending: readonly number[]): void {
  let before = Number.NEGATIVE_INFINITY;
  for (const stamp of ascending) {
    if (stamp <= before) throw malformed(venue, `${symbol}: ${stamp} comes again or out of order`);
    before = stamp;
  }
}

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

/** Reads hourly candles given oldest first; `read` gives the open time and the close price. */
export function readCandles(
  venue: string,
  symbol: string,
  ascending: readonly unknown[],
  window: HourWindow,
  read: (candle: unknown) => { open: number | null; price: number | null },
): Candles {
  const closes = new Map<number, number>();
  const refused: RefusedRow[] = [];
  const opens: number[] = [];
  for (const candle of ascending) {
    const { open, price } = read(candle);
    if (open === null || open % HOUR_MS !== 0) throw malformed(venue, `${symbol}: a candle that does not open on the hour`);
    opens.push(open);
    if (price !== null && isPrice(price)) closes.set(open + HOUR_MS, price);
    else refused.push({ symbol, reason: `candle ${open}: ${(price === null ? null : priceFlaw('price', price)) ?? 'no price'}` });
  }
  assertOrder({ venue, symbol }, opens);
  if (!isWithin(opens, window.firstOpen, window.lastOpen)) throw malformed(venue, `${symbol}: candles of other hours than asked for`);
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
 * Hourly closes in (from, to], window by window; the hour in progress is left out. Windows without any candle are proven
 * once another window of the walk had some: before that they say as little as a fault does.
 */
export async function* walkPrices(walk: PriceWalk): AsyncGenerator<PricePage> {
  const { from, servedFrom, hoursPerPage } = walk;
  const lastOpen = Math.floor(Math.min(walk.to, walk.now()) / HOUR_MS) * HOUR_MS - HOUR_MS;
  let provenFrom = from;
  let any = false;
  if (walk.to <= servedFrom) yield { rows: [], proven: span(from, walk.to) };
  for (
    let firstOpen = Math.floor(Math.max(from, servedFrom) / HOUR_MS) * HOUR_MS;
    firstOpen <= lastOpen;
    firstOpen += hoursPerPage * HOUR_MS
  ) {
    const window = { firstOpen, lastOpen: Math.min(lastOpen, firstOpen + (hoursPerPage - 1) * HOUR_MS) };
    const { mark, index, last } = await walk.ask(window);
    const kinds = [mark, index, last].filter((kind) => kind !== undefined);
    const closes = [...new Set(kinds.flatMap((kind) => [...kind.closes.keys()]))].sort((a, b) => a - b);
    const of = (kind: Candles | undefined, close: number) => kind?.closes.get(close) ?? null;
    const rows = closes.map((close): HourlyPrice => ({ close, mark: of(mark, close), index: of(index, close), last: of(last, close) }));
    const refused = kinds.flatMap((kind) => kind.refused);
    any ||= rows.length > 0;
    // No hour closes between the last one asked for and the end of the walk.
    const asked = window.lastOpen === lastOpen ? walk.to : window.lastOpen + HOUR_MS;
    const end = Math.max(closes.at(-1) ?? from, Math.min(asked, walk.now() - SETTLEMENT_SLACK_MS));
    yield { rows, refused, proven: any ? span(provenFrom, end) : null };
    if (any) provenFrom = end;
  }
}
