/// <reference types="electron-vite/node" />
import { Worker, type WorkerOptions } from 'node:worker_threads';
import type { WorkerStart } from './protocol.ts';

/**
 * Megabytes of a reader's own. The largest answers of the real venues take about 40; what would take more than this ends the
 * reader and nothing else.
 */
const LIMITS = { maxOldGenerationSizeMb: 192, maxYoungGenerationSizeMb: 32 };

/** The reader of one exchange host; bundled and from source as `history/start-worker.ts` does it. */
export async function startVenueWorker(host: string): Promise<Worker> {
  const start: WorkerStart = { host };
  const options: WorkerOptions = { workerData: start, name: `venues of ${host}`, resourceLimits: LIMITS };
  if (import.meta.url.endsWith('.ts')) {
    const source = './venue.worker.ts';
    return new Worker(new URL(source, import.meta.url), options);
  }
  const { default: create } = await import('./venue.worker.ts?nodeWorker');
  return create(options);
}
