import { workerData } from 'node:worker_threads';
import { serveStore } from '../history/serve-store.ts';
import { BlockingConnection } from './blocking.ts';
import { PostgresHistory } from './postgres-history.ts';
import { ReadonlyPostgres } from './readonly-history.ts';
import type { StoreStart } from './start-store.ts';
import { startWire } from './start-wire.ts';
import { placeOf } from './target.ts';

const { role, target, now: startedAt } = workerData as StoreStart;
const wire = await startWire(target);

serveStore(({ log, now }) => {
  const options = { connection: new BlockingConnection(wire), schema: target.schema, place: placeOf(target), now };
  return role === 'write' ? new PostgresHistory({ ...options, log }) : new ReadonlyPostgres(options);
}, startedAt);
