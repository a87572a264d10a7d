import { Archive } from '../archive/archive.ts';
import { ArchivedReads } from '../archive/archived-reads.ts';
import { openPlace } from '../archive/open-place.ts';
import { BlockingConnection } from './blocking.ts';
import { ReadonlyPostgres } from './readonly-history.ts';
import { startWire } from './start-wire.ts';
import { placeOf } from './target.ts';
import type { Target, WireStart } from './wire.ts';

/** A desk's history, and where its archive is; null: none is named. */
export interface Shared {
  readonly target: Target;
  readonly archive: string | null;
}

/** The database alone, as it is. */
export async function openLive(target: Target, now: () => number): Promise<ReadonlyPostgres> {
  return liveOn(await startWire(target), target, now);
}

type Wire = Pick<WireStart, 'port' | 'signal'>;

/** A desk's history for a thread that may wait for the database's answers. */
export async function openReadonly(shared: Shared, now: () => number): Promise<ArchivedReads> {
  return readonlyOn(await startWire(shared.target), shared, now);
}

/** The same over a connection's thread that is there. */
export function readonlyOn(wire: Wire, { target, archive }: Shared, now: () => number): ArchivedReads {
  return new ArchivedReads(liveOn(wire, target, now), archive === null ? null : new Archive(openPlace(archive, process.env)), now);
}

const liveOn = (wire: Wire, target: Target, now: () => number): ReadonlyPostgres =>
  new ReadonlyPostgres({ connection: new BlockingConnection(wire), schema: target.schema, place: placeOf(target), now });
