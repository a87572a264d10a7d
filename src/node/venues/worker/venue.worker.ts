import { parentPort, workerData } from 'node:worker_threads';
import { createVenues } from '../index.ts';
import type { WorkerStart } from './protocol.ts';
import { serveVenues } from './serve.ts';

const start = workerData as WorkerStart;
const venues = createVenues().filter(({ host }) => host.id === start.host);
if (parentPort) serveVenues(parentPort, venues);
