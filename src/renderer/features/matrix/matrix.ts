import type { MatrixCell, MatrixRow, VenueHealth, VenueProfile } from '#bridge/contract.ts';
import { tickerOf } from '#domain/joined-assets.ts';

/** A venue's column of instruments that are quoted alike. */
export interface MatrixColumn {
  readonly key: string;
  readonly venue: string;
  /** "USDC" of "BTCUSDC"; empty where the symbol says nothing beside the asset. */
  readonly quote: string;
  /** Which of an asset's instruments that are quoted alike. */
  readonly nth: number;
}

/** Venues of one exchange beside each other. */
export interface ExchangeColumns {
  readonly exchange: string;
  readonly columns: readonly MatrixColumn[];
}

type Names = ReadonlyMap<string, Pick<VenueProfile, 'name' | 'exchange'>>;

/** What tells an asset's instruments of one venue apart: the rest of the symbol after the asset and its multiplier. */
export function quoteOf(instrument: string, asset: string): string {
  const symbol = instrument.slice(instrument.indexOf(':') + 1);
  const at = symbol.toUpperCase().indexOf(asset.toUpperCase());
  return at < 0 ? '' : symbol.slice(at + asset.length).replace(/^\d*[-_/]?/u, '');
}

const keyOf = (venue: string, quote: string, nth: number): string => `${venue} ${quote} ${nth}`;

/** By the column that it stands in. */
export function cellsOf({ asset, cells }: MatrixRow): ReadonlyMap<string, MatrixCell> {
  const found = new Map<string, MatrixCell>();
  for (const cell of cells) {
    const quote = quoteOf(cell.instrument, tickerOf(asset));
    let nth = 0;
    while (found.has(keyOf(cell.venue, quote, nth))) nth++;
    found.set(keyOf(cell.venue, quote, nth), cell);
  }
  return found;
}

/** The venues that hold a cell by their exchanges, in the order of the status bar; of each venue its quotes, the most frequent first. */
export function exchangesOf(
  rows: readonly MatrixRow[],
  health: readonly Pick<VenueHealth, 'id'>[],
  names: Names,
): readonly ExchangeColumns[] {
  const counts = new Map<string, Map<string, { readonly column: MatrixColumn; count: number }>>();
  for (const { id } of health) counts.set(id, new Map());
  for (const row of rows) {
    for (const [key, { venue, instrument }] of cellsOf(row)) {
      const ofVenue = counts.get(venue) ?? new Map<string, { readonly column: MatrixColumn; count: number }>();
      const column = ofVenue.get(key)?.column ?? {
        key,
        venue,
        quote: quoteOf(instrument, tickerOf(row.asset)),
        nth: Number(key.split(' ').at(-1)),
      };
      counts.set(venue, ofVenue.set(key, { column, count: (ofVenue.get(key)?.count ?? 0) + 1 }));
    }
  }
  const exchanges = new Map<string, MatrixColumn[]>();
  for (const [venue, ofVenue] of counts) {
    if (ofVenue.size === 0) continue;
    const exchange = names.get(venue)?.exchange ?? venue;
    const columns = [...ofVenue.values()].toSorted((a, b) => b.count - a.count).map(({ column }) => column);
    exchanges.set(exchange, [...(exchanges.get(exchange) ?? []), ...columns]);
  }
  return [...exchanges].map(([exchange, columns]) => ({ exchange, columns }));
}

/** What a column is called under its exchange: the rest of the venue's name where that has several, and the quote. */
export function columnName({ exchange, columns }: ExchangeColumns, { venue, quote }: MatrixColumn, names: Names): string {
  const venues = new Set(columns.map((column) => column.venue));
  const name = names.get(venue)?.name ?? venue;
  const rest = venues.size === 1 ? '' : name.startsWith(exchange) ? name.slice(exchange.length).trim() : name;
  return `${rest} ${quote}`.trim();
}

const WHY: Readonly<Record<string, string>> = {
  gap: 'without a rate',
  'interval-unknown': 'of unknown interval',
  excluded: 'of another coin',
  illiquid: 'too small',
  'size-unknown': 'of unknown size',
};

