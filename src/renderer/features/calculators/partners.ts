import type { SearchHit, WatchRow } from '#bridge/contract.ts';
import { usdPar } from '#domain/amounts.ts';
import { moneyOf } from '#domain/instrument.ts';
import { mayBeOneAsset } from '#domain/joined-assets.ts';

/** USD and stablecoins count as one money. */
const comparable = (a: string, b: string): boolean => a === b || (usdPar(a) !== null && usdPar(b) !== null);

/** The other leg of a cash-and-carry: the coin itself. */
export const SPOT = 'spot';

export interface Partner {
  readonly id: string;
  readonly name: string;
  /** Funding per hour, and the interval it is paid in. Spot pays none. */
  readonly perHour: number | null;
  readonly intervalH: number | null;
}

/** Spot, and every other perpetual of the asset whose prices compare: those on the watchlist as they are now, the others as they were found. */
export function partnersOf(
  row: WatchRow,
  rows: readonly WatchRow[],
  hits: readonly SearchHit[],
  venueName: (venue: string) => string,
): Partner[] {
  const { id } = row.instrument;
  const money = moneyOf(row.instrument);
  const found = new Map<string, Partner>();
  const fits = (other: WatchRow['instrument']): boolean =>
    mayBeOneAsset(other, row.instrument) && other.id !== id && comparable(moneyOf(other), money);
  for (const { instrument, rate, intervalH, listed } of hits) {
    if (!listed || !fits(instrument)) continue;
    const perHour = rate === null || intervalH === null ? null : rate / intervalH;
    found.set(instrument.id, { id: instrument.id, name: `${venueName(instrument.venue)} ${instrument.symbol}`, perHour, intervalH });
  }
  for (const { instrument, f, intervalH } of rows) {
    if (!fits(instrument)) continue;
    found.set(instrument.id, { id: instrument.id, name: `${venueName(instrument.venue)} ${instrument.symbol}`, perHour: f, intervalH });
  }
  const perps = [...found.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  return [{ id: SPOT, name: `${row.instrument.asset} spot, at the index`, perHour: 0, intervalH: 1 }, ...perps];
}

/** The partner whose funding is furthest away, and the side of the instrument that is paid by it. */
export function pickPartner(row: WatchRow, partners: readonly Partner[]): { readonly other: string; readonly side: 'long' | 'short' } {
  const mine = row.f;
  if (mine === null) return { other: SPOT, side: 'short' };
  let best: { readonly other: string; readonly apart: number } = { other: SPOT, apart: mine };
  for (const { id, perHour } of partners) {
    if (perHour !== null && Math.abs(mine - perHour) > Math.abs(best.apart)) best = { other: id, apart: mine - perHour };
  }
  return { other: best.other, side: best.apart >= 0 ? 'short' : 'long' };
}
