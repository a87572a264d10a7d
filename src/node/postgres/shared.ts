import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { HistoryStore } from '#core/ports/history.ts';
import type { TellingRole } from '#core/ports/telling-role.ts';
import type { Log } from '#core/ports/log.ts';
import { makeFolder } from '../data-dir.ts';
import { buffered, type Waiting } from './buffered.ts';
import { type Held, openLeases } from './leases.ts';
import { openPostgres } from './open.ts';
import { placeOf } from './target.ts';
import type { Target } from './wire.ts';

/** What a desk's one teller of alerts holds. */
const TELLER = 'teller';

export interface Shared {
  /** Writes what is held here; it stays open while collectors come and go on it. */
  readonly store: HistoryStore;
  readonly place: string;
  readonly role: TellingRole;
  /** Venues of which this process is the one that records. */
  venues(): readonly string[];
  /** Resolves once other leases are held than `venues` was told of, also one of the same venue under another number, or `ending` is aborted. */
  changed(ending: AbortSignal): Promise<void>;
  /** Who records what this one would record. */
  others(): readonly string[];
  /** Facts that wait on this machine's disk for the database. */
  waiting(): Waiting;
  close(): Promise<void>;
}

interface SharedOptions {
  readonly target: Target;
  /** The collector's own folder, where facts wait while the database is away. */
  readonly dir: string;
  readonly venues: readonly string[];
  /** It tells what enters, where no other does. */
  readonly tells: boolean;
  readonly log: Log;
  readonly now: () => number;
}

/** A desk's history as one of its collectors has it. HistoryError where it cannot be opened. */
export async function openShared({ target, dir, venues, tells, log, now }: SharedOptions): Promise<Shared> {
  makeFolder(dir);
  const place = placeOf(target);
  const written = await openPostgres({ target, log, now });
  const holder = `${hostname()} (process ${process.pid}, ${randomUUID().slice(0, 8)})`;
  const leases = openLeases({ target: { ...target, name: `${target.name} leases` }, holder, log });
  // Nothing is held yet: what waits from before is written as what it is.
  await written.hold({ holder, epochs: {} });
  let known = leases.held;
  const store = buffered({
    store: written,
    late: (call, then) => written.recordLate(call.method, call.input, then),
    wants: (venue) => venues.includes(venue),
    epochOf: (venue) => known.epochs[venue] ?? 0,
    path: join(dir, 'outbox.bin'),
    place,
    log,
    now: Date.now,
  });
  const venuesIn = ({ epochs }: Held): string[] => Object.keys(epochs).filter((what) => what !== TELLER);
  /** The teller's is asked where it counts, and no batch is under it. */
  const leasesIn = ({ epochs }: Held): string => JSON.stringify({ ...epochs, [TELLER]: undefined });
  leases.want(tells ? [...venues, TELLER] : venues);
  return {
    store: { ...store, close: () => Promise.resolve() },
    place,
    role: {
      take: () => leases.has(TELLER),
      sentence: () => 'Another collector of this desk tells what enters; this one tells once that has ended.',
    },
    venues: () => venuesIn(known),
    async changed(ending) {
      while (!ending.aborted && leasesIn(leases.held) === leasesIn(known)) await leases.changed(leases.held, ending);
      if (ending.aborted) return;
      known = leases.held;
      await written.hold(known);
    },
    others: () => leases.others(),
    waiting: () => store.waiting(),
    async close() {
      await store.close();
      await leases.close();
    },
  };
}
