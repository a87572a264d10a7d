import { Worker } from 'node:worker_threads';
import type { Venue } from '#core/venue.ts';
import { inWorker, type VenueInWorker } from '#node/venues/worker/in-worker.ts';

const never = (): never => {
  throw new Error('only its data are asked for');
};
const DATA: Venue = {
  id: 'hostile',
  name: 'Hostile',
  url: 'https://hostile.example',
  limits: [],
  bookCost: {},
  poll: never,
  oldest: never,
  settled: never,
  prices: never,
  rules: never,
  book: never,
};

/** The venue of hostile-venue-child.ts behind a reader with little memory. */
export const hostile = (limitMs = 60_000): VenueInWorker =>
  inWorker(DATA, {
    limitMs,
    start: () =>
      Promise.resolve(new Worker(new URL('./hostile-venue-child.ts', import.meta.url), { resourceLimits: { maxOldGenerationSizeMb: 32 } })),
  });
