import type { Instrument } from '#domain/instrument.ts';

/** What an answer must not be read without. */

export const OWN_FUNDING = 'funding own: earns the settlement that made the signal, which a person could not have had';

/** Of a set that was put together today: who failed since then is hardly in it. */
export function hindsightNote(chosen: readonly Pick<Instrument, 'id' | 'venue'>[], known: readonly Instrument[]): string {
  const inSet = new Set(chosen.map(({ id }) => id));
  const venues = new Set(chosen.map(({ venue }) => venue));
  const gone = known.filter(({ id, venue, delistedAt }) => delistedAt !== null && venues.has(venue) && !inSet.has(id)).length;
  return `chosen with hindsight: the instruments are those of today; of their venues ${gone} delisted ones are in the store and not in the set, and those that were delisted before the first record here are not known`;
}

/** Of a set that is everything there was. */
export function wholeNote(chosen: readonly Pick<Instrument, 'delistedAt'>[]): string {
  const gone = chosen.filter(({ delistedAt }) => delistedAt !== null).length;
  return `${gone} of ${chosen.length} instruments are delisted and in it until then; those that were delisted before the first record here are not in the store`;
}
