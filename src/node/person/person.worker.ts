import { workerData } from 'node:worker_threads';
import { serveStore } from '../history/serve-store.ts';
import { SqlitePerson } from './sqlite-person.ts';
import type { PersonWorkerStart } from './start-worker.ts';

serveStore(({ log, now }) => new SqlitePerson({ ...(workerData as PersonWorkerStart), log, now }));
