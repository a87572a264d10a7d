import { NO_SERVICE } from '#test/support/no-service.ts';
import { Worker } from 'node:worker_threads';
import type { Venue } from '#core/venue.ts';
import { inWorkers, type VenueInWorker } from '#node/venues/worker/in-worker.ts';

const never = (): never => {
  throw new Error('only its data are asked for');
};
const DATA: Venue = {
  id: 'hostile',
  name: 'Hostile',
  url: 'https://hostile.example',
  host: { id: 'hostile', name: 'Hostile', limits: [] },
  hue: 0,
  onByDefault: true,
  formula: null,
  fees: null,
  service: NO_SERVICE,
  bookCost: {},
  poll: never,
  oldest: never,
  settled: never,
  prices: never,
  orderRules: never,
  book: never,
};

/** The venue of hostile-venue-child.ts behind a reader with little memory. */
export function hostile(limitMs = 60_000): VenueInWorker {
  const start = () =>
    Promise.resolve(new Worker(new URL('./hostile-venue-child.ts', import.meta.url), { resourceLimits: { maxOldGenerationSizeMb: 32 } }));
  const [venue] = inWorkers([DATA], { limitMs, start });
  if (venue === undefined) throw new Error('no venue');
  return venue;
}
