import type { MatrixCell, MatrixRow } from '#bridge/contract.ts';
import { usdPar } from '#domain/amounts.ts';
import type { Instrument, InstrumentId } from '#domain/instrument.ts';
import { averagePrice, midPrice } from '#domain/metrics/book.ts';
import { LEG_EXCLUDED, LEG_PRESENT, LEG_UNCONFIRMED } from '#domain/metrics/frames/frames.ts';
import { assetFrame } from '#domain/metrics/frames/group.ts';
import { GroupValues } from '#domain/metrics/group-values.ts';
import { outlierOf } from '#domain/metrics/outlier.ts';
import { findSpreadPair, whyTooFew } from '#domain/metrics/spread-pair.ts';
import { hourClose } from '#domain/time.ts';
import { perHour } from '#domain/units.ts';
import { bookOf, type ReadBook } from '../../book-ladder.ts';
import { isListed, type Listings } from '../../listings.ts';
import { legOf, type Observation } from './metric-live.ts';
import type { MetricSource } from './metric-source.ts';
import type { RateRange } from './rate-ranges.ts';

/** What a row is made with, beside what is observed. */
export interface MatrixQuestion {
  /** Instruments with less of it in USD, or of which it is not known, have no say. */
  readonly least: { readonly of: 'openInterest' | 'volume24h'; readonly usd: number } | null;
  /** What one leg would be, in USD. */
  readonly size: number | null;
}

interface RowParts {
  readonly observation: (id: InstrumentId) => Observation;
  /** D of now; null where the instrument is not followed. */
  readonly d: (id: InstrumentId) => number | null;
  readonly now: () => number;
  readonly book: (id: InstrumentId) => ReadBook | null;
  readonly range: (id: InstrumentId) => RateRange | null;
}

const finite = (value: number): number | null => (Number.isFinite(value) ? value + 0 : null);

/** One asset over its instruments, of now (domain 3.4): only what is fresh, is this coin and is liquid enough has a say in the spread. */
export function matrixRow(asset: string, ids: readonly InstrumentId[], question: MatrixQuestion, parts: RowParts): MatrixRow {
  const legs = ids.map(parts.observation);
  const close = hourClose(parts.now());
  const group = assetFrame(
    legs.map((leg) => legOf(leg, close)),
    null,
  );
  const cells: MatrixCell[] = legs.map((leg, i) => {
    const { snapshot, freshness, intervalH, observedAt, instrument } = leg;
    const range = parts.range(instrument.id);
    const money = { openInterest: finite(group.legs[i]?.usd[0] ?? NaN), volume24h: volumeOf(leg) };
    const isHeard = group.legs[i]?.standing[0] === LEG_PRESENT;
    const f = snapshot === null || freshness === 'dead' ? null : finite(perHour(snapshot.rate, intervalH));
    return {
      instrument: instrument.id,
      venue: instrument.venue,
      f,
      d: parts.d(instrument.id),
      observedAt: snapshot === null ? null : observedAt,
      left: whyLeft(leg, group.legs[i]?.standing[0]) ?? (isHeard ? tooSmall(money, question.least) : null),
      ...money,
      ...withNewest(range, f),
      isOutlier: false,
      ...slippageOf(leg, question.size, parts.book(instrument.id)),
    };
  });
  const rates = new GroupValues();
  for (const [i, leg] of group.legs.entries()) {
    if (cells[i]?.left !== null) leg.f[0] = NaN;
    rates.add(leg.f, 0);
  }
  const pair = findSpreadPair(group, 0, { high: -1, low: -1, count: 0 });
  const [short, long] = [group.legs[pair.high], group.legs[pair.low]];
  const compared = short !== undefined && long !== undefined && pair.count >= 2;
  const isFar = outlierOf(group.legs.map(({ f }) => f[0] ?? NaN).filter((f) => !Number.isNaN(f)));
  return {
    asset,
    cells: cells.map((cell, i) => ({ ...cell, isOutlier: isFar(group.legs[i]?.f[0] ?? NaN) })),
    spread: compared ? finite((short.f[0] ?? NaN) - (long.f[0] ?? NaN)) : null,
    short: compared ? short.instrument.id : null,
    long: compared ? long.instrument.id : null,
    reason: compared ? null : whyTooFew(group, 0),
    median: finite(rates.median),
    dispersion: compared ? finite(rates.sd) : null,
  };
}

