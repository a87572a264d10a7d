import type { VenueId } from '#domain/instrument.ts';
import { venueSettings } from '#bridge/settings.ts';

const PREFIX = 'PERPSCOPE_VENUE_URL_';

/** `message` is for the person who set the variable. */
export class VenueUrlError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'VenueUrlError';
  }
}

/** Also of what is no address: a password that was mistyped is one still. */
const withoutPassword = (text: string): string => text.replace(/^.*@/su, '***@');

const nameOf = (id: VenueId): string => PREFIX + id.toUpperCase().replaceAll('-', '_');

/** Base URLs from PERPSCOPE_VENUE_URL_<ID>, without a trailing slash. Throws VenueUrlError for an unknown venue or a URL that is none. */
export function venueUrlsFromEnv(env: Readonly<Record<string, string | undefined>>, ids: readonly VenueId[]): Record<VenueId, string> {
  const urls: Record<VenueId, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (!name.startsWith(PREFIX) || value === undefined || value === '') continue;
    const id = ids.find((known) => nameOf(known) === name);
    if (id === undefined) throw new VenueUrlError(`${name} names no venue. Known: ${ids.map(nameOf).join(', ')}.`);
    const url = venueSettings.shape.url.safeParse(value);
    if (!url.success || url.data === null)
      throw new VenueUrlError(`${name} must be an http or https address like https://example.org, not "${withoutPassword(value)}".`);
    urls[id] = url.data.replace(/(?<!\/)\/+$/u, '');
  }
  return urls;
}
