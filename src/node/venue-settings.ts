import { newVenueSettings } from '#core/default-settings.ts';
import type { Settings } from '#core/settings.ts';

type Venues = Settings['venues'];

/**
 * Settings of venues as a file has them (`read`), and of those that it does not name: they are newer than it, and off until a
 * person switches them on. A file that names none at all leaves `read` at the defaults of a new user, in which all are.
 */
export function withNewVenues(read: Venues, defaults: Venues): Venues {
  const missing = Object.keys(defaults).filter((id) => !Object.hasOwn(read, id));
  return { ...read, ...Object.fromEntries(missing.map((id) => [id, newVenueSettings])) };
}
