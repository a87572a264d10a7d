import type { Instrument } from '#domain/instrument.ts';
import { mayBeOneAsset } from '#domain/joined-assets.ts';

const venueOf = (id: string): string => id.slice(0, id.indexOf(':'));

/**
 * What is drawn for one of the chosen over an instrument: the chosen itself where it is of the same asset, else the same asset at its
 * venue, in the same money first. Null: there is none. `peers`: all that is listed of the asset.
 */
export function standsFor(chosen: string, own: Instrument, peers: readonly Instrument[]): Instrument | null {
  const others = peers.filter((one) => one.id !== own.id && mayBeOneAsset(one, own));
  const there = others.filter(({ venue }) => venue === venueOf(chosen));
  return others.find(({ id }) => id === chosen) ?? there.find(({ quote }) => quote === own.quote) ?? there[0] ?? null;
}

/** Each is drawn once, whatever was chosen for it. */
export function drawnOver(chosen: readonly string[], own: Instrument, peers: readonly Instrument[]): Instrument[] {
  const found = chosen.map((id) => standsFor(id, own, peers)).filter((one) => one !== null);
  return found.filter(({ id }, i) => found.findIndex((one) => one.id === id) === i);
}
