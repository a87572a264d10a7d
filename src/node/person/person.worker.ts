import { workerData } from 'node:worker_threads';
import { serveStore } from '../history/serve-store.ts';
import { SqlitePerson } from './sqlite-person.ts';
import type { PersonWorkerStart } from './start-worker.ts';

const { now: startedAt, ...start } = workerData as PersonWorkerStart;
serveStore(({ log, now }) => new SqlitePerson({ ...start, log, now }), startedAt);
