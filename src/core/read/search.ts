import UFuzzy from '@leeoniya/ufuzzy';
import type { SearchHit } from '#bridge/contract.ts';
import { inQuote, usdPar } from '#domain/amounts.ts';
import { moneyOf } from '#domain/instrument.ts';
import { isListed, type Listing } from '../listings.ts';

/** A letter too many, too few, wrong or in the place of its neighbour, one in each word; its first and last letter stand. */
// oxlint-disable-next-line typescript/no-unsafe-enum-assignment -- its enum (1 is SingleError) is of the compiler alone
const typos = new UFuzzy({ intraMode: 1 });
/** Words of a text that are tried in every order. */
const MOST_WORDS = 4;

const assetsOf = ({ asset, aliases }: Listing['instrument']): string[] => [asset, ...aliases].map((name) => name.toLowerCase());
const wordsOf = (instrument: Listing['instrument']): string =>
  `${assetsOf(instrument).join(' ')} ${instrument.symbol} ${instrument.venue} ${instrument.quote} ${instrument.settle}`.toLowerCase();

/** How well a text (lower case) fits an instrument: 0 best, null not at all. */
function fit({ instrument }: Listing, text: string): number | null {
  const assets = assetsOf(instrument);
  const symbol = instrument.symbol.toLowerCase();
  if (assets.includes(text) || symbol === text) return 0;
  if (assets.some((name) => name.startsWith(text))) return 1;
  if (symbol.startsWith(text)) return 2;
  const words = wordsOf(instrument);
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

/** Where a text fits nothing as it stands: what it may have been meant to be. */
function meant(all: readonly Listing[], text: string): Listing[] {
  const [found] = typos.search(
    all.map(({ instrument }) => wordsOf(instrument)),
    text,
    MOST_WORDS,
  );
  return (found ?? []).flatMap((at) => all[at] ?? []);
}

/**
 * Instruments that fit, exact names first, then beginnings, then the rest; among equals the listed and the larger (in USD) first.
 * Where nothing fits, those that one typing error in each word leads to.
 */
export function searchInstruments(listings: Iterable<Listing>, text: string, limit: number): SearchHit[] {
  const wanted = text.trim().toLowerCase();
  const all = [...listings];
  const indexes = usdIndexes(all);
  const fitting = all.flatMap((listing) => {
    const rank = wanted === '' ? 0 : fit(listing, wanted);
    return rank === null ? [] : [{ listing, rank }];
  });
  const found = fitting.length > 0 ? fitting : meant(all, wanted).map((listing) => ({ listing, rank: 0 }));
  const hits = found.map((hit) => ({ ...hit, listed: isListed(hit.listing), size: usdSize(hit.listing, indexes) ?? -1 }));
  hits.sort((a, b) => a.rank - b.rank || Number(b.listed) - Number(a.listed) || b.size - a.size);
  return hits.slice(0, limit).map(({ listing, listed }) => ({
    instrument: listing.instrument,
    rate: listing.snapshot?.rate ?? null,
    intervalH: listing.intervalH,
    observedAt: listing.observedAt,
    listed,
  }));
}
