/// <reference types="electron-vite/node" />
import { Worker, type WorkerOptions } from 'node:worker_threads';
import type { WorkerStart } from './protocol.ts';

/**
 * Megabytes of a reader's own. The largest answers of the real venues take about 40; what would take more than this ends the
 * reader and nothing else.
 */
const MEGABYTES = 192;
const YOUNG_MEGABYTES = 32;

/** The worker of `readerOf`; bundled and from source as `history/start-worker.ts` does it. */
export async function startVenueWorker(reader: string, megabytes = MEGABYTES): Promise<Worker> {
  const start: WorkerStart = { reader };
  const resourceLimits = { maxOldGenerationSizeMb: megabytes, maxYoungGenerationSizeMb: YOUNG_MEGABYTES };
  const options: WorkerOptions = { workerData: start, name: `venues of ${reader}`, resourceLimits };
  if (import.meta.url.endsWith('.ts')) {
    const source = './venue.worker.ts';
    return new Worker(new URL(source, import.meta.url), options);
  }
  const { default: create } = await import('./venue.worker.ts?nodeWorker');
  return create(options);
}
