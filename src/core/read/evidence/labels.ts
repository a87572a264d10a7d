import type { Instrument } from '#domain/instrument.ts';
import type { HistoryStore } from '../../ports/history.ts';

/** What an answer must not be read without. */

export const OWN_FUNDING = 'funding own: earns the settlement that made the signal, which a person could not have had';

/** Of a set that was put together today: who failed since then is hardly in it. */
export async function hindsightNote(
  reads: Pick<HistoryStore, 'learntBy'>,
  chosen: readonly Pick<Instrument, 'id' | 'venue'>[],
  known: readonly Instrument[],
): Promise<string> {
  const inSet = new Set(chosen.map(({ id }) => id));
  const venues = new Set(chosen.map(({ venue }) => venue));
  const gone = known.filter(({ id, venue, delistedAt }) => delistedAt !== null && venues.has(venue) && !inSet.has(id));
  const ids = gone.map(({ id }) => id);
  const { first } = await reads.learntBy(ids, { from: 0, to: 0 }, 0);
  const lacking = first.filter((key) => Number.isNaN(key)).length;
  return `chosen with hindsight: the instruments are those of today; of their venues ${gone.length} delisted ones are known and not in the set, of ${lacking} of which no settlement is in the store, and those that were delisted before the first record here are not known`;
}

/** Of a set that is everything there was. */
export function wholeNote(chosen: readonly Pick<Instrument, 'delistedAt'>[]): string {
  const gone = chosen.filter(({ delistedAt }) => delistedAt !== null).length;
  return `${gone} of ${chosen.length} instruments are delisted and in it until then; those that were delisted before the first record here are not in the store`;
}
