import { toVenueError } from './classify.ts';
import type { FilesSource } from './backfill.ts';
import type { Fetcher } from './fetch.ts';
import type { Wanted } from './plan.ts';
import type { Cancellation } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import { gapsOf } from '../spans.ts';
import type { Venue, VenueFiles, VenueIo } from '../venue.ts';
import { VenueError } from '../venue-error.ts';
import type { Span } from '#domain/time.ts';

export interface FilesFillOptions extends Pick<Fetcher, 'fetchFiles'> {
  readonly venue: Pick<Venue, 'id'>;
  readonly source: FilesSource | null;
  readonly log: Log;
  /** Venue-corrected time. */
  readonly now: () => number;
  /** Of the requests that are in flight now. */
  readonly signal: () => Cancellation;
}

/** Settlements that the API does not give, from the venue's public files where it has some. */
export interface FilesFill {
  /** What of (from, to] the API did not give may be in them. */
  readonly fillFromFiles: (target: Wanted, span: Span) => Promise<void>;
  /** The stamp of the oldest settlement of all, where the API begins with `oldest`: the files may reach further. */
  readonly deepest: (target: Wanted, oldest: number) => Promise<number>;
}

export function createFilesFill({ venue, source, log, now, signal, fetchFiles }: FilesFillOptions): FilesFill {
  /** Asks the files; a fault of theirs is theirs alone. Null where nothing may be asked of them, or they failed. */
  async function ask<T>(target: Wanted, question: (files: VenueFiles, io: VenueIo) => Promise<T>): Promise<T | null> {
    if (source === null || source.link.silentForMs() > 0) return null;
    try {
      return await question(source.files, source.link.io('background', signal()));
    } catch (thrown) {
      const error = toVenueError(source.files.name, thrown);
      if (error.kind === 'cancelled' || !(thrown instanceof VenueError)) throw thrown;
      log.write('warn', venue.id, `files of ${target.instrument.symbol}: ${error.message}`);
      return null;
    }
  }

  return {
    async fillFromFiles(target: Wanted, { from, to }: Span): Promise<void> {
      if (source === null) return;
      const { files } = source;
      const gap = gapsOf(target.known.settled, Math.max(from, files.from), Math.min(to, files.until(now()))).at(-1);
      if (gap !== undefined) await ask(target, (one, io) => fetchFiles(target, one, gap, io));
    },
    async deepest(target: Wanted, oldest: number): Promise<number> {
      if (source === null || source.files.from >= oldest) return oldest;
      for (let found = oldest; ;) {
        const before = { from: source.files.from, to: found };
        const told = await ask(target, (files, io) => fetchFiles(target, files, before, io, found));
        found = Math.min(found, told?.oldest ?? found);
        if (told?.ended !== false) return found;
      }
    },
  };
}
