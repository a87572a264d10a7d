import { UserError } from '#bridge/errors.ts';
import type { Instrument } from '#domain/instrument.ts';
import type { HistoryStore } from '../../ports/history.ts';
import type { StudiedSet } from '../../ports/studies.ts';
import { hindsightNote, wholeNote } from './labels.ts';

/** Those of the set that are known, each once; what the store does not know is no part of it. */
export function chosenOf({ on }: Pick<StudiedSet, 'on'>, known: readonly Instrument[]): Instrument[] {
  if ('venue' in on) {
    const all = known.filter(({ venue }) => on.venue === null || venue === on.venue);
    if (all.length === 0) throw new UserError('not-found', 'Nothing is stored of that set of instruments yet.');
    return all.sort((a, b) => (a.asset === b.asset ? (a.id < b.id ? -1 : 1) : a.asset < b.asset ? -1 : 1));
  }
  const byId = new Map(known.map((one) => [one.id, one]));
  const found = on.ids.flatMap((id) => byId.get(id) ?? []);
  if (found.length === 0) throw new UserError('not-found', 'Nothing is stored of that set of instruments yet.');
  return found;
}

/** What the set must not be read without. */
export async function notesOfSet(
  reads: Pick<HistoryStore, 'learntBy'>,
  { on, isChosen }: StudiedSet,
  chosen: readonly Instrument[],
  known: readonly Instrument[],
): Promise<string[]> {
  const unknown = 'ids' in on ? on.ids.length - chosen.length : 0;
  const lacking = unknown > 0 ? [`Of ${unknown} instruments of the set nothing is stored: they are no part of it.`] : [];
  return [...lacking, ...(isChosen ? [await hindsightNote(reads, chosen, known)] : []), ...('venue' in on ? [wholeNote(chosen)] : [])];
}
