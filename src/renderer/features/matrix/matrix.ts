import type { MatrixRow, VenueHealth } from '#bridge/contract.ts';

/** A venue's column of instruments that are quoted alike. */
export interface MatrixColumn {
  readonly venue: string;
  /** "USDC" of "BTCUSDC"; empty where the symbol says nothing beside the asset. */
  readonly quote: string;
}

/** What tells an asset's instruments of one venue apart: the rest of the symbol after the asset and its multiplier. */
export function quoteOf(instrument: string, asset: string): string {
  const symbol = instrument.slice(instrument.indexOf(':') + 1);
  const at = symbol.toUpperCase().indexOf(asset.toUpperCase());
  return at < 0 ? '' : symbol.slice(at + asset.length).replace(/^\d*[-_/]?/u, '');
}

/** The venues that hold a cell, in the order of the status bar; of each its quotes, the most frequent first. */
export function columnsOf(rows: readonly MatrixRow[], health: readonly Pick<VenueHealth, 'id'>[]): readonly MatrixColumn[] {
  const counts = new Map<string, Map<string, number>>();
  for (const { id } of health) counts.set(id, new Map());
  for (const { asset, cells } of rows) {
    for (const { instrument, venue } of cells) {
      const quotes = counts.get(venue) ?? new Map<string, number>();
      const quote = quoteOf(instrument, asset);
      counts.set(venue, quotes.set(quote, (quotes.get(quote) ?? 0) + 1));
    }
  }
  return [...counts].flatMap(([venue, quotes]) => [...quotes].sort((a, b) => b[1] - a[1]).map(([quote]) => ({ venue, quote })));
}

export const cellsIn = ({ asset, cells }: MatrixRow, { venue, quote }: MatrixColumn): MatrixRow['cells'] =>
  cells.filter((cell) => cell.venue === venue && quoteOf(cell.instrument, asset) === quote);

const WHY: Readonly<Record<string, string>> = {
  gap: 'without a rate',
  'interval-unknown': 'of unknown interval',
  excluded: 'of another coin',
};

/** "3 of 40 assets not ranked, for they have no spread; 5 rates have no say: 4 stale, 1 of another coin"; null where all have. */
export function leftOutWords(rows: readonly MatrixRow[]): string | null {
  const without = rows.filter(({ spread }) => spread === null).length;
  const left = rows.flatMap(({ cells }) => cells.flatMap((cell) => cell.left ?? []));
  const kinds = [...new Set(left)].map((why) => `${left.filter((one) => one === why).length} ${WHY[why] ?? why}`);
  const parts = [
    ...(without === 0 ? [] : [`${without} of ${rows.length} assets not ranked, for ${without === 1 ? 'it has' : 'they have'} no spread`]),
    ...(left.length === 0 ? [] : [`${left.length} ${left.length === 1 ? 'rate has' : 'rates have'} no say: ${kinds.join(', ')}`]),
  ];
  return parts.length === 0 ? null : parts.join('; ');
}

export const isSpreadLeg = ({ short, long }: MatrixRow, instrument: string): boolean => instrument === short || instrument === long;

/** Rows by the size of a venue's largest rate, those without one last; any other word leaves the app's order, widest spread first. */
export function ordered(rows: readonly MatrixRow[], venue: string): readonly MatrixRow[] {
  const size = ({ cells }: MatrixRow): number =>
    Math.max(...cells.flatMap((cell) => (cell.venue === venue ? Math.abs(cell.f ?? 0) : [])), -1);
  if (!rows.some((row) => size(row) >= 0)) return rows;
  return rows.toSorted((a, b) => size(b) - size(a));
}
