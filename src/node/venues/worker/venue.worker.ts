import { parentPort, workerData } from 'node:worker_threads';
import { createVenues } from '../index.ts';
import type { WorkerStart } from './protocol.ts';
import { serveVenue } from './serve.ts';

const start = workerData as WorkerStart;
const venue = createVenues().find(({ id }) => id === start.venue);
if (parentPort && venue) serveVenue(parentPort, venue);
