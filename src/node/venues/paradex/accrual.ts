import type { VenueIo } from '#core/venue.ts';
import { isRate, isTime } from '#domain/bounds.ts';
import { exact, type Exact } from '#domain/decisions/exact.ts';
import { HOUR_MS } from '#domain/time.ts';
import type { Item, SettledAnswer } from '../common/paging.ts';
import { asRow, labelOf, malformed, readNumber, readTime } from '../common/read.ts';
import { NAME, parseResults } from './body.ts';
import { COST } from './host.ts';
import { periodOf } from './markets.ts';

/** What the venue had observed at `at`: its index is what one unit has paid since launch, in USDC. */
export interface FundingPoint {
  readonly at: number;
  readonly index: Exact;
  /** USDC that one unit pays in a funding period. */
  readonly premium: Exact;
  readonly periodH: number;
  /** USDC of one unit; null where the rate is 0. */
  readonly price: Exact | null;
}

/**
 * The newest row of GET /v1/funding/data, whatever the order of its rows; null where there is none. A rate is a share of the price that the
 * premium beside it is an amount of: that price is the one of the two by the other.
 */
export function parsePoint(text: string, symbol: string, now: number): FundingPoint | null {
  let newest: FundingPoint | null = null;
  for (const item of parseResults(text, `funding of ${symbol}`)) {
    const row = asRow(item);
    if (row === null || row['market'] !== symbol) throw malformed(NAME, `asked for ${symbol}, told of ${labelOf(row?.['market'])}`);
    const [at, index, premium, rate] = [
      readTime(row['created_at']),
      readNumber(row['funding_index']),
      readNumber(row['funding_premium']),
      readNumber(row['funding_rate']),
    ];
    if (at === null || !isTime(at, now) || index === null || premium === null || rate === null) continue;
    if (newest !== null && newest.at >= at) continue;
    const price = rate === 0 ? null : exact(String(row['funding_premium'])).div(String(row['funding_rate']));
    newest = {
      at,
      index: exact(String(row['funding_index'])),
      premium: exact(String(row['funding_premium'])),
      periodH: periodOf(row['funding_period_hours']),
      price: price !== null && price.gt(0) ? price : null,
    };
  }
  return newest;
}

/** The index at `t`, from the last time that it was observed: it advances by its premium. */
const indexAt = ({ at, index, premium, periodH }: FundingPoint, t: number): Exact =>
  index.plus(premium.times(t - at).div(periodH * HOUR_MS));

/** The accrual of the hour that ends at `key`: what one unit paid in it, over its price. Null where it is not known. */
export function accrualOf(before: FundingPoint, after: FundingPoint, key: number): number | null {
  const price = after.price ?? before.price;
  const paid = indexAt(after, key).minus(indexAt(before, key - HOUR_MS));
  if (paid.isZero()) return 0;
  const rate = price === null ? NaN : paid.div(price).toNumber();
  return isRate(rate, 1) ? rate : null;
}

export type AskPoint = (t: number) => Promise<FundingPoint | null>;

/** The newest observation of `symbol` in the `within` ms up to each of the times asked for; neighbouring hours share one. */
export function askPoints(io: VenueIo, symbol: string, within = Infinity): AskPoint {
  let last: { readonly t: number; readonly point: Promise<FundingPoint | null> } | null = null;
  return (t) => {
    if (last?.t === t) return last.point;
    const since = within === Infinity ? '' : `&start_at=${t - within + 1}`;
    const path = `/v1/funding/data?market=${encodeURIComponent(symbol)}&end_at=${t}${since}&page_size=1`;
    const point = io.request({ path, cost: COST }).then((text) => {
      const found = parsePoint(text, symbol, io.now);
      if (found !== null && found.at > t) throw malformed(NAME, `asked for the funding of ${symbol} up to ${t}, told of ${found.at}`);
      return found;
    });
    last = { t, point };
    return point;
  };
}

/**
 * Accruals of the clock hours that end in [start, end], the oldest `limit` of them: a page asks no more than that. An hour that cannot be told
 * is an item that is not whole.
 */
export async function readAccruals(ask: AskPoint, symbol: string, start: number, end: number, limit: number): Promise<SettledAnswer> {
  const rows: SettledAnswer['rows'][number][] = [];
  const refused: SettledAnswer['refused'][number][] = [];
  const items: Item[] = [];
  const before: Item[] = [];
  const first = Math.ceil(start / HOUR_MS) * HOUR_MS;
  const last = first + (limit - 1) * HOUR_MS;
  for (let key = first; key <= Math.min(end, last); key += HOUR_MS) {
    const [from, to] = [await ask(key - HOUR_MS), await ask(key)];
    // Before it was listed there is nothing, nor an accrual of the hour that it began in; between known hours it is missing.
    if (from === null && items.length === 0) {
      before.push({ stamp: key, whole: false });
      continue;
    }
    const rate = from === null || to === null ? null : accrualOf(from, to, key);
    items.push({ stamp: key, whole: rate !== null });
    if (rate !== null) rows.push({ stamp: key, rate, intervalH: 1, mark: null, premium: null });
    else refused.push({ symbol, reason: `hour ${key}: no funding was observed in it, or none that can be` });
  }
  if (items.length > 0 || last > end) return { rows, refused, items };
  // A whole page of hours of which nothing is told: the walk goes on after them.
  return { rows, refused: [{ symbol, reason: `hours ${first} to ${last}: no funding was observed in them` }], items: before };
}

/** The end of the first hour that an accrual is known of, at or after `start`; null where there is none. Halved: what is known stays known. */
export async function firstAccrual(ask: AskPoint, start: number, now: number): Promise<number | null> {
  let [low, high] = [Math.ceil(start / HOUR_MS) - 1, Math.floor(now / HOUR_MS) - 1];
  if (high <= low || (await ask(high * HOUR_MS)) === null) return null;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((await ask(middle * HOUR_MS)) === null) low = middle;
    else high = middle;
  }
  return (high + 1) * HOUR_MS;
}
