import { parentPort, workerData } from 'node:worker_threads';
import { allVenues } from '../index.ts';
import { readerOf, type WorkerStart } from './protocol.ts';
import { serveVenues } from './serve.ts';

const start = workerData as WorkerStart;
const venues = allVenues().filter((venue) => readerOf(venue) === start.reader);
if (parentPort) serveVenues(parentPort, venues);