function whyLeft({ snapshot, freshness, intervalH }: Observation, standing: number | undefined): string | null {
  if (snapshot === null) return 'gap';
  if (freshness !== 'fresh') return 'stale';
  if (Number.isNaN(intervalH)) return 'interval-unknown';
  return standing === LEG_EXCLUDED ? 'excluded' : standing === LEG_UNCONFIRMED ? 'unconfirmed' : null;
}

/** The newest rate is of no closed hour yet. */
function withNewest(range: RateRange | null, f: number | null): Pick<MatrixCell, 'least' | 'greatest'> {
  if (range === null) return { least: null, greatest: null };
  const all = [range.least, range.greatest, f ?? NaN].filter((rate) => !Number.isNaN(rate));
  return { least: finite(Math.min(...all)), greatest: finite(Math.max(...all)) };
}

const volumeOf = ({ snapshot, instrument }: Observation): number | null =>
  usdPar(instrument.money) === null ? null : (snapshot?.volume24h ?? null);

function tooSmall(money: Pick<MatrixCell, 'openInterest' | 'volume24h'>, least: MatrixQuestion['least']): string | null {
  if (least === null) return null;
  const of = money[least.of];
  return of === null ? 'size-unknown' : of < least.usd ? 'illiquid' : null;
}

/** A fill of the size each way: what lies between the average prices and mid, as a share of mid. */
function slippageOf({ instrument }: Observation, size: number | null, read: ReadBook | null): Pick<MatrixCell, 'slippage' | 'noSlippage'> {
  if (size === null || read === null || read.stale || usdPar(instrument.money) === null) return { slippage: null, noSlippage: 'no-book' };
  const book = bookOf(read.ladder);
  const slippage = finite((averagePrice(book.asks, size) - averagePrice(book.bids, size)) / midPrice(book));
  return { slippage, noSlippage: slippage === null ? 'too-thin' : null };
}

export interface GridParts {
  readonly listings: Pick<Listings, 'get'>;
  readonly source: Pick<MetricSource, 'byAsset'>;
  readonly instrument: (id: InstrumentId) => Instrument;
}

/** What is listed of the assets of these instruments, or (null) of every asset that two venues list. */
export function gridOf({ listings, source, instrument }: GridParts, list: readonly InstrumentId[] | null): Map<string, InstrumentId[]> {
  const isThere = (id: InstrumentId): boolean => {
    const listing = listings.get(id);
    return listing !== null && isListed(listing);
  };
  const wanted = list && new Set(list);
  const grid = new Map<string, InstrumentId[]>();
  for (const [asset, known] of source.byAsset()) {
    const ids = known.filter(isThere);
    const venues = new Set(ids.map((id) => instrument(id).venue));
    if (wanted ? ids.length > 0 && known.some((id) => wanted.has(id)) : venues.size >= 2) grid.set(asset, ids);
  }
  return grid;
}

/** Widest spread first. */
export const matrixOf = (grid: ReadonlyMap<string, readonly InstrumentId[]>, question: MatrixQuestion, parts: RowParts): MatrixRow[] =>
  [...grid].map(([asset, ids]) => matrixRow(asset, ids, question, parts)).sort(bySpread);

/** Assets without one by name. */
const bySpread = (a: MatrixRow, b: MatrixRow): number =>
  (b.spread ?? -1) - (a.spread ?? -1) || (a.asset < b.asset ? -1 : a.asset > b.asset ? 1 : 0);
