import { BlockingConnection } from './blocking.ts';
import { ReadonlyPostgres } from './readonly-history.ts';
import { startWire } from './start-wire.ts';
import { placeOf } from './target.ts';
import type { Target } from './wire.ts';

/** A desk's history for a thread that may wait for its answers. */
export async function openReadonly(target: Target, now: () => number): Promise<ReadonlyPostgres> {
  const connection = new BlockingConnection(await startWire(target));
  return new ReadonlyPostgres({ connection, schema: target.schema, place: placeOf(target), now });
}
