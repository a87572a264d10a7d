import { parentPort } from 'node:worker_threads';
import { createVenues } from '#node/venues/index.ts';
import { serveVenues } from '#node/venues/worker/serve.ts';

/** All real venues in one worker, as the markets of one host are. */
if (parentPort) serveVenues(parentPort, createVenues());
