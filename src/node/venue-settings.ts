import { newVenueSettings } from '#core/default-settings.ts';
import type { Settings } from '#core/settings.ts';
import type { Venue } from '#core/venue.ts';
import { recordedVenues } from './history/recorded-venues.ts';

type Venues = Settings['venues'];

/**
 * Settings of venues as a file has them (`read`), and of those that it does not name: they are newer than it, and off until a
 * person switches them on. A file that names none at all leaves `read` at the defaults of a new user, in which all are.
 */
export function withNewVenues(read: Venues, defaults: Venues): Venues {
  const missing = Object.keys(defaults).filter((id) => !Object.hasOwn(read, id));
  return { ...read, ...Object.fromEntries(missing.map((id) => [id, newVenueSettings])) };
}

export interface FolderVenues {
  readonly venues: Venues;
  /** For the person. */
  readonly sentence: string;
}

/**
 * Settings of venues where a folder's settings.json does not say them: those that its history at `file` recorded are on, all
 * others are off, and `how` says where they are switched on. Null where no history says so: the folder is a new user's.
 */
export function venuesOfHistory(file: string, known: readonly Pick<Venue, 'id' | 'name'>[], how: string): FolderVenues | null {
  const recorded = recordedVenues(file);
  if (recorded.length === 0) return null;
  const off = Object.fromEntries(known.map(({ id }) => [id, newVenueSettings]));
  const on = Object.fromEntries(recorded.map((id) => [id, { ...newVenueSettings, enabled: true }]));
  const names = recorded.map((id) => known.find((venue) => venue.id === id)?.name ?? id);
  return {
    venues: { ...off, ...on },
    sentence:
      `settings.json does not say which venues are on. Those that the history of this folder holds are: ${names.join(', ')}. ` +
      `The others are off: ${how}.`,
  };
}
