/// <reference types="electron-vite/node" />
import { Worker, type WorkerOptions } from 'node:worker_threads';
import type { VenueReader } from '#core/venue.ts';
import { readerOf, type WorkerStart } from './protocol.ts';

/**
 * Megabytes of a reader's own. The largest answers of the real venues take about 40; what would take more than this ends the
 * reader and nothing else.
 */
const MEGABYTES = 192;
/** What is read lives shortly: a larger room for it only waits longer to be emptied. */
const YOUNG_MEGABYTES = 12;

/** The worker of a package, or one that exchanges share; bundled and from source as `history/start-worker.ts` does it. */
export async function startVenueWorker(of?: VenueReader): Promise<Worker> {
  const start: WorkerStart = { reader: readerOf({ reader: of }) };
  const resourceLimits = { maxOldGenerationSizeMb: of?.megabytes ?? MEGABYTES, maxYoungGenerationSizeMb: YOUNG_MEGABYTES };
  const options: WorkerOptions = { workerData: start, name: `venues: ${start.reader}`, resourceLimits };
  if (import.meta.url.endsWith('.ts')) {
    const source = './venue.worker.ts';
    return new Worker(new URL(source, import.meta.url), options);
  }
  const { default: create } = await import('./venue.worker.ts?nodeWorker');
  return create(options);
}
