import type { SearchHit } from '#bridge/contract.ts';
import { isListed, type Listing } from '../market.ts';

/** How well a text (lower case) fits an instrument: 0 best, null not at all. */
function fit({ instrument }: Listing, text: string): number | null {
  const names = [instrument.asset, instrument.symbol].map((name) => name.toLowerCase());
  if (names[0] === text || names[1] === text) return 0;
  if (names[0]?.startsWith(text)) return 1;
  if (names[1]?.startsWith(text)) return 2;
  const words = `${names.join(' ')} ${instrument.venue} ${instrument.quote} ${instrument.settle}`.toLowerCase();
  return text.split(/\s+/u).every((word) => words.includes(word)) ? 3 : null;
}

/** Quote money that stands behind an instrument: open interest at mark, else the day's volume. */
function size({ snapshot }: Listing): number {
  const { openInterest = null, mark = null, volume24h = null } = snapshot ?? {};
  return openInterest !== null && mark !== null ? openInterest * mark : (volume24h ?? 0);
}

/** Instruments that fit, exact names first, then beginnings, then the rest; among equals the listed and the larger first. */
export function searchInstruments(listings: Iterable<Listing>, text: string, limit: number): SearchHit[] {
  const wanted = text.trim().toLowerCase();
  const hits = [...listings].flatMap((listing) => {
    const rank = wanted === '' ? 0 : fit(listing, wanted);
    return rank === null ? [] : [{ listing, rank, listed: isListed(listing), size: size(listing) }];
  });
  hits.sort((a, b) => a.rank - b.rank || Number(b.listed) - Number(a.listed) || b.size - a.size);
  return hits.slice(0, limit).map(({ listing, listed }) => ({
    instrument: listing.instrument,
    rate: listing.snapshot?.rate ?? null,
    intervalH: listing.intervalH,
    listed,
  }));
}
