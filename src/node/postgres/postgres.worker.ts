import { workerData } from 'node:worker_threads';
import { serveStore } from '../history/serve-store.ts';
import { BlockingConnection } from './blocking.ts';
import { PostgresHistory } from './postgres-history.ts';
import { readonlyOn } from './open-readonly.ts';
import type { StoreStart } from './start-store.ts';
import { startWire } from './start-wire.ts';
import { placeOf } from './target.ts';

const { role, target, archive, now: startedAt } = workerData as StoreStart;
const wire = await startWire(target);

serveStore(({ log, now }) => {
  if (role === 'read') return readonlyOn(wire, { target, archive }, now);
  return new PostgresHistory({ connection: new BlockingConnection(wire), schema: target.schema, place: placeOf(target), log, now });
}, startedAt);
