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
export function hostile(limitMs?: number): VenueInWorker {
  const [venue] = sharing(['hostile'], limitMs);
  if (venue === undefined) throw new Error('no venue');
  return venue;
}

/** Venues of hostile-venue-child.ts that share one worker. */
export function sharing(ids: readonly string[], limitMs = 60_000): VenueInWorker[] {
  const start = () =>
    Promise.resolve(new Worker(new URL('./hostile-venue-child.ts', import.meta.url), { resourceLimits: { maxOldGenerationSizeMb: 32 } }));
  const venues = ids.map((id) => ({ ...DATA, id, host: { ...DATA.host, id, name: `${id.charAt(0).toUpperCase()}${id.slice(1)}` } }));
  return inWorkers(venues, { limitMs, start }, 1);
}