/** "3 of 40 assets not ranked, for they have no spread; 5 rates have no say: 4 stale, 1 of another coin"; null where all have. `order` as of `ordered`. */
export function leftOutWords(rows: readonly MatrixRow[], order = 'spread', names: Names = new Map()): string | null {
  const of = isOrdered(rows, order, names) ? order : null;
  const without = rows.filter((row) => (of === null ? row.spread === null : sizeOn(row, of, names) < 0)).length;
  const left = rows.flatMap(({ cells }) => cells.flatMap((cell) => cell.left ?? []));
  const kinds = [...new Set(left)].map((why) => `${left.filter((one) => one === why).length} ${WHY[why] ?? why}`);
  const lacks =
    of === null
      ? `${without === 1 ? 'it has' : 'they have'} no spread`
      : `${of} has no rate of ${without === 1 ? 'it' : 'them'} that is not stale`;
  const parts = [
    ...(without === 0 ? [] : [`${without} of ${rows.length} assets not ranked, for ${lacks}`]),
    ...(left.length === 0 ? [] : [`${left.length} ${left.length === 1 ? 'rate has' : 'rates have'} no say: ${kinds.join(', ')}`]),
  ];
  return parts.length === 0 ? null : parts.join('; ');
}

export const isSpreadLeg = ({ short, long }: MatrixRow, instrument: string): boolean => instrument === short || instrument === long;

/** The largest rate of an asset on an exchange, without its sign; -1 where it has none that can be compared now. */
const sizeOn = ({ cells }: MatrixRow, exchange: string, names: Names): number =>
  cells.reduce(
    (most, { venue, f, left }) =>
      f === null || left === 'stale' || names.get(venue)?.exchange !== exchange ? most : Math.max(most, Math.abs(f)),
    -1,
  );

const isOrdered = (rows: readonly MatrixRow[], exchange: string, names: Names): boolean =>
  rows.some(({ cells }) => cells.some(({ venue }) => names.get(venue)?.exchange === exchange));

/** Rows by the size of an exchange's largest rate, those without one last; any other word leaves the app's order, widest spread first. */
export function ordered(rows: readonly MatrixRow[], exchange: string, names: Names): readonly MatrixRow[] {
  if (!isOrdered(rows, exchange, names)) return rows;
  return rows.toSorted((a, b) => sizeOn(b, exchange, names) - sizeOn(a, exchange, names));
}

/** Of all pairs of a row the one that leaves most. */
export interface NetPair {
  readonly short: string;
  readonly long: string;
  /** Shares of one leg: what funding brings at the rates that stand, what the round trip costs, and what is left. */
  readonly income: number;
  readonly cost: number;
  readonly net: number;
  /** Of these legs no order book is known: they count with their fees alone. */
  readonly feesOnly: readonly string[];
}

const mayBeLeg = <T extends Pick<MatrixCell, 'left' | 'f'>>(cell: T): cell is T & { readonly f: number } =>
  cell.left === null && cell.f !== null;

/** "Net leaves out 5 rates: 3 of unknown fees (MEXC, Aster), 2 whose order book ends before the size"; null where it has all that have a say. */
export function netLeftOutWords(rows: readonly MatrixRow[], feeOf: (venue: string) => number | null, names: Names): string | null {
  const cells = rows.flatMap((row) => row.cells.filter(mayBeLeg));
  const free = cells.filter(({ venue }) => feeOf(venue) === null);
  const thin = cells.filter(({ venue, noSlippage }) => noSlippage === 'too-thin' && feeOf(venue) !== null);
  const left = free.length + thin.length;
  if (left === 0) return null;
  const venues = [...new Set(free.map(({ venue }) => names.get(venue)?.name ?? venue))];
  const parts = [
    ...(free.length === 0 ? [] : [`${free.length} of unknown fees (${venues.join(', ')})`]),
    ...(thin.length === 0 ? [] : [`${thin.length} whose order book ends before the size`]),
  ];
  return `Net leaves out ${left} ${left === 1 ? 'rate' : 'rates'}: ${parts.join(', ')}`;
}

/**
 * The pair that leaves most after four taker fills, held for so many hours at rates that stand still; null where no two legs have a
 * rate, a fee (`feeOf` a fill; null: not known) and a book that is deep enough.
 */
export function bestNet(row: MatrixRow, holdH: number, feeOf: (venue: string) => number | null): NetPair | null {
  const legs = row.cells.flatMap((cell) => {
    const fee = feeOf(cell.venue);
    if (!mayBeLeg(cell) || fee === null || cell.noSlippage === 'too-thin') return [];
    return [{ id: cell.instrument, brings: cell.f * holdH, cost: 2 * fee + (cell.slippage ?? 0), feesOnly: cell.slippage === null }];
  });
  let best: NetPair | null = null;
  for (const short of legs)
    for (const long of legs) {
      if (short === long) continue;
      const [income, cost] = [short.brings - long.brings, short.cost + long.cost];
      if (best !== null && income - cost <= best.net) continue;
      const feesOnly = [short, long].filter((leg) => leg.feesOnly).map(({ id }) => id);
      best = { short: short.id, long: long.id, income, cost, net: income - cost, feesOnly };
    }
  return best;
}
