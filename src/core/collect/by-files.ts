import { UserError } from '#bridge/errors.ts';
import type { Instrument } from '#domain/instrument.ts';
import { DAY_MS } from './asked.ts';
import type { FilesSource } from './backfill.ts';
import { toVenueError } from './classify.ts';
import type { Host } from './host.ts';
import { createVenueLink, type LinkOptions } from './venue-link.ts';
import type { Cancellation } from '../ports/clock.ts';
import type { VenueFiles } from '../venue.ts';

/** The venue's public files and the way to them; null: it has none, or they are not asked. Their host is their own: its ban is none of the venue. */
export function filesOf({
  files,
  host,
  ...link
}: Omit<LinkOptions, 'venue' | 'host' | 'onBan'> & {
  readonly files: VenueFiles | undefined;
  readonly host: Host | null;
}): FilesSource | null {
  if (files === undefined || host === null) return null;
  return { files, link: createVenueLink({ ...link, venue: files, host, onBan: () => undefined }) };
}

/** Of a contract that is traded one of the newest two months is published. */
const LOOK_MS = 32 * DAY_MS;

/**
 * The instrument of a symbol that a person typed, by its name and its newest file: for when the venue itself has listed nothing yet, as it
 * refuses this connection. Throws UserError where that is no name of a contract, or no file of it can be read.
 */
export async function byFiles(
  { files, link }: FilesSource,
  venue: string,
  symbol: string,
  now: number,
  signal: Cancellation,
): Promise<Instrument> {
  const instrument = files.named(symbol);
  if (instrument === null) throw new UserError('bad-input', `"${symbol}" is no name of a perpetual of ${venue}: type it as ${venue} does.`);
  const until = files.until(now);
  let why: string | null = null;
  try {
    for await (const { rows, refused } of files.settled(link.io('poll', signal), symbol, until - LOOK_MS, until)) {
      if (rows.length > 0) return instrument;
      why ??= refused[0]?.reason ?? null;
    }
  } catch (thrown) {
    throw new UserError('busy', toVenueError(files.name, thrown).user);
  }
  const found = why === null ? 'has no settlements of it from the last two months' : `has something else: ${why}`;
  throw new UserError('not-found', `"${symbol}" is not known here: ${files.name} ${found}.`);
}
