import type { SearchHit } from '#bridge/contract.ts';
import { inQuote, usdPar } from '#domain/amounts.ts';
import { moneyOf } from '#domain/instrument.ts';
import { isListed, type Listing } from '../listings.ts';

/** How well a text (lower case) fits an instrument: 0 best, null not at all. */
function fit({ instrument }: Listing, text: string): number | null {
  const assets = [instrument.asset, ...instrument.aliases].map((name) => name.toLowerCase());
  const symbol = instrument.symbol.toLowerCase();
  if (assets.includes(text) || symbol === text) return 0;
  if (assets.some((name) => name.startsWith(text))) return 1;
  if (symbol.startsWith(text)) return 2;
  const words = `${assets.join(' ')} ${symbol} ${instrument.venue} ${instrument.quote} ${instrument.settle}`.toLowerCase();
  return text.split(/\s+/u).every((word) => words.includes(word)) ? 3 : null;
}

/** USD of one coin by the newest index of any instrument that is priced in USD or a stablecoin; undefined where none is known. */
function usdIndexes(listings: readonly Listing[]): ReadonlyMap<string, number> {
  const newest = new Map<string, { readonly usd: number; readonly at: number }>();
  for (const { instrument, snapshot, observedAt } of listings) {
    const index = snapshot?.index ?? null;
    if (index === null || observedAt === null || usdPar(moneyOf(instrument)) === null) continue;
    if (observedAt > (newest.get(instrument.asset)?.at ?? -Infinity))
      newest.set(instrument.asset, { usd: index / instrument.multiplier, at: observedAt });
  }
  return new Map([...newest].map(([asset, { usd }]) => [asset, usd]));
}

/** What stands behind an instrument in USD: its open interest, else the volume of a day; null where neither can be told. */
function usdSize({ instrument, snapshot }: Listing, indexes: ReadonlyMap<string, number>): number | null {
  const money = moneyOf(instrument);
  const usd = usdPar(money) === null ? (indexes.get(money) ?? null) : 1;
  const { openInterest = null, mark = null, volume24h = null } = snapshot ?? {};
  const interest = openInterest === null ? null : inQuote(openInterest, 'base', instrument, mark).value;
  const inMoney = interest ?? volume24h;
  return usd === null || inMoney === null ? null : inMoney * usd;
}

/** Instruments that fit, exact names first, then beginnings, then the rest; among equals the listed and the larger (in USD) first. */
export function searchInstruments(listings: Iterable<Listing>, text: string, limit: number): SearchHit[] {
  const wanted = text.trim().toLowerCase();
  const all = [...listings];
  const indexes = usdIndexes(all);
  const hits = all.flatMap((listing) => {
    const rank = wanted === '' ? 0 : fit(listing, wanted);
    return rank === null ? [] : [{ listing, rank, listed: isListed(listing), size: usdSize(listing, indexes) ?? -1 }];
  });
  hits.sort((a, b) => a.rank - b.rank || Number(b.listed) - Number(a.listed) || b.size - a.size);
  return hits.slice(0, limit).map(({ listing, listed }) => ({
    instrument: listing.instrument,
    rate: listing.snapshot?.rate ?? null,
    intervalH: listing.intervalH,
    observedAt: listing.observedAt,
    listed,
  }));
}
